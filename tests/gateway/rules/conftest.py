"""The bot with everything that moderators are served with, on a loopback Discord."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.proof import Proven
from bot.store.sqlite import SQLiteStore
from tests.gateway.office import Office, moderator, opened
from tests.loopback import LoopbackDiscord
from tests.loopback.guilds import Guild
from tests.loopback.members import Member


@pytest.fixture
async def office(
    discord: LoopbackDiscord, guild: Guild, store: SQLiteStore, base: Proven
) -> AsyncIterator[Office]:
    async with opened(discord, guild, store, base) as office:
        await office.bot.start()
        yield office


@pytest.fixture
def mia(guild: Guild) -> Member:
    """A moderator."""
    return moderator(guild, "mia")


@pytest.fixture
def max_(guild: Guild) -> Member:
    """Another moderator."""
    return moderator(guild, "max")
