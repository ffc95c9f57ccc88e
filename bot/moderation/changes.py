"""What a moderator may ask for."""

from __future__ import annotations

import json

from msgspec import Struct

from bot.rulebook.model import FiringExample, SilentExample, Status, TodoExample, Unless
from bot.rulebook.part import plain


class WholeOverlay(Struct, frozen=True):
    """All changes of a server at once: an import, or the page."""

    text: str


class NewRule(Struct, frozen=True):
    """A rule of its own.

    Args:
        text: its YAML, as in claims/.
    """

    text: str


class EditRule(Struct, frozen=True):
    """Another content for a rule of the base or an own one.

    Args:
        rule: its id.
        text: its YAML, as in claims/, with the same id.
    """

    rule: str
    text: str


class AddExample(Struct, frozen=True):
    """One more example for a rule.

    Args:
        rule: its id.
        example: a message on which it must fire, one on which it must not speak, or a known miss.
    """

    rule: str
    example: FiringExample | SilentExample | TodoExample


class AddUnless(Struct, frozen=True):
    """One more other meaning for a rule, and the near miss that proves it, where there is one."""

    rule: str
    unless: Unless
    example: SilentExample | None = None


class AmendRule(Struct, frozen=True):
    """More examples, other meanings and another cut-off for a rule, all at once: what a review leads to.

    Args:
        rule: its id.
        text: the YAML of server's changes that hold these for that rule, and nothing else.
    """

    rule: str
    text: str


class SetRuleStatus(Struct, frozen=True):
    """A rule `off`, in `shadow` or `live`."""

    rule: str
    status: Status


class SetFamilyStatus(Struct, frozen=True):
    """A whole family `off`, in `shadow` or `live`."""

    family: str
    status: Status


class SetCutoff(Struct, frozen=True):
    """Another score, 60–100, from which a rule fires."""

    rule: str
    cutoff: int


class ResetRule(Struct, frozen=True):
    """A rule of the base as it is there; an own rule away."""

    rule: str


class RollBack(Struct, frozen=True):
    """An earlier version's content as a new version."""

    number: int


Change = (
    WholeOverlay
    | NewRule
    | EditRule
    | AddExample
    | AddUnless
    | AmendRule
    | SetRuleStatus
    | SetFamilyStatus
    | SetCutoff
    | ResetRule
    | RollBack
)


EXAMPLE_OF = "example of "
"""Stands before the id of a rule in what a draft is about, where it is one example of the rule."""


def typed_text(change: Change) -> tuple[str, str]:
    """Tell what a moderator typed for a change.

    Args:
        change: the change.

    Returns:
        what it is about (the id of a rule, "new rule", "overlay" or "example of …") and the text, an example
        with all that belongs to it; an empty text where it was chosen.
    """
    match change:
        case WholeOverlay():
            return "overlay", change.text
        case NewRule():
            return "new rule", change.text
        case EditRule() | AmendRule():
            return change.rule, change.text
        case AddExample():
            return f"{EXAMPLE_OF}{change.rule}", _written(change.example)
        case AddUnless():
            return change.rule, change.unless.phrase
        case _:
            return "", ""


def _written(example: FiringExample | SilentExample | TodoExample) -> str:
    """Write an example under its section; JSON is YAML too, and can be read back to the letter."""
    if isinstance(example, TodoExample):
        section = "todo"
    else:
        section = "fires" if isinstance(example, FiringExample) else "silent"
    return json.dumps({section: plain(example)}, ensure_ascii=False)
