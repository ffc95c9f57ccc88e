"""The store in one SQLite file: the default, which needs no server."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Self

from bot.store.interface import Store
from bot.store.migrations import MIGRATIONS, Migration
from bot.store.sqlite_connection import kept_time
from bot.store.sqlite_open import opened
from bot.store.sqlite_reviews import DROP_ENTRIES_OF_VOTER, SQLiteReviews
from bot.store.sqlite_versions import SQLiteVersions

_EXPIRE = (
    """
    UPDATE findings SET matched = NULL, because = NULL
    WHERE (matched IS NOT NULL OR because IS NOT NULL)
        AND reply IN (SELECT reply FROM replies WHERE created < ?)
    """,
    """
    UPDATE shadow_findings SET author = NULL, matched = NULL, because = NULL
    WHERE (author IS NOT NULL OR matched IS NOT NULL OR because IS NOT NULL) AND found < ?
    """,
    "DELETE FROM claimed_messages WHERE claimed < ?",
    "DELETE FROM rule_drafts WHERE saved < ?",
    "DELETE FROM repairs WHERE ended < ?",
)
_COUNT_OF = {
    "replies": "SELECT COUNT(*) FROM replies WHERE author = ?1",
    "matched words": """
        SELECT (SELECT COUNT(*) FROM findings JOIN replies USING (reply)
                WHERE author = ?1 AND (matched IS NOT NULL OR because IS NOT NULL))
             + (SELECT COUNT(*) FROM shadow_findings WHERE author = ?1)
    """,
    "votes": "SELECT COUNT(*) FROM votes WHERE member = ?1",
}
_COUNT_OF_MODERATORS = {
    "changes of rules": "SELECT COUNT(*) FROM rule_versions WHERE author = ?1",
    "drafts of rules": "SELECT COUNT(*) FROM rule_drafts WHERE member = ?1",
    "reviews": "SELECT COUNT(*) FROM reviews WHERE decider = ?1",
    "repairs": "SELECT COUNT(*) FROM repairs WHERE member = ?1",
}
_FORGET = (
    """
    UPDATE findings SET matched = NULL, because = NULL
    WHERE (matched IS NOT NULL OR because IS NOT NULL)
        AND reply IN (SELECT reply FROM replies WHERE author = ?)
    """,
    "UPDATE replies SET author = NULL WHERE author = ?",
    "UPDATE shadow_findings SET author = NULL, matched = NULL, because = NULL WHERE author = ?",
    DROP_ENTRIES_OF_VOTER,
    "DELETE FROM votes WHERE member = ?",
    "UPDATE reviews SET decider = NULL WHERE decider = ?",
    "UPDATE repairs SET member = NULL WHERE member = ?",
    "UPDATE rule_versions SET author = NULL WHERE author = ?",
    "DELETE FROM rule_drafts WHERE member = ?",
)


class SQLiteStore(SQLiteReviews, SQLiteVersions, Store):
    """Everything that is remembered, in one file, written by one connection.

    Open it with `async with SQLiteStore.open(path) as store`.
    """

    @classmethod
    @asynccontextmanager
    async def open(
        cls, path: Path, *, patience: float = 5.0, migrations: Sequence[Migration] = MIGRATIONS
    ) -> AsyncIterator[Self]:
        """Open the store and bring its file up to date; close it at the end of the block.

        Args:
            path: the database's file; it and its folder are created where they are missing.
            patience: for how many seconds to wait for another program's lock.
            migrations: the steps that bring it up to date.

        Raises:
            StoreTooNewError: it was written by a newer program.
            StoreUnavailableError: it cannot be reached, written or locked.
            StoreError: it is not a database of this program.
        """
        async with opened(path, patience=patience, migrations=migrations) as connection:
            yield cls(connection, path)

    async def settings_of(self, *, server: str) -> dict[str, object] | None:
        """See `SettingsStore.settings_of`."""
        async with self.transaction("DEFERRED"):
            rows = await self.rows("SELECT settings FROM server_settings WHERE server = ?", (server,))
        return dict(json.loads(rows[0][0])) if rows else None

    async def save_settings(self, *, server: str, values: Mapping[str, object], at: datetime) -> None:
        """See `SettingsStore.save_settings`."""
        row = (server, json.dumps(dict(values), sort_keys=True), kept_time(at))
        async with self.transaction("IMMEDIATE"):
            await self.change(
                "INSERT OR REPLACE INTO server_settings (server, settings, saved) VALUES (?, ?, ?)", row
            )

    async def expire(self, *, now: datetime, keep: timedelta) -> int:
        """See `Store.expire`."""
        return await self.erase(_EXPIRE, (kept_time(now - keep),))

    async def privacy_of(self, *, member: str) -> dict[str, int]:
        """See `Store.privacy_of`."""
        async with self.transaction("DEFERRED"):
            counts = {kind: await self._count(sql, member) for kind, sql in _COUNT_OF.items()}
            more = {kind: await self._count(sql, member) for kind, sql in _COUNT_OF_MODERATORS.items()}
        return counts | {kind: count for kind, count in more.items() if count}

    async def forget(self, *, member: str) -> int:
        """See `Store.forget`."""
        return await self.erase(_FORGET, (member,))

    async def _count(self, sql: str, member: str) -> int:
        return int((await self.rows(sql, (member,)))[0][0])
