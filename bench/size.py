"""What a look costs with the largest rulebook, beside the same look with the smallest, in turns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.look import Effort, Size
from bench.measure import Way, ratio, take_turns
from bench.ours import answers, look_with
from bench.rulebooks import make_rulebook
from bench.traffic import Line
from bot.matching.compile import CompiledRulebook, compile_rulebook


@dataclass(frozen=True, slots=True)
class SizeGrowth:
    """How a look grows with the rulebook.

    Args:
        smallest: the phrases of the smaller rulebook.
        largest: those of the larger one.
        micros: the mean of a look with each, in µs, on the same messages in turns.
        times: how many times as long the look takes with the larger one.
    """

    smallest: int
    largest: int
    micros: tuple[float, float]
    times: float


def measure_size(
    lines: Sequence[Line], *, shipped: Path, folder: Path, seed: int, effort: Effort
) -> SizeGrowth:
    """Measure the smallest and the largest rulebook block by block in turns.

    Where they are measured minutes apart, a machine that is busy meanwhile decides.

    The arguments are those of `measure_looks`.
    """
    sizes = (effort.sizes[0], effort.sizes[-1])
    texts = [line.text for line in lines]
    ways = []
    for size in sizes:
        compiled = _compiled(size, shipped=shipped, folder=folder, seed=seed)
        for text in texts[-effort.warming :]:
            answers(compiled, text)
        ways.append(Way(str(size.phrases), look_with(compiled), seconds=effort.seconds))
    small, large = take_turns(ways, texts).values()
    common = min(len(small.micros), len(large.micros))
    return SizeGrowth(
        smallest=sizes[0].phrases,
        largest=sizes[1].phrases,
        micros=(small.mean_of(common), large.mean_of(common)),
        times=ratio(large, small),
    )


def _compiled(size: Size, *, shipped: Path, folder: Path, seed: int) -> CompiledRulebook:
    made = make_rulebook(shipped, folder / f"turns-{size.phrases}", phrases=size.phrases, seed=seed)
    return compile_rulebook(made.rulebook)
