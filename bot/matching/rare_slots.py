"""The slots that are filled least often: which of them a message could fill, and what it has beside them.

What is needed of this is found out word by word, when a word is first met: a message holds few of them, and
most words of a lexicon are never met.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from bot.matching.standing import Filled, Rest, Sight, Slots, Standing

Needed = tuple[frozenset[str], tuple[Slots, ...]]
"""A slot, and what must be seen beside something in it: the slots of one of these."""


class _Index(Struct, frozen=True):
    """What does not depend on a message.

    Args:
        rare: the concepts of the rare slots, and those from which their building begins, with how they stand.
        reached: for each rare slot the words without which it is not filled, and those of these concepts
            from which it may be.
        builds: for each of these the concepts that it builds, each with the other slots of the phrase.
        fills: for each concept the numbers of the rare slots that it fills.
        enough: the numbers of the rare slots beside which nothing must be seen.
        nexts: for each rare slot by the number of the next slot what must be seen beside both.
        within: for each rare slot the bits of these numbers.
        keys: for the number of each next slot the words without which it is not filled.
        slots: these slots.
    """

    rare: Mapping[str, Filled]
    reached: Sequence[tuple[frozenset[str], Sequence[str]]]
    builds: Mapping[str, Sequence[tuple[Slots, str]]]
    fills: Mapping[str, Sequence[int]]
    enough: frozenset[int]
    nexts: Sequence[Mapping[int, Sequence[Slots]]]
    within: Sequence[int]
    keys: Sequence[frozenset[str]]
    slots: Sequence[frozenset[str]]


class RareSlots:
    """Tells whether what is needed could stand in a message; nothing is carried over into it.

    Args:
        needed: the slots that are filled least often, each with those beside it.
        standing: the words with which concepts could stand in a message.
    """

    def __init__(self, needed: Sequence[Needed], standing: Standing) -> None:
        self._needed = needed
        self._standing = standing
        self._index: _Index | None = None
        self._concepts: dict[str, tuple[tuple[str, Rest | None], ...]] = {}
        self._nexts: dict[str, int] = {}

    def are_filled(self, words: frozenset[str]) -> bool:
        """Tell whether a rare slot could be filled, and all slots beside it.

        Args:
            words: the lexicon's words that may stand in the message.
        """
        index = self._index
        if index is None:
            index = self._index = _index_of(self._needed, self._standing)
        sight = Sight(self._standing, words)
        named = self._named(index, words, sight)
        if not named:
            return False
        slots = {number for name in named for number in index.fills.get(name, ())}
        if not slots.isdisjoint(index.enough):
            return True
        nexts = 0
        for word in words if slots else ():
            bits = self._nexts.get(word)
            nexts |= self._nexts_of(index, word) if bits is None else bits
        return any(
            any(map(sight.fills, index.nexts[slot][number]))
            for slot in slots
            for number in _numbers(nexts & index.within[slot])
            if sight.fills((index.slots[number],))
        )

    def _named(self, index: _Index, words: frozenset[str], sight: Sight) -> set[str]:
        """Give the rare concepts that could stand in the message."""
        named: set[str] = set()
        known = self._concepts
        for word in words:
            listed = known.get(word)
            for name, rest in self._concepts_of(index, word) if listed is None else listed:
                if rest is None or rest.stands_in(words):
                    named.add(name)
        waiting = [*named]
        while waiting:
            for slots, built in index.builds.get(waiting.pop(), ()):
                if built not in named and sight.fills(slots):
                    named.add(built)
                    waiting.append(built)
        return named

    def _concepts_of(self, index: _Index, word: str) -> tuple[tuple[str, Rest | None], ...]:
        """Give the rare concepts for which a word could stand, each with what must stand beside it."""
        found: list[tuple[str, Rest | None]] = []
        names = {name for keys, listed in index.reached if word in keys for name in listed}
        for name in sorted(names):
            filled = index.rare[name]
            if word in filled.alone:
                found.append((name, None))
            elif word in filled.beside:
                found.append((name, filled.beside[word]))
        self._concepts[word] = tuple(found)
        return self._concepts[word]

    def _nexts_of(self, index: _Index, word: str) -> int:
        """Give the bits of the next slots for which a word could stand."""
        bits = sum(1 << number for number, keys in enumerate(index.keys) if word in keys)
        self._nexts[word] = bits
        return bits


def _index_of(needed: Sequence[Needed], standing: Standing) -> _Index:
    builds: dict[str, list[tuple[Slots, str]]] = defaultdict(list)
    fills: dict[str, list[int]] = defaultdict(list)
    rare: dict[str, Filled] = {}
    for slot_at, (slot, _) in enumerate(needed):
        for name in slot:
            fills[name].append(slot_at)
    waiting = [*fills]
    while waiting:
        name = waiting.pop()
        if name in rare:
            continue
        rare[name] = standing.filled(frozenset((name,)))
        for first, *others in standing.built_by.get(name, ()):
            for base in first:
                builds[base].append((tuple(others), name))
                waiting.append(base)
    numbers: dict[frozenset[str], int] = {}
    nexts: list[dict[int, list[Slots]]] = []
    for _, listed in needed:
        grouped: dict[int, list[Slots]] = defaultdict(list)
        for following, *others in filter(None, listed):
            grouped[numbers.setdefault(following, len(numbers))].append(tuple(others))
        nexts.append(dict(grouped))
    return _Index(
        rare=rare,
        reached=[(standing.keys_of(slot), standing.first_needed(slot)) for slot, _ in needed],
        builds=dict(builds),
        fills=dict(fills),
        enough=frozenset(number for number, (_, listed) in enumerate(needed) if () in listed),
        nexts=nexts,
        within=[sum(1 << number for number in grouped) for grouped in nexts],
        keys=[standing.keys_of(slot) for slot in numbers],
        slots=[*numbers],
    )


def _numbers(bits: int) -> Iterator[int]:
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest
