"""The plot: µs per message over the number of phrases, both on logarithmic axes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bench.look import SizeFigures
from bench.ours import CHATTER, CLAIMS, COLD, WARM
from bench.yardstick import DISCORD

_SIZE = (8.0, 5.4)
"""Inches."""
_DOTS = 150
"""Per inch."""
_STYLES = {
    WARM: ("#1b7f4d", 2.6, "-"),
    COLD: ("#1b7f4d", 1.6, "--"),
    CHATTER: ("#1b7f4d", 1.2, ":"),
    CLAIMS: ("#1b7f4d", 1.2, "-."),
    DISCORD: ("#5865f2", 2.2, ":"),
}


def draw(figures: Sequence[SizeFigures], path: Path) -> None:
    """Draw the means of every way that was measured.

    Args:
        figures: what was measured, by number of phrases.
        path: the PNG to write.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415  # half a second to import
    from matplotlib.figure import Figure  # noqa: PLC0415

    figure = Figure(figsize=_SIZE, dpi=_DOTS, layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    for name in dict.fromkeys(row.name for one in figures for row in one.rows):
        points = [(one.size.phrases, row.times.mean) for one in figures for row in one.rows
                  if row.name == name and row.times is not None]  # fmt: skip
        if not points:
            continue
        colour, width, line = _STYLES.get(name, (None, 1.1, "-"))
        phrases, micros = zip(*points, strict=True)
        axes.plot(phrases, micros, line, color=colour, linewidth=width, marker="o", markersize=4, label=name)
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlabel("phrases in the rulebook")
    axes.set_ylabel("µs per message, mean")
    axes.set_title("What a look at a message costs", loc="left", fontsize=11)
    axes.grid(which="major", color="#d9d9d9", linewidth=0.6)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    figure.legend(loc="outside right center", frameon=False, fontsize=8)
    figure.savefig(path, format="png")
