"""Replies, votes and what rules in shadow found, in SQLite."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime

from bot.errors import StoreError
from bot.store.interface import ReplyStore
from bot.store.model import KeptFinding, KeptReply, KeptSource, KeptSpoken, week_of
from bot.store.reviews import OBJECTIONS
from bot.store.sqlite_connection import encodable, kept_time
from bot.store.sqlite_counts import SQLiteCounts

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
_COUNTED_AS = """
    SELECT created, family FROM replies LEFT JOIN findings ON findings.reply = replies.reply AND place = 0
    WHERE replies.reply = ?
"""
_LAST_ANSWERED = """
    SELECT findings.family, MAX(replies.created) FROM replies JOIN findings USING (reply)
    WHERE replies.server = ? AND replies.created >= ? AND replies.message <> ?
"""
_LAST_EMERGENCY = """
    SELECT MAX(created) FROM replies
    WHERE server = ? AND created >= ? AND message <> ? AND room = ? AND author = ? AND form = 'emergency'
"""
# A reply is in the queue for as long as a vote against it stands, and for good once somebody has decided.
_QUEUE = (
    """
    INSERT INTO reviews (reply, server, opened)
    SELECT reply, server, ?2 FROM replies
    WHERE reply = ?1 AND EXISTS (SELECT 1 FROM votes WHERE reply = ?1 AND vote IN (?3, ?4))
    ON CONFLICT (reply) DO NOTHING
    """,
    """
    DELETE FROM reviews
    WHERE reply = ?1 AND state = 'open' AND ?2 IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM votes WHERE reply = ?1 AND vote IN (?3, ?4))
    """,
)


class SQLiteReplies(SQLiteCounts, ReplyStore):
    """What was said, in one SQLite file."""

    async def claim(self, *, message: str, at: datetime) -> bool:
        """See `ReplyStore.claim`."""
        async with self.transaction("IMMEDIATE"):
            return (
                await self.change(
                    "INSERT INTO claimed_messages (message, claimed) VALUES (?, ?) ON CONFLICT DO NOTHING",
                    (message, kept_time(at)),
                )
                == 1
            )

    async def release(self, *, message: str) -> None:
        """See `ReplyStore.release`."""
        async with self.transaction("IMMEDIATE"):
            await self.change("DELETE FROM claimed_messages WHERE message = ?", (message,))

    async def keep_reply(self, kept: KeptReply) -> None:
        """See `ReplyStore.keep_reply`."""
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
            kept_time(kept.created),
            kept_time(kept.withdrawn) if kept.withdrawn else None,
        )
        rows = [(kept.reply, place, *_finding_row(finding)) for place, finding in enumerate(kept.findings)]
        async with self.transaction("IMMEDIATE"):
            await self._count_reply(kept)
            await self.change(_KEEP_REPLY, row)
            await self.change("DELETE FROM findings WHERE reply = ?", (kept.reply,))
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
        family: str | None = None,
    ) -> None:
        """See `ReplyStore.keep_shadow`."""
        common = (server, message, room, author, kept_time(at))
        rows = [(*common, place, *_finding_row(finding)) for place, finding in enumerate(findings)]
        async with self.transaction("IMMEDIATE"):
            before = await self.change(
                "DELETE FROM shadow_findings WHERE server = ? AND message = ?", (server, message)
            )
            await self._connection.executemany(_KEEP_SHADOW, rows)
            if family is not None and not before:
                await self.count(1, server=server, week=week_of(at), family=family, kind="shadow")

    async def reply(self, *, reply: str) -> KeptReply | None:
        """See `ReplyStore.reply`."""
        async with self.transaction("DEFERRED"):
            return await self.one_reply("WHERE reply = ?", (reply,))

    async def reply_to(self, *, server: str, message: str) -> KeptReply | None:
        """See `ReplyStore.reply_to`."""
        standing = "WHERE server = ? AND message = ? AND withdrawn IS NULL ORDER BY created DESC LIMIT 1"
        async with self.transaction("DEFERRED"):
            return await self.one_reply(standing, (server, message))

    async def withdraw(self, *, reply: str, at: datetime) -> None:
        """See `ReplyStore.withdraw`."""
        async with self.transaction("IMMEDIATE"):
            await self.change(
                "UPDATE replies SET withdrawn = ? WHERE reply = ? AND withdrawn IS NULL",
                (kept_time(at), reply),
            )

    async def spoken(
        self, *, server: str, room: str, member: str, since: datetime, besides: str
    ) -> KeptSpoken:
        """See `ReplyStore.spoken`."""
        common = (server, kept_time(since), besides)
        in_room = (
            f"{_LAST_ANSWERED} AND replies.room = ? AND replies.withdrawn IS NULL GROUP BY findings.family"
        )
        to_member = f"{_LAST_ANSWERED} AND replies.author = ? GROUP BY findings.family"
        async with self.transaction("DEFERRED"):
            last = (await self.rows(_LAST_EMERGENCY, (*common, room, member)))[0][0]
            return KeptSpoken(
                in_room=_times(await self.rows(in_room, (*common, room))),
                to_member=_times(await self.rows(to_member, (*common, member))),
                emergency=datetime.fromisoformat(last) if last is not None else None,
            )

    async def vote(self, *, reply: str, member: str, vote: str, at: datetime) -> str | None:
        """See `ReplyStore.vote`."""
        async with self.transaction("IMMEDIATE"):
            if not await self.rows("SELECT 1 FROM replies WHERE reply = ?", (reply,)):
                raise StoreError("this reply is not in the database, so it cannot be voted on")
            ballot = (reply, member)
            before = await self.rows("SELECT vote FROM votes WHERE reply = ? AND member = ?", ballot)
            taken_back = bool(before) and before[0][0] == vote
            if taken_back:
                await self.change("DELETE FROM votes WHERE reply = ? AND member = ?", ballot)
            else:
                await self.change(
                    "INSERT OR REPLACE INTO votes (reply, member, vote, voted) VALUES (?, ?, ?, ?)",
                    (*ballot, vote, kept_time(at)),
                )
            for statement in _QUEUE:
                await self.change(statement, (reply, kept_time(at), *OBJECTIONS))
            return None if taken_back else vote

    async def votes_on(self, *, reply: str) -> dict[str, int]:
        """See `ReplyStore.votes_on`."""
        async with self.transaction("DEFERRED"):
            rows = await self.rows("SELECT vote, COUNT(*) FROM votes WHERE reply = ? GROUP BY vote", (reply,))
            return {str(vote): int(count) for vote, count in rows}

    async def _count_reply(self, kept: KeptReply) -> None:
        """Count a new reply; where an edit made another family the weightiest, move it to that one."""
        family = kept.families[0] if kept.families else None
        before = await self.rows(_COUNTED_AS, (kept.reply,))
        week, counted = week_of(kept.created), None
        if before:
            week, counted = week_of(datetime.fromisoformat(before[0][0])), before[0][1]
        if counted == family:
            return
        for one, amount in ((counted, -1), (family, 1)):
            if one is not None:
                await self.count(amount, server=kept.server, week=week, family=one, kind="reply")

    async def one_reply(self, which: str, values: Sequence[object]) -> KeptReply | None:
        """Give the first reply of a condition with its findings; only inside a transaction."""
        rows = await self.rows(_REPLY + which, values)
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
            findings=tuple(_finding(row) for row in await self.rows(_FINDINGS, (reply,))),
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
        encodable(finding.matched) if finding.matched is not None else None,
        json.dumps(finding.because) if finding.because else None,
    )


def _finding(row: sqlite3.Row) -> KeptFinding:
    rule, family, stance, score, phrase, matched, because = row
    return KeptFinding(
        rule, family, stance, score, phrase, matched, tuple(json.loads(because)) if because else ()
    )


def _times(rows: Iterable[sqlite3.Row]) -> dict[str, datetime]:
    return {str(family): datetime.fromisoformat(last) for family, last in rows}
