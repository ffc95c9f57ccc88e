"""Who may do what where, computed as Discord computes it."""

from __future__ import annotations

from datetime import datetime
from enum import IntFlag
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.loopback.guilds import Guild
    from tests.loopback.members import Member
    from tests.loopback.places import Channel


class Permission(IntFlag):
    """The bits of Discord's permissions that this server enforces or that a bot may be given."""

    KICK_MEMBERS = 1 << 1
    BAN_MEMBERS = 1 << 2
    ADMINISTRATOR = 1 << 3
    MANAGE_CHANNELS = 1 << 4
    MANAGE_GUILD = 1 << 5
    ADD_REACTIONS = 1 << 6
    VIEW_AUDIT_LOG = 1 << 7
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    SEND_TTS_MESSAGES = 1 << 12
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    MENTION_EVERYONE = 1 << 17
    USE_EXTERNAL_EMOJIS = 1 << 18
    CHANGE_NICKNAME = 1 << 26
    MANAGE_NICKNAMES = 1 << 27
    MANAGE_ROLES = 1 << 28
    MANAGE_WEBHOOKS = 1 << 29
    USE_APPLICATION_COMMANDS = 1 << 31
    MANAGE_THREADS = 1 << 34
    CREATE_PUBLIC_THREADS = 1 << 35
    CREATE_PRIVATE_THREADS = 1 << 36
    SEND_MESSAGES_IN_THREADS = 1 << 38
    MODERATE_MEMBERS = 1 << 40
    SEND_POLLS = 1 << 49
    USE_EXTERNAL_APPS = 1 << 50


NOTHING = Permission(0)
EVERYTHING = Permission((1 << 53) - 1)

EVERYONE_DEFAULT = (
    Permission.ADD_REACTIONS
    | Permission.VIEW_CHANNEL
    | Permission.SEND_MESSAGES
    | Permission.EMBED_LINKS
    | Permission.ATTACH_FILES
    | Permission.READ_MESSAGE_HISTORY
    | Permission.MENTION_EVERYONE
    | Permission.USE_EXTERNAL_EMOJIS
    | Permission.CHANGE_NICKNAME
    | Permission.USE_APPLICATION_COMMANDS
    | Permission.CREATE_PUBLIC_THREADS
    | Permission.SEND_MESSAGES_IN_THREADS
    | Permission.USE_EXTERNAL_APPS
)
"""What @everyone may do in a new guild."""

TIMED_OUT = Permission.VIEW_CHANNEL | Permission.READ_MESSAGE_HISTORY
"""What a timed-out member keeps."""

IN_PRIVATE = (
    EVERYONE_DEFAULT & ~(Permission.MENTION_EVERYONE | Permission.CREATE_PUBLIC_THREADS)
) | Permission.SEND_POLLS
"""What both sides may do in a direct message."""


def in_guild(guild: Guild, member: Member) -> Permission:
    """Return a member's permissions in the guild, before any channel's overwrites."""
    if guild.owner_id == member.id:
        return EVERYTHING
    granted = guild.everyone.permissions
    for role in member.roles:
        granted |= role.permissions
    return EVERYTHING if Permission.ADMINISTRATOR in granted else granted


def in_channel(channel: Channel, member: Member, *, now: datetime) -> Permission:
    """Return a member's permissions in a channel of a guild, or in a thread through its parent.

    The order is Discord's: the roles' sum, the overwrite of @everyone, the overwrites of all roles together,
    the overwrite of the member; then what is implied by a permission that is missing.

    Args:
        channel: the channel or thread.
        member: whose.
        now: the time, for time-outs.

    Returns:
        the permissions; none where the member is not in the guild.
    """
    guild = channel.guild
    if guild is None:
        return IN_PRIVATE
    if guild.members.get(member.id) is not member:
        return NOTHING
    base = in_guild(guild, member)
    if base == EVERYTHING:
        return base
    granted = _overwritten(base, channel.parent if channel.is_thread and channel.parent else channel, member)
    if member.timed_out_until is not None and member.timed_out_until > now:
        granted &= TIMED_OUT
    if channel.is_private_thread and not _may_see_private(channel, member, granted):
        return NOTHING
    return _without_implied(granted, is_thread=channel.is_thread)


def _overwritten(granted: Permission, channel: Channel, member: Member) -> Permission:
    guild = channel.guild
    if guild is None:
        return granted
    everyone = channel.overwrites.get(guild.id)
    if everyone is not None:
        granted = (granted & ~everyone.deny) | everyone.allow
    allowed = denied = NOTHING
    for role in member.roles:
        overwrite = channel.overwrites.get(role.id)
        if overwrite is not None:
            allowed |= overwrite.allow
            denied |= overwrite.deny
    granted = (granted & ~denied) | allowed
    own = channel.overwrites.get(member.id)
    return granted if own is None else (granted & ~own.deny) | own.allow


def _may_see_private(thread: Channel, member: Member, granted: Permission) -> bool:
    return member.id in thread.thread_members or Permission.MANAGE_THREADS in granted


def _without_implied(granted: Permission, *, is_thread: bool) -> Permission:
    if Permission.VIEW_CHANNEL not in granted:
        return NOTHING
    speaks = Permission.SEND_MESSAGES_IN_THREADS if is_thread else Permission.SEND_MESSAGES
    if speaks not in granted:
        granted &= ~(
            Permission.MENTION_EVERYONE
            | Permission.SEND_TTS_MESSAGES
            | Permission.ATTACH_FILES
            | Permission.EMBED_LINKS
        )
    return granted
