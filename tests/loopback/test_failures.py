"""What the real client does when Discord limits, fails or is slow, and that all of it is recorded."""

from __future__ import annotations

from collections.abc import Callable

import aiohttp
import discord
import pytest

from tests.loopback import Channel, LoopbackDiscord, RateLimit
from tests.loopback.conftest import Client, Connect, intents, running

POST = "POST /channels/{channel_id}/messages"


@pytest.fixture
def channel(loopback: LoopbackDiscord) -> Channel:
    return loopback.create_guild().create_channel("general")


async def room_of(connect: Connect, channel: Channel) -> discord.TextChannel:
    found = (await connect()).get_channel(channel.id)
    assert isinstance(found, discord.TextChannel)
    return found


@pytest.mark.parametrize("is_global", [False, True])
async def test_a_rate_limit_is_waited_out(
    loopback: LoopbackDiscord, connect: Connect, channel: Channel, is_global: bool
) -> None:
    room = await room_of(connect, channel)
    loopback.fail_next(POST, status=429, retry_after=0.05, is_global=is_global, times=2)
    await room.send("at last")
    assert [request.status for request in loopback.requests_to(POST)] == [429, 429, 200]
    assert [message.content for message in channel.messages] == ["at last"]
    assert loopback.faults.is_spent
    assert loopback.violations == []


async def test_a_narrow_bucket_is_kept_to(point_at: Callable[[LoopbackDiscord], None]) -> None:
    async with LoopbackDiscord(rate_limits={POST: RateLimit(2, 0.1)}) as loopback:
        point_at(loopback)
        channel = loopback.create_guild().create_channel("general")
        async with running(Client(intents=intents()), loopback.token) as client:
            room = client.get_channel(channel.id)
            assert isinstance(room, discord.TextChannel)
            for number in range(5):
                await room.send(str(number))
        assert [message.content for message in channel.messages] == list("01234")


async def test_a_server_error_is_tried_again(
    loopback: LoopbackDiscord, connect: Connect, channel: Channel
) -> None:
    room = await room_of(connect, channel)
    loopback.fail_next("POST /channels/*/messages", status=502)
    await room.send("at last")
    assert [request.status for request in loopback.requests_to(POST)] == [502, 200]


async def test_a_failure_after_the_fact_leaves_the_message_standing(
    loopback: LoopbackDiscord, connect: Connect, channel: Channel
) -> None:
    room = await room_of(connect, channel)
    loopback.fail_next(POST, status=500, performed=True)
    await room.send("once", nonce="same")
    assert [request.status for request in loopback.requests_to(POST)] == [500, 200]
    assert [message.content for message in channel.messages] == ["once"]


async def test_an_error_that_is_not_tried_again_reaches_the_bot(
    loopback: LoopbackDiscord, connect: Connect, channel: Channel
) -> None:
    room = await room_of(connect, channel)
    loopback.fail_next(POST, status=503, message="down", code=130000)
    with pytest.raises(discord.DiscordServerError) as failed:
        await room.send("never")
    assert (failed.value.code, failed.value.text) == (130000, "down")
    assert channel.messages == []


async def test_a_slow_answer_is_waited_for(
    loopback: LoopbackDiscord, connect: Connect, channel: Channel
) -> None:
    room = await room_of(connect, channel)
    loopback.fail_next(POST, delay=0.05)
    await room.send("slow")
    assert [message.content for message in channel.messages] == ["slow"]


async def test_a_cut_connection_reaches_the_bot(
    loopback: LoopbackDiscord, connect: Connect, channel: Channel
) -> None:
    room = await room_of(connect, channel)
    loopback.fail_next(POST, cut=True)
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await room.send("into the void")


async def test_requests_are_recorded_and_waited_for(
    loopback: LoopbackDiscord, connect: Connect, channel: Channel
) -> None:
    room = await room_of(connect, channel)
    await room.send("hello")
    recorded = await loopback.wait_for(lambda request: request.key == POST)
    assert recorded.path == f"/channels/{channel.id}/messages"
    assert recorded.body["content"] == "hello"
    assert (recorded.status, recorded.answer["content"]) == (200, "hello")


async def test_a_route_that_is_not_known_is_a_violation(loopback: LoopbackDiscord, connect: Connect) -> None:
    client = await connect()
    with pytest.raises(discord.NotFound):
        await client.fetch_invite("leaf")
    assert [str(violation) for violation in loopback.violations] == [
        "*: invites/leaf: the loopback knows no such route"
    ]
