"""How often English words are used, in a few hundred kilobytes that a file can keep."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from functools import lru_cache
from hashlib import blake2b
from importlib.resources import files

_ORDINARY_COUNT = 100_000
_SHORTEST_POSSESSIVE = 5
_PIECE_BITS = 6
_LIST = "frequency_dictionary_en_82_765.txt"


class WordCounts:
    """How often each English word is used.

    A dictionary of 82,000 words takes 14 MB of every running bot. Here a word is the first 64 bits of its
    BLAKE2b digest in a sorted array: 1.3 MB, and two words in 2⁶⁴ that are taken for one another.

    Args:
        hashes: the sorted digests as bytes, in this machine's byte order.
        counts: the counts in the same order, likewise.
    """

    __slots__ = ("_counts", "_hashes")

    def __init__(self, hashes: bytes, counts: bytes) -> None:
        self._hashes, self._counts = array("Q", hashes), array("Q", counts)

    @property
    def packed(self) -> tuple[bytes, bytes]:
        """What another one can be made of."""
        return self._hashes.tobytes(), self._counts.tobytes()

    @classmethod
    def of(cls, counts: Mapping[str, int]) -> WordCounts:
        """Pack counts of words."""
        # Sorted in pieces: all of them at once would hold up every other thread for 70 ms.
        pieces: list[list[tuple[int, int]]] = [[] for _ in range(1 << _PIECE_BITS)]
        for word, count in counts.items():
            hashed = _hash(word)
            pieces[hashed >> (64 - _PIECE_BITS)].append((hashed, count))
        for piece in pieces:
            piece.sort()
        rows = [row for piece in pieces for row in piece]
        return cls(
            array("Q", (row[0] for row in rows)).tobytes(), array("Q", (row[1] for row in rows)).tobytes()
        )

    def __getitem__(self, word: str) -> int:
        """Give the count of a word; 0 for one that is not in the list."""
        wanted = _hash(word)
        at = bisect_left(self._hashes, wanted)
        return self._counts[at] if at < len(self._hashes) and self._hashes[at] == wanted else 0

    def of_any(self, words: Iterable[str]) -> int:
        """Give how often any of some words is used."""
        return sum(map(self.__getitem__, words))

    def is_ordinary(self, word: str) -> bool:
        """Tell whether a word is an English word that is not rare, or its possessive ("wife's").

        Such words are never read as misspellings.
        """
        if self[word] >= _ORDINARY_COUNT:
            return True
        return len(word) >= _SHORTEST_POSSESSIVE and word.endswith("s") and self[word[:-1]] >= _ORDINARY_COUNT


def _hash(word: str) -> int:
    return int.from_bytes(blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")


@lru_cache(maxsize=1)
def word_counts() -> WordCounts:
    """Read how often English words are used.

    Returns:
        the count of each word of SymSpell's English list (Google Books n-grams crossed with SCOWL), without
        apostrophes.
    """
    counts: dict[str, int] = {}
    for line in files("symspellpy").joinpath(_LIST).read_text(encoding="utf-8-sig").splitlines():
        word, _, count = line.partition(" ")
        plain = word.replace("'", "")
        counts[plain] = max(int(count), counts.get(plain, 0))
    return WordCounts.of(counts)
