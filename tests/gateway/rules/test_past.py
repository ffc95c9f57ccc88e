"""Looking back over channels: the newest messages, few requests, politely, and never more than was asked."""

from __future__ import annotations

from typing import Any

import pytest

from bot.gateway.client import CaveatClient
from bot.gateway.rules import past
from bot.gateway.rules.past import ChannelHistory
from tests.gateway.office import Office
from tests.loopback import LoopbackDiscord
from tests.loopback.guilds import Guild
from tests.loopback.members import Member
from tests.loopback.places import Channel

LIST = "GET /channels/{channel_id}/messages"


def looking(office: Office, **options: Any) -> ChannelHistory:
    """Look back with the client that is connected."""
    client = office.bot.health.client
    assert isinstance(client, CaveatClient)
    return ChannelHistory(client=client, checker=office.checker, pause=0.0, **options)


async def test_the_newest_of_all_channels_come_oldest_first_and_no_more_than_asked(
    office: Office, discord: LoopbackDiscord, guild: Guild, general: Channel, ana: Member
) -> None:
    other = guild.create_channel("other")
    for number in range(150):
        ana.say(general if number % 3 else other, f"message {number}")
    history = looking(office)
    found = await history.recent(office.server, 120)
    assert [message.text for message in found] == [f"message {number}" for number in range(30, 150)]


async def test_channels_in_which_nothing_newer_can_lie_are_not_asked(
    office: Office, discord: LoopbackDiscord, guild: Guild, general: Channel, ana: Member
) -> None:
    old = guild.create_channel("old")
    ana.say(old, "long ago")
    for number in range(60):
        ana.say(general, f"message {number}")
    history = looking(office)
    found = await history.recent(office.server, 50)
    assert len(found) == 50
    assert len(discord.requests_to(LIST)) == 1


async def test_it_never_asks_more_often_than_it_may(
    office: Office,
    discord: LoopbackDiscord,
    general: Channel,
    ana: Member,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(past, "MOST_REQUESTS", 2)
    for number in range(350):
        ana.say(general, f"message {number}")
    history = looking(office)
    found = await history.recent(office.server, 500)
    assert len(found) == 200
    assert len(discord.requests_to(LIST)) == 2


async def test_a_channel_that_refuses_is_passed_over(
    office: Office, discord: LoopbackDiscord, guild: Guild, general: Channel, ana: Member
) -> None:
    other = guild.create_channel("other")
    ana.say(general, "here")
    ana.say(other, "there")
    discord.fail_next(f"GET /channels/{other.id}/messages", status=403, code=50001)
    history = looking(office)
    assert [message.text for message in await history.recent(office.server, 10)] == ["here"]


async def test_whoever_waits_is_told_how_far_it_is(office: Office, general: Channel, ana: Member) -> None:
    for number in range(250):
        ana.say(general, f"message {number}")
    told: list[tuple[int, int]] = []

    async def tell(done: int, wanted: int) -> None:
        told.append((done, wanted))

    history = looking(office, progress=tell, patience=0.0)
    await history.recent(office.server, 500)
    assert told == [(100, 500), (200, 500), (250, 500)]
    told.clear()
    history = looking(office, progress=tell, patience=3600.0)
    await history.recent(office.server, 500)
    assert told == []


@pytest.mark.parametrize("server", ["1", "studio"])
async def test_a_server_that_is_not_there_has_no_past(office: Office, server: str) -> None:
    history = looking(office)
    assert await history.recent(server, 10) == ()
