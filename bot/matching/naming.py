"""What messages name that a later one may mean without naming it: the subjects of a conversation."""

from __future__ import annotations

from collections.abc import Sequence

from bot.matching.compile import CompiledRulebook
from bot.matching.hits import see
from bot.matching.segments import clauses_of
from bot.text.model import Reading
from bot.text.unread import Unread


def named_in(context: Sequence[Reading], rulebook: CompiledRulebook) -> tuple[str, ...]:
    """Give the topics and themes that messages name, latest first.

    Args:
        context: the messages, oldest first. One that is not read yet is read only if it may name something,
            and remembers what it names, as it stands before several others.
        rulebook: the rules, made ready.

    Returns:
        ids of concepts, each once.
    """
    named: dict[str, None] = {}
    for reading in reversed(context):
        named.update(dict.fromkeys(_named_by(reading, rulebook)))
    return tuple(named)


def _named_by(reading: Reading, rulebook: CompiledRulebook) -> tuple[str, ...]:
    if isinstance(reading, Unread):
        return reading.noted(rulebook.source.digest, lambda: _found_in(reading, rulebook))
    return _found_in(reading, rulebook)


def _found_in(reading: Reading, rulebook: CompiledRulebook) -> tuple[str, ...]:
    if not rulebook.gate.may_supply(rulebook.skim.words(reading)):
        return ()
    hits = see(reading, rulebook.lexicon, clauses_of(reading))
    wanted = {*rulebook.topics, *rulebook.themes}
    return tuple(name for name, listed in hits.items() if listed and name in wanted)
