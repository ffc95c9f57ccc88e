"""From a stream of canonical characters to tokens, clauses and quotations."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from msgspec import Struct, field

from bot.text.clauses import (
    SMILEY,
    Clauses,
    Quotations,
    last_ending,
    read_gap,
    takes_full_stop,
    words_touch,
)
from bot.text.letters import EMOJI
from bot.text.model import Clause, Quotation, Token, TokenKind
from bot.text.stream import Stream
from bot.text.words import LONGEST_CACHED, amount_form, word_forms

_LETTER = r"[^\W\d_]"
_ALONE = r"(?![^\W_]|['’][^\W_])"
# Repeats are bounded where what follows may refuse the match, or each figure of a long row would read it all.
_FIGURE = r"(?:(?<![\w.])\.)?+\d++(?:[.,]\d++){0,4}+"
_FIGURES = rf"{_FIGURE}(?:[ ]?[-–—~][ ]?{_FIGURE}|[/:]\d++|[ ]{{1,2}}\d{{1,2}}/\d{{1,2}}){{0,3}}+"
_UNIT = (
    r"(?:g|gs|gms?|gr|grams?|grammes?|mgs?|milligrams?|mcg|ug|micrograms?|kgs?|kilos?|oz|ounces?|lbs?|pounds?"
    r"|mls?|cc|millilit(?:er|re)s?|tbsps?|tblsps?|tablespoons?|tsps?|teaspoons?|spoons?|spoonfuls?|scoops?"
    r"|cups?|caps?|capsules?|pills?|tabs?|tablets?|drops?|shots?|gpd)"
)
_TIME = (
    r"(?:s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|wks?|weeks?|mos?|months?|y|yo|yrs?|years?)"
)
_CHEMICAL = r"(?:oh|hydroxy|htp|meo|aco|ho|fma|fluoro|methyl|acetyl)"
_SIGNS = {">": "over", "=": "is", "!": "isnt", "≠": "isnt", "+": "and", "&": "and"}
"""Signs that stand for a word between two others: "tea > pills", "plant = safe"."""
_NOT_SHOUTED = r"(?!(?:no|so|ok|oh|ha|hi|yo|ya|me|it|us|go|do|up|on|in|um|as|is)!)"
_TOKEN = re.compile(
    rf"""
      (?P<spaced> (?<![^\W_]){_LETTER}{_ALONE} (?:[ ]{{1,4}}[^\W_@$]{_ALONE}){{3,}}+ )
    | (?P<parted> (?<![^\W_]){_LETTER}{_ALONE} (?P<mark>[ ]?[-_.·•|/~+=]{{1,3}}[ ]?)[^\W_@$]{_ALONE}
                  (?:(?P=mark)[^\W_@$]{_ALONE}){{2,}}+ )
    | (?P<dotted> (?<![\w.]){_LETTER}(?:\.{_LETTER}{_ALONE})++ )
    | (?P<chemical> (?<![^\W_])\d{{1,2}}-{_CHEMICAL}[^\W\d_]*+(?![^\W_]) )
    | (?P<chat> (?<![\w/])(?:2day|2nite|2morrow|4ever|w/o|b/c|w/)(?![\w/]) )
    | (?P<amount> (?<![^\W_]){_FIGURES}[ ]?-?[ ]{{0,2}}{_UNIT}(?![^\W_]) )
    | (?P<number> (?<![^\W_]){_FIGURES}(?:(?:st|nd|rd|th|x|am|pm|k|s)?+(?![^\W_])%?|(?={_TIME}(?![^\W_]))) )
    | (?P<emoji> {EMOJI} )
    | (?P<sign> (?<=[^\W_][ ])(?:>{{1,3}}|={{1,2}}|!=|≠|\+|&)(?=[ ][^\W_]) )
    | (?P<smiley> {SMILEY} )
    | (?P<tone> (?<![\w/<])/(?:s|j|hj|srs|gen)(?![\w/]) )
    | (?P<word> (?:[@$€£](?={_LETTER}))?+ (?:{_NOT_SHOUTED}{_LETTER}{{1,2}}!(?={_LETTER}{{2}}))?+
                [^\W_](?:[^\W_]|['’‘`@$€£](?=[^\W_]))*+ (?:(?<={_LETTER})\$(?![\w$]))? )
    """,
    re.VERBOSE,
)


def scan(stream: Stream, raw: str) -> tuple[tuple[Token, ...], tuple[Clause, ...], tuple[Quotation, ...]]:
    """Cut a stream into tokens, clauses and quotations.

    Args:
        stream: the folded message.
        raw: the message as it was typed.

    Returns:
        the tokens, the clauses that cover them, and which of them stand in quotation marks.
    """
    scanning = _Scanning(stream, raw, Quotations(stream.text))
    for found in _TOKEN.finditer(stream.text):
        scanning.see(found)
    return scanning.finish()


class _Scanning(Struct):
    """The tokens while they are gathered."""

    stream: Stream
    raw: str
    quotations: Quotations
    tokens: list[Token] = field(default_factory=list)
    clauses: Clauses = field(default_factory=Clauses)
    position: int = 0
    dotted: bool = False

    def see(self, found: re.Match[str]) -> None:
        start, end = found.span()
        match found.lastgroup:
            case "word" | "chat":
                text, readings = word_forms(found[0])
                self.put(start, end, text, readings=readings)
            case "amount":
                self.put(start, end, amount_form(found[0]), TokenKind.AMOUNT)
            case "number":
                self.put(start, end, amount_form(found[0]), TokenKind.NUMBER)
            case "emoji":
                text, readings = word_forms(self.stream.names[start])
                self.put(start, end, text, TokenKind.EMOJI, readings)
            case "dotted":
                self.put(start, end, found[0].replace(".", ""))
                self.dotted = True
            case "chemical":
                self.put(start, end, found[0].replace("-", ""))
            case "sign":
                self.put(start, end, _SIGNS[found[0][0]])
            case "tone":
                self.put(start, end, found[0])
            case "spaced" | "parted":
                for piece in _pieces(found):
                    self.put(*piece)

    def put(
        self,
        start: int,
        end: int,
        text: str,
        kind: TokenKind = TokenKind.WORD,
        readings: tuple[str, ...] = (),
    ) -> None:
        stream = self.stream
        token_start = stream.starts[start]
        token = Token(text, token_start, stream.ends[end - 1], kind, readings)
        between = stream.text[self.position : start]
        if between not in {" ", ""}:
            before = self.read_between(between, start, token)
            if before:
                token = Token(text, token_start, token.end, kind, readings, before)
        self.tokens.append(token)
        self.position = end
        self.dotted = False

    def read_between(self, between: str, start: int, token: Token) -> str:
        """Read the gap before a token: end a clause, pair quotation marks; return its punctuation."""
        last = self.tokens[-1] if self.tokens else None
        # Long gaps are rare and each its own: not worth a place in the cache.
        gap = (read_gap if len(between) <= LONGEST_CACHED else read_gap.__wrapped__)(
            between,
            small_follows=self.raw[token.start].islower(),
            words_touch=last is not None and words_touch(last, token),
            abbreviated=last is not None and takes_full_stop(last, dotted=self.dotted),
        )
        if gap.ends:
            self.clauses.end(len(self.tokens), gap.ending)
        self.quotations.see(self.position, start, len(self.tokens))
        return gap.before

    def finish(self) -> tuple[tuple[Token, ...], tuple[Clause, ...], tuple[Quotation, ...]]:
        text = self.stream.text
        self.quotations.see(self.position, len(text), len(self.tokens))
        self.clauses.end(len(self.tokens), last_ending(text[self.position :]))
        quotations = sorted(self.quotations.done, key=lambda quotation: (quotation.first, -quotation.last))
        return tuple(self.tokens), tuple(self.clauses.done), tuple(quotations)


def _pieces(found: re.Match[str]) -> Iterator[tuple[int, int, str, TokenKind, tuple[str, ...]]]:
    """Words written letter by letter, parted by wider gaps ("m y  h e a d") unless the run is short."""
    letters = [(match.start(), match[0]) for match in re.finditer(r"[^\W_]|[@$]", found[0])]
    if sum(letter.isalpha() for _, letter in letters) * 2 < len(letters):
        groups = [[letter] for letter in letters]
    else:
        groups = _words_of(letters) if found.lastgroup == "spaced" else [letters]
    for group in groups:
        typed = "".join(letter for _, letter in group)
        text, readings = word_forms(typed)
        if len(typed) > 4 and typed[0] in "ai" and found.lastgroup == "spaced":
            # "a k r a t o m": the article is swept up with the letters.
            readings = (*readings[:3], typed[1:])
        start, end = found.start() + group[0][0], found.start() + group[-1][0] + 1
        kind = TokenKind.NUMBER if typed.isdigit() else TokenKind.WORD
        yield start, end, text, kind, readings


def _words_of(letters: list[tuple[int, str]]) -> list[list[tuple[int, str]]]:
    gaps = [right[0] - left[0] for left, right in pairwise(letters)]
    narrow = min(gaps)
    groups = [letters[:1]]
    for gap, letter in zip(gaps, letters[1:], strict=True):
        if gap > narrow:
            groups.append([letter])
        else:
            groups[-1].append(letter)
    short = len(letters) <= 6 and len(groups) == 2
    return [letters] if short or any(len(group) < 2 for group in groups) else groups
