"""Reading what stands between two spaces by itself. What is common in chat is read without the scanner."""

from __future__ import annotations

import re

from msgspec import Struct

from bot.text.markdown import find_marks, has_marks, words_of_name
from bot.text.model import TokenKind
from bot.text.reader import read
from bot.text.stream import make_stream
from bot.text.words import word_forms

_LONGEST = 32
"""In characters. Behind these no word is looked for within another one."""
_MOST_BEHIND = 8
_MARKS = ",.?!"
"""Marks that are never part of what stands before them."""
_SIGN = re.compile(r">{1,3}|={1,2}|!=|≠|\+|&")
_ALONE = re.compile(r"(?<![^\W_])[^\W_](?![^\W_])")
_BEHIND_A_WORD = re.compile(r"['’‘`@$€£](?=(.+))", re.DOTALL)
_SIMPLE = re.compile(
    r"""
      <a?:(?P<emoji>[A-Za-z0-9_]{2,32}):[0-9]{1,25}>
    | (?P<number>[0-9]+)
    | @(?P<name>(?!(?:everyone|here)\Z)[a-z]{2,})
    | (?P<before>[a-z]+)['’](?P<after>[a-z]+)
    """,
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)


class Part(Struct, frozen=True):
    """A token of a piece; see `Token`, whose place and punctuation it lacks."""

    text: str
    readings: tuple[str, ...] = ()
    kind: TokenKind = TokenKind.WORD


class SeenPiece(Struct, frozen=True):
    """What stands between two spaces, read by itself.

    Args:
        parts: its tokens.
        behind: those that it may have as well where a number stands before it: the number's unit may end
            within the piece, and what stands behind that is then a word of its own ("5 cups'kratom").
        letters: how many letters and figures stand alone in it.
        is_sign: whether it stands for a word only between two others ("tea > pills").
    """

    parts: tuple[Part, ...]
    behind: tuple[Part, ...] = ()
    letters: int = 0
    is_sign: bool = False


def read_piece(text: str) -> SeenPiece | None:
    """Read a piece by itself.

    Args:
        text: it has no space in it. Of a long one what stands behind a word is looked for near its beginning.

    Returns:
        what it is; None where too much may stand behind words in it to be told.
    """
    found = _SIMPLE.fullmatch(text.rstrip(_MARKS))
    return _read_any(text) if found is None else _read_simple(found)


def _read_simple(found: re.Match[str]) -> SeenPiece:
    """Read what is common: custom emoji, whole numbers, names of members, words with an apostrophe."""
    match found.lastgroup:
        case "emoji":
            names = words_of_name(found["emoji"])
            parts = (Part(*word_forms(name.casefold()), TokenKind.EMOJI) for name in names)
            return SeenPiece(tuple(parts))
        case "number":
            digits = found["number"]
            return SeenPiece((Part(digits, (), TokenKind.NUMBER),), letters=len(digits) == 1)
        case "name":
            name = found["name"].lower()
            return SeenPiece((Part(*word_forms("@" + name)),), (Part(*word_forms(name)),))
    after = found["after"].lower()
    letters = (len(found["before"]) == 1) + (len(after) == 1)
    whole = found[0].lower()
    return SeenPiece((Part(*word_forms(whole)),), (Part(*word_forms(after)),), letters)


def _read_any(text: str) -> SeenPiece | None:
    is_sign = _SIGN.fullmatch(text) is not None
    tokens = read(f"we {text} we").tokens[1:-1] if is_sign else read(text).tokens
    behind = [found[1] for found in _BEHIND_A_WORD.finditer(text, 0, _LONGEST)]
    if len(behind) > _MOST_BEHIND:
        return None
    return SeenPiece(
        tuple(Part(token.text, token.readings, token.kind) for token in tokens),
        tuple(Part(token.text, token.readings, token.kind) for rest in behind for token in read(rest).tokens),
        _letters_alone(text),
        is_sign,
    )


def _letters_alone(text: str) -> int:
    folded = make_stream(text, find_marks(text)).text if has_marks(text) or not text.isascii() else text
    return len(_ALONE.findall(folded))
