"""Cutting a stream of messages into chunks that can be looked at apart, and counting what went by."""

from __future__ import annotations

import hashlib
from collections import Counter, OrderedDict, deque
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from msgspec import Struct, field

from bot.backtest.model import Chunk, Message, Placed, Skip
from bot.replies.context import MEMORY, MOST_CHARACTERS, MOST_IN_ROOM, MOST_ROOMS

CHUNK = 500
"""Messages of one chunk."""
CHUNK_CHARACTERS = 1 << 19
"""Characters after which a chunk is full, however few messages it holds."""
MOST_ANSWERED = 20_000
"""How many messages are remembered by their ids, for those that answer them."""
MOST_ANSWERED_CHARACTERS = 8_000_000
"""How many characters of these are remembered, whatever the number of messages."""
MOST_COUNTED_ROOMS = 10_000
"""How many rooms are counted apart, so that memory stays bounded whatever an export holds."""
OTHER_ROOMS = ("", "other rooms")
UNKNOWN_WEEK = "unknown"

Room = tuple[str, str]
"""Ids of server and room."""


def week_of(sent_at: datetime | None) -> str:
    """Name the week of a message: the date of its Monday (UTC), or "unknown"."""
    if sent_at is None:
        return UNKNOWN_WEEK
    day = sent_at.date()
    return (day - timedelta(days=day.weekday())).isoformat()


class Census(Struct):
    """Counts all that is read, whether or not anything is found in it.

    Args:
        messages: messages that are looked at.
        skipped: messages that are not looked at, by reason.
        rooms: messages by room.
        names: the rooms' names.
        weeks: messages by week.
        answered_unknown: messages that answer one that was not read shortly before.
        first: when the earliest was sent.
        last: when the latest was sent.
    """

    messages: int = 0
    skipped: Counter[Skip] = field(default_factory=Counter)
    rooms: Counter[Room] = field(default_factory=Counter)
    names: dict[Room, str] = field(default_factory=dict)
    weeks: Counter[str] = field(default_factory=Counter)
    answered_unknown: int = 0
    first: datetime | None = None
    last: datetime | None = None

    def count(self, message: Message) -> None:
        """Count one message."""
        if message.skip is not None:
            self.skipped[message.skip] += 1
            return
        self.messages += 1
        key = self.room_of(message.server, message.room, new=True)
        self.rooms[key] += 1
        if key != OTHER_ROOMS:
            self.names[key] = message.room_name
        self.weeks[week_of(message.sent_at)] += 1
        if message.sent_at is not None:
            self.first = min(self.first or message.sent_at, message.sent_at)
            self.last = max(self.last or message.sent_at, message.sent_at)

    def room_of(self, server: str, room: str, *, new: bool = False) -> Room:
        """Tell under which room something is counted."""
        key = (server, room)
        if key in self.rooms or (new and len(self.rooms) < MOST_COUNTED_ROOMS):
            return key
        return OTHER_ROOMS


def chunks_of(
    messages: Iterable[Message], *, census: Census, size: int = CHUNK, begin: bytes = b""
) -> Iterator[Chunk]:
    """Cut messages into chunks.

    A chunk brings along what was said around it in its rooms, so that it does not matter where the cuts are.
    An export may begin with the newest message: what was said before a chunk is then looked for in the one
    behind it, which holds enough where rooms stand one after the other, as in every export that does so.

    Args:
        messages: the messages, in the order of the exports.
        census: counts them.
        size: how many messages make a chunk.
        begin: what the digests begin with.

    Returns:
        the chunks; the same messages always give the same.
    """
    recent, digest = _Recent(), hashlib.sha256(begin)
    waiting: tuple[int, list[Placed], list[Placed], str] | None = None
    for number, batch in enumerate(_batches(_placed(messages, census), size)):
        for placed in batch:
            _add(digest, placed)
        if waiting is not None:
            yield _chunk(*waiting, after=batch)
        waiting = (number, batch, recent.of_rooms(batch), digest.hexdigest())
        recent.remember(batch)
    if waiting is not None:
        yield _chunk(*waiting, after=[])


