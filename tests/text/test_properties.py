"""What holds for every message, whatever stands in it."""

from __future__ import annotations

import sys
from types import FrameType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.text.markdown import find_marks, has_marks
from bot.text.reader import read, read_any
from bot.text.words import MOST_READINGS

TYPED = """
kratom a I don't 7-OH 5g 2 tbsp 1/2 kr4tom soooo e.g. U.S. dr. https://a.example/b www.a.example kratom.com
<@1> <t:1:R> <:kratom_leaf:1> `x` ``` ** __ ~~ || * _ > >>> # - 1. [a](https://a.example) ](
🍃 🤷🏽‍♀️ 🇺🇸 🇰🇷🇦 🅰 кратом kraтом ½ ﷺ ™ “ ” ‘ ’ « » " ' . , ? ! ; : ... … :) </3 /s \\ @ $
"""
UNSEEN = ("\u0337", "\u200b", "\u202e", "\ud800", "\x00", "\t", "\u2028", "\ue000", "\u200d", "\ufe0f", "\r")
PIECES = [*TYPED.split(), *UNSEEN, " ", "  ", "\n"]
UNITS = [
    "k\u0337\u0322\u0334",
    "\ud800",
    "🍃\u200d",
    "🇰",
    "кр",
    "½",
    "a",
    "`",
    "`a``",
    "[",
    "[a](https://x",
    "a.com/",
    "a@",
    "*",
    "_",
    "<@1",
    "1-",
    "1/",
    ".1",
    "1a",
    "1,",
    ":(",
    '"',
    "a!",
    "a$",
    "(?",
    "a ",
    "ab a ",
    "> ",
    "\n> `",
    " 'a",
]
anything = st.one_of(
    st.text(st.characters(), max_size=80),
    st.lists(st.sampled_from(PIECES), max_size=24).map("".join),
    st.lists(st.sampled_from(PIECES), max_size=24).map(" ".join),
)
plain = st.lists(
    st.tuples(
        st.sampled_from(
            ["kratom", "I", "a", "x", "Don't", "o'c'k", "soooo", "cuures", "dr", "etc", "eg", "STOP"]
        )
        | st.text("abkrtoIX'", max_size=6),
        st.sampled_from(["", "", "", ",", ".", "?", "!", "!!", "...", "  ", "\n"]),
    ).map("".join),
    max_size=14,
).map(" ".join)


@settings(max_examples=300, deadline=None)
@given(anything)
def test_spans_are_in_order_and_in_range(raw: str) -> None:
    reading = read(raw)
    position = 0
    for token in reading.tokens:
        assert position <= token.start < token.end <= len(raw) or _shares_a_character(token.start, position)
        position = token.end
        assert token.text
        assert len(token.readings) <= MOST_READINGS
        assert token.text not in token.readings
        assert not any(character.isspace() for character in token.before)
    assert reading.raw == raw


def _shares_a_character(start: int, position: int) -> bool:
    """One character can hold several words: the single sign for a blessing holds four."""
    return start == position - 1


@settings(max_examples=200, deadline=None)
@given(anything)
def test_clauses_cover_every_token_once(raw: str) -> None:
    reading = read(raw)
    covered = [index for clause in reading.clauses for index in range(clause.first, clause.last)]
    assert covered == list(range(len(reading.tokens)))
    assert all(clause.first < clause.last for clause in reading.clauses)
    for quotation in reading.quotations:
        assert 0 <= quotation.first < quotation.last <= len(reading.tokens)


@settings(max_examples=200, deadline=None)
@given(anything)
def test_no_token_stands_in_an_aside(raw: str) -> None:
    reading = read(raw)
    position = 0
    for aside in reading.asides:
        assert position <= aside.start < aside.end <= len(raw)
        position = aside.end
        assert not any(aside.start <= token.start and token.end <= aside.end for token in reading.tokens)


@settings(max_examples=400, deadline=None)
@given(plain | anything)
def test_fast_path_reads_the_same(raw: str) -> None:
    assert read(raw) == read_any(raw)
    assert read(raw) == read(raw)


@settings(max_examples=200, deadline=None)
@given(anything)
def test_first_look_misses_no_mark(raw: str) -> None:
    assert has_marks(raw) or find_marks(raw) == ()


@settings(max_examples=100, deadline=None)
@given(st.text(st.characters(max_codepoint=126, min_codepoint=32), max_size=60))
def test_canonical_forms_are_small_letters(raw: str) -> None:
    reading = read(raw)
    for token in reading.tokens:
        assert token.text == token.text.casefold()


@pytest.mark.parametrize("unit", UNITS)
def test_work_grows_with_length_and_no_faster(unit: str) -> None:
    short, long = (_calls(unit * (size // len(unit)) + "z") for size in (1000, 4000))
    assert long <= 4 * short + 200


def _calls(raw: str) -> int:
    """How many function calls a reading takes, those into C included."""
    calls = 0

    def count(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in {"call", "c_call"}

    read(raw)
    before = sys.getprofile()
    sys.setprofile(count)
    try:
        read(raw)
    finally:
        sys.setprofile(before)
    return calls
