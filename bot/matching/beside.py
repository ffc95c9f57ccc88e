"""Pairs of words without which slots are not filled, also where some of what they ask for is only meant."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from msgspec import Struct

from bot.matching.pairs import Pair, Pairs, numbers_in
from bot.matching.rare_slots import Needed, RareSlots
from bot.matching.standing import Slots, Standing


class Checks(Struct, frozen=True):
    """What is to be looked at closer, by the words of a message.

    Args:
        pairs: pairs of words; where none stands whole, nothing is to be looked at.
        of_pair: for each pair what is then to be looked at.
    """

    pairs: Pairs
    of_pair: tuple[Needed, ...]

    def due(self, words: frozenset[str]) -> Iterable[Needed]:
        """Give what is to be looked at in a message with these words, each once."""
        complete = numbers_in(self.pairs.complete(self.pairs.bits_of(words)))
        return dict.fromkeys(map(self.of_pair.__getitem__, complete))


class Beside:
    """What is to be looked at by what is carried over, made when it is first asked for.

    Args:
        needed: the slots, each with those beside it.
        standing: the words with which concepts could stand in a message.
        like: the pairs of a rulebook that is mostly the same; what is equal is shared.
        carriable: ids of topics, and ids of themes. Of either all count as carried over as soon as one is, so
            that few combinations have to be made; whoever looks closer finds out which it was.
    """

    def __init__(
        self,
        *,
        needed: Sequence[Needed],
        standing: Standing,
        carriable: Sequence[frozenset[str]],
        like: Pairs | None = None,
    ) -> None:
        self._like = like
        self._needed = needed
        self._standing = standing
        self._carriable = carriable
        self._made: dict[frozenset[str], Checks] = {}
        self.rare = RareSlots(needed, standing)

    def of(self, carried: Collection[str]) -> Checks:
        """Give what may have to be looked at beside these concepts."""
        names = frozenset().union(*(names for names in self._carriable if not names.isdisjoint(carried)))
        checks = self._made.get(names)
        if checks is None:
            checks = self._made[names] = self._make(names)
        return checks

    def _make(self, carried: frozenset[str]) -> Checks:
        pairs: list[tuple[Pair, Needed]] = []
        for slot, listed in self._needed:
            if slot.isdisjoint(carried):
                pairs.extend((pair, (slot, listed)) for pair in self._pairs(slot, listed, carried))
                continue
            for slots in listed:
                left = [other for other in slots if other.isdisjoint(carried)]
                # Where all of it may be carried over, it never is at once: one of them stands in the message.
                first = left[0] if left else frozenset().union(slot, *slots)
                partners = self._standing.keys_of(left[1]) if len(left) > 1 else None
                pairs.append(((self._standing.keys_of(first), partners), (slot, (slots,))))
        return Checks(Pairs.of((pair for pair, _ in pairs), self._like), tuple(one for _, one in pairs))

    def _pairs(
        self, slot: frozenset[str], listed: Sequence[Slots], carried: frozenset[str]
    ) -> Iterator[Pair]:
        left = [[other for other in slots if other.isdisjoint(carried)] for slots in listed]
        keys_of = self._standing.keys_of
        if all(left):
            yield keys_of(slot), frozenset().union(*(keys_of(slots[0]) for slots in left))
        else:
            yield from self._standing.pairs_of(slot)
