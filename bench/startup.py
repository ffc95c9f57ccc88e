"""From the start of the process to ready to read messages; and what memory holds then."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter

from msgspec.structs import replace

from bench.measure import resident, settle
from bench.throughput import ROOT, environment
from bot.matching.compile import CompiledRulebook, compile_rulebook
from bot.moderation.workshop import Workshop
from bot.rulebook.load import load_rulebook
from bot.rulebook.model import Rulebook
from tests.loopback import LoopbackDiscord

SERVERS = 1000


@dataclass(frozen=True, slots=True)
class Effort:
    """How often the start is measured, and how many servers have a rulebook of their own.

    Args:
        repeats: how often the processes are started.
        rulebooks: how many servers have a rulebook of their own.
        seconds: how long these may be compiled; what is left then is told from those that are done.
        phrases: how many phrases the rulebook has that is swapped.
    """

    repeats: int = 5
    rulebooks: int = 50
    seconds: float = 30.0
    phrases: int = 2000


QUICK = Effort(repeats=1, rulebooks=2, phrases=400)


@dataclass(frozen=True, slots=True)
class StartFigures:
    """Starts in seconds, memory in bytes (None where the system does not tell).

    Args:
        imports: `python -c "import discord"`, each time.
        firsts: from the start of the bot's process until it has joined the gateway, with an empty folder of
            data: rules are read, compiled and proved.
        starts: the same with what the first start kept.
        import_memory: what the process that only imports discord.py holds.
        rest_memory: what the bot holds once it has joined.
    """

    imports: tuple[float, ...]
    firsts: tuple[float, ...]
    starts: tuple[float, ...]
    import_memory: int | None
    rest_memory: int | None

    @property
    def share(self) -> float:
        """How many times as long the bot takes, by the medians."""
        return median(self.starts) / median(self.imports)


@dataclass(frozen=True, slots=True)
class ServerFigures:
    """What rulebooks of servers cost. Memory is in bytes.

    Args:
        servers: how many servers there are.
        rulebooks: how many have a rulebook of their own; the others share one.
        compiled: how many of these were compiled; the others are told from them.
        own_seconds: what compiling one of their own takes.
        own_memory: what one of their own holds.
        shared_memory: what one more server holds that shares a rulebook.
        is_shared_by_compile: whether compiling the same content again gives the same object; if not,
            whoever holds the rulebooks has to share them.
        again_memory: what compiling the same content again holds.
        all_memory: what a process holds with all of them.
    """

    servers: int
    rulebooks: int
    compiled: int
    own_seconds: float
    own_memory: int | None
    shared_memory: int | None
    is_shared_by_compile: bool
    again_memory: int | None
    all_memory: int | None


async def measure_start(folder: Path, *, effort: Effort) -> StartFigures:
    """Start processes in turns."""
    imports, firsts, starts, memories = [], [], [], []
    import_memory = None
    async with LoopbackDiscord() as discord:
        discord.schema = None
        first = 1 if effort.repeats > 1 else 0
        for number in range(effort.repeats + first):
            importing, import_memory = await _import_discord()
            data = folder / str(number)
            data.mkdir(parents=True)  # nothing else is to be done meanwhile
            first_starting, _ = await _start_bot(discord, data)
            starting, memory = await _start_bot(discord, data)
            if number >= first:  # what came before filled the system's caches
                imports.append(importing)
                firsts.append(first_starting)
                starts.append(starting)
                memories.append(memory)
    return StartFigures(tuple(imports), tuple(firsts), tuple(starts), import_memory, memories[-1])


def _with_bytecode(variables: Mapping[str, str]) -> dict[str, str]:
    """Let the bot's modules be compiled once, as they are where it is installed; discord.py's are, too."""
    return {name: value for name, value in variables.items() if name != "PYTHONDONTWRITEBYTECODE"}


async def _import_discord() -> tuple[float, int | None]:
    """Measure the import, then what a process holds that waits behind it."""
    started = perf_counter()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", "import discord", env=_with_bytecode(os.environ)
    )
    await process.wait()
    taken = perf_counter() - started
    waiting = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        "import discord; print(flush=True); input()",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert waiting.stdout is not None  # noqa: S101  # it was asked for above
    await waiting.stdout.readline()
    memory = resident(waiting.pid)
    await waiting.communicate(b"\n")
    return taken, memory


async def _start_bot(discord: LoopbackDiscord, folder: Path) -> tuple[float, int | None]:
    """Start the bot as an operator does, and wait until it is told READY and has kept its rules."""
    started = perf_counter()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "run", env=_with_bytecode(environment(discord, folder)),
        cwd=folder,
        stdout=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    await discord.wait_for_bot(within=60.0)
    taken = perf_counter() - started
    while not any(folder.glob("cache/*.rulebook")):  # noqa: ASYNC110, ASYNC240  # another process writes it
        await asyncio.sleep(0.1)
    await asyncio.sleep(0.5)
    memory = resident(process.pid)
    process.send_signal(signal.SIGTERM)
    await process.wait()
    await discord.wait_until(lambda: not discord.sessions.connected, what="the bot to leave")
    return taken, memory


def measure_servers(*, effort: Effort) -> ServerFigures:
    """Make rulebooks of servers ready as the bot does: some their own, the others the shipped one."""
    shipped = load_rulebook(ROOT / "rules")
    shared, workshop = compile_rulebook(shipped), Workshop()
    before = settle()
    again = [workshop.ready(_same(shipped), shared) for _ in range(2)]
    is_shared = all(one is shared for one in again)
    again_memory = _each(before, settle(), len(again))
    again.clear()
    servers: dict[int, CompiledRulebook] = {}
    before, started = settle(), perf_counter()
    while len(servers) < effort.rulebooks and perf_counter() - started < effort.seconds:
        servers[len(servers)] = workshop.ready(_own(shipped, len(servers)), shared)
    seconds, done = (perf_counter() - started) / len(servers), len(servers)
    after = settle()
    own_memory = _each(before, after, done)
    rest = range(effort.rulebooks, SERVERS)
    servers |= {number: workshop.ready(_same(shipped), shared) for number in rest}
    whole = settle()
    shared_memory = _each(after, whole, len(rest))
    if whole is not None and own_memory is not None:
        whole += own_memory * (effort.rulebooks - done)
    return ServerFigures(
        servers=SERVERS,
        rulebooks=effort.rulebooks,
        compiled=done,
        own_seconds=seconds,
        own_memory=own_memory,
        shared_memory=shared_memory,
        is_shared_by_compile=is_shared,
        again_memory=again_memory,
        all_memory=whole,
    )


def _each(before: int | None, after: int | None, count: int) -> int | None:
    return None if before is None or after is None else max(0, after - before) // count


def _same(rulebook: Rulebook) -> Rulebook:
    """The same content in another object, as if it had been loaded again."""
    return replace(rulebook)


def _own(rulebook: Rulebook, number: int) -> Rulebook:
    """A server's own rulebook: one phrase more than the shipped one, and so another digest."""
    first, *others = rulebook.rules
    first = replace(first, phrases=(*first.phrases, f"<kratom> fixes everything number {number}"))
    digest = f"{number:064x}"
    return replace(rulebook, rules=(first, *others), digest=digest)
