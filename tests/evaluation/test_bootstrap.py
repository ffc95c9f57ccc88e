"""The intervals: the same for the same seed, as wide as theory has them, and around the figure."""

from __future__ import annotations

from collections import Counter

import pytest

from bot.evaluation.bootstrap import Interval, Measured, measure
from bot.evaluation.scoring import Judged, Tally, tally

CHAT = ("chat", "alarms per 1000")


def chat(*, alarmed: bool) -> Tally:
    given = frozenset("a" if alarmed else "")
    return tally(Judged("chat", frozenset(), "none", given, frozenset(), alarmed=alarmed))


HALF = [chat(alarmed=number % 2 == 0) for number in range(400)]


def test_the_same_seed_gives_the_same_intervals() -> None:
    assert measure(HALF, seed=3) == measure(HALF, seed=3)
    assert measure(HALF, seed=3) != measure(HALF, seed=4)


def test_the_order_of_the_messages_plays_no_part() -> None:
    assert measure(HALF, seed=3) == measure(HALF[::-1], seed=3)


def test_the_interval_is_as_wide_as_theory_has_it() -> None:
    measured = measure(HALF)[CHAT]
    assert measured.value == 500
    assert measured.interval is not None
    # 1.96 standard deviations of a share of one half in 400 messages: 0.049.
    assert measured.interval.low == pytest.approx(451, abs=8)
    assert measured.interval.high == pytest.approx(549, abs=8)


def test_where_all_are_alike_the_interval_is_a_point() -> None:
    assert measure([chat(alarmed=True)] * 20, resamples=50)[CHAT] == Measured(1000, Interval(1000, 1000))


def test_what_is_in_hardly_any_sample_has_no_interval() -> None:
    rare = tally(Judged("plain", frozenset("a"), "asserts", frozenset("a"), frozenset(), alarmed=True))
    measured = measure([rare, *[Counter(chat(alarmed=False)) for _ in range(99)]], resamples=30)
    assert measured["reply", "recall"] == Measured(1, None)


def test_of_no_messages_there_is_no_figure() -> None:
    assert set(measure([]).values()) == {Measured(None, None)}
