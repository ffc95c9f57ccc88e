"""Whether a concept could stand in a message that holds certain words, wherever these stand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from math import prod

from bot.matching.lexicon import Entry, Lexicon
from bot.matching.phrases import CompiledPhrase
from bot.matching.vocabulary import word_counts

ANY_KIND = "\0"
"""Stands among the words of a message for any token that is no word: an amount, a number, an emoji."""

Slots = tuple[frozenset[str], ...]
"""What must be seen together: of each set one concept."""

_ALL = 1e12
"""About the sum of SymSpell's counts."""
_WORDS_OF_A_MESSAGE = 12
_SHARE_OF_OTHER_KINDS = 0.3
_CHEAPER = 25
"""How many times as much it costs to look where an entry stands as where only its rarest word does."""


def slots_of(phrase: CompiledPhrase) -> Slots:
    """Give the slots of a phrase without their order."""
    return tuple(dict.fromkeys(slot.concepts for slot in phrase.slots))


@dataclass(slots=True)
class _Ways:
    """The ways in which a concept is seen.

    Args:
        alone: words that are enough by themselves.
        beside: for each other word, what must stand beside it: of each set one word, for one of the entries.
        built_by: what it is built from, the rarest first, with the keys of each slot.
        cost: how often it is seen, roughly; what is rare is looked for first.
        keys: words without one of which it is not seen.
    """

    alone: set[str] = field(default_factory=set)
    beside: dict[str, list[Slots]] = field(default_factory=lambda: defaultdict(list))
    built_by: tuple[tuple[Slots, tuple[frozenset[str], ...]], ...] = ()
    cost: float = 0.0
    keys: frozenset[str] = frozenset()


class Standing:
    """Knows for each concept the words with which it could stand in a message.

    Args:
        lexicon: the lexicon.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self._ways: dict[str, _Ways] = defaultdict(_Ways)
        self._keys: dict[frozenset[str], frozenset[str]] = {}
        shares: dict[frozenset[str], tuple[int, float]] = {}
        for entry in lexicon.all_entries():
            self._add(entry, shares)
        for listed in lexicon.kinds.values():
            for name in listed:
                self._ways[name].alone.add(ANY_KIND)
        for ways in self._ways.values():
            ways.keys = frozenset((*ways.alone, *ways.beside))
            ways.cost += _share(_commonness(ways.keys), ways.keys) / _CHEAPER
        for one in lexicon.derivations:
            ways = self._ways[one.concept]
            built_by = [self.in_order(slots_of(phrase)) for phrase in one.built_by]
            ways.built_by = tuple((slots, tuple(map(self.keys, slots))) for slots in built_by)
            ways.cost += sum(self.cost(slots[0]) for slots in built_by)
            ways.keys = ways.keys.union(*(keys[0] for _, keys in ways.built_by))
        self._keys.clear()
        if _is_circular(lexicon):
            self._close_circles()
        self.ways_of = self._ways.get

    def in_order(self, slots: Slots) -> Slots:
        """Put what is seen least often first."""
        return tuple(sorted(slots, key=self.cost))

    def cost(self, slot: Iterable[str]) -> float:
        """Tell roughly how often something is seen in a slot."""
        return sum(self._ways[name].cost for name in slot if name in self._ways)

    def keys(self, slot: frozenset[str]) -> frozenset[str]:
        """Give the words without one of which nothing is seen in a slot."""
        if slot not in self._keys:
            found = [self._ways[name].keys for name in slot if name in self._ways]
            self._keys[slot] = found[0] if len(found) == 1 else frozenset().union(*found)
        return self._keys[slot]

    def _add(self, entry: Entry, shares: dict[frozenset[str], tuple[int, float]]) -> None:
        items = [item for item in entry.items if item is not None]
        for item in items:
            if item not in shares:
                count = _commonness(item)
                shares[item] = count, _share(count, item)
        rarest = min(items, key=lambda item: shares[item][0])
        others = tuple(item for item in items if item is not rarest)
        ways = self._ways[entry.concept]
        ways.cost += prod(shares[item][1] for item in items)
        if not others:
            ways.alone |= rarest
            return
        for word in rarest:
            ways.beside[word].append(others)

    def _close_circles(self) -> None:
        """Where concepts are built from one another, hand keys on until nothing is added."""
        grew = True
        while grew:
            grew = False
            for ways in self._ways.values():
                ways.built_by = tuple((slots, tuple(map(self.keys, slots))) for slots, _ in ways.built_by)
                keys = ways.keys.union(*(keys[0] for _, keys in ways.built_by))
                self._keys.clear()
                grew = grew or len(keys) > len(ways.keys)
                ways.keys = keys


class Sight:
    """What could be seen in one message.

    Args:
        standing: the concepts' words.
        words: the lexicon's words that may stand in the message, with `ANY_KIND` for what is no word.
        carried: ids of the concepts that may be meant without being named.
    """

    __slots__ = ("_carried", "_named", "_ways_of", "_words")

    def __init__(self, standing: Standing, words: frozenset[str], carried: Collection[str] = ()) -> None:
        self._ways_of = standing.ways_of
        self._words = words
        self._carried = carried
        self._named: dict[frozenset[str], bool] = {}

    def fills(self, slots: Slots) -> bool:
        """Tell whether each slot could be filled, with what is named or carried over."""
        return all(map(self.fills_one, slots))

    def may_fill(self, slots: Slots, keys: tuple[frozenset[str], ...]) -> bool:
        """Tell the same as `fills`, faster where one of the slots' keys is missing from the message."""
        if not self._carried and any(map(self._words.isdisjoint, keys)):
            return False
        return self.fills(slots)

    def fills_one(self, slot: frozenset[str]) -> bool:
        """Tell whether a slot could be filled, with what is named or carried over."""
        return not slot.isdisjoint(self._carried) or self._is_named(slot)

    def _is_named(self, slot: frozenset[str]) -> bool:
        if slot not in self._named:
            # While it is being found out it counts as named, so that a circle of concepts comes to an end.
            self._named[slot] = True
            self._named[slot] = any(map(self._could_stand, slot))
        return self._named[slot]

    def _could_stand(self, name: str) -> bool:
        ways, words = self._ways_of(name), self._words
        if ways is None or ways.keys.isdisjoint(words):
            return False
        if not ways.alone.isdisjoint(words):
            return True
        for word in words & ways.beside.keys():
            for others in ways.beside[word]:
                if not any(other.isdisjoint(words) for other in others):
                    return True
        for slots, keys in ways.built_by:
            if not any(map(words.isdisjoint, keys)) and all(map(self._is_named, slots)):
                # What is carried over builds nothing.
                return True
        return False


def _commonness(words: Iterable[str]) -> int:
    counts = word_counts()
    return sum(counts.get(word, 0) for word in words)


def _share(count: int, words: Collection[str]) -> float:
    """Estimate in what share of messages a word stands, from how often it is used in all."""
    return min(1.0, _WORDS_OF_A_MESSAGE * count / _ALL + _SHARE_OF_OTHER_KINDS * (ANY_KIND in words))


def _is_circular(lexicon: Lexicon) -> bool:
    places = {one.concept: place for place, one in enumerate(lexicon.derivations)}
    return any(
        places.get(part, -1) >= place for place, one in enumerate(lexicon.derivations) for part in one.parts
    )
