"""How late the event loop is while rules are read and compiled beside it, as when files of rules change."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from bench.rulebooks import make_rulebook
from bot.collector import pass_over, resting
from bot.matching.compile import CompiledRulebook, compile_rulebook
from bot.rulebook.load import load_rulebook

_TICK = 0.001


@dataclass(frozen=True, slots=True)
class SwapFigures:
    """What the event loop notices of rules that are read and compiled in a thread.

    Args:
        phrases: how many phrases it has.
        seconds: how long that took.
        lag_p99: the 99th percentile of how late the loop was meanwhile, in milliseconds.
        lag_most: the most it was late.
        idle_most: the most it was late for as long again with nothing beside it: what the machine does.
    """

    phrases: int
    seconds: float
    lag_p99: float
    lag_most: float
    idle_most: float


def measure_swap(shipped: Path, folder: Path, *, phrases: int, seed: int) -> SwapFigures:
    """Read and compile rules beside a running event loop.

    Args:
        shipped: the folder of the shipped rules.
        folder: where to write the rulebook.
        phrases: how many phrases it is to have.
        seed: the same seed makes the same rulebook.
    """
    make_rulebook(shipped, folder, phrases=phrases, seed=seed)
    return asyncio.run(_swap(folder, phrases))


async def _swap(folder: Path, phrases: int) -> SwapFigures:
    seconds, late = await _beside(lambda: _ready(folder))
    _, idle = await _beside(lambda: _wait(seconds))
    return SwapFigures(phrases, seconds, late[len(late) * 99 // 100], late[-1], idle[-1])


def _ready(folder: Path) -> CompiledRulebook:
    with resting():
        compiled = compile_rulebook(load_rulebook(folder))
        pass_over()
    return compiled


def _wait(seconds: float) -> None:
    asyncio.run(asyncio.sleep(seconds))


async def _beside(work: Callable[[], object]) -> tuple[float, list[float]]:
    """Give how long work took in a thread, and how late the loop was meanwhile, in order."""
    late: list[float] = []

    async def tick() -> None:
        while True:
            before = perf_counter()
            await asyncio.sleep(_TICK)
            late.append(1000 * (perf_counter() - before - _TICK))

    ticking = asyncio.create_task(tick())
    started = perf_counter()
    await asyncio.to_thread(work)
    seconds = perf_counter() - started
    ticking.cancel()
    return seconds, sorted(late)
