"""From one entry of an export to a message, or to what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct

from bot.backtest.model import Message, Skip
from bot.backtest.times import time_from, time_from_seconds

PEOPLE = frozenset(("default", "reply", "0", "19"))
"""The types of message that somebody typed or forwarded, as DiscordChatExporter names them."""
OWNER = "the owner of the data package"
"""Stands for the author in Discord's data package, which holds one member's messages only."""
_TIME_HINT = 'Write it like "2024-05-01T12:30:00+00:00".'


class EntryError(Exception):
    """One entry is not what it should be; the ones behind it may well be.

    Args:
        problem: what is wrong.
        instead: what to write instead.
    """

    def __init__(self, problem: str, instead: str = "") -> None:
        super().__init__(problem)
        self.problem, self.instead = problem, instead


class Place(Struct, frozen=True):
    """The room that all messages of a file were written in.

    Args:
        server: the server's id.
        room: the room's id.
        name: the room's name.
        parents: ids of what the room lies in.
    """

    server: str = ""
    room: str = ""
    name: str = ""
    parents: tuple[str, ...] = ()


def place_of_export(guild: Mapping[str, Any], channel: Mapping[str, Any], default: Place) -> Place:
    """Read the room from what DiscordChatExporter writes above the messages."""
    category = text_of(channel.get("categoryId"))
    return Place(
        server=text_of(guild.get("id")) or default.server,
        room=text_of(channel.get("id")) or default.room,
        name=text_of(channel.get("name")) or default.name,
        parents=(category,) if category else (),
    )


def exported_message(entry: Mapping[str, Any], place: Place) -> Message:
    """Read a message of DiscordChatExporter's JSON.

    Raises:
        EntryError: it has no text or time that can be understood.
    """
    author = entry.get("author")
    author = author if isinstance(author, dict) else {}
    forwarded = entry.get("forwardedMessage")
    content = forwarded.get("content") if isinstance(forwarded, dict) else entry.get("content")
    if not isinstance(content, str):
        raise EntryError("its `content` is no text")
    kind = text_of(entry.get("type")).lower() or "default"
    reference = entry.get("reference")
    is_reply = kind in ("reply", "19") and isinstance(reference, dict)
    return Message(
        text=content,
        id=text_of(entry.get("id")) or None,
        server=place.server,
        room=place.room,
        room_name=place.name,
        author=text_of(author.get("id")) or None,
        sent_at=_time(entry.get("timestamp"), "timestamp"),
        parents=place.parents,
        roles=_roles(author.get("roles")),
        answers=(text_of(reference.get("messageId")) or None) if is_reply and reference else None,
        forwarded=isinstance(forwarded, dict),
        skip=skip_of(content, is_bot=author.get("isBot") is True, is_system=kind not in PEOPLE),
    )


def package_message(entry: Mapping[str, Any], place: Place) -> Message:
    """Read a message of Discord's data package; keys may be written large or small.

    Raises:
        EntryError: it has no text or time that can be understood.
    """
    fields = {key.lower(): value for key, value in entry.items()}
    content = fields.get("contents")
    if content is None and "contents" in fields:
        content = ""
    if not isinstance(content, str):
        raise EntryError("its `Contents` are no text", "Is this a messages.json of Discord's data package?")
    return Message(
        text=content,
        id=text_of(fields.get("id")) or None,
        server=place.server,
        room=place.room,
        room_name=place.name,
        author=OWNER,
        sent_at=_time(fields.get("timestamp"), "Timestamp"),
        parents=place.parents,
        skip=skip_of(content),
    )


def exported_row(row: Mapping[str, str], place: Place) -> Message:
    """Read a row of DiscordChatExporter's CSV. It tells neither bots nor announcements apart.

    Raises:
        EntryError: its date cannot be understood.
    """
    return Message(
        text=row["content"],
        server=place.server,
        room=place.room,
        room_name=place.name,
        author=row["authorid"] or None,
        sent_at=_time(row["date"], "Date"),
        skip=skip_of(row["content"]),
    )


def line_message(entry: Mapping[str, Any], place: Place) -> Message:
    """Read an object of a file with one message a line.

    Raises:
        EntryError: it has no text, or something in it is not what it should be.
    """
    text = entry.get("text")
    if not isinstance(text, str):
        raise EntryError("it has no `text`", 'Write {"text": "…"}.')
    for name in ("id", "author", "channel"):
        value = entry.get(name)
        if value is not None and (not isinstance(value, str | int) or isinstance(value, bool)):
            raise EntryError(f"its `{name}` is neither text nor a whole number")
    room = text_of(entry.get("channel")) or place.room
    time = entry.get("time")
    return Message(
        text=text,
        id=text_of(entry.get("id")) or None,
        server=place.server,
        room=room,
        room_name=text_of(entry.get("channel")) or place.name,
        author=text_of(entry.get("author")) or None,
        sent_at=None if time is None else _time(time, "time"),
        skip=skip_of(text),
    )


def skip_of(text: str, *, is_bot: bool = False, is_system: bool = False) -> Skip | None:
    """Tell why a message is not looked at; None where it is."""
    if is_bot:
        return Skip.BOT
    if is_system:
        return Skip.SYSTEM
    return None if text.strip() else Skip.EMPTY


def text_of(value: object) -> str:
    """Give an id or a name as text; "" for what is neither."""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""


def _roles(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        return ()
    roles = (text_of(role.get("id")) for role in value if isinstance(role, dict))
    return tuple(role for role in roles if role)


def _time(value: object, name: str) -> datetime:
    try:
        if isinstance(value, str):
            return time_from(value)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return time_from_seconds(value)
    except ValueError as error:
        raise EntryError(f"its `{name}` cannot be understood as a time", _TIME_HINT) from error
    raise EntryError(f"it has no `{name}`", _TIME_HINT)
