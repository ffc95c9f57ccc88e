"""The filter: one line in, one line out, whatever the line holds."""

from __future__ import annotations

import io
import json
from typing import Any, NoReturn

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cli.lines import LONGEST_LINE, Check, LineError, answer, parse, read_lines

KEYS = {"id", "decision", "reason", "findings"}
FINDING_KEYS = {"rule", "family", "stance", "score", "start", "end", "matched", "phrase"}
STANCES = {"asserts", "asks", "denies", "reports", "warns", "quotes"}


def asked(check: Check, text: str, *context: str) -> dict[str, Any]:
    line = {"id": "1", "text": text, "context": [{"author": "a", "text": earlier} for earlier in context]}
    given: dict[str, Any] = json.loads(answer(json.dumps(line).encode(), 1, check))
    return given


@pytest.mark.parametrize(
    ("text", "decision", "families", "stances"),
    [
        (
            "kratom totally cured my migraines, no side effects",
            "reply",
            {"headache-relief", "natural-safe"},
            {"asserts"},
        ),
        ("kratom never did anything for my migraines", "silent", None, {"denies"}),
        ("does kratom help with headaches?", "reply", {"headache-relief"}, {"asks"}),
        ("my head hurts", "silent", set(), set()),
        ("", "silent", set(), set()),
    ],
)
def test_what_is_decided(
    check: Check, text: str, decision: str, families: set[str] | None, stances: set[str]
) -> None:
    given = asked(check, text)
    assert given["decision"] == decision
    assert families is None or {finding["family"] for finding in given["findings"]} == families
    assert {finding["stance"] for finding in given["findings"]} <= stances


def test_a_result_has_the_form_that_is_promised(check: Check) -> None:
    text = "🙂 kratom totally cured my migraines, no side effects"
    given = asked(check, text)
    assert given.keys() == KEYS
    for finding in given["findings"]:
        assert finding.keys() == FINDING_KEYS
        assert finding["stance"] in STANCES
        assert 0 <= finding["score"] <= 100
        assert text[finding["start"] : finding["end"]] == finding["matched"]


def test_what_was_said_before_counts(check: Check) -> None:
    alone = asked(check, "yeah it kills my migraines")
    after = asked(check, "yeah it kills my migraines", "anyone here tried kratom?")
    assert (alone["decision"], after["decision"]) == ("silent", "reply")


def test_an_emergency_is_told(check: Check) -> None:
    given = asked(check, "i took kratom and now i cant breathe")
    assert given["emergency"] is True
    assert given["decision"] == "reply"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (b"", "empty"),
        (b"   ", "empty"),
        (b"{", "not JSON"),
        (b"{'id': 1}", "not JSON"),
        (b"[1]", "is a list"),
        (b'"text"', "is text"),
        (b"null", "is null"),
        (b"1", "is a number"),
        (b"true", "is true or false"),
        (b'{"text": "a"}', "id is missing"),
        (b'{"id": null, "text": "a"}', "id should be text, is null"),
        (b'{"id": true, "text": "a"}', "id should be text, is true or false"),
        (b'{"id": 1.5, "text": "a"}', "id should be text, is a number"),
        (b'{"id": ["1"], "text": "a"}', "id should be text, is a list"),
        (b'{"id": "1"}', "text is missing"),
        (b'{"id": "1", "text": null}', "text should be text, is null"),
        (b'{"id": "1", "text": 5}', "text should be text, is a number"),
        (b'{"id": "1", "text": ["a"]}', "text should be text, is a list"),
        (b'{"id": "1", "text": "a", "context": "b"}', "context should be a list, is text"),
        (b'{"id": "1", "text": "a", "context": {"text": "b"}}', "context should be a list, is an object"),
        (b'{"id": "1", "text": "a", "context": ["b"]}', "context entry 1 should be an object"),
        (b'{"id": "1", "text": "a", "context": [{"text": "b"}, {}]}', "context entry 2 should be an object"),
        (b'{"id": "1", "text": "a", "context": [{"author": 5, "text": "b"}]}', "author should be text"),
        (b'{"id": "1", "text": NaN}', "NaN is not a JSON number"),
        (b'{"id": Infinity, "text": "a"}', "Infinity is not a JSON number"),
        (b'{"id": "1", "text": "\xff"}', "not UTF-8: byte 22"),
        (b'{"id": "1", "text": "a"} {"id": "2", "text": "b"}', "Extra data"),
        (b'{"id": ' + b"9" * 5000 + b', "text": "a"}', "not JSON"),
        (b"[" * 100_000, "nested too deeply"),
        (None, f"longer than {LONGEST_LINE} bytes"),
    ],
    ids=lambda value: repr(value)[:50],
)
def test_a_bad_line_is_told_what_is_wrong(line: bytes | None, told: str) -> None:
    given = json.loads(answer(line, 7, _never))
    assert given.keys() == {"id", "error"}
    assert given["error"].startswith("line 7: ")
    assert told in given["error"]


