"""How interactions and the answers to them are written on the wire."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.loopback.payloads import channel_payload, member_payload, message_payload, user_payload
from tests.loopback.permissions import IN_PRIVATE
from tests.loopback.problems import Json

if TYPE_CHECKING:
    from tests.loopback.interactions import Interaction
    from tests.loopback.messages import Message
    from tests.loopback.world import World

ATTACHMENT_LIMIT = 10 * 1024 * 1024
"""What a file in an answer may weigh, in bytes."""


def interaction_payload(interaction: Interaction, world: World, *, application_id: int) -> Json:
    """Write an interaction as INTERACTION_CREATE carries it."""
    member, channel, guild = interaction.member, interaction.channel, interaction.channel.guild
    granted = member.permissions_in(channel) if guild is not None else IN_PRIVATE
    payload: Json = {
        "id": str(interaction.id),
        "application_id": str(application_id),
        "type": int(interaction.kind),
        "token": interaction.token,
        "version": 1,
        "data": interaction.data,
        "channel_id": str(channel.id),
        "channel": {**channel_payload(channel), "permissions": str(int(granted))},
        "locale": member.locale,
        "app_permissions": str(int(world.bot_permissions(channel))),
        "entitlements": [],
        "entitlement_sku_ids": [],
        "authorizing_integration_owners": owners(interaction),
        "context": 0 if guild is not None else 1,
        "attachment_size_limit": ATTACHMENT_LIMIT,
    }
    if guild is not None:
        payload["guild_id"] = str(guild.id)
        payload["guild"] = {"id": str(guild.id), "locale": guild.locale, "features": []}
        payload["guild_locale"] = guild.locale
        payload["member"] = {**member_payload(member), "permissions": str(int(granted))}
    else:
        payload["user"] = user_payload(member.user)
    if interaction.source is not None:
        payload["message"] = message_payload(interaction.source)
    return payload


def owners(interaction: Interaction) -> dict[str, str]:
    """Write for whom the application is installed: the guild, or 0 in direct messages."""
    guild = interaction.channel.guild
    return {"0": str(guild.id) if guild is not None else "0"}


def metadata(interaction: Interaction) -> Json:
    """Write what a message says of the interaction that it answers."""
    written: Json = {
        "id": str(interaction.id),
        "type": int(interaction.kind),
        "user": user_payload(interaction.member.user),
        "authorizing_integration_owners": owners(interaction),
    }
    if interaction.command_name is not None:
        written["name"] = interaction.command_name
        written["command_type"] = interaction.data["type"]
    elif interaction.source is not None:
        written["interacted_message_id"] = str(interaction.source.id)
    return written


def callback_payload(interaction: Interaction, message: Message | None) -> Json:
    """Write the answer to a callback that asked for one with `with_response`."""
    kind = int(interaction.answered_with or 0)
    about: Json = {"id": str(interaction.id), "type": int(interaction.kind)}
    if message is None:
        return {"interaction": about}
    about |= {
        "response_message_id": str(message.id),
        "response_message_loading": kind == 5,
        "response_message_ephemeral": message.is_ephemeral,
        "channel_id": str(message.channel.id),
    }
    if message.channel.guild is not None:
        about["guild_id"] = str(message.channel.guild.id)
    shown = {"type": kind, "message": message_payload(message)}
    return {"interaction": about} | ({"resource": shown} if kind in {4, 7} else {})
