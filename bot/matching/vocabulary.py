"""Which lexicon words a typed word may be: itself, another reading of it, or a misspelling.

A word that is in the lexicon, or is an ordinary English word, is never taken for a misspelling of another.
Candidates come from an index of misspellings, so that a look-up costs the same for twenty words or twenty
thousand; RapidFuzz says how far they are from what was typed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from msgspec import Struct
from rapidfuzz.distance import OSA

from bot.matching.misspellings import SHORTEST_FUZZY, MisspellingIndex, edits_allowed
from bot.matching.word_counts import WordCounts, word_counts

_EXACT = 100.0
_OTHER_READING = 98.0
_COST_OF_AN_EDIT = 6.0
_LONGEST_FUZZY = 24
_SHORTEST_BEGUN_OTHERWISE = 6
"""In letters. A shorter word is not what was typed where that begins with another letter."""
_MOST_CANDIDATES = 8
_REMEMBERED_WORDS = 50_000
_REMEMBERED_BESIDE = 5_000


class Candidate(Struct, frozen=True):
    """A lexicon word that a typed word may be.

    Args:
        word: the lexicon's word.
        score: how like it, 0–100.
    """

    word: str
    score: float


class Vocabulary:
    """All words of a compiled rulebook, with an index for misspellings.

    Args:
        words: the words that may be misspelt.
        exact: the words that must stand letter by letter.
        like: the vocabulary of another rulebook; where it only lacks some words, its index and what it
            remembers of typed words serve both.
        packed: the index of these words, as `packed` of such a vocabulary gave it.
        counts: how often words are used; without it the list is read, or that of `like` is used.
    """

    def __init__(
        self,
        *,
        words: Iterable[str],
        exact: Iterable[str],
        like: Vocabulary | None = None,
        packed: bytes | None = None,
        counts: WordCounts | None = None,
    ) -> None:
        self.fuzzy: frozenset[str] = frozenset(words)
        self.words = self.fuzzy | frozenset(exact)
        is_more = like is not None and like.fuzzy <= self.fuzzy and like.words <= self.words
        beside = like if is_more else None
        self.counts: WordCounts = counts or (word_counts() if like is None else like.counts)
        self._look = _Look(
            words=self.words,
            index=MisspellingIndex(sorted(self.fuzzy - beside.fuzzy if beside else self.fuzzy), packed),
            counts=self.counts,
            beside=beside,
        )
        # What remembers must not hold this object: a circle would keep a rulebook that nobody uses any more.
        remembered = _REMEMBERED_WORDS if beside is None else _REMEMBERED_BESIDE
        self._candidates = lru_cache(maxsize=remembered)(self._look.up)

    @property
    def packed(self) -> bytes | None:
        """The index as bytes, to be kept; None where a part of it is another vocabulary's."""
        return self._look.index.packed if self._look.beside is None else None

    def candidates(self, text: str, readings: tuple[str, ...] = ()) -> tuple[Candidate, ...]:
        """Find the lexicon words that a typed word may be.

        Args:
            text: its canonical form.
            readings: other ways to read it.

        Returns:
            the candidates, best first; none for most words of a chat.
        """
        return self._candidates(text, readings)

    def near(self, text: str, taken: Sequence[int]) -> set[str]:
        """Give the words that a typed word of four letters or more may be, see `MisspellingIndex.near`."""
        return self._look.near(text, taken)


class _Look(Struct, frozen=True, kw_only=True, eq=False):
    """Looks up a typed word.

    Args:
        words: all words.
        index: those that may be misspelt and are not in `beside`.
        counts: how often words are used.
        beside: the vocabulary that has the other words.
    """

    words: frozenset[str]
    index: MisspellingIndex
    counts: WordCounts
    beside: Vocabulary | None

    def up(self, text: str, readings: tuple[str, ...]) -> tuple[Candidate, ...]:
        """Find what `Vocabulary.candidates` gives."""
        if self.beside is not None and not self._adds_to(self.beside, text, readings):
            return self.beside.candidates(text, readings)
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

    def near(self, text: str, taken: Sequence[int]) -> set[str]:
        """Give the words that may be what was typed, and some that are further away."""
        near = self.index.near(text, taken)
        return near if self.beside is None else near | self.beside.near(text, taken)

    def _adds_to(self, beside: Vocabulary, text: str, readings: tuple[str, ...]) -> bool:
        """Tell whether a word that the other vocabulary lacks may be what was typed."""
        return any(
            (one in self.words and one not in beside.words)
            or (_may_be_misspelt(one) and self.index.near(one))
            for one in (text, *readings)
        )

    def _misspelt(self, text: str) -> tuple[Candidate, ...]:
        if not _may_be_misspelt(text) or self.counts.is_ordinary(text):
            return ()
        near: set[str] = set()
        for edits in range(1, edits_allowed(len(text) + 1) + 1):
            near |= self.near(text, (0, 1) if edits == 1 else (2,))
            closest = sorted(word for word in near if _is_away(text, word, edits))
            if closest:
                score = _EXACT - _COST_OF_AN_EDIT * edits
                return tuple(Candidate(word, score) for word in closest[:_MOST_CANDIDATES])
        return ()


def _is_away(text: str, word: str, edits: int) -> bool:
    """Tell whether a word may be what was typed, where it is no fewer than so many edits away."""
    if edits_allowed(len(word)) < edits or OSA.distance(text, word, score_cutoff=edits) > edits:
        return False
    return text[0] == word[0] or (len(word) >= _SHORTEST_BEGUN_OTHERWISE and edits == 1)


def _may_be_misspelt(text: str) -> bool:
    return SHORTEST_FUZZY <= len(text) <= _LONGEST_FUZZY and text.isalpha()


def vocabulary_of(words: Iterable[str], exact: Iterable[str], like: Vocabulary | None) -> Vocabulary:
    """Give the vocabulary of these words: that of another rulebook itself where the words are the same.

    Args:
        words: the words that may be misspelt.
        exact: the words that must stand letter by letter.
        like: the vocabulary of another rulebook.
    """
    made = Vocabulary(words=words, exact=exact, like=like)
    return like if like is not None and (like.fuzzy, like.words) == (made.fuzzy, made.words) else made
