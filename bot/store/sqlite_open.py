"""Opening an SQLite database and bringing it up to date."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Literal

import aiosqlite

from bot.errors import StoreError, StoreTooNewError
from bot.store.migrations import Migration
from bot.store.sqlite_errors import translated

_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
_STEPS = "CREATE TABLE migrations (place INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE)"


@asynccontextmanager
async def opened(
    path: Path, *, patience: float, migrations: Sequence[Migration]
) -> AsyncIterator[aiosqlite.Connection]:
    """Open a database, creating its folder and file where they are missing, and take the steps it lacks.

    Args:
        path: the database's file.
        patience: for how many seconds to wait for another program's lock.
        migrations: the steps, in order.

    Raises:
        StoreTooNewError: it was written by a newer program.
        StoreUnavailableError: it cannot be reached, written or locked.
        StoreError: it is not a database of this program.
    """
    with translated(path):
        await asyncio.to_thread(path.parent.mkdir, parents=True, exist_ok=True)
        connection = await aiosqlite.connect(path, timeout=patience, isolation_level=None)
    try:
        with translated(path):
            await connection.execute("PRAGMA foreign_keys = ON")
            # Before WAL is switched on, as that already writes into the file.
            await _take_missing_steps(connection, path, migrations)
            await connection.execute("PRAGMA journal_mode = WAL")
            await connection.execute("PRAGMA synchronous = NORMAL")
            # What a member has erased is to be gone from the file, not only from the tables.
            await connection.execute("PRAGMA secure_delete = ON")
        yield connection
    finally:
        await connection.close()


@asynccontextmanager
async def transaction(
    connection: aiosqlite.Connection, mode: Literal["DEFERRED", "IMMEDIATE"]
) -> AsyncIterator[None]:
    """Commit what is done inside, or nothing of it, also when the task is cancelled."""
    try:
        await connection.execute(f"BEGIN {mode}")
        yield
        await connection.execute("COMMIT")
    except BaseException:
        # A cancelled BEGIN or COMMIT still runs in the connection's thread, and this runs behind it:
        # where nothing is left to roll back, SQLite says so, and that is as well.
        with suppress(sqlite3.Error, ValueError):
            await connection.execute("ROLLBACK")
        raise


async def _take_missing_steps(
    connection: aiosqlite.Connection, path: Path, migrations: Sequence[Migration]
) -> None:
    """Take each missing step in a transaction of its own, which also records it."""
    while True:
        async with transaction(connection, "IMMEDIATE"):
            # Read inside the transaction: another process may be taking the same steps.
            taken = await _taken(connection, path)
            _refuse_newer(taken, path, migrations)
            if len(taken) == len(migrations):
                return
            step = migrations[len(taken)]
            for statement in step.statements:
                await connection.execute(statement)
            await connection.execute(
                "INSERT INTO migrations (place, name) VALUES (?, ?)", (len(taken) + 1, step.name)
            )


async def _taken(connection: aiosqlite.Connection, path: Path) -> list[str]:
    """The names of the steps taken so far; their table is made where the database is empty."""
    tables = {str(row[0]) for row in await connection.execute_fetchall(_TABLES)}
    if "migrations" in tables:
        rows = await connection.execute_fetchall("SELECT name FROM migrations ORDER BY place")
        return [str(row[0]) for row in rows]
    if tables:
        raise StoreError(
            f"the database {path} belongs to another program; move that file away or set another DATA_DIR"
        )
    await connection.execute(_STEPS)
    return []


def _refuse_newer(taken: Sequence[str], path: Path, migrations: Sequence[Migration]) -> None:
    known = [migration.name for migration in migrations]
    if taken != known[: len(taken)]:
        stranger = next(name for place, name in enumerate(taken) if known[place : place + 1] != [name])
        raise StoreTooNewError(
            f"the database {path} was written by a newer version of this program (its step “{stranger}” is "
            "unknown here); install that version or set another DATA_DIR"
        )
