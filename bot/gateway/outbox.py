"""What the bot writes into channels: sent, edited and taken back, with Discord's refusals put into words."""

from __future__ import annotations

import logging
from collections.abc import Callable
from enum import StrEnum
from typing import Any

import aiohttp
import discord
from discord.abc import Messageable

from bot.gateway.recent import TroubleLog
from bot.gateway.rendering import Rendered, render
from bot.replies.model import Composed, Form, Incoming
from bot.rulebook.language import Labels

MISSING_ACCESS = 50001
MISSING_PERMISSIONS = 50013
UNKNOWN_CHANNEL = 10003
UNKNOWN_MESSAGE = 10008
THREAD_ARCHIVED = 50083
THREAD_LOCKED = 160005
NO_HISTORY = 160002
VERIFICATION_NEEDED = 50055

_REASONS = {
    MISSING_ACCESS: "I cannot see this channel; give me View Channels to be answered here",
    MISSING_PERMISSIONS: "I may not write here; give me Send Messages (in threads: Send Messages in Threads)",
    UNKNOWN_CHANNEL: "this channel is gone",
    THREAD_ARCHIVED: "this thread is archived; I stay quiet until somebody opens it again",
    THREAD_LOCKED: "this thread is locked; I stay quiet until a moderator opens it again",
    NO_HISTORY: "I may not answer to messages here; give me Read Message History",
    VERIFICATION_NEEDED: "this server's verification level keeps me from writing",
}
"""Discord's error codes (documented under "JSON Error Codes") in words for whoever reads the log."""

REFUSALS = (discord.HTTPException, discord.RateLimited, aiohttp.ClientError, OSError)
"""What discord.py raises where Discord refuses a request, fails, or cannot be reached."""

log = logging.getLogger(__name__)

ViewOf = Callable[[Form, Labels | None], discord.ui.View]


class Delivery(StrEnum):
    """What became of an edit or a deletion."""

    DONE = "done"
    GONE = "gone"
    REFUSED = "refused"


class Outbox:
    """Sends, edits and takes back replies.

    A refusal is logged once for each room and reason, until the room works again. Rate limits (429) and most
    faults of Discord's servers (500, 502, 504) are waited out and tried again by discord.py.

    Args:
        client: the client that sends.
        view_of: gives the buttons for a reply of a form, with these labels; None for English ones.
    """

    def __init__(self, *, client: discord.Client, view_of: ViewOf) -> None:
        self._client = client
        self._view_of = view_of
        self._troubles = TroubleLog(log=log)

    async def send(self, incoming: Incoming, composed: Composed) -> int | None:
        """Send a reply as a reply to the message it is about. It pings nobody.

        Args:
            incoming: the message.
            composed: what to say.

        Returns:
            the id of the message that was sent, or None where Discord refused.
        """
        room, server = int(incoming.room), int(incoming.server)
        # Where the message was deleted meanwhile Discord lets the reply stand alone; the deletion, which
        # arrives next, takes it along.
        reference = discord.MessageReference(
            message_id=int(incoming.id), channel_id=room, guild_id=server, fail_if_not_exists=False
        )
        channel = self._channel(room)
        rendered = render(composed, with_card=self._may_show_cards(channel))
        try:
            sent = await channel.send(
                **_given(rendered),
                reference=reference,
                mention_author=False,
                view=self._view_of(composed.form, composed.labels),
            )
        except REFUSALS as error:
            self._refused(room, error)
            return None
        self._troubles.works(room)
        return sent.id

    async def edit(self, *, room: str, reply: str, composed: Composed) -> Delivery:
        """Change a reply that stands.

        Args:
            room: the channel's id.
            reply: the id of the reply.
            composed: what to say now.

        Returns:
            done, gone (somebody deleted the reply) or refused.
        """
        channel = self._channel(int(room))
        rendered = render(composed, with_card=self._may_show_cards(channel))
        message = _partial(channel, int(reply))
        try:
            await message.edit(
                content=rendered.content,
                embed=rendered.embed,
                view=self._view_of(composed.form, composed.labels),
            )
        except REFUSALS as error:
            return self._refused(int(room), error)
        self._troubles.works(int(room))
        return Delivery.DONE

    async def withdraw(self, *, room: str, reply: str) -> Delivery:
        """Take a reply back.

        Args:
            room: the channel's id.
            reply: the id of the reply.

        Returns:
            done, gone (it was already deleted) or refused.
        """
        try:
            await _partial(self._channel(int(room)), int(reply)).delete()
        except REFUSALS as error:
            return self._refused(int(room), error)
        return Delivery.DONE

    async def tell_moderators(
        self, incoming: Incoming, *, moderators_room: str | None, is_answered: bool
    ) -> bool:
        """Point moderators to a message in which somebody may need help. Nothing of the message is repeated.

        Args:
            incoming: the message.
            moderators_room: the id of the channel that the server set for this; None where it set none.
            is_answered: whether the emergency lines stand there.

        Returns:
            whether they were told.
        """
        if moderators_room is None:
            self._troubles.tell(
                int(incoming.room), "signs of an emergency, but no moderators' channel is set"
            )
            return False
        room = int(moderators_room)
        channel = self._client.get_channel(room)
        guild = getattr(channel, "guild", None)
        if channel is None or guild is None or str(guild.id) != incoming.server:
            self._troubles.tell(room, "this moderators' channel is gone or on another server; set it again")
            return False
        link = f"https://discord.com/channels/{incoming.server}/{incoming.room}/{incoming.id}"
        done = "I answered there with the emergency lines." if is_answered else "I have not answered there."
        text = f"**Somebody may need help now:** {link}\n{done} Please have a look; I can be mistaken."
        try:
            await self._channel(room).send(text, suppress_embeds=True)
        except REFUSALS as error:
            self._refused(room, error)
            return False
        self._troubles.works(room)
        return True

    def forget(self, room: int) -> None:
        """Forget a channel that was deleted or that the bot can no longer reach."""
        self._troubles.forget(room)

    def _channel(self, room: int) -> Messageable:
        channel = self._client.get_channel(room)
        return channel if isinstance(channel, Messageable) else self._client.get_partial_messageable(room)

    def _may_show_cards(self, channel: Messageable) -> bool:
        """Tell whether cards are allowed; where Discord has not told what the bot may do there, try."""
        if isinstance(channel, discord.Thread):
            if channel.parent is None:
                return True
        elif not isinstance(channel, discord.abc.GuildChannel):
            return True
        return channel.guild.me is None or channel.permissions_for(channel.guild.me).embed_links

    def _refused(self, room: int, error: Exception) -> Delivery:
        code = error.code if isinstance(error, discord.HTTPException) else 0
        if code == UNKNOWN_MESSAGE:
            return Delivery.GONE
        self._troubles.tell(
            room, _REASONS.get(code) or f"Discord did not take what I sent ({in_numbers(error)})"
        )
        return Delivery.GONE if code == UNKNOWN_CHANNEL else Delivery.REFUSED


def _given(rendered: Rendered) -> dict[str, Any]:
    if rendered.embed is not None:
        return {"embed": rendered.embed}
    return {"content": rendered.content}


def _partial(channel: Messageable, message: int) -> discord.PartialMessage:
    return channel.get_partial_message(message)  # type: ignore[attr-defined, no-any-return]


def in_numbers(error: Exception) -> str:
    """Name a refusal by its numbers, for the log: its own text may quote what was sent.

    Args:
        error: what discord.py raised.

    Returns:
        a few words.
    """
    if isinstance(error, discord.HTTPException):
        return f"status {error.status}, code {error.code}"
    return type(error).__name__
