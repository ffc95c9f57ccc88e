"""Joining Discord, staying there, and leaving cleanly."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import aiohttp
import discord

from bot.errors import DiscordError, IntentError, TokenError
from bot.gateway.client import CaveatClient
from bot.gateway.endpoints import discord_endpoints
from bot.gateway.health import ClientHealth
from bot.gateway.outbox import in_numbers
from bot.replies.checker import Checker
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.gateway.rules.group import Moderators

PATIENCE = 5.0
"""How long work under way may take when the bot is told to stop, in seconds."""

AUTHENTICATION_FAILED = 4004
SHARDING_REQUIRED = 4011
INVALID_INTENTS = 4013
DISALLOWED_INTENTS = 4014

PORTAL = "https://discord.com/developers/applications"
WRONG_TOKEN = (
    f"Discord does not know this token. Make a new one at {PORTAL} → your application → Bot → Reset Token, "
    "and set DISCORD_TOKEN to it."
)
NO_TOKEN = f"DISCORD_TOKEN is not set. The token is found at {PORTAL} → your application → Bot → Reset Token."
ODD_CHARACTERS = (
    "DISCORD_TOKEN holds characters that no token has. Copy the token again, without quotes or spaces."
)
INTENT_OFF = (
    "Discord does not let this bot read messages: its “Message Content Intent” is off. Switch it on at "
    f"{PORTAL} → your application → Bot → Privileged Gateway Intents → Message Content Intent, save, "
    "and start again."
)
TOO_MANY_SERVERS = "Discord wants this bot to be sharded: it is on too many servers for one connection."

log = logging.getLogger(__name__)


async def run_discord(
    *,
    checker: Checker,
    settings: Settings,
    stop: asyncio.Event,
    health: ClientHealth | None = None,
    moderators: Callable[[], Awaitable[Moderators]] | None = None,
) -> None:
    """Join Discord and answer until told to stop. Lost connections are taken up again.

    Args:
        checker: decides what is said.
        settings: the token, and where to connect to.
        stop: set it to stop; work under way is finished first, for `PATIENCE` seconds at most.
        health: is told of the client, for a health page.
        moderators: gives what moderators are served with, when the bot has joined; without it there is no
            `/rules`.

    Raises:
        TokenError: the token is missing or wrong.
        IntentError: Message Content Intent is off.
        DiscordError: Discord refuses otherwise, or cannot be reached at the start.
    """
    token = _token(settings)
    endpoints = discord_endpoints(api_url=settings.discord_api_url, gateway_url=settings.discord_gateway_url)
    with endpoints, _readable_log():
        async with CaveatClient(checker=checker, settings=settings, moderators=moderators) as client:
            if health is not None:
                health.watch(client)
            try:
                await _until(stop, client, token)
            finally:
                if health is not None:
                    health.watch(None)


async def _until(stop: asyncio.Event, client: CaveatClient, token: str) -> None:
    running = asyncio.create_task(_stay(client, token), name="caveat-discord")
    stopping = asyncio.create_task(stop.wait(), name="caveat-stop")
    try:
        await asyncio.wait({running, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if running.done():
            running.result()
        log.info("leaving Discord")
    finally:
        # Nothing more can be sent through a client that is closed already.
        left = await client.finish(seconds=0.0 if client.is_closed() else PATIENCE)
        if left:
            log.warning("work in %d channels was given up", left)
        await client.close()
        running.cancel()
        stopping.cancel()
        await asyncio.gather(running, stopping, return_exceptions=True)


async def _stay(client: CaveatClient, token: str) -> None:
    """Log in and stay connected, with what discord.py raises put into words."""
    try:
        await client.login(token)
        await client.connect()
    except discord.LoginFailure as error:
        raise TokenError(WRONG_TOKEN) from error
    except discord.PrivilegedIntentsRequired as error:
        raise IntentError(INTENT_OFF) from error
    except discord.ConnectionClosed as error:
        raise _closed(error) from error
    except (discord.HTTPException, discord.RateLimited) as error:
        raise DiscordError(
            f"Discord refused to let the bot in ({in_numbers(error)}); try again later."
        ) from error
    except (discord.GatewayNotFound, aiohttp.ClientError, OSError) as error:
        raise DiscordError(_unreachable(error)) from error
    except AttributeError as error:
        # discord.py 2.7 stumbles where the very first connection fails: it wants to resume what never was.
        if client.user is None or client.ws is not None:
            raise
        raise DiscordError(_unreachable(error.__context__ or error)) from error
    except (KeyError, TypeError) as error:
        if client.user is not None:
            raise
        raise DiscordError("what answers at DISCORD_API_URL is not Discord's API.") from error


def _closed(error: discord.ConnectionClosed) -> DiscordError:
    if error.code == AUTHENTICATION_FAILED:
        return TokenError(WRONG_TOKEN)
    if error.code in (INVALID_INTENTS, DISALLOWED_INTENTS):
        return IntentError(INTENT_OFF)
    if error.code == SHARDING_REQUIRED:
        return DiscordError(TOO_MANY_SERVERS)
    return DiscordError(f"Discord closed the connection for good (code {error.code}).")


def _unreachable(error: BaseException) -> str:
    return f"Discord cannot be reached ({str(error) or type(error).__name__}). Is this machine online?"


def _token(settings: Settings) -> str:
    token = settings.discord_token.reveal().strip() if settings.discord_token else ""
    if not token:
        raise TokenError(NO_TOKEN)
    if not re.fullmatch(r"[\x21-\x7e]+", token):
        raise TokenError(ODD_CHARACTERS)
    return token


class _WhatMatters(logging.Filter):
    """Makes discord.py's log readable: one line for a lost connection, and no word on voice."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let a record pass, shortened where it is a lost connection, unless it is about voice."""
        text = str(record.msg)
        if record.exc_info and text.startswith("Attempting a reconnect"):
            # discord.py connects again by itself, so this is no error with a traceback.
            cause = record.exc_info[1]
            record.msg = (
                f"the connection to Discord was lost ({type(cause).__name__}); trying again in %.1f s"
            )
            record.levelno, record.levelname = logging.WARNING, logging.getLevelName(logging.WARNING)
            record.exc_info = None
        return "voice will NOT be supported" not in text


@contextmanager
def _readable_log() -> Iterator[None]:
    logger, what_matters = logging.getLogger("discord.client"), _WhatMatters()
    logger.addFilter(what_matters)
    try:
        yield
    finally:
        logger.removeFilter(what_matters)
