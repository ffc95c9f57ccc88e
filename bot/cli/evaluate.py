"""`caveat-bot evaluate`: how well the rules recognise claims, measured on labelled messages."""

from __future__ import annotations

import json
from pathlib import Path

import click

from bot.cli.bars import watched
from bot.cli.evaluate_view import show
from bot.cli.options import chosen_rules, ready_rules, rules_option
from bot.cli.view import console
from bot.errors import SettingsError
from bot.evaluation.corpus import Part, load_corpus
from bot.evaluation.evaluation import Evaluation, Plan, evaluate
from bot.evaluation.plot import draw
from bot.evaluation.report import as_json
from bot.plotting import require_plotting

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command("evaluate")
@click.argument(
    "corpus", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path), metavar="CORPUS..."
)
@click.option(
    "--part",
    type=click.Choice([part.value for part in Part]),
    default=Part.ALL.value,
    show_default=True,
    help="Which messages: those that rules are tuned on, those that are held back, or all.",
)
@click.option(
    "--against",
    type=click.Choice(["brute"]),
    help="Compare with brute force: rapidfuzz over whole phrases, with the cut-off that is best for it.",
)
@click.option("--robustness", is_flag=True, help="Change messages (typos, emoji, denial ...) and look again.")
@click.option(
    "--misses", metavar="N", type=click.IntRange(0), default=20, show_default=True, help="Show N misses."
)
@click.option("--show-hold", is_flag=True, help="Show also misses of the part that nobody should tune on.")
@click.option(
    "--json", "json_file", metavar="FILE", type=_FILE, help="Write all of it as JSON; - for the output."
)
@click.option(
    "--plot", metavar="FILE", type=_FILE, help="Draw precision over recall as a PNG; needs matplotlib."
)
@rules_option
def command(
    corpus: tuple[Path, ...],
    part: str,
    against: str | None,
    robustness: bool,
    misses: int,
    show_hold: bool,
    json_file: Path | None,
    plot: Path | None,
    rules: Path | None,
) -> None:
    """Measure how well the rules recognise claims, on labelled messages.

    CORPUS is one or more files of labelled messages, or folders of which every .jsonl file is taken. It
    ends with 0 whatever the figures are, and with 65 where a line is not right; each is then told with file
    and line. The same messages always give the same figures.

    \b
    one line   {"id": "1", "text": "...", "claims": ["headache-relief"], "stance": "asserts", "kind": "plain"}
    claims     the families that should be answered, [] for none
    stance     asserts, asks, reports; denies, warns, quotes, none (these get no reply)
    kind       for the table by kind; "chat" and "chat-near" count as ordinary chat
    context    may be added: [{"author": "a", "text": "..."}], what was said just before, oldest first
    """
    if plot is not None:
        require_plotting()
    rulebook = ready_rules(chosen_rules(rules))
    messages = load_corpus(corpus, families=[family.id for family in rulebook.source.families])
    plan = Plan(Part(part), against_brute=against == "brute", robustness=robustness, show_hold=show_hold)
    with watched() as watch:
        evaluation = evaluate(messages, rulebook, plan, watch=watch)
    if plot is not None:
        draw(evaluation, plot)
    if json_file is not None:
        _write(evaluation, json_file)
    if json_file != Path("-"):
        show(evaluation, to=console(), misses=misses)


def _write(evaluation: Evaluation, file: Path) -> None:
    text = json.dumps(as_json(evaluation), indent=2) + "\n"
    if file == Path("-"):
        click.echo(text, nl=False)
        return
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise SettingsError(f"{file} cannot be written: {error.strerror or error}") from error
