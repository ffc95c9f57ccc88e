"""Changes to messages: what they change, and what they leave alone."""

from __future__ import annotations

import re
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from bot.evaluation.perturb import GRAMMAR, KEEPING, SHORTEST_CONTENT_WORD, TURNING, Change
from bot.text.reader import read

CHANGES = {change.name: change for change in (*KEEPING, *TURNING)}
MESSAGE = "Garlic tea, honestly, knocked my cold out. It's never failed me; take 5g twice!"
WORDS = st.lists(st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=9), min_size=1, max_size=12)
SEEDS = st.integers(0, 1000)


def changed(name: str, text: str, seed: int = 0) -> str:
    return CHANGES[name].apply(text, Random(seed))


def canonical(text: str) -> list[str]:
    return [token.text for token in read(text).tokens]


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_the_same_seed_gives_the_same_message_and_another_text_than_before(change: Change) -> None:
    for seed in range(20):
        assert change.apply(MESSAGE, Random(seed)) == change.apply(MESSAGE, Random(seed)) != MESSAGE


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
@settings(max_examples=60, deadline=None)
@given(text=st.text(max_size=60), seed=SEEDS)
def test_whatever_the_message_holds_it_can_be_changed(change: Change, text: str, seed: int) -> None:
    assert isinstance(change.apply(text, Random(seed)), str)


@settings(max_examples=150, deadline=None)
@given(words=WORDS, seed=SEEDS)
def test_each_content_word_gets_one_typo_and_no_other_word_any(words: list[str], seed: int) -> None:
    misspelt = changed("a typo in each content word", " ".join(words), seed).split(" ")
    assert len(misspelt) == len(words)
    for word, found in zip(words, misspelt, strict=True):
        if len(word) < SHORTEST_CONTENT_WORD or word in GRAMMAR:
            assert found == word
        else:
            assert OSA.distance(word, found) == 1, (word, found)
            assert found[0] == word[0]


@pytest.mark.parametrize(
    "untouched",
    [
        "https://example.org/garlic-cures-colds",
        "<@123456789>",
        "<:garlicpower:1234>",
        "`garlic cures`",
        ":garlicpower:",
        "500mg",
        "k4tzen",
        "doesn't",
        "never nothing without wouldnt",
    ],
)
def test_what_is_no_plain_word_gets_no_typo(untouched: str) -> None:
    for seed in range(10):
        assert changed("a typo in each content word", f"see {untouched} now", seed) == f"see {untouched} now"


@pytest.mark.parametrize("name", ["random case", "look-alike letters", "markdown"])
@settings(max_examples=80, deadline=None)
@given(
    words=st.lists(st.sampled_from(sorted({*canonical(MESSAGE), "cured", "headless"})), min_size=1),
    seed=SEEDS,
)
def test_a_disguise_is_read_as_what_it_was(name: str, words: list[str], seed: int) -> None:
    text = " ".join(words)
    assert canonical(changed(name, text, seed)) == canonical(text)


def test_look_alike_letters_are_not_latin() -> None:
    found = changed("look-alike letters", "a copy of a piece")
    assert found != "a copy of a piece"
    assert re.search("[\u0400-\u04ff]", found)
    assert len(found) == len("a copy of a piece")


@settings(max_examples=80, deadline=None)
@given(words=WORDS, seed=SEEDS)
def test_emoji_stand_between_words_and_change_none(words: list[str], seed: int) -> None:
    found = changed("emoji between words", " ".join(words), seed).split(" ")
    assert [piece for piece in found if piece.isascii() and ":" not in piece] == words
    assert len(found) > len(words)


@settings(max_examples=80, deadline=None)
@given(words=WORDS, seed=SEEDS)
def test_markdown_and_punctuation_leave_the_letters(words: list[str], seed: int) -> None:
    text = ", ".join(words)
    for name in ("markdown", "punctuation"):
        assert re.sub("[^a-z]", "", changed(name, text, seed)) == re.sub("[^a-z]", "", text)


@pytest.mark.parametrize(
    ("text", "ending"), [("it works", ""), ("it works.", ""), ("does it work?", "?"), ("it's fine!", "")]
)
def test_punctuation_asks_nothing_that_was_not_asked(text: str, ending: str) -> None:
    for seed in range(10):
        assert changed("punctuation", text, seed).endswith("?") is bool(ending)


@pytest.mark.parametrize("name", ["a harmless sentence before", "a harmless sentence after"])
@pytest.mark.parametrize("text", ["garlic cured it", "garlic cured it!", "did garlic cure it?"])
def test_a_sentence_is_put_beside_and_is_one_of_its_own(name: str, text: str) -> None:
    for seed in range(10):
        found = changed(name, text, seed)
        assert text in found
        assert len(read(found).clauses) == 2


@pytest.mark.parametrize(
    ("name", "begins"),
    [
        ("negated", ("it is not true", "I don't believe", "it's simply false")),
        ("made a question", ("is it true", "can anyone tell", "do you think")),
    ],
)
@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Garlic cured it.", "garlic cured it"),
        ("I take garlic!!", "I take garlic"),
        ("IBS is gone", "IBS is gone"),
    ],
)
def test_a_frame_takes_the_sentence_in(name: str, begins: tuple[str, ...], text: str, kept: str) -> None:
    for seed in range(10):
        found = changed(name, text, seed)
        assert found.startswith(begins)
        assert found.removesuffix("?").endswith(kept)


@pytest.mark.parametrize("name", ["quoted and rejected", "only quoted"])
def test_a_quotation_holds_the_whole_message(name: str) -> None:
    for seed in range(10):
        found = changed(name, "garlic cured my cold", seed)
        (quotation,) = read(found).quotations
        tokens = read(found).tokens[quotation.first : quotation.last]
        assert [token.text for token in tokens] == ["garlic", "cured", "my", "cold"]
