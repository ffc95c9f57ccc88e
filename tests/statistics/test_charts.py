"""What is drawn of a table, and how it is told to those who cannot see it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.statistics.charts import MOST_FAMILIES, OTHERS, SHADOW, Bars, Series, Shares, charts_of
from bot.statistics.table import tabulate
from bot.statistics.wilson import Share
from bot.store.model import KeptCount
from tests.statistics.samples import BEFORE, LAST, statistics


def test_each_chart_shows_its_figures_week_by_week() -> None:
    charts = charts_of(statistics())
    assert charts.replies.weeks == (BEFORE - timedelta(weeks=1), BEFORE, LAST)
    # Those with the most replies and holds come first.
    assert charts.replies.stacked == (
        Series("legal", (0, 0, 1)),
        Series("mood", (0, 3, 2)),
        Series("quality", (0, 0, 0)),
    )
    assert charts.held.stacked[0] == Series("legal", (0, 0, 5))
    assert charts.held.line == Series(SHADOW, (0, 0, 5))
    assert [(one.name, one.heights) for one in charts.votes.stacked] == [
        ("helpful", (0, 3, 0)),
        ("not helpful", (0, 0, 0)),
        ("not what I said", (0, 2, 0)),
    ]
    assert charts.false_alarms == Shares("False alarms", (("mood", Share(1, 3)),))
    assert (charts.replies.line, charts.replies.whole, charts.held.most) == (None, (0, 3, 3), 5)


def test_families_with_little_are_drawn_together_and_none_is_lost() -> None:
    counts = [
        KeptCount(LAST, f"family-{number:02}", kind, "", 40 - number)
        for number in range(20)
        for kind in ("reply", "voted")
    ]
    charts = charts_of(tabulate(counts, last=LAST, weeks=2))
    assert [one.name for one in charts.replies.stacked] == [
        *(f"family-{number:02}" for number in range(MOST_FAMILIES)),
        OTHERS,
    ]
    assert charts.replies.whole == (0, sum(40 - number for number in range(20)))
    assert charts.false_alarms.title == "False alarms, the 7 worst families"
    lows = [share.interval[0] for _, share in charts.false_alarms.families]
    assert lows == sorted(lows)


@pytest.mark.parametrize(
    ("chart", "told"),
    [
        (
            charts_of(statistics()).replies,
            "Replies sent, by week: 6 in all. Most, 3, in the week from 2026-11-16. legal 1, mood 5.",
        ),
        (
            charts_of(statistics()).held,
            "Held back: cool-down, exempt, …, by week: 5 in all. Most, 5, in the week from 2026-11-23. "
            "legal 5. Line: rules in shadow only, 5 in all.",
        ),
        (
            charts_of(statistics()).false_alarms,
            "False alarms, as shares of the replies voted on: mood, 1 of 3, 6 % to 79 %.",
        ),
        (Shares("False alarms", ()), "False alarms: no reply was voted on."),
        (Bars("Votes", "votes", (LAST,), ()), "Votes, by week: 0 in all."),
        (
            Bars("Votes", "votes", (LAST,), tuple(Series(name, (1,)) for name in "abcde")),
            "Votes, by week: 5 in all. Most, 5, in the week from 2026-11-23. a 1, b 1, c 1, others 2.",
        ),
    ],
)
def test_a_chart_says_what_it_shows(chart: Bars | Shares, told: str) -> None:
    assert str(chart) == told
