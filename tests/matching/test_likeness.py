"""Likeness: where no phrase matches, a message may still read like known examples."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.matching.compile import CompiledRulebook, compile_rulebook
from bot.matching.engine import describe, find
from bot.matching.fallback import LIKENESS
from bot.matching.likeness import LIKE_EXAMPLES, Likeness, features_of, in_words, likeness_from, probability
from bot.matching.model import Finding, Stance
from bot.rulebook.load import load_rulebook
from bot.rulebook.model import Head, Learned, Status, Weights
from bot.text.reader import read
from tests.matching.conftest import SMALL_RULES

DUE = Head(bias=-4.0, weights={"w=sneezes": 3.0, "b=sneezes vanished": 4.0, "c=garlic": 2.0, "w=bread": -9.0})
WEIGHTS = Weights(
    corpus="0" * 64,
    messages=9,
    due=DUE,
    families={
        "cold-relief": Head(bias=-3.0, weights={"w=sneezes": 3.0, "w=vanished": 3.0}),
        "garlic-safe": Head(bias=-3.0, weights={"w=stomach": 6.0}),
        "gone-since": Head(bias=9.0, weights={}),
    },
)
FOUND = "my sneezes vanished thanks to garlic tea"


def rulebook_with(weights: Weights | None = WEIGHTS, **learned: Any) -> CompiledRulebook:
    used = Learned.model_validate({"status": Status.LIVE, "due": 90, "family": 60, **learned})
    source = load_rulebook(SMALL_RULES)
    return compile_rulebook(source.model_copy(update={"learned": used, "weights": weights}))


Found = Callable[..., tuple[Finding, ...]]


@pytest.fixture(scope="module")
def found() -> Found:
    rulebook = rulebook_with()
    return lambda text, *context: find(read(text), rulebook, [read(said) for said in context]).found


def test_what_reads_like_known_examples_is_found(found: Found) -> None:
    (finding,) = found(FOUND)
    assert (finding.rule, finding.family, finding.stance) == (LIKE_EXAMPLES, "cold-relief", Stance.ASSERTS)
    assert (finding.matched, finding.status) == ("sneezes vanished thanks to garlic", "live")
    assert FOUND[finding.start : finding.end] == finding.matched
    assert finding.score == pytest.approx(
        100 * probability(DUE, {"w=sneezes", "b=sneezes vanished", "c=garlic"}), abs=0.1
    )
    assert finding.because == ("what counted most: sneezes, sneezes vanished, vanished, <garlic>",)


def test_a_phrase_holds_no_word_of_the_message(found: Found) -> None:
    assert found(FOUND)[0].phrase == LIKENESS


@pytest.mark.parametrize(
    ("text", "stance"),
    [
        (FOUND, Stance.ASSERTS),
        (FOUND + "?", Stance.ASKS),
        ("they say my sneezes vanished thanks to garlic", Stance.REPORTS),
    ],
)
def test_cues_tell_who_stands_behind_it(found: Found, text: str, stance: Stance) -> None:
    assert [finding.stance for finding in found(text)] == [stance]


@pytest.mark.parametrize(
    "text",
    [
        "my sneezes never vanished thanks to garlic",  # a cue takes it back
        "my sneezes vanished",  # no topic
        "my sneezes vanished thanks to garlic and bread",  # something speaks against it
        "garlic is in the kitchen",
        "garlic does not cure colds, sneezes vanished",
        "",
    ],
)
def test_what_it_keeps_out_of(found: Found, text: str) -> None:
    assert [finding for finding in found(text) if finding.rule == LIKE_EXAMPLES] == []


def test_a_rule_that_finds_something_is_enough(found: Found) -> None:
    (finding,) = found("sneezes vanished, garlic cured my cold")
    assert finding.rule == "garlic-cures-colds"


@pytest.mark.parametrize(
    ("learned", "statuses"),
    [
        ({}, ["live"]),
        ({"status": Status.SHADOW}, ["shadow"]),
        ({"status": Status.OFF}, []),
        ({"due": 100}, []),
        ({"family": 100}, []),
        ({"topics": ("zinc",)}, []),
        ({"topics": ("garlic",)}, ["live"]),
    ],
)
def test_moderators_say_how_far_it_is_trusted(learned: dict[str, Any], statuses: list[str]) -> None:
    given_back = find(read(FOUND), rulebook_with(**learned)).found
    assert [finding.status for finding in given_back] == statuses


def test_nothing_is_found_where_nothing_was_learned() -> None:
    rulebook = rulebook_with(None)
    assert rulebook.likeness is None
    assert find(read(FOUND), rulebook).found == ()


def test_a_family_that_is_gone_is_never_given() -> None:
    likeness = rulebook_with().likeness
    assert likeness is not None
    assert set(likeness.families) == {"cold-relief", "garlic-safe"}


@pytest.mark.parametrize(("status", "statuses"), [("live", ["live"]), ("shadow", ["shadow"]), ("off", [])])
def test_it_speaks_of_a_family_no_more_than_its_rules(status: str, statuses: list[str]) -> None:
    source = rulebook_with().source
    rules = tuple(
        rule.model_copy(update={"status": Status(status)}) if rule.family == "cold-relief" else rule
        for rule in source.rules
    )
    quieted = compile_rulebook(source.model_copy(update={"rules": rules}))
    assert [finding.status for finding in find(read(FOUND), quieted).found] == statuses
    # What reads like a family that is off must not be taken for another one.
    assert quieted.likeness is not None
    assert set(quieted.likeness.families) == {"cold-relief", "garlic-safe"}


def test_weights_without_a_known_family_judge_nothing() -> None:
    likeness = likeness_from(Learned(status=Status.LIVE), WEIGHTS, statuses={})
    assert likeness is not None
    assert likeness.judge({"w=sneezes", "b=sneezes vanished", "c=garlic"}) is None


def test_a_message_is_taken_apart_with_places(garlic: CompiledRulebook) -> None:
    vocabulary = garlic.lexicon.vocabulary
    reading = read("garlci tea. tea?")
    assert features_of(reading, {"=plain": []}, ("garlic",), vocabulary) == {
        "w=garlic": (0, 1),
        "w=tea": (1, 2),
        "b=garlic tea": (0, 2),
        "b=tea tea": (1, 3),
        "v=garlic": (0, 0),
        "q": (0, 0),
    }


def test_what_helps_the_engine_alone_is_not_weighed(garlic: CompiledRulebook) -> None:
    described = describe(read("does it never stop, garlic bread and a cold?"), garlic)
    assert described is not None
    assert not [
        name
        for name in described.features
        if name.startswith(("c==", "c=unless:", "c=pronoun:", "c=opener:"))
    ]
    assert {"c=garlic", "c=cue:plain-denial"} & described.features == {"c=cue:plain-denial"}


def test_chat_is_not_described(garlic: CompiledRulebook) -> None:
    assert describe(read("see you at eight"), garlic) is None


@pytest.mark.parametrize(
    ("feature", "words"),
    [
        ("w=tea", "tea"),
        ("b=garlic tea", "garlic tea"),
        ("c=garlic", "<garlic>"),
        ("c=cue:they-say", "<they-say>"),
        ("v=garlic", "<garlic> before"),
        ("q", "a question mark"),
        ("w==", "="),
    ],
)
def test_features_are_told_in_words(feature: str, words: str) -> None:
    assert in_words(feature) == words


def test_reasons_are_the_heaviest_four() -> None:
    weights = {f"w={letter}": float(at) for at, letter in enumerate("abcdef", 1)}
    likeness = Likeness(
        due=Head(bias=0, weights=weights),
        families={"a": Head(bias=0, weights={})},
        status="live",
        due_cutoff=0,
        family_cutoff=0,
    )
    likely = likeness.judge([*weights, "w=unknown"])
    assert likely is not None
    assert likely.reasons == ("w=f", "w=e", "w=d", "w=c")


def test_a_probability_never_overflows() -> None:
    for bias in (-1e308, -1e4, 0.0, 1e4, 1e308):
        assert 0 <= probability(Head(bias=bias, weights={}), ()) <= 1
    assert math.isclose(probability(Head(bias=1.0, weights={"q": 1.0}), {"q"}), 1 / (1 + math.exp(-2)))


@settings(max_examples=80, deadline=None)
@given(
    st.lists(
        st.sampled_from(["sneezes", "vanished", "garlic", "not", "?", "they say", "«", "\u200b", "🧄", "."]),
        max_size=60,
    )
)
def test_no_text_raises_and_spans_hold(found: Found, words: list[str]) -> None:
    text = " ".join(words)
    for finding in found(text, "garlic?"):
        assert text[finding.start : finding.end] == finding.matched != ""


def test_a_very_long_message_is_looked_at_in_part(garlic: CompiledRulebook) -> None:
    text = " ".join(["garlic", *(f"word{number}" for number in range(5000))])
    described = describe(read(text), garlic)
    assert described is not None
    assert len(described.features) < 1000
