"""What messages name that a later one may mean without naming it: the subjects of a conversation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

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
    return _of_all(context, "named", rulebook, _named)


def perhaps_named_in(context: Sequence[Reading], rulebook: CompiledRulebook) -> tuple[str, ...]:
    """Give what `named_in` gives and perhaps more, told by the words alone; arguments are the same."""
    return _of_all(context, "perhaps named", rulebook, _perhaps_named)


def _of_all(
    context: Sequence[Reading],
    what: str,
    rulebook: CompiledRulebook,
    find_out: Callable[[Reading, CompiledRulebook], tuple[str, ...]],
) -> tuple[str, ...]:
    of = f"{what} by {rulebook.source.digest}"
    found: dict[str, None] = {}
    for reading in reversed(context):
        if isinstance(reading, Unread):
            found.update(dict.fromkeys(reading.noted(of, partial(find_out, reading, rulebook))))
        else:
            found.update(dict.fromkeys(find_out(reading, rulebook)))
    return tuple(found)


def _perhaps_named(reading: Reading, rulebook: CompiledRulebook) -> tuple[str, ...]:
    return rulebook.gate.perhaps_named(rulebook.skim.words(reading))


def _named(reading: Reading, rulebook: CompiledRulebook) -> tuple[str, ...]:
    perhaps = perhaps_named_in((reading,), rulebook)
    if not perhaps:
        return ()
    hits = see(reading, rulebook.lexicon, clauses_of(reading))
    return tuple(name for name, listed in hits.items() if listed and name in perhaps)
