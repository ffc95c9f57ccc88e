"""The entries of a lexicon in a few bytes each. A message needs a handful of them, a start none.

Making all 27,000 entries of the shipped lexicon takes longer than importing discord.py. So they lie as bytes,
and each is made when it is first asked for.
"""

from __future__ import annotations

import io
import pickle
from array import array
from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

from bot.matching.lexicon import Entry, Lexicon, Opening, opening_of


class KeptEntries:
    """All entries of a lexicon, each made when it is asked for, and only once.

    Args:
        rows: one after another the entries' bytes.
        ends: where in `rows` each ends, as an array of unsigned integers in bytes.
        ways: for each concept the numbers of its first entry and of the one behind its last.
        openings: for each word the numbers of the entries that begin with it, likewise in bytes.
    """

    __slots__ = ("_ends", "_made", "_rows", "openings", "ways")

    def __init__(
        self, rows: bytes, ends: bytes, ways: dict[str, tuple[int, int]], openings: dict[str, bytes]
    ) -> None:
        self._rows = rows
        self._ends = array("I", ends)
        self._made: dict[int, Entry] = {}
        self.ways = ways
        self.openings = openings

    def entry(self, number: int) -> Entry:
        """Give an entry by its number."""
        made = self._made.get(number)
        if made is None:
            start = self._ends[number - 1] if number else 0
            row = io.BytesIO(self._rows[start : self._ends[number]])
            made = self._made.setdefault(number, Entry(*_PlainReader(row).load()))
        return made

    def way(self, concept: str) -> tuple[Entry, ...]:
        """Give the entries of a concept."""
        return tuple(map(self.entry, range(*self.ways[concept])))

    def opening(self, word: str) -> Opening:
        """Give the entries that begin with a word."""
        return opening_of([self.entry(number) for number in array("I", self.openings[word])])


class KeptOpenings(Mapping[str, Opening]):
    """The entries by each form of their first word, as a lexicon has them."""

    def __init__(self, kept: KeptEntries) -> None:
        self._kept = kept
        self._made: dict[str, Opening] = {}

    def __getitem__(self, word: str) -> Opening:
        """Give the entries that begin with a word."""
        made = self._made.get(word)
        return made if made is not None else self._made.setdefault(word, self._kept.opening(word))

    def __iter__(self) -> Iterator[str]:
        """Give the words."""
        return iter(self._kept.openings)

    def __len__(self) -> int:
        """How many words there are."""
        return len(self._kept.openings)


class KeptWays(Mapping[str, tuple[Entry, ...]]):
    """The entries by their concept, as a lexicon has them."""

    def __init__(self, kept: KeptEntries) -> None:
        self._kept = kept
        self._made: dict[str, tuple[Entry, ...]] = {}

    def __getitem__(self, concept: str) -> tuple[Entry, ...]:
        """Give the entries of a concept."""
        made = self._made.get(concept)
        return made if made is not None else self._made.setdefault(concept, self._kept.way(concept))

    def __iter__(self) -> Iterator[str]:
        """Give the concepts."""
        return iter(self._kept.ways)

    def __len__(self) -> int:
        """How many concepts there are."""
        return len(self._kept.ways)


def packed_entries(lexicon: Lexicon) -> tuple[bytes, bytes, dict[str, tuple[int, int]], dict[str, bytes]]:
    """Write the entries of a lexicon down.

    Args:
        lexicon: the lexicon.

    Returns:
        what `KeptEntries` is made with.
    """
    rows = bytearray()
    ends = array("I")
    ways: dict[str, tuple[int, int]] = {}
    number_of: dict[int, int] = {}
    for concept, entries in lexicon.listed.items():
        ways[concept] = (len(ends), len(ends) + len(entries))
        for entry in entries:
            number_of.setdefault(id(entry), len(ends))
            rows += pickle.dumps((entry.concept, entry.items, entry.text, entry.exact), protocol=5)
            ends.append(len(rows))
    openings = {
        word: array("I", sorted({number_of[id(entry)] for entry in opening.all()})).tobytes()
        for word, opening in lexicon.entries.items()
    }
    return bytes(rows), ends.tobytes(), ways, openings


def kept_lexicon(
    rows: bytes,
    ends: bytes,
    ways: dict[str, tuple[int, int]],
    openings: dict[str, bytes],
    others: dict[str, Any],
) -> Lexicon:
    """Make a lexicon whose entries are made when they are asked for.

    Args:
        rows: see `KeptEntries`, as the next three.
        ends: see there.
        ways: see there.
        openings: see there.
        others: the other parts of the lexicon.
    """
    kept = KeptEntries(rows, ends, ways, openings)
    return Lexicon(entries=KeptOpenings(kept), listed=KeptWays(kept), **others)


class _PlainReader(pickle.Unpickler):
    """Reads text, truth values, tuples and sets, and nothing that has a name."""

    def find_class(self, module: str, name: str) -> NoReturn:
        raise pickle.UnpicklingError(f"{module}.{name} has no place in an entry")
