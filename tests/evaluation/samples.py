"""Labelled messages for the tests of the evaluation."""

from __future__ import annotations

from pathlib import Path

from bot.evaluation.corpus import Labelled
from bot.evaluation.looking import Looked, look
from bot.matching.compile import CompiledRulebook

TESTS = Path(__file__).parents[1]
SMALL_RULES = TESTS / "small_rules"
CORPUS = TESTS / "corpus"


def label(
    text: str,
    *claims: str,
    stance: str = "asserts",
    kind: str = "plain",
    identity: str = "",
    context: tuple[str, ...] = (),
) -> Labelled:
    """Make a labelled message; what is not said is an assertion in plain words."""
    return Labelled(identity or text, text, context, frozenset(claims), stance, kind)


def seen(message: Labelled, rulebook: CompiledRulebook) -> Looked:
    """Look at a message that is there to be answered."""
    looked = look(message, rulebook)
    assert looked.answered, message.text
    return looked
