"""Reading a message: from what was typed to tokens, clauses, quotations and what was set aside."""

from __future__ import annotations

import re
from functools import lru_cache

from bot.text.clauses import takes_full_stop
from bot.text.markdown import find_marks, has_marks
from bot.text.model import Aside, Clause, Reading, Token, TokenKind
from bot.text.scanner import scan
from bot.text.stream import make_stream
from bot.text.words import LONGEST_CACHED, word_forms

# Nothing but words, single spaces and one mark behind a word: most of what people chat.
_PLAIN = re.compile(r"[A-Za-z]++(?:'[A-Za-z]++)*+[,.?!]?+(?: [A-Za-z]++(?:'[A-Za-z]++)*+[,.?!]?+)*+")
_WORD = TokenKind.WORD


def read(raw: str) -> Reading:
    """Read a message. Never raises, whatever the message holds, and takes time in proportion to its length.

    Args:
        raw: the message as it was typed.

    Returns:
        its tokens with canonical forms and places in the raw message, clauses, quotations and asides.
    """
    if _PLAIN.fullmatch(raw):
        reading = _read_plain(raw)
        if reading is not None:
            return reading
    return read_any(raw)


def read_any(raw: str) -> Reading:
    """Read a message the general way; `read` gives the same, faster where the message is plain.

    Args:
        raw: the message as it was typed.

    Returns:
        the same reading as `read`.
    """
    marks = find_marks(raw) if has_marks(raw) else ()
    tokens, clauses, quotations = scan(make_stream(raw, marks), raw)
    asides = tuple(Aside(mark.aside, mark.start, mark.end) for mark in marks if mark.aside is not None)
    return Reading(raw, tokens, clauses, quotations, asides)


def _plain_word(typed: str) -> tuple[str, tuple[str, ...], int, str] | None:
    """A word and the mark behind it: form, readings, length, mark. None where a full stop is its own."""
    mark = typed[-1] if typed[-1] in ",.?!" else ""
    word = typed[: len(typed) - len(mark)]
    text, readings = word_forms(word.lower())
    if mark == "." and takes_full_stop(Token(text, 0, 0), dotted=False):
        return None
    return text, readings, len(word), mark


_cached_word = lru_cache(maxsize=16384)(_plain_word)


def _read_plain(raw: str) -> Reading | None:
    """Read a message of plain words; None where letters in a row may spell one."""
    tokens: list[Token] = []
    clauses: list[Clause] = []
    first = start = alone = 0
    before = ""
    for typed in raw.split(" "):
        forms = _cached_word(typed) if len(typed) <= LONGEST_CACHED else _plain_word(typed)
        if forms is None:
            return None
        text, readings, length, mark = forms
        alone = alone + 1 if length == 1 else 0
        if alone == 4:
            return None
        tokens.append(Token(text, start, start + length, _WORD, readings, before))
        start += len(typed) + 1
        before = mark
        if mark and mark != ",":
            clauses.append(Clause(first, len(tokens), mark))
            first = len(tokens)
    if first < len(tokens):
        clauses.append(Clause(first, len(tokens)))
    return Reading(raw, tuple(tokens), tuple(clauses))
