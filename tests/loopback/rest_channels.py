"""Routes about threads and reactions."""

from __future__ import annotations

from typing import Any

from tests.loopback.checks import Faults, Inspection
from tests.loopback.payloads import channel_payload
from tests.loopback.permissions import Permission
from tests.loopback.places import Channel, ChannelKind
from tests.loopback.problems import ApiError
from tests.loopback.rest import Answer, Call, Endpoint
from tests.loopback.rest_messages import find, require


def channel_endpoints() -> list[Endpoint]:
    """Return the routes."""
    reactions = "/channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}"
    threads = "/channels/{channel_id}/threads"
    members = "/channels/{channel_id}/thread-members/@me"
    on_message = "/channels/{channel_id}/messages/{message_id}/threads"
    return [
        Endpoint("PUT", reactions + "/@me", _react),
        Endpoint("DELETE", reactions + "/@me", _unreact),
        Endpoint("POST", threads, _create_thread, check_thread),
        Endpoint("POST", on_message, _create_thread_on_message, check_thread),
        Endpoint("PUT", members, _join_thread),
        Endpoint("DELETE", members, _leave_thread),
    ]


def check_thread(body: Any) -> Faults:
    """Find what is wrong with the body that creates a thread."""
    inspection = Inspection()
    known = {"name", "auto_archive_duration", "rate_limit_per_user", "type", "invitable"}
    if inspection.object((), body, known):
        inspection.text(("name",), body.get("name"), least=1, most=100, required=True)
    return inspection.faults


async def _react(call: Call) -> Answer:
    channel = call.channel()
    require(call, channel, Permission.READ_MESSAGE_HISTORY)
    message, emoji = find(call, channel), call.parameters["emoji_name"]
    if emoji.isascii() and ":" not in emoji:
        raise ApiError(400, 10014, "Unknown Emoji")
    if not message.reactions.get(emoji):
        require(call, channel, Permission.ADD_REACTIONS)
    call.discord.world.react(message, call.discord.world.bot, emoji)
    return Answer()


async def _unreact(call: Call) -> Answer:
    channel = call.channel()
    require(call, channel, Permission.READ_MESSAGE_HISTORY)
    message = find(call, channel)
    call.discord.world.unreact(message, call.discord.world.bot, call.parameters["emoji_name"])
    return Answer()


async def _create_thread(call: Call) -> Answer:
    channel = call.channel()
    is_private = call.body.get("type", ChannelKind.PRIVATE_THREAD) == ChannelKind.PRIVATE_THREAD
    needed = Permission.CREATE_PRIVATE_THREADS if is_private else Permission.CREATE_PUBLIC_THREADS
    require(call, channel, needed)
    return _created(call, channel, is_private=is_private)


async def _create_thread_on_message(call: Call) -> Answer:
    channel = call.channel()
    require(call, channel, Permission.CREATE_PUBLIC_THREADS)
    find(call, channel)
    return _created(call, channel, is_private=False)


def _created(call: Call, channel: Channel, *, is_private: bool) -> Answer:
    if channel.guild is None or channel.is_thread:
        raise ApiError(400, 50024, "Cannot execute action on this channel type")
    bot = call.discord.world.bot
    thread = channel.guild.create_thread(channel, call.body["name"], owner=bot, is_private=is_private)
    return Answer(channel_payload(thread), 201)


async def _join_thread(call: Call) -> Answer:
    thread = _thread(call)
    thread.thread_members.add(call.discord.world.bot.id)
    return Answer()


async def _leave_thread(call: Call) -> Answer:
    thread = _thread(call)
    thread.thread_members.discard(call.discord.world.bot.id)
    return Answer()


def _thread(call: Call) -> Channel:
    channel = call.channel()
    require(call, channel)
    if not channel.is_thread:
        raise ApiError(400, 50024, "Cannot execute action on this channel type")
    return channel
