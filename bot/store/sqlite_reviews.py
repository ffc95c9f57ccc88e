"""The review queue and repairs, in SQLite."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Sequence
from datetime import datetime

from bot.store.reviews import (
    Fate,
    KeptRepair,
    KeptReview,
    ReviewState,
    ReviewStore,
    RuleFigures,
)
from bot.store.sqlite_connection import kept_time
from bot.store.sqlite_replies import SQLiteReplies

DROP_ENTRIES_OF_VOTER = """
    DELETE FROM reviews
    WHERE state = 'open'
        AND reply IN (SELECT reply FROM votes WHERE member = ?1)
        AND reply NOT IN (
            SELECT reply FROM votes WHERE member <> ?1 AND vote IN ('not-what-i-said', 'not-helpful')
        )
"""
"""Takes entries back that rest on the votes of one member alone; before these votes go."""

_REVIEW = "SELECT entry, reply, opened, state, decided, decider, version FROM reviews"
_DECIDE = """
    UPDATE reviews SET state = ?, decided = ?, decider = ?, version = ? WHERE entry = ? AND state = 'open'
"""
_FIGURES = """
    WITH posted AS (
        SELECT reply FROM replies
        WHERE server = ?1 AND created >= ?3 AND form <> 'emergency'
            AND EXISTS (SELECT 1 FROM findings WHERE findings.reply = replies.reply AND rule = ?2)
    ), misread AS (
        SELECT reply, member FROM votes JOIN posted USING (reply)
        WHERE vote = 'not-what-i-said'
            AND reply NOT IN (SELECT reply FROM reviews WHERE server = ?1 AND state = 'dismissed')
    )
    SELECT (SELECT COUNT(*) FROM posted),
           (SELECT COUNT(DISTINCT reply) FROM misread),
           (SELECT COUNT(DISTINCT member) FROM misread)
"""
_REPAIR = "SELECT repair, server, rules, member, begun, ended FROM repairs"
_FOUND = """
    INSERT INTO repaired_replies (repair, reply, certain)
    SELECT ?1, reply, reply IN (SELECT value FROM json_each(?5)) FROM replies
    WHERE server = ?2 AND withdrawn IS NULL AND form <> 'emergency'
        AND (created >= ?4 OR reply IN (SELECT value FROM json_each(?5)))
        AND EXISTS (
            SELECT 1 FROM findings
            WHERE findings.reply = replies.reply AND rule IN (SELECT value FROM json_each(?3))
        )
"""
_LEFT = """
    SELECT reply, certain FROM repaired_replies LEFT JOIN replies USING (reply)
    WHERE repair = ? AND fate IS NULL ORDER BY created DESC, reply
