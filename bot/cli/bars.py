"""Bars that show how far a long command is: on a terminal, and nothing elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)

from bot.cli.view import console
from bot.evaluation.evaluation import Watch
from bot.evaluation.looking import Progress as Reached


@contextmanager
def watched() -> Iterator[Watch]:
    """Show a bar for each stage.

    Yields:
        what is called with the name of a stage, and gives what is called with how far it is.
    """
    bars = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        console=console(stderr=True),
        transient=True,
        disable=not sys.stderr.isatty(),
    )

    def begin(stage: str) -> Reached:
        task = bars.add_task(stage, total=None)
        return lambda done, total: bars.update(task, completed=done, total=total)

    with bars:
        yield begin


@contextmanager
def bytes_watched(stage: str) -> Iterator[Reached]:
    """Show a bar for how much of some files was read, and how long the rest will take.

    Args:
        stage: what is being done.

    Yields:
        what is called with how many bytes are done and how many there are.
    """
    bars = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(binary_units=True),
        TimeRemainingColumn(),
        console=console(stderr=True),
        transient=True,
        disable=not sys.stderr.isatty(),
    )
    task = bars.add_task(stage, total=None)
    with bars:
        yield lambda done, total: bars.update(task, completed=done, total=total)
