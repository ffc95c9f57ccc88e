"""Reading exports: every format, every skip, every fault with its place, and whatever bytes may come."""

from __future__ import annotations

import gzip
import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.backtest.exports import Exports, Kind, kind_of
from bot.backtest.forms import OWNER
from bot.backtest.model import Message, Skip
from tests.backtest.samples import ANY_FOLDER, CSV, NOON, export, exported, faults_of, package, read, written


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
