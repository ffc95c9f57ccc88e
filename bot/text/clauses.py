"""What stands between tokens: where clauses end, and where quotation marks open and close."""

from __future__ import annotations

import re
from functools import lru_cache

from msgspec import Struct, field

from bot.text.letters import ASIDE
from bot.text.model import Clause, Quotation, Token, TokenKind

LONGEST_QUOTATION = 60
"""In tokens. Marks further apart are two strays, not a pair."""
LONGEST_SINGLE_QUOTATION = 15
"""The same for single marks, which are apostrophes more often."""

SMILEY = r"""[:;=][-']?(?:[()\[\]{}/\\@$<>|]++|[dpoxsc3](?!\w))|</?3(?!\w)"""
_SMILEY = re.compile(SMILEY)
_DOUBT = re.compile(r"\([?!]{1,3}\)")
_NOT_PUNCTUATION = re.compile(rf"[\s_{ASIDE}]++")
_ABBREVIATIONS = frozenset(
    ("dr", "mr", "mrs", "ms", "prof", "vs", "approx", "eg", "ie", "esp", "incl", "etc")
)
_SHORT_UNITS = ("oz", "tbsp", "tsp", "lb", "lbs")
_OPENING = {"“": "”", "„": "”", "«": "»", "‹": "›", "‘": "’"}
_QUOTES = frozenset("\"'“”„‟«»‹›‘’")


class Gap(Struct, frozen=True):
    """What a gap between two tokens comes to.

    Args:
        before: its punctuation, without spaces.
        ends: whether a clause ends in it.
        ending: the marks that end it.
    """

    before: str
    ends: bool
    ending: str


@lru_cache(maxsize=2048)
def read_gap(text: str, *, small_follows: bool, words_touch: bool, abbreviated: bool) -> Gap:
    """Read what stands between two tokens.

    Args:
        text: the folded characters between them.
        small_follows: whether the token behind begins with a small letter.
        words_touch: whether both are words, so that a full stop between them ends a clause without a space.
        abbreviated: whether a full stop behind the token before it belongs to that token ("e.g.", "approx.").

    Returns:
        the punctuation and the ending.
    """
    bare = _SMILEY.sub(" ", text) if ":" in text or ";" in text or "=" in text or "<" in text else text
    before = _NOT_PUNCTUATION.sub("", bare)
    if "(" in bare:
        bare = _DOUBT.sub(" ", bare)
    marks = "".join(mark for mark in bare if mark in ".?!;")
    if "\n" in bare:
        return Gap(before, ends=True, ending=marks or "\n")
    if not marks:
        return Gap(before, ends=False, ending="")
    if marks.strip("."):
        return Gap(before, ends=True, ending=marks)
    if len(marks) > 1:
        return Gap(before, ends=not small_follows, ending="" if small_follows else marks)
    ends = not abbreviated and (text != "." or words_touch)
    return Gap(before, ends=ends, ending="." if ends else "")


def last_ending(text: str) -> str:
    """The marks that end the message itself.

    Args:
        text: the folded characters behind the last token.

    Returns:
        the marks up to the first line break, or "".
    """
    bare = _DOUBT.sub(" ", _SMILEY.sub(" ", text)).split("\n", 1)[0]
    return "".join(mark for mark in bare if mark in ".?!;")


def takes_full_stop(token: Token, *, dotted: bool) -> bool:
    """Whether a full stop behind a token is part of it.

    Args:
        token: the token.
        dotted: whether it was written letter by letter with full stops ("e.g").
    """
    if token.kind is TokenKind.AMOUNT:
        return token.text.endswith(_SHORT_UNITS)
    return dotted or token.text in _ABBREVIATIONS


def words_touch(left: Token, right: Token) -> bool:
    """Whether a full stop with no space around it stands between two words, as in "kratom.kills"."""
    return len(left.text) > 1 and right.text.isalpha() and (len(right.text) > 1 or right.text in {"i", "a"})


class Clauses(Struct):
    """Clauses while they are gathered."""

    first: int = 0
    done: list[Clause] = field(default_factory=list)

    def end(self, last: int, ending: str) -> None:
        """End the clause before token number `last`; a clause without tokens is none."""
        if last > self.first:
            self.done.append(Clause(self.first, last, ending))
            self.first = last


class Quotations(Struct):
    """Quotation marks while they are paired."""

    stream: str
    opened: dict[str, int] = field(default_factory=dict)
    done: list[Quotation] = field(default_factory=list)

    def see(self, start: int, end: int, index: int) -> None:
        """Look at the gap from `start` to `end` of the stream, which stands before token number `index`."""
        if _QUOTES.isdisjoint(self.stream[start:end]):
            return
        for place in range(start, end):
            mark = self.stream[place]
            if mark in _QUOTES:
                self.pair(mark, place, index)

    def pair(self, mark: str, place: int, index: int) -> None:
        """Close what this mark closes, or else open a quotation."""
        straight = mark in "\"'"
        before = self.stream[place - 1] if place else " "
        after = self.stream[place + 1] if place + 1 < len(self.stream) else " "
        closing = "”" if mark in "“‟" and "”" in self.opened and before != " " else mark
        if closing in self.opened and not (straight and before.isspace() and not after.isspace()):
            first = self.opened.pop(closing)
            longest = LONGEST_SINGLE_QUOTATION if closing in "'’" else LONGEST_QUOTATION
            if first < index <= first + longest:
                self.done.append(Quotation(first, index))
        elif mark in _OPENING:
            self.opened[_OPENING[mark]] = index
        elif straight and not after.isspace() and not before.isalnum():
            self.opened[mark] = index
