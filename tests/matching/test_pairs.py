"""Pairs of words: one is worth nothing without the other."""

from __future__ import annotations

import pytest

from bot.matching.pairs import EVERYTHING, Pairs, numbers_in

PAIRS = Pairs.of(
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
    assert bool(PAIRS.complete(PAIRS.bits_of(words.split()))) is complete


def test_what_could_be_any_word_completes_every_pair() -> None:
    assert list(numbers_in(PAIRS.complete(EVERYTHING))) == [0, 1, 2, 3]


def test_it_tells_its_words() -> None:
    assert PAIRS.watched == {"garlic", "leek", "onion", "cold", "nap"}
    assert PAIRS.bits.keys() == PAIRS.watched | {"flu", "gone"}


def test_it_tells_which_pairs_are_complete() -> None:
    assert list(numbers_in(PAIRS.complete(PAIRS.bits_of(["onion", "cold", "nap"])))) == [1, 2]
