"""YAML as moderators write it: nodes with places, and every slip in plain words at the right place."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import Fault
from bot.rulebook.yaml_source import (
    LARGEST_FILE,
    MOST_ITEMS,
    ListNode,
    MappingNode,
    data_of,
    parse_yaml,
    read_yaml,
)
from bot.rulebook.yaml_words import explain_yaml_error

FILE = Path("claims/mood.yaml")

BROKEN = [
    pytest.param("- text: does it: help\n", 1, 16, "a colon here", id="colon in text"),
    pytest.param("a: b\n c: d\n", 2, 3, "check the indent", id="indent of a key"),
    pytest.param(
        "- 'don't do it'\n", 1, 8, "nothing behind a closing quotation mark", id="apostrophe in quotes"
    ),
    pytest.param('- "x": "y" z\n', 1, 12, "nothing behind a closing quotation mark", id="text behind quotes"),
    pytest.param("- a\n- 'abc\n- d\n", 2, 3, "is never closed", id="quotation mark not closed"),
    pytest.param('- "a\\d"\n', 1, 5, "a backslash has a meaning", id="backslash"),
    pytest.param("- [a, b\n- c\n", 1, 3, "is not closed", id="square bracket"),
    pytest.param("- {a: b\n", 1, 3, "is not closed", id="curly bracket"),
    pytest.param(
        "- {text: does it: help}\n", 1, 3, "colon, bracket or quotation mark", id="colon in brackets"
    ),
    pytest.param("- @mods\n", 1, 3, "cannot begin with this character", id="at"),
    pytest.param("- ]\n", 1, 3, "cannot begin with this character", id="closing bracket"),
    pytest.param("- **bold**\n", 1, 3, "`*` and `&` have a meaning", id="stars"),
    pytest.param("- a\n- *thing\n", 2, 3, "`*thing` is an alias", id="alias"),
    pytest.param("- &thing a\n", 1, 3, "`&thing` is an anchor", id="anchor"),
    pytest.param("- !important\n", 1, 3, "`!` has a meaning", id="tag"),
    pytest.param("- |x\n", 1, 3, "`|` and `>` have a meaning", id="bar"),
    pytest.param("- > quoted\n", 1, 3, "`|` and `>` have a meaning", id="greater than"),
    pytest.param("- ?\n", 1, 4, "a key is missing here", id="question mark"),
    pytest.param("{a}: b\n", 1, 1, "a key is missing here", id="bracket as key"),
    pytest.param("a: b\nc\n", 2, 1, "a key without a colon", id="no colon"),
    pytest.param("- a\nb: c\n", 2, 1, "does not fit into the list", id="key in a list"),
    pytest.param("a: b\n- c\n", 2, 1, "does not fit to the lines around it", id="entry among keys"),
    pytest.param("  - a\n- b\n", 2, 1, "the same column as the first one", id="indent of the first"),
    pytest.param("- a\n---\n- b\n", 2, 1, "a second document", id="two documents"),
    pytest.param("a:\n \t- b\nc:\n\t- d\n", 2, 2, "indented with a tab", id="tab"),
    pytest.param("a: 1\nb: 2\na: 3\n", 3, 1, "again; the first is on line 1", id="key twice"),
    pytest.param("- kratom #1 for pain\n", 1, 10, "`#` begins a comment", id="text cut by a comment"),
    pytest.param("- a\n- b\x07c\n", 2, 4, "U+0007", id="control character"),
    pytest.param("- a\u2028b\n", 1, 4, "U+2028", id="line end that only YAML knows"),
    pytest.param("- a\ud800\n", 1, 4, "U+D800", id="half a character"),
    pytest.param("", 1, 1, "the file is empty", id="empty"),
    pytest.param("# only a comment\n", 1, 1, "the file is empty", id="only a comment"),
    pytest.param("- " + "[" * 40, 1, 23, "nested too deeply", id="too deep"),
    pytest.param("%YAML 7\n- a\n", 1, 1, "`!` and `%` have a meaning", id="directive"),
]


@pytest.mark.parametrize(("text", "line", "column", "words"), BROKEN)
def test_a_slip_is_told_where_it_is(text: str, line: int, column: int, words: str) -> None:
    faults: list[Fault] = []
    parse_yaml(text, FILE, faults)
    assert faults[0].path == FILE
    assert (faults[0].line, faults[0].column) == (line, column)
    assert words in str(faults[0])
    assert faults[0].instead


def test_every_tab_is_told() -> None:
    faults: list[Fault] = []
    assert parse_yaml("a:\n\t- b\nc:\n\t- d\n", FILE, faults) is None
    assert [fault.line for fault in faults] == [2, 4]


def test_both_parsers_complain_in_words_that_are_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where libyaml is missing, PyYAML's own parser says the same things differently."""
    monkeypatch.delattr(yaml, "CSafeLoader", raising=False)
    for case in BROKEN:
        text, line, _, _ = case.values
        faults: list[Fault] = []
        parse_yaml(str(text), FILE, faults)
        assert faults[0].line == line or case.id == "directive"
        assert "cannot be read" not in faults[0].problem


