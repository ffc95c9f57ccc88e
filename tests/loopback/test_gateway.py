"""The gateway as the real client meets it."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable
from typing import Any

import aiohttp
import discord
import pytest

from tests.loopback import Intent, LoopbackDiscord, Permission
from tests.loopback.conftest import Client, Connect, intents, running
from tests.loopback.sessions import Session, needed_for

IDENTIFY: dict[str, Any] = {"token": "loopback.token.of-the-bot", "intents": 513, "properties": {}}


async def test_the_client_becomes_ready_and_knows_its_guilds(
    loopback: LoopbackDiscord, connect: Connect
) -> None:
    guild = loopback.create_guild("Leaf Lounge")
    category = guild.create_category("talk")
    channel = guild.create_channel("general", category=category, topic="leaves")
    role = guild.create_role("moderators")
    client = await connect()
    known = client.guilds[0]
    text = known.get_channel(channel.id)
    assert (known.name, known.me.id, known.member_count) == ("Leaf Lounge", loopback.world.bot.id, 2)
    assert isinstance(text, discord.TextChannel)
    assert text.category is not None
    assert (text.topic, text.category.name) == ("leaves", "talk")
    assert known.get_role(role.id) is not None
    assert client.application_flags.gateway_message_content_limited
    assert client.application_id == loopback.application_id
    assert loopback.violations == []


async def test_the_client_asks_for_compression_and_gets_it(
    loopback: LoopbackDiscord, connect: Connect
) -> None:
    await connect()
    assert isinstance(loopback.gateway.connections[0].compress("{}"), bytes)


async def test_a_guild_joined_later_and_left_is_told(loopback: LoopbackDiscord, connect: Connect) -> None:
    client = await connect()
    joined = client.expect("guild_join")
    guild = loopback.create_guild("New")
    assert (await joined).name == "New"
    left = client.expect("guild_remove")
    loopback.remove_guild(guild)
    assert (await left).id == guild.id
    with pytest.raises(discord.NotFound):
        await client.fetch_guild(guild.id)


async def test_an_outage_of_a_guild_is_told(loopback: LoopbackDiscord, connect: Connect) -> None:
    guild = loopback.create_guild()
    client = await connect()
    gone = client.expect("guild_unavailable")
    loopback.set_available(guild, available=False)
    assert (await gone).unavailable
    back = client.expect("guild_available")
    loopback.set_available(guild, available=True)
    assert not (await back).unavailable


async def test_what_happens_while_disconnected_is_replayed(
    loopback: LoopbackDiscord, connect: Connect
) -> None:
    guild = loopback.create_guild()
    channel, ana = guild.create_channel("general"), guild.create_member("ana")
    client = await connect()
    resumed, heard = client.expect("resumed"), client.expect("message")
    loopback.drop_connections(4000)
    ana.say(channel, "said while nobody listened")
    assert (await heard).content == "said while nobody listened"
    await resumed
    assert client.events.count("READY") == 1
    assert len(loopback.sessions.all) == 1


async def test_a_request_to_reconnect_is_followed(loopback: LoopbackDiscord, connect: Connect) -> None:
    client = await connect()
    resumed = client.expect("resumed")
    loopback.request_reconnect()
    await resumed
    assert client.events.count("READY") == 1


@pytest.mark.parametrize(("resumable", "times_ready"), [(True, 1), (False, 2)])
async def test_an_invalid_session_is_resumed_or_begun_anew(
    loopback: LoopbackDiscord, connect: Connect, resumable: bool, times_ready: int
) -> None:
    guild = loopback.create_guild()
    channel, ana = guild.create_channel("general"), guild.create_member("ana")
    client = await connect()
    again = client.expect("resumed" if resumable else "ready")
    loopback.invalidate_session(resumable=resumable)
    await again
    assert client.events.count("READY") == times_ready
    heard = client.expect("message")
    ana.say(channel, "still there?")
    assert (await heard).content == "still there?"


async def test_a_heartbeat_is_sent_when_asked_for(loopback: LoopbackDiscord, connect: Connect) -> None:
    await connect()
    before = loopback.gateway.connections[0].heartbeats
    loopback.request_heartbeat()
    await loopback.wait_until(lambda: loopback.gateway.connections[0].heartbeats > before)


async def test_a_wrong_token_is_refused_before_the_gateway(loopback: LoopbackDiscord) -> None:
    client = Client(intents=intents())
    with pytest.raises(discord.LoginFailure):
        async with running(client, "wrong"):
            pass
    assert loopback.requests[-1].status == 401


async def test_an_intent_that_is_not_switched_on_is_refused(
    point_at: Callable[[LoopbackDiscord], None],
) -> None:
    async with LoopbackDiscord(privileged_intents=Intent(0)) as loopback:
        point_at(loopback)
        with pytest.raises(discord.PrivilegedIntentsRequired):
            async with running(Client(intents=intents()), loopback.token):
                pass


async def test_without_the_content_intent_only_what_concerns_the_bot_is_read(
    loopback: LoopbackDiscord, connect: Connect
) -> None:
    guild = loopback.create_guild()
    channel, ana = guild.create_channel("general"), guild.create_member("ana")
    client = await connect(Client(intents=intents(content=False)))
    texts = []
    for where, text in (
        (channel, "not for the bot"),
        (channel, f"for you {guild.bot.mention}"),
        (ana.private_channel, "between us"),
    ):
        heard = client.expect("message")
        ana.say(where, text)
        texts.append((await heard).content)
    assert texts == ["", f"for you {guild.bot.mention}", "between us"]


async def test_what_is_forwarded_or_answered_is_hidden_too(
    loopback: LoopbackDiscord, connect: Connect
) -> None:
    guild = loopback.create_guild()
    channel, ana = guild.create_channel("general"), guild.create_member("ana")
    client = await connect(Client(intents=intents(content=False)))
    first = ana.say(channel, "secret")
    heard = client.expect("message", lambda message: bool(message.message_snapshots))
    ana.say(channel, "", forward_of=first)
    assert (await heard).message_snapshots[0].content == ""
    heard = client.expect("message", lambda message: message.reference is not None)
    ana.say(channel, "also secret", reply_to=first)
    assert (await heard).reference.resolved.content == ""


async def test_channels_that_the_bot_does_not_see_are_not_told(
    loopback: LoopbackDiscord, connect: Connect
) -> None:
    guild = loopback.create_guild()
    seen, hidden = guild.create_channel("seen"), guild.create_channel("hidden")
    hidden.set_overwrite(guild.everyone, deny=Permission.VIEW_CHANNEL)
    ana = guild.create_member("ana")
    client = await connect()
    heard = client.expect("message")
    ana.say(hidden, "psst")
    ana.say(seen, "hello")
    assert (await heard).content == "hello"


async def test_members_can_be_asked_for(loopback: LoopbackDiscord, connect: Connect) -> None:
    guild = loopback.create_guild()
    ana = guild.create_member("ana")
    client = await connect()
    found = await client.guilds[0].query_members(user_ids=[ana.id], cache=False)
    assert [member.name for member in found] == ["ana"]


@pytest.mark.parametrize(
    ("frames", "code"),
    [
        (["not json"], 4002),
        (["[]"], 4002),
        (['{"op": 99}'], 4001),
        (['{"op": 3, "d": {}}'], 4003),
        ([json.dumps({"op": 2, "d": {**IDENTIFY, "token": "wrong"}})], 4004),
        ([json.dumps({"op": 2, "d": IDENTIFY})] * 2, 4005),
        ([json.dumps({"op": 2, "d": {**IDENTIFY, "shard": [2, 2]}})], 4010),
        ([json.dumps({"op": 2, "d": {**IDENTIFY, "intents": 1 << 30}})], 4013),
        ([json.dumps({"op": 2, "d": {**IDENTIFY, "intents": 1 << 1}})], 4014),
        (["x" * 5000], 4002),
        (['{"op": 1, "d": null}'] * 121, 4008),
    ],
)
async def test_a_connection_is_closed_with_the_right_code(
    loopback: LoopbackDiscord, frames: list[str], code: int
) -> None:
    async with aiohttp.ClientSession() as http, http.ws_connect(loopback.gateway_url + "?v=10") as socket:
        for frame in frames:
            await socket.send_str(frame)
        async for _ in socket:
            pass
        assert socket.close_code == code


@pytest.mark.parametrize("query", ["?v=6", "?v=10&encoding=etf"])
async def test_another_version_is_refused(loopback: LoopbackDiscord, query: str) -> None:
    async with aiohttp.ClientSession() as http, http.ws_connect(loopback.gateway_url + query) as socket:
        await socket.receive()
        assert socket.close_code == 4012


async def test_a_silent_client_is_dropped() -> None:
    async with (
        LoopbackDiscord(heartbeat_interval=0.02) as loopback,
        aiohttp.ClientSession() as http,
        http.ws_connect(loopback.gateway_url) as socket,
    ):
        hello = await socket.receive_json()
        await socket.receive()
        assert (hello["op"], socket.close_code) == (10, 4009)


async def test_zlib_stream_is_one_stream_for_the_whole_connection(loopback: LoopbackDiscord) -> None:
    stream = zlib.decompressobj()
    address = loopback.gateway_url + "?v=10&encoding=json&compress=zlib-stream"
    async with aiohttp.ClientSession() as http, http.ws_connect(address) as socket:
        await socket.send_json({"op": 2, "d": IDENTIFY})
        operations = []
        for _ in range(2):
            frame = await socket.receive_bytes()
            assert frame.endswith(b"\x00\x00\xff\xff")
            operations.append(json.loads(stream.decompress(frame))["op"])
    assert operations == [10, 0]


async def test_identifying_too_often_is_refused() -> None:
    async with LoopbackDiscord(identify_window=60.0) as loopback, aiohttp.ClientSession() as http:
        operations = []
        for _ in range(2):
            async with http.ws_connect(loopback.gateway_url) as socket:
                await socket.receive()
                await socket.send_json({"op": 2, "d": IDENTIFY})
                operations.append((await socket.receive_json())["op"])
    assert operations == [0, 9]


async def test_an_unknown_session_cannot_be_resumed(loopback: LoopbackDiscord) -> None:
    async with aiohttp.ClientSession() as http, http.ws_connect(loopback.resume_url) as socket:
        await socket.receive()
        await socket.send_json({"op": 6, "d": {"token": loopback.token, "session_id": "gone", "seq": 1}})
        frame = await socket.receive_json()
    assert (frame["op"], frame["d"]) == (9, False)


def test_a_session_knows_what_it_can_replay() -> None:
    session = Session(1, Intent.GUILDS)
    for number in range(1500):
        session.dispatch("TEST", {"number": number})
    missed = session.missed_since(1498)
    assert missed is not None
    assert [frame["s"] for frame in missed] == [1499, 1500]
    assert session.missed_since(1) is None
    assert session.missed_since(1501) is None


@pytest.mark.parametrize("shard", [0, 1])
def test_a_shard_gets_its_own_guilds_only(shard: int) -> None:
    session = Session(1, Intent.GUILDS, shard=(shard, 2))
    for guild_id in (0 << 22, 1 << 22, 2 << 22, 3 << 22):
        session.offer("GUILD_UPDATE", {"id": guild_id}, guild_id)
    session.offer("INTERACTION_CREATE", {"id": None}, None)
    own = [frame["d"]["id"] for frame in session.sent]
    assert own == ([0 << 22, 2 << 22, None] if shard == 0 else [1 << 22, 3 << 22])


@pytest.mark.parametrize(
    ("event", "in_guild", "needed"),
    [
        ("MESSAGE_CREATE", True, Intent.GUILD_MESSAGES),
        ("MESSAGE_CREATE", False, Intent.DIRECT_MESSAGES),
        ("MESSAGE_REACTION_ADD", True, Intent.GUILD_MESSAGE_REACTIONS),
        ("GUILD_MEMBER_ADD", True, Intent.GUILD_MEMBERS),
        ("GUILD_ROLE_CREATE", True, Intent.GUILDS),
        ("THREAD_CREATE", True, Intent.GUILDS),
        ("INTERACTION_CREATE", True, Intent(0)),
    ],
)
def test_each_event_needs_its_intent(event: str, in_guild: bool, needed: Intent) -> None:
    assert needed_for(event, in_guild=in_guild) == needed


async def test_a_failed_wait_says_what_it_waited_for(loopback: LoopbackDiscord) -> None:
    with pytest.raises(AssertionError, match="for the moon"):
        await loopback.wait_until(lambda: False, 0.01, what="the moon")
