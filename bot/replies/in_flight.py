"""Replies that are decided on, but of which a surface has not yet said that they stand."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta
from weakref import WeakValueDictionary

from msgspec import Struct, field

from bot.replies.model import Form, Incoming, Reply, Spoken

LOST_AFTER = timedelta(seconds=60)
"""After this time a reply that nobody reported is taken for lost, and no longer holds others back."""


class Flight(Struct):
    """One reply under way: sent, edited or withdrawn, until the surface reports.

    Args:
        incoming: the message.
        decided: when it was decided.
        digest: the digest of the rulebook it was made with.
        families: the families it answers; empty for a withdrawal.
        form: its form; None for a withdrawal.
        reply: the id of the reply that is edited or withdrawn; None for a new one.
        landed: set as soon as the surface has reported.
    """

    incoming: Incoming
    decided: datetime
    digest: str
    families: tuple[str, ...] = ()
    form: Form | None = None
    reply: str | None = None
    landed: asyncio.Event = field(default_factory=asyncio.Event)


class Flights:
    """All replies under way, by message. They count for the cool-down, so that no two messages race."""

    def __init__(self) -> None:
        self._by_message: dict[str, Flight] = {}

    def depart(
        self, incoming: Incoming, decision: Reply | None, *, now: datetime, digest: str, reply: str | None
    ) -> None:
        """Note a reply (or, without a decision, a withdrawal) as under way."""
        self._drop_lost(now)
        families = tuple(dict.fromkeys(finding.family for finding in decision.findings)) if decision else ()
        self._by_message[incoming.id] = Flight(
            incoming, now, digest, families, decision.form if decision else None, reply
        )

    def land(self, message: str) -> Flight | None:
        """Note that a surface has reported, and wake whoever waits for it."""
        flight = self._by_message.pop(message, None)
        if flight is not None:
            flight.landed.set()
        return flight

    def land_withdrawal(self, reply: str) -> Flight | None:
        """Note that a reply was reported as withdrawn; None where no withdrawal of it was under way."""
        for message, flight in self._by_message.items():
            if flight.reply == reply and flight.form is None:
                return self.land(message)
        return None

    def under_way(self, message: str) -> Flight | None:
        """The reply to a message that is under way, or None."""
        return self._by_message.get(message)

    async def wait_for(self, message: str, *, patience: float) -> None:
        """Wait until the reply to a message has landed.

        Args:
            message: the message's id.
            patience: the longest wait, in seconds; afterwards the reply is taken for lost.
        """
        flight = self._by_message.get(message)
        if flight is None:
            return
        try:
            async with asyncio.timeout(patience):
                await flight.landed.wait()
        except TimeoutError:
            self.land(message)

    def added_to(self, spoken: Spoken, incoming: Incoming, *, now: datetime) -> Spoken:
        """What was said lately together with what is about to be said, replies to this message left out."""
        in_room, to_member, emergency = dict(spoken.in_room), dict(spoken.to_member), spoken.emergency
        self._drop_lost(now)
        for flight in self._beside(incoming):
            same_room = flight.incoming.room == incoming.room
            same_member = flight.incoming.author == incoming.author
            for family in flight.families:
                if same_room:
                    in_room[family] = flight.decided
                if same_member:
                    to_member[family] = flight.decided
            if same_room and same_member and flight.form is Form.EMERGENCY:
                emergency = flight.decided
        return Spoken(in_room=in_room, to_member=to_member, emergency=emergency)

    def _beside(self, incoming: Incoming) -> Iterator[Flight]:
        for message, flight in self._by_message.items():
            if message != incoming.id and flight.incoming.server == incoming.server:
                yield flight

    def _drop_lost(self, now: datetime) -> None:
        lost = [m for m, flight in self._by_message.items() if now - flight.decided > LOST_AFTER]
        for message in lost:
            self.land(message)


class Turns:
    """One lock for each name, kept only while somebody holds or awaits it."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def of(self, *name: str) -> asyncio.Lock:
        """The lock of that name; hold on to it while it is needed."""
        return self._locks.setdefault("\0".join(name), asyncio.Lock())
