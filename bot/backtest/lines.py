"""Reading exports that are made of lines: CSV, and one JSON object a line."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

from bot.backtest.forms import EntryError, Place, exported_row, line_message, package_message
from bot.backtest.model import Message
from bot.backtest.sources import READ_ERRORS, reason_of
from bot.errors import Fault

BOM = b"\xef\xbb\xbf"
LONGEST_LINE = 1 << 20
"""Bytes of one line that are read at most."""
EXPORTED = frozenset(("authorid", "date", "content"))
"""Columns that a CSV file of DiscordChatExporter has, in small letters."""
PACKAGE = frozenset(("timestamp", "contents"))
"""Columns that a CSV file of an older data package has, in small letters."""
_NOT_TEXT = re.compile("[\udc80-\udcff]")
"""What bytes become that are not UTF-8."""

Note = Callable[[Fault], None]


def read_jsonl(path: Path, file: BinaryIO, place: Place, note: Note) -> Iterator[Message]:
    """Give the messages of a file with one JSON object a line; empty lines are passed over.

    Args:
        path: how the file is named in faults.
        file: the file.
        place: the room of messages that name none.
        note: told of every line that is not right.
    """
    for number, line in _numbered(path, file, note):
        try:
            entry = _object(line)
            if entry is not None:
                yield line_message(entry, place)
        except EntryError as error:
            note(Fault(path, number, 1, f"{error.problem}.", error.instead))


def read_csv(path: Path, file: BinaryIO, place: Place, note: Note) -> Iterator[Message]:
    """Give the messages of a CSV file of DiscordChatExporter, or of an older data package.

    Args:
        path: how the file is named in faults.
        file: the file; its first line names the columns.
        place: the room that it is from.
        note: told of every row that is not right.
    """
    rows = _rows(path, file, note)
    _, header = next(rows, (1, []))
    columns = [name.strip().lower() for name in header]
    read, needed = (package_message, PACKAGE) if "contents" in columns else (exported_row, EXPORTED)
    if not needed <= set(columns):
        problem = f"its first line names no column {', '.join(sorted(needed - set(columns)))}."
        note(Fault(path, 1, 1, problem, "Export it anew, or as JSON."))
        return
    for number, row in rows:
        try:
            yield read(_fields(row, columns), place)
        except EntryError as error:
            note(Fault(path, number, 1, f"{error.problem}.", error.instead))


def _fields(row: list[str], columns: list[str]) -> Mapping[str, str]:
    if len(row) != len(columns):
        raise EntryError(f"it has {len(row)} columns, the first line names {len(columns)}")
    if any(_NOT_TEXT.search(value) for value in row):
        raise EntryError("it is not UTF-8", "Save the file as UTF-8.")
    return dict(zip(columns, row, strict=True))


def _rows(path: Path, file: BinaryIO, note: Note) -> Iterator[tuple[int, list[str]]]:
    """Give every row with the line on which it begins."""
    lines = (line.decode("utf-8", "surrogateescape") for _, line in _numbered(path, file, note))
    reader = csv.reader(lines, strict=True)
    while True:
        begin = reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            problem = "its last row is cut off" if "end of data" in str(error) else f"no CSV row: {error}"
            note(Fault(path, begin, 1, f"{problem}.", "Export it anew; the rows before it were read."))
            continue
        if row:
            yield begin, row


def _numbered(path: Path, file: BinaryIO, note: Note) -> Iterator[tuple[int, bytes]]:
    """Give every line with its number; one that is too long is told, and an empty one stands for it."""
    number = 0
    try:
        for number, line in enumerate(_bounded(file), 1):
            if line is None:
                note(Fault(path, number, 1, f"the line is longer than {LONGEST_LINE >> 20} MiB."))
            yield number, (line or b"").removeprefix(BOM if number == 1 else b"")
    except READ_ERRORS as error:
        note(Fault(path, number + 1, 1, f"it cannot be read from here on: {reason_of(error)}."))


def _bounded(file: BinaryIO) -> Iterator[bytes | None]:
    while line := file.readline(LONGEST_LINE + 1):
        if len(line) <= LONGEST_LINE or line.endswith(b"\n"):
            yield line
            continue
        while line and not line.endswith(b"\n"):
            line = file.readline(LONGEST_LINE)
        yield None


def _object(line: bytes) -> Mapping[str, Any] | None:
    if not line.strip():
        return None
    try:
        value = json.loads(line.decode("utf-8"), parse_constant=_refuse)
    except UnicodeDecodeError as error:
        raise EntryError(f"byte {error.start + 1} is not UTF-8", "Save the file as UTF-8.") from error
    except json.JSONDecodeError as error:
        raise EntryError(f"it is no JSON: {error.msg} at column {error.colno}") from error
    except (RecursionError, ValueError) as error:
        raise EntryError("it is no JSON that can be read") from error
    if not isinstance(value, dict):
        raise EntryError("it is no JSON object", 'Write {"text": "…"}.')
    return value


def _refuse(name: str) -> NoReturn:
    raise ValueError(name)
