"""How rare concepts are in chat: what is rare is asked for first, as most messages do not hold it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import fsum, prod

from msgspec import Struct

from bot.matching.lexicon import WORD, Entry, Lexicon
from bot.matching.standing import ANY_KIND, Slots, rarest_item, slots_of
from bot.rulebook.model import Role

_ALL = 1e12
"""About the sum of the counts of English words."""
_WORDS_OF_A_MESSAGE = 12
_SHARE_OF_OTHER_KINDS = 0.3
_CHEAPER = 25
"""How many times as much it costs to look where an entry stands as where only its rarest word does."""
_COMMONER_THAN_ANY_WORD = 1 << 50


class Weight(Struct, frozen=True, eq=False):
    """How often a concept's own entries are seen.

    Args:
        entries: the entries.
        words: those without one of which none of them is seen.
        cost: roughly the share of messages in which one is seen.
    """

    entries: tuple[Entry, ...]
    words: frozenset[str]
    cost: float


class Weights:
    """Weighs concepts, and puts what is seen least first.

    Args:
        lexicon: the lexicon.
        known: the weights of a rulebook that is mostly the same, so that they need not be found again.
    """

    def __init__(self, lexicon: Lexicon, known: Mapping[str, Weight]) -> None:
        self._count_of = lexicon.vocabulary.counts.of_any
        self._counts: dict[frozenset[str], int] = {}
        self.of_entries: dict[str, Weight] = {}
        for name, entries in lexicon.listed.items():
            before = known.get(name)
            is_same = before is not None and before.entries is entries
            self.of_entries[name] = before if before is not None and is_same else self._weighed(entries)
        self._costs = {name: weight.cost for name, weight in self.of_entries.items()}
        for names in lexicon.kinds.values():
            for name in names:
                self._costs[name] = self._costs.get(name, 0.0) + _SHARE_OF_OTHER_KINDS
        self.built_by: dict[str, tuple[Slots, ...]] = {}
        for one in lexicon.derivations:
            built_by = tuple(self.in_order(slots_of(phrase)) for phrase in one.built_by)
            self.built_by[one.concept] = built_by
            costs = (self.cost(slots[0]) for slots in built_by)
            self._costs[one.concept] = fsum((self._costs.get(one.concept, 0.0), *costs))

    def in_order(self, slots: Slots) -> Slots:
        """Put what is seen least first."""
        return tuple(sorted(slots, key=self.cost))

    def cost(self, slot: Iterable[str]) -> float:
        """Tell roughly in what share of messages something is seen in a slot."""
        return fsum(self._costs.get(name, 0.0) for name in slot)

    def _weighed(self, entries: tuple[Entry, ...]) -> Weight:
        words = frozenset(word for entry in entries for word in rarest_item(entry, self._count))
        whole = (prod(map(self._share, filter(None, entry.items))) for entry in entries)
        return Weight(entries, words, fsum((self._share(words) / _CHEAPER, *whole)))

    def _share(self, words: frozenset[str]) -> float:
        """Estimate in what share of messages one of some words stands, by how often they are used."""
        return min(1.0, _WORDS_OF_A_MESSAGE * self._count(words) / _ALL)

    def _count(self, words: Iterable[str]) -> int:
        counted = words if isinstance(words, frozenset) else frozenset(words)
        if counted not in self._counts:
            self._counts[counted] = self._count_of(counted)
        return self._counts[counted]


def telling_words(phrases: Iterable[Slots], lexicon: Lexicon, weights: Weights) -> frozenset[str]:
    """Give the words of which one stands in whatever a phrase could match beside a topic or theme.

    Without one, likeness is not asked about what was named before.

    Args:
        phrases: the slots of all phrases.
        lexicon: the lexicon.
        weights: of its concepts.
    """
    keys = _Keys(lexicon, weights)
    telling: set[frozenset[str]] = set()
    for slots in phrases:
        topics = [slot for slot in slots if _has_role(slot, Role.TOPIC, lexicon.roles)]
        themes = [slot for slot in slots if _has_role(slot, Role.THEME, lexicon.roles)]
        rest = [slot for slot in slots if slot not in topics and slot not in themes]
        telling.add(keys.rarest(topics or themes or rest))
        # Where all of it may be carried over, it never is at once: one of them stands in the message.
        telling.update([keys.rarest(rest)] if rest else slots)
    return frozenset().union(*map(keys.of, telling))


def _has_role(slot: Iterable[str], role: Role, roles: Mapping[str, Role]) -> bool:
    return any(roles.get(name) is role for name in slot)


class _Keys:
    """For each concept, the words without which it is not seen, by the rarest slot of what builds it."""

    def __init__(self, lexicon: Lexicon, weights: Weights) -> None:
        self._counts = lexicon.vocabulary.counts
        self._count_of = {ANY_KIND: _COMMONER_THAN_ANY_WORD}
        self._words = {name: weight.words for name, weight in weights.of_entries.items()}
        self._of: dict[frozenset[str], frozenset[str]] = {}
        self._commonness_of: dict[frozenset[str], int] = {}
        for names in lexicon.kinds.values():
            for name in names:
                self._add(name, {ANY_KIND})
        for derivation in lexicon.derivations:
            for phrase in derivation.built_by:
                self._add(derivation.concept, self.of(self.rarest(slots_of(phrase))))

    def of(self, names: frozenset[str]) -> frozenset[str]:
        """Give the words without which none of these is seen; a phrase's plain words are entries, too."""
        known = self._of.get(names)
        if known is None:
            known = frozenset().union(*(self._words.get(name, (name.removeprefix(WORD),)) for name in names))
            self._of[names] = known
        return known

    def rarest(self, slots: Iterable[frozenset[str]]) -> frozenset[str]:
        """Give of several slots that whose words are used least."""
        return min(slots, key=self._commonness)

    def _commonness(self, names: frozenset[str]) -> int:
        known = self._commonness_of.get(names)
        if known is None:
            known = self._commonness_of[names] = sum(map(self._count, self.of(names)))
        return known

    def _count(self, word: str) -> int:
        count = self._count_of.get(word)
        if count is None:
            count = self._count_of[word] = self._counts[word]
        return count

    def _add(self, name: str, words: Iterable[str]) -> None:
        self._words[name] = self._words.get(name, frozenset()).union(words)
        self._of.clear()
        self._commonness_of.clear()
