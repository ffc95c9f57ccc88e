"""The skim: which of the lexicon's words may stand in a message, told before the message is read.

A message is cut at its spaces, and what each piece could be is remembered from the first time it was seen. So
most messages of a chat cost one look-up a piece and are never read. A piece alone reads as it would within
its message, but for these, for which the whole message is read: marks that reach over spaces (code, masked
links), words spelt over spaces ("k r a t o m"), and characters that end lines or that nobody sees. A word
written apart ("kra tom") is known by its halves.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from functools import reduce
from itertools import chain, repeat
from operator import add, or_

from msgspec import Struct
from msgspec.structs import replace

from bot.matching.halves import Halves
from bot.matching.pairs import EVERYTHING, Pairs
from bot.matching.standing import ANY_KIND
from bot.matching.vocabulary import Candidate, Vocabulary
from bot.text.markdown import find_marks, has_marks
from bot.text.model import Reading, Token, TokenKind
from bot.text.piece import SeenPiece, read_piece
from bot.text.reader import read
from bot.text.stream import make_stream
from bot.text.words import word_forms

SHORTEST_JOINED = 6
"""In letters. A shorter word that is written apart is not read as one."""

MOST_REMEMBERED = 30_000
"""So many pieces are remembered for a rulebook."""
_LONGEST = 4000
"""In characters. Discord takes no longer message; one from elsewhere is simply read."""
_LONGEST_REMEMBERED = 32
"""In characters. What is remembered are words, never somebody's whole message."""

# What a piece tells, in numbers that add up over a message without one running into the next.
_HEAD, _TAIL, _UNKNOWN, _CLOSER, _LETTER = 1, 1 << 12, 1 << 24, 1 << 36, 1 << 48
_FORGOTTEN = 1 << 62
"""Told where a piece that counts is too long to be remembered."""
_HEADS, _TAILS, _UNKNOWNS, _CLOSERS = (0xFFF * one for one in (_HEAD, _TAIL, _UNKNOWN, _CLOSER))
_SPELT = 4
"""So many letters that stand alone may spell a word."""

_REACHES_OVER_SPACES = re.compile(r"[`\[\]\\]|</")
_CODE = re.compile(r"`([A-Za-z]{2,})`[,.?!]*")
_SPELLING = re.compile(r"(?<![^\W_])[^\W_](?:[\W_]{1,5}[^\W_](?![^\W_])){3}")
_SPELLING_BETWEEN_MARKS = re.compile(r"(?<![^\W_])[^\W_](?:[\W_]++[^\W_](?![^\W_])){3}")
"""The same where some of what stands between the letters may be no part of the message that is read."""
_ID = re.compile(r"(?<=[@!&#])\d{17,20}(?=>$)")
_LINK = re.compile(r"\Ahttps?://[A-Za-z0-9./-]*[A-Za-z0-9/]\Z")
_MENTIONS = frozenset(("<@", "<#"))
_ANY_ID, _ANY_LINK = "1" * 18, "https://a.example"
"""One stands for all: whom a mention names, and where a link leads, is never matched."""
_PART = re.compile(r"\d+|[^\W\d_]+")
_LINE_MARK = re.compile(r"\n[ ]*(?:[-+•#>]|\d+[.)])")
_AMOUNT = re.compile(r"\d[^\W\d_]")
_NUMBERS = frozenset((TokenKind.AMOUNT, TokenKind.NUMBER))
_MARKS = ",.?!"
"""Marks that are never part of what stands before them."""
_OPENING, _CLOSING = '("“*_|~', ')"”*_|~:;…' + _MARKS
"""Marks that are never part of the word behind or before them, and let it be read as it is."""


class _Piece(Struct, frozen=True):
    """What stands between two spaces.

    Args:
        told: its part of what the skim adds up.
        bits: those of its words, see `Pairs`.
        texts: its tokens in order; None where they depend on what stands around it.
        words: the lexicon's words that these may be.
        has_figures: whether a number stands in it of which a word with spaces may be made.
    """

    told: int
    bits: int
    texts: tuple[str, ...] | None
    words: frozenset[str]
    has_figures: bool


_ANYTHING = _Piece(told=_CLOSER, bits=EVERYTHING, texts=None, words=frozenset(), has_figures=False)
"""What tells nothing by itself: the message has to be read."""


