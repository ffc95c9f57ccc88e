"""What waits for a moderator's press: held in memory, for an hour, and never more than so much of it."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta

from msgspec import Struct

from bot.moderation.changes import Change
from bot.moderation.model import Proposal
from bot.store.model import KeptDraft

LIFETIME = timedelta(hours=1)
"""For how long a press is waited for."""
MOST_HELD = 200
"""So much is held at most; the oldest goes first."""


class Asked(Struct, frozen=True):
    """A change that a moderator asks for.

    Args:
        server: the server.
        change: what is asked.
        by: id of the moderator.
        why: why, in their words.
        seen: the number of the version that they saw; None: the newest, whatever it is.
    """

    server: str
    change: Change
    by: str
    why: str
    seen: int | None = None


class Waiting(Struct, frozen=True):
    """A proposal that waits to be confirmed, with the draft that keeps what was typed for it."""

    proposal: Proposal
    draft: KeptDraft | None


class Pending:
    """Holds what waits for a press, by a key that stands in the button.

    Args:
        clock: the time now, with time zone.
    """

    def __init__(self, *, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._held: OrderedDict[str, tuple[datetime, Asked | Waiting]] = OrderedDict()

    def put(self, held: Asked | Waiting, *, key: str | None = None) -> str:
        """Hold something.

        Args:
            held: what is held.
            key: the key that it had before; without it, it gets one.

        Returns:
            its key, which nobody can guess.
        """
        key = key or secrets.token_hex(8)
        self._held[key] = (self._clock() + LIFETIME, held)
        while len(self._held) > MOST_HELD:
            self._held.popitem(last=False)
        return key

    def get(self, key: str) -> Asked | Waiting | None:
        """Give what is held; None where it is not held any more."""
        until, held = self._held.get(key, (None, None))
        if until is None or until <= self._clock():
            self._held.pop(key, None)
            return None
        return held

    def take(self, key: str) -> Asked | Waiting | None:
        """Give what is held, and hold it no longer: a second press finds nothing."""
        held = self.get(key)
        self._held.pop(key, None)
        return held
