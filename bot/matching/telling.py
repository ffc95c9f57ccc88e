"""The words that tell something of what was named before: without one, likeness is not asked about it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from bot.matching.lexicon import WORD, Lexicon
from bot.matching.standing import ANY_KIND, Slots, slots_of
from bot.matching.vocabulary import word_counts
from bot.rulebook.model import Role

_COMMONER_THAN_ANY_WORD = 1 << 50


def telling_words(phrases: Iterable[Slots], lexicon: Lexicon) -> frozenset[str]:
    """Give the words of which one stands in whatever a phrase could match beside a topic or theme.

    Args:
        phrases: the slots of all phrases.
        lexicon: the lexicon.
    """
    keys = _Keys(lexicon)
    words: set[str] = set()
    for slots in phrases:
        topics = [slot for slot in slots if _has_role(slot, Role.TOPIC, lexicon.roles)]
        themes = [slot for slot in slots if _has_role(slot, Role.THEME, lexicon.roles)]
        rest = [slot for slot in slots if slot not in topics and slot not in themes]
        words |= keys.of_rarest(topics or themes or rest)
        if rest:
            words |= keys.of_rarest(rest)
        else:
            # Any of them may be carried over, but never all: one stands in the message.
            words.update(*(keys.of(slot) for slot in slots))
    return frozenset(words)


def _has_role(slot: Iterable[str], role: Role, roles: Mapping[str, Role]) -> bool:
    return any(roles.get(name) is role for name in slot)


class _Keys:
    """For each concept, the words without which it is not seen: of each entry those of its rarest item."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._words: dict[str, set[str]] = {}
        self._weighed: dict[frozenset[str], tuple[int, set[str]]] = {}
        for entry in lexicon.all_entries():
            rarest = min((item for item in entry.items if item is not None), key=_commonness)
            self._words.setdefault(entry.concept, set()).update(rarest)
        for names in lexicon.kinds.values():
            for name in names:
                self._words.setdefault(name, set()).add(ANY_KIND)
        for derivation in lexicon.derivations:
            for phrase in derivation.built_by:
                found = self.of_rarest(slots_of(phrase))
                self._words.setdefault(derivation.concept, set()).update(found)

    def of(self, slot: frozenset[str]) -> set[str]:
        """Give the words without which nothing is seen in a slot."""
        return self._weigh(slot)[1]

    def of_rarest(self, slots: Iterable[frozenset[str]]) -> set[str]:
        """Give the words of that slot whose words are used least."""
        return min(map(self._weigh, slots), key=lambda weighed: weighed[0])[1]

    def _weigh(self, slot: frozenset[str]) -> tuple[int, set[str]]:
        if slot not in self._weighed:
            words: set[str] = set()
            for name in slot:
                words |= self._words.get(name, {name.removeprefix(WORD)})
            self._weighed[slot] = _commonness(words), words
        return self._weighed[slot]


def _commonness(words: Collection[str]) -> int:
    counts = word_counts()
    count = sum(counts.get(word, 0) for word in words)
    return count + _COMMONER_THAN_ANY_WORD * (ANY_KIND in words)
