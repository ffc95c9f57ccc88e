"""Who answers each example, before a change and after it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from bot.matching.compile import CompiledRulebook
from bot.matching.engine import find
from bot.matching.model import SPEAKING, Finding
from bot.matching.selftest import unmark
from bot.rulebook.model import FiringExample, Rule, SilentExample, Status
from bot.text.unread import Unread


class Taken(Struct, frozen=True):
    """An example of a rule that another family would answer, first or as well.

    Args:
        text: the example.
        rule: id of the rule whose example it is.
        family: that rule's family.
        by: what would answer it.
        first: whether it would come before what answers it now, so that the example changes its owner.
    """

    text: str
    rule: str
    family: str
    by: Finding
    first: bool


def taken_examples(before: CompiledRulebook, after: CompiledRulebook) -> Iterator[Taken]:
    """Find the examples that a change gives to another family.

    Args:
        before: the rules as they are, with those that are only switched off here.
        after: the rules as they would be, likewise.

    Yields:
        each firing example of a rule of both that is led by another family than before, and each example,
        firing or silent, that another family answers as well.
    """
    then = {rule.id: rule for rule in before.source.rules if rule.status is not Status.OFF}
    for rule in after.source.rules:
        if rule.id not in then or rule.status is Status.OFF:
            continue
        for example in _kept(then[rule.id], rule):
            old, new = _answers(example, before), _answers(example, after)
            known = {finding.family for finding in old}
            stranger = next((finding for finding in new if finding.family not in known), None)
            if new and old and new[0].family != old[0].family:
                yield Taken(
                    example.text, rule.id, rule.family, new[0], first=isinstance(example, FiringExample)
                )
            elif stranger is not None and stranger.family != rule.family:
                yield Taken(example.text, rule.id, rule.family, stranger, first=False)


def _kept(then: Rule, now: Rule) -> Iterator[FiringExample | SilentExample]:
    """Give the examples that a rule had before and still has."""
    for example in (*now.examples.fires, *now.examples.silent):
        if example in then.examples.fires or example in then.examples.silent:
            yield example


def _answers(example: FiringExample | SilentExample, rulebook: CompiledRulebook) -> Sequence[Finding]:
    """Give what answers an example, most important family first."""
    text, _ = unmark(example.text)
    found = find(Unread(text), rulebook, tuple(Unread(said) for said in example.context)).found
    order = {family.id: place for place, family in enumerate(rulebook.source.families)}
    speaking = [finding for finding in found if finding.stance in SPEAKING]
    return sorted(speaking, key=lambda finding: (order[finding.family], -finding.score))
