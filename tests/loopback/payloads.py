"""How state is written on the wire: the JSON of users, roles, members, channels, guilds and messages."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from tests.loopback.permissions import Permission, in_channel
from tests.loopback.places import Channel, ChannelKind, Overwrite, Role, User
from tests.loopback.problems import Json
from tests.loopback.snowflakes import iso, made_at

if TYPE_CHECKING:
    from tests.loopback.guilds import Guild
    from tests.loopback.members import Member
    from tests.loopback.messages import Message

_UNSET_IN_GUILD = (
    "icon",
    "description",
    "home_header",
    "splash",
    "discovery_splash",
    "banner",
    "application_id",
    "afk_channel_id",
    "system_channel_id",
    "widget_channel_id",
    "max_presences",
    "vanity_url_code",
    "rules_channel_id",
    "safety_alerts_channel_id",
    "public_updates_channel_id",
    "hub_type",
    "incidents_data",
    "latest_onboarding_question_id",
)
"""What a guild can have and these guilds have not."""


def user_payload(user: User) -> Json:
    """Write a user."""
    payload: Json = {
        "id": str(user.id),
        "username": user.name,
        "discriminator": "0000" if user.is_bot else "0",
        "global_name": user.display_name,
        "avatar": None,
        "banner": None,
        "accent_color": None,
        "public_flags": 0,
        "flags": 0,
        "avatar_decoration_data": None,
        "collectibles": None,
        "primary_guild": None,
    }
    if user.is_bot:
        payload["bot"] = True
    return payload


def role_payload(role: Role) -> Json:
    """Write a role."""
    return {
        "id": str(role.id),
        "name": role.name,
        "description": None,
        "permissions": str(int(role.permissions)),
        "position": role.position,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "managed": False,
        "mentionable": role.mentionable,
        "icon": None,
        "unicode_emoji": None,
        "flags": 0,
    }


def member_payload(member: Member, *, with_user: bool = True) -> Json:
    """Write a member; inside a message without its user."""
    payload: Json = {
        "nick": member.nick,
        "avatar": None,
        "banner": None,
        "roles": [str(role.id) for role in member.roles],
        "joined_at": iso(member.joined_at),
        "premium_since": None,
        "communication_disabled_until": _moment(member.timed_out_until),
        "deaf": False,
        "mute": False,
        "flags": 0,
        "pending": False,
        "avatar_decoration_data": None,
        "collectibles": None,
    }
    if with_user:
        payload["user"] = user_payload(member.user)
    return payload


def channel_payload(channel: Channel) -> Json:
    """Write a channel, thread or direct message."""
    payload: Json = {
        "id": str(channel.id),
        "type": int(channel.kind),
        "flags": 0,
        "last_message_id": str(next(reversed(channel.stored))) if channel.stored else None,
    }
    if channel.recipient is not None:
        return {**payload, "recipients": [user_payload(channel.recipient)]}
    if channel.guild is None:
        return payload
    payload |= {
        "guild_id": str(channel.guild.id),
        "name": channel.name,
        "parent_id": str(channel.parent.id) if channel.parent is not None else None,
        "rate_limit_per_user": 0,
    }
    return payload | (_thread_part(channel) if channel.is_thread else _channel_part(channel))


def guild_payload(guild: Guild, *, now: datetime) -> Json:
    """Write a guild as a GUILD_CREATE carries it, without `unavailable`."""
    channels = [channel for channel in guild.channels.values() if not channel.is_thread]
    return {
        **guild_summary(guild),
        "joined_at": iso(guild.joined_at),
        "large": False,
        "member_count": len(guild.members),
        "voice_states": [],
        "members": [member_payload(guild.bot)],
        "channels": [channel_payload(channel) for channel in channels],
        "threads": [channel_payload(thread) for thread in guild.threads if _sees(guild, thread, now)],
        "presences": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
    }


def guild_summary(guild: Guild) -> Json:
    """Write a guild as GET /guilds/{id} answers it."""
    return {
        **dict.fromkeys(_UNSET_IN_GUILD),
        "id": str(guild.id),
        "name": guild.name,
        "owner_id": str(guild.owner_id),
        "roles": [role_payload(role) for role in guild.roles.values()],
        "preferred_locale": guild.locale,
        "features": [],
        "emojis": [],
        "stickers": [],
        "region": "deprecated",
        "afk_timeout": 300,
        "system_channel_flags": 0,
        "widget_enabled": False,
        "verification_level": 0,
        "default_message_notifications": 1,
        "mfa_level": 0,
        "explicit_content_filter": 0,
        "max_members": 500000,
        "max_stage_video_channel_users": 50,
        "max_video_channel_users": 25,
        "premium_tier": 0,
        "premium_subscription_count": 0,
        "premium_progress_bar_enabled": False,
        "nsfw": False,
        "nsfw_level": 0,
    }


def message_payload(message: Message, *, for_gateway: bool = False, with_referenced: bool = True) -> Json:
    """Write a message.

    Args:
        message: the message.
        for_gateway: whether it goes into an event, which names the guild and the author's membership.
        with_referenced: whether the message it answers is written with it; never two levels deep.

    Returns:
        the JSON.
    """
    payload: Json = {
        "id": str(message.id),
        "channel_id": str(message.channel.id),
        "type": int(message.kind),
        "author": user_payload(message.author),
        "content": message.content,
        "timestamp": iso(message.created_at),
        "edited_timestamp": _moment(message.edited_at),
        "tts": message.tts,
        "mention_everyone": message.mention_everyone,
        "mentions": [user_payload(user) for user in message.mentions],
        "mention_roles": [str(role.id) for role in message.mention_roles],
        "mention_channels": [],
        "attachments": message.attachments,
        "embeds": [_embed_payload(embed) for embed in message.embeds],
        "components": message.components,
        "pinned": False,
        "flags": int(message.flags),
    }
    payload |= _optional_part(message)
    if message.reference is not None and with_referenced:
        payload |= _reference_part(message)
    return payload | (_gateway_part(message) if for_gateway else {})


def hide_content(payload: Json, *, viewer: int) -> Json:
    """Take away what a bot without the message-content intent does not get.

    Args:
        payload: a message's JSON, as for the gateway.
        viewer: the bot's id; its own messages, those that mention it and direct messages stay whole.

    Returns:
        the JSON as that bot gets it.
    """
    concerned = [payload["author"], *payload["mentions"]]
    if payload.get("channel_type") == ChannelKind.PRIVATE or str(viewer) in {
        user["id"] for user in concerned
    }:
        return payload
    hidden = {**payload, "content": "", "embeds": [], "attachments": [], "components": []}
    if payload.get("referenced_message"):
        hidden["referenced_message"] = hide_content(payload["referenced_message"], viewer=viewer)
    if payload.get("message_snapshots"):
        blank: Json = {"content": "", "embeds": [], "attachments": [], "components": []}
        hidden["message_snapshots"] = [
            {**snapshot, "message": {**snapshot["message"], **blank}}
            for snapshot in payload["message_snapshots"]
        ]
    return hidden


def _gateway_part(message: Message) -> Json:
    part: Json = {"channel_type": int(message.channel.kind)}
    guild = message.channel.guild
    if guild is None:
        return part
    part["guild_id"] = str(guild.id)
    author = guild.members.get(message.author.id)
    if author is not None and message.webhook_id is None:
        part["member"] = member_payload(author, with_user=False)
    return part


def _optional_part(message: Message) -> Json:
    part: dict[str, Any] = {
        "nonce": message.nonce,
        "webhook_id": str(message.webhook_id) if message.webhook_id is not None else None,
        "application_id": str(message.application_id) if message.application_id is not None else None,
        "interaction_metadata": message.interaction_metadata,
        "reactions": [
            {
                "emoji": {"id": None, "name": emoji},
                "count": len(users),
                "count_details": {"burst": 0, "normal": len(users)},
                "burst_colors": [],
                "me_burst": False,
                "burst_me": False,
                "me": _bot_id(message) in users,
                "burst_count": 0,
            }
            for emoji, users in message.reactions.items()
            if users
        ]
        or None,
    }
    return {key: value for key, value in part.items() if value is not None}


def _bot_id(message: Message) -> int | None:
    guild = message.channel.guild
    return guild.world.bot.id if guild is not None else None


def _reference_part(message: Message) -> Json:
    reference = message.reference
    if reference is None:
        return {}
    written: Json = {
        "type": 1 if reference.is_forward else 0,
        "channel_id": str(reference.channel_id),
        "message_id": str(reference.message_id),
    }
    if reference.guild_id is not None:
        written["guild_id"] = str(reference.guild_id)
    if reference.is_forward:
        return {"message_reference": written, "message_snapshots": message.snapshots}
    answered = message.referenced
    stands = answered is not None and not answered.deleted
    return {
        "message_reference": written,
        "referenced_message": message_payload(answered, with_referenced=False)
        if answered and stands
        else None,
    }


def _embed_payload(embed: Json) -> Json:
    return {"type": "rich", **{key: value for key, value in embed.items() if value is not None}}


def _thread_part(thread: Channel) -> Json:
    return {
        "owner_id": str(thread.owner_id),
        "message_count": min(len(thread.stored), 50),
        "total_message_sent": len(thread.stored),
        "member_count": len(thread.thread_members),
        "thread_metadata": {
            "archived": thread.archived,
            "archive_timestamp": iso(thread.archive_changed_at or made_at(thread.id)),
            "auto_archive_duration": 1440,
            "locked": thread.locked,
            "create_timestamp": iso(made_at(thread.id)),
        },
    }


def _channel_part(channel: Channel) -> Json:
    part: Json = {
        "position": channel.position,
        "nsfw": False,
        "permission_overwrites": [overwrite_payload(one) for one in channel.overwrites.values()],
    }
    if channel.kind is not ChannelKind.CATEGORY:
        part["topic"] = channel.topic
    if channel.kind is ChannelKind.VOICE:
        part |= {"bitrate": 64000, "user_limit": 0, "rtc_region": None}
    if channel.kind is ChannelKind.FORUM:
        part |= {
            "available_tags": [],
            "default_reaction_emoji": None,
            "default_sort_order": None,
            "default_forum_layout": 0,
        }
    return part


def overwrite_payload(overwrite: Overwrite) -> Json:
    """Write a channel's overwrite."""
    return {
        "id": str(overwrite.target),
        "type": 1 if overwrite.is_member else 0,
        "allow": str(int(overwrite.allow)),
        "deny": str(int(overwrite.deny)),
    }


def _sees(guild: Guild, thread: Channel, now: datetime) -> bool:
    return Permission.VIEW_CHANNEL in in_channel(thread, guild.bot, now=now)


def _moment(moment: datetime | None) -> str | None:
    return iso(moment) if moment is not None else None
