"""Exports that are cut off, damaged or something else: every fault with its place, and never a crash."""

from __future__ import annotations

import gzip
import json
import os
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.backtest.exports import MOST_FAULTS, Exports
from bot.backtest.json_stream import BLOCK
from bot.backtest.lines import LONGEST_LINE
from bot.backtest.model import Message
from tests.backtest.samples import ANY_FOLDER, CSV, export, exported, faults_of, read


@pytest.mark.parametrize("indent", [None, 2])
def test_an_export_cut_in_half_gives_what_is_whole(tmp_path: Path, indent: int | None) -> None:
    data = json.dumps(export(*(exported(f"message {n}", n) for n in range(500))), indent=indent).encode()
    file = tmp_path / "half.json"
    file.write_bytes(data[: len(data) // 2])
    messages, exports = read(file)
    whole = data[: len(data) // 2].count(b'"inlineEmojis": []')
    assert abs(len(messages) - whole) <= 1
    assert [message.text for message in messages] == [f"message {n}" for n in range(len(messages))]
    ((name, line, problem),) = faults_of(exports)
    assert name == "half.json"
    assert line == data[: len(data) // 2].count(b"\n") + 1
    told = f"(byte {len(data) // 2}, behind {len(messages)} whole messages)"
    assert problem == f"it ends in the middle; it is cut off {told}."


def test_a_broken_document_is_told_with_line_and_column(tmp_path: Path) -> None:
    data = json.dumps(export(*(exported(f"message {n}", n) for n in range(400))), indent=2).encode()
    place = data.index(b'"message 300"')
    assert place > BLOCK
    file = tmp_path / "a.json"
    file.write_bytes(data[:place] + b"oops" + data[place:])
    messages, exports = read(file)
    assert len(messages) == 300
    (fault,) = exports.faults
    assert fault.line == data[:place].count(b"\n") + 1
    assert fault.column == place - data.rindex(b"\n", 0, place)
    assert f"byte {place}," in fault.problem


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "it is empty."),
        (b" \n", "it is empty."),
        (b"hello", "it is no export of a known kind."),
        ('{"text": "a"}'.encode("utf-16"), "it is UTF-16, not UTF-8."),
        (b"<!DOCTYPE html>", "it is no export of a known kind."),
        (b'{"guild": {"id": "1"}}', "it has no `text`."),
        (b'[{"a": 1}]', "it is no export of a known kind."),
        (b'{"messages": [' + b"[" * 300, "lists and objects lie deeper than 200 in one another (byte 0, "),
        (b'{"messages": 5}', "it holds no list “messages” (byte 0, behind 0 whole messages)."),
        (b'{"messages": [5, [1], null]}', "message 1, on this line or after it: it is no object."),
        (b'{"messages": [{"content": 5}]}', "its `content` is no text."),
        (b'{"messages": [{"content": "a"}]}', "it has no `timestamp`."),
        (b'{"messages": [{"content": "a", "timestamp": "noon"}]}', "its `timestamp` cannot be understood"),
        (b'{"messages": [{"content": "a", "timestamp": "0001-01-01"}]}', "its `timestamp` cannot be under"),
        (b'{"messages": [{"content": "\xff"}]}', "it is no JSON from here on (byte "),
        (b'{"messages": [{"content": 1e999}]}', "it is no JSON from here on (byte "),
        (b'{"messages": []} x', "it is no JSON from here on (byte 17,"),
        (b'[{"Contents": 5, "Timestamp": "2024-05-01"}]', "its `Contents` are no text."),
        (b'{"text": 5}', "it has no `text`."),
        (b'{"text": "a"', "it is no JSON: Expecting ',' delimiter at column 13."),
        (b'{"text": "a", "time": "noon"}', "its `time` cannot be understood as a time."),
        (b'{"text": "a", "time": 1e300}', "its `time` cannot be understood as a time."),
        (b'{"text": "a", "time": true}', "it has no `time`."),
        (b'{"text": "a", "id": [1]}', "its `id` is neither text nor a whole number."),
        (b'{"text": "a", "time": NaN}', "it is no JSON that can be read."),
        (b'{"text": "\xff"}', "byte 11 is not UTF-8."),
        (b'{"text": "a"}\n[]', "it is no JSON object."),
        (b'{"text": "a"}\n' + b"[" * 100_000, "it is no JSON"),
        (b'{"text": "a"}\n"' + b"a" * (LONGEST_LINE + 9), "the line is longer than 1 MiB."),
        (b"AuthorID,Author,Date,Content\n1,a,2024-05-01", "it has 3 columns, the first line names 4."),
        (b'AuthorID,Author,Date,Content\n1,a,2024-05-01,"cut', "its last row is cut off."),
        (b'"AuthorID,Author,Date,Content"\n1', "its first line names no column authorid, content, date."),
        (b"AuthorID,Author,Date,Content\n1,a,yesterday,b", "its `Date` cannot be understood as a time."),
        (b"AuthorID,Author,Date,Content\n1,a,2024-05-01,\xff", "it is not UTF-8."),
        (b'AuthorID,Author,Date,Content\n1,a,2024-05-01,"a"b', "no CSV row: "),
        (b"\x1f\x8b\x08\x00nonsense", "it cannot be read: "),
        (b"PK\x03\x04nonsense", "it cannot be read: "),
    ],
)
def test_what_is_wrong_is_told(tmp_path: Path, data: bytes, problem: str) -> None:
    file = tmp_path / "a.export"
    file.write_bytes(data)
    _, exports = read(file)
    assert problem in exports.faults[0].problem
    assert exports.faults[0].path == file


def test_a_broken_line_takes_no_other_with_it(tmp_path: Path) -> None:
    first, second = tmp_path / "a.jsonl", tmp_path / "b.csv"
    first.write_text('{"text": "one"}\noops\n{"text": "two"}\n')
    second.write_text(CSV.replace('"43","ben"', '"43"', 1))
    messages, exports = read(first, second)
    assert [message.text for message in messages] == ["one", "two", 'garlic "really" cured\nmy cold 🤧', ""]
    assert [(name, line) for name, line, _ in faults_of(exports)] == [("a.jsonl", 2), ("b.csv", 4)]


def test_faults_of_one_file_are_told_in_part_and_counted(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text('{"text": "one"}\n' + "oops\n" * 100)
    _, exports = read(file)
    assert (len(exports.faults), exports.faults_untold) == (MOST_FAULTS, 100 - MOST_FAULTS)


def test_a_packed_file_cut_in_half_gives_what_is_whole(tmp_path: Path) -> None:
    lines = b"".join(b'{"text": "message %d %s"}\n' % (n, str(n**50).encode()) for n in range(5000))
    packed = gzip.compress(lines)
    (tmp_path / "a.gz").write_bytes(packed[: len(packed) // 2])
    messages, exports = read(tmp_path)
    assert len(messages) > 1500
    ((_, line, problem),) = faults_of(exports)
    assert "it is cut off or damaged" in problem
    assert line == pytest.approx(len(messages) + 1, abs=1)


def test_a_damaged_zip_file_leaves_the_others(tmp_path: Path) -> None:
    archive = tmp_path / "a.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        for name in ("a.jsonl", "b.jsonl"):
            file.writestr(name, b"".join(b'{"text": "%d"}\n' % n**9 for n in range(3000)))
    data = bytearray(archive.read_bytes())
    data[2000:2100] = b"\xff" * 100
    archive.write_bytes(data)
    messages, exports = read(archive)
    assert len(messages) >= 3000
    assert faults_of(exports)[-1][0] == "a.jsonl"


def test_a_folder_that_cannot_be_read_is_a_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "locked").mkdir()
    (tmp_path / "a.jsonl").write_text('{"text": "one"}')
    scan = os.scandir

    def refusing(path: str) -> object:
        if str(path).endswith("locked"):
            raise PermissionError(13, "Permission denied", str(path))
        return scan(path)

    # Tests may run as root, whom no folder refuses.
    monkeypatch.setattr(os, "scandir", refusing)
    messages, exports = read(tmp_path)
    assert [message.text for message in messages] == ["one"]
    assert faults_of(exports) == [("locked", 1, "it cannot be read: permission denied.")]


def test_a_missing_file_is_a_fault(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text('{"text": "one"}')
    exports = Exports([file])
    file.unlink()
    assert list(exports.messages()) == []
    assert faults_of(exports) == [("a.jsonl", 1, "it cannot be read: no such file or directory.")]


BEGINNINGS = (
    b"",
    b'{"messages": [{"content": "a", "timestamp": "2024-05-01", "author": ',
    b'[{"Contents": "',
    b'{"text": "a"}\n',
    b"AuthorID,Author,Date,Content,Attachments,Reactions\n",
    b"ID,Timestamp,Contents,Attachments\n1,2024-05-01,",
    b'"authorid,date,content"\n1\n',
    b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03",
    b"PK\x03\x04",
)


@given(beginning=st.sampled_from(BEGINNINGS), rest=st.binary(max_size=400))
@ANY_FOLDER
def test_any_bytes_give_messages_or_faults(tmp_path: Path, beginning: bytes, rest: bytes) -> None:
    file = tmp_path / "a"
    file.write_bytes(beginning + rest)
    messages, exports = read(file)
    assert all(isinstance(message, Message) for message in messages)
    assert messages or exports.faults or exports.files


@given(
    place=st.integers(min_value=0),
    put=st.binary(max_size=6),
    gone=st.integers(min_value=0, max_value=40),
    form=st.sampled_from(["document", "package", "lines", "csv", "packed"]),
)
@ANY_FOLDER
def test_an_export_damaged_anywhere_never_stops_the_others(
    tmp_path: Path, place: int, put: bytes, gone: int, form: str
) -> None:
    document = json.dumps(export(*(exported(f"m {n} 🧄", n) for n in range(3))), ensure_ascii=False).encode()
    data = {
        "document": document,
        "package": json.dumps([{"ID": 1, "Timestamp": "2024-05-01", "Contents": "a"}] * 3).encode(),
        "lines": b'{"text": "a", "time": 5, "author": "b"}\n' * 3,
        "csv": CSV.encode(),
        "packed": gzip.compress(document),
    }[form]
    place %= len(data) + 1
    (tmp_path / "a").write_bytes(data[:place] + put + data[place + gone :])
    (tmp_path / "b").write_text('{"text": "whole"}')
    messages, exports = read(tmp_path / "a", tmp_path / "b")
    assert messages[-1].text == "whole"
    assert len(messages) <= 4 + len(put)
    assert exports.faults_untold == 0
