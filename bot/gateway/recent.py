"""Small memories that cannot grow: what was seen lately, and what was already logged."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Recent(Generic[Key]):
    """A set that forgets its oldest member when it is full.

    Args:
        limit: how many members it holds.
    """

    def __init__(self, *, limit: int) -> None:
        self._limit = limit
        self._members: OrderedDict[Key, None] = OrderedDict()

    def add(self, member: Key) -> bool:
        """Remember a member.

        Returns:
            whether it is new.
        """
        is_new = member not in self._members
        self._members[member] = None
        self._members.move_to_end(member)
        while len(self._members) > self._limit:
            self._members.popitem(last=False)
        return is_new

    def discard(self, member: Key) -> bool:
        """Forget a member.

        Returns:
            whether it was there.
        """
        if member in self._members:
            del self._members[member]
            return True
        return False

    def __contains__(self, member: Key) -> bool:
        return member in self._members

    def __len__(self) -> int:
        return len(self._members)


class TroubleLog:
    """Logs each trouble of a room once, and once more when the room works again.

    Args:
        log: where it is logged.
        limit: how many rooms in trouble are remembered; the oldest is forgotten first.
    """

    def __init__(self, *, log: logging.Logger, limit: int = 1000) -> None:
        self._log = log
        self._limit = limit
        self._troubles: OrderedDict[int, set[str]] = OrderedDict()

    def tell(self, room: int, reason: str) -> None:
        """Log that something does not work in a room, unless that was already logged.

        Args:
            room: the channel's id.
            reason: what does not work and what would help, as part of a sentence.
        """
        told = self._troubles.setdefault(room, set())
        self._troubles.move_to_end(room)
        while len(self._troubles) > self._limit:
            self._troubles.popitem(last=False)
        if reason not in told:
            told.add(reason)
            self._log.warning("channel %s: %s", room, reason)

    def works(self, room: int) -> None:
        """Note that a room works; it is logged where it did not before."""
        if self._troubles.pop(room, None) is not None:
            self._log.info("channel %s: works again", room)

    def forget(self, room: int) -> None:
        """Forget a room that is no more."""
        self._troubles.pop(room, None)


class Kept(Generic[Key, Value]):
    """A dictionary that forgets its oldest entry when it is full.

    Args:
        limit: how many entries it holds.
    """

    def __init__(self, *, limit: int) -> None:
        self._limit = limit
        self._entries: OrderedDict[Key, Value] = OrderedDict()

    def put(self, key: Key, value: Value) -> None:
        """Remember a value in place of the one before."""
        self._entries[key] = value
        self._entries.move_to_end(key)
        while len(self._entries) > self._limit:
            self._entries.popitem(last=False)

    def get(self, key: Key) -> Value | None:
        """Give what is remembered; None where it is forgotten."""
        return self._entries.get(key)

    def __len__(self) -> int:
        return len(self._entries)
