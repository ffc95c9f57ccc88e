"""Pieces: what is read without the scanner is what the scanner would have read."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.text.model import TokenKind
from bot.text.piece import _read_any, read_piece

NAMES = st.text(alphabet="abKRatoom_27S", min_size=1, max_size=12)
PIECES = st.one_of(
    st.builds("<{}:{}:{}>{}".format, st.sampled_from(("", "a", "A", "b")), NAMES, st.integers(0), NAMES),
    st.builds("<:{}:{}>".format, NAMES, st.integers(10**16, 10**19)),
    st.builds("@{}{}".format, NAMES, st.sampled_from(("", ",", "!", "!a", "'s"))),
    st.builds(
        "{}{}{}{}".format, NAMES, st.sampled_from("'’`@$-"), NAMES, st.sampled_from(("", ".", "?!", "'"))
    ),
    st.builds("{}{}".format, st.integers(0), st.sampled_from(("", ".", ",", "g", "%", "?!", "-", "..."))),
)


@given(text=PIECES)
@example(text="@everyone")
@example(text="@here.")
@example(text="@heretic")
@example(text="I'm")
@example(text="x's.")
@example(text="cups'kratom")
@example(text="<:__:12345678901234567>")
@example(text="7")
@example(text="１２")
@example(text="ſ's")
def test_the_short_way_reads_what_the_long_one_reads(text: str) -> None:
    assert read_piece(text) == _read_any(text)


@pytest.mark.parametrize(
    ("text", "parts", "kind"),
    [
        ("<:kratomLeaf_2:12345678901234567>", ["kratom", "leaf", "2"], TokenKind.EMOJI),
        ("1234567890,", ["1234567890"], TokenKind.NUMBER),
        ("Don't!", ["dont"], TokenKind.WORD),
        ("@kratom", ["@kratom"], TokenKind.WORD),
        ("re-read", ["re", "read"], TokenKind.WORD),
        (">>", ["over"], TokenKind.WORD),
    ],
)
def test_a_piece_has_its_tokens(text: str, parts: list[str], kind: TokenKind) -> None:
    seen = read_piece(text)
    assert seen is not None
    assert [part.text for part in seen.parts] == parts
    assert {part.kind for part in seen.parts} == {kind}


def test_what_stands_behind_an_apostrophe_may_be_a_word_of_its_own() -> None:
    seen = read_piece("cups'kratom")
    assert seen is not None
    assert [part.text for part in seen.behind] == ["kratom"]


def test_where_too_much_may_stand_behind_words_nothing_is_told() -> None:
    assert read_piece("a'b" * 10) is None
