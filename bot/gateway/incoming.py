"""From Discord's messages to the value that the rest of the product knows."""

from __future__ import annotations

import discord

from bot.replies.model import Incoming

WRITTEN_BY_PEOPLE = frozenset({discord.MessageType.default, discord.MessageType.reply})
"""The types of message that somebody typed or forwarded; all others are Discord's own announcements."""


def incoming_from(message: discord.Message) -> Incoming | None:
    """Read a message of a server.

    Args:
        message: the message, as it is now.

    Returns:
        who said what and where; None for bots, webhooks, Discord's own announcements and direct messages.
    """
    if message.guild is None or message.author.bot or message.webhook_id is not None:
        return None
    if message.type not in WRITTEN_BY_PEOPLE:
        return None
    text, is_forwarded = _text_of(message)
    return Incoming(
        id=str(message.id),
        server=str(message.guild.id),
        room=str(message.channel.id),
        author=str(message.author.id),
        text=text,
        sent_at=message.created_at,
        parents=_parents_of(message.channel),
        roles=_roles_of(message.author),
        answers=_answered_text(message),
        is_bot=False,
        forwarded=is_forwarded,
    )


def was_edited(data: object) -> bool:
    """Tell whether a MESSAGE_UPDATE tells of an edit by its author.

    Discord sends the same event when it unfurls a link, pins a message or closes a poll. Those leave out the
    content, or hold it without a time of editing.

    Args:
        data: the event's data.

    Returns:
        whether the content can have changed.
    """
    return isinstance(data, dict) and "content" in data and bool(data.get("edited_timestamp"))


def _text_of(message: discord.Message) -> tuple[str, bool]:
    forwarded = [snapshot.content for snapshot in message.message_snapshots]
    if forwarded:
        return "\n".join(forwarded), True
    return message.content, False


def _parents_of(channel: object) -> tuple[str, ...]:
    parents: list[int | None] = []
    if isinstance(channel, discord.Thread):
        parents = [channel.parent_id, channel.parent.category_id if channel.parent else None]
    elif isinstance(channel, discord.abc.GuildChannel):
        parents = [channel.category_id]
    return tuple(str(parent) for parent in parents if parent is not None)


def _roles_of(author: discord.User | discord.Member) -> frozenset[str]:
    if not isinstance(author, discord.Member):
        return frozenset()
    return frozenset(str(role.id) for role in author.roles if not role.is_default())


def _answered_text(message: discord.Message) -> str | None:
    reference = message.reference
    if reference is None or reference.type is not discord.MessageReferenceType.reply:
        return None
    answered = reference.resolved
    if not isinstance(answered, discord.Message):
        return None
    return _text_of(answered)[0] or None
