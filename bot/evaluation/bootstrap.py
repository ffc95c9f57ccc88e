"""Bootstrap intervals: how far a figure could lie off, had other messages of the same sort been labelled.

The percentile method of Efron (1979, doi 10.1214/aos/1176344552): messages are drawn with replacement, the
figure is worked out anew, and the middle 95 % of what comes out is the interval.
"""

from __future__ import annotations

import random
import statistics
from collections import Counter
from collections.abc import Mapping, Sequence

from msgspec import Struct

from bot.evaluation.scoring import Key, Tally, figures

RESAMPLES = 1000
_FORTIETHS = 40
"""The first and the last of 40 equal parts leave out 2.5 % each."""


class Interval(Struct, frozen=True):
    """From where to where a figure may lie, with 95 % confidence."""

    low: float
    high: float


class Measured(Struct, frozen=True):
    """A figure with its interval; both None where nothing was there to measure it on."""

    value: float | None
    interval: Interval | None


def measure(tallies: Sequence[Tally], *, resamples: int = RESAMPLES, seed: int = 0) -> Mapping[Key, Measured]:
    """Work out every figure with its interval.

    Args:
        tallies: what each message adds.
        resamples: how often messages are drawn anew.
        seed: of the random numbers; the same seed gives the same intervals.

    Returns:
        each figure by its name.
    """
    # Most messages add the same as many others: it is enough to count how often each sort was drawn.
    sorts = Counter(frozenset(tally.items()) for tally in tallies)
    order = {sort: place for place, sort in enumerate(sorted(sorts, key=sorted))}
    places = sorted(order[frozenset(tally.items())] for tally in tallies)
    drawer = random.Random(seed)  # noqa: S311  # drawing a sample is no secret
    drawn: dict[Key, list[float]] = {}
    for _ in range(resamples if places else 0):
        times = Counter(drawer.choices(places, k=len(places)))
        for key, value in figures(_sum(tuple(order), times)).items():
            if value is not None:
                drawn.setdefault(key, []).append(value)
    whole = figures(_sum(tuple(order), Counter(places)))
    return {key: Measured(value, _interval(value, drawn.get(key, []))) for key, value in whole.items()}


def _sum(sorts: Sequence[frozenset[tuple[Key, int]]], times: Mapping[int, int]) -> Tally:
    summed: Tally = Counter()
    for place, count in times.items():
        for key, added in sorts[place]:
            summed[key] += count * added
    return summed


def _interval(value: float | None, drawn: list[float]) -> Interval | None:
    if value is None or len(drawn) < _FORTIETHS:
        return None
    cuts = statistics.quantiles(drawn, n=_FORTIETHS, method="inclusive")
    return Interval(cuts[0], cuts[-1])
