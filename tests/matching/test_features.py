"""Features: a message taken apart, each part with its place."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.matching.compile import CompiledRulebook
from bot.matching.engine import describe, find
from bot.matching.features import THEN, Seen, Stretch, features_of, in_words
from bot.rulebook.word_classes import WordClasses
from bot.text.reader import read

CLASSES = WordClasses({"tea": ("drink", "kitchen"), "soup": ("meal", "kitchen")}, "0" * 64)


def taken_apart(
    text: str,
    garlic: CompiledRulebook,
    *,
    classes: WordClasses | None = None,
    conversation: tuple[str, ...] = (),
) -> Mapping[str, Stretch]:
    reading = read(text)
    seen = Seen(reading, {}, (), (), conversation, bool(conversation), reading.clauses)
    return features_of(seen, vocabulary=garlic.lexicon.vocabulary, classes=classes, negations={"not"})


def described(text: str, rulebook: CompiledRulebook, *context: str) -> frozenset[str]:
    found = describe(read(text), rulebook, [read(said) for said in context])
    assert found is not None
    return found.features


def test_a_message_is_taken_apart_with_places(garlic: CompiledRulebook) -> None:
    assert taken_apart("garlci tea. tea?", garlic) == {
        "w=garlic": (0, 1),
        "w=tea": (1, 2),
        "b=garlic tea": (0, 2),
        "o=garlic": (0, 1),
        "o=tea": (1, 2),
        "l=tea": (2, 3),
        "0=garlic": (0, 1),
        "1=tea": (1, 2),
        "$=tea": (2, 3),
        "q": (0, 0),
        "q at the end": (0, 0),
        "length=2": (0, 0),
    }


def test_pairs_and_gaps_stay_within_a_clause(garlic: CompiledRulebook) -> None:
    features = taken_apart("one two three. four five", garlic)
    assert {name for name in features if name[:2] in ("b=", "s=")} == {
        "b=one two",
        "b=two three",
        "s=one _ three",
        "b=four five",
    }


def test_words_of_like_meaning_share_their_classes(garlic: CompiledRulebook) -> None:
    features = taken_apart("hot tea, hot soup", garlic, classes=CLASSES)
    assert {name: at for name, at in features.items() if name[:2] in ("n=", "m=")} == {
        "n=drink": (1, 2),
        "m=kitchen": (1, 2),
        "n=meal": (3, 4),
    }


@pytest.mark.parametrize(
    ("text", "denied"),
    [
        ("not one two three four five", {"d=one", "d=two", "d=three", "d=four"}),
        ("not one. two", {"d=one"}),
        ("one not", set()),
        ("one two", set()),
    ],
)
def test_four_words_behind_a_denial_are_denied(garlic: CompiledRulebook, text: str, denied: set[str]) -> None:
    assert {name for name in taken_apart(text, garlic) if name.startswith("d=")} == denied


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("tea! yes", {"!", "length=1"}),
        ("tea? yes", {"q", "q at the beginning", "length=1"}),
        ("tea", {"length=1"}),
        ("tea " * 200, {"length=6"}),
    ],
)
def test_the_form_is_told(garlic: CompiledRulebook, text: str, form: set[str]) -> None:
    assert {name for name in taken_apart(text, garlic) if name[1:2] != "="} == form


def test_the_talk_before_is_told(garlic: CompiledRulebook) -> None:
    features = taken_apart("tea", garlic, conversation=("garlic",))
    assert (features["v=garlic"], features["follows"]) == ((0, 0), (0, 0))
    assert not {"v=garlic", "follows"} & taken_apart("tea", garlic).keys()


def test_what_the_rules_found_is_told(garlic: CompiledRulebook) -> None:
    features = described("garlic cured my cold", garlic)
    assert {"f=cold-relief", "f=cold-relief, asserts", "stance=asserts", "found", "c=garlic"} <= features


def test_what_is_denied_is_told_but_does_not_count_as_found(garlic: CompiledRulebook) -> None:
    features = described("garlic never cured my cold", garlic)
    assert "f=cold-relief, denies" in features
    assert "found" not in features


def test_what_helps_the_engine_alone_is_not_weighed(garlic: CompiledRulebook) -> None:
    features = described("does it never stop, garlic bread and a cold?", garlic)
    assert not [name for name in features if name.startswith(("c==", "c=unless:"))]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("garlic cured my cold", ("garlic", "cured", "my", "cold")),
        ("it cured my cold", ("garlic", THEN, "see", "you", THEN, "it", "cured", "my", "cold")),
    ],
)
def test_what_names_the_topic_is_written_out_without_the_talk_before(
    garlic: CompiledRulebook, text: str, said: tuple[str, ...]
) -> None:
    described = describe(read(text), garlic, [read("hello"), read("garlic"), read("see you")])
    assert described is not None
    assert described.said == said


def test_chat_is_not_described(garlic: CompiledRulebook) -> None:
    assert describe(read("see you at eight"), garlic) is None


@pytest.mark.parametrize(
    ("feature", "words"),
    [
        ("w=tea", "tea"),
        ("b=garlic tea", "garlic tea"),
        ("s=garlic _ tea", "garlic … tea"),
        ("c=garlic", "<garlic>"),
        ("c=cue:they-say", "<they-say>"),
        ("k=denies", "a cue that denies"),
        ("v=garlic", "<garlic> before"),
        ("f=cold-relief", "the rules found cold-relief"),
        ("d=tea", "tea, denied"),
        ("l=tea", "tea at the end"),
        ("o=tea", "tea at the beginning"),
        ("n=drink", "a word like drink"),
        ("m=kitchen", "a word like kitchen"),
        ("q", "a question mark"),
        ("w==", "="),
        ("length=3", "how the message is built"),
        ("found", "how the message is built"),
    ],
)
def test_features_are_told_in_words(feature: str, words: str) -> None:
    assert in_words(feature) == words


def test_a_very_long_message_is_looked_at_in_part(garlic: CompiledRulebook) -> None:
    features = described(" ".join(["garlic", *(f"word{number}" for number in range(5000))]), garlic)
    assert "w=word298" in features
    assert "w=word299" not in features


@settings(max_examples=80, deadline=None)
@given(
    st.lists(
        st.sampled_from(["sneezes", "garlic", "not", "?", "they say", "«", "\u200b", "🧄", ".", "\n", "> x"]),
        max_size=60,
    )
)
def test_no_text_raises_and_places_lie_in_the_message(garlic: CompiledRulebook, words: list[str]) -> None:
    text = " ".join(words)
    count = len(read(text).tokens)
    assert all(0 <= first <= last <= count for first, last in taken_apart(text, garlic).values())
    find(read(text), garlic)
