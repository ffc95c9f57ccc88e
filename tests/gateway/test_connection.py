"""Joining Discord, losing it, coming back, leaving; and what an operator reads when it does not work."""

from __future__ import annotations

import asyncio
import os
import signal

import pytest
from aiohttp import web
from msgspec.structs import replace

from bot.errors import CaveatBotError, DiscordError, IntentError, TokenError
from bot.gateway import run
from bot.gateway.run import run_discord
from bot.replies.checker import Checker
from bot.settings import Secret, Settings
from tests.gateway.harness import CLAIM, SEND, RunningBot, settings_for
from tests.loopback import LoopbackDiscord
from tests.loopback.gateway import CloseCode
from tests.loopback.guilds import Guild
from tests.loopback.members import Member
from tests.loopback.places import Channel
from tests.loopback.sessions import Intent


async def joined(checker: Checker, settings: Settings) -> CaveatBotError:
    """Try to join; return the error with which that ended."""
    with pytest.raises(CaveatBotError) as caught:
        await run_discord(checker=checker, settings=settings, stop=asyncio.Event())
    return caught.value


@pytest.mark.parametrize("token", ["wrong.token.here", "  ", "", "two\nlines", "tökén"])
async def test_a_token_that_is_none_is_one_readable_line(
    discord: LoopbackDiscord, checker: Checker, token: str
) -> None:
    error = await joined(checker, settings_for(discord, token=token))
    assert isinstance(error, TokenError)
    assert error.exit_code == 78
    assert "\n" not in str(error)
    assert "oken" in str(error)
    assert not token.strip() or token.strip() not in str(error)


async def test_a_missing_token_says_where_to_find_one(checker: Checker) -> None:
    error = await joined(checker, Settings())
    assert isinstance(error, TokenError)
    assert "DISCORD_TOKEN" in str(error)


async def test_an_intent_that_is_off_says_which_switch_to_turn_on_and_where(checker: Checker) -> None:
    async with LoopbackDiscord(privileged_intents=Intent(0)) as discord:
        error = await joined(checker, settings_for(discord))
    assert isinstance(error, IntentError)
    assert error.exit_code == 78
    assert "Message Content Intent" in str(error)
    assert "https://discord.com/developers/applications" in str(error)


@pytest.mark.parametrize(
    ("code", "kind", "words"),
    [
        (CloseCode.AUTHENTICATION_FAILED, TokenError, "does not know this token"),
        (CloseCode.INVALID_INTENTS, IntentError, "Message Content Intent"),
        (CloseCode.SHARDING_REQUIRED, DiscordError, "sharded"),
        (CloseCode.INVALID_API_VERSION, DiscordError, "4012"),
    ],
)
async def test_a_connection_that_is_closed_for_good_ends_the_program(
    discord: LoopbackDiscord, bot: RunningBot, code: CloseCode, kind: type[DiscordError], words: str
) -> None:
    await bot.start()
    discord.drop_connections(code)
    with pytest.raises(kind, match=words):
        await bot.ended()


@pytest.mark.parametrize("status", [403, 503])
async def test_a_refused_login_is_one_readable_line(
    discord: LoopbackDiscord, checker: Checker, status: int
) -> None:
    discord.fail_next("GET /users/@me", status=status)
    error = await joined(checker, settings_for(discord))
    assert isinstance(error, DiscordError)
    assert error.exit_code == 69
    assert str(status) in str(error)


async def test_an_api_that_cannot_be_reached_is_one_readable_line(
    discord: LoopbackDiscord, checker: Checker, unused_tcp_port: int
) -> None:
    settings = replace(settings_for(discord), discord_api_url=f"http://127.0.0.1:{unused_tcp_port}/api/v10")
    error = await joined(checker, settings)
    assert type(error) is DiscordError
    assert "cannot be reached" in str(error)


async def test_a_gateway_that_cannot_be_reached_is_one_readable_line(
    discord: LoopbackDiscord, checker: Checker, unused_tcp_port: int, caplog: pytest.LogCaptureFixture
) -> None:
    settings = replace(settings_for(discord), discord_gateway_url=f"ws://127.0.0.1:{unused_tcp_port}/")
    error = await joined(checker, settings)
    assert type(error) is DiscordError
    assert "cannot be reached" in str(error)
    assert all(record.exc_info is None for record in caplog.records)
    assert any("the connection to Discord was lost" in line for line in caplog.messages)