class SkimTables(Struct, frozen=True):
    """What is worked out of the words before anything is skimmed; it can be kept.

    Args:
        heads: what may stand before the cut of a word that is written apart.
        tails: what may stand behind it.
        with_spaces: for each word that may be written with spaces what must stand in a message for it.
    """

    heads: frozenset[str]
    tails: frozenset[str]
    with_spaces: Mapping[str, frozenset[str]]


class Skim:
    """Skims messages, and remembers the pieces that it has seen.

    Args:
        vocabulary: the lexicon's words.
        pairs: the words without two of which nothing can be found in a message.
        most_remembered: how many pieces are remembered.
        like: the skim of a rulebook that is mostly the same. Its words are looked for as well where one is
            written apart, which costs a closer look and shares the memory.
        tables: the `tables` of a skim of the same words; without them they are worked out.
    """

    def __init__(
        self,
        *,
        vocabulary: Vocabulary,
        pairs: Pairs,
        most_remembered: int = MOST_REMEMBERED,
        like: Skim | None = None,
        tables: SkimTables | None = None,
    ) -> None:
        self._most_remembered = most_remembered
        self.vocabulary = vocabulary
        self.pairs = pairs
        self._watched = pairs.watched
        joined = [word for word in pairs.bits if len(word) >= SHORTEST_JOINED]
        self.cut: Halves = like.cut if like is not None else _cut_of(joined, tables)
        self._own_cut = Halves.of([word for word in joined if not self.cut.holds(word)])
        self._with_spaces = tables.with_spaces if tables is not None else _with_spaces(vocabulary)
        self._with_figure: dict[str, list[str]] = defaultdict(list)
        for spaced, parts in self._with_spaces.items():
            for part in parts:
                self._with_figure[part].append(spaced)
        self._told: dict[str, int] = {}
        self._pieces: dict[str, _Piece] = {}
        self._bits: dict[str, int] = {}
        self._times_cleared = 0

    @property
    def tables(self) -> SkimTables:
        """What was worked out of the words, for another skim of the same words alone."""
        return SkimTables(self.cut.heads, self.cut.tails, self._with_spaces)

    def words_watched(self, message: Reading) -> frozenset[str] | None:
        """Give the words of a message, as `words` does, or None if no pair of them stands in it."""
        raw, times_cleared = message.raw, self._times_cleared
        told = self._sum(raw)
        may_join = told is not None and bool(told & _UNKNOWNS and told & _HEADS and told & _TAILS)
        is_complete = False
        if told is not None and told < _SPELT * _LETTER and not may_join:
            if not told & _CLOSERS:
                return None
            is_complete = bool(self.pairs.complete(reduce(or_, map(self._bits.get, raw.split(), repeat(0)))))
            # What was forgotten meanwhile, here or by another thread, cannot tell that nothing stands there.
            if not is_complete and self._times_cleared == times_cleared:
                return None
        pieces = self._pieces_of(raw, told)
        if not pieces:
            return self._words(message, pieces)
        texts = [*chain.from_iterable([piece.texts or () for piece in pieces])]
        joined = self._joined(texts)
        if not is_complete:
            bits = reduce(or_, [piece.bits for piece in pieces])
            if may_join and bits != EVERYTHING:
                bits |= self.pairs.bits_of(joined)
            if not self.pairs.complete(bits):
                return None
        return self._words(message, pieces, (texts, joined))

    def words(self, message: Reading) -> frozenset[str]:
        """Give the lexicon's words that may stand in a message, and `ANY_KIND` where there may be no word.

        Args:
            message: it is read only where its pieces do not tell enough.
        """
        return self._words(message, self._pieces_of(message.raw, self._sum(message.raw)))

    def _pieces_of(self, raw: str, told: int | None) -> list[_Piece] | None:
        """Give the pieces of a message; None where they do not tell what stands in it."""
        if told is None or self._may_spell(raw, told):
            return None
        return [self._pieces.get(text) or self._piece(text) for text in raw.split()]

    def _words(
        self,
        message: Reading,
        pieces: list[_Piece] | None,
        joined: tuple[list[str], frozenset[str]] | None = None,
    ) -> frozenset[str]:
        """Give the words of a message.

        Args:
            message: it is read only where its pieces do not tell enough.
            pieces: its pieces; None where they do not.
            joined: the pieces' texts, and the words that two of them are together, where these were found.
        """
        raw = message.raw
        is_told = pieces is not None and ("\n" not in raw or not _LINE_MARK.search(raw))
        if pieces is None or not is_told or None in [piece.texts for piece in pieces]:
            tokens = message.tokens
            return self._words_of(tokens).union(self._joined([token.text for token in tokens]))
        texts = joined[0] if joined else [*chain.from_iterable([piece.texts or () for piece in pieces])]
        spaced = self._spaced(texts) if [1 for piece in pieces if piece.has_figures] else ()
        words = [piece.words for piece in pieces if piece.words]
        return (joined[1] if joined else self._joined(texts)).union(spaced, *words)

    def __len__(self) -> int:
        """How many pieces are remembered."""
        return len(self._told)

    def cache_clear(self) -> None:
        """Forget the pieces."""
        self._told.clear()
        self._pieces.clear()
        self._bits.clear()
        self._times_cleared += 1

    def _sum(self, raw: str) -> int | None:
        """Add up what the pieces tell; None where the message has to be read."""
        if len(raw) > _LONGEST or not (raw.isprintable() or raw.replace("\n", " ").isprintable()):
            return None
        try:
            return sum(map(self._told.__getitem__, raw.split()))
        except KeyError:
            return sum(map(self._told_by, raw.split()))

    @staticmethod
    def _may_spell(raw: str, told: int) -> bool:
        if told < _SPELT * _LETTER:
            return False
        if not raw.isascii():
            marks = find_marks(raw) if has_marks(raw) else ()
            return _SPELLING.search(make_stream(raw, marks).text) is not None
        return (_SPELLING_BETWEEN_MARKS if has_marks(raw) else _SPELLING).search(raw) is not None

    def _joined(self, texts: Sequence[str]) -> frozenset[str]:
        return self.vocabulary.words.intersection(map(add, texts, texts[1:]))

    def _spaced(self, texts: Sequence[str]) -> list[str]:
        """Give the words that may be written with spaces and of which every part stands in a message."""
        parts = _parts_of(" ".join(texts))
        perhaps = {word for part in parts for word in self._with_figure.get(part, ())}
        return [word for word in perhaps if self._with_spaces[word] <= parts]

    def _words_of(self, tokens: Sequence[Token]) -> frozenset[str]:
        words = {
            candidate.word
            for token in tokens
            for candidate in self.vocabulary.candidates(token.text, token.readings)
        }
        if any(token.kind is not TokenKind.WORD for token in tokens):
            words.add(ANY_KIND)
        return frozenset(words)

    def _told_by(self, text: str) -> int:
        """Give what a piece tells; of a word that is none of the lexicon's nothing more is kept."""
        told = self._told.get(text)
        if told is not None:
            return told
        word = _word_in(text)
        if word:
            form, readings = word_forms(word)
            candidates = self.vocabulary.candidates(form, readings)
            piece = self._piece_of_word(form, candidates) if candidates else None
            told = self._halves(form, is_word=False) if piece is None else piece.told
            if len(text) <= _LONGEST_REMEMBERED:
                self._remember(text, told, piece)
        else:
            piece = self._piece(text)
            told = piece.told
        is_forgotten = piece is not None and piece.bits and len(text) > _LONGEST_REMEMBERED
        return told | _FORGOTTEN if is_forgotten else told

    def _piece(self, text: str) -> _Piece:
        piece = self._pieces.get(text)
        if piece is None:
            piece = self._look_at(text)
            if len(text) <= _LONGEST_REMEMBERED:
                self._remember(text, piece.told, piece)
        return piece

    def _remember(self, text: str, told: int, piece: _Piece | None = None) -> None:
        if len(self._told) >= self._most_remembered:
            self.cache_clear()
        self._told[text] = told
        if piece is not None:
            self._pieces[text] = piece
            if piece.bits:
                self._bits[text] = piece.bits

    def _look_at(self, text: str) -> _Piece:
        code = _CODE.fullmatch(text)
        if code:
            # Code, if its marks belong together, and nothing then; else the word itself.
            return replace(self._piece(code[1].lower()), texts=None)
        if _REACHES_OVER_SPACES.search(text):
            return _ANYTHING
        word = _word_in(text)
        if word:
            form, readings = word_forms(word)
            return self._piece_of_word(form, self.vocabulary.candidates(form, readings))
        bare = _LINK.sub(_ANY_LINK, _ID.sub(_ANY_ID, text.rstrip(_MARKS)))
        if bare != text and (bare[:2] in _MENTIONS or bare == _ANY_LINK):
            return self._piece(bare)
        return self._piece_of(read_piece(text))

    def _piece_of(self, seen: SeenPiece | None) -> _Piece:
        if seen is None:
            return _ANYTHING
        every = (*seen.parts, *seen.behind)
        listed = [self.vocabulary.candidates(part.text, part.readings) for part in every]
        words = {candidate.word for candidates in listed for candidate in candidates}
        if any(part.kind is not TokenKind.WORD for part in every):
            words.add(ANY_KIND)
        figures = _parts_of(" ".join(part.text for part in every if part.kind in _NUMBERS))
        spaced = [word for figure in figures for word in self._with_figure.get(figure, ())]
        told = _LETTER * min(_SPELT, seen.letters)
        if not self._watched.isdisjoint((*words, *spaced)):
            told |= _CLOSER
        for part, candidates in zip(every, listed, strict=True):
            told |= self._halves(part.text, is_word=part.kind is TokenKind.WORD and bool(candidates))
        return _Piece(
            told=told,
            bits=EVERYTHING if seen.is_sign else self.pairs.bits_of((*words, *spaced)),
            texts=None if seen.is_sign else tuple(part.text for part in seen.parts),
            words=frozenset(words),
            has_figures=bool(spaced),
        )

    def _piece_of_word(self, form: str, candidates: Sequence[Candidate]) -> _Piece:
        words = frozenset(candidate.word for candidate in candidates)
        closer = 0 if self._watched.isdisjoint(words) else _CLOSER
        told = closer | self._halves(form, is_word=bool(words))
        return _Piece(told, self.pairs.bits_of(words), (form,), words, has_figures=False)

    def _halves(self, form: str, *, is_word: bool) -> int:
        """Tell whether a word may be half of another; one of the two halves is no word of its own."""
        is_head = form in self.cut.heads or form in self._own_cut.heads
        is_tail = form in self.cut.tails or form in self._own_cut.tails
        told = _HEAD * is_head | _TAIL * is_tail
        return told | _UNKNOWN * (bool(told) and not is_word)


