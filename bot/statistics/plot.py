"""The figures as a picture: replies, holds and votes by week, and false alarms by family.

The picture brings its own dark ground, so that it reads alike where Discord is dark and where it is light.
"""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any

from bot.plotting import require_plotting
from bot.statistics.charts import OTHERS, Bars, Series, Shares, charts_of
from bot.statistics.table import HELPFUL, NOT_HELPFUL, NOT_WHAT_I_SAID, VOTES, Statistics

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SIZE = (10.0, 7.5)
"""Inches."""
DOTS = 150
"""Per inch."""

GROUND, INK, FAINT = "#1e1f22", "#f2f3f5", "#4e5058"
"""What is drawn on, letters, and grid lines."""
LOOKS = (
    ("#56B4E9", ""),
    ("#E69F00", "//"),
    ("#009E73", ".."),
    ("#F0E442", "\\\\"),
    ("#CC79A7", "xx"),
    ("#D55E00", "--"),
    ("#999999", ""),
)
"""Colours that most colour-blind people tell apart (Okabe and Ito 2008, less the one too dark for this
ground), with hatches for all others; the last one is for all families together that are not drawn apart."""
VOTE_LOOKS = {HELPFUL: ("#56B4E9", ""), NOT_HELPFUL: ("#E69F00", "//"), NOT_WHAT_I_SAID: ("#CC79A7", "xx")}
_MOST_TICKS = 6


def draw(statistics: Statistics, *, title: str) -> bytes:
    """Draw the figures. This takes a second or so, so do it in a thread; one at a time.

    Args:
        statistics: the table.
        title: what it is about, in a few words.

    Returns:
        a PNG of 1500 by 1125 dots.

    Raises:
        PlotError: matplotlib is not installed.
    """
    require_plotting()
    from matplotlib.figure import Figure  # noqa: PLC0415  # it takes a second, and only a plot needs it

    figure = Figure(figsize=SIZE, dpi=DOTS, layout="constrained", facecolor=GROUND)
    figure.suptitle(title, color=INK, fontsize=15, x=0.01, ha="left", parse_math=False)
    panels, charts = figure.subplots(2, 2), charts_of(statistics)
    _by_family(panels[0, 0], charts.replies)
    _by_family(panels[0, 1], charts.held)
    _votes(panels[1, 0], charts.votes)
    _false_alarms(panels[1, 1], charts.false_alarms)
    _legend(figure, panels[0, 0], panels[0, 1])
    written = BytesIO()
    figure.savefig(written, format="png", facecolor=GROUND)
    return written.getvalue()


def _by_family(axes: Axes, bars: Bars) -> None:
    names = [series.name for series in bars.stacked]
    looks = [LOOKS[-1] if name == OTHERS else look for name, look in zip(names, LOOKS, strict=False)]
    _stacked(axes, bars.stacked, looks)
    if bars.line is not None:
        _line(axes, bars.line)
    _framed(axes, bars)


def _votes(axes: Axes, bars: Bars) -> None:
    _stacked(axes, bars.stacked, [VOTE_LOOKS[vote] for vote in VOTES])
    _framed(axes, bars)
    # Room above the bars, in which the legend hides none of them.
    axes.set_ylim(0, bars.most * 1.2 or 1)
    axes.legend(
        loc="upper left",
        ncols=3,
        facecolor=GROUND,
        edgecolor="none",
        framealpha=1,
        fontsize=10,
        labelcolor=INK,
        columnspacing=1.0,
        handlelength=1.6,
        borderaxespad=0.1,
    )


def _stacked(axes: Axes, stacked: Sequence[Series], looks: Sequence[tuple[str, str]]) -> None:
    below = [0] * (len(stacked[0].heights) if stacked else 0)
    for series, (colour, hatch) in zip(stacked, looks, strict=True):
        axes.bar(
            range(len(series.heights)),
            series.heights,
            bottom=below,
            width=0.8,
            color=colour,
            hatch=hatch,
            edgecolor=GROUND,
            linewidth=0.6,
            label=series.name,
        )
        below = [low + height for low, height in zip(below, series.heights, strict=True)]


def _line(axes: Axes, line: Series) -> None:
    places = range(len(line.heights))
    axes.plot(places, line.heights, color=INK, linewidth=1.6, marker="D", markersize=5, label=line.name)


def _false_alarms(axes: Axes, shares: Shares) -> None:
    """For each family the share of false alarms as a point, and as a line where the true one may lie."""
    shown = shares.families
    for place, (_, share) in enumerate(shown):
        low, high = share.interval
        axes.plot([low, high], [place, place], color=LOOKS[4][0], linewidth=2.5, solid_capstyle="butt")
        axes.plot([share.part / share.whole], [place], color=INK, marker="o", markersize=7, linestyle="none")
    labels = [f"{name}\n{share.part} of {share.whole}" for name, share in shown]
    axes.set_yticks(range(len(shown)), labels, fontsize=9.5)
    axes.set_ylim(-0.6, max(len(shown), 1) - 0.4)
    axes.set_xlim(-0.03, 1.03)
    axes.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0", "25 %", "50 %", "75 %", "100 %"])
    _styled(axes, shares.title)
    axes.set_xlabel("share of the replies voted on (line: 95 % interval)", color=INK, fontsize=10.5)
    axes.grid(axis="x", color=FAINT, linewidth=0.7)
    if not shown:
        _empty(axes, "no reply was voted on")


def _framed(axes: Axes, bars: Bars) -> None:
    from matplotlib.ticker import MaxNLocator  # noqa: PLC0415  # as above

    weeks = bars.weeks
    step = -(-len(weeks) // _MOST_TICKS)
    # Counted from the end, so that the newest week is always named.
    places = range((len(weeks) - 1) % step, len(weeks), step)
    axes.set_xticks(list(places), [f"{weeks[place].day} {weeks[place]:%b}" for place in places])
    axes.set_xlim(-0.6, len(weeks) - 0.4)
    axes.set_ylim(bottom=0)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=5, integer=True))
    _styled(axes, bars.title)
    axes.set_xlabel("week, by its Monday (UTC); the last is not over", color=INK, fontsize=10.5)
    axes.set_ylabel(bars.unit, color=INK, fontsize=10.5)
    axes.grid(axis="y", color=FAINT, linewidth=0.7)
    if not axes.dataLim.height > 0:
        axes.set_ylim(0, 1)
        _empty(axes, "none")


def _styled(axes: Axes, title: str) -> None:
    axes.set_facecolor(GROUND)
    axes.set_title(title, loc="left", color=INK, fontsize=12.5)
    axes.tick_params(colors=INK, labelsize=10)
    axes.set_axisbelow(True)
    for side, spine in axes.spines.items():
        spine.set_visible(side in ("left", "bottom"))
        spine.set_color(FAINT)


def _empty(axes: Axes, why: str) -> None:
    axes.text(0.5, 0.5, why, color=INK, fontsize=11, ha="center", va="center", transform=axes.transAxes)


def _legend(figure: Figure, *panels: Axes) -> None:
    """One legend for both panels by family, each family once."""
    drawn: dict[str, Any] = {}
    for axes in panels:
        for handle, name in zip(*axes.get_legend_handles_labels(), strict=True):
            drawn.setdefault(name, handle)
    if drawn:
        figure.legend(
            list(drawn.values()),
            list(drawn),
            loc="outside lower center",
            ncols=4,
            frameon=False,
            fontsize=10.5,
            labelcolor=INK,
        )
