"""Words are cut into the longest pieces that are known; whatever is said, the numbers stay bounded."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.matching.wordpieces import Wordpieces

VOCABULARY = (
    *("[PAD]", "[UNK]", "[CLS]", "[SEP]"),
    *("kratom", "head", "##ache", "##s", "a", "##a", "b", "'", "can", "t", "?"),
)
NUMBERS = {piece: number for number, piece in enumerate(VOCABULARY)}


@pytest.fixture
def pieces() -> Wordpieces:
    return Wordpieces(VOCABULARY)


@pytest.mark.parametrize(
    ("words", "cut"),
    [
        ((), ()),
        (("kratom",), ("kratom",)),
        (("headaches", "?"), ("head", "##ache", "##s", "?")),
        (("can't",), ("can", "'", "t")),
        (("aaa",), ("a", "##a", "##a")),
        (("headx",), ("[UNK]",)),
        (("ache",), ("[UNK]",)),
        (("a" * 41,), ("[UNK]",)),
        (("😀", "kratom"), ("[UNK]", "kratom")),
        (("##a",), ("[UNK]", "[UNK]", "a")),
        (("[CLS]",), ("[UNK]", "[UNK]", "[UNK]")),
    ],
)
def test_words_are_cut(pieces: Wordpieces, words: tuple[str, ...], cut: tuple[str, ...]) -> None:
    wanted = [NUMBERS[piece] for piece in ("[CLS]", *cut, "[SEP]")]
    assert pieces.of(words, most=64) == wanted


def test_what_is_too_much_at_the_end_is_left_out(pieces: Wordpieces) -> None:
    numbers = pieces.of(["kratom", "headaches", "a"], most=4)
    assert numbers == [NUMBERS[piece] for piece in ("[CLS]", "kratom", "head", "[SEP]")]


@given(words=st.lists(st.text(max_size=50), max_size=40), most=st.integers(2, 64))
def test_the_numbers_are_known_and_bounded(words: list[str], most: int) -> None:
    numbers = Wordpieces(VOCABULARY).of(words, most=most)
    assert 2 <= len(numbers) <= most
    assert (numbers[0], numbers[-1]) == (NUMBERS["[CLS]"], NUMBERS["[SEP]"])
    assert set(numbers) <= set(NUMBERS.values())
