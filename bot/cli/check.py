"""`caveat-bot check`: one message for people, or many, line by line, for programs."""

from __future__ import annotations

import os
import sys
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import BinaryIO

import click
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from bot.cli.lines import Check, answer, read_lines
from bot.cli.options import chosen_rules, ready_rules, rules_option
from bot.cli.view import console, show
from bot.replies.model import SpeakingSettings
from bot.replies.single import check_text


@click.command("check")
@click.argument("text", required=False)
@click.option("--jsonl", is_flag=True, help="Be a filter: one JSON object a line in, one a line out.")
@click.option(
    "--context", "-c", multiple=True, metavar="TEXT", help="What was said just before; may be given again."
)
@click.option("--verbose", "-v", is_flag=True, help="Show also how the message was read.")
@rules_option
def command(
    text: str | None, jsonl: bool, context: tuple[str, ...], verbose: bool, rules: Path | None
) -> None:
    """Check a message and show what the bot would answer, and why.

    TEXT is the message; without it, or with "-", it is read from standard input. Nothing is stored, and there
    is no cool-down: the same text always gets the same answer.

    With --jsonl, TEXT is the name of a file; without it, or with "-", lines come from standard input. Each
    line gets exactly one line, in the same order, at once; a line that cannot be understood gets an error
    and the next one is read.

    \b
    in   {"id": "1", "text": "...", "context": [{"author": "a", "text": "..."}]}
         context may be left out
    out  {"id": "1", "decision": "reply|hold|silent", "reason": "...", "findings": [
            {"rule": "...", "family": "...", "stance": "asserts|asks|denies|reports|warns|quotes",
             "score": 0-100, "start": 0, "end": 0, "matched": "...", "phrase": "..."}]}
         "emergency": true is added where somebody may need help now
    or   {"id": "1", "error": "..."}
         id is null where the line had none that could be read
    """
    if jsonl and (context or verbose):
        raise click.UsageError("--context and --verbose are for a single message, not for --jsonl")
    if text is None and sys.stdin.isatty():
        raise click.UsageError("name a message, or pipe one in")
    rulebook = ready_rules(chosen_rules(rules))
    check = partial(check_text, rulebook=rulebook, settings=SpeakingSettings())
    if jsonl:
        _filter(text, check)
        return
    if text is None or text == "-":
        text = sys.stdin.buffer.read().decode("utf-8", "surrogateescape").removesuffix("\n")
    show(check(text, context, explained=True), to=console(), verbose=verbose)


def _filter(name: str | None, check: Check) -> None:
    """Answer every line of a file or of standard input."""
    with ExitStack() as stack:
        source = sys.stdin.buffer if name in (None, "-") else stack.enter_context(_opened(str(name)))
        progress = stack.enter_context(_Watched(source))
        for number, line in enumerate(read_lines(source), 1):
            click.echo(answer(line, number, check))
            progress.reached()


def _opened(name: str) -> BinaryIO:
    try:
        return Path(name).open("rb")
    except OSError as error:
        raise click.BadParameter(f"{name} cannot be read: {error.strerror or error}") from error


class _Watched:
    """A bar on the terminal for how much of a file was read, where the answers go elsewhere."""

    def __init__(self, source: BinaryIO) -> None:
        self._source = source
        shown = source is not sys.stdin.buffer and sys.stderr.isatty() and not sys.stdout.isatty()
        size = os.fstat(source.fileno()).st_size if shown else None
        self._progress = Progress(
            TextColumn("checking"),
            BarColumn(),
            TimeRemainingColumn(),
            console=console(stderr=True),
            disable=not shown,
        )
        self._task = self._progress.add_task("checking", total=size)

    def __enter__(self) -> _Watched:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def reached(self) -> None:
        """Show how far it is."""
        if not self._progress.disable:
            self._progress.update(self._task, completed=self._source.tell())
