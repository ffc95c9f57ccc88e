"""Which rules two rulebooks do not have in common. Pure."""

from __future__ import annotations

from bot.rulebook.model import Rule, Rulebook


def new_or_changed(before: Rulebook, after: Rulebook) -> tuple[str, ...]:
    """Give the ids of rules that are new, or that match or speak in another way; their own words only."""
    then = {rule.id: _matters(rule) for rule in before.rules}
    return tuple(rule.id for rule in after.rules if then.get(rule.id) != _matters(rule))


def gone(before: Rulebook, after: Rulebook) -> tuple[str, ...]:
    """Give the ids of rules that are there no more."""
    there = {rule.id for rule in after.rules}
    return tuple(rule.id for rule in before.rules if rule.id not in there)


def concerned(before: Rulebook, after: Rulebook) -> tuple[str, ...]:
    """Tell which rules a change concerns.

    Args:
        before: the rules as they were.
        after: as they are.

    Returns:
        ids of the rules that are new, changed or gone; of all rules where words of the lexicon are others, as
        any rule may rest on these.
    """
    if before.concepts != after.concepts:
        return tuple(dict.fromkeys(rule.id for rule in (*before.rules, *after.rules)))
    return (*new_or_changed(before, after), *gone(before, after))


def _matters(rule: Rule) -> tuple[object, ...]:
    return tuple(getattr(rule, name) for name in Rule.__struct_fields__ if name not in ("examples", "note"))
