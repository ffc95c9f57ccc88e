"""Pairs of words: where of two sets one stands without the other, a message needs no closer look."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

EVERYTHING = -1
"""The bits of what could be any word."""


class Pairs:
    """Knows which words are worth nothing without which others. A word's bits are two for each pair.

    Args:
        pairs: a set of words and those of which one must stand beside it; None if they are enough alone.
    """

    def __init__(self, pairs: Iterable[tuple[frozenset[str], frozenset[str] | None]]) -> None:
        self._bits: dict[str, int] = defaultdict(int)
        self._firsts = self._alone = 0
        first = 1
        for words, partners in pairs:
            self._firsts |= first
            for word in words:
                self._bits[word] |= first
            for word in partners or ():
                self._bits[word] |= first << 1
            if partners is None:
                self._alone |= first << 1
            first <<= 2
        self.words = frozenset(self._bits)
        self.watched = frozenset(word for word, bits in self._bits.items() if bits & self._firsts)

    def bits_of(self, words: Iterable[str]) -> int:
        """Give the bits of some words."""
        bits = 0
        for word in words:
            bits |= self._bits.get(word, 0)
        return bits

    def is_complete(self, bits: int) -> bool:
        """Tell whether both words of a pair stand in a message with these bits."""
        return bool(bits & ((bits | self._alone) >> 1) & self._firsts)
