"""The traffic is what it says it is, and the same for the same seed."""

from __future__ import annotations

from random import Random

import pytest

from bench.traffic import CORPUS, Chatter, Line, figures_of, labelled, make_traffic
from bot.evaluation.corpus import Labelled, Part, load_corpus, only
from bot.rulebook.load import load_rulebook
from bot.rulebook.model import Rulebook
from bot.shipped import rules_folder


@pytest.fixture(scope="module")
def shipped() -> Rulebook:
    return load_rulebook(rules_folder(None))


@pytest.fixture(scope="module")
def messages(shipped: Rulebook) -> list[Labelled]:
    return labelled(shipped)


@pytest.fixture(scope="module")
def lines(messages: list[Labelled]) -> list[Line]:
    return make_traffic(20_000, messages=messages, seed=1)


def test_lengths_are_those_of_a_chat(lines: list[Line]) -> None:
    figures = figures_of(lines)
    assert 40 <= figures.median_length <= 48
    assert 250 <= figures.p99_length <= 300


def test_one_line_in_a_hundred_is_a_claim_and_half_of_these_are_misspelt(lines: list[Line]) -> None:
    figures = figures_of(lines)
    assert (figures.claims, figures.misspelt_claims) == (0.01, 0.5)


def test_lines_are_various(lines: list[Line]) -> None:
    figures = figures_of(lines)
    assert figures.distinct > 0.75 * figures.lines
    assert figures.distinct_words > 5_000


def test_claims_stand_anywhere(lines: list[Line]) -> None:
    places = [at for at, line in enumerate(lines) if line.is_due]
    assert all(any(first <= at < first + 2000 for at in places) for first in range(0, len(lines), 2000))


def test_claims_come_from_messages_that_may_be_tuned_on(lines: list[Line], shipped: Rulebook) -> None:
    everything = load_corpus([CORPUS], families=[family.id for family in shipped.families])
    plain = {line.text for line in lines if line.is_due and not line.is_misspelt}
    assert plain <= {one.text for one in only(everything, Part.TUNE) if one.due}


def test_hardly_any_ordinary_line_names_the_topic(lines: list[Line]) -> None:
    named = [line.text for line in lines if not line.is_due and "kratom" in line.text.lower()]
    assert len(named) < 0.005 * len(lines)


def test_the_same_seed_makes_the_same_traffic(messages: list[Labelled]) -> None:
    first, again, other = (make_traffic(2000, messages=messages, seed=seed) for seed in (5, 5, 6))
    assert first == again
    assert first != other


@pytest.mark.parametrize("length", [125, 2000, 4000])
def test_a_line_of_a_wanted_length_has_it(length: int) -> None:
    chatter = Chatter(chance=Random(3), own=["what a day"])
    assert all(length - 16 <= len(chatter.line(length)) <= length for _ in range(20))
