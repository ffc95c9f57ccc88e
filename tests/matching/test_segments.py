"""Where a message is parted."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.matching.phrases import Hit
from bot.matching.segments import clauses_of, hits_within, segments_of
from bot.text.reader import read


def parted(text: str, *turning: str) -> list[tuple[str, str]]:
    """Part a message before each of the turning words; give the words and the ending of each segment."""
    reading = read(text)
    turns = [
        Hit("cue:but", at, at + 1, 1 << at, 100.0, token.text)
        for at, token in enumerate(reading.tokens)
        if token.text in turning
    ]
    return [
        (" ".join(token.text for token in reading.tokens[segment.first : segment.last]), segment.ending)
        for segment in segments_of(reading, turns)
    ]


@pytest.mark.parametrize(
    ("text", "segments"),
    [
        ("garlic cures", [("garlic cures", "")]),
        ("garlic cures. does it?", [("garlic cures", "."), ("does it", "?")]),
        ("it hurts but it works!", [("it hurts", ""), ("but it works", "!")]),
        ("but it works", [("but it works", "")]),
        ("it works but. ok", [("it works", ""), ("but", "."), ("ok", "")]),
        ("a but b but c", [("a", ""), ("but b", ""), ("but c", "")]),
        ("", []),
    ],
)
def test_a_message_is_parted_at_clauses_and_before_turning_words(
    text: str, segments: list[tuple[str, str]]
) -> None:
    assert parted(text, "but") == segments


def test_the_same_word_turning_twice_parts_once() -> None:
    reading = read("a but b")
    turn = Hit("cue:but", 1, 2, 0b10, 100.0, "but")
    assert len(segments_of(reading, [turn, turn])) == 2


@given(
    st.lists(st.sampled_from(["a", "but", ".", "?", "!", "\n", "“", "”", "5g"]), max_size=40).map(" ".join)
)
def test_segments_cover_every_token_once_and_cross_no_clause(text: str) -> None:
    reading = read(text)
    turns = [
        Hit("cue:but", at, at + 1, 1 << at, 100.0, "but")
        for at, token in enumerate(reading.tokens)
        if token.text == "but"
    ]
    segments = segments_of(reading, turns)
    covered = [at for segment in segments for at in range(segment.first, segment.last)]
    assert covered == list(range(len(reading.tokens)))
    clauses = clauses_of(reading)
    for segment in segments:
        assert any(first <= segment.first and segment.last <= last for first, last in clauses)


@pytest.mark.parametrize(
    ("text", "first", "last", "lies_in"),
    [
        ("garlic cures", 1, 2, 0),
        ("garlic cures. does it?", 1, 2, 0),
        ("garlic cures. does it?", 2, 4, 1),
        ("garlic cures. does it?", 1, 3, None),
        ("garlic cures. does it? no", 4, 5, 2),
    ],
)
def test_a_hit_lies_in_the_segment_that_holds_all_of_it(
    text: str, first: int, last: int, lies_in: int | None
) -> None:
    hit = Hit("cures", first, last, (1 << last) - (1 << first), 100.0, "cures")
    within = hits_within(segments_of(read(text), ()), {"cures": [hit], "gone": []})
    assert [at for at, names in enumerate(within) if names == {"cures": [hit]}] == (
        [] if lies_in is None else [lies_in]
    )
    assert sum(map(len, within)) == (lies_in is not None)
