"""A server's rules as they are listed and shown. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from msgspec.structs import replace

from bot.moderation.model import Provenance, RuleLine, RuleShown
from bot.rulebook.model import Rule, Rulebook, Status
from bot.rulebook.overlay import read_overlay
from bot.rulebook.yaml_writer import write_rule


def lines_of(rulebook: Rulebook, base: Rulebook, trials: Mapping[str, datetime]) -> tuple[RuleLine, ...]:
    """List rules, by family in the order of the families.

    Args:
        rulebook: the server's rules.
        base: the base.
        trials: the rules that are in shadow for some time, each with when that ends.
    """
    order = {family.id: place for place, family in enumerate(rulebook.families)}
    known = {rule.id: rule for rule in base.rules}
    rules = sorted(rulebook.rules, key=lambda rule: order[rule.family])
    return tuple(_line(rule, known.get(rule.id), trials) for rule in rules)


def shown(rule: str, rulebook: Rulebook, base: Rulebook, trials: Mapping[str, datetime]) -> RuleShown | None:
    """Show one rule; arguments as for `lines_of`.

    Returns:
        the rule; None where there is no such rule.
    """
    here = next((known for known in rulebook.rules if known.id == rule), None)
    there = next((known for known in base.rules if known.id == rule), None)
    if here is None:
        return None
    base_text = write_rule(there) if there is not None and there != here else ""
    return RuleShown(_line(here, there, trials), write_rule(here), base_text)


def family_statuses(text: str, base: Rulebook) -> dict[str, Status | None]:
    """Tell what holds for each family as a whole, whatever is said of single rules.

    Args:
        text: the server's changes that are in force, as YAML; empty where there are none.
        base: the base.

    Returns:
        for each family what the changes say of it, or else live; None where they say nothing and some of its
        rules are in shadow in the base.

    Raises:
        RulebookError: the changes hold faults.
    """
    said = read_overlay(text).value.families
    mixed = {rule.family for rule in base.rules if rule.status is Status.SHADOW}
    return {
        family.id: said.get(family.id, None if family.id in mixed else Status.LIVE)
        for family in base.families
    }


def _line(rule: Rule, known: Rule | None, trials: Mapping[str, datetime]) -> RuleLine:
    until = trials.get(rule.id)
    on_trial = until is not None and rule.status is Status.LIVE
    return RuleLine(
        id=rule.id,
        family=rule.family,
        status=Status.SHADOW if on_trial else rule.status,
        cutoff=rule.cutoff,
        provenance=_provenance(rule, known),
        trial_until=until if on_trial else None,
    )


_ADDED_TO = ("status", "cutoff", "unless", "examples")


def _provenance(rule: Rule, known: Rule | None) -> Provenance:
    """A rule counts as changed while all but what a change can say of it follows the base."""
    if known is None:
        return Provenance.OWN
    if known == rule:
        return Provenance.BASE
    follows = replace(known, **{name: getattr(rule, name) for name in _ADDED_TO}) == rule
    return Provenance.CHANGED if follows else Provenance.REPLACED