def _never(text: str, context: tuple[str, ...]) -> NoReturn:
    raise AssertionError(f"checked {text!r} {context!r}")


@pytest.mark.parametrize("identity", ["1", "", "ümlaut", 5, -1])
def test_an_error_keeps_the_id_as_it_was(identity: str | int) -> None:
    given = json.loads(answer(json.dumps({"id": identity, "text": None}).encode(), 1, _never))
    assert given["id"] == identity


def test_a_check_that_fails_is_an_error_of_its_line() -> None:
    given = json.loads(answer(b'{"id": "1", "text": "a"}', 3, _never))
    assert given["id"] == "1"
    assert given["error"].startswith("line 3: the check failed: AssertionError")


def test_a_byte_order_mark_is_taken_on_the_first_line_only() -> None:
    line = '\ufeff{"id": "1", "text": "a"}'.encode()
    assert parse(line, first=True).text == "a"
    with pytest.raises(LineError, match="not JSON"):
        parse(line)


def test_unknown_keys_are_let_through() -> None:
    assert parse(b'{"id": "1", "text": "a", "channel": "general"}').text == "a"


def test_lone_halves_of_characters_stay_valid_json(check: Check) -> None:
    given = answer(b'{"id": "\\ud800", "text": "kratom cured my migraines \\udfff"}', 1, check)
    assert given.isascii()
    assert json.loads(given)["id"] == "\ud800"


@pytest.mark.parametrize(
    ("stream", "lines"),
    [
        (b"", []),
        (b"a", [b"a"]),
        (b"a\nb\r\n\nc\n", [b"a", b"b", b"", b"c"]),
        (b"a" * LONGEST_LINE + b"\nb", [b"a" * LONGEST_LINE, b"b"]),
        (b"a" * (LONGEST_LINE + 1) + b"\nb", [None, b"b"]),
        (b"a" * (3 * LONGEST_LINE + 5) + b"\nb", [None, b"b"]),
        (b"a" * (2 * LONGEST_LINE + 1), [None]),
    ],
    ids=lambda value: f"{len(value)}",
)
def test_lines_are_read_without_holding_more_than_one(stream: bytes, lines: list[bytes | None]) -> None:
    assert list(read_lines(io.BytesIO(stream))) == lines


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
NEARLY_RIGHT = st.fixed_dictionaries({}, optional={"id": JSON, "text": JSON, "context": JSON})


@settings(max_examples=150, deadline=None)
@given(line=st.binary(max_size=60) | NEARLY_RIGHT.map(lambda value: json.dumps(value).encode()))
def test_any_line_gets_exactly_one_answer(check: Check, line: bytes) -> None:
    given = answer(line, 1, check)
    assert "\n" not in given
    assert json.loads(given).keys() in ({"id", "error"}, KEYS)
