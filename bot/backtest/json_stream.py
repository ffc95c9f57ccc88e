"""Reading one JSON document of any size, object by object, in bounded memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Protocol

import ijson
from msgspec import Struct

BLOCK = 1 << 16
"""Bytes that are read at a time."""
LONGEST_OBJECT = 1 << 24
"""Bytes in which an object has to end."""
DEEPEST = 200
"""How deep lists and objects may lie in one another."""
HEAD = ("guild", "channel")
"""What is read of an object beside its messages."""
LIST = "messages"
WANTED = frozenset(
    (
        *("id", "type", "timestamp", "content", "author", "reference", "forwardedmessage"),
        *("contents", "name", "categoryid"),
    )
)
"""Keys of messages and their like that are kept, whatever their case; all else is passed over."""
_OPENING = {"start_map": dict, "start_array": list}
_CLOSING = frozenset(("end_map", "end_array"))


class BrokenJSONError(Exception):
    """A document is no JSON, or not of a form that is known.

    Args:
        problem: what is wrong.
        offset: the block in which it is: the place of its first byte.
        in_block: whether it lies somewhere in the block, rather than at its beginning.
    """

    def __init__(self, problem: str, offset: int, *, in_block: bool = False) -> None:
        super().__init__(problem)
        self.problem, self.offset, self.in_block = problem, offset, in_block


class Part(Struct, frozen=True):
    """One object of a document.

    Args:
        name: "guild" or "channel"; "" for a message.
        value: the object, with the keys that are wanted; None for a message that is no object.
        offset: where the block begins in which it ends, in bytes.
    """

    name: str
    value: dict[str, Any] | None
    offset: int


def parts_of(blocks: Iterable[bytes]) -> Iterator[Part]:
    """Give the objects of a document as they come.

    Args:
        blocks: the document: a list of messages, or an object with a list `messages`.

    Returns:
        the messages, and what stands beside the list of them.

    Raises:
        BrokenJSONError: it is no such document from here on; what came before is right.
    """
    events = ijson.sendable_list()
    parser = ijson.basic_parse_coro(events, use_float=True)
    assembler = _Assembler()
    offset = since = 0
    for block in blocks:
        error = _send(parser, block)
        assembler.offset = offset
        for part in assembler.take(events):
            since = offset
            yield part
        del events[:]
        if error is not None:
            raise BrokenJSONError("it is no JSON from here on", offset, in_block=True) from error
        offset += len(block)
        if offset - since > LONGEST_OBJECT:
            raise BrokenJSONError(f"no message ends within {LONGEST_OBJECT >> 20} MiB", since)
    error = _send(parser, None)
    if error is not None:
        raise BrokenJSONError("it ends in the middle; it is cut off", offset) from error
    if not assembler.has_messages:
        raise BrokenJSONError(f"it holds no list “{LIST}”", 0)


def place_of(blocks: Iterable[bytes], offset: int) -> tuple[int, int]:
    """Tell the line and column of a place, both from 1, the column in bytes, by reading once more."""
    line, column, left = 1, 1, offset
    for block in blocks:
        piece = block[:left]
        left -= len(piece)
        breaks = piece.count(b"\n")
        line += breaks
        column = len(piece) - piece.rfind(b"\n") if breaks else column + len(piece)
        if not left:
            break
    return line, column


def offset_of_error(blocks: Iterable[bytes], beginning: int) -> int:
    """Find the place of an error that lies in a block, by reading once more, that block byte by byte.

    Args:
        blocks: the document.
        beginning: the place of the block's first byte.

    Returns:
        the place of the first byte that cannot stand there.
    """
    events = ijson.sendable_list()
    parser = ijson.basic_parse_coro(events, use_float=True)
    offset = 0
    for block in blocks:
        size = len(block) if offset < beginning else 1
        for at in range(0, len(block), size):
            if _send(parser, block[at : at + size]) is not None:
                return offset + at
            del events[:]
        if offset >= beginning:
            break
        offset += len(block)
    return beginning


class _Parser(Protocol):
    def send(self, block: bytes, /) -> object: ...

    def close(self) -> object: ...


def _send(parser: _Parser, block: bytes | None) -> Exception | None:
    try:
        if block is None:
            parser.close()
        else:
            parser.send(block)
    except (ijson.JSONError, UnicodeDecodeError, RecursionError, ValueError) as error:
        return error
    return None


class _Assembler:
    """Makes objects of events, and only of those that are wanted."""

    def __init__(self) -> None:
        self.offset = 0
        self.has_messages = False
        self._depth = 0
        self._skipped = 0
        self._key = ""
        self._name = ""
        self._item_depth = 0
        self._stack: list[dict[str, Any] | list[Any]] = []

    def take(self, events: Iterable[tuple[str, Any]]) -> Iterator[Part]:
        for event, value in events:
            if event == "map_key":
                if not self._skipped:
                    self._key = value
            elif event in _OPENING:
                self._open(event)
            elif event in _CLOSING:
                yield from self._close()
            elif not self._skipped:
                if self._stack:
                    self._put(value)
                elif self._depth == 0:
                    raise BrokenJSONError("it is neither a list nor an object", self.offset)
                elif self._depth + 1 == self._item_depth:
                    yield Part("", None, self.offset)

    def _open(self, event: str) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise BrokenJSONError(f"lists and objects lie deeper than {DEEPEST} in one another", self.offset)
        if self._skipped:
            self._skipped += 1
        elif self._stack:
            self._open_inside(event)
        elif self._depth == 1:
            if event == "start_array":
                self.has_messages, self._item_depth = True, 2
        elif self._depth == 2 and not self._item_depth and self._key == LIST and event == "start_array":
            self.has_messages, self._item_depth = True, 3
        elif self._begins_object(event):
            self._stack.append({})
        else:
            self._skipped = 1

    def _begins_object(self, event: str) -> bool:
        if event != "start_map":
            return False
        if self._depth == self._item_depth:
            self._name = ""
            return True
        self._name = self._key
        return self._depth == 2 and self._key in HEAD

    def _open_inside(self, event: str) -> None:
        if len(self._stack) == 1 and self._key.lower() not in WANTED:
            self._skipped = 1
            return
        child: dict[str, Any] | list[Any] = _OPENING[event]()
        self._put(child)
        self._stack.append(child)

    def _close(self) -> Iterator[Part]:
        self._depth -= 1
        if self._skipped:
            self._skipped -= 1
            if not self._skipped and not self._stack and self._depth + 1 == self._item_depth:
                yield Part("", None, self.offset)
        elif self._stack:
            value = self._stack.pop()
            if not self._stack and isinstance(value, dict):
                yield Part(self._name, value, self.offset)
        elif self._depth + 2 == self._item_depth:
            self._item_depth = 0

    def _put(self, value: object) -> None:
        parent = self._stack[-1]
        if isinstance(parent, list):
            parent.append(value)
        elif len(self._stack) > 1 or self._key.lower() in WANTED:
            parent[self._key] = value
