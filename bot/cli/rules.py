"""`caveat-bot rules`: look after the folder of rules."""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table
from rich.text import Text

from bot.cli.options import chosen_rules, kept_rulebooks, rules_option
from bot.cli.server_rules import COMMANDS
from bot.cli.view import console
from bot.errors import SettingsError
from bot.matching.selftest import ExampleFailure
from bot.proof import prove
from bot.rulebook.load import load_rulebook
from bot.rulebook.schema import KINDS, SCHEMA_FOLDER, schema_of, text_of, write_schemas
from bot.rulebook.sources import verify_sources
from bot.shipped import copy_rules


@click.group("rules")
def command() -> None:
    """Check, list and copy the rules that moderators edit."""


@command.command("check")
@rules_option
def check(rules: Path | None) -> None:
    """Validate the rules and run every example they carry.

    Every fault is told in one go, with file, line, column and what to write instead; then it ends with 65.
    Known misses (todo) that hold by now are told, so that they can be moved up.
    """
    folder = chosen_rules(rules)
    kept = kept_rulebooks()
    name = kept.name_of(folder)
    with _progress("running examples") as progress:
        proven = prove(folder, progress=progress)
    kept.keep(folder, proven, name)
    source, report = proven.rulebook.source, proven.report
    status = Counter(rule.status.value for rule in source.rules)
    to = console()
    to.print(Text.assemble(("The rules hold. ", "bold green"), str(folder)))
    to.print(
        f"{len(source.rules)} rules ({', '.join(f'{count} {name}' for name, count in status.items())}) "
        f"in {len(source.families)} families, {len(source.caveats)} caveats, {len(source.concepts)} concepts"
    )
    to.print(
        f"{report.checked} examples, of which {_counted(report.todo_open, 'known miss', 'known misses')}"
    )
    for example in report.todo_done:
        to.print(Text(f"holds now, move it up from todo: {example.rule}: {example.text}", style="yellow"))


@command.command("list")
@rules_option
def list_rules(rules: Path | None) -> None:
    """List every rule with its family and status."""
    rulebook = load_rulebook(chosen_rules(rules))
    by_family = defaultdict(list)
    for rule in rulebook.rules:
        by_family[rule.family].append(rule)
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("family", "rule", "status"):
        table.add_column(heading, overflow="fold")
    for heading in ("phrases", "fires", "silent", "todo"):
        table.add_column(heading, justify="right")
    for family in rulebook.families:
        for number, rule in enumerate(by_family[family.id]):
            examples = rule.examples
            counts = (rule.phrases, examples.fires, examples.silent, examples.todo)
            table.add_row(
                Text("" if number else family.id, style="bold"),
                rule.id,
                Text(rule.status.value, style="" if rule.status.value == "live" else "yellow"),
                *(str(len(count)) for count in counts),
            )
    console().print(table)


@command.command("copy")
@click.argument("folder", type=click.Path(path_type=Path))
def copy(folder: Path) -> None:
    """Copy the shipped rules, to edit them.

    FOLDER must be new or empty. Name it with --rules or RULES_DIR to use it.
    """
    written = copy_rules(folder)
    click.echo(f"{len(written)} files are in {folder}. To use them: RULES_DIR={folder} caveat-bot run")


@command.command("schema")
@click.argument("kind", required=False, type=click.Choice(KINDS))
@rules_option
def schema(kind: str | None, rules: Path | None) -> None:
    """Write JSON Schemas for editors.

    With them an editor completes and checks rules while you type. They go into the folder "schema" beside
    the rules. Do this again after adding a family, a caveat or a line of evidence, so that its id is
    offered. With KIND that one schema is printed, and nothing is written.
    """
    folder = chosen_rules(rules)
    rulebook = load_rulebook(folder)
    if kind is not None:
        click.echo(text_of(schema_of(kind, rulebook)), nl=False)
        return
    try:
        written = write_schemas(folder, rulebook)
    except OSError as error:
        raise SettingsError(f"{folder} cannot be written: {error.strerror or error}") from error
    for path in written:
        click.echo(f"written: {path}")
    if not written:
        click.echo(f"The schemas in {folder / SCHEMA_FOLDER} are up to date.")


@command.command("verify-sources")
@click.option(
    "--documents",
    required=True,
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="The folder that holds the documents which the caveats were drawn from.",
)
@rules_option
def verify(documents: Path, rules: Path | None) -> None:
    """Prove that each citation holds.

    The rules hold no sentence of the documents, only the place and the SHA-256 of each. This compares them
    with the documents themselves, and ends with 65 where a citation does not point at its sentence any more.
    """
    rulebook = load_rulebook(chosen_rules(rules))
    report = verify_sources(rulebook, documents)
    report.require()
    click.echo(
        f"All {len(report.citations)} citations of {len(rulebook.caveats)} caveats match: "
        f"{report.statements} sentences in {len(rulebook.documents)} documents."
    )


for of_servers in COMMANDS:
    command.add_command(of_servers)


@contextmanager
def _progress(what: str) -> Iterator[Callable[[int, int], None]]:
    """Show a bar on a terminal, and nothing elsewhere."""
    bar = Progress(
        TextColumn(what),
        BarColumn(),
        MofNCompleteColumn(),
        console=console(stderr=True),
        transient=True,
        disable=not sys.stderr.isatty(),
    )
    task = bar.add_task(what, total=None)
    with bar:
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _counted(examples: tuple[ExampleFailure, ...], one: str, several: str) -> str:
    return f"{len(examples) or 'no'} {one if len(examples) == 1 else several}"
