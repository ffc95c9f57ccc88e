"""An index for misspellings in a few bytes a word, which many rulebooks can share and a file can keep.

Symmetric deletes (Garbe 2012, SymSpell): two words that are a few edits apart become the same when a few
letters are taken from each. So every word is listed under each of its shortened forms, and a look-up walks
the shortened forms of what was typed. What is kept of a form is its CRC-32 in one sorted array: a collision
costs a comparison, never a wrong word, as whoever asks measures the distance.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import chain, combinations
from zlib import crc32

SHORTEST_FUZZY = 4
"""Letters that a word must have to be read as a misspelling, or to be misspelt."""
_PREFIX = 7
"""Letters of a word that are shortened; the rest is left to whoever measures the distance."""
_NUMBER_BITS = 24
_NUMBER = (1 << _NUMBER_BITS) - 1
_SPARSE, _LONGEST_BEGINNING = 4, 21
_PARTS = 256
_PART_SHIFT = 32 + _NUMBER_BITS - 8


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

    __slots__ = ("_forms", "_is_taken", "_shift", "words")

    def __init__(self, words: Iterable[str], packed: bytes | None = None) -> None:
        self.words = tuple(words)
        self._forms = array("Q", packed if packed is not None else b"")
        if packed is None:
            for part in _in_parts(self.words):
                self._forms.extend(part)
        # Most forms of a typed word are in no index: a table of a byte for each beginning of a CRC, of which
        # one in eight or fewer is taken, saves the search for them.
        beginning = min(_LONGEST_BEGINNING, (_SPARSE * len(self._forms)).bit_length())
        self._shift = 32 + _NUMBER_BITS - beginning
        self._is_taken = bytearray()

    @property
    def packed(self) -> bytes:
        """The index as bytes, in this machine's byte order."""
        return self._forms.tobytes()

    def near(self, typed: str) -> set[str]:
        """Give every word that `edits_allowed` may let be what was typed, and some that are further away.

        Args:
            typed: the word as it was typed, of at least four letters.
        """
        is_taken, shift = self._is_taken or self._table(), self._shift - _NUMBER_BITS
        checksums = map(crc32, _forms_of(typed, edits_allowed(len(typed) + 1)))
        found: set[str] = set()
        forms, end = self._forms, len(self._forms)
        for checksum in [one for one in checksums if is_taken[one >> shift]]:
            low = checksum << _NUMBER_BITS
            at = bisect_left(forms, low)
            while at < end and forms[at] - low <= _NUMBER:
                found.add(self.words[forms[at] & _NUMBER])
                at += 1
        return found

    def _table(self) -> bytearray:
        """Mark which beginnings are taken, when it is first asked: many indexes are kept but never used."""
        table = bytearray(1 << (32 + _NUMBER_BITS - self._shift))
        shift = self._shift
        for form in self._forms:
            table[form >> shift] = 1
        self._is_taken = table
        return table


def _forms_of(word: str, edits: int) -> Iterator[bytes]:
    """Give the shortened forms of a word as bytes, some perhaps twice: a letter is a byte in most words."""
    start = word[:_PREFIX]
    if not start.isascii():
        return (form.encode("utf-8", "surrogatepass") for form in shortened(word, edits))
    lengths = range(len(start), len(start) - edits - 1, -1)
    letters = start.encode()
    return map(bytes, chain.from_iterable(combinations(letters, length) for length in lengths))


def shortened(word: str, edits: int) -> set[str]:
    """Give a word's first seven letters, and what is left of them with so many letters taken away.

    Args:
        word: the word.
        edits: how many letters may be taken away, at most 2.
    """
    start = word[:_PREFIX]
    forms = {start}
    once = {start[:at] + start[at + 1 :] for at in range(len(start))} if edits else set()
    forms |= once
    if edits > 1:
        forms.update(form[:at] + form[at + 1 :] for form in once for at in range(len(form)))
    return forms


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
            for form in shortened(word, edits_allowed(len(word))):
                yield crc32(form.encode("utf-8", "surrogatepass")) << _NUMBER_BITS | number
