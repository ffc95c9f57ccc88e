"""Repairs on Discord: messages are looked up again, replies withdrawn or corrected in their room's turn."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import discord
from discord.abc import Messageable

from bot.errors import DiscordError
from bot.gateway.incoming import incoming_from
from bot.gateway.order import InOrder
from bot.gateway.outbox import REFUSALS, Outbox
from bot.moderation.repair import Handed, Missing, Posts
from bot.replies.model import Composed, Incoming


class RepairCrew(Posts):
    """Does on Discord what a repair asks for. Rate limits are waited out by discord.py.

    Args:
        client: knows the channels.
        outbox: edits and deletes.
        work: keeps the order of each room.
    """

    def __init__(self, *, client: discord.Client, outbox: Outbox, work: InOrder) -> None:
        self._client = client
        self._outbox = outbox
        self._work = work

    def serves(self, server: str) -> bool:
        """See `Posts.serves`."""
        return _number(server) > 0

    async def in_turn(self, room: str, work: Callable[[], Awaitable[None]]) -> None:
        """See `Posts.in_turn`.

        Raises:
            DiscordError: the bot is about to leave, and takes no more work.
        """
        turn, over = asyncio.Event(), asyncio.Event()

        async def hold() -> None:
            turn.set()
            await over.wait()

        if not self._work.put(_number(room), hold, must=True):
            raise DiscordError("the bot is leaving; what is left is looked at after the next start")
        try:
            await turn.wait()
            await work()
        finally:
            over.set()

    async def message(self, *, server: str, room: str, message: str) -> Incoming | Missing:
        """See `Posts.message`."""
        channel: Any = self._client.get_channel(_number(room))
        if not isinstance(channel, Messageable):
            return Missing.UNREACHABLE
        try:
            found = await channel.fetch_message(_number(message))
        except discord.NotFound:
            return Missing.GONE
        except REFUSALS:
            return Missing.UNREACHABLE
        return incoming_from(found) or Missing.UNREACHABLE

    async def withdraw(self, *, room: str, reply: str) -> Handed:
        """See `Posts.withdraw`."""
        if not _number(reply):
            return Handed.REFUSED
        return Handed((await self._outbox.withdraw(room=room, reply=reply)).value)

    async def correct(self, *, room: str, reply: str, composed: Composed) -> Handed:
        """See `Posts.correct`."""
        if not _number(reply):
            return Handed.REFUSED
        return Handed((await self._outbox.edit(room=room, reply=reply, composed=composed)).value)


def _number(identifier: str) -> int:
    """Give Discord's number; 0, which is nobody's, for what the room in the browser has kept."""
    return int(identifier) if identifier.isascii() and identifier.isdigit() else 0
