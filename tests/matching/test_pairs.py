"""Pairs of words: one is worth nothing without the other."""

from __future__ import annotations

import pytest

from bot.matching.pairs import EVERYTHING, Pairs

PAIRS = Pairs(
    [
        (frozenset({"garlic", "leek"}), frozenset({"cold", "flu"})),
        (frozenset({"onion"}), None),
        (frozenset({"cold"}), frozenset({"cold", "gone"})),
        (frozenset({"nap"}), frozenset()),
    ]
)


@pytest.mark.parametrize(
    ("words", "complete"),
    [
        ("", False),
        ("soup", False),
        ("garlic", False),
        ("garlic leek", False),
        ("flu gone", False),
        ("leek flu", True),
        ("onion", True),
        ("cold", True),
        ("nap cure", False),
    ],
)
def test_a_pair_is_complete_with_one_word_of_each_set(words: str, complete: bool) -> None:
    assert PAIRS.is_complete(PAIRS.bits_of(words.split())) is complete


def test_what_could_be_any_word_completes_every_pair() -> None:
    assert PAIRS.is_complete(EVERYTHING)


def test_it_tells_its_words() -> None:
    assert PAIRS.watched == {"garlic", "leek", "onion", "cold", "nap"}
    assert PAIRS.words == PAIRS.watched | {"flu", "gone"}
