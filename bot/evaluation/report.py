"""What was measured, as plain values for JSON."""

from __future__ import annotations

from collections.abc import Mapping

from bot.evaluation.brute import Baseline
from bot.evaluation.curve import Point
from bot.evaluation.evaluation import Column, Evaluation
from bot.evaluation.misses import TOLD, Miss
from bot.evaluation.robustness import Held
from bot.evaluation.scoring import Key, bound_of_none

FORM = 1
"""The version of this form; it grows when a key goes or changes its meaning."""
_DIGITS = 5


def as_json(evaluation: Evaluation) -> dict[str, object]:
    """Put all that was measured in a form that JSON can hold.

    Args:
        evaluation: what was measured.

    Returns:
        an object: `figures` and, where there are several, `parts` and `baseline`, each with every figure as
        value and 95 % interval; `confusion`, `curve`, `misses`, `robustness`. Shares are from 0 to 1; what
        there was nothing to measure on is null.
    """
    given: dict[str, object] = {
        "form": FORM,
        "figures": _column(evaluation.main),
        "parts": {column.name: _column(column) for column in evaluation.parts},
        "confusion": [
            {"due": due, "given": wrong, "messages": count}
            for (due, wrong), count in evaluation.confusion.most_common()
        ],
        "curve": [_point(point) for point in evaluation.curve],
        "misses": [_miss(miss) for miss in evaluation.misses],
        "misses_of_hold_not_told": evaluation.hidden,
    }
    if evaluation.robustness is not None:
        given["robustness"] = [_held(held) for held in evaluation.robustness]
    if evaluation.baseline is not None and evaluation.baseline_column is not None:
        given["baseline"] = _baseline(evaluation.baseline, evaluation.baseline_column)
    return given


def _column(column: Column) -> dict[str, object]:
    figures: dict[str, object] = {}
    for key in column.figures:
        place = figures
        for name in key[:-1]:
            inner = place.setdefault(name, {})
            assert isinstance(inner, dict)  # noqa: S101  # no figure's name is the beginning of another's
            place = inner
        place[key[-1]] = _measured(column, key)
    return {
        "messages": column.messages,
        "counts": _counts(column),
        **figures,
        "alarms_per_1000_at_most_if_none": None
        if column.counts["chat", "alarms"]
        else _rounded(bound_of_none(column.counts["chat", "messages"])),
    }


def _measured(column: Column, key: Key) -> dict[str, float | list[float] | None]:
    measured = column.figures[key]
    interval = measured.interval
    return {
        "value": _rounded(measured.value),
        "interval": None
        if interval is None
        else [round(interval.low, _DIGITS), round(interval.high, _DIGITS)],
    }


def _counts(column: Column) -> Mapping[str, int]:
    return {" / ".join(key): count for key, count in sorted(column.counts.items())}


def _point(point: Point) -> dict[str, float | None]:
    return {
        "cutoff": _rounded(point.cutoff),
        "precision": _rounded(point.precision),
        "recall": _rounded(point.recall),
        "f1": _rounded(point.f1),
    }


def _miss(miss: Miss) -> dict[str, object]:
    message = miss.looked.message
    return {
        "id": message.id,
        "kind": message.kind,
        "text": message.text,
        "context": list(message.context),
        "due": sorted(message.due),
        "stance": message.stance,
        "given": sorted(miss.looked.families),
        "what": TOLD[miss.harm],
        "why": list(miss.why),
    }


def _held(held: Held) -> dict[str, object]:
    return {
        "change": held.change.name,
        "should_be": held.change.expected.value,
        "messages": held.messages,
        "as_it_should": held.held,
        "replied": held.replied,
    }


def _baseline(baseline: Baseline, column: Column) -> dict[str, object]:
    return {
        "scorer": baseline.scorer,
        "phrases": baseline.phrases,
        "best": None if baseline.best is None else _point(baseline.best),
        "curve": [_point(point) for point in baseline.curve],
        "figures": _column(column),
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, _DIGITS)
