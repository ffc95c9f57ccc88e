"""Phrases laid over concepts: order, groups, room between items, carried hits, scores and bounded work."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.matching import phrases
from bot.matching.phrases import CompiledPhrase, Hit, Match, can_match, compile_phrase, lay
from bot.rulebook.phrase import PhraseError

Hits = dict[str, list[Hit]]


def standing(words: str, *, score: float = 100.0) -> Hits:
    """Let each word of a row be a concept of its own name; "." is a word of no meaning."""
    hits: Hits = {}
    for at, word in enumerate(words.split()):
        if word != ".":
            hits.setdefault(word, []).append(Hit(word, at, at + 1, 1 << at, score, word))
    return hits


def carried(name: str) -> Hit:
    return Hit(name, -1, -1, 0, 96.0, "earlier in the message")


def laid(
    text: str, hits: Mapping[str, Sequence[Hit]], *, within: int = 12, gap: int | None = None
) -> list[Match]:
    return lay(compile_phrase(text, gap=gap, within=within), hits, first=0, last=100)


@pytest.mark.parametrize(
    ("phrase", "row", "matches"),
    [
        ("<a> <b>", "a b", True),
        ("<a> <b>", "b a", False),
        ("<a> <b>", "a . . . . . . . . . b", True),
        ("<a> & <b>", "a b", True),
        ("<a> & <b>", "b a", True),
        ("<a> <b> & <c>", "c . . . a b", True),
        ("<a> <b> & <c>", "b a c", False),
        ("<a> <b> & <c>", "a . . . b c", True),
        ("<a> <b> & <c>", "a . . . . b c", False),
        ("<a>|<b> <c>", "b c", True),
        ("<a>|<b> <c>", "c", False),
        ("<a> <a>", "a", False),
        ("<a> <a>", "a a", True),
        ("<a> <b> <c> <d>", "a b d c d", True),
    ],
)
def test_items_stand_in_order_and_groups_in_any(phrase: str, row: str, matches: bool) -> None:
    assert bool(laid(phrase, standing(row))) is matches


@pytest.mark.parametrize(
    ("within", "row", "matches"),
    [
        (3, "a . b", True),
        (3, "a . . b", False),
        (3, "a . . . a b", True),
    ],
)
def test_no_more_tokens_are_spanned_than_allowed(within: int, row: str, matches: bool) -> None:
    assert bool(laid("<a> <b>", standing(row), within=within)) is matches
    assert bool(laid("<b> & <a>", standing(row), within=within)) is matches


@pytest.mark.parametrize(
    ("phrase", "gap", "row", "matches"),
    [
        ("<a> <b>", 0, "a b", True),
        ("<a> <b>", 0, "a . b", False),
        ("<a> <b>", 2, "a . . b", True),
        ("<a> <b>", 2, "a . . . b", False),
        ("<a> & <b>", 2, "b . . a", True),
        ("<a> & <b>", 2, "b . . . a", False),
        ("<a> ... <b>", 1, "a . . . . b", True),
        ("<a> ... <b>", 1, "a . . . . . b", False),
        ("<a> ... <b>", None, "a . . . . . . b", True),
    ],
)
def test_a_gap_bounds_the_room_between_neighbours(
    phrase: str, gap: int | None, row: str, matches: bool
) -> None:
    assert bool(laid(phrase, standing(row), gap=gap)) is matches


def test_no_token_counts_twice() -> None:
    cured = Hit("cures", 1, 2, 0b010, 100.0, "cured")
    also = Hit("ends", 1, 2, 0b010, 100.0, "cured")
    assert laid("<cures> & <ends>", {"cures": [cured], "ends": [also]}) == []


def test_barred_tokens_are_not_used() -> None:
    phrase = compile_phrase("<a> <b>", gap=None, within=12)
    hits = standing("a b . a b")
    (first, second) = lay(phrase, hits, first=0, last=5)
    assert {first.mask, second.mask} == {0b00011, 0b11000}
    (left,) = lay(phrase, hits, first=0, last=5, barred=0b00010 | 0b00001)
    assert left.mask == 0b11000
    assert lay(phrase, hits, first=0, last=5, barred=0b10010) == []


@pytest.mark.parametrize(
    ("first", "last", "matches"), [(0, 2, 1), (0, 1, 0), (1, 2, 0), (3, 5, 1), (0, 5, 2)]
)
def test_only_the_stretch_is_searched(first: int, last: int, matches: int) -> None:
    phrase = compile_phrase("<a> <b>", gap=None, within=12)
    assert len(lay(phrase, standing("a b . a b"), first=first, last=last)) == matches


def test_a_carried_hit_takes_no_place() -> None:
    hits = {**standing(". cures cold"), "garlic": [carried("garlic")]}
    (match,) = laid("<garlic> <cures> <cold>", hits, within=2)
    assert (match.first, match.last, match.mask) == (1, 3, 0b110)
    assert match.hits[0].carried
    assert match.score == pytest.approx((96.0 + 100.0 + 100.0) / 3)


def test_nothing_is_made_of_carried_hits_alone() -> None:
    assert laid("<a> <b>", {"a": [carried("a")], "b": [carried("b")]}) == []


def test_a_carried_hit_in_between_does_not_turn_the_order() -> None:
    carried_over = {"garlic": [carried("garlic")]}
    assert laid("<cold> <garlic> <gone>", {**standing("cold gone"), **carried_over})
    assert laid("<cold> <garlic> <gone>", {**standing("gone cold"), **carried_over}) == []


@pytest.mark.parametrize(
    ("row", "score"),
    [
        ("a b", 100.0),
        ("a . . . . b", 100.0),
        ("a . . . . . b", 99.6),
        ("a . . . . . . . . . . b", 97.6),
    ],
)
def test_words_in_between_cost_a_little_beyond_the_first_four(row: str, score: float) -> None:
    (match,) = laid("<a> <b>", standing(row))
    assert match.score == pytest.approx(score)


def test_the_score_is_the_mean_of_what_was_seen_and_the_best_comes_first() -> None:
    hits = {
        "a": [Hit("a", 0, 1, 1, 88.0, "a"), Hit("a", 3, 4, 8, 100.0, "a")],
        "b": [Hit("b", 1, 2, 2, 100.0, "b"), Hit("b", 4, 5, 16, 100.0, "b")],
    }
    assert [match.score for match in laid("<a> <b>", hits)] == [100.0, pytest.approx(94.0)]


def test_a_score_is_never_below_zero() -> None:
    (match,) = laid("<a> <b>", standing("a" + " ." * 55 + " b", score=5.0), within=60)
    assert match.score == 0.0


@pytest.mark.parametrize(
    ("phrase", "row", "expected"),
    [
        ("<a>|<b> <c>", "b c", True),
        ("<a>|<b> <c>", "a b", False),
        ("<a> & <b>", "a b", True),
        ("<a> <b>", "b a", True),
        ("<a>", "", False),
    ],
)
def test_a_phrase_can_match_where_every_item_was_seen(phrase: str, row: str, expected: bool) -> None:
    assert can_match(compile_phrase(phrase, gap=None, within=12), set(standing(row))) is expected


def test_plain_words_are_concepts_of_their_own() -> None:
    phrase = compile_phrase("<garlic> IS safe|<harmless>", gap=None, within=12)
    assert [slot.concepts for slot in phrase.slots] == [{"garlic"}, {"=is"}, {"=safe", "harmless"}]
    assert phrase.concepts == {"garlic", "=is", "=safe", "harmless"}


def test_a_broken_phrase_is_refused() -> None:
    with pytest.raises(PhraseError):
        compile_phrase("<garlic", gap=None, within=12)


def test_the_work_is_bounded_however_often_concepts_repeat(monkeypatch: pytest.MonkeyPatch) -> None:
    tried = 0
    go_on = phrases._Search._go_on

    def counted(search: phrases._Search, chosen: list[Hit], used: int, first: int, last: int) -> None:
        nonlocal tried
        tried += 1
        go_on(search, chosen, used, first, last)

    monkeypatch.setattr(phrases._Search, "_go_on", counted)
    soup = standing("a b c d e f g h " * 12)
    assert laid("<h> & <g> & <f> & <e> & <d> & <c> & <b> & <a>", soup, within=60)
    starts = phrases._MOST_HITS_IN_A_SLOT
    assert tried <= starts * phrases._MOST_STEPS * phrases._MOST_HITS_IN_A_SLOT


ROWS = st.lists(st.sampled_from("abc."), max_size=9).map(" ".join)


def in_order(phrase: CompiledPhrase, places: Sequence[int]) -> bool:
    neighbours = zip(itertools.pairwise(phrase.slots), itertools.pairwise(places), strict=True)
    return all(
        left.group != right.group or here < there <= here + 1 + phrase.group_gap
        for (left, right), (here, there) in neighbours
    )


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(["<a> <b> <c>", "<a> <b> & <c>", "<a> & <b> & <c>", "<a> <a> & <b>|<c>"]), ROWS)
def test_a_match_is_found_exactly_where_trying_everything_finds_one(text: str, row: str) -> None:
    phrase = compile_phrase(text, gap=None, within=6)
    words = row.split()
    places = range(len(words))
    possible = any(
        len(set(chosen)) == len(chosen)
        and all(words[at] in slot.concepts for at, slot in zip(chosen, phrase.slots, strict=True))
        and in_order(phrase, chosen)
        and max(chosen) - min(chosen) < phrase.within
        for chosen in itertools.product(places, repeat=len(phrase.slots))
    )
    assert bool(lay(phrase, standing(row), first=0, last=len(words))) is possible
