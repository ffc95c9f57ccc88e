"""Precision over recall as a picture, the engine beside the comparison with whole phrases."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bot.evaluation.curve import Point, best
from bot.evaluation.evaluation import ENGINE, Column, Evaluation
from bot.evaluation.scoring import REPLY
from bot.plotting import PlotError, require_plotting

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_SIZE = (7.2, 5.4)
"""Inches."""
_DOTS = 150
"""Per inch."""
_OURS, _THEIRS, _GRID = "#0b7a5c", "#b3541e", "#d9d9d9"


def draw(evaluation: Evaluation, path: Path) -> None:
    """Draw precision over recall and write it as a PNG.

    Args:
        evaluation: what was measured.
        path: the file; what is there is replaced.

    Raises:
        PlotError: matplotlib is not installed, or the file cannot be written.
    """
    require_plotting()
    from matplotlib.figure import Figure  # noqa: PLC0415  # it takes a second, and only a plot needs it

    figure = Figure(figsize=_SIZE, dpi=_DOTS, layout="constrained")
    axes = figure.add_subplot()
    _axes(axes, evaluation)
    _line(axes, evaluation.curve, ENGINE, _OURS)
    _own_point(axes, evaluation.main)
    baseline = evaluation.baseline
    if baseline is not None:
        _line(axes, baseline.curve, f"rapidfuzz {baseline.scorer}", _THEIRS)
        _point(axes, best(baseline.curve), _THEIRS)
    axes.legend(loc="lower left", frameon=False)
    try:
        figure.savefig(path, format="png")
    except OSError as error:
        raise PlotError(f"{path} cannot be written: {error.strerror or error}") from error


def _axes(axes: Axes, evaluation: Evaluation) -> None:
    axes.set_title(
        f"Does a reply come when one is due?  ({evaluation.main.messages} messages, {evaluation.main.name})",
        loc="left",
        fontsize=11,
    )
    axes.set_xlabel("recall: of what is due, the share that gets a reply")
    axes.set_ylabel("precision: of the replies, the share that is due")
    axes.set_xlim(0, 1.02)
    axes.set_ylim(0, 1.02)
    axes.grid(color=_GRID, linewidth=0.6)
    axes.set_axisbelow(True)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def _line(axes: Axes, points: Sequence[Point], name: str, colour: str) -> None:
    recall, precision = [point.recall for point in points], [point.precision for point in points]
    axes.plot(recall, precision, color=colour, linewidth=1.8, label=name)


def _own_point(axes: Axes, column: Column) -> None:
    figures = column.figures
    precision, recall, f1 = (figures[*REPLY, measure].value for measure in ("precision", "recall", "f1"))
    if precision is not None and recall is not None and f1 is not None:
        _point(axes, Point(0.0, precision, recall, f1), _OURS)


def _point(axes: Axes, point: Point | None, colour: str) -> None:
    if point is None:
        return
    axes.plot([point.recall], [point.precision], marker="o", markersize=8, color=colour, linestyle="none")
    axes.annotate(
        f"F1 {point.f1:.3f}",
        (point.recall, point.precision),
        xytext=(-8, -14),
        textcoords="offset points",
        ha="right",
        color=colour,
        fontsize=9,
    )
