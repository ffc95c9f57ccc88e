"""Servers' changes to the rules, version by version, and drafts, in SQLite."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from datetime import datetime

from bot.errors import StoreError
from bot.store.interface import VersionStore
from bot.store.model import KeptDraft, KeptVersion, NewerVersionError, NewVersion
from bot.store.sqlite_connection import SQLiteConnection, encodable, kept_time

MOST_DRAFTS = 10
"""So many drafts of a moderator are kept on a server; the oldest goes first."""

_VERSION = """
    SELECT server, number, author, saved, why, text, digest, difference, trials, set_aside FROM rule_versions
"""
_NEWEST = "WHERE server = ? ORDER BY number DESC LIMIT 1"
_SAVE = """
    INSERT INTO rule_versions (server, number, author, saved, why, text, digest, difference, trials)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_DRAFT = "SELECT draft, server, member, about, text, problem, saved FROM rule_drafts"
_KEEP_DRAFT = """
    INSERT INTO rule_drafts (server, member, about, text, problem, saved) VALUES (?, ?, ?, ?, ?, ?)
"""
_DROP_OLD_DRAFTS = """
    DELETE FROM rule_drafts WHERE server = ?1 AND member = ?2 AND draft NOT IN (
        SELECT draft FROM rule_drafts WHERE server = ?1 AND member = ?2 ORDER BY draft DESC LIMIT ?3
    )
"""


class SQLiteVersions(SQLiteConnection, VersionStore):
    """Servers' changes to the rules, in one SQLite file."""

    async def save_version(self, version: NewVersion, *, seen: int) -> KeptVersion:
        """See `VersionStore.save_version`."""
        async with self.transaction("IMMEDIATE"):
            newest = await self._versions(_NEWEST, (version.server,))
            if newest and newest[0].number != seen:
                raise NewerVersionError(newest[0])
            if not newest and seen:
                raise StoreError(f"there is no version {seen} of this server's rules in the database")
            trials = {rule: kept_time(until) for rule, until in version.trials.items()}
            row = (
                version.server,
                seen + 1,
                version.author,
                kept_time(version.saved),
                encodable(version.why),
                version.text,
                version.digest,
                version.difference,
                json.dumps(trials, sort_keys=True),
            )
            await self.change(_SAVE, row)
            return (await self._versions(_NEWEST, (version.server,)))[0]

    async def version(self, *, server: str, number: int | None = None) -> KeptVersion | None:
        """See `VersionStore.version`."""
        async with self.transaction("DEFERRED"):
            if number is None:
                found = await self._versions(_NEWEST, (server,))
            else:
                found = await self._versions("WHERE server = ? AND number = ?", (server, number))
        return found[0] if found else None

    async def versions(
        self, *, server: str, limit: int = 20, before: int | None = None
    ) -> tuple[KeptVersion, ...]:
        """See `VersionStore.versions`."""
        which = "WHERE server = ?1 AND (?2 IS NULL OR number < ?2) ORDER BY number DESC LIMIT ?3"
        async with self.transaction("DEFERRED"):
            return tuple(await self._versions(which, (server, before, limit)))

    async def newest_versions(self) -> tuple[KeptVersion, ...]:
        """See `VersionStore.newest_versions`."""
        which = """
            JOIN (SELECT server, MAX(number) AS number FROM rule_versions GROUP BY server)
            USING (server, number) ORDER BY server
        """
        async with self.transaction("DEFERRED"):
            return tuple(await self._versions(which, ()))

    async def set_aside(self, *, server: str, number: int, reason: str | None) -> None:
        """See `VersionStore.set_aside`."""
        async with self.transaction("IMMEDIATE"):
            await self.change(
                "UPDATE rule_versions SET set_aside = ? WHERE server = ? AND number = ?",
                (encodable(reason) if reason is not None else None, server, number),
            )

    async def keep_draft(
        self, *, server: str, member: str, about: str, text: str, problem: str, at: datetime
    ) -> KeptDraft:
        """See `VersionStore.keep_draft`."""
        row = (server, member, encodable(about), encodable(text), encodable(problem), kept_time(at))
        async with self.transaction("IMMEDIATE"):
            await self.change(_KEEP_DRAFT, row)
            await self.change(_DROP_OLD_DRAFTS, (server, member, MOST_DRAFTS))
            return (await self._drafts(server, member))[0]

    async def drafts(self, *, server: str, member: str) -> tuple[KeptDraft, ...]:
        """See `VersionStore.drafts`."""
        async with self.transaction("DEFERRED"):
            return tuple(await self._drafts(server, member))

    async def drop_draft(self, *, draft: int, member: str) -> None:
        """See `VersionStore.drop_draft`."""
        async with self.transaction("IMMEDIATE"):
            await self.change("DELETE FROM rule_drafts WHERE draft = ? AND member = ?", (draft, member))

    async def _versions(self, which: str, values: Sequence[object]) -> list[KeptVersion]:
        return [_version(row) for row in await self.rows(_VERSION + which, values)]

    async def _drafts(self, server: str, member: str) -> list[KeptDraft]:
        which = " WHERE server = ? AND member = ? ORDER BY draft DESC"
        return [_draft(row) for row in await self.rows(_DRAFT + which, (server, member))]


def _version(row: sqlite3.Row) -> KeptVersion:
    server, number, author, saved, why, text, digest, difference, trials, set_aside = row
    return KeptVersion(
        server=server,
        author=author,
        saved=datetime.fromisoformat(saved),
        why=why,
        text=text,
        digest=digest,
        difference=difference,
        trials={rule: datetime.fromisoformat(until) for rule, until in json.loads(trials).items()},
        number=number,
        set_aside=set_aside,
    )


def _draft(row: sqlite3.Row) -> KeptDraft:
    draft, server, member, about, text, problem, saved = row
    return KeptDraft(draft, server, member, about, text, problem, datetime.fromisoformat(saved))
