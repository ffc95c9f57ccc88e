"""Repairs in the room: messages are looked at again, replies withdrawn or corrected in the room's turn."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot.moderation.repair import Handed, Missing, Posts
from bot.replies.model import Composed, Incoming
from bot.studio.health import SERVER
from bot.studio.room import Room


class RoomPosts(Posts):
    """Does in the room what a repair asks for. What was said before it was cleared or opened anew is gone.

    Args:
        room: the room.
    """

    def __init__(self, *, room: Room) -> None:
        self._room = room

    def serves(self, server: str) -> bool:
        """See `Posts.serves`."""
        return server == SERVER

    async def in_turn(self, room: str, work: Callable[[], Awaitable[None]]) -> None:
        """See `Posts.in_turn`; the room has one turn, whatever id it had when a reply was sent."""
        async with self._room.turn:
            await work()

    async def message(self, *, server: str, room: str, message: str) -> Incoming | Missing:
        """See `Posts.message`."""
        return self._room.incoming(message) or Missing.GONE

    async def withdraw(self, *, room: str, reply: str) -> Handed:
        """See `Posts.withdraw`."""
        return Handed.DONE if self._room.take_back(reply) else Handed.GONE

    async def correct(self, *, room: str, reply: str, composed: Composed) -> Handed:
        """See `Posts.correct`."""
        return Handed.DONE if self._room.correct(reply, composed) else Handed.GONE
