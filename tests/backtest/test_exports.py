"""Reading exports: every format, every skip, every fault with its place, and whatever bytes may come."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.backtest.exports import MOST_FAULTS, Exports, Kind, kind_of
from bot.backtest.forms import OWNER
from bot.backtest.json_stream import BLOCK
from bot.backtest.lines import LONGEST_LINE
from bot.backtest.model import Message, Skip
from tests.backtest.samples import CSV, NOON, export, exported, package, written

ANY_FOLDER = settings(
    max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)


def read(*paths: Path) -> tuple[list[Message], Exports]:
    exports = Exports(paths)
    return list(exports.messages()), exports


def faults_of(exports: Exports) -> list[tuple[str, int, str]]:
    return [(fault.path.name, fault.line, fault.problem) for fault in exports.faults]


def test_a_message_of_the_chat_exporter_is_read_whole(tmp_path: Path) -> None:
    answer = exported(
        "it cured my cold 🤧",
        2,
        type="Reply",
        reference={"type": "Default", "messageId": "1100000000000000001", "channelId": "200"},
    )
    (first, second), exports = read(written(tmp_path / "a.json", export(exported("gàrlic?"), answer)))
    assert first == Message(
        text="gàrlic?",
        id="1100000000000000001",
        server="100",
        room="200",
        room_name="küche",
        author="42",
        sent_at=NOON + timedelta(minutes=1),
        parents=("150",),
        roles=("7",),
    )
    assert (second.text, second.answers) == ("it cured my cold 🤧", "1100000000000000001")
    assert (exports.files, exports.faults) == (1, ())


def test_a_forwarded_message_gives_the_forwarded_text(tmp_path: Path) -> None:
    forwarded = exported("", forwardedMessage={"timestamp": "x", "content": "garlic cured my cold"})
    (message,), _ = read(written(tmp_path / "a.json", export(forwarded)))
    assert (message.text, message.forwarded, message.skip) == ("garlic cured my cold", True, None)


@pytest.mark.parametrize(
    ("changes", "skip"),
    [
        ({}, None),
        ({"type": "Reply"}, None),
        ({"type": "GuildMemberJoin", "content": "Joined the server."}, Skip.SYSTEM),
        ({"type": "ChannelPinnedMessage", "reference": {"messageId": "1"}}, Skip.SYSTEM),
        ({"type": "20"}, Skip.SYSTEM),
        ({"author": {"id": "1", "isBot": True}}, Skip.BOT),
        ({"author": {"id": "1", "isBot": True}, "content": ""}, Skip.BOT),
        ({"content": " \n"}, Skip.EMPTY),
    ],
)
def test_what_nobody_typed_is_told_apart(
    tmp_path: Path, changes: dict[str, object], skip: Skip | None
) -> None:
    (message,), exports = read(written(tmp_path / "a.json", export(exported("hello") | changes)))
    assert message.skip is skip
    assert exports.faults == ()


def test_keys_may_stand_in_any_order_and_on_one_line(tmp_path: Path) -> None:
    value = export(exported("hello"))
    file = tmp_path / "a.json"
    file.write_text(json.dumps({key: value[key] for key in sorted(value)}))
    (message,), _ = read(file)
    assert (message.text, message.server, message.room_name) == ("hello", "100", "küche")


def test_csv_is_read_with_its_line_breaks(tmp_path: Path) -> None:
    file = tmp_path / "Köche - Talk - küche [200000000000000000].csv"
    file.write_text(CSV, encoding="utf-8-sig")
    messages, exports = read(file)
    assert [(message.text, message.author, message.skip) for message in messages] == [
        ('garlic "really" cured\nmy cold 🤧', "42", None),
        ("see you, at eight", "43", None),
        ("", "43", Skip.EMPTY),
    ]
    assert [message.sent_at for message in messages] == [
        NOON + timedelta(minutes=place) for place in range(3)
    ]
    assert {message.room for message in messages} == {"200000000000000000"}
    assert exports.faults == ()


@pytest.mark.parametrize("packed", [False, True], ids=["folder", "zip"])
def test_a_data_package_gives_its_messages_alone(tmp_path: Path, packed: bool) -> None:
    root = package(tmp_path)
    if packed:
        root = Path(shutil.make_archive(str(tmp_path / "package"), "zip", root))
    messages, exports = read(root)
    assert [(message.id, message.server, message.room, message.room_name) for message in messages] == [
        ("3", "100", "200", "küche"),
        ("2", "100", "200", "küche"),
        ("1", "100", "200", "küche"),
        ("9", "", "300", "Direct Message with ben"),
    ]
    assert messages[0].text == "it knocked my cold right out 🤧"
    assert messages[1].skip is Skip.EMPTY
    assert messages[0].sent_at == NOON + timedelta(minutes=3)
    assert {message.author for message in messages} == {OWNER}
    assert (exports.files, exports.faults, exports.passed_over_count) == (2, (), 0)


def test_the_messages_of_a_package_may_be_named_alone(tmp_path: Path) -> None:
    messages, _ = read(package(tmp_path) / "messages" / "c200" / "messages.json")
    assert {message.room_name for message in messages} == {"küche"}


def test_keys_of_a_package_may_be_small(tmp_path: Path) -> None:
    value = [{"id": "1", "timestamp": "2024-05-01T12:00:00Z", "contents": "hello"}]
    (message,), _ = read(written(tmp_path / "messages.json", value))
    assert (message.id, message.text, message.sent_at) == ("1", "hello", NOON)


def test_lines_are_read_with_what_is_known(tmp_path: Path) -> None:
    file = tmp_path / "chat.jsonl"
    lines = [
        {"text": "garlic 🧄"},
        {"text": "b", "id": 7, "author": "anna", "channel": "küche", "time": "2024-05-01T14:00:00+02:00"},
        {"text": "c", "id": "🧄", "time": NOON.timestamp(), "other": [1, {"x": None}]},
    ]
    file.write_text("\n\n".join(json.dumps(line) for line in lines))
    messages, exports = read(file)
    assert messages == [
        Message("garlic 🧄", room="chat", room_name="chat"),
        Message("b", id="7", room="küche", room_name="küche", author="anna", sent_at=NOON),
        Message("c", id="🧄", room="chat", room_name="chat", sent_at=NOON),
    ]
    assert exports.faults == ()


def test_single_files_may_be_packed(tmp_path: Path) -> None:
    written(tmp_path / "a.json", export(exported("hello")))
    for name, data in {
        "a.json.gz": (tmp_path / "a.json").read_bytes(),
        "b.csv.gz": CSV.encode(),
        "c.gz": b'{"text": "hi"}',
    }.items():
        (tmp_path / name).write_bytes(gzip.compress(data))
    (tmp_path / "a.json").unlink()
    messages, exports = read(tmp_path)
    assert [message.text for message in messages if message.skip is None][::2] == [
        "hello",
        "see you, at eight",
    ]
    assert (len(messages), exports.files, exports.faults) == (5, 3, ())


def test_a_folder_is_walked_in_order_and_what_is_no_export_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "b_Files").mkdir()
    (tmp_path / ".hidden").mkdir()
    (tmp_path / "b_Files" / "avatar.png").write_bytes(b"\x89PNG\r\n\x1a\n\0\0")
    (tmp_path / "notes.txt").write_text("garlic cured my cold")
    (tmp_path / "settings.json").write_text('{\n  "messages": 3\n}')
    (tmp_path / "events.jsonl").write_text('{"event": "x"}\n')
    (tmp_path / ".hidden" / "z.jsonl").write_text('{"text": "hidden"}')
    (tmp_path / "empty.json").write_text("")
    written(tmp_path / "b.json", export(exported("second")))
    (tmp_path / "a.jsonl").write_text('{"text": "first"}')
    messages, exports = read(tmp_path)
    assert [message.text for message in messages] == ["first", "second"]
    assert [Path(name).name for name in exports.passed_over] == [
        "avatar.png",
        "empty.json",
        "events.jsonl",
        "notes.txt",
    ]
    assert faults_of(exports) == [
        ("settings.json", 1, "it holds no list “messages” (byte 0, behind 0 whole messages).")
    ]


def test_progress_ends_at_the_whole(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "first"}\n' * 100)
    (tmp_path / "b.bin").write_bytes(b"\0" * 300_000)
    seen: list[tuple[int, int]] = []
    exports = Exports([tmp_path], watch=lambda done, total: seen.append((done, total)))
    assert len(list(exports.messages())) == 100
    assert seen[-1] == (301_800, 301_800)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)


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


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b'{"guild": {', None),
        (b'{\n "guild": {}, "messages": [', Kind.DOCUMENT),
        (b'{"messages":[]}', Kind.DOCUMENT),
        (b'\xef\xbb\xbf {"text": "messages"}\n{', Kind.LINES),
        (b'{"text": "a"', Kind.LINES),
        (b'[{"CONTENTS": ""', Kind.DOCUMENT),
        (b"[]", Kind.DOCUMENT),
        (b"AuthorID,Author,Date,Content,Attachments,Reactions\r\n", Kind.CSV),
        (b'"ID","Timestamp","Contents","Attachments"\n', Kind.CSV),
        (b"ID,Name\n", None),
        (b"\x89PNG", None),
    ],
)
def test_the_content_tells_what_a_file_is(head: bytes, kind: Kind | None) -> None:
    assert kind_of(head) is kind


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


@given(
    st.lists(
        st.fixed_dictionaries(
            {"text": st.text(max_size=60)},
            optional={
                "id": st.text(max_size=5) | st.integers(),
                "author": st.text(max_size=5),
                "channel": st.text(max_size=5),
                "time": st.integers(min_value=0, max_value=4 * 10**9).map(
                    lambda seconds: datetime.fromtimestamp(seconds, UTC).isoformat()
                ),
            },
        ),
        min_size=1,
        max_size=6,
    )
)
@ANY_FOLDER
def test_lines_come_back_as_they_were_written(tmp_path: Path, lines: list[dict[str, str]]) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text("\n".join(json.dumps(line) for line in lines))
    messages, exports = read(file)
    assert exports.faults == ()
    assert [message.text for message in messages] == [line["text"] for line in lines]
    assert [message.sent_at.isoformat() if message.sent_at else None for message in messages] == [
        line.get("time") for line in lines
    ]
