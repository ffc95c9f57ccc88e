"""What the plot shows, before it is drawn: alike for the picture and for the page. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from msgspec import Struct

from bot.statistics.report import share_in_words
from bot.statistics.table import VOTES, Figures, Statistics
from bot.statistics.wilson import Share

MOST_FAMILIES = 6
"""So many families are drawn apart, those with the most replies and holds; others are drawn together."""
OTHERS = "other families"
SHADOW = "rules in shadow only"

_NAMED = 3
"""How many parts the alternative text names."""

Value = Callable[[Figures], int]


class Series(Struct, frozen=True):
    """A number for each week, oldest first.

    Args:
        name: a claim family, a vote as people read it, or what is drawn together.
        heights: the numbers.
    """

    name: str
    heights: tuple[int, ...]


class Bars(Struct, frozen=True):
    """Bars by week.

    Args:
        title: what is shown.
        unit: what is counted.
        weeks: the Mondays, oldest first.
        stacked: the parts of the bars, from below; one for all families that are not drawn apart is the last.
        line: drawn over the bars; None where there is nothing to draw.
    """

    title: str
    unit: str
    weeks: tuple[date, ...]
    stacked: tuple[Series, ...]
    line: Series | None = None

    @property
    def whole(self) -> tuple[int, ...]:
        """How high each bar is, all its parts together; nothing where there are no parts."""
        return tuple(sum(parts) for parts in zip(*(one.heights for one in self.stacked), strict=True))

    @property
    def most(self) -> int:
        """The highest number that is drawn; 0 where there are none."""
        return max([*self.whole, *(self.line.heights if self.line is not None else ())], default=0)

    def __str__(self) -> str:
        """Say what it shows, for those who cannot see it."""
        sums = [(series.name, sum(series.heights)) for series in self.stacked]
        bars = self.whole
        said = [f"{self.title}, by week: {sum(bars)} in all."]
        if any(bars):
            said.append(f"Most, {max(bars)}, in the week from {self.weeks[bars.index(max(bars))]}.")
            said.append(f"{_listed(sums)}.")
        if self.line is not None:
            said.append(f"Line: {self.line.name}, {sum(self.line.heights)} in all.")
        return " ".join(said)


class Shares(Struct, frozen=True):
    """For each of some families a share, and where the true one may lie.

    Args:
        title: what is shown.
        families: the families with their shares, that with the worst one last.
    """

    title: str
    families: tuple[tuple[str, Share], ...]

    def __str__(self) -> str:
        """Say what it shows, for those who cannot see it."""
        if not self.families:
            return f"{self.title}: no reply was voted on."
        told = "; ".join(f"{name}, {share_in_words(share)}" for name, share in reversed(self.families))
        return f"{self.title}, as shares of the replies voted on: {told}."


class Charts(Struct, frozen=True):
    """The four charts."""

    replies: Bars
    held: Bars
    votes: Bars
    false_alarms: Shares


def charts_of(statistics: Statistics) -> Charts:
    """Choose what is drawn of a table.

    Args:
        statistics: the table.
    """
    weeks = statistics.weeks
    by_week = [statistics.of(week=week) for week in weeks]
    shadow = tuple(figures.shadow for figures in by_week)
    votes = (
        Series(name, tuple(figures.votes.get(vote, 0) for figures in by_week)) for vote, name in VOTES.items()
    )
    return Charts(
        replies=Bars(
            "Replies sent", "replies in the week", weeks, _by_family(statistics, lambda one: one.replies)
        ),
        held=Bars(
            "Held back: cool-down, exempt, …",
            "claims in the week",
            weeks,
            _by_family(statistics, lambda one: one.held),
            Series(SHADOW, shadow) if any(shadow) else None,
        ),
        votes=Bars("Votes on these replies", "votes", weeks, tuple(votes)),
        false_alarms=_false_alarms(statistics),
    )


def _by_family(statistics: Statistics, value: Value) -> tuple[Series, ...]:
    apart = tuple(
        Series(family, tuple(value(statistics.of(week=week, family=family)) for week in statistics.weeks))
        for family in statistics.families[:MOST_FAMILIES]
    )
    if len(statistics.families) <= len(apart):
        return apart
    drawn = [sum(parts) for parts in zip(*(series.heights for series in apart), strict=True)]
    whole = [value(statistics.of(week=week)) for week in statistics.weeks]
    rest = tuple(one - other for one, other in zip(whole, drawn, strict=True))
    return (*apart, Series(OTHERS, rest))


def _false_alarms(statistics: Statistics) -> Shares:
    shares = ((name, statistics.of(family=name).false_alarm_share) for name in statistics.families)
    voted = sorted(
        ((name, share) for name, share in shares if share.whole),
        key=lambda pair: (pair[1].interval[0], pair[0]),
    )
    shown = tuple(voted[-MOST_FAMILIES - 1 :])
    title = "False alarms" if len(shown) == len(voted) else f"False alarms, the {len(shown)} worst families"
    return Shares(title, shown)


def _listed(sums: Sequence[tuple[str, int]]) -> str:
    named = [(name, count) for name, count in sums if count]
    rest = sum(count for _, count in named[_NAMED:])
    told = [f"{name} {count}" for name, count in named[:_NAMED]]
    return ", ".join([*told, f"others {rest}"] if rest else told)
