from __future__ import annotations

import asyncio
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.errors import StoreError, StoreTooNewError, StoreUnavailableError
from bot.store.migrations import MIGRATIONS, Migration
from bot.store.sqlite import SQLiteStore

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
BROKEN = Migration("broken", ("CREATE TABLE half (id INTEGER)", "CREATE TABLE half (id INTEGER)"))
NAMES = [migration.name for migration in MIGRATIONS]


def schema(path: Path) -> list[tuple[object, ...]]:
    return rows(path, "SELECT name, sql FROM sqlite_master ORDER BY name")


def rows(path: Path, sql: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(path)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


def taken(path: Path) -> list[object]:
    return [name for (name,) in rows(path, "SELECT name FROM migrations ORDER BY place")]


async def open_and_close(path: Path, migrations: tuple[Migration, ...] = MIGRATIONS) -> None:
    async with SQLiteStore.open(path, migrations=migrations, patience=0.05) as store:
        await store.claim(message="m", at=NOW) if len(migrations) > 3 else None


def test_steps_have_names_of_their_own() -> None:
    assert len(set(NAMES)) == len(NAMES)


async def test_a_new_database_is_made_with_its_folder(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "caveat.db"
    await open_and_close(path)
    assert taken(path) == NAMES
    assert rows(path, "PRAGMA journal_mode") == [("wal",)]


async def test_the_connection_checks_foreign_keys_and_syncs_as_wal_needs(tmp_path: Path) -> None:
    async with SQLiteStore.open(tmp_path / "caveat.db") as store:
        pragmas = [
            next(iter(await store._connection.execute_fetchall(f"PRAGMA {name}")))[0]
            for name in ("foreign_keys", "synchronous", "busy_timeout", "journal_mode", "secure_delete")
        ]
    assert pragmas == [1, 1, 5000, "wal", 1]


@pytest.mark.parametrize("steps", range(len(MIGRATIONS) + 1))
async def test_every_older_database_is_brought_up_to_date(tmp_path: Path, steps: int) -> None:
    fresh, older = tmp_path / "fresh.db", tmp_path / "older.db"
    await open_and_close(fresh)
    await open_and_close(older, MIGRATIONS[:steps])
    assert taken(older) == NAMES[:steps]
    await open_and_close(older)
    assert taken(older) == NAMES
    assert schema(older) == schema(fresh)


async def test_what_was_kept_outlives_a_migration(tmp_path: Path) -> None:
    path = tmp_path / "caveat.db"
    await open_and_close(path)
    later = (*MIGRATIONS, Migration("later", ("ALTER TABLE claimed_messages ADD COLUMN by TEXT",)))
    await open_and_close(path, later)
    assert rows(path, "SELECT message, by FROM claimed_messages") == [("m", None)]


async def test_a_step_that_breaks_leaves_nothing_behind_and_the_version_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "caveat.db"
    await open_and_close(path)
    before = schema(path)
    with pytest.raises(StoreError, match="half"):
        await open_and_close(path, (*MIGRATIONS, BROKEN))
    assert schema(path) == before
    assert taken(path) == NAMES
    await open_and_close(path)


async def test_steps_before_the_one_that_breaks_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "caveat.db"
    with pytest.raises(StoreError):
        await open_and_close(path, (MIGRATIONS[0], BROKEN))
    assert taken(path) == NAMES[:1]


async def test_a_start_that_is_cancelled_midway_can_be_repeated(tmp_path: Path) -> None:
    for turns in range(12):
        path = tmp_path / f"{turns}.db"
        task = asyncio.create_task(open_and_close(path))
        for _ in range(turns):
            await asyncio.sleep(0.0005)
        task.cancel()
        await asyncio.wait([task])
        await open_and_close(path)
        assert taken(path) == NAMES


async def test_two_programs_can_start_at_once(tmp_path: Path) -> None:
    path = tmp_path / "caveat.db"

    async def start() -> None:
        async with SQLiteStore.open(path):
            pass

    await asyncio.gather(*(start() for _ in range(4)))
    assert taken(path) == NAMES


@pytest.mark.parametrize(
    "newer",
    [(*MIGRATIONS, Migration("of tomorrow", ())), (*MIGRATIONS[:2], Migration("of tomorrow", ()))],
)
async def test_a_database_of_a_newer_program_is_refused_untouched(
    tmp_path: Path, newer: tuple[Migration, ...]
) -> None:
    path = tmp_path / "caveat.db"
    async with SQLiteStore.open(path, migrations=newer):
        pass
    before = schema(path)
    with pytest.raises(StoreTooNewError, match=r"newer version .* “of tomorrow”") as refusal:
        await open_and_close(path)
    assert "\n" not in str(refusal.value)
    assert refusal.value.exit_code == 78
    assert schema(path) == before


async def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder", encoding="utf-8")
    with pytest.raises(StoreUnavailableError, match="set DATA_DIR to a folder") as refusal:
        await open_and_close(tmp_path / "file" / "data" / "caveat.db")
    assert refusal.value.exit_code == 69


async def test_a_folder_in_place_of_the_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailableError, match="cannot be opened"):
        await open_and_close(tmp_path)


async def test_a_file_that_is_no_database_is_told_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "caveat.db"
    path.write_bytes(b"a letter to somebody, " * 100)
    with pytest.raises(StoreError, match="not an SQLite database"):
        await open_and_close(path)
    assert path.read_bytes() == b"a letter to somebody, " * 100


async def test_the_database_of_another_program_is_told_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "caveat.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE cookies (name TEXT)")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(StoreError, match="belongs to another program"):
        await open_and_close(path)
    assert path.read_bytes() == before


async def test_a_database_that_another_program_locks_is_told(tmp_path: Path) -> None:
    path = tmp_path / "caveat.db"
    await open_and_close(path)
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("BEGIN EXCLUSIVE")
    try:
        with pytest.raises(StoreUnavailableError, match="locked by another program"):
            await open_and_close(path)
    finally:
        connection.close()


async def test_a_lock_that_comes_later_is_told_and_passes(tmp_path: Path) -> None:
    path = tmp_path / "caveat.db"
    async with SQLiteStore.open(path, patience=0.05) as store:
        connection = sqlite3.connect(path, isolation_level=None)
        connection.execute("BEGIN IMMEDIATE")
        try:
            with pytest.raises(StoreUnavailableError, match="locked by another program"):
                await store.claim(message="m", at=NOW)
        finally:
            connection.close()
        assert await store.claim(message="m", at=NOW)


async def test_a_damaged_database_is_told(tmp_path: Path) -> None:
    path = tmp_path / "caveat.db"
    await open_and_close(path)
    content = bytearray(path.read_bytes())
    content[100:4096] = b"\xff" * (4096 - 100)
    path.write_bytes(content)
    with pytest.raises(StoreError, match="damaged"):
        await open_and_close(path)