async def test_an_address_that_is_not_discords_is_one_readable_line(checker: Checker) -> None:
    async def page(_: web.Request) -> web.Response:
        return web.Response(text="<h1>It works!</h1>", content_type="text/html")

    app = web.Application()
    app.router.add_get("/{anything:.*}", page)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    address = f"http://127.0.0.1:{runner.addresses[0][1]}/api/v10"
    settings = Settings(discord_token=Secret("a.b.c"), discord_api_url=address)
    error = await joined(checker, settings)
    await runner.cleanup()
    assert type(error) is DiscordError
    assert "DISCORD_API_URL" in str(error)


@pytest.mark.parametrize("how", ["dropped", "asked to reconnect", "invalid but resumable"])
async def test_a_lost_connection_is_resumed_through_the_proxy_and_nothing_is_missed(
    discord: LoopbackDiscord,
    bot: RunningBot,
    general: Channel,
    ana: Member,
    caplog: pytest.LogCaptureFixture,
    how: str,
) -> None:
    caplog.set_level("DEBUG", logger="discord.gateway")
    await bot.start()
    await discord.wait_for_reply(ana.say(general, CLAIM))
    [session] = discord.sessions.connected
    if how == "dropped":
        discord.drop_connections()
    elif how == "asked to reconnect":
        discord.request_reconnect()
    else:
        discord.invalidate_session(resumable=True)
    await discord.wait_for_reply(ana.say(general, CLAIM))
    assert discord.sessions.connected == [session]
    connected_to = [line for line in caplog.messages if line.startswith("Created websocket connected to")]
    assert connected_to == [f"Created websocket connected to {discord.gateway_url}"] * 2
    assert len(discord.requests_to(SEND)) == 2


async def test_a_session_that_cannot_be_resumed_is_begun_anew(
    discord: LoopbackDiscord, bot: RunningBot, general: Channel, ana: Member
) -> None:
    await bot.start()
    [before] = discord.sessions.connected
    discord.invalidate_session(resumable=False)
    await discord.wait_until(lambda: before not in discord.sessions.connected)
    # discord.py waits five seconds before it identifies again.
    await discord.wait_for_bot(within=20)
    await discord.wait_for_reply(ana.say(general, CLAIM))


async def test_sigterm_ends_what_is_under_way_and_leaves_cleanly(
    discord: LoopbackDiscord,
    bot: RunningBot,
    guild: Guild,
    general: Channel,
    ana: Member,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("INFO")
    await bot.start()
    discord.fail_next("POST /channels/*/messages", delay=0.3)
    ana.say(general, CLAIM)
    late = ana.say(general, CLAIM)
    await discord.quiet(0.1)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, bot.tell_to_stop)
    os.kill(os.getpid(), signal.SIGTERM)
    await bot.ended()
    asyncio.get_running_loop().remove_signal_handler(signal.SIGTERM)
    assert {request.status for request in discord.requests_to(SEND)} == {200}
    assert await bot.checker.reply_to(server=str(guild.id), message=str(late.id)) is not None
    assert discord.sessions.connected == []
    assert [record for record in caplog.records if record.levelname in {"WARNING", "ERROR"}] == []


async def test_what_takes_too_long_is_given_up(
    discord: LoopbackDiscord,
    bot: RunningBot,
    general: Channel,
    ana: Member,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(run, "PATIENCE", 0.05)
    await bot.start()
    discord.fail_next("POST /channels/*/messages", status=429, retry_after=60.0)
    ana.say(general, CLAIM)
    await discord.wait_until(lambda: bool(discord.requests_to(SEND)))
    await bot.stop()
    assert "work in 1 channels was given up" in caplog.messages


async def test_being_told_to_stop_before_the_login_is_through_stops(
    discord: LoopbackDiscord, checker: Checker
) -> None:
    discord.fail_next("GET /users/@me", delay=5.0)
    stop = asyncio.Event()
    stop.set()
    async with asyncio.timeout(4):
        await run_discord(checker=checker, settings=settings_for(discord), stop=stop)


async def test_health_tells_what_the_connection_is(discord: LoopbackDiscord, bot: RunningBot) -> None:
    assert (bot.health.is_ready, bot.health.latency, bot.health.shard_count) == (False, None, 1)
    await bot.start()
    while not bot.health.is_ready:  # noqa: ASYNC110 - a page asks from outside, too
        await asyncio.sleep(0.05)
    assert bot.health.shard_count == 1
    assert bot.health.latency is None or bot.health.latency >= 0
    await bot.stop()
    assert not bot.health.is_ready


async def test_the_client_keeps_no_messages_and_no_members(
    discord: LoopbackDiscord, bot: RunningBot, general: Channel, ana: Member
) -> None:
    await bot.start()
    await discord.wait_for_reply(ana.say(general, CLAIM))
    client = bot.health.client
    assert client is not None
    assert list(client.cached_messages) == []
    assert {member.id for member in client.get_all_members()} == {client.user.id if client.user else 0}
