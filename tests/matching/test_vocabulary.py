"""Misspellings: how far a word may be away, and what is never taken for another word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from bot.matching.misspellings import edits_allowed
from bot.matching.vocabulary import Vocabulary, vocabulary_of
from bot.matching.word_counts import WordCounts, word_counts

WORDS = ("garlic", "cold", "cures", "sniffles", "lozenges", "flu", "withdrawal", "addictive", "headache")


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return Vocabulary(words=WORDS, exact=["h"])


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("garlic", "garlic"),
        ("garlci", "garlic"),
        ("galric", "garlic"),
        ("gralic", "garlic"),
        ("grlic", "garlic"),
        ("gaarlic", "garlic"),
        ("withdrawl", "withdrawal"),
        ("witdrawl", "withdrawal"),
        ("adictive", "addictive"),
        ("headahce", "headache"),
        ("hedache", "headache"),
        ("h", "h"),
    ],
)
def test_a_misspelling_is_read_as_the_word_that_was_meant(
    vocabulary: Vocabulary, typed: str, meant: str
) -> None:
    assert [candidate.word for candidate in vocabulary.candidates(typed)] == [meant]


@pytest.mark.parametrize(
    "typed", ["curse", "curves", "gold", "bold", "fly", "flue", "f", "grl", "gar", "colds1", "x" * 400]
)
def test_other_words_and_far_ones_are_left_alone(vocabulary: Vocabulary, typed: str) -> None:
    assert vocabulary.candidates(typed) == ()


def test_another_reading_is_tried_after_the_word_itself(vocabulary: Vocabulary) -> None:
    (candidate,) = vocabulary.candidates("g4rlic", ("garlic",))
    assert candidate.word == "garlic"
    assert 90 < candidate.score < 100


def test_a_worse_spelling_scores_lower(vocabulary: Vocabulary) -> None:
    scores = [vocabulary.candidates(typed)[0].score for typed in ("withdrawal", "withdrawl", "witdrawl")]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == 3


def test_no_word_of_the_lexicon_is_read_as_another() -> None:
    close = ("cures", "cured", "causes", "caused", "relieves", "relives", "safer", "safe")
    vocabulary = Vocabulary(words=close, exact=[])
    for word in close:
        assert [candidate.word for candidate in vocabulary.candidates(word)] == [word]


@given(st.text(max_size=30))
def test_every_candidate_is_within_the_edits_that_its_length_allows(typed: str) -> None:
    vocabulary = Vocabulary(words=WORDS, exact=[])
    for candidate in vocabulary.candidates(typed):
        assert OSA.distance(typed, candidate.word) <= edits_allowed(len(candidate.word))


@pytest.mark.parametrize(("length", "edits"), [(1, 0), (3, 0), (4, 1), (7, 1), (8, 2), (20, 2)])
def test_tolerance_grows_with_length(length: int, edits: int) -> None:
    assert edits_allowed(length) == edits


@pytest.mark.parametrize(
    ("word", "expected"),
    [("curse", True), ("wont", True), ("wifes", True), ("zzs", False), ("garlci", False), ("", False)],
)
def test_ordinary_words_are_known(word: str, expected: bool) -> None:
    assert word_counts().is_ordinary(word) is expected


@pytest.mark.parametrize("word", ["its", "were", "well", "ill"])
def test_a_word_is_as_common_as_its_commoner_reading(word: str) -> None:
    assert word_counts()[word] > 10_000_000


def test_a_word_that_is_not_in_the_list_has_no_count() -> None:
    assert word_counts()["garlci"] == 0


def test_counts_kept_as_bytes_are_the_same() -> None:
    kept = WordCounts(*word_counts().packed)
    assert kept["curse"] == word_counts()["curse"] > 0
    assert kept.is_ordinary("wifes")


MORE = ("garlick", "sniffle", "elderberry")


@given(st.sampled_from((*WORDS, *MORE)), st.integers(0, 10), st.sampled_from("aelsz"))
def test_a_vocabulary_beside_another_finds_what_one_by_itself_finds(word: str, at: int, letter: str) -> None:
    alone = Vocabulary(words=(*WORDS, *MORE), exact=["h", "hh"])
    beside = Vocabulary(words=(*WORDS, *MORE), exact=["h", "hh"], like=Vocabulary(words=WORDS, exact=["h"]))
    assert beside.packed is None
    for typed in (word, word[:at] + letter + word[at:], word[:at] + word[at + 1 :], word[:at] + letter, "hh"):
        assert beside.candidates(typed, (word,)) == alone.candidates(typed, (word,))
        assert beside.candidates(typed) == alone.candidates(typed)


def test_the_same_words_are_one_vocabulary() -> None:
    base = Vocabulary(words=WORDS, exact=["h"])
    assert vocabulary_of(WORDS, ["h"], base) is base
    assert vocabulary_of((*WORDS, "zinc"), ["h"], base) is not base
    assert vocabulary_of(WORDS[1:], ["h"], base).candidates("garlci") == ()
