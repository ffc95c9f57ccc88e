"""What the bot may do on a server, why it needs that, and the link that asks for exactly this."""

from __future__ import annotations

import discord
from msgspec import Struct


class NeededPermission(Struct, frozen=True):
    """One permission, by discord.py's name and by the name people see, with the reason it is needed."""

    flag: str
    label: str
    reason: str


NEEDED_PERMISSIONS = (
    NeededPermission("view_channel", "View Channels", "to read the channels it may answer in"),
    NeededPermission("send_messages", "Send Messages", "to answer"),
    NeededPermission(
        "send_messages_in_threads", "Send Messages in Threads", "to answer in threads and forum posts"
    ),
    NeededPermission(
        "embed_links", "Embed Links", "to show an answer as a card; without it the answer is plain text"
    ),
    NeededPermission(
        "read_message_history", "Read Message History", "to attach its answer to the message it is about"
    ),
)
"""Everything the bot asks for, in the order in which Discord lists it. It asks for nothing else."""

SCOPES = ("bot", "applications.commands")
"""The OAuth2 scopes: a bot user, and its slash commands."""


def needed_permissions() -> discord.Permissions:
    """Give the permissions that the invite link asks for.

    Returns:
        the permissions as one value.
    """
    return discord.Permissions(**{permission.flag: True for permission in NEEDED_PERMISSIONS})


def invite_link(application_id: int) -> str:
    """Build the link with which somebody who manages a server adds the bot to it.

    Args:
        application_id: the application's id, from Discord's developer portal.

    Returns:
        the link.
    """
    return discord.utils.oauth_url(application_id, permissions=needed_permissions(), scopes=SCOPES)