"""


class SQLiteReviews(SQLiteReplies, ReviewStore):
    """What members object to, in one SQLite file."""

    async def review(self, *, entry: int) -> KeptReview | None:
        """See `ReviewStore.review`."""
        async with self.transaction("DEFERRED"):
            return await self._one_review("WHERE entry = ?", (entry,))

    async def next_review(self, *, server: str, after: int = 0) -> KeptReview | None:
        """See `ReviewStore.next_review`."""
        which = "WHERE server = ? AND state = 'open' ORDER BY entry <= ?, entry LIMIT 1"
        async with self.transaction("DEFERRED"):
            return await self._one_review(which, (server, after))

    async def count_reviews(self, *, server: str) -> int:
        """See `ReviewStore.count_reviews`."""
        which = "SELECT COUNT(*) FROM reviews WHERE server = ? AND state = 'open'"
        async with self.transaction("DEFERRED"):
            return int((await self.rows(which, (server,)))[0][0])

    async def decide_review(
        self, *, entry: int, state: ReviewState, by: str | None, at: datetime, version: int | None = None
    ) -> bool:
        """See `ReviewStore.decide_review`."""
        row = (state.value, kept_time(at), by, version, entry)
        async with self.transaction("IMMEDIATE"):
            return await self.change(_DECIDE, row) == 1

    async def rule_figures(self, *, server: str, rule: str, since: datetime) -> RuleFigures:
        """See `ReviewStore.rule_figures`."""
        async with self.transaction("DEFERRED"):
            replies, misread, voters = (await self.rows(_FIGURES, (server, rule, kept_time(since))))[0]
        return RuleFigures(int(replies), int(misread), int(voters))

    async def begin_repair(
        self,
        *,
        server: str,
        rules: Collection[str],
        since: datetime,
        by: str | None,
        at: datetime,
        certain: Sequence[str] = (),
    ) -> KeptRepair | None:
        """See `ReviewStore.begin_repair`."""
        named, sure = json.dumps(sorted(rules)), json.dumps(list(certain))
        async with self.transaction("IMMEDIATE"):
            rows = await self.rows(
                "INSERT INTO repairs (server, rules, member, begun) VALUES (?, ?, ?, ?) RETURNING repair",
                (server, named, by, kept_time(at)),
            )
            repair = int(rows[0][0])
            if await self.change(_FOUND, (repair, server, named, kept_time(since), sure)) == 0:
                await self.change("DELETE FROM repairs WHERE repair = ?", (repair,))
                return None
            return (await self._repairs("WHERE repair = ?", (repair,)))[0]

    async def open_repairs(self) -> tuple[KeptRepair, ...]:
        """See `ReviewStore.open_repairs`."""
        async with self.transaction("DEFERRED"):
            return tuple(await self._repairs("WHERE ended IS NULL ORDER BY repair", ()))

    async def note_fate(self, *, repair: int, reply: str, fate: Fate) -> None:
        """See `ReviewStore.note_fate`."""
        async with self.transaction("IMMEDIATE"):
            await self.change(
                "UPDATE repaired_replies SET fate = ? WHERE repair = ? AND reply = ?",
                (fate.value, repair, reply),
            )

    async def end_repair(self, *, repair: int, at: datetime) -> KeptRepair | None:
        """See `ReviewStore.end_repair`."""
        async with self.transaction("IMMEDIATE"):
            ended = await self.change(
                "UPDATE repairs SET ended = ? WHERE repair = ? AND ended IS NULL", (kept_time(at), repair)
            )
            found = await self._repairs("WHERE repair = ?", (repair,))
        return found[0] if ended and found else None

    async def _one_review(self, which: str, values: Sequence[object]) -> KeptReview | None:
        rows = await self.rows(f"{_REVIEW} {which}", values)
        if not rows:
            return None
        entry, reply, opened, state, decided, decider, version = rows[0]
        kept = await self.one_reply("WHERE reply = ?", (reply,))
        votes = await self.rows("SELECT vote, COUNT(*) FROM votes WHERE reply = ? GROUP BY vote", (reply,))
        if kept is None:
            return None
        return KeptReview(
            entry=int(entry),
            reply=kept,
            votes={str(vote): int(count) for vote, count in votes},
            opened=datetime.fromisoformat(opened),
            state=ReviewState(state),
            decided=_time(decided),
            decider=decider,
            version=version,
        )

    async def _repairs(self, which: str, values: Sequence[object]) -> list[KeptRepair]:
        return [await self._repair(row) for row in await self.rows(f"{_REPAIR} {which}", values)]

    async def _repair(self, row: sqlite3.Row) -> KeptRepair:
        repair, server, rules, member, begun, ended = row
        left = await self.rows(_LEFT, (repair,))
        fates = await self.rows(
            "SELECT fate, COUNT(*) FROM repaired_replies WHERE repair = ? AND fate IS NOT NULL GROUP BY fate",
            (repair,),
        )
        return KeptRepair(
            repair=int(repair),
            server=server,
            rules=tuple(json.loads(rules)),
            member=member,
            begun=datetime.fromisoformat(begun),
            left=tuple(reply for reply, _ in left),
            certain=frozenset(reply for reply, certain in left if certain),
            fates={Fate(fate): int(count) for fate, count in fates},
            ended=_time(ended),
        )


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text is not None else None
