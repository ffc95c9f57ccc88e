"""Reading the messages of one JSON document: DiscordChatExporter's, or of Discord's data package."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BufferedReader

from bot.backtest.forms import EntryError, Place, exported_message, package_message, place_of_export
from bot.backtest.json_stream import BLOCK, BrokenJSONError, Part, offset_of_error, parts_of, place_of
from bot.backtest.lines import BOM
from bot.backtest.model import Message
from bot.backtest.sources import READ_ERRORS, Source, reason_of
from bot.errors import Fault

Note = Callable[[Fault], None]


def read_document(source: Source, file: BufferedReader, place: Place, note: Note) -> Iterator[Message]:
    """Give the messages of a document, up to its end or to where it is broken.

    Args:
        source: where it lies; it is opened once more to find the place of a fault.
        file: the same, opened.
        place: the room that it is from, where it does not say so itself.
        note: told of every fault.
    """
    blocks = _Blocks(file)
    count = 0
    head: dict[str, dict[str, object]] = {"guild": {}, "channel": {}}
    try:
        for part in parts_of(blocks):
            if part.name:
                head[part.name] = part.value or {}
                place = place_of_export(head["guild"], head["channel"], place)
                continue
            count += 1
            try:
                yield _message(part, place)
            except EntryError as error:
                note(_entry_fault(source, blocks, count, part, error))
    except BrokenJSONError as error:
        note(_fault(source, error, count))
    except READ_ERRORS as error:
        problem = f"it cannot be read behind its message {count}: {reason_of(error)}."
        note(Fault(source.path, blocks.line, 1, problem))


def _message(part: Part, place: Place) -> Message:
    if part.value is None:
        raise EntryError("it is no object")
    is_package = any(key.lower() == "contents" for key in part.value)
    return package_message(part.value, place) if is_package else exported_message(part.value, place)


def _entry_fault(source: Source, blocks: _Blocks, count: int, part: Part, error: EntryError) -> Fault:
    name = part.value.get("id", part.value.get("ID")) if part.value else None
    told = f"message {count}" + (f" (id {str(name)[:40]})" if name else "")
    problem = f"{told}, on this line or after it: {error.problem}."
    return Fault(source.path, blocks.line, 1, problem, error.instead)


def _fault(source: Source, error: BrokenJSONError, count: int) -> Fault:
    """Say where a document is broken, in lines and in bytes."""
    try:
        offset = error.offset
        if error.in_block:
            with source.open() as again:
                offset = offset_of_error(_Blocks(again), offset)
        with source.open() as again:
            line, column = place_of(_Blocks(again), offset)
    except READ_ERRORS:
        line, column, offset = 1, 1, error.offset
    problem = f"{error.problem} (byte {offset}, behind {count} whole messages)."
    instead = "Export it anew; the messages before this place were read."
    return Fault(source.path, line, column, problem, instead)


class _Blocks:
    """The blocks of a file without a byte order mark, and the line on which the last one begins."""

    def __init__(self, file: BufferedReader) -> None:
        self._file = file
        self.line = 1

    def __iter__(self) -> Iterator[bytes]:
        block = self._file.read1(BLOCK).removeprefix(BOM)
        while block:
            yield block
            self.line += block.count(b"\n")
            block = self._file.read1(BLOCK)
