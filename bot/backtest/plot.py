"""What was found, by week and family, as a picture."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from bot.backtest.chunks import UNKNOWN_WEEK
from bot.backtest.tally import Report, Side
from bot.plotting import PlotError, require_plotting

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_WIDTH, _HEIGHT = 9.6, 4.6
"""Inches; the height is that of one panel."""
_DOTS = 150
"""Per inch."""
MOST_FAMILIES = 6
"""How many families are drawn apart, those found most; the others are drawn together."""
MOST_WEEKS = 600
"""In how many weeks those without any message are drawn as gaps."""
_LOOKS = (
    ("#0072B2", ""),
    ("#E69F00", "//"),
    ("#009E73", ".."),
    ("#CC79A7", "xx"),
    ("#56B4E9", "\\\\"),
    ("#D55E00", "--"),
    ("#999999", ""),
)
"""Colours that most colour-blind people tell apart (Okabe and Ito 2008), with hatches for all others."""
_GRID = "#d9d9d9"
_OTHERS = "other families"


def draw(report: Report, path: Path) -> None:
    """Draw how many messages were found by week and family, and write it as a PNG.

    Args:
        report: the back-test; where rules were compared, each rulebook gets a panel.
        path: the file; what is there is replaced.

    Raises:
        PlotError: matplotlib is not installed, or the file cannot be written.
    """
    require_plotting()
    from matplotlib.figure import Figure  # noqa: PLC0415  # it takes a second, and only a plot needs it

    sides = [("the rules", report.tested)]
    if report.against is not None:
        sides = [("the tested rules", report.tested), ("the rules compared with", report.against)]
    figure = Figure(figsize=(_WIDTH, _HEIGHT * len(sides)), dpi=_DOTS, layout="constrained")
    panels = figure.subplots(len(sides), 1, sharex=True, sharey=True, squeeze=False)
    weeks, families = _weeks(report), _families([side for _, side in sides])
    for axes, (name, side) in zip(panels[:, 0], sides, strict=True):
        _panel(axes, side, weeks, families)
        axes.set_title(
            f"Messages in which {name} find something ({side.total.found} of {report.census.messages})",
            loc="left",
            fontsize=11,
        )
    panels[-1, 0].set_xlabel("week, by its Monday")
    try:
        figure.savefig(path, format="png")
    except OSError as error:
        raise PlotError(f"{path} cannot be written: {error.strerror or error}") from error


def _panel(axes: Axes, side: Side, weeks: list[str], families: list[str]) -> None:
    places = range(len(weeks))
    below = [0] * len(weeks)
    for family, (colour, hatch) in zip([*families, _OTHERS], _LOOKS, strict=False):
        heights = [_found(side, week, family, families) for week in weeks]
        if family == _OTHERS and not any(heights):
            continue
        axes.bar(
            places,
            heights,
            bottom=below,
            width=0.85,
            color=colour,
            hatch=hatch,
            edgecolor="white",
            linewidth=0.4,
            label=family,
        )
        below = [low + height for low, height in zip(below, heights, strict=True)]
    replies = [side.weeks[week].replied if week in side.weeks else 0 for week in weeks]
    axes.plot(places, replies, color="black", linewidth=1.4, marker="o", markersize=3, label="replies")
    _frame(axes, weeks)


def _frame(axes: Axes, weeks: list[str]) -> None:
    from matplotlib.ticker import MaxNLocator  # noqa: PLC0415  # as above

    step = max(1, len(weeks) // 10)
    axes.set_xticks(range(0, len(weeks), step), weeks[::step], rotation=30, ha="right", fontsize=8)
    axes.set_ylabel("findings by family; replies")
    axes.set_ylim(bottom=0)
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    axes.grid(axis="y", color=_GRID, linewidth=0.6)
    axes.set_axisbelow(True)
    for edge in ("top", "right"):
        axes.spines[edge].set_visible(False)
    axes.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0), frameon=False, fontsize=8)


def _families(sides: list[Side]) -> list[str]:
    found: Counter[str] = Counter()
    for side in sides:
        found.update({family: figures.found for family, figures in side.families.items()})
    ordered = sorted(found, key=lambda family: (-found[family], family))
    return ordered[:MOST_FAMILIES]


def _found(side: Side, week: str, family: str, families: list[str]) -> int:
    if family != _OTHERS:
        figures = side.weeks_of_families.get((week, family))
        return figures.found if figures is not None else 0
    return sum(
        figures.found
        for (of, name), figures in side.weeks_of_families.items()
        if of == week and name not in families
    )


def _weeks(report: Report) -> list[str]:
    """Every week from the first to the last, those without a message too, and the unknown one last."""
    known = sorted(week for week in report.census.weeks if week != UNKNOWN_WEEK)
    unknown = [UNKNOWN_WEEK] if UNKNOWN_WEEK in report.census.weeks else []
    if not known:
        return unknown
    first, last = date.fromisoformat(known[0]), date.fromisoformat(known[-1])
    count = (last - first).days // 7 + 1
    if count > MOST_WEEKS:
        return [*known, *unknown]
    return [*((first + timedelta(weeks=place)).isoformat() for place in range(count)), *unknown]
