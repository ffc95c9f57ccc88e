"""Routes about messages in channels, threads and direct messages."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.loopback.checks_messages import check_bulk_delete, check_message, check_message_edit
from tests.loopback.messages import Message, MessageFlag, allowed_in, mentions_in
from tests.loopback.payloads import hide_content, message_payload
from tests.loopback.permissions import Permission
from tests.loopback.places import SPEAKABLE, Channel
from tests.loopback.problems import (
    ApiError,
    Json,
    empty_message,
    invalid_form,
    missing_access,
    missing_permissions,
    unknown,
)
from tests.loopback.rest import Answer, Call, Endpoint, UploadedFile
from tests.loopback.sessions import Intent
from tests.loopback.snowflakes import made_at
from tests.loopback.world import World, answer, set_mentions

BIGGEST_FILE = 10 * 1024 * 1024
"""What a file may weigh, in bytes."""
NONCE_REMEMBERED = timedelta(minutes=5)
"""For how long a message with an enforced nonce is not sent twice."""
TOO_OLD_FOR_BULK = timedelta(days=14)
_CHANGED_BY_AUTHOR_ONLY = ("content", "embeds", "components", "attachments")


def message_endpoints() -> list[Endpoint]:
    """Return the routes."""
    messages = "/channels/{channel_id}/messages"
    return [
        Endpoint("GET", messages, _list),
        Endpoint("POST", messages, _create, check_message),
        Endpoint("POST", messages + "/bulk-delete", _bulk_delete, check_bulk_delete),
        Endpoint("GET", messages + "/{message_id}", _get),
        Endpoint("PATCH", messages + "/{message_id}", _edit, check_message_edit),
        Endpoint("DELETE", messages + "/{message_id}", _delete),
        Endpoint("POST", "/channels/{channel_id}/typing", _typing),
    ]


def require(call: Call, channel: Channel, *needed: Permission) -> None:
    """Refuse what the bot may not do in a channel.

    Raises:
        ApiError: 50001 if it does not see the channel, 50013 if it lacks one of `needed`.
    """
    granted = call.discord.world.bot_permissions(channel)
    if Permission.VIEW_CHANNEL not in granted:
        raise missing_access()
    if any(one not in granted for one in needed):
        raise missing_permissions()


def bot_message_payload(call: Call, message: Message) -> Json:
    """Write a message as REST shows it to this bot."""
    payload = message_payload(message)
    private = message.channel.recipient is not None
    if private or Intent.MESSAGE_CONTENT in call.discord.privileged_intents:
        return payload
    return hide_content(payload, viewer=call.discord.world.bot.id)


async def _list(call: Call) -> Answer:
    channel = call.channel()
    require(call, channel)
    asked = [name for name in ("around", "before", "after") if name in call.query]
    limit = call.query.get("limit", "50")
    if len(asked) > 1:
        raise invalid_form(
            {(asked[1],): [("BASE_TYPE_MUTUALLY_EXCLUSIVE", "Only one of around, before, after.")]}
        )
    if not limit.isdigit() or not 1 <= int(limit) <= 100:
        raise invalid_form({("limit",): [("NUMBER_TYPE_MAX", "int value should be between 1 and 100.")]})
    if Permission.READ_MESSAGE_HISTORY not in call.discord.world.bot_permissions(channel):
        return Answer([])
    chosen = _window(channel.messages, asked[0] if asked else "", call.query, int(limit))
    return Answer([bot_message_payload(call, message) for message in reversed(chosen)])


def _window(messages: list[Message], around: str, query: dict[str, str], limit: int) -> list[Message]:
    if not around:
        return messages[-limit:]
    pivot = int(query[around])
    before = [message for message in messages if message.id < pivot]
    after = [message for message in messages if message.id > pivot]
    if around == "before":
        return before[-limit:]
    if around == "after":
        return after[:limit]
    half = limit // 2
    middle = [message for message in messages if message.id == pivot]
    return (before[-half:] if half else []) + middle + after[:half]


async def _create(call: Call) -> Answer:
    channel = call.channel()
    body: Json = call.body or {}
    require(call, channel, *_needed(channel, body, call.files))
    _require_open(call.discord.world, channel)
    repeated = _already_sent(call.discord.world, channel, body)
    if repeated is not None:
        return Answer(bot_message_payload(call, repeated))
    message = compose(call, channel, body)
    _refer(call, message, body)
    set_allowed_mentions(call, message, body)
    return Answer(message_payload(call.discord.world.post(message)))


def _needed(channel: Channel, body: Json, files: list[UploadedFile]) -> list[Permission]:
    needed = [Permission.SEND_MESSAGES_IN_THREADS if channel.is_thread else Permission.SEND_MESSAGES]
    if body.get("embeds"):
        needed.append(Permission.EMBED_LINKS)
    if files:
        needed.append(Permission.ATTACH_FILES)
    if body.get("tts"):
        needed.append(Permission.SEND_TTS_MESSAGES)
    return needed


def _require_open(world: World, channel: Channel) -> None:
    if channel.kind not in SPEAKABLE:
        raise ApiError(400, 50008, "Cannot send messages in a non-text channel")
    if channel.recipient is not None and not channel.recipient.takes_private_messages:
        raise ApiError(403, 50007, "Cannot send messages to this user")
    if channel.locked and Permission.MANAGE_THREADS not in world.bot_permissions(channel):
        raise ApiError(403, 160005, "Thread is locked")


def _already_sent(world: World, channel: Channel, body: Json) -> Message | None:
    if not body.get("enforce_nonce") or body.get("nonce") is None:
        return None
    since = world.now() - NONCE_REMEMBERED
    for message in channel.said_by(world.bot):
        if str(message.nonce) == str(body["nonce"]) and message.created_at > since:
            return message
    return None


def compose(call: Call, channel: Channel, body: Json) -> Message:
    """Make a message of the bot out of a body; it is not posted yet.

    Raises:
        ApiError: the message is empty, or a file is too big.
    """
    world = call.discord.world
    message = Message(world.make_id(), channel, world.bot, (body.get("content") or "").strip(), world.now())
    message.application_id = call.discord.application_id
    message.embeds = list(body.get("embeds") or [])
    message.components = numbered(body.get("components") or [])
    message.flags = MessageFlag(int(body.get("flags") or 0))
    message.nonce = body.get("nonce")
    message.tts = bool(body.get("tts"))
    message.attachments = uploaded(call, channel)
    require_content(message, body)
    return message


def require_content(message: Message, body: Json) -> None:
    """Refuse a message with nothing in it.

    Raises:
        ApiError: 50006.
    """
    parts = (message.content, message.embeds, message.components, message.attachments)
    if not any(parts) and not body.get("sticker_ids") and not body.get("poll"):
        raise empty_message()


def uploaded(call: Call, channel: Channel) -> list[Json]:
    """Take the files of a request as attachments.

    Raises:
        ApiError: a file is too big.
    """
    if any(len(file.content) > BIGGEST_FILE for file in call.files):
        raise ApiError(413, 40005, "Request entity too large")
    described = {f"files[{one['id']}]": one for one in (call.body or {}).get("attachments") or []}
    return [
        call.discord.world.upload(
            channel,
            file.name,
            file.content,
            kind=file.kind,
            description=described.get(file.field, {}).get("description"),
        )
        for file in call.files
    ]


def set_allowed_mentions(call: Call, message: Message, body: Json) -> None:
    """Work out whom a message of the bot pings."""
    world = call.discord.world
    allowed = body.get("allowed_mentions")
    found = allowed_in(mentions_in(message.text, world.users, message.channel.guild), allowed)
    set_mentions(message, found)
    if Permission.MENTION_EVERYONE not in world.bot_permissions(message.channel):
        message.mention_everyone = False
        message.mention_roles = [role for role in message.mention_roles if role.mentionable]
    pings_answered = allowed is None or allowed.get("replied_user", False)
    answered = message.referenced
    if pings_answered and answered is not None and answered.author not in (*message.mentions, world.bot):
        message.mentions.append(answered.author)


def _refer(call: Call, message: Message, body: Json) -> None:
    reference: Json | None = body.get("message_reference")
    if not reference:
        return
    channel = message.channel
    if Permission.READ_MESSAGE_HISTORY not in call.discord.world.bot_permissions(channel):
        raise ApiError(400, 160002, "Cannot reply without permission to read message history")
    if int(reference.get("channel_id") or channel.id) != channel.id:
        raise _bad_reference("REPLIES_CANNOT_REFERENCE_OTHER_CHANNEL", "Cannot reply across channels")
    answered = channel.stored.get(int(reference["message_id"]))
    if answered is not None:
        answer(message, answered)
    elif reference.get("fail_if_not_exists", True):
        raise _bad_reference("REPLIES_UNKNOWN_MESSAGE", "Unknown message")


def _bad_reference(code: str, sentence: str) -> ApiError:
    return invalid_form({("message_reference",): [(code, sentence)]})


async def _get(call: Call) -> Answer:
    channel = call.channel()
    require(call, channel, Permission.READ_MESSAGE_HISTORY)
    return Answer(bot_message_payload(call, find(call, channel)))


def find(call: Call, channel: Channel) -> Message:
    """Return the message that the path names.

    Raises:
        ApiError: there is none in the channel.
    """
    message = channel.stored.get(call.number("message_id"))
    if message is None:
        raise unknown("Message")
    return message


async def _edit(call: Call) -> Answer:
    channel = call.channel()
    require(call, channel)
    message = find(call, channel)
    body: Json = call.body or {}
    if message.author.id != call.discord.world.bot.id:
        if any(key in body for key in _CHANGED_BY_AUTHOR_ONLY):
            raise ApiError(403, 50005, "Cannot edit a message authored by another user")
        require(call, channel, Permission.MANAGE_MESSAGES)
    if channel.archived:
        raise ApiError(400, 50083, "Thread is archived")
    if body.get("embeds"):
        require(call, channel, Permission.EMBED_LINKS)
    apply_edit(call, message, body)
    message.edited_at = call.discord.world.now()
    call.discord.world.announce_message("MESSAGE_UPDATE", message)
    return Answer(bot_message_payload(call, message))


def apply_edit(call: Call, message: Message, body: Json) -> None:
    """Change a message as a body says; it is not announced.

    Raises:
        ApiError: nothing would be left of it, or its kind of components would change back.
    """
    changed: dict[str, Any] = {
        "content": (body["content"] or "").strip() if "content" in body else message.content,
        "embeds": list(body["embeds"] or []) if "embeds" in body else message.embeds,
        "components": numbered(body["components"] or []) if "components" in body else message.components,
        "attachments": _kept(message, body) + uploaded(call, message.channel),
    }
    flags = message.flags
    if body.get("flags") is not None:
        changeable = MessageFlag.SUPPRESS_EMBEDS | MessageFlag.IS_COMPONENTS_V2
        asked = MessageFlag(int(body["flags"]))
        flags = (flags & ~MessageFlag.SUPPRESS_EMBEDS) | (asked & changeable)
    if MessageFlag.IS_COMPONENTS_V2 in flags and (changed["content"] or changed["embeds"]):
        fault = (
            "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
            "No content or embeds with components v2.",
        )
        raise invalid_form({("content" if changed["content"] else "embeds",): [fault]})
    if not any(changed.values()):
        raise empty_message()
    for name, value in changed.items():
        setattr(message, name, value)
    message.flags = flags
    if "content" in body or "components" in body:
        set_allowed_mentions(call, message, body)


def _kept(message: Message, body: Json) -> list[Json]:
    if "attachments" not in body:
        return message.attachments
    kept = {str(one["id"]) for one in body["attachments"] or []}
    return [attachment for attachment in message.attachments if attachment["id"] in kept]


async def _delete(call: Call) -> Answer:
    channel = call.channel()
    require(call, channel)
    message = find(call, channel)
    if message.author.id != call.discord.world.bot.id:
        require(call, channel, Permission.MANAGE_MESSAGES)
        if channel.recipient is not None:
            raise ApiError(403, 50003, "Cannot execute action on a DM channel")
    call.discord.world.forget_messages(channel, [message])
    return Answer()


async def _bulk_delete(call: Call) -> Answer:
    channel = call.channel()
    require(call, channel, Permission.MANAGE_MESSAGES)
    ids = {int(one) for one in call.body["messages"]}
    limit = call.discord.world.now() - TOO_OLD_FOR_BULK
    if any(made_at(one) < limit for one in ids):
        raise ApiError(400, 50034, "You can only bulk delete messages that are under 14 days old.")
    known = [channel.stored[one] for one in sorted(ids) if one in channel.stored]
    if known:
        call.discord.world.forget_messages(channel, known)
    return Answer()


async def _typing(call: Call) -> Answer:
    channel = call.channel()
    needed = Permission.SEND_MESSAGES_IN_THREADS if channel.is_thread else Permission.SEND_MESSAGES
    require(call, channel, needed)
    return Answer()


def numbered(components: list[Json]) -> list[Json]:
    """Give every component without an id the number that Discord gives it: its place, counted from 1."""
    taken = 0

    def number(component: Json) -> Json:
        nonlocal taken
        taken += 1
        result = {**component, "id": component.get("id") or taken}
        if isinstance(component.get("components"), list):
            result["components"] = [number(inside) for inside in component["components"]]
        for key in ("accessory", "component"):
            if isinstance(component.get(key), dict):
                result[key] = number(component[key])
        return result

    return [number(component) for component in components]
