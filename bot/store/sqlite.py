"""The store in one SQLite file: the default, which needs no server."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal, Self

import aiosqlite

from bot.errors import StoreError
from bot.store.interface import Store
from bot.store.migrations import MIGRATIONS, Migration
from bot.store.model import KeptFinding, KeptReply, KeptSource, KeptSpoken
from bot.store.sqlite_errors import translated
from bot.store.sqlite_open import opened, transaction

_KEEP_REPLY = """
    INSERT INTO replies
        (reply, message, server, room, author, form, caveats, sources, digest, created, withdrawn)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (reply) DO UPDATE SET
        author = excluded.author, form = excluded.form, caveats = excluded.caveats,
        sources = excluded.sources, digest = excluded.digest, withdrawn = excluded.withdrawn
"""
_KEEP_FINDING = """
    INSERT INTO findings (reply, place, rule, family, stance, score, phrase, matched, because)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_KEEP_SHADOW = """
    INSERT INTO shadow_findings
        (server, message, room, author, found, place, rule, family, stance, score, phrase, matched, because)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_REPLY = """
    SELECT reply, message, server, room, author, form, caveats, sources, digest, created, withdrawn
    FROM replies
"""
_FINDINGS = """
    SELECT rule, family, stance, score, phrase, matched, because FROM findings WHERE reply = ? ORDER BY place
"""
_LAST_ANSWERED = """
    SELECT findings.family, MAX(replies.created) FROM replies JOIN findings USING (reply)
    WHERE replies.server = ? AND replies.created >= ? AND replies.message <> ?
"""
_LAST_EMERGENCY = """
    SELECT MAX(created) FROM replies
    WHERE server = ? AND created >= ? AND message <> ? AND room = ? AND author = ? AND form = 'emergency'
