"""`python -m bench`: measure, show, and write results as JSON and a plot."""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from rich.console import Console

from bench import look, report, size, startup, swap, throughput, worst
from bench.bars import Bar, look_bars, server_bars, size_bars, start_bars, worst_bars
from bench.plot import draw
from bench.traffic import Line, figures_of, labelled, make_traffic
from bot.evaluation.corpus import Labelled
from bot.evaluation.scoring import ORDINARY
from bot.matching.compile import compile_rulebook
from bot.rulebook.load import load_rulebook

ROOT = Path(__file__).resolve().parents[1]
RULES = ROOT / "rules"
PARTS = ("look", "worst", "bot", "start")
LINES, QUICK_LINES = 100_000, 6_000
SEED = 4


@dataclass(slots=True)
class Bench:
    """One run.

    Args:
        console: where tables go.
        folder: where results go.
        scratch: a folder for what is needed on the way.
        seed: of everything that is made.
        lines: how many lines of traffic.
        is_quick: whether everything is done in small.
    """

    console: Console
    folder: Path
    scratch: Path
    seed: int
    lines: int
    is_quick: bool

    def run(self, parts: Sequence[str]) -> dict[str, Any]:
        """Measure parts; give everything that was measured, as it is written to the JSON."""
        started = perf_counter()
        results: dict[str, Any] = {"machine": report.machine(), "quick": self.is_quick, "seed": self.seed}
        bars: list[Bar] = []
        self._tell("traffic")
        messages = labelled(load_rulebook(RULES))
        lines = make_traffic(self.lines, messages=messages, seed=self.seed)
        traffic = figures_of(lines)
        report.show_traffic(self.console, traffic)
        results["traffic"] = report.as_json(traffic)
        if "start" in parts:
            bars += self._start(results)
        if "bot" in parts:
            self._bot(results, lines)
        if "worst" in parts:
            bars += self._worst(results, messages)
        if "look" in parts:
            bars += self._look(results, lines)
        report.show_bars(self.console, bars)
        results |= {"bars": report.as_json(bars), "seconds": round(perf_counter() - started, 1)}
        self.console.print(f"took {results['seconds']:.0f} s")
        return results

    def _look(self, results: dict[str, Any], lines: Sequence[Line]) -> list[Bar]:
        effort = look.QUICK if self.is_quick else look.Effort()
        figures = look.measure_looks(
            lines, shipped=RULES, folder=self.scratch, seed=self.seed, effort=effort, tell=self._tell
        )
        report.show_looks(self.console, figures)
        draw(figures, self.folder / "look.png")
        self._tell("the smallest and the largest rulebook in turns")
        growth = size.measure_size(lines, shipped=RULES, folder=self.scratch, seed=self.seed, effort=effort)
        results["look"], results["size"] = report.as_json(figures), report.as_json(growth)
        return [*look_bars(figures), *size_bars(growth)]

    def _worst(self, results: dict[str, Any], messages: Sequence[Labelled]) -> list[Bar]:
        self._tell("messages made to be slow")
        effort = worst.QUICK if self.is_quick else worst.Effort()
        own = [one.text for one in messages if one.kind in ORDINARY]
        figures = worst.measure_worst(
            compile_rulebook(load_rulebook(RULES)), own=own, seed=self.seed, effort=effort
        )
        report.show_worst(self.console, figures)
        results["worst"] = report.as_json(figures)
        return list(worst_bars(figures))

    def _bot(self, results: dict[str, Any], lines: Sequence[Line]) -> None:
        self._tell("the whole bot")
        effort = throughput.QUICK if self.is_quick else throughput.Effort()
        loads = asyncio.run(
            throughput.measure_throughput(
                chatter=[line.text for line in lines if not line.is_due],
                claims=[line.text for line in lines if line.is_due and not line.is_misspelt],
                folder=self.scratch / "bot",
                seed=self.seed,
                effort=effort,
            )
        )
        report.show_loads(self.console, loads)
        results["bot"] = report.as_json(loads)

    def _start(self, results: dict[str, Any]) -> list[Bar]:
        self._tell("start and memory")
        effort = startup.QUICK if self.is_quick else startup.Effort()
        start = asyncio.run(startup.measure_start(self.scratch / "start", effort=effort))
        servers = startup.measure_servers(effort=effort)
        swapped = swap.measure_swap(RULES, self.scratch / "swap", phrases=effort.phrases, seed=self.seed)
        report.show_start(self.console, start, servers, swapped)
        for name, figures in (("start", start), ("servers", servers), ("swap", swapped)):
            results[name] = report.as_json(figures)
        return [*start_bars(start), *server_bars(servers)]

    def _tell(self, what: str) -> None:
        self.console.print(f"[dim]measuring: {what}[/]")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what the command line asks for.

    Args:
        arguments: what stands behind `python -m bench`.

    Returns:
        the exit code; 0 whether or not the bars are met, since a busy machine is no fault of the code.
    """
    parser = argparse.ArgumentParser(
        prog="python -m bench", description="Measure what a look at a message costs."
    )
    parser.add_argument(
        "parts", nargs="*", metavar="PART", help=f"what to measure: {', '.join(PARTS)}; else all"
    )
    parser.add_argument("--quick", action="store_true", help="everything in small, within a minute")
    parser.add_argument("--lines", type=int, help=f"lines of traffic ({LINES:,}; quick: {QUICK_LINES:,})")
    parser.add_argument(
        "--seed", type=int, default=SEED, help="another seed makes other messages and rulebooks"
    )
    parser.add_argument("--out", type=Path, default=ROOT / "bench" / "results", help="the folder for results")
    given = parser.parse_args(arguments)
    unknown = set(given.parts) - set(PARTS)
    if unknown:
        parser.error(f"there is no part {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    if given.lines is not None and given.lines < 1000:
        parser.error("--lines has to be 1000 or more, so that there are claims among them")
    given.out.mkdir(parents=True, exist_ok=True)
    logging.getLogger("discord").setLevel(logging.ERROR)
    with TemporaryDirectory() as scratch:
        bench = Bench(
            console=Console(width=None if sys.stdout.isatty() else 170, highlight=False),
            folder=given.out,
            scratch=Path(scratch),
            seed=given.seed,
            lines=given.lines or (QUICK_LINES if given.quick else LINES),
            is_quick=given.quick,
        )
        results = bench.run(given.parts or PARTS)
    path = given.out / "results.json"
    path.write_text(json.dumps(results, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    bench.console.print(f"written to {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
