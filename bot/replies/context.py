"""What was said just before: bounded, in memory only, never stored."""

from __future__ import annotations

from bisect import insort
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import blake2b

from msgspec import Struct

from bot.replies.model import Incoming
from bot.text.model import Reading

MEMORY = timedelta(minutes=10)
"""How long a message can supply the topic of a later one."""
MOST_BESIDE = 2
"""How many messages right before, by others, can supply the topic."""
MOST_BY_AUTHOR = 3
"""How many earlier messages of the same author can supply it."""
MOST_IN_ROOM = 24
"""How many messages are remembered in a room, so that an author's own are still there in a lively one."""
MOST_CHARACTERS = 8000
"""How many characters are remembered in a room, whatever the number of messages."""
MOST_ROOMS = 256
"""In how many rooms something is remembered; the room that was quiet longest is forgotten first."""
MOST_TEXTS = 10_000
"""For how many messages it is remembered whether an edit changed their text."""


class _Remembered(Struct, frozen=True):
    message: str
    author: str
    sent_at: datetime
    reading: Reading


class Conversations:
    """Remembers the last messages of each room for some minutes, by the times at which they were sent.

    Args:
        most_rooms: in how many rooms something is remembered.
    """

    def __init__(self, *, most_rooms: int = MOST_ROOMS) -> None:
        self._most_rooms = most_rooms
        self._rooms: OrderedDict[tuple[str, str], list[_Remembered]] = OrderedDict()

    def remember(self, incoming: Incoming, reading: Reading) -> None:
        """Remember a message; an edited one takes the place of what it was."""
        self.forget_message(server=incoming.server, room=incoming.room, message=incoming.id)
        key = (incoming.server, incoming.room)
        entries = self._rooms.setdefault(key, [])
        insort(
            entries,
            _Remembered(incoming.id, incoming.author, incoming.sent_at, reading),
            key=lambda entry: entry.sent_at,
        )
        self._rooms[key] = _trimmed(entries)
        self._rooms.move_to_end(key)
        while len(self._rooms) > self._most_rooms:
            self._rooms.popitem(last=False)

    def before(self, incoming: Incoming, *, answered: Reading | None) -> tuple[Reading, ...]:
        """What can supply the topic of a message, oldest first.

        Args:
            incoming: the message; it need not be remembered.
            answered: the message that it answers, where it answers one.

        Returns:
            the author's last few messages in the room and, where the message answers none, the few messages
            of anybody right before it, all within ten minutes; the message that it answers comes last.
        """
        earlier = [
            entry
            for entry in self._rooms.get((incoming.server, incoming.room), ())
            if entry.message != incoming.id and timedelta() <= incoming.sent_at - entry.sent_at <= MEMORY
        ]
        own = [entry.message for entry in earlier if entry.author == incoming.author][-MOST_BY_AUTHOR:]
        beside = [entry.message for entry in earlier][-MOST_BESIDE:] if answered is None else []
        readings = tuple(entry.reading for entry in earlier if entry.message in {*own, *beside})
        return readings if answered is None else (*readings, answered)

    def forget_message(self, *, server: str, room: str, message: str) -> None:
        """Forget a message that was deleted."""
        self._keep((server, room), lambda entry: entry.message != message)

    def forget_author(self, author: str) -> None:
        """Forget all messages of a member, everywhere."""
        for key in list(self._rooms):
            self._keep(key, lambda entry: entry.author != author)

    def _keep(self, key: tuple[str, str], wanted: Callable[[_Remembered], bool]) -> None:
        left = [entry for entry in self._rooms.get(key, ()) if wanted(entry)]
        if left:
            self._rooms[key] = left
        else:
            self._rooms.pop(key, None)


def _trimmed(entries: list[_Remembered]) -> list[_Remembered]:
    """The newest of a room's messages, as many as its bounds allow."""
    newest = entries[-1].sent_at
    left: list[_Remembered] = []
    characters = 0
    for entry in reversed(entries[-MOST_IN_ROOM:]):
        characters += len(entry.reading.raw)
        if newest - entry.sent_at > MEMORY or characters > MOST_CHARACTERS:
            break
        left.append(entry)
    return left[::-1]


class Texts:
    """Remembers by digests what the last messages said, to tell an edit of the text from any other.

    Args:
        most: for how many messages.
    """

    def __init__(self, *, most: int = MOST_TEXTS) -> None:
        self._most = most
        self._digests: OrderedDict[tuple[str, str], bytes] = OrderedDict()

    def remember(self, incoming: Incoming) -> None:
        """Remember what a message says now."""
        key = (incoming.server, incoming.id)
        self._digests[key] = _digest(incoming.text)
        self._digests.move_to_end(key)
        while len(self._digests) > self._most:
            self._digests.popitem(last=False)

    def holds(self, incoming: Incoming) -> bool:
        """Whether a message still says what it said when it was last remembered."""
        return self._digests.get((incoming.server, incoming.id)) == _digest(incoming.text)

    def forget(self, *, server: str, message: str) -> None:
        """Forget a message."""
        self._digests.pop((server, message), None)


def _digest(text: str) -> bytes:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
