"""Strangers' words in the bot's own messages: they ping nobody, format nothing and fit."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.gateway.rules.words import CODE_MARK, code, fitting_code, named, plain, snippet

HOSTILE = st.text(st.sampled_from("@everyonehr<>&!#1234567890*_~|`[]()-: \n\t\u200bé🌿a"), max_size=300)
MENTION = re.compile(r"@(?:everyone|here)\b|<(?:@[!&]?|#)\d+>")


@given(st.one_of(HOSTILE, st.text(max_size=300)))
@example("<@0>")
@example("<#1>")
def test_words_on_a_line_ping_nobody_and_stay_on_it(text: str) -> None:
    shown = plain(text)
    assert "\n" not in shown
    assert not re.search(r"@(everyone|here)\b|<@[!&]?\d+>", shown)
    assert CODE_MARK not in shown


@pytest.mark.parametrize("text", ["**loud**", "_slanted_", "~~gone~~", "`code`", "||hidden||"])
def test_formatting_shows_as_it_was_typed(text: str) -> None:
    assert "\\" in plain(text)
    assert plain(text).replace("\\", "") == text


@given(st.one_of(HOSTILE, st.text(max_size=300)))
def test_nothing_gets_out_of_a_block_of_code(text: str) -> None:
    assert code(text).count(CODE_MARK) == 2
    assert "`" not in named(text)[1:-1]


@given(st.text(max_size=2000), st.integers(200, 1900))
def test_a_block_of_code_fits_and_tells_what_is_left_out(text: str, limit: int) -> None:
    block = fitting_code(text, "yaml", limit=limit)
    assert len(block.encode("utf-16-le", "surrogatepass")) // 2 <= limit
    assert block.count(CODE_MARK) == 2


def test_lines_that_are_left_out_are_counted() -> None:
    assert fitting_code("line\n" * 100, "", limit=200).endswith("-# … and 66 more lines")


@given(HOSTILE, st.lists(st.tuples(st.integers(0, 300), st.integers(0, 300)), max_size=4))
def test_a_snippet_takes_any_spans(text: str, spans: list[tuple[int, int]]) -> None:
    shown = snippet(text, spans)
    assert "\n" not in shown
    assert not re.search(r"@(everyone|here)\b", shown)


@pytest.mark.parametrize(
    ("text", "spans", "expected"),
    [
        ("garlic cured me", [(0, 6)], "**garlic** cured me"),
        ("say garlic\ncured me", [(4, 16)], "say **garlic cured** me"),
        ("a b c", [(0, 3), (2, 5)], "**a b****c**"),
        ("x " * 100 + "garlic " + "y " * 100, [(200, 206)], "…" + "x " * 20 + "**garlic** "),
        ("plain", [], "plain"),
    ],
)
def test_the_words_that_count_stand_in_bold(text: str, spans: list[tuple[int, int]], expected: str) -> None:
    assert snippet(text, spans).startswith(expected)
