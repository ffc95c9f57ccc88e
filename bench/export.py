"""Writes an export as DiscordChatExporter does, of any size, to measure `caveat-bot backtest` with.

Messages are ordinary chat from tests/corpus, some with a few words of another one behind them; three in a
hundred are examples that the shipped rules carry. The same number always gives the same export.

    python bench/export.py 1000000 > export.json
    /usr/bin/time -v caveat-bot backtest export.json
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path

from bot.rulebook.load import load_rulebook
from bot.shipped import rules_folder

CHAT = Path(__file__).resolve().parent.parent / "tests" / "corpus" / "parts" / "chat.jsonl"
CLAIMS = 0.03
"""The share of messages that are examples of rules."""
MEMBERS = 5_000
BEGINNING = datetime(2023, 1, 2, tzinfo=UTC)
UNMARKED = str.maketrans("", "", "«»")
FIRST_ID = 1_059_000_000_000_000_000


def main() -> None:
    """Write the export to standard output."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    head = {
        "guild": {"id": "100", "name": "A server", "iconUrl": ""},
        "channel": {
            "id": "200",
            "type": "GuildTextChat",
            "categoryId": "150",
            "category": "Talk",
            "name": "general",
            "topic": None,
        },
        "dateRange": {"after": None, "before": None},
        "exportedAt": "2025-01-01T00:00:00+00:00",
    }
    sys.stdout.write(json.dumps(head, indent=2)[:-2] + ',\n  "messages": [')
    for number, message in enumerate(messages(count)):
        sys.stdout.write((",\n" if number else "\n") + json.dumps(message, indent=2, ensure_ascii=False))
    sys.stdout.write(f'\n  ],\n  "messageCount": {count}\n}}\n')


def messages(count: int) -> Iterator[dict[str, object]]:
    """Make the messages, oldest first."""
    chosen = random.Random(5)  # nothing depends on nobody guessing it
    chat = [json.loads(line)["text"] for line in CHAT.read_text(encoding="utf-8").splitlines()]
    rules = load_rulebook(rules_folder(None)).rules
    firing = (example.text for rule in rules for example in rule.examples.fires)
    silent = (example.text for rule in rules for example in rule.examples.silent)
    examples = [text.translate(UNMARKED) for text in chain(firing, silent)]
    sent_at = BEGINNING
    for number in range(count):
        sent_at += timedelta(seconds=chosen.expovariate(1 / 60))
        text = chosen.choice(examples) if chosen.random() < CLAIMS else _chat(chat, chosen)
        yield _message(number, text, sent_at, member=chosen.randrange(MEMBERS))


def _chat(chat: Sequence[str], chosen: random.Random) -> str:
    text = chosen.choice(chat)
    if chosen.random() < 0.3:
        text = f"{text} {' '.join(chosen.choice(chat).split()[: chosen.randint(1, 6)])}"
    return text


def _message(number: int, text: str, sent_at: datetime, *, member: int) -> dict[str, object]:
    return {
        "id": str(FIRST_ID + number),
        "type": "Default",
        "timestamp": sent_at.isoformat(),
        "timestampEdited": None,
        "callEndedTimestamp": None,
        "isPinned": False,
        "content": text,
        "author": {
            "id": str(7_000_000 + member),
            "name": f"member{member}",
            "discriminator": "0000",
            "nickname": f"Member {member}",
            "color": None,
            "isBot": False,
            "roles": [],
            "avatarUrl": "https://cdn.discordapp.com/embed/avatars/0.png",
        },
        "attachments": [],
        "embeds": [],
        "stickers": [],
        "reactions": [],
        "mentions": [],
        "inlineEmojis": [],
    }


if __name__ == "__main__":
    main()
