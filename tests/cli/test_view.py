"""An outcome for people: what is marked, and what a terminal never gets to obey."""

from __future__ import annotations

import io
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from bot.cli.lines import Check
from bot.cli.view import marked, show, visible


def shown(check: Check, text: str, *context: str, verbose: bool = False, width: int = 200) -> str:
    output = io.StringIO()
    show(check(text, context), to=Console(file=output, width=width), verbose=verbose)
    return output.getvalue()


@pytest.mark.parametrize(
    ("raw", "spans", "expected"),
    [
        ("abc", [], "abc"),
        ("abc", [(0, 3)], "«abc»"),
        ("abcdef", [(0, 2), (3, 5)], "«ab»c«de»f"),
        ("abcdef", [(3, 5), (0, 2)], "«ab»c«de»f"),
        ("abcdef", [(0, 4), (2, 6)], "«abcdef»"),
        ("abcdef", [(0, 6), (2, 3)], "«abcdef»"),
        ("abcdef", [(0, 3), (3, 6)], "«abc»«def»"),
        ("a\x1b[31mb", [(1, 6)], "a«␛[31m»b"),
    ],
)
def test_what_was_found_is_marked(raw: str, spans: list[tuple[int, int]], expected: str) -> None:
    assert marked(raw, spans).plain == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("kratom 🙂 ümlaut 头痛", "kratom 🙂 ümlaut 头痛"),
        ("a\tb\nc", "a\tb\nc"),
        ("\x1b]0;title\x07", "␛]0;title␇"),
        ("\x00\x7f\x9b", "␀␡�"),
        ("a\u202eb\u2066c", "a�b�c"),
        ("\ud800", "�"),
        ("👩\u200d🔬", "👩\u200d🔬"),
        ("a\u00a0b", "a\u00a0b"),
    ],
)
def test_a_terminal_gets_no_orders(raw: str, expected: str) -> None:
    assert visible(raw) == expected


@given(raw=st.text())
def test_visible_keeps_places_and_lets_no_control_through(raw: str) -> None:
    made = visible(raw)
    assert len(made) == len(raw)
    assert [
        letter for letter in made if unicodedata.category(letter) in ("Cc", "Cs") and letter not in "\n\t"
    ] == []


def test_a_reply_is_shown_with_its_sources(check: Check) -> None:
    output = shown(check, "kratom totally cured my migraines, no side effects")
    assert output.splitlines()[0].startswith("«kratom totally cured my migraines")
    assert "reply: claim" in output
    assert "headache-relief  asserts  score " in output
    outcome = check("kratom totally cured my migraines, no side effects", ())
    assert outcome.composed is not None
    assert outcome.composed.opening in output
    for line in outcome.composed.caveats:
        assert f"• {line.says} ({line.citations[0].label}" in output


def test_silence_is_explained(check: Check) -> None:
    output = shown(check, "kratom doesnt cure my migraines")
    assert "silent: denied" in output
    assert "denies" in output
    assert "the reply" not in output


def test_verbose_shows_how_it_was_read(check: Check) -> None:
    output = shown(check, "kr4tom cuuured my migraine", verbose=True)
    assert "read as" in output
    assert "concepts" in output
    assert "<kratom>" in output


def test_no_line_is_filled_up_with_spaces(check: Check) -> None:
    output = shown(check, "kratom totally cured my migraines, no side effects", verbose=True, width=60)
    assert [line for line in output.splitlines() if line.startswith("  ") and line.endswith("   ")] == []
    assert max(len(line) for line in output.splitlines()) <= 60


def test_markup_in_a_message_is_only_text(check: Check) -> None:
    assert shown(check, "[red]hi[/red] :smile:").startswith("[red]hi[/red] :smile:")
