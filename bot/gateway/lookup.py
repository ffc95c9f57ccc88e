"""Finding the message that somebody asks about, answered or not, and explaining it."""

from __future__ import annotations

import re
from typing import Any

import discord
from discord.abc import Messageable
from msgspec.structs import replace

from bot.gateway.desk import NOT_KNOWN
from bot.gateway.incoming import incoming_from
from bot.gateway.outbox import REFUSALS
from bot.gateway.reasons import why_not_answered
from bot.gateway.rendering import MESSAGE_LIMIT, render_explanation, shortened
from bot.replies.checker import Checker
from bot.replies.model import Incoming, Outcome

LOOK_BACK = 100
"""So many messages of a channel are looked through for the last reply; Discord gives them in one request."""

_LINK = re.compile(
    r"<?https://(?:\w+\.)?discord(?:app)?\.com/channels/(?P<server>[0-9]{1,20})/(?P<room>[0-9]{1,20})/(?P<message>[0-9]{1,20})/?>?"
)
_ID = re.compile(r"[0-9]{15,20}")

NOT_A_LINK = (
    "That is no link to a message. Open the message's menu, choose “Copy Message Link”, and paste it here."
)
NOT_HERE = "That message is on another server; ask me there."
NOT_FOUND = "I cannot find that message: it is gone, or it lies in a channel that you or I cannot read."
ONLY_ON_SERVERS = "I answer in a server's channels only, so there is nothing to explain here."
NONE_LATELY = (
    f"I wrote no caveat among the last {LOOK_BACK} messages of this channel. "
    "To ask about a message, give me its link."
)
NOT_BY_A_MEMBER = "That was written by a program or by Discord itself; I answer people only."


class Lookup:
    """Explains messages to those who can see them.

    Args:
        checker: knows what was said and why, and checks what was not answered.
    """

    def __init__(self, *, checker: Checker) -> None:
        self._checker = checker

    async def last_reply(self, interaction: discord.Interaction[Any]) -> str:
        """Explain the last reply in the channel in which somebody asks.

        Args:
            interaction: who asks and where.

        Returns:
            the explanation.
        """
        channel = interaction.channel
        if interaction.guild_id is None or not isinstance(channel, Messageable):
            return ONLY_ON_SERVERS
        own_id = interaction.client.user.id
        try:
            async for message in channel.history(limit=LOOK_BACK):
                if message.author.id == own_id:
                    explanation = await self._checker.explain(reply=str(message.id))
                    if explanation is not None:
                        return shortened(
                            f"{message.jump_url}\n{render_explanation(explanation)}", limit=MESSAGE_LIMIT
                        )
        except REFUSALS:
            return NOT_FOUND
        return NONE_LATELY

    async def linked(self, interaction: discord.Interaction[Any], link: str) -> str:
        """Explain a message by its link, or by its id in this channel.

        Args:
            interaction: who asks and where.
            link: what was typed.

        Returns:
            the explanation, or why there is none.
        """
        found = await self.found(interaction, link)
        return found if isinstance(found, str) else await self.message(found)

    async def found(self, interaction: discord.Interaction[Any], link: str) -> discord.Message | str:
        """Find a message by its link, or by its id in this channel.

        Args:
            interaction: who asks and where.
            link: what was typed.

        Returns:
            the message; where the asker cannot be shown one, why.
        """
        if interaction.guild_id is None or interaction.guild is None:
            return ONLY_ON_SERVERS
        place = place_of(link, server=interaction.guild_id, room=interaction.channel_id or 0)
        if place is None:
            return NOT_A_LINK
        server, room, message = place
        if server != interaction.guild_id:
            return NOT_HERE
        channel = interaction.guild.get_channel_or_thread(room)
        if not isinstance(channel, Messageable) or not may_read(interaction, channel):
            return NOT_FOUND
        try:
            return await channel.fetch_message(message)
        except REFUSALS:
            return NOT_FOUND

    async def message(self, message: discord.Message) -> str:
        """Explain a message that the asker sees.

        Args:
            message: a reply of the bot, or a message of a member.

        Returns:
            the explanation.
        """
        explanation = await self._checker.explain(reply=str(message.id))
        if explanation is not None:
            return render_explanation(explanation)
        if message.guild is not None and message.author == message.guild.me:
            return NOT_KNOWN
        incoming = incoming_from(message)
        if incoming is None:
            return NOT_BY_A_MEMBER
        reply = await self._checker.reply_to(server=incoming.server, message=incoming.id)
        answered = await self._checker.explain(reply=reply) if reply is not None else None
        if answered is not None:
            return render_explanation(answered)
        outcome = self._seen(incoming)
        settings = await self._checker.settings_of(incoming.server)
        if settings.exempt_roles and not incoming.roles:
            incoming = replace(incoming, roles=await _roles_now(message))
        return render_explanation(why_not_answered(outcome, incoming=incoming, settings=settings))

    async def seen(self, message: discord.Message) -> Outcome | None:
        """Look at a member's message by itself, as it stands now; None for what no member wrote."""
        incoming = incoming_from(message)
        return self._seen(incoming) if incoming is not None else None

    def _seen(self, incoming: Incoming) -> Outcome:
        context = (incoming.answers,) if incoming.answers else ()
        return self._checker.check(incoming.text, context, server=incoming.server)


async def _roles_now(message: discord.Message) -> frozenset[str]:
    """Ask Discord for the author's roles: a message that was fetched comes without them."""
    try:
        member = await message.guild.fetch_member(message.author.id) if message.guild else None
    except REFUSALS:
        member = None
    return frozenset(str(role.id) for role in member.roles) if member else frozenset()


def place_of(link: str, *, server: int, room: int) -> tuple[int, int, int] | None:
    """Read the link or the id of a message.

    Args:
        link: what was typed.
        server: the server in which it was typed; an id belongs to it.
        room: the channel in which it was typed; an id belongs to it.

    Returns:
        ids of server, channel and message; None where it is neither.
    """
    typed = link.strip()
    match = _LINK.fullmatch(typed)
    if match is not None:
        return int(match["server"]), int(match["room"]), int(match["message"])
    return (server, room, int(typed)) if _ID.fullmatch(typed) else None


def may_read(interaction: discord.Interaction[Any], channel: object) -> bool:
    """Tell whether the asker can read a channel: Discord vouches only for the one they ask in.

    Args:
        interaction: who asks and where.
        channel: the channel or thread.
    """
    if not isinstance(channel, discord.abc.GuildChannel | discord.Thread):
        return False
    if channel.id == interaction.channel_id:
        return interaction.permissions.read_message_history
    member = interaction.user
    if not isinstance(member, discord.Member) or (
        isinstance(channel, discord.Thread) and channel.parent is None
    ):
        return False
    allowed = channel.permissions_for(member)
    if isinstance(channel, discord.Thread) and channel.is_private() and not allowed.manage_threads:
        return False
    return allowed.view_channel and allowed.read_message_history
