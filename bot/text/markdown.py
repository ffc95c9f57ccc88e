"""Discord's markdown: what is set aside, and which marks are not part of the words.

Every pattern here reads each character a bounded number of times, so that no message can make it slow.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from bot.text.model import AsideKind


class Mark(Struct, frozen=True):
    """A stretch of the raw message that is not read as it stands.

    Args:
        start: where it begins in the raw message, in characters.
        end: where it ends, exclusive.
        aside: what was set aside; None for marks that only shape the words around them.
        words: for a custom emoji, the words of its name, each with its span.
    """

    start: int
    end: int
    aside: AsideKind | None = None
    words: tuple[tuple[str, int, int], ...] = ()


_ENDINGS = "com|org|net|edu|gov|io|info|gg|biz|uk|de|eu|ca|au|shop"
_TOP_LEVEL = frozenset(_ENDINGS.split("|"))
_HINT = re.compile(
    rf"[`<>\[@*_~|\\#]|:/|www\.|\.(?:{_ENDINGS})\b"
    r"|^[ \t]*+(?:[-+•]|\d{1,3}[.)])[ \t]",
    re.IGNORECASE | re.MULTILINE,
)
_BACKTICKS = re.compile(r"`+")
_QUOTED = re.compile(r"^[ \t]*+>(?:>>[ ][\s\S]*+|(?!>>)[ ][^\n]*+)", re.MULTILINE)
_LINE_MARK = re.compile(r"^[ \t]*+(?:#{1,3}|-#|[-+•]|\d{1,3}[.)])[ \t]++", re.MULTILINE)
_INLINE = re.compile(
    r"""
      (?P<mention> <@[!&]?\d{1,25}> | <\#\d{1,25}> | </[^<>:\n]{1,100}:\d{1,25}> | <id:[a-z]{1,20}>
                 | @(?:everyone|here)\b )
    | (?P<timestamp> <t:-?\d{1,17}(?::[tTdDfFR])?> )
    | (?P<emoji> <a?:(?P<name>\w{2,32}):\d{1,25}> )
    | (?P<angled> <https?://[^\s<>]++> )
    | (?P<masked> \[(?P<label>[^\[\]\n]++)\]
                  \(<?https?://(?:[^\s<>()]|\([^\s<>()]{0,200}\))++>?[^()\n]{0,200}\) )
    | (?P<link> (?<![^\W_])(?:https?://|www\.)[^\s<>]++ )
    | (?P<domain> (?<![\w.@+-])[\w+-]++(?:[.@][\w+-]++)++ )
    | (?P<shape> \*++ | __++ | ~~++ | \|\|++ | \\(?=[^\w\s]|_) )
    """,
    re.VERBOSE | re.IGNORECASE,
)
_SHAPE = re.compile(r"\*++|__++|~~++|\|\|++")
_PATH = re.compile(r"/[^\s<>]*+")
_NAME_WORD = re.compile(r"[A-Z]?[a-z]+(?:\d[a-z]+)*|[A-Z]+|\d+|[^\W\d_A-Za-z]+")


def has_marks(raw: str) -> bool:
    """Whether a message may hold anything that `find_marks` looks for; a quick first look."""
    return _HINT.search(raw) is not None


def find_marks(raw: str) -> tuple[Mark, ...]:
    """Find what is set aside in a message and the marks that are not part of its words.

    Args:
        raw: the message as it was typed.

    Returns:
        the marks in order; none overlaps another.
    """
    taken = bytearray(len(raw))
    marks: list[Mark] = []

    def take(mark: Mark) -> None:
        if mark.start < mark.end and taken.find(1, mark.start, mark.end) < 0:
            taken[mark.start : mark.end] = b"\x01" * (mark.end - mark.start)
            marks.append(mark)

    code = list(_code(raw))
    for mark in code:
        if raw.startswith("```", mark.start):
            take(mark)
    for found in _QUOTED.finditer(raw):
        code_begins = taken.find(1, found.start(), found.end())
        take(Mark(found.start(), found.end() if code_begins < 0 else code_begins, AsideKind.QUOTE))
    for mark in code:
        take(mark)
    for found in _INLINE.finditer(raw):
        if taken[found.start()]:
            continue
        for mark in _inline(raw, found):
            take(mark)
    for found in _LINE_MARK.finditer(raw):
        take(Mark(found.start(), found.end()))
    marks.sort(key=lambda mark: mark.start)
    return tuple(marks)


def _code(raw: str) -> Iterator[Mark]:
    """Pairs of backtick runs of equal length; three and more count as a block's."""
    runs = [(found.start(), found.end()) for found in _BACKTICKS.finditer(raw)]
    partner: dict[int, int] = {}
    nearest: dict[int, int] = {}
    for index in range(len(runs) - 1, -1, -1):
        length = min(3, runs[index][1] - runs[index][0])
        if length in nearest:
            partner[index] = nearest[length]
        nearest[length] = index
    index = 0
    while index < len(runs):
        if index in partner:
            yield Mark(runs[index][0], runs[partner[index]][1], AsideKind.CODE)
            index = partner[index]
        index += 1


def _inline(raw: str, found: re.Match[str]) -> Iterator[Mark]:
    start, end = found.span()
    match found.lastgroup:
        case "mention":
            yield Mark(start, end, AsideKind.MENTION)
        case "timestamp":
            yield Mark(start, end, AsideKind.TIMESTAMP)
        case "emoji":
            yield Mark(start, end, words=_emoji_words(found))
        case "angled":
            yield Mark(start, end, AsideKind.LINK)
        case "link":
            yield Mark(start, _link_end(raw, start, end), AsideKind.LINK)
        case "masked":
            yield Mark(start, start + 1)
            # The label is read; marks inside of it shape its words as they would outside.
            for inner in _SHAPE.finditer(found["label"]):
                yield Mark(start + 1 + inner.start(), start + 1 + inner.end())
            yield Mark(found.end("label"), end, AsideKind.LINK)
        case "domain":
            yield from _domain(raw, start, end)
        case _:
            yield Mark(start, end)


def _domain(raw: str, start: int, end: int) -> Iterator[Mark]:
    """A bare address is a link only under a well-known ending; else only its underlines are marks."""
    if raw[start:end].rsplit(".", 1)[-1].lower() in _TOP_LEVEL and raw[start + 1] != ".":
        path = _PATH.match(raw, end)
        yield Mark(start, _link_end(raw, start, path.end()) if path else end, AsideKind.LINK)
        return
    for inner in _SHAPE.finditer(raw[start:end]):
        yield Mark(start + inner.start(), start + inner.end())


def _link_end(raw: str, start: int, end: int) -> int:
    """Where a bare link ends: marks at its end belong to the sentence."""
    loose = ".,:;!?\"'*_~|]" if "(" in raw[start:end] else ".,:;!?\"'*_~|])"
    return start + len(raw[start:end].rstrip(loose))


def words_of_name(name: str) -> list[str]:
    """Give the words of a custom emoji's name: "kratomLeaf_2" is "kratom", "Leaf" and "2"."""
    return _NAME_WORD.findall(name)


def _emoji_words(found: re.Match[str]) -> tuple[tuple[str, int, int], ...]:
    """The words of a custom emoji's name; the first takes the markup's opening, the last its closing."""
    words = list(_NAME_WORD.finditer(found["name"]))
    if not words:
        return ()
    offset = found.start("name")
    edges = [found.start(), *(offset + word.start() for word in words[1:])]
    ends = [*(offset + word.end() for word in words[:-1]), found.end()]
    return tuple((word[0], edge, end) for word, edge, end in zip(words, edges, ends, strict=True))
