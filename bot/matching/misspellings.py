"""An index for misspellings in a few bytes a word, which many rulebooks can share and a file can keep.

Symmetric deletes (Garbe 2012, SymSpell): two words that are a few edits apart become the same when a few
letters are taken from each. So every word is listed under each of its shortened forms, and a look-up walks
the shortened forms of what was typed. What is kept of a form is 32 bits of its hash in one sorted array: a
collision costs a comparison, never a wrong word, as whoever asks measures the distance. Python's hash of
numbers is the same in every process, unlike that of text, and the quickest to be had of a form.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, combinations, islice
from math import comb
from typing import TypeVar

SHORTEST_FUZZY = 4
"""Letters that a word must have to be read as a misspelling, or to be misspelt."""
_PREFIX = 7
"""Letters of a word that are shortened; the rest is left to whoever measures the distance."""
_NUMBER_BITS = 24
_NUMBER = (1 << _NUMBER_BITS) - 1
_HASH_BITS = 32
_HASH = (1 << _HASH_BITS) - 1
_MOST_TAKEN = 2
_SPARSE, _LONGEST_ENDING = 4, 21
_PARTS = 256
_STARTS = 1 << 10
_START_SHIFT = _HASH_BITS + _NUMBER_BITS - 10
_PART_SHIFT = _HASH_BITS + _NUMBER_BITS - 8

LetterT = TypeVar("LetterT")


def edits_allowed(length: int) -> int:
    """Tell how many edits a word may be away from what was typed.

    Args:
        length: the lexicon word's length in letters.

    Returns:
        0 below 4 letters, 1 below 8, otherwise 2. An edit is an insertion, deletion, substitution or swap of
        neighbours.
    """
    if length < SHORTEST_FUZZY:
        return 0
    return 1 if length < 8 else 2


class MisspellingIndex:
    """Finds the words that a typed word may be a misspelling of.

    Args:
        words: the words, each once and in the order in which they are to be numbered.
        packed: what `packed` of an index of the same words gave; without it the index is built.
    """

    __slots__ = ("_ending", "_forms", "_is_taken", "_starts", "words")

    def __init__(self, words: Iterable[str], packed: bytes | None = None) -> None:
        self.words = tuple(words)
        self._forms = array("Q", packed if packed is not None else b"")
        if packed is None:
            for part in _in_parts(self.words):
                self._forms.extend(part)
        # Most forms of a typed word are in no index: a table of a byte for each ending of a hash, of which
        # one in four or fewer is taken, saves the search for them.
        self._ending = (1 << min(_LONGEST_ENDING, (_SPARSE * len(self._forms)).bit_length())) - 1
        self._is_taken = bytearray()
        self._starts: list[int] = []

    @property
    def packed(self) -> bytes:
        """The index as bytes, in this machine's byte order."""
        return self._forms.tobytes()

    def near(self, typed: str, taken: Iterable[int] = (0, 1, 2)) -> set[str]:
        """Give the words that a typed word becomes like when letters are taken from both.

        With 0 and 1 letter taken from what was typed these are all words that are one edit away, with 2
        letters as well all that are two edits away and begin with the same letter; and some that are further
        away. The work is bounded: no word has more than 23 forms.

        Args:
            typed: the word as it was typed, of at least four letters.
            taken: how many letters are taken from it, each at most 2.
        """
        is_taken, ending = self._is_taken or self._table(), self._ending
        found: set[str] = set()
        forms, starts, end = self._forms, self._starts, len(self._forms)
        for hashed in [one for one in map(hash, _forms_of(typed, taken)) if is_taken[one & ending]]:
            low = (hashed & _HASH) << _NUMBER_BITS
            beginning = low >> _START_SHIFT
            at = bisect_left(forms, low, starts[beginning], starts[beginning + 1])
            while at < end and forms[at] - low <= _NUMBER:
                found.add(self.words[forms[at] & _NUMBER])
                at += 1
        return found

    def _table(self) -> bytearray:
        """Mark which endings are taken, when it is first asked: many indexes are kept but never used.

        Where each beginning of a hash starts is noted as well, so that no search goes through all forms.
        """
        ending = self._ending
        table = bytearray(ending + 1)
        for form in self._forms:
            table[form >> _NUMBER_BITS & ending] = 1
        starts = [bisect_left(self._forms, beginning << _START_SHIFT) for beginning in range(_STARTS)]
        self._starts = [*starts, len(self._forms)]
        self._is_taken = table
        return table


def _forms_of(word: str, taken: Iterable[int]) -> Iterator[tuple[int, ...]]:
    """Give a word's shortened forms, some perhaps twice, each letter as its number."""
    start = word[:_PREFIX]
    letters = start.encode() if start.isascii() else tuple(map(ord, start))
    return chain.from_iterable(shortened(letters, number) for number in taken)


def shortened(letters: Sequence[LetterT], taken: int) -> Iterator[tuple[LetterT, ...]]:
    """Give what is left of some letters with so many of them taken away.

    Where two are taken away the first letter stays: words that begin with different letters are one edit
    apart at most. Two that begin with the same letter are as far apart as what follows it.

    Args:
        letters: the letters, more than are taken away.
        taken: how many, at most 2.
    """
    left = combinations(letters, len(letters) - taken)
    # Combinations come in the letters' order, so those with the first letter before all others.
    return left if taken < _MOST_TAKEN else islice(left, comb(len(letters) - 1, taken))


def _in_parts(words: tuple[str, ...]) -> Iterator[list[int]]:
    """Sort part by part: sorting a million numbers at once would hold up every other thread."""
    parts: list[list[int]] = [[] for _ in range(_PARTS)]
    for form in _listed(words):
        parts[form >> _PART_SHIFT].append(form)
    for part in parts:
        part.sort()
        yield part


def _listed(words: tuple[str, ...]) -> Iterator[int]:
    for number, word in enumerate(words):
        if len(word) >= SHORTEST_FUZZY:
            forms = _forms_of(word, range(edits_allowed(len(word)) + 1))
            for checksum in {hash(form) & _HASH for form in forms}:
                yield checksum << _NUMBER_BITS | number
