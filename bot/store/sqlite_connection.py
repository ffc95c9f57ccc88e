"""One connection to one SQLite file, and how what is written into it takes turns."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import aiosqlite

from bot.store.sqlite_errors import translated
from bot.store.sqlite_open import transaction


class SQLiteConnection:
    """What every part of the store in SQLite stands on.

    Args:
        connection: the open connection.
        path: the database's file, for errors.
    """

    def __init__(self, connection: aiosqlite.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path
        # One connection has one transaction at a time, whatever the number of coroutines.
        self._turn = asyncio.Lock()

    @asynccontextmanager
    async def transaction(self, mode: Literal["DEFERRED", "IMMEDIATE"]) -> AsyncIterator[None]:
        """Do what is inside wholly or not at all, when it is its turn.

        Args:
            mode: `IMMEDIATE` where something is written.
        """
        async with self._turn:
            with translated(self._path):
                async with transaction(self._connection, mode):
                    yield

    async def rows(self, sql: str, values: Sequence[object]) -> list[sqlite3.Row]:
        """Give the rows of a query; only inside a transaction."""
        return list(await self._connection.execute_fetchall(sql, tuple(values)))

    async def change(self, sql: str, values: Sequence[object]) -> int:
        """Carry out a statement and tell how many rows it changed; only inside a transaction."""
        async with self._connection.execute(sql, tuple(values)) as cursor:
            return cursor.rowcount

    async def erase(self, statements: Iterable[str], values: Sequence[object]) -> int:
        """Take all steps of an erasure, then clear the write-ahead log, which still holds what was erased."""
        async with self.transaction("IMMEDIATE"):
            changed = sum([await self.change(sql, values) for sql in statements])
        if changed:
            async with self._turn:
                with translated(self._path):
                    await self.rows("PRAGMA wal_checkpoint(TRUNCATE)", ())
        return changed


def kept_time(time: datetime) -> str:
    """In UTC and always of the same length, so that the order of the texts is that of the times."""
    return time.astimezone(UTC).isoformat(timespec="microseconds")


def encodable(text: str) -> str:
    """The text with lone surrogates replaced: members can type them, UTF-8 cannot hold them."""
    return text.encode("utf-8", "replace").decode("utf-8")
