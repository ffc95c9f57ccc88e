"""Bodies held against the published description, where it lies beside the checkout."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest

from tests.loopback import LoopbackDiscord
from tests.loopback.schema import PUBLISHED, DiscordSchema, published_schema

POST = ("POST", "/channels/{channel_id}/messages")
BUTTON = {"type": 2, "style": 1, "label": "a", "custom_id": "b"}
ROW = {"type": 1, "components": [BUTTON]}


@pytest.fixture
def schema() -> DiscordSchema:
    found = published_schema()
    if found is None:
        pytest.skip(f"{PUBLISHED.name} is not beside this checkout")
    return found


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"content": "a"}, []),
        ({"content": "a", "components": [ROW]}, []),
        ({"content": "a", "message_reference": {"message_id": 5}}, []),
        ({"content": "x" * 4001}, [("content",)]),
        ({"embeds": [{"title": "x" * 257}]}, [("embeds", 0, "title")]),
        ({"components": [{**ROW, "components": [{**BUTTON, "label": "x" * 81}]}]},
         [("components", 0, "components", 0, "label")]),
        ({"tts": "loud"}, [("tts",)]),
    ],
)  # fmt: skip
def test_faults_stand_where_they_are(schema: DiscordSchema, body: Any, where: list[tuple[Any, ...]]) -> None:
    assert list(schema.faults(*POST, body)) == where


def test_a_route_without_a_published_body_takes_anything(schema: DiscordSchema) -> None:
    assert schema.faults("POST", "/channels/{channel_id}/typing", {"a": 1}) == {}
    assert schema.faults("POST", "/nowhere", {"a": 1}) == {}


@pytest.mark.parametrize(
    ("content", "status", "code", "problem"),
    [
        ('{"content": ""}', 400, 50006, "Cannot send an empty message"),
        ('{"content": "   "}', 400, 50006, "Cannot send an empty message"),
        ("{", 400, 50109, "The request body contains invalid JSON."),
        ('{"content": "a", "color": 1}', 400, 50035, "'color' is not a key that Discord knows here."),
        ('{"content": "a", "tts": "loud"}', 400, 50035, "'loud' is not of type 'boolean', 'null'"),
    ],
)
async def test_a_refused_body_is_answered_and_recorded(
    loopback: LoopbackDiscord, schema: DiscordSchema, content: str, status: int, code: int, problem: str
) -> None:
    channel = loopback.create_guild().create_channel("general")
    headers = {"Authorization": f"Bot {loopback.token}", "Content-Type": "application/json"}
    address = f"{loopback.api_url}/channels/{channel.id}/messages"
    async with aiohttp.ClientSession(headers=headers) as http, http.post(address, data=content) as answer:
        body = await answer.json()
    assert (answer.status, body["code"]) == (status, code)
    assert [violation.problem for violation in loopback.violations] == [problem]
    assert channel.messages == []


async def test_the_loopback_works_without_the_description() -> None:
    async with LoopbackDiscord() as loopback:
        loopback.schema = None
        channel = loopback.create_guild().create_channel("general")
        headers = {"Authorization": f"Bot {loopback.token}"}
        address = f"{loopback.api_url}/channels/{channel.id}/messages"
        async with aiohttp.ClientSession(headers=headers) as http:
            statuses = []
            for body in ({"content": "a"}, {"content": "x" * 2001}):
                async with http.post(address, json=body) as answer:
                    statuses.append(answer.status)
    assert statuses == [200, 400]
