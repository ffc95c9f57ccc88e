"""The bot on a loopback Discord, with a real store and the small rulebook of the tests."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.matching.compile import CompiledRulebook, compile_rulebook
from bot.proof import Proven, prove
from bot.replies.checker import Checker
from bot.replies.model import SpeakingSettings
from bot.replies.rulebooks import OneRulebook
from bot.rulebook.load import load_rulebook
from bot.store.sqlite import SQLiteStore
from tests.gateway.harness import RunningBot
from tests.loopback import LoopbackDiscord
from tests.loopback.guilds import Guild
from tests.loopback.members import Member
from tests.loopback.places import Channel

SMALL_RULES = Path(__file__).parent.parent / "small_rules"


@pytest.fixture(scope="session")
def rules() -> CompiledRulebook:
    """The small rulebook, compiled."""
    return compile_rulebook(load_rulebook(SMALL_RULES))


@pytest.fixture(scope="session")
def base() -> Proven:
    """The same, with where everything in it was written."""
    return prove(SMALL_RULES)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SQLiteStore]:
    async with SQLiteStore.open(tmp_path / "store.sqlite3") as opened:
        yield opened


@pytest.fixture
def checker(rules: CompiledRulebook, store: SQLiteStore) -> Checker:
    """A checker without cool-downs, so that each test says what it wants to say."""
    return Checker(
        rulebooks=OneRulebook(rules),
        store=store,
        clock=lambda: datetime.now(UTC),
        defaults=SpeakingSettings(room_cooldown=0, member_cooldown=0),
    )


@pytest.fixture
async def discord() -> AsyncIterator[LoopbackDiscord]:
    """A loopback Discord. Nothing that Discord would refuse may have been sent to it in the end."""
    async with LoopbackDiscord() as server:
        yield server
        assert server.violations == []


@pytest.fixture
def guild(discord: LoopbackDiscord) -> Guild:
    return discord.create_guild()


@pytest.fixture
def general(guild: Guild) -> Channel:
    return guild.create_channel("general")


@pytest.fixture
def ana(guild: Guild) -> Member:
    return guild.create_member("ana")


@pytest.fixture
async def bot(discord: LoopbackDiscord, checker: Checker) -> AsyncIterator[RunningBot]:
    """The bot, not started yet; stopped in the end."""
    running = RunningBot(discord=discord, checker=checker)
    yield running
    await running.stop()
