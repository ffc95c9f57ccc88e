"""One character at a time: its canonical form, and the names of emoji."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

EMOJI = "\ue000"
"""Stands for an emoji in a stream. Private-use characters of a message never reach the stream."""
ASIDE = "\ue001"
"""Stands for something set aside in a stream."""
JOINER = "\u200d"

_ENCLOSED = re.compile(r"(?:NEGATIVE|PARENTHESIZED|REGIONAL INDICATOR|CROSSED)\b.*\bLETTER ([A-Z])$")
_LATIN = re.compile(r"LATIN (?:(?:SMALL|CAPITAL) LETTER ([A-Z]) WITH .*|LETTER SMALL CAPITAL ([A-Z]))$")
_FIXED = {
    "‘": "‘",
    "’": "’",
    "ʼ": "’",
    "ʻ": "’",
    "ʹ": "’",
    "′": "’",
    "´": "’",
    "‛": "’",
    "＇": "'",
    "‐": "-",
    "‑": "-",
    "‒": "-",
    "−": "-",
    "⁃": "-",
    "⁄": "/",
    "∕": "/",
    "。": ".",
    "\r": "\n",
    "\u0085": "\n",
    "\u2028": "\n",
    "\u2029": "\n",
    "\t": " ",
    "\n": "\n",
    "\v": "\n",
    "\f": "\n",
    # Blank, though Unicode counts them as letters or symbols.
    "\u115f": "",
    "\u1160": "",
    "\u3164": "",
    "\uffa0": "",
    "\u2800": " ",
    # Marks of ownership say nothing; NFKC would make "Kratom™" end in "tm".
    "™": "",
    "℠": "",
    "©": "",
    "®": "",
    # A micro sign before a unit is written "u" where there is none on the keyboard.
    "µ": "u",
    "μ": "u",
}


@lru_cache(maxsize=8192)
def fold_letter(character: str) -> str:
    """The canonical form of one character, look-alikes of other scripts left as they are.

    NFKC, case folding, combining and invisible marks dropped, Latin letters with strokes and hooks and
    small capitals as plain letters, enclosed letters without their frame.

    Args:
        character: one character, which may be a lone surrogate.

    Returns:
        its canonical form: "" for marks, " " for blanks and what has no form, `EMOJI` for an emoji.
    """
    if character in _FIXED:
        return _FIXED[character]
    if character.isascii() and character.isprintable():
        return character.lower()
    category = unicodedata.category(character)
    if category in {"Mn", "Me", "Mc", "Cf", "Cc"}:
        return ""
    if category in {"Cs", "Co", "Cn"} or category.startswith("Z"):
        return " "
    return _fold_named(character, category)


def _fold_named(character: str, category: str) -> str:
    """The canonical form of a character outside of ASCII that has a look of its own."""
    name = unicodedata.name(character, "")
    enclosed = _ENCLOSED.search(name)
    if enclosed:
        return enclosed[1].lower()
    if name.startswith("VULGAR FRACTION"):
        return " " + unicodedata.normalize("NFKC", character).replace("⁄", "/")
    folded = unicodedata.normalize("NFKC", character).casefold()
    # Without its stroke ≠ would say the opposite.
    folded = folded if category == "Sm" else _without_marks(folded)
    if category == "So" and character >= "\u2190" and not folded.isalnum():
        return EMOJI
    return "".join(_plain_latin(part) for part in folded) or " "


def _without_marks(text: str) -> str:
    parts = unicodedata.normalize("NFD", text)
    kept = "".join(part for part in parts if not unicodedata.category(part).startswith("M"))
    return unicodedata.normalize("NFC", kept)


def _plain_latin(character: str) -> str:
    latin = None if character.isascii() else _LATIN.match(unicodedata.name(character, "").upper())
    return (latin[1] or latin[2]).lower() if latin else character


def is_mark(character: str) -> bool:
    """Whether a character only adds to the one before it: a combining mark, variation selector or skin tone.

    Args:
        character: one character.

    Returns:
        whether it belongs to the character before it.
    """
    return unicodedata.category(character).startswith("M") or "\U0001f3fb" <= character <= "\U0001f3ff"


def is_regional(character: str) -> bool:
    """Whether a character is one of the regional indicators, two of which make a flag."""
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def emoji_name(character: str) -> str:
    """An emoji's Unicode name in the form of a shortcode.

    Args:
        character: one character.

    Returns:
        its name in small letters with "_" for spaces ("herb", "pouting_face"), or "emoji" where it has none.
    """
    return unicodedata.name(character, "emoji").lower().replace(" ", "_").replace("-", "_")
