"""Counts as a store gives them, small enough to add up by hand."""

from __future__ import annotations

from datetime import date, timedelta

from bot.statistics.table import Statistics, tabulate
from bot.store.model import KeptCount

LAST = date(2026, 11, 23)
BEFORE = LAST - timedelta(weeks=1)

COUNTS = (
    KeptCount(BEFORE, "mood", "reply", "", 3),
    KeptCount(LAST, "mood", "reply", "", 2),
    KeptCount(LAST, "legal", "reply", "", 1),
    KeptCount(LAST, "legal", "hold", "cool-down", 4),
    KeptCount(LAST, "legal", "hold", "exempt room", 1),
    KeptCount(LAST, "quality", "shadow", "", 5),
    KeptCount(BEFORE, "mood", "vote", "helpful", 3),
    KeptCount(BEFORE, "mood", "vote", "not-what-i-said", 2),
    KeptCount(BEFORE, "mood", "voted", "", 3),
    KeptCount(BEFORE, "mood", "voted", "helpful", 3),
    KeptCount(BEFORE, "mood", "voted", "not-what-i-said", 1),
    KeptCount(LAST - timedelta(weeks=9), "mood", "reply", "", 100),
)


def statistics(weeks: int = 3, family: str | None = None) -> Statistics:
    return tabulate(COUNTS, last=LAST, weeks=weeks, family=family)
