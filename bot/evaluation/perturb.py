"""Changes to a message that leave its label as it is, and changes that turn it.

Both are what people do in chat. What is changed is decided by the random numbers that are passed in, so the
same seed gives the same messages.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import StrEnum
from random import Random
from typing import TypeVar

from msgspec import Struct

_Place = TypeVar("_Place")

SHORTEST_CONTENT_WORD = 5
"""Letters. A word below that is mostly grammar, and one wrong letter makes another word of it."""

_GRAMMAR = """
about above after again against almost along already although always among another anybody anyone anything
arent around aside became because become before behind being below beside besides between beyond cannot
could couldnt despite didnt doesnt doing during either every everybody everyone everything except hadnt
hardly hasnt havent having herself himself however instead itself maybe might myself neither never nobody
nothing often other others ourselves quite rarely rather shall should shouldnt since somebody someone
something still than their theirs themselves there these think those though through toward towards under
unless until wasnt werent whatever where whether which while whose within without wouldnt would wrong yours
yourself
"""
GRAMMAR = frozenset(_GRAMMAR.split())
"""Words of grammar: a typo in them may turn what is said, and no label is sure to survive it."""

_UNTOUCHED = r"https?://\S+|<[^<>\s]+>|`[^`]*`|:\w+:|\S*\d\S*"
_WORD = re.compile(rf"(?P<untouched>{_UNTOUCHED})|(?<![\w'’])(?P<word>[A-Za-z]+)(?![\w'’])")
_PIECE = re.compile(r"\S+")

_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_NEIGHBOURS = {
    letter: "".join(row[max(0, place - 1) : place + 2]).replace(letter, "")
    for row in _ROWS
    for place, letter in enumerate(row)
}
_LOOK_ALIKES = str.maketrans("aceiopsxy", "асеіорѕху")
_EMOJI = ("🌿", "🙂", "✨", "💪", "🙏", "🔥", "💚", ":leaf:")
_MARKS = ("**", "*", "__", "||", "***")
_BEFORE = (
    "good morning everyone.",
    "just got home from work.",
    "it has been raining all day here.",
    "finally friday!",
    "the stream starts at eight.",
)
_AFTER = (
    "anyway, dinner is ready.",
    "ok back to the game.",
    "have a nice weekend all!",
    "my bus is coming.",
    "the new season starts tomorrow.",
)
_DENYING = ("it is not true that {}", "I don't believe that {}", "it's simply false that {}")
_ASKING = ("is it true that {}?", "can anyone tell me whether {}?", "do you think {}?")
_REJECTING = ("“{}” is complete nonsense", "whoever says “{}” is wrong", "“{}”, what a load of rubbish")


class Expected(StrEnum):
    """What should come of a change."""

    KEPT = "kept"
    ASKED = "asked"
    SILENT = "silent"


class Change(Struct, frozen=True):
    """A change to a message's text.

    Args:
        name: what it does, in a few words.
        expected: what should come of it.
        apply: changes a text by means of random numbers.
        disguises: whether it makes words harder to read, or has to see where they begin and end. What is
            written as "s p a c e d" already would get emoji between its letters, or a second typo.
    """

    name: str
    expected: Expected
    apply: Callable[[str, Random], str]
    disguises: bool = False


def misspell(text: str, chance: Random) -> str:
    """Make one typo in each content word: letters swapped, left out, added or mistaken, never the first."""
    return _on_words(text, lambda word: _typo(word, chance) if _is_content(word) else word)


def _is_content(word: str) -> bool:
    return len(word) >= SHORTEST_CONTENT_WORD and word.lower() not in GRAMMAR


def _typo(word: str, chance: Random) -> str:
    place = chance.randrange(1, len(word) - 1)
    head, letter, tail = word[:place], word[place], word[place + 1 :]
    wrong = chance.choice(_NEIGHBOURS[letter.lower()])
    ways = [head + tail, head + letter + wrong + tail, head + wrong + tail]
    if letter != tail[0]:
        ways.append(head + tail[0] + letter + tail[1:])
    return chance.choice(ways)


def shuffle_case(text: str, chance: Random) -> str:
    """Put each letter in upper or lower case at random."""
    return _on_words(
        text, lambda word: "".join(chance.choice((letter.upper(), letter.lower())) for letter in word)
    )


def disguise(text: str, chance: Random) -> str:
    """Put Cyrillic letters in place of about half of the Latin ones that look the same."""
    return _on_words(
        text,
        lambda word: "".join(
            letter.translate(_LOOK_ALIKES) if chance.random() < 0.5 else letter for letter in word
        ),
    )


def add_punctuation(text: str, chance: Random) -> str:
    """Double the commas, drop the apostrophes, put "..." behind one word, and end with other marks."""
    text = text.replace(",", ",,").replace("'", "").replace("’", "")
    pieces = list(_PIECE.finditer(text))
    if len(pieces) > 1:
        pause = chance.choice(pieces[:-1]).end()
        text = text[:pause] + "..." + text[pause:]
    return text if text.endswith("?") else text.rstrip(".!") + chance.choice(("!!!", "...", "!!1!"))


def add_emoji(text: str, chance: Random) -> str:
    """Put emoji into about a third of the gaps between words, and into one at least."""
    gaps = [piece.end() for piece in _PIECE.finditer(text)]
    chosen = _some(gaps, chance)
    for gap in sorted(chosen, reverse=True):
        text = f"{text[:gap]} {chance.choice(_EMOJI)}{text[gap:]}"
    return text


def add_markdown(text: str, chance: Random) -> str:
    """Make about a third of the words bold, italic, underlined or a spoiler, and one at least."""
    words = [(found.start("word"), found.end("word")) for found in _WORD.finditer(text) if found["word"]]
    for start, end in sorted(_some(words, chance), reverse=True):
        mark = chance.choice(_MARKS)
        text = f"{text[:start]}{mark}{text[start:end]}{mark}{text[end:]}"
    return text


def add_before(text: str, chance: Random) -> str:
    """Put a harmless sentence before it."""
    return f"{chance.choice(_BEFORE)} {text}"


def add_after(text: str, chance: Random) -> str:
    """Put a harmless sentence behind it."""
    return f"{text}{'' if text[-1:] in '.!?…' else '.'} {chance.choice(_AFTER)}"


def deny(text: str, chance: Random) -> str:
    """Say that it is not so."""
    return chance.choice(_DENYING).format(_framed(text))


def ask(text: str, chance: Random) -> str:
    """Ask whether it is so."""
    return chance.choice(_ASKING).format(_framed(text))


def reject(text: str, chance: Random) -> str:
    """Put it in quotation marks and reject it."""
    return chance.choice(_REJECTING).format(text)


def quote(text: str, chance: Random) -> str:
    """Put all of it in quotation marks, straight or curved."""
    first, last = chance.choice(('""', "“”"))
    return first + text + last


KEEPING = (
    Change("a typo in each content word", Expected.KEPT, misspell, disguises=True),
    Change("random case", Expected.KEPT, shuffle_case),
    Change("look-alike letters", Expected.KEPT, disguise, disguises=True),
    Change("punctuation", Expected.KEPT, add_punctuation, disguises=True),
    Change("emoji between words", Expected.KEPT, add_emoji, disguises=True),
    Change("markdown", Expected.KEPT, add_markdown),
    Change("a harmless sentence before", Expected.KEPT, add_before),
    Change("a harmless sentence after", Expected.KEPT, add_after),
)
"""The changes that leave the label as it is."""
TURNING = (
    Change("negated", Expected.SILENT, deny),
    Change("made a question", Expected.ASKED, ask),
    Change("quoted and rejected", Expected.SILENT, reject),
    Change("only quoted", Expected.SILENT, quote),
)
"""The changes that turn the label."""


def _on_words(text: str, change: Callable[[str], str]) -> str:
    return _WORD.sub(lambda found: change(found["word"]) if found["word"] else found[0], text)


def _some(places: list[_Place], chance: Random) -> list[_Place]:
    return chance.sample(places, max(1, len(places) // 3)) if places else []


def _framed(text: str) -> str:
    """Take the final mark off, and the capital with which only a sentence begins."""
    text = text.rstrip(" .!?…")
    first = text.split(maxsplit=1)[0] if text.strip() else ""
    return text[:1].lower() + text[1:] if len(first) > 1 and first[1:].islower() else text
