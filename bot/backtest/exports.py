"""Reading exports: what kind each file is, its messages one by one, and every fault with its place."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from enum import Enum
from io import BufferedReader
from pathlib import Path

from bot.backtest.document import read_document
from bot.backtest.forms import Place, text_of
from bot.backtest.lines import BOM, EXPORTED, PACKAGE, read_csv, read_jsonl
from bot.backtest.model import Message
from bot.backtest.sources import READ_ERRORS, Source, reason_of, sources_of
from bot.errors import Fault

HEAD = 1 << 16
"""Bytes of a file by which its kind is told."""
MOST_FAULTS = 20
"""How many faults of one file are told; the others are counted."""
MOST_PASSED_OVER = 20
"""How many files that are no exports are told by name; the others are counted."""
_INSTEAD = (
    "Name a JSON or CSV file of DiscordChatExporter, Discord's data package, or a file with one JSON "
    'object {"text": "…"} a line.'
)
_ROOM_IN_NAME = re.compile(r"\[(\d{5,25})\]")


class Kind(Enum):
    """What a file can be."""

    DOCUMENT = "one JSON document"
    CSV = "CSV"
    LINES = "one JSON object a line"


class Exports:
    """Reads exports, one file after the other, and never stops at a fault.

    Args:
        paths: files, folders and zip files.
        watch: told how many bytes are read and how many there are.
    """

    def __init__(self, paths: Sequence[Path], *, watch: Callable[[int, int], None] | None = None) -> None:
        self._faults: list[Fault] = []
        self._sources = sources_of(paths, self._faults)
        self._watch = watch
        self._read = 0
        self._total = sum(source.size for source in self._sources)
        self.files = 0
        self.passed_over: list[str] = []
        self.passed_over_count = 0
        self._counted: Counter[Path] = Counter()

    @property
    def identity(self) -> list[list[object]]:
        """The files that are read, by name and size, to know them again."""
        return [[str(source.path), source.size] for source in self._sources]

    @property
    def faults(self) -> tuple[Fault, ...]:
        """What is wrong in the files, of each file the first faults."""
        return tuple(self._faults)

    @property
    def faults_untold(self) -> int:
        """How many more faults there are."""
        return sum(max(0, count - MOST_FAULTS) for count in self._counted.values())

    def messages(self) -> Iterator[Message]:
        """Give every message that can be read, in the order of the files."""
        for source in self._sources:
            yield from self._of(source)

    def _of(self, source: Source) -> Iterator[Message]:
        before = self._read
        try:
            with source.open(count=self._count) as file:
                yield from self._of_opened(source, file)
        except READ_ERRORS as error:
            self._note(Fault(source.path, 1, 1, f"it cannot be read: {reason_of(error)}."))
        # What was left out of a broken or foreign file is behind us, too.
        self._count(before + source.size - self._read)

    def _of_opened(self, source: Source, file: BufferedReader) -> Iterator[Message]:
        head = file.peek(HEAD)
        kind = kind_of(head)
        if kind is None or (kind is Kind.LINES and not source.named and b'"text"' not in head):
            self._pass_over(source, head)
            return
        self.files += 1
        place = place_of_file(source)
        note = self._note
        if kind is Kind.DOCUMENT:
            yield from read_document(source, file, place, note)
        elif kind is Kind.CSV:
            yield from read_csv(source.path, file, place, note)
        else:
            yield from read_jsonl(source.path, file, place, note)

    def _pass_over(self, source: Source, head: bytes) -> None:
        if source.named:
            self._note(Fault(source.path, 1, 1, foreign(head), _INSTEAD))
            return
        self.passed_over_count += 1
        if len(self.passed_over) < MOST_PASSED_OVER:
            self.passed_over.append(str(source.path))

    def _count(self, size: int) -> None:
        self._read += size
        if self._watch is not None:
            self._watch(self._read, self._total)

    def _note(self, fault: Fault) -> None:
        self._counted[fault.path] += 1
        if self._counted[fault.path] <= MOST_FAULTS:
            self._faults.append(fault)


def kind_of(head: bytes) -> Kind | None:
    """Tell by its beginning what a file is.

    Args:
        head: its first bytes.

    Returns:
        the kind; None where it is no export.
    """
    text = head.removeprefix(BOM).lstrip()
    if text.startswith(b"["):
        is_package = b'"contents"' in text.lower() or text.strip() == b"[]"
        return Kind.DOCUMENT if is_package else None
    if text.startswith(b"{"):
        if not _is_document(text):
            return Kind.LINES
        return Kind.DOCUMENT if b'"messages"' in text else None
    first = text.split(b"\n", 1)[0].decode("utf-8", "replace")
    columns = {column.strip().strip('"').lower() for column in first.split(",")}
    if columns >= EXPORTED or columns >= PACKAGE:
        return Kind.CSV
    return None


def _is_document(text: bytes) -> bool:
    """Tell an object over many lines, or one that holds messages, from the first of many objects."""
    first = text.split(b"\n", 1)[0].strip()
    try:
        value = json.loads(first)
    except (ValueError, RecursionError):
        return len(first) < 2 or re.match(rb'\{\s*"(guild|channel|messages)"', text) is not None
    return not isinstance(value, dict) or "messages" in value or not value


def foreign(head: bytes) -> str:
    """Say what is wrong with a file that is of no known kind."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or head[1:2] == b"\0":
        return "it is UTF-16, not UTF-8."
    if not head.strip():
        return "it is empty."
    return "it is no export of a known kind."


def place_of_file(source: Source) -> Place:
    """Tell the room of a file by what lies beside it, or by its name."""
    path = source.path
    found = _ROOM_IN_NAME.search(path.name)
    name = path.name.split(".")[0]
    default = Place(room=found[1] if found else name, name=name)
    channel = _beside(source, "channel.json")
    if not channel:
        return default
    guild = channel.get("guild")
    guild = guild if isinstance(guild, dict) else {}
    identity = text_of(channel.get("id")) or path.parent.name.removeprefix("c")
    listed = text_of(_beside(source, "../index.json").get(identity))
    return Place(
        server=text_of(guild.get("id")),
        room=identity,
        name=text_of(channel.get("name")) or listed or identity,
    )


def _beside(source: Source, name: str) -> dict[str, object]:
    data = source.beside(name)
    try:
        value = json.loads(data) if data else None
    except (ValueError, RecursionError):
        value = None
    return value if isinstance(value, dict) else {}