def test_a_complaint_nobody_knows_still_gets_words() -> None:
    told = explain_yaml_error("found something new", "while reading")
    assert told.problem == "this line cannot be read."
    assert told.instead


def test_a_comment_with_a_space_is_a_comment() -> None:
    faults: list[Fault] = []
    node = parse_yaml("- kratom  # the plant\n- b  #! not text\n", FILE, faults)
    assert node is not None
    assert data_of(node) == ["kratom", "b"]
    assert faults == []


def test_columns_count_characters_not_bytes() -> None:
    faults: list[Fault] = []
    node = parse_yaml('- {a: "«ü😀»", b: c}\n', FILE, faults)
    assert isinstance(node, ListNode)
    first = node.items[0]
    assert isinstance(first, MappingNode)
    found = first.key("b")
    assert found is not None
    assert (found.place.line, found.place.column) == (1, 15)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("no", False),
        ("On", True),
        ("12", 12),
        ("-3", -3),
        ("1.5", 1.5),
        ("~", None),
        ("", None),
        ('"no"', "no"),
        ("'12'", "12"),
        ("12:30", "12:30"),
        ("2019-01-02", "2019-01-02"),
        ("0x10", "0x10"),
        ("9" * 5000, "9" * 5000),
        ("north", "north"),
    ],
)
def test_what_a_value_without_quotes_is(written: str, meant: object) -> None:
    node = parse_yaml(f"- {written}\n", FILE, [])
    assert node is not None
    assert data_of(node) == [meant]


def test_a_choice_is_taken_as_written() -> None:
    node = parse_yaml("status: off\nnote: off\n", FILE, [])
    assert node is not None
    assert data_of(node, frozenset({"status"})) == {"status": "off", "note": False}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "the file is missing"),
        (b"- caf\xe9\n", "not UTF-8"),
        (b"- " + b"a" * LARGEST_FILE, "larger than 1 MB"),
        (b"- a\n" * (MOST_ITEMS + 1), f"{MOST_ITEMS + 1:,} list items"),
    ],
)
def test_a_file_that_cannot_be_taken(tmp_path: Path, content: bytes | None, words: str) -> None:
    path = tmp_path / "cues.yaml"
    if content is not None:
        path.write_bytes(content)
    faults: list[Fault] = []
    assert read_yaml(path, faults) is None
    assert words in str(faults[0])


def test_not_utf8_is_told_where_it_is(tmp_path: Path) -> None:
    path = tmp_path / "cues.yaml"
    path.write_bytes("- über\n- caf".encode() + b"\xe9\n")
    faults: list[Fault] = []
    read_yaml(path, faults)
    assert (faults[0].line, faults[0].column) == (2, 6)


def test_a_folder_in_place_of_a_file(tmp_path: Path) -> None:
    faults: list[Fault] = []
    assert read_yaml(tmp_path, faults) is None
    assert "cannot be read" in faults[0].problem


def test_windows_line_ends_and_a_mark_at_the_beginning_are_taken(tmp_path: Path) -> None:
    path = tmp_path / "cues.yaml"
    path.write_bytes(b"\xef\xbb\xbf- a\r\n- b\r\n")
    node = read_yaml(path, [])
    assert node is not None
    assert data_of(node) == ["a", "b"]


@given(st.text(max_size=80) | st.text(alphabet="ab -:[]{}'\"#&*!|>%@`,?\n\t<>", max_size=60))
def test_no_text_makes_it_stumble(text: str) -> None:
    faults: list[Fault] = []
    node = parse_yaml(text, FILE, faults)
    assert node is not None or faults
    lines = text.split("\n")
    for fault in faults:
        assert 1 <= fault.line <= len(lines) + 1
        assert fault.column >= 1
