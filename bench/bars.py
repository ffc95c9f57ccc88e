"""The bars: ratios between what was measured in one run, each met or not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bench.contenders import PARTIAL_RATIO
from bench.look import SizeFigures
from bench.measure import Times
from bench.ours import WARM
from bench.size import SizeGrowth
from bench.startup import ServerFigures, StartFigures
from bench.worst import BARRED, WorstFigures
from bench.yardstick import DISCORD

MEAN_SHARE, LATE_SHARE = 0.10, 1.00
"""The most that our look may take of discord.py's own cost: the mean, and the 99th percentile."""
FASTER = 500.0
"""How many times as many messages a second as partial_ratio over 2,000 phrases."""
GROWTH = 1.5
"""How many times as much a look may cost with 20,000 phrases as with 20."""
WORST = 50.0
"""How many times the mean of an ordinary message of the same length the slowest may take."""
STEEPEST = 1.5
"""The steepest growth with length that is not called quadratic: 1 is in proportion, 2 is quadratic."""
START_SHARE = 1.5
"""How many times as long as `import discord` a start may take."""
NO_MEMORY = 1024.0
"""What is not measurable for one more server, in bytes."""
_AT = 2000


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar.

    Args:
        name: what is held against it.
        value: the ratio that was measured.
        limit: the ratio it is held against.
        at_least: whether the value has to reach the limit instead of staying within it.
        remark: what else one should know.
    """

    name: str
    value: float
    limit: float
    at_least: bool = False
    remark: str = ""

    @property
    def is_met(self) -> bool:
        """Whether the bar is met."""
        return self.value >= self.limit if self.at_least else self.value <= self.limit


def look_bars(figures: Sequence[SizeFigures]) -> Iterator[Bar]:
    """Hold our look against discord.py and against partial_ratio."""
    for one in figures:
        phrases = f"{one.size.phrases:,} phrases"
        ours, own = _times(one, WARM), _times(one, DISCORD)
        yield Bar(
            f"mean look of discord.py's own cost, warm, {phrases}", _share(one, WARM, DISCORD), MEAN_SHARE
        )
        yield Bar(f"mean look of discord.py's own cost, caches off, {phrases}", one.cold_share, MEAN_SHARE)
        late = (ours.percentile(99) or 0.0) / own.mean
        yield Bar(f"p99 of a look of discord.py's mean, warm, {phrases}", late, LATE_SHARE)
    yield from _against_partial_ratio(figures)


def size_bars(growth: SizeGrowth) -> Iterator[Bar]:
    """Hold our look with many phrases against our look with few."""
    name = f"a look with {growth.largest:,} phrases of one with {growth.smallest:,}"
    yield Bar(name, growth.times, GROWTH, remark="in turns on the same messages")


def _against_partial_ratio(figures: Sequence[SizeFigures]) -> Iterator[Bar]:
    one = next((one for one in figures if one.size.phrases == _AT), figures[-1])
    phrases = f"{one.size.phrases:,} phrases"
    ours, theirs = one.row(WARM).quality, one.row(PARTIAL_RATIO).quality
    name = f"messages a second, of those of partial_ratio, {phrases}"
    yield Bar(name, _share(one, PARTIAL_RATIO, WARM), FASTER, at_least=True)
    if ours is not None and theirs is not None:
        remark = f"at its best cut-off, {theirs.cutoff:.0f}" if theirs.cutoff is not None else ""
        name = f"recall, against that of partial_ratio, {phrases}"
        yield Bar(name, ours.recall, theirs.recall, at_least=True, remark=remark)


def worst_bars(figures: WorstFigures) -> Iterator[Bar]:
    """Hold the slowest messages against ordinary ones, and their growth against the square."""
    for length in BARRED:
        if length in figures.ordinary:
            kind, times = figures.worst(length)
            yield Bar(f"slowest of {length:,} characters, of ordinary ones", times, WORST, remark=kind)
    steepest = max(figures.kinds, key=lambda kind: kind.growth)
    yield Bar("steepest growth with length (2 is quadratic)", steepest.growth, STEEPEST, remark=steepest.name)
    late = max(figures.kinds, key=lambda kind: kind.late_growth)
    yield Bar("growth over the last two doublings of length", late.late_growth, STEEPEST, remark=late.name)


def start_bars(figures: StartFigures) -> Iterator[Bar]:
    """Hold the start against `import discord`."""
    yield Bar("start until joined, of `import discord`", figures.share, START_SHARE)


def server_bars(figures: ServerFigures) -> Iterator[Bar]:
    """Hold the memory of one more server that shares a rulebook against nothing."""
    if figures.shared_memory is not None:
        remark = "by compiling it again" if figures.is_shared_by_compile else "by holding the same object"
        name = "bytes for one more server that shares a rulebook"
        yield Bar(name, figures.shared_memory, NO_MEMORY, remark=remark)
    if figures.again_memory is not None:
        name = "bytes for compiling the same rulebook again"
        yield Bar(name, figures.again_memory, NO_MEMORY)


def _times(one: SizeFigures, name: str) -> Times:
    times = one.times(name)
    if times is None:
        raise LookupError(f"{name} was not measured")
    return times


def _share(one: SizeFigures, name: str, of: str) -> float:
    share = one.share(name, of)
    if share is None:
        raise LookupError(f"{name} or {of} was not measured")
    return share
