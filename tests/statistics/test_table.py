"""From counts to figures by week and family."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.replies.model import Vote
from bot.statistics.table import MOST_WEEKS, VOTES, Figures, first_week, tabulate
from bot.statistics.wilson import Share
from bot.store.model import KeptCount
from tests.statistics.samples import BEFORE, COUNTS, LAST, statistics

MOOD = Figures(5, {}, 0, {"helpful": 3, "not-what-i-said": 2}, 3, 1)


def test_the_votes_are_those_that_members_have() -> None:
    assert VOTES.keys() == {vote.value for vote in Vote}


def test_figures_are_summed_by_week_and_by_family() -> None:
    table = statistics()
    assert table.weeks == (LAST - timedelta(weeks=2), BEFORE, LAST)
    assert table.families == ("legal", "mood", "quality")
    assert table.of(family="mood") == MOOD
    assert table.of(week=LAST, family="mood") == Figures(2)
    assert table.of(week=LAST) == Figures(3, {"cool-down": 4, "exempt room": 1}, 5)
    assert table.of(week=table.weeks[0]) == Figures()
    assert table.total == Figures(6, {"cool-down": 4, "exempt room": 1}, 5, MOOD.votes, 3, 1)
    assert table.reasons() == ("cool-down", "exempt room")


def test_shares_are_of_replies_voted_on_and_of_votes() -> None:
    total = statistics().total
    assert (total.held, total.all_votes) == (5, 5)
    assert total.false_alarm_share == Share(1, 3)
    assert total.helpful_share == Share(3, 5)


def test_one_family_alone() -> None:
    table = statistics(family="mood")
    assert table.families == ("mood",)
    assert table.total == MOOD


@pytest.mark.parametrize("weeks", [1, 2, 12, MOST_WEEKS])
def test_so_many_weeks_are_told_whether_or_not_anything_happened(weeks: int) -> None:
    table = tabulate((), last=LAST, weeks=weeks)
    assert (len(table.weeks), table.weeks[-1], table.weeks[0]) == (weeks, LAST, first_week(LAST, weeks))
    assert (table.families, table.cells, table.total) == ((), {}, Figures())


@pytest.mark.parametrize(("last", "weeks"), [(LAST, 0), (LAST, MOST_WEEKS + 1), (date(2026, 11, 24), 2)])
def test_other_weeks_are_refused(last: date, weeks: int) -> None:
    with pytest.raises(ValueError, match="weeks end with"):
        tabulate(COUNTS, last=last, weeks=weeks)


some_counts = st.lists(
    st.builds(
        KeptCount,
        week=st.integers(-3, 8).map(lambda back: LAST - timedelta(weeks=back)),
        family=st.sampled_from(["mood", "legal", "quality"]),
        kind=st.sampled_from(["reply", "hold", "shadow"]),
        reason=st.sampled_from(["", "cool-down", "exempt role"]),
        count=st.integers(1, 10**6),
    )
)


@given(some_counts, st.integers(1, 6))
def test_nothing_is_lost_or_told_twice(counts: list[KeptCount], weeks: int) -> None:
    table = tabulate(counts, last=LAST, weeks=weeks)
    inside = [one for one in counts if table.weeks[0] <= one.week <= LAST]
    assert sum(one.count for one in inside) == table.total.replies + table.total.held + table.total.shadow
    assert sum((table.of(week=week) for week in table.weeks), Figures()) == table.total
    assert sum((table.of(family=name) for name in table.families), Figures()) == table.total
    assert tabulate(counts[::-1], last=LAST, weeks=weeks) == table
