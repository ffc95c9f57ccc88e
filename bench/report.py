"""What was measured, as tables for the terminal and as JSON."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from dataclasses import asdict
from statistics import median
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

from bench.bars import Bar
from bench.look import Row, SizeFigures
from bench.startup import ServerFigures, StartFigures
from bench.swap import SwapFigures
from bench.throughput import Load
from bench.traffic import TrafficFigures
from bench.worst import WorstFigures
from bench.yardstick import decoder_name

_MEBIBYTE = 1 << 20


def machine() -> dict[str, Any]:
    """Tell what this was measured on, without the machine's name."""
    import os  # noqa: PLC0415  # only for the one figure

    return {
        "system": platform.system(),
        "architecture": platform.machine(),
        "processor": _processor(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "json": decoder_name(),
    }


def _processor() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as lines:  # noqa: PTH123  # a file of the system
            return next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), "")
    except OSError:
        return platform.processor()


def show_traffic(console: Console, figures: TrafficFigures) -> None:
    """Show what the traffic is like."""
    console.print(
        f"\n[bold]Traffic[/]  {figures.lines:,} lines ({figures.distinct:,} different), length median "
        f"{figures.median_length:.0f}, p99 {figures.p99_length:.0f} characters; claims {figures.claims:.1%}, "
        f"of these misspelt {figures.misspelt_claims:.0%}; {figures.distinct_words:,} different words"
    )


def show_looks(console: Console, figures: Sequence[SizeFigures]) -> None:
    """Show each rulebook's table."""
    for one in figures:
        table = _table(
            f"{one.size.phrases:,} phrases: {one.concepts:,} concepts written in {one.ways:,} ways, loaded "
            f"in {one.loading:.1f} s; past the gate {one.past_the_gate:.0%}. Recall, precision on "
            f"{one.size.claims} claims and {one.size.chatter} other lines",
            "way", "µs mean", "p50", "p99", "messages/s", "measured", "ready in", "memory", "recall",
            "precision", "cut-off",
        )  # fmt: skip
        for row in one.rows:
            table.add_row(row.name, *_cells(row))
        console.print(table)


def _cells(row: Row) -> list[str]:
    if row.times is None:
        return [row.problem]
    times, built, quality = row.times, row.built, row.quality
    return [
        _number(times.mean),
        _number(times.percentile(50)),
        _number(times.percentile(99)),
        f"{1e6 / times.mean:,.0f}",
        f"{len(times.micros):,}",
        "–" if built is None else f"{built.seconds:.3f} s",
        "–" if built is None else _megabytes(built.memory),
        "–" if quality is None else f"{quality.recall:.2f}",
        "–" if quality is None or quality.precision is None else f"{quality.precision:.2f}",
        "–" if quality is None or quality.cutoff is None else f"{quality.cutoff:.0f}",
    ]


def show_worst(console: Console, figures: WorstFigures) -> None:
    """Show the slow messages by length."""
    lengths = sorted(figures.ordinary)
    table = _table(
        "Messages made to be slow: mean in µs by length in characters",
        "kind", *(f"{length:,}" for length in lengths), "growth", "late",
    )  # fmt: skip
    for kind in figures.kinds:
        growth = (f"{kind.growth:.2f}", f"{kind.late_growth:.2f}")
        table.add_row(kind.name, *(_number(kind.micros[length]) for length in lengths), *growth)
    for one in figures.found:
        cells = [_number(one.micros) if length == one.length else "" for length in lengths]
        table.add_row(f"found by search, {one.tried} tried", *cells, "")
    console.print(table)


def show_loads(console: Console, loads: Sequence[Load]) -> None:
    """Show the whole bot's figures."""
    table = _table(
        "The whole bot, from MESSAGE_CREATE to the reply's request",
        "claims", "messages/s", "replies", "p50 ms", "p99 ms", "loop late p99 ms", "most",
        "most at full speed",
    )  # fmt: skip
    for load in loads:
        table.add_row(
            f"{load.share:.0%}",
            f"{load.rate:,.0f}",
            f"{load.replies}",
            _number(load.p50),
            _number(load.p99),
            _number(load.lag_p99),
            _number(load.lag_most),
            _number(load.lag_most_flooded),
        )
    console.print(table)


def show_start(console: Console, start: StartFigures, servers: ServerFigures, swap: SwapFigures) -> None:
    """Show start and memory."""
    table = _table("Start and memory", "what", "least", "median", "memory")
    for name, times, memory in (
        ('python -c "import discord"', start.imports, start.import_memory),
        ("the bot, until it has joined", start.starts, start.rest_memory),
        ("the same, its first start with these rules", start.firsts, None),
    ):
        table.add_row(name, f"{min(times):.2f} s", f"{median(times):.2f} s", _megabytes(memory))
    own = f"one more rulebook of a server's own ({servers.compiled} compiled)"
    table.add_row(own, "", f"{servers.own_seconds:.2f} s", _megabytes(servers.own_memory))
    shared = "–" if servers.shared_memory is None else f"{servers.shared_memory} bytes"
    table.add_row("one more server that shares a rulebook", "", "", shared)
    again = "the same rulebook compiled again"
    table.add_row(
        again, "", "the same object" if servers.is_shared_by_compile else "", _megabytes(servers.again_memory)
    )
    everything = f"{servers.servers:,} servers, {servers.rulebooks} of them with their own"
    table.add_row(everything, "", "", _megabytes(servers.all_memory))
    console.print(table)
    console.print(
        f"while {swap.phrases:,} phrases are read and compiled in {swap.seconds:.2f} s, the event loop "
        f"is late by {swap.lag_p99:.1f} ms (p99) and at most {swap.lag_most:.1f} ms; "
        f"without it at most {swap.idle_most:.1f} ms"
    )


def show_bars(console: Console, bars: Sequence[Bar]) -> None:
    """Show each bar, met or not."""
    table = _table("Bars", "ratio", "measured", "bar", "", "remark")
    for bar in bars:
        limit = f"{'≥' if bar.at_least else '≤'} {bar.limit:,.2f}"
        verdict = "[green]met[/]" if bar.is_met else "[red]not met[/]"
        table.add_row(bar.name, f"{bar.value:,.2f}", limit, verdict, bar.remark)
    console.print(table)


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD)
    for number, column in enumerate(columns):
        table.add_column(column, justify="right" if number else "left", overflow="fold")
    return table


def _number(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}"


def _megabytes(value: int | None) -> str:
    return "–" if value is None else f"{value / _MEBIBYTE:.1f} MB"


def as_json(value: object) -> object:
    """Give a value in a form that JSON takes; times as their figures, not message by message."""
    if isinstance(value, SizeFigures):
        return {
            **{
                name: getattr(value, name)
                for name in ("concepts", "ways", "loading", "past_the_gate", "cold_share")
            },
            "phrases": value.size.phrases,
            "rows": [_row(row) for row in value.rows],
        }
    if isinstance(value, Bar):
        return {**asdict(value), "is_met": value.is_met}
    if isinstance(value, list | tuple):
        return [as_json(one) for one in value]
    if isinstance(value, dict):
        return {str(key): as_json(one) for key, one in value.items()}
    return value if value is None or isinstance(value, str | int | float) else asdict(value)  # type: ignore[call-overload]


def _row(row: Row) -> dict[str, Any]:
    times = row.times
    return {
        "name": row.name,
        "problem": row.problem,
        "built": as_json(row.built),
        "quality": as_json(row.quality),
        "micros": None
        if times is None
        else {
            "mean": times.mean,
            "p50": times.percentile(50),
            "p99": times.percentile(99),
            "messages": len(times.micros),
        },
    }
