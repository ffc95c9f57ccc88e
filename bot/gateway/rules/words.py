"""Members' and moderators' words in the bot's messages: shown as they are, obeyed by nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import discord

from bot.gateway.rendering import length, shortened

if TYPE_CHECKING:
    from bot.moderation.model import ChangedMessage

CODE_MARK = "```"
SNIPPET = 160
"""Characters of a member's message that are shown."""

_EFFECTS = {"added": ("+", "answered now"), "removed": ("−", "no more"), "moved": ("±", "otherwise")}


def plain(text: str) -> str:
    """Write words on one line, so that neither markdown nor a mention in them takes effect.

    Args:
        text: what somebody typed.

    Returns:
        the same to the eye.
    """
    line = " ".join(text.split())
    escaped = discord.utils.escape_mentions(discord.utils.escape_markdown(line))
    # discord.py leaves alone what is too short for an id; it pings nobody, and shall not look as if it did.
    return re.sub("<(?=[@#])", "<\u200b", escaped)


def named(identifier: str) -> str:
    """Write the id of a rule, family or concept."""
    return f"`{identifier.replace('`', chr(0x2CB))}`"


def message_line(one: ChangedMessage, server: str) -> str:
    """Tell by a link which message would be dealt with otherwise, and for which families.

    Args:
        one: the message, and what would become of it.
        server: the server on which it stands.
    """
    link = f"https://discord.com/channels/{server}/{one.message.room}/{one.message.id}"
    families = ", ".join(map(named, one.after or one.before))
    if one.before and one.after:
        families = f"{', '.join(map(named, one.before))} → {families}"
    sign, effect = _EFFECTS[one.effect]
    return f"**{sign}** [{effect}]({link}) {families}"


def code(text: str, language: str = "") -> str:
    """Write a text as a block of code; marks in it that would end the block are parted.

    Args:
        text: the text.
        language: by which Discord colours it, such as "yaml" or "diff".

    Returns:
        the block.
    """
    harmless = text.replace(CODE_MARK, "`\u200b`\u200b`")
    return f"{CODE_MARK}{language}\n{harmless}\n{CODE_MARK}"


def fitting_code(text: str, language: str, *, limit: int) -> str:
    """Write a text as a block of code of at most so many characters; what is too much is told.

    Args:
        text: the text.
        language: by which Discord colours it.
        limit: how many characters the block may have.

    Returns:
        the block, whole or with the number of lines that are left out below it.
    """
    lines = text.rstrip("\n").split("\n")
    for shown in range(len(lines), 0, -1):
        left = len(lines) - shown
        note = f"\n-# … and {left} more lines" if left else ""
        block = code("\n".join(lines[:shown]), language) + note
        if length(block) <= limit:
            return block
    return code(shortened(lines[0], limit=limit - 60), language)


def snippet(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """Show the part of a message around the words that count, with these in bold.

    Args:
        text: the message.
        spans: the words that count, in characters.

    Returns:
        one line, harmless to show.
    """
    places = sorted((start, end) for start, end in spans if start < end)
    begin = max(0, places[0][0] - SNIPPET // 4) if places else 0
    until = min(len(text), begin + SNIPPET)
    shown = "".join(_pieces(text, places, begin, until))
    return f"{'…' if begin else ''}{shown}{'…' if until < len(text) else ''}"


def _pieces(text: str, places: Iterable[tuple[int, int]], begin: int, until: int) -> Iterator[str]:
    at = begin
    for first, last in places:
        start, end = max(first, at), min(last, until)
        if start < end:
            yield _spaced(text[at:start])
            yield f"**{plain(text[start:end])}**"
            at = end
    yield _spaced(text[at:until])


def _spaced(text: str) -> str:
    """Write words on one line and keep the space at either end."""
    before = " " if text[:1].isspace() else ""
    after = " " if text[-1:].isspace() and text.strip() else ""
    return f"{before}{plain(text)}{after}"
