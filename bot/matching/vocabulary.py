"""Which lexicon words a typed word may be: itself, another reading of it, or a misspelling.

A word that is in the lexicon, or is an ordinary English word, is never taken for a misspelling of another.
Candidates come from a symmetric-delete index (Garbe 2012, SymSpell), so that a look-up costs the same for
twenty words or twenty thousand; RapidFuzz says how far they are from what was typed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from rapidfuzz.distance import OSA
from symspellpy import SymSpell, Verbosity

_EXACT = 100.0
_OTHER_READING = 98.0
_COST_OF_AN_EDIT = 6.0
_SHORTEST_FUZZY = 4
_LONGEST_FUZZY = 24
_MOST_CANDIDATES = 8
_REMEMBERED_WORDS = 50_000
_ORDINARY_COUNT = 100_000


@dataclass(frozen=True, slots=True)
class Candidate:
    """A lexicon word that a typed word may be.

    Args:
        word: the lexicon's word.
        score: how like it, 0–100.
    """

    word: str
    score: float


@lru_cache(maxsize=1)
def word_counts() -> Mapping[str, int]:
    """Give how often English words are used.

    Returns:
        the count of each word of SymSpell's English list (Google Books n-grams crossed with SCOWL), without
        apostrophes.
    """
    source = (
        files("symspellpy").joinpath("frequency_dictionary_en_82_765.txt").read_text(encoding="utf-8-sig")
    )
    counts: dict[str, int] = {}
    for line in source.splitlines():
        word, _, count = line.partition(" ")
        plain = word.replace("'", "")
        counts[plain] = max(int(count), counts.get(plain, 0))
    return counts


def is_ordinary(word: str) -> bool:
    """Tell whether a word is an English word that is not rare, or its possessive ("wife's").

    Such words are never read as misspellings.
    """
    counts = word_counts()
    if counts.get(word, 0) >= _ORDINARY_COUNT:
        return True
    return len(word) > _SHORTEST_FUZZY and word.endswith("s") and counts.get(word[:-1], 0) >= _ORDINARY_COUNT


def edits_allowed(length: int) -> int:
    """Tell how many edits a word may be away from what was typed.

    Args:
        length: the lexicon word's length in letters.

    Returns:
        0 below 4 letters, 1 below 8, otherwise 2. An edit is an insertion, deletion, substitution or swap of
        neighbours.
    """
    if length < _SHORTEST_FUZZY:
        return 0
    return 1 if length < 8 else 2


class Vocabulary:
    """All words of a compiled rulebook, with an index for misspellings.

    Args:
        words: the words that may be misspelt.
        exact: the words that must stand letter by letter.
    """

    def __init__(self, *, words: Iterable[str], exact: Iterable[str]) -> None:
        self._fuzzy = frozenset(words)
        self.words = self._fuzzy | frozenset(exact)
        self._index = SymSpell(max_dictionary_edit_distance=2, prefix_length=7)
        for word in sorted(self._fuzzy):
            if len(word) >= _SHORTEST_FUZZY:
                self._index.create_dictionary_entry(word, 1)
        self._candidates = lru_cache(maxsize=_REMEMBERED_WORDS)(self._look_up)

    def candidates(self, text: str, readings: tuple[str, ...] = ()) -> tuple[Candidate, ...]:
        """Find the lexicon words that a typed word may be.

        Args:
            text: its canonical form.
            readings: other ways to read it.

        Returns:
            the candidates, best first; none for most words of a chat.
        """
        return self._candidates(text, readings)

    def _look_up(self, text: str, readings: tuple[str, ...]) -> tuple[Candidate, ...]:
        if text in self.words:
            return (Candidate(text, _EXACT),)
        for reading in readings:
            if reading in self.words:
                return (Candidate(reading, _OTHER_READING),)
        for spelling in (text, *readings):
            found = self._misspelt(spelling)
            if found:
                return found
        return ()

    def _misspelt(self, text: str) -> tuple[Candidate, ...]:
        if not _SHORTEST_FUZZY <= len(text) <= _LONGEST_FUZZY or not text.isalpha() or is_ordinary(text):
            return ()
        near = []
        for suggestion in self._index.lookup(text, Verbosity.ALL, max_edit_distance=2):
            word = suggestion.term
            distance = OSA.distance(text, word, score_cutoff=2)
            if distance > min(edits_allowed(len(word)), edits_allowed(len(text) + 1)):
                continue
            if text[0] != word[0] and (len(word) < 6 or distance > 1):
                continue
            near.append((distance, word))
        near.sort()
        closest = [word for distance, word in near if distance == near[0][0]]
        return tuple(
            Candidate(word, _EXACT - _COST_OF_AN_EDIT * near[0][0]) for word in closest[:_MOST_CANDIDATES]
        )