"""
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
_FORGET = (
    """
    UPDATE findings SET matched = NULL, because = NULL
    WHERE (matched IS NOT NULL OR because IS NOT NULL)
        AND reply IN (SELECT reply FROM replies WHERE author = ?)
    """,
    "UPDATE replies SET author = NULL WHERE author = ?",
    "UPDATE shadow_findings SET author = NULL, matched = NULL, because = NULL WHERE author = ?",
    "DELETE FROM votes WHERE member = ?",
)


class SQLiteStore(Store):
    """Everything that is remembered, in one file, written by one connection.

    Open it with `async with SQLiteStore.open(path) as store`.
    """

    def __init__(self, connection: aiosqlite.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path
        # One connection has one transaction at a time, whatever the number of coroutines.
        self._turn = asyncio.Lock()

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

    async def claim(self, *, message: str, at: datetime) -> bool:
        """See `Store.claim`."""
        async with self._transaction("IMMEDIATE"):
            return (
                await self._change(
                    "INSERT INTO claimed_messages (message, claimed) VALUES (?, ?) ON CONFLICT DO NOTHING",
                    (message, _kept_time(at)),
                )
                == 1
            )

    async def release(self, *, message: str) -> None:
        """See `Store.release`."""
        async with self._transaction("IMMEDIATE"):
            await self._change("DELETE FROM claimed_messages WHERE message = ?", (message,))

    async def keep_reply(self, kept: KeptReply) -> None:
        """See `Store.keep_reply`."""
        row = (
            kept.reply,
            kept.message,
            kept.server,
            kept.room,
            kept.author,
            kept.form,
            json.dumps(kept.caveats),
            json.dumps([[source.label, source.link] for source in kept.sources]),
            kept.digest,
            _kept_time(kept.created),
            _kept_time(kept.withdrawn) if kept.withdrawn else None,
        )
        rows = [(kept.reply, place, *_finding_row(finding)) for place, finding in enumerate(kept.findings)]
        async with self._transaction("IMMEDIATE"):
            await self._change(_KEEP_REPLY, row)
            await self._change("DELETE FROM findings WHERE reply = ?", (kept.reply,))
            await self._connection.executemany(_KEEP_FINDING, rows)

    async def keep_shadow(
        self,
        findings: Sequence[KeptFinding],
        *,
        message: str,
        server: str,
        room: str,
        author: str,
        at: datetime,
    ) -> None:
        """See `Store.keep_shadow`."""
        common = (server, message, room, author, _kept_time(at))
        rows = [(*common, place, *_finding_row(finding)) for place, finding in enumerate(findings)]
        async with self._transaction("IMMEDIATE"):
            await self._change(
                "DELETE FROM shadow_findings WHERE server = ? AND message = ?", (server, message)
            )
            await self._connection.executemany(_KEEP_SHADOW, rows)

    async def reply(self, *, reply: str) -> KeptReply | None:
        """See `Store.reply`."""
        async with self._transaction("DEFERRED"):
            return await self._one_reply("WHERE reply = ?", (reply,))

    async def reply_to(self, *, server: str, message: str) -> KeptReply | None:
        """See `Store.reply_to`."""
        standing = "WHERE server = ? AND message = ? AND withdrawn IS NULL ORDER BY created DESC LIMIT 1"
        async with self._transaction("DEFERRED"):
            return await self._one_reply(standing, (server, message))

    async def withdraw(self, *, reply: str, at: datetime) -> None:
        """See `Store.withdraw`."""
        async with self._transaction("IMMEDIATE"):
            await self._change(
                "UPDATE replies SET withdrawn = ? WHERE reply = ? AND withdrawn IS NULL",
                (_kept_time(at), reply),
            )

    async def spoken(
        self, *, server: str, room: str, member: str, since: datetime, besides: str
    ) -> KeptSpoken:
        """See `Store.spoken`."""
        common = (server, _kept_time(since), besides)
        in_room = (
            f"{_LAST_ANSWERED} AND replies.room = ? AND replies.withdrawn IS NULL GROUP BY findings.family"
        )
        to_member = f"{_LAST_ANSWERED} AND replies.author = ? GROUP BY findings.family"
        async with self._transaction("DEFERRED"):
            last = (await self._rows(_LAST_EMERGENCY, (*common, room, member)))[0][0]
            return KeptSpoken(
                in_room=_times(await self._rows(in_room, (*common, room))),
                to_member=_times(await self._rows(to_member, (*common, member))),
                emergency=datetime.fromisoformat(last) if last is not None else None,
            )

    async def vote(self, *, reply: str, member: str, vote: str, at: datetime) -> str | None:
        """See `Store.vote`."""
        async with self._transaction("IMMEDIATE"):
            if not await self._rows("SELECT 1 FROM replies WHERE reply = ?", (reply,)):
                raise StoreError("this reply is not in the database, so it cannot be voted on")
            ballot = (reply, member)
            before = await self._rows("SELECT vote FROM votes WHERE reply = ? AND member = ?", ballot)
            if before and before[0][0] == vote:
                await self._change("DELETE FROM votes WHERE reply = ? AND member = ?", ballot)
                return None
            await self._change(
                "INSERT OR REPLACE INTO votes (reply, member, vote, voted) VALUES (?, ?, ?, ?)",
                (*ballot, vote, _kept_time(at)),
            )
            return vote

    async def votes_on(self, *, reply: str) -> dict[str, int]:
        """See `Store.votes_on`."""
        async with self._transaction("DEFERRED"):
            rows = await self._rows(
                "SELECT vote, COUNT(*) FROM votes WHERE reply = ? GROUP BY vote", (reply,)
            )
            return {str(vote): int(count) for vote, count in rows}

    async def settings_of(self, *, server: str) -> dict[str, object] | None:
        """See `Store.settings_of`."""
        async with self._transaction("DEFERRED"):
            rows = await self._rows("SELECT settings FROM server_settings WHERE server = ?", (server,))
        return dict(json.loads(rows[0][0])) if rows else None

    async def save_settings(self, *, server: str, values: Mapping[str, object], at: datetime) -> None:
        """See `Store.save_settings`."""
        row = (server, json.dumps(dict(values), sort_keys=True), _kept_time(at))
        async with self._transaction("IMMEDIATE"):
            await self._change(
                "INSERT OR REPLACE INTO server_settings (server, settings, saved) VALUES (?, ?, ?)", row
            )

    async def expire(self, *, now: datetime, keep: timedelta) -> int:
        """See `Store.expire`."""
        return await self._erase(_EXPIRE, (_kept_time(now - keep),))

    async def privacy_of(self, *, member: str) -> dict[str, int]:
        """See `Store.privacy_of`."""
        async with self._transaction("DEFERRED"):
            return {kind: int((await self._rows(sql, (member,)))[0][0]) for kind, sql in _COUNT_OF.items()}

    async def forget(self, *, member: str) -> int:
        """See `Store.forget`."""
        return await self._erase(_FORGET, (member,))

    @asynccontextmanager
    async def _transaction(self, mode: Literal["DEFERRED", "IMMEDIATE"]) -> AsyncIterator[None]:
        async with self._turn:
            with translated(self._path):
                async with transaction(self._connection, mode):
                    yield

    async def _rows(self, sql: str, values: Sequence[object]) -> list[sqlite3.Row]:
        return list(await self._connection.execute_fetchall(sql, tuple(values)))

    async def _change(self, sql: str, values: Sequence[object]) -> int:
        async with self._connection.execute(sql, tuple(values)) as cursor:
            return cursor.rowcount

    async def _erase(self, statements: Iterable[str], values: Sequence[object]) -> int:
        """Take all steps of an erasure, then clear the write-ahead log, which still holds what was erased."""
        async with self._transaction("IMMEDIATE"):
            changed = sum([await self._change(sql, values) for sql in statements])
        if changed:
            async with self._turn:
                with translated(self._path):
                    await self._rows("PRAGMA wal_checkpoint(TRUNCATE)", ())
        return changed

    async def _one_reply(self, which: str, values: Sequence[object]) -> KeptReply | None:
        rows = await self._rows(_REPLY + which, values)
        if not rows:
            return None
        reply, message, server, room, author, form, caveats, sources, digest, created, withdrawn = rows[0]
        return KeptReply(
            reply=reply,
            message=message,
            server=server,
            room=room,
            author=author,
            form=form,
            findings=tuple(_finding(row) for row in await self._rows(_FINDINGS, (reply,))),
            caveats=tuple(json.loads(caveats)),
            sources=tuple(KeptSource(label, link) for label, link in json.loads(sources)),
            digest=digest,
            created=datetime.fromisoformat(created),
            withdrawn=datetime.fromisoformat(withdrawn) if withdrawn is not None else None,
        )


def _finding_row(finding: KeptFinding) -> tuple[object, ...]:
    return (
        finding.rule,
        finding.family,
        finding.stance,
        finding.score,
        finding.phrase,
        _encodable(finding.matched) if finding.matched is not None else None,
        json.dumps(finding.because) if finding.because else None,
    )


def _finding(row: sqlite3.Row) -> KeptFinding:
    rule, family, stance, score, phrase, matched, because = row
    return KeptFinding(
        rule, family, stance, score, phrase, matched, tuple(json.loads(because)) if because else ()
    )


def _times(rows: Iterable[sqlite3.Row]) -> dict[str, datetime]:
    return {str(family): datetime.fromisoformat(last) for family, last in rows}


def _kept_time(time: datetime) -> str:
    """In UTC and always of the same length, so that the order of the texts is that of the times."""
    return time.astimezone(UTC).isoformat(timespec="microseconds")


def _encodable(text: str) -> str:
    """The text with lone surrogates replaced: members can type them, UTF-8 cannot hold them."""
    return text.encode("utf-8", "replace").decode("utf-8")
