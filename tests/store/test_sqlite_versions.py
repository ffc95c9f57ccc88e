"""Versions of servers' changes to the rules, and drafts of what was refused."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from bot.errors import StoreError
from bot.store.migrations import MIGRATIONS
from bot.store.model import NewerVersionError, NewVersion
from bot.store.sqlite import SQLiteStore
from bot.store.sqlite_versions import MOST_DRAFTS

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
VERSION = NewVersion(
    server="s1",
    author="mia",
    saved=NOW,
    why="too loud \ud800",
    text="families:\n  mood: off\n",
    digest="d" * 64,
    difference="+families:\n",
    trials={"a-rule": NOW + timedelta(hours=6)},
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "caveat.db"


@pytest.fixture
async def store(path: Path) -> AsyncIterator[SQLiteStore]:
    async with SQLiteStore.open(path) as opened:
        yield opened


async def draft(store: SQLiteStore, text: str, *, member: str = "mia", at: datetime = NOW) -> None:
    await store.keep_draft(server="s1", member=member, about="a-rule", text=text, problem="no", at=at)


async def test_versions_are_numbered_and_come_back(store: SQLiteStore, path: Path) -> None:
    first = await store.save_version(VERSION, seen=0)
    second = await store.save_version(replace(VERSION, text="", trials={}, author=None), seen=1)
    assert (first.number, second.number) == (1, 2)
    assert (first.author, first.saved, first.text) == ("mia", NOW, VERSION.text)
    assert (first.trials, first.set_aside) == (VERSION.trials, None)
    assert first.why == "too loud ?"
    assert await store.version(server="s1") == second
    assert await store.version(server="s1", number=1) == first
    assert await store.version(server="s1", number=3) is None
    assert await store.version(server="s2") is None
    async with SQLiteStore.open(path) as again:
        assert await again.versions(server="s1") == (second, first)


async def test_the_history_turns_its_pages(store: SQLiteStore) -> None:
    for seen in range(5):
        await store.save_version(VERSION, seen=seen)
    numbers = [version.number for version in await store.versions(server="s1", limit=2)]
    assert numbers == [5, 4]
    assert [version.number for version in await store.versions(server="s1", limit=9, before=4)] == [3, 2, 1]


async def test_every_server_has_its_own_numbers(store: SQLiteStore) -> None:
    await store.save_version(VERSION, seen=0)
    await store.save_version(replace(VERSION, server="s2"), seen=0)
    await store.save_version(VERSION, seen=1)
    newest = await store.newest_versions()
    assert [(version.server, version.number) for version in newest] == [("s1", 2), ("s2", 1)]


async def test_of_two_at_once_the_second_sees_the_first(store: SQLiteStore, path: Path) -> None:
    async with SQLiteStore.open(path) as other:
        outcomes = await asyncio.gather(
            store.save_version(replace(VERSION, author="mia"), seen=0),
            other.save_version(replace(VERSION, author="noa"), seen=0),
            return_exceptions=True,
        )
    (refused,) = [outcome for outcome in outcomes if isinstance(outcome, NewerVersionError)]
    (saved,) = [outcome for outcome in outcomes if not isinstance(outcome, BaseException)]
    assert refused.newer == saved
    assert await store.versions(server="s1") == (saved,)


async def test_a_version_that_was_never_there_was_not_seen(store: SQLiteStore) -> None:
    with pytest.raises(StoreError, match="no version 4"):
        await store.save_version(VERSION, seen=4)
    assert await store.version(server="s1") is None


async def test_a_version_is_set_aside_and_taken_back(store: SQLiteStore) -> None:
    await store.save_version(VERSION, seen=0)
    await store.set_aside(server="s1", number=1, reason="overlay.yaml:1:1: no")
    aside = await store.version(server="s1")
    assert aside is not None
    assert aside.set_aside == "overlay.yaml:1:1: no"
    await store.set_aside(server="s1", number=1, reason=None)
    assert await store.version(server="s1") == replace(aside, set_aside=None)


async def test_the_last_few_drafts_of_a_moderator_are_kept(store: SQLiteStore) -> None:
    for number in range(MOST_DRAFTS + 3):
        await draft(store, f"text {number} \ud800")
    await draft(store, "of noa", member="noa")
    kept = await store.drafts(server="s1", member="mia")
    assert [one.text for one in kept] == [f"text {number} ?" for number in range(MOST_DRAFTS + 2, 2, -1)]
    assert (kept[0].about, kept[0].problem, kept[0].saved) == ("a-rule", "no", NOW)
    await store.drop_draft(draft=kept[0].draft, member="noa")
    await store.drop_draft(draft=kept[1].draft, member="mia")
    assert await store.drafts(server="s1", member="mia") == (kept[0], *kept[2:])
    assert await store.drafts(server="s2", member="mia") == ()


async def test_drafts_expire(store: SQLiteStore) -> None:
    await draft(store, "old", at=NOW - timedelta(days=31))
    await draft(store, "new", at=NOW - timedelta(days=29))
    assert await store.expire(now=NOW, keep=timedelta(days=30)) == 1
    assert [one.text for one in await store.drafts(server="s1", member="mia")] == ["new"]


async def test_a_moderator_is_forgotten(store: SQLiteStore, path: Path) -> None:
    await store.save_version(VERSION, seen=0)
    await store.save_version(replace(VERSION, author="noa"), seen=1)
    await draft(store, "typed by mia")
    assert await store.privacy_of(member="mia") == {
        "replies": 0,
        "matched words": 0,
        "votes": 0,
        "changes of rules": 1,
        "drafts of rules": 1,
    }
    assert await store.forget(member="mia") == 2
    assert set((await store.privacy_of(member="mia")).values()) == {0}
    first = await store.version(server="s1", number=1)
    assert first is not None
    assert (first.author, first.text) == (None, VERSION.text)
    assert (await store.privacy_of(member="noa"))["changes of rules"] == 1
    assert b"typed by mia" not in await asyncio.to_thread(path.read_bytes)


async def test_an_older_database_is_brought_up_to_date(path: Path) -> None:
    async with SQLiteStore.open(path, migrations=MIGRATIONS[:5]) as store:
        await store.save_settings(server="s1", values={}, at=NOW)
    async with SQLiteStore.open(path) as store:
        assert (await store.save_version(VERSION, seen=0)).number == 1
        assert await store.settings_of(server="s1") == {}


async def test_the_tables_refuse_what_is_not_so(store: SQLiteStore, path: Path) -> None:
    await store.save_version(VERSION, seen=0)
    connection = sqlite3.connect(path)
    try:
        for change in (
            "UPDATE rule_versions SET number = 0",
            "UPDATE rule_versions SET trials = 'x'",
            "UPDATE rule_versions SET text = NULL",
        ):
            with pytest.raises(sqlite3.IntegrityError):
                connection.execute(change)
    finally:
        connection.close()
