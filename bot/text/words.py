"""The forms of one word: stretched letters, letters written as digits, numbers with their units."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

LONGEST_WITH_READINGS = 48
"""A longer word gets no other readings: no word of a rule is that long."""
MOST_READINGS = 4
LONGEST_CACHED = 32
"""In characters. Caches hold what comes again and again, never somebody's whole message."""

_APOSTROPHES = str.maketrans("", "", "'’‘`")
_STRETCH = re.compile(r"([^\W\d_])\1++")
# Letters that English doubles in few words or none, so that one of the two is a slip.
_SELDOM_DOUBLED = frozenset("ahijkquvwxy")
_VOWELS_AND_L = frozenset("aeioul")
_NOT_A_LETTER = re.compile(r"[\d@$€£!]")
_LEETSPEAK = str.maketrans("0134578@$€£!", "oieastbaseli")
_DECODED = frozenset("0134578@$€£!9")
_ABBREVIATED = {
    "2day": "today",
    "2nite": "tonight",
    "2morrow": "tomorrow",
    "4ever": "forever",
    "b4": "before",
    "b/c": "because",
    "gr8": "great",
    "h8": "hate",
    "l8r": "later",
    "m8": "mate",
    "w8": "wait",
    "w/": "with",
    "w/o": "without",
}


def word_forms(typed: str) -> tuple[str, tuple[str, ...]]:
    """The canonical form of a word and other ways to read it.

    Args:
        typed: the word in folded characters; apostrophes and symbols used as letters may stand in it.

    Returns:
        the canonical form, and at most four other readings, most likely first.
    """
    return _cached_forms(typed) if len(typed) <= LONGEST_CACHED else _forms(typed)


def _forms(typed: str) -> tuple[str, tuple[str, ...]]:
    text = typed.translate(_APOSTROPHES)
    if text.isalpha():
        if not _STRETCH.search(text):
            return text, ()
        return shorten(text), _distinct(shorten(text), _single_forms(text))
    text = shorten(text)
    if len(text) > LONGEST_WITH_READINGS:
        return text, ()
    return text, _distinct(text, _decoded_forms(text))


_cached_forms = lru_cache(maxsize=16384)(_forms)


def shorten(text: str) -> str:
    """Stretched letters shortened to two: "soooo" becomes "soo". Digits stay: "1000" is a number."""
    return _STRETCH.sub(r"\1\1", text)


def _distinct(text: str, forms: Iterator[str]) -> tuple[str, ...]:
    readings: dict[str, None] = {}
    for form in forms:
        if form != text:
            readings[form] = None
        if len(readings) == MOST_READINGS:
            break
    return tuple(readings)


def _single_forms(text: str) -> Iterator[str]:
    """Forms with one letter a stretch; then with two in one of the stretches ("reallllyyy" → "really")."""
    if len(shorten(text)) > LONGEST_WITH_READINGS:
        return
    groups = [found for found in _STRETCH.finditer(text) if _is_stretched(found)]
    if not groups:
        return
    yield _rewrite(text, groups, kept=None)
    for group in groups if len(groups) > 1 else ():
        yield _rewrite(text, groups, kept=group)


def _is_stretched(group: re.Match[str]) -> bool:
    if len(group[0]) > 2 or group[1] in _SELDOM_DOUBLED:
        return True
    return group.start() == 0 and group.end() < len(group.string) and group[1] not in _VOWELS_AND_L


def _rewrite(text: str, groups: list[re.Match[str]], kept: re.Match[str] | None) -> str:
    parts: list[str] = []
    position = 0
    for group in groups:
        parts += [text[position : group.start()], group[1] * (2 if group is kept else 1)]
        position = group.end()
    return shorten("".join(parts) + text[position:])


def _decoded_forms(text: str) -> Iterator[str]:
    """Leetspeak: symbols and digits inside a word read as the letters they look like."""
    if text in _ABBREVIATED:
        yield _ABBREVIATED[text]
    if not _may_decode(text):
        return
    # 1 is an i more often than an l, 9 a g; an @ or $ at the edge may also be just that.
    for one in ("i", "l") if "1" in text else ("",):
        decoded = text.replace("1", one).replace("9", "g").translate(_LEETSPEAK)
        yield shorten(decoded)
        yield from _single_forms(decoded)
    bare = text.strip("@$€£")
    if bare.isalpha():
        yield bare


def _may_decode(text: str) -> bool:
    """Whether the figures in a word can stand for letters: not in 7oh, b12, 5htp or p450."""
    figures = _NOT_A_LETTER.findall(text)
    letters = len(text) - len(figures)
    if letters < 2 or len(figures) > letters + 1 or not _DECODED.issuperset(figures):
        return False
    if text[0].isdigit():
        return letters >= 4 and not text.startswith("7oh") and not text[1].isdigit()
    return True


def amount_form(typed: str) -> str:
    """The canonical form of a number or amount: "2 tbsp" → "2tbsp", "5 – 10 g" → "5-10g", "1,000" → "1000".

    Args:
        typed: the number, with or without its unit, in folded characters.

    Returns:
        the form without spaces, except between a whole number and a fraction ("2 1/2tsp").
    """
    text = re.sub(r"[ \t]*[-–—~][ \t]*", "-", typed)
    text = re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", text).replace(",", ".")
    text = re.sub(r"(?<=\d)-(?=[^\W\d])", "", text)
    text = re.sub(r"(?<!\d)[ \t]+|[ \t]+(?!\d)", "", text)
    return re.sub(r"[ \t]+", " ", text)
