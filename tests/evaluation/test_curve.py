"""Precision over recall against points worked out by hand."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.evaluation.curve import Point, Scored, best, curve

SCORED = (
    Scored(100, due=True),
    Scored(90, due=False),
    Scored(90, due=True),
    Scored(70, due=True),
    Scored(None, due=True),
    Scored(None, due=False),
)


def test_each_score_is_a_cutoff() -> None:
    points = curve(SCORED)
    assert [(point.cutoff, point.precision, point.recall) for point in points] == [
        (100, 1, 1 / 4),
        (90, pytest.approx(2 / 3), 1 / 2),
        (70, 3 / 4, 3 / 4),
    ]
    assert [point.f1 for point in points] == [pytest.approx(f1) for f1 in (2 / 5, 4 / 7, 3 / 4)]


def test_the_best_is_the_one_with_the_highest_f1() -> None:
    assert best(curve(SCORED)) == Point(70, 3 / 4, 3 / 4, 3 / 4)
    assert best(()) is None


def test_of_equals_the_higher_cutoff_is_better() -> None:
    points = (Point(80, 1, 0.5, 0.6), Point(90, 0.5, 1, 0.6))
    assert best(points) == points[1]


@pytest.mark.parametrize("scored", [(), (Scored(None, due=True),), (Scored(90, due=False),)])
def test_where_there_is_nothing_to_draw_there_is_no_point(scored: tuple[Scored, ...]) -> None:
    assert curve(scored) == ()


@settings(max_examples=60)
@given(st.lists(st.builds(Scored, st.none() | st.floats(60, 100), due=st.booleans()), max_size=30))
def test_a_lower_cutoff_never_loses_recall(scored: list[Scored]) -> None:
    recalls = [point.recall for point in curve(scored)]
    assert recalls == sorted(recalls)
