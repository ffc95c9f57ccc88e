"""The index of misspellings misses none that may count, and survives being kept as bytes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from bot.matching.misspellings import MisspellingIndex, edits_allowed, shortened

FEW_LETTERS = st.text(alphabet="abcé", min_size=4, max_size=11)


@given(st.lists(FEW_LETTERS, unique=True, max_size=12), FEW_LETTERS)
def test_every_word_within_the_edits_allowed_is_found(words: list[str], typed: str) -> None:
    near = MisspellingIndex(words).near(typed)
    for word in words:
        away = OSA.distance(typed, word)
        if away <= min(edits_allowed(len(word)), edits_allowed(len(typed) + 1), 1 + (typed[0] == word[0])):
            assert word in near


@given(st.lists(FEW_LETTERS, unique=True, max_size=12), FEW_LETTERS)
def test_one_letter_taken_away_finds_every_word_that_is_one_edit_away(words: list[str], typed: str) -> None:
    index = MisspellingIndex(words)
    near = index.near(typed, (0, 1))
    assert {word for word in words if OSA.distance(typed, word) <= 1} <= near
    assert near | index.near(typed, (2,)) == index.near(typed)


@given(st.lists(st.text(max_size=12), unique=True, max_size=12), st.text(min_size=4, max_size=12))
def test_whatever_is_typed_only_words_of_the_index_are_found(words: list[str], typed: str) -> None:
    assert MisspellingIndex(words).near(typed) <= set(words)


@given(st.lists(FEW_LETTERS, unique=True, max_size=12), FEW_LETTERS)
def test_an_index_kept_as_bytes_finds_the_same(words: list[str], typed: str) -> None:
    index = MisspellingIndex(words)
    assert MisspellingIndex(words, index.packed).near(typed) == index.near(typed)


def test_words_of_under_four_letters_are_never_misspelt() -> None:
    assert MisspellingIndex(["flu", "cold"]).near("flux") == set()


@pytest.mark.parametrize(
    ("word", "taken", "forms"),
    [
        ("abc", 0, {"abc"}),
        ("abc", 1, {"bc", "ac", "ab"}),
        ("abc", 2, {"a"}),
        ("éabc", 2, {"éa", "éb", "éc"}),
    ],
)
def test_a_word_is_shortened_by_as_many_letters(word: str, taken: int, forms: set[str]) -> None:
    assert {"".join(left) for left in shortened(word, taken)} == forms


def test_an_index_of_no_words_finds_nothing() -> None:
    assert MisspellingIndex(()).near("kratom") == set()