def skim_of(vocabulary: Vocabulary, pairs: Pairs, like: Skim | None) -> Skim:
    """Give the skim for these words: that of another rulebook itself where the words are the same.

    Args:
        vocabulary: the lexicon's words.
        pairs: the words without two of which nothing can be found in a message.
        like: the skim of another rulebook.
    """
    is_same = like is not None and like.vocabulary is vocabulary and like.pairs is pairs
    return like if like is not None and is_same else Skim(vocabulary=vocabulary, pairs=pairs, like=like)


def _word_in(text: str) -> str:
    """Give the word of a piece that is nothing else but marks around it, in lower case; else nothing."""
    word = text.lstrip(_OPENING).rstrip(_CLOSING).lower()
    return word if len(word) > 1 and word.isascii() and word.isalpha() else ""


def _cut_of(words: Collection[str], tables: SkimTables | None) -> Halves:
    return Halves.of(words) if tables is None else Halves(tables.heads, tables.tails)


def _with_spaces(vocabulary: Vocabulary) -> dict[str, frozenset[str]]:
    return {word: _parts_of(word) for word in vocabulary.words if _takes_spaces(word)}


def _takes_spaces(word: str) -> bool:
    """Tell whether a word, or half of it, may be a number that is written with spaces: "7 tabs", "5 - 10"."""
    if word.isalpha():
        return False
    is_amount = any(token.kind is TokenKind.AMOUNT for token in read(word).tokens)
    is_half_amount = len(word) >= SHORTEST_JOINED and _AMOUNT.search(word) is not None
    return is_amount or is_half_amount or "-" in word or " " in word


def _parts_of(text: str) -> frozenset[str]:
    """Give the runs of letters and the whole numbers in a text."""
    return frozenset(_PART.findall(text))
