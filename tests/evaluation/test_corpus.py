"""Reading labelled messages: every fault with its place, and the split for good."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.errors import CorpusError, Fault
from bot.evaluation.corpus import Labelled, Part, load_corpus, only, part_of

FAMILIES = ("colds", "safe")
RIGHT: dict[str, Any] = {"id": "1", "text": "a", "claims": [], "stance": "none", "kind": "chat"}


def written(folder: Path, *lines: object) -> Path:
    """Write a corpus of JSON lines; bytes go in as they are."""
    file = folder / "corpus.jsonl"
    file.write_bytes(
        b"\n".join(line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines)
    )
    return file


def faults_of(*paths: Path) -> list[tuple[int, int, str]]:
    with pytest.raises(CorpusError) as caught:
        load_corpus(paths, families=FAMILIES)
    return [(fault.line, fault.column, fault.problem) for fault in caught.value.faults]


def test_a_line_becomes_a_message(tmp_path: Path) -> None:
    context = [{"author": "a", "text": "first"}, {"text": "second"}]
    line = RIGHT | {"claims": ["colds", "safe"], "stance": "reports", "kind": "slang", "context": context}
    (message,) = load_corpus([written(tmp_path, line)], families=FAMILIES)
    assert message == Labelled(
        "1", "a", ("first", "second"), frozenset(("colds", "safe")), "reports", "slang"
    )


def test_empty_lines_and_a_byte_order_mark_are_passed_over(tmp_path: Path) -> None:
    first, second = (json.dumps(RIGHT | {"id": name}).encode() for name in "12")
    file = written(tmp_path, b"\xef\xbb\xbf" + first, b"", b"  \r", second + b"\r", b"")
    assert [message.id for message in load_corpus([file], families=FAMILIES)] == ["1", "2"]


def test_a_folder_is_every_file_below_it_in_order(tmp_path: Path) -> None:
    for name in ("b.jsonl", "deep/a.jsonl", "c.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(json.dumps(RIGHT | {"id": name}), encoding="utf-8")
    assert [message.id for message in load_corpus([tmp_path], families=FAMILIES)] == [
        "b.jsonl",
        "deep/a.jsonl",
    ]


@pytest.mark.parametrize(
    ("line", "column", "told"),
    [
        (b"{", 2, "not JSON"),
        (b"\xff", 1, "not UTF-8: byte 1"),
        (b"[" * 100_000, 1, "not JSON"),
        (b"[]", 1, "no JSON object"),
        (b"null", 1, "no JSON object"),
        ({**RIGHT, "contex": []}, 1, "the key contex is not known"),
        ({key: value for key, value in RIGHT.items() if key != "id"}, 1, "id is missing"),
        (RIGHT | {"id": 1}, 1, "id should be text"),
        (RIGHT | {"id": ""}, 1, "id should be text"),
        (RIGHT | {"text": None}, 1, "text should be text"),
        (RIGHT | {"kind": ["a"]}, 1, "kind should be text"),
        (RIGHT | {"stance": "claims"}, 1, "the stance claims is not known"),
        (RIGHT | {"claims": "colds"}, 1, "claims should be a list"),
        (RIGHT | {"claims": [1]}, 1, "claims should be a list"),
        (RIGHT | {"claims": ["coughs"]}, 1, "the claim family coughs is not known"),
        (RIGHT | {"claims": ["safe", "safe"]}, 1, "claims names a family twice"),
        (RIGHT | {"context": "before"}, 1, "context should be a list of objects"),
        (RIGHT | {"context": ["before"]}, 1, "context should be a list of objects"),
        (RIGHT | {"context": [{"author": "a"}]}, 1, "context should be a list of objects"),
    ],
    ids=lambda value: repr(value)[:60],
)
def test_a_line_that_is_not_right_is_told_with_its_place(
    tmp_path: Path, line: object, column: int, told: str
) -> None:
    ((number, found, problem),) = faults_of(written(tmp_path, RIGHT, line))
    assert (number, found) == (2, column)
    assert told in problem


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    file = written(tmp_path, RIGHT | {"kind": ""}, RIGHT, RIGHT, b"?")
    assert [(line, problem.split(":")[0]) for line, _, problem in faults_of(file)] == [
        (1, "kind should be text."),
        (3, f"the id 1 stands at {file}"),
        (4, "it is not JSON"),
    ]


def test_an_id_may_not_come_again_in_another_file(tmp_path: Path) -> None:
    first, second = tmp_path / "a.jsonl", tmp_path / "b.jsonl"
    for file in (first, second):
        file.write_text(json.dumps(RIGHT), encoding="utf-8")
    with pytest.raises(CorpusError) as caught:
        load_corpus([tmp_path], families=FAMILIES)
    assert str(caught.value) == f"{second}:1:1: the id 1 stands at {first}:1 already."


def test_a_file_that_cannot_be_read_and_an_empty_folder_are_faults(tmp_path: Path) -> None:
    assert "cannot be read" in faults_of(tmp_path / "nowhere.jsonl")[0][2]
    assert "no labelled message" in faults_of(tmp_path)[0][2]


@pytest.mark.parametrize(
    ("stance", "due"),
    [
        ("asserts", True),
        ("asks", True),
        ("reports", True),
        *((name, False) for name in ("denies", "warns", "quotes", "none")),
    ],
)
def test_only_what_is_asserted_asked_or_reported_is_due(tmp_path: Path, stance: str, due: bool) -> None:
    line = RIGHT | {"claims": ["colds"], "stance": stance}
    (message,) = load_corpus([written(tmp_path, line)], families=FAMILIES)
    assert message.due == (frozenset(("colds",)) if due else frozenset())


@pytest.mark.parametrize(
    ("identity", "part"),
    [("a", Part.HOLD), ("b", Part.TUNE), ("ü", Part.TUNE), ("n-0003", Part.TUNE), ("q-0002", Part.HOLD)],
)
def test_the_split_is_for_good(identity: str, part: Part) -> None:
    assert part_of(identity) is part


def test_about_three_in_ten_are_held_back() -> None:
    messages = [Labelled(str(number), "a", (), frozenset(), "none", "chat") for number in range(2000)]
    tune, hold = only(messages, Part.TUNE), only(messages, Part.HOLD)
    assert 540 < len(hold) < 660
    assert sorted([*tune, *hold], key=lambda message: int(message.id)) == only(messages, Part.ALL)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lines=st.lists(
        st.binary(max_size=40)
        | st.fixed_dictionaries({key: st.none() | st.text(max_size=3) for key in RIGHT}),
        max_size=4,
    )
)
def test_whatever_a_file_holds_it_is_read_or_told(tmp_path: Path, lines: list[object]) -> None:
    file = written(tmp_path, *lines)
    faults: tuple[Fault, ...] = ()
    read: list[Labelled] = []
    try:
        read = load_corpus([file], families=FAMILIES)
    except CorpusError as error:
        faults = error.faults
    assert bool(read) is not bool(faults)
    assert all(fault.path == file for fault in faults)
