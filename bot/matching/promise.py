"""What could come of a message, told by the concepts that may stand in it: most chat ends here.

It asks only whether something may stand in every slot of a phrase, as the gate does, but it knows which
entries are really written in the message.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from bot.matching.compile import CompiledRule, CompiledRulebook
from bot.matching.phrases import CompiledPhrase, can_match


class Promise(Struct, frozen=True):
    """What could come of a message.

    Args:
        phrases: the rules with those of their phrases that could match, in the rulebook's order: it decides
            between equals.
        emergency: the signs of an emergency that could match.
        topic: whether it may speak of a topic for which likeness is asked.
    """

    phrases: tuple[tuple[CompiledRule, tuple[CompiledPhrase, ...]], ...]
    emergency: tuple[CompiledPhrase, ...]
    topic: bool

    def narrowed(self, seen: set[str], rulebook: CompiledRulebook) -> Promise:
        """Give what is left of it when fewer concepts may stand there; arguments: see `promise_of`."""
        left = ((rule, _filled(phrases, seen)) for rule, phrases in self.phrases)
        return Promise(
            phrases=tuple((rule, phrases) for rule, phrases in left if phrases),
            emergency=_filled(self.emergency, seen),
            topic=self.topic and not seen.isdisjoint(rulebook.judged_topics),
        )

    def __bool__(self) -> bool:
        """Whether anything could come of it."""
        return bool(self.phrases or self.emergency or self.topic)


def promise_of(possible: set[str], rulebook: CompiledRulebook) -> Promise:
    """Tell what could come of a message.

    Args:
        possible: ids of all concepts that may stand in it or were spoken of before; more does no harm.
        rulebook: the rules, made ready.
    """
    worth: dict[int, list[CompiledPhrase]] = {}
    for rule_at, phrase_at in _places(possible, rulebook):
        phrase = rulebook.rules[rule_at].phrases[phrase_at]
        if can_match(phrase, possible):
            worth.setdefault(rule_at, []).append(phrase)
    emergency = rulebook.emergency.phrases if rulebook.emergency is not None else ()
    return Promise(
        phrases=tuple((rulebook.rules[at], tuple(phrases)) for at, phrases in worth.items()),
        emergency=_filled(emergency, possible),
        topic=rulebook.likeness is not None and not possible.isdisjoint(rulebook.judged_topics),
    )


def _filled(phrases: Iterable[CompiledPhrase], seen: set[str]) -> tuple[CompiledPhrase, ...]:
    return tuple(phrase for phrase in phrases if can_match(phrase, seen))


def _places(possible: set[str], rulebook: CompiledRulebook) -> list[tuple[int, int]]:
    by_concept = rulebook.by_concept
    places: set[tuple[int, int]] = set()
    for name in by_concept.keys() & possible:
        others = by_concept[name]
        for other in others.keys() & possible:
            places.update(others[other])
    return sorted(places)
