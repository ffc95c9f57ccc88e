"""Exports as the tools write them, by hand, and conversations about garlic."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings

from bot.backtest.exports import Exports
from bot.backtest.model import Message, Skip

SMALL_RULES = Path(__file__).parents[1] / "small_rules"
NOON = datetime(2024, 5, 1, 12, 0, tzinfo=UTC)
ANY_FOLDER = settings(
    max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)


PHRASES = (
    "garlic cured my cold",
    "does garlic cure a cold?",
    "garlic never cured my cold",
    "what about garlic",
    "it knocked my cold right out",
    "garlic prevents colds",
    "garlic is harmless",
    "i ate garlic and cant breathe",
    "zinc cured my cold",
    "see you at eight",
    "",
    "🧄🧄 gárlic cüred my cold 🤧",
)


def conversation(
    count: int, *, seed: int = 1, rooms: Sequence[str] = ("kitchen",), pause: int = 240, members: int = 4
) -> list[Message]:
    """Make messages of members who speak of garlic and of other things, oldest first."""
    chosen = random.Random(seed)
    messages: list[Message] = []
    sent_at = NOON
    for number in range(count):
        sent_at += timedelta(seconds=chosen.randint(1, pause))
        text = chosen.choice(PHRASES)
        room = chosen.choice(rooms)
        earlier = [message.id for message in messages if message.room == room][-5:]
        messages.append(
            Message(
                text=text,
                id=str(1000 + number),
                server="s",
                room=room,
                room_name=f"#{room}",
                author=f"m{chosen.randrange(members)}",
                sent_at=sent_at,
                answers=chosen.choice(earlier) if earlier and chosen.random() < 0.2 else None,
                skip=None if text else Skip.EMPTY,
            )
        )
    return messages


def exported(content: str, number: int = 1, **changes: Any) -> dict[str, Any]:
    """One message as DiscordChatExporter writes it."""
    return {
        "id": str(1_100_000_000_000_000_000 + number),
        "type": "Default",
        "timestamp": (NOON + timedelta(minutes=number)).isoformat(timespec="milliseconds"),
        "timestampEdited": None,
        "callEndedTimestamp": None,
        "isPinned": False,
        "content": content,
        "author": {
            "id": "42",
            "name": "anna",
            "discriminator": "0000",
            "nickname": "Änna 🧄",
            "color": "#3498DB",
            "isBot": False,
            "roles": [{"id": "7", "name": "Cooks", "color": None, "position": 1}],
            "avatarUrl": "https://cdn.discordapp.com/embed/avatars/0.png",
        },
        "attachments": [{"id": "5", "url": "https://x.invalid/a.png", "fileName": "a", "fileSizeBytes": 3}],
        "embeds": [
            {
                "title": "",
                "url": None,
                "timestamp": None,
                "description": "messages",
                "images": [],
                "fields": [{"name": "content", "value": "garlic cured my cold", "isInline": False}],
            }
        ],
        "stickers": [],
        "reactions": [{"emoji": {"id": "", "name": "🧄", "code": "garlic"}, "count": 2, "users": []}],
        "mentions": [],
        "inlineEmojis": [],
    } | changes


def export(*messages: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A whole export of one channel as DiscordChatExporter writes it."""
    return {
        "guild": {"id": "100", "name": "Köche", "iconUrl": "https://x.invalid/i.png"},
        "channel": {
            "id": "200",
            "type": "GuildTextChat",
            "categoryId": "150",
            "category": "Talk",
            "name": "küche",
            "topic": None,
        },
        "dateRange": {"after": None, "before": None},
        "exportedAt": "2024-06-01T00:00:00.0000000+00:00",
        "messages": list(messages),
        "messageCount": len(messages),
    } | changes


def written(path: Path, value: object) -> Path:
    """Write a document as DiscordChatExporter does: indented, with letters as they are."""
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False), encoding="utf-8")
    return path


CSV = """\
AuthorID,Author,Date,Content,Attachments,Reactions
"42","anna","2024-05-01T12:00:00.0000000+00:00","garlic ""really"" cured
my cold 🤧","https://x.invalid/a.png","🧄 (2)"
"43","ben","05/01/2024 12:01 PM","see you, at eight","",""
"43","ben","05/01/2024 12:02 PM","","https://x.invalid/b.png",""
"""


def package(folder: Path) -> Path:
    """Write a data package as Discord hands it out, one channel in the new form and one in the old."""
    root = folder / "package"
    for path, text in {
        "README.txt": "Welcome!",
        "account/user.json": '{"id": "42", "username": "anna"}',
        "activity/analytics/events-2024.json": '{"event_type": "x", "text": "not a message"}\n',
        "messages/index.json": '{"200": "küche in Köche", "300": "Direct Message with ben"}',
        "messages/c200/channel.json": json.dumps(
            {"id": "200", "type": "GUILD_TEXT", "name": "küche", "guild": {"id": "100", "name": "Köche"}}
        ),
        "messages/c200/messages.json": json.dumps(
            [
                {"ID": 3, "Timestamp": "2024-05-01 12:03:00", "Contents": "it knocked my cold right out 🤧"},
                {
                    "ID": 2,
                    "Timestamp": "2024-05-01 12:01:00",
                    "Contents": "",
                    "Attachments": "https://x/a.png",
                },
                {"ID": 1, "Timestamp": "2024-05-01 12:00:00", "Contents": "what about garlic"},
            ]
        ),
        "messages/c300/channel.json": '{"id": "300", "type": 1, "recipients": ["42", "43"]}',
        "messages/c300/messages.csv": (
            'ID,Timestamp,Contents,Attachments\n9,2024-05-01 12:00:00.123000+00:00,"garlic, cured my cold",\n'
        ),
    }.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return root


def read(*paths: Path) -> tuple[list[Message], Exports]:
    """Read files to their end."""
    exports = Exports(paths)
    return list(exports.messages()), exports


def faults_of(exports: Exports) -> list[tuple[str, int, str]]:
    """Give each fault's file, line and problem."""
    return [(fault.path.name, fault.line, fault.problem) for fault in exports.faults]
