"""`caveat-bot learn`: learn from labelled messages what a claim reads like."""

from __future__ import annotations

from pathlib import Path

import click

from bot.cli.bars import watched
from bot.cli.options import chosen_rules, rules_option
from bot.errors import SettingsError
from bot.evaluation.corpus import Part, load_corpus
from bot.evaluation.learning import (
    Outcome,
    as_text,
    cross_validate,
    examples_from,
    learn,
    lessons_from,
    outcome,
)
from bot.matching.compile import compile_rulebook
from bot.rulebook.learned import LEARNED
from bot.rulebook.load import load_rulebook
from bot.rulebook.model import WEIGHTS, Learned

_SHOWN = (40, 50, 60, 65, 70, 75, 80, 90)
"""Cut-offs for an answer that are told beside the one in use."""
_FIRST = """\
# Written by `caveat-bot learn` because there was none. Yours to edit, see README.md.
status: shadow
"""


@click.command("learn")
@click.argument(
    "corpus", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path), metavar="CORPUS..."
)
@click.option(
    "--part",
    type=click.Choice([part.value for part in Part]),
    default=Part.TUNE.value,
    show_default=True,
    help="Which messages: only those that rules are tuned on may be learned from.",
)
@rules_option
def command(corpus: tuple[Path, ...], part: str, rules: Path | None) -> None:
    """Learn from labelled messages what claims read like, and what only looks like them.

    CORPUS is as for `evaluate`; the examples of the rules are learned from as well. What was learned is
    written to learned.json in the folder of rules. How far it is trusted stands in learned.yaml, which is
    written only where there is none yet. The figures come from messages that were not learned from
    (five-fold cross-validation). It needs scikit-learn and takes some minutes; the same messages always give
    the same weights.
    """
    folder = chosen_rules(rules)
    rulebook = compile_rulebook(load_rulebook(folder))
    messages = load_corpus(corpus, families=[family.id for family in rulebook.source.families])
    with watched() as watch:
        examples = examples_from(messages, rulebook, part=Part(part), progress=watch("looking"))
        lessons = lessons_from(rulebook)
        guesses = cross_validate(examples, lessons, rulebook.source.rules, progress=watch("cross-validating"))
        learning = watch("learning")
        words = rulebook.lexicon.vocabulary.words
        weights = learn([*examples, *lessons], rulebook.source.rules, words)
        learning(1, 1)
    used = rulebook.source.learned or Learned()
    _write(folder / WEIGHTS, as_text(weights))
    if not (folder / LEARNED).exists():
        _write(folder / LEARNED, _FIRST)
    click.echo(f"learned from {weights.messages} messages, {len(weights.features)} features")
    _tell("in use", outcome(guesses, due=used.due, family=used.family))
    for due in _SHOWN:
        _tell("", outcome(guesses, due=due, family=used.family))


def _tell(name: str, found: Outcome) -> None:
    click.echo(
        f"{name:6}  due {found.due:3}, family {found.family:3}: precision {found.precision:.3f}, "
        f"recall {found.recall:.3f}, families F1 {found.families:.3f}, stance {found.stance:.3f}"
    )


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise SettingsError(f"{file} cannot be written: {error.strerror or error}") from error
    click.echo(f"written: {file}")
