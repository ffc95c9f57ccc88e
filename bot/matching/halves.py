"""The halves of words, by which a word that is written apart is known: "kra tom"."""

from __future__ import annotations

from collections.abc import Collection

from msgspec import Struct


class Halves(Struct, frozen=True):
    """Where longer words can be cut in two, for words that are written apart.

    Args:
        heads: what may stand before the cut.
        tails: what may stand behind it.
    """

    heads: frozenset[str] = frozenset()
    tails: frozenset[str] = frozenset()

    @classmethod
    def of(cls, words: Collection[str]) -> Halves:
        """Cut words at every place."""
        return cls(
            frozenset(word[:at] for word in words for at in range(1, len(word))),
            frozenset(word[at:] for word in words for at in range(1, len(word))),
        )

    def holds(self, word: str) -> bool:
        """Tell whether every half of a word is here: with the longest of them, all shorter ones are."""
        return word[:-1] in self.heads and word[1:] in self.tails
