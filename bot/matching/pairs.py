"""Pairs of words: where of two sets one stands without the other, a message needs no closer look."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from bot.matching.sharing import same_object

EVERYTHING = -1
"""The bits of what could be any word."""

Pair = tuple[frozenset[str], frozenset[str] | None]
"""Words, and those of which one must stand beside them; None if they are enough alone."""


class Pairs(Struct, frozen=True):
    """Knows which words are worth nothing without which others.

    Args:
        bits: for each word two bits a pair: the lower where it is of the first set, the upper where it is of
            the second.
        firsts: the lower bits of all pairs.
        alone: the upper bits of those whose first set is enough.
    """

    bits: Mapping[str, int]
    firsts: int
    alone: int

    @classmethod
    def of(cls, pairs: Iterable[Pair], like: Pairs | None = None) -> Pairs:
        """Number pairs.

        Args:
            pairs: the pairs.
            like: those of a rulebook that is mostly the same; what is equal is shared.
        """
        bits: dict[str, int] = defaultdict(int)
        firsts = alone = 0
        lower = 1
        for words, partners in pairs:
            for word in words:
                bits[word] |= lower
            for word in partners or ():
                bits[word] |= lower << 1
            firsts |= lower
            alone |= lower << 1 if partners is None else 0
            lower <<= 2
        known = like.bits if like is not None else {}
        return cls({word: same_object(one, known.get(word)) for word, one in bits.items()}, firsts, alone)

    @property
    def watched(self) -> frozenset[str]:
        """The words of a first set."""
        return frozenset(word for word, bits in self.bits.items() if bits & self.firsts)

    def bits_of(self, words: Iterable[str]) -> int:
        """Give the bits of some words."""
        bits = 0
        for word in words:
            bits |= self.bits.get(word, 0)
        return bits

    def complete(self, bits: int) -> int:
        """Give the lower bits of the pairs of which both words stand in a message with these bits."""
        return bits & ((bits | self.alone) >> 1) & self.firsts


def numbers_in(bits: int) -> Iterator[int]:
    """Give the numbers of the pairs of which these are lower bits."""
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() >> 1
        bits ^= lowest
