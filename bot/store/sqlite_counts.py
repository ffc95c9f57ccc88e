"""How often what happened, week by week, in SQLite."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from bot.store.interface import CountStore
from bot.store.model import KeptCount, week_of
from bot.store.sqlite_connection import SQLiteConnection

_COUNT = """
    INSERT INTO weekly_counts (server, week, family, kind, reason, count)
    VALUES (?1, ?2, ?3, ?4, ?5, MAX(?6, 0))
    ON CONFLICT DO UPDATE SET count = MAX(count + ?6, 0)
"""
_COUNTS = """
    WITH ballots AS (
        SELECT date(created, 'weekday 0', '-6 days') AS week, family, reply, vote
        FROM votes JOIN replies USING (reply) JOIN findings USING (reply)
        WHERE place = 0 AND (?1 IS NULL OR server = ?1) AND created >= ?2
    )
    SELECT week, family, kind, reason, SUM(count) FROM weekly_counts
    WHERE (?1 IS NULL OR server = ?1) AND week >= ?2 GROUP BY week, family, kind, reason HAVING SUM(count) > 0
    UNION ALL
    SELECT week, family, 'vote', vote, COUNT(*) FROM ballots GROUP BY week, family, vote
    UNION ALL
    SELECT week, family, 'voted', vote, COUNT(DISTINCT reply) FROM ballots GROUP BY week, family, vote
    UNION ALL
    SELECT week, family, 'voted', '', COUNT(DISTINCT reply) FROM ballots GROUP BY week, family
    ORDER BY 1, 2, 3, 4
"""


class SQLiteCounts(SQLiteConnection, CountStore):
    """What is counted, in one SQLite file."""

    async def count_hold(self, *, server: str, family: str, reason: str, at: datetime) -> None:
        """See `CountStore.count_hold`."""
        async with self.transaction("IMMEDIATE"):
            await self.count(1, server=server, week=week_of(at), family=family, kind="hold", reason=reason)

    async def counts(self, *, server: str | None, since: date) -> tuple[KeptCount, ...]:
        """See `CountStore.counts`."""
        async with self.transaction("DEFERRED"):
            rows = await self.rows(_COUNTS, (server, since.isoformat()))
        return tuple(
            KeptCount(date.fromisoformat(week), family, kind, reason, count)
            for week, family, kind, reason, count in rows
        )

    async def count(
        self,
        amount: int,
        *,
        server: str,
        week: date,
        family: str,
        kind: Literal["reply", "hold", "shadow"],
        reason: str = "",
    ) -> None:
        """Add to a week's count or, where the amount is negative, take off; only inside a transaction."""
        await self.change(_COUNT, (server, week.isoformat(), family, kind, reason, amount))
