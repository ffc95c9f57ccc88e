"""From what a store has counted to figures by week and claim family. Pure: the current week is passed in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta

from msgspec import Struct, field

from bot.statistics.wilson import Share
from bot.store.model import KeptCount

HELPFUL, NOT_HELPFUL, NOT_WHAT_I_SAID = "helpful", "not-helpful", "not-what-i-said"
VOTES = {HELPFUL: "helpful", NOT_HELPFUL: "not helpful", NOT_WHAT_I_SAID: "not what I said"}
"""Each vote as the store keeps it, and as people read it."""

WEEK = timedelta(weeks=1)
USUAL_WEEKS = 12
MOST_WEEKS = 104
"""So many weeks are told at most, and so many where nothing else is asked."""


class Figures(Struct, frozen=True):
    """What happened in some weeks, in some families.

    Args:
        replies: replies sent.
        holds: claims that were not answered, by reason.
        shadow: messages that only rules in shadow would have answered.
        votes: votes on the replies, by vote.
        voted: replies with at least one vote.
        false_alarms: replies with at least one vote “not what I said”.
    """

    replies: int = 0
    holds: Mapping[str, int] = field(default_factory=dict)
    shadow: int = 0
    votes: Mapping[str, int] = field(default_factory=dict)
    voted: int = 0
    false_alarms: int = 0

    @property
    def held(self) -> int:
        """Claims that were not answered, for whatever reason."""
        return sum(self.holds.values())

    @property
    def all_votes(self) -> int:
        """Votes of all kinds."""
        return sum(self.votes.values())

    @property
    def false_alarm_share(self) -> Share:
        """Of the replies that were voted on, those that somebody called “not what I said”."""
        return Share(self.false_alarms, self.voted)

    @property
    def helpful_share(self) -> Share:
        """Of the votes, those for “helpful”."""
        return Share(self.votes.get(HELPFUL, 0), self.all_votes)

    def __add__(self, other: Figures) -> Figures:
        return Figures(
            self.replies + other.replies,
            _added(self.holds, other.holds),
            self.shadow + other.shadow,
            _added(self.votes, other.votes),
            self.voted + other.voted,
            self.false_alarms + other.false_alarms,
        )


class Statistics(Struct, frozen=True):
    """Figures by week and family.

    Args:
        weeks: the Mondays of all weeks looked at, oldest first, those without anything too.
        families: families in which anything happened, those with the most replies and holds first.
        cells: the figures of each week and family; where nothing happened there is none.
    """

    weeks: tuple[date, ...]
    families: tuple[str, ...]
    cells: Mapping[tuple[date, str], Figures]

    def of(self, *, week: date | None = None, family: str | None = None) -> Figures:
        """Sum up one week, one family, both, or everything."""
        asked = (
            figures
            for (monday, name), figures in self.cells.items()
            if week in (None, monday) and family in (None, name)
        )
        return sum(asked, Figures())

    @property
    def total(self) -> Figures:
        """The sum of everything."""
        return self.of()

    def reasons(self) -> tuple[str, ...]:
        """Every reason for which something was held, in alphabetical order."""
        return tuple(sorted(self.total.holds))


def first_week(last: date, weeks: int) -> date:
    """Give the Monday of the first of so many weeks.

    Args:
        last: the Monday of the last one.
        weeks: how many, 1 to 104.

    Raises:
        ValueError: so many weeks are not told, or `last` is no Monday.
    """
    if last.weekday() or not 1 <= weeks <= MOST_WEEKS:
        raise ValueError(f"no {weeks} weeks end with that of {last:%A}, {last}")
    return last - (weeks - 1) * WEEK


def tabulate(counts: Iterable[KeptCount], *, last: date, weeks: int, family: str | None = None) -> Statistics:
    """Make a table of what a store has counted.

    Args:
        counts: what it has counted; the order does not matter, other weeks are left out.
        last: the Monday of the last week.
        weeks: how many weeks to look at.
        family: the only family to look at; None: all.

    Raises:
        ValueError: so many weeks are not told, or `last` is no Monday.
    """
    first = first_week(last, weeks)
    cells: dict[tuple[date, str], Figures] = {}
    for count in counts:
        if first <= count.week <= last and family in (None, count.family):
            place = (count.week, count.family)
            cells[place] = cells.get(place, Figures()) + _figures(count)
    totals: Counter[str] = Counter()
    for (_, name), figures in cells.items():
        totals[name] += figures.replies + figures.held
    return Statistics(
        weeks=tuple(_weeks(first, last)),
        families=tuple(sorted(totals, key=lambda name: (-totals[name], name))),
        cells=dict(sorted(cells.items())),
    )


def _weeks(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += WEEK


def _figures(count: KeptCount) -> Figures:
    match count.kind:
        case "reply":
            return Figures(replies=count.count)
        case "hold":
            return Figures(holds={count.reason: count.count})
        case "shadow":
            return Figures(shadow=count.count)
        case "vote":
            return Figures(votes={count.reason: count.count})
        case "voted":
            return Figures(
                voted=count.count if not count.reason else 0,
                false_alarms=count.count if count.reason == NOT_WHAT_I_SAID else 0,
            )


def _added(one: Mapping[str, int], other: Mapping[str, int]) -> dict[str, int]:
    return dict(Counter(one) + Counter(other))