def _placed(messages: Iterable[Message], census: Census) -> Iterator[Placed]:
    """Number the messages, find what they answer, and leave out what nobody typed."""
    texts = _Texts()
    number = 0
    for message in messages:
        census.count(message)
        answered = texts.of(message)
        if message.answers is not None and answered is None:
            census.answered_unknown += 1
        texts.remember(message)
        if message.skip in (None, Skip.EMPTY):
            yield Placed(number, message, answered)
            number += 1


def _batches(placed: Iterable[Placed], size: int) -> Iterator[list[Placed]]:
    batch: list[Placed] = []
    characters = 0
    for one in placed:
        batch.append(one)
        characters += len(one.message.text)
        if len(batch) >= size or characters >= CHUNK_CHARACTERS:
            yield batch
            batch, characters = [], 0
    if batch:
        yield batch


def _chunk(
    number: int, batch: Sequence[Placed], before: Sequence[Placed], digest: str, *, after: Sequence[Placed]
) -> Chunk:
    spans = _spans(batch)
    around = [placed for placed in before if _is_near(placed, spans)]
    following: Counter[Room] = Counter()
    for placed in after:
        room = _room(placed)
        if _is_near(placed, spans) and following[room] < MOST_IN_ROOM:
            following[room] += 1
            around.append(placed)
    return Chunk(number, tuple(batch), tuple(around), digest)


def _spans(batch: Iterable[Placed]) -> dict[Room, tuple[datetime, datetime]]:
    """From when to when a message of each room can supply a topic to one of these."""
    spans: dict[Room, tuple[datetime, datetime]] = {}
    for placed in batch:
        sent_at = placed.message.sent_at
        if sent_at is not None:
            first, last = spans.get(_room(placed), (sent_at, sent_at))
            spans[_room(placed)] = (min(first, sent_at), max(last, sent_at))
    return spans


def _is_near(placed: Placed, spans: dict[Room, tuple[datetime, datetime]]) -> bool:
    sent_at, span = placed.message.sent_at, spans.get(_room(placed))
    return sent_at is not None and span is not None and span[0] - sent_at <= MEMORY and sent_at <= span[1]


def _room(placed: Placed) -> Room:
    return placed.message.server, placed.message.room


class _Recent:
    """The last messages of each room, no more of them than a conversation remembers."""

    def __init__(self) -> None:
        self._rooms: OrderedDict[Room, deque[Placed]] = OrderedDict()

    def of_rooms(self, batch: Iterable[Placed]) -> list[Placed]:
        rooms = dict.fromkeys(_room(placed) for placed in batch)
        return [placed for room in rooms for placed in self._rooms.get(room, ())]

    def remember(self, batch: Iterable[Placed]) -> None:
        for placed in batch:
            if placed.message.sent_at is None or len(placed.message.text) > MOST_CHARACTERS:
                continue
            room = _room(placed)
            self._rooms.setdefault(room, deque(maxlen=MOST_IN_ROOM)).append(placed)
            self._rooms.move_to_end(room)
            if len(self._rooms) > MOST_ROOMS:
                self._rooms.popitem(last=False)


class _Texts:
    """The texts of the last messages by their ids."""

    def __init__(self) -> None:
        self._texts: OrderedDict[tuple[str, str, str], str] = OrderedDict()
        self._characters = 0

    def remember(self, message: Message) -> None:
        if message.id is None or len(message.text) > MOST_CHARACTERS:
            return
        key = (message.server, message.room, message.id)
        self._characters += len(message.text) - len(self._texts.pop(key, ""))
        self._texts[key] = message.text
        while len(self._texts) > MOST_ANSWERED or self._characters > MOST_ANSWERED_CHARACTERS:
            self._characters -= len(self._texts.popitem(last=False)[1])

    def of(self, message: Message) -> str | None:
        if message.answers is None:
            return None
        return self._texts.get((message.server, message.room, message.answers))


def _add(digest: hashlib._Hash, placed: Placed) -> None:
    message = placed.message
    parts = (
        message.id,
        message.server,
        message.room,
        message.author,
        message.sent_at.isoformat() if message.sent_at else None,
        message.answers,
        message.text,
    )
    digest.update("\0".join(part or "" for part in parts).encode("utf-8", "surrogatepass") + b"\1")
