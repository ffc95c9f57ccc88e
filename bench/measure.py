"""Taking times and memory so that they can be compared."""

from __future__ import annotations

import ctypes
import gc
import multiprocessing
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext, SpawnContext
from pathlib import Path
from statistics import fmean, median
from time import perf_counter, thread_time_ns
from typing import Any

BLOCK = 50
"""So many messages are measured with one way before it is the next one's turn."""
KIBIBYTE = 1024
_NEEDED_ASIDE = ("bench.look",)
_STARTING = 5.0
"""How long another process may take to start, in seconds."""


@dataclass(frozen=True, slots=True)
class Way:
    """A way to look at a message.

    Args:
        name: what it is called.
        look: does it; what it gives back is not measured.
        prepare: makes of a text what `look` takes; not measured.
        before: done before each look; not measured.
        seconds: how long it may be measured for; what is slow gets through fewer messages.
        is_batched: `look` takes a list of texts, and a text's time is its share.
    """

    name: str
    look: Callable[[Any], object]
    prepare: Callable[[str], Any] | None = None
    before: Callable[[], None] | None = None
    seconds: float = 3.0
    is_batched: bool = False


@dataclass(frozen=True, slots=True)
class Times:
    """What looking at messages took.

    Args:
        micros: of each message, in order, in µs.
        is_batched: whether these are shares of a block's time.
    """

    micros: tuple[float, ...]
    is_batched: bool = False

    @property
    def mean(self) -> float:
        """The mean in µs: the median of blocks' means, which a busy moment hardly moves."""
        return self.mean_of(len(self.micros))

    def mean_of(self, messages: int) -> float:
        """The mean of the first so many messages, in µs."""
        part = self.micros[:messages]
        size = BLOCK * max(1, len(part) // (BLOCK * 40))
        blocks = [part[at : at + size] for at in range(0, len(part), size)]
        whole = [block for block in blocks if len(block) == size] or blocks
        return median(fmean(block) for block in whole)

    def percentile(self, share: int) -> float | None:
        """The time that so many messages in a hundred stay below, in µs; None where only shares are known."""
        if self.is_batched:
            return None
        ordered = sorted(self.micros)
        return ordered[min(len(ordered) - 1, len(ordered) * share // 100)]


def ratio(one: Times, other: Times) -> float:
    """How many times as long one takes as the other, on the messages that both got through."""
    common = min(len(one.micros), len(other.micros))
    return one.mean_of(common) / other.mean_of(common)


def take_turns(ways: Sequence[Way], texts: Sequence[str]) -> dict[str, Times]:
    """Measure ways on the same messages, block by block in turns, so that a slow moment hits all of them.

    Args:
        ways: the ways.
        texts: the messages; each way begins with the first and gets as far as its seconds allow, one block
            at least.

    Returns:
        the times by name.
    """
    taken: dict[str, list[float]] = {way.name: [] for way in ways}
    left = {way.name: way.seconds * 1e6 for way in ways}
    overhead = clock_overhead()
    gc.collect()
    for first in range(0, len(texts), BLOCK):
        block = texts[first : first + BLOCK]
        active = [way for way in ways if left[way.name] > 0]
        if not active:
            break
        for way in active:
            micros = (_batch if way.is_batched else _each)(way, block, overhead)
            taken[way.name] += micros
            left[way.name] -= sum(micros)
    return {way.name: Times(tuple(taken[way.name]), way.is_batched) for way in ways}


def micros_of(look: Callable[[Any], object], given: object, *, overhead: int = 0) -> float:
    """Measure one look.

    Args:
        look: looks.
        given: what it takes.
        overhead: what `clock_overhead` gave.

    Returns:
        the time of a core that it took in µs. Time in which other processes had the core is not counted.
    """
    started = thread_time_ns()
    look(given)
    return max(0, thread_time_ns() - started - overhead) / 1e3


def clock_overhead() -> int:
    """Measure what reading the clock itself costs, in ns."""
    return round(median(micros_of(_nothing, None) for _ in range(2000)) * 1e3)


def _nothing(_: object) -> None:
    """Take no time, to see what is measured even so."""


def _each(way: Way, block: Sequence[str], overhead: int) -> list[float]:
    given = [way.prepare(text) for text in block] if way.prepare else block
    micros = []
    for one in given:
        if way.before is not None:
            way.before()
        micros.append(micros_of(way.look, one, overhead=overhead))
    return micros


def _batch(way: Way, block: Sequence[str], overhead: int) -> list[float]:
    return [micros_of(way.look, block, overhead=overhead) / len(block)] * len(block)


@dataclass(frozen=True, slots=True)
class Built:
    """What making something ready costs.

    Args:
        seconds: how long it takes.
        memory: how many bytes more the process then holds; None where that cannot be told.
        problem: why it was not made; empty where it was.
    """

    seconds: float
    memory: int | None
    problem: str = ""


def resident(process: int | str = "self") -> int | None:
    """How many bytes of memory a process holds; None where the system does not tell."""
    try:
        lines = Path(f"/proc/{process}/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    return next((int(line.split()[1]) * KIBIBYTE for line in lines if line.startswith("VmRSS")), None)


def settle() -> int | None:
    """Give back what is free, then tell how much memory this process holds."""
    gc.collect()
    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)
    return resident()


def build_aside(make: Callable[..., object], *arguments: object, within: float) -> Built:
    """Make something in a fresh process, so that nothing else is counted and nothing stays behind.

    Args:
        make: makes it; a function of a module, since it is called in the other process.
        arguments: what it takes.
        within: after so many seconds it is given up.

    Returns:
        what it cost, or why it was not made.
    """
    context: ForkServerContext | SpawnContext = multiprocessing.get_context("spawn")
    if hasattr(os, "fork"):
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(list(_NEEDED_ASIDE))
    ours, theirs = context.Pipe()
    process = context.Process(target=_build, args=(theirs, make, arguments), daemon=True)
    process.start()
    theirs.close()
    try:
        if not ours.poll(within + _STARTING):
            return Built(within, None, f"not ready within {within:.0f} s")
        built = ours.recv()
    except EOFError:
        return Built(0.0, None, "the process died")
    else:
        return built if isinstance(built, Built) else Built(0.0, None, "the process told nothing")
    finally:
        process.kill()
        process.join()
        ours.close()


def _build(pipe: Connection, make: Callable[..., object], arguments: tuple[object, ...]) -> None:
    before = settle()
    started = perf_counter()
    try:
        made = make(*arguments)
    except Exception as error:  # noqa: BLE001  # a competitor that cannot is told, whatever it raises
        pipe.send(Built(perf_counter() - started, None, f"{type(error).__name__}: {error}"[:120]))
        return
    seconds = perf_counter() - started
    after = settle()
    pipe.send(Built(seconds, None if before is None or after is None else max(0, after - before)))
    del made
