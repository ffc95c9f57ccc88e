"""What /healthz tells: whether this program does its work."""

from __future__ import annotations

import asyncio
from typing import Literal, Protocol

from msgspec import Struct

from bot.errors import StoreError
from bot.replies.checker import Checker

SERVER = "studio"
"""The room in the browser is a server of its own; its settings are kept under this id."""

PATIENCE = 2.0
"""Seconds after which a database that does not answer counts as unreachable: probes give up after a few."""


class DiscordState(Protocol):
    """What is asked of the connection to Discord."""

    @property
    def is_ready(self) -> bool:
        """Whether the bot is logged in and has received its servers."""

    @property
    def latency(self) -> float | None:
        """Seconds between the last heartbeat and its acknowledgement; None before the first."""


class RulebookHealth(Struct, frozen=True, kw_only=True):
    """The rulebook in force; `faults` counts what is wrong with the one in the folder."""

    digest: str
    rules: int
    faults: int


class DiscordHealth(Struct, frozen=True, kw_only=True):
    """The connection to Discord; the latency is in milliseconds."""

    state: Literal["not used", "connected", "not connected"]
    latency_ms: float | None = None


class Health(Struct, frozen=True, kw_only=True):
    """The whole answer. `ok`: messages can be answered; faults in the folder leave it true."""

    ok: bool
    rulebook: RulebookHealth
    store: Literal["reachable", "unreachable"]
    discord: DiscordHealth


async def look_after(checker: Checker, *, server: str, faults: int, discord: DiscordState | None) -> Health:
    """Find out how the program is.

    Args:
        checker: for the rulebook and, through it, the store.
        server: the id under which the store is asked.
        faults: how many faults the rules folder has.
        discord: the connection to Discord, or None where it is not used.

    Returns:
        the health at this moment.
    """
    reachable = await _store_answers(checker, server)
    connected = discord is None or discord.is_ready
    rulebook = checker.rulebook.source
    return Health(
        ok=reachable and connected,
        rulebook=RulebookHealth(digest=rulebook.digest, rules=len(rulebook.rules), faults=faults),
        store="reachable" if reachable else "unreachable",
        discord=_discord(discord),
    )


async def _store_answers(checker: Checker, server: str) -> bool:
    try:
        async with asyncio.timeout(PATIENCE):
            await checker.settings_of(server)
    except (StoreError, TimeoutError):
        return False
    return True


def _discord(discord: DiscordState | None) -> DiscordHealth:
    if discord is None:
        return DiscordHealth(state="not used")
    if not discord.is_ready:
        return DiscordHealth(state="not connected")
    latency = None if discord.latency is None else round(discord.latency * 1000, 1)
    return DiscordHealth(state="connected", latency_ms=latency)
