"""What a moderator is told: text, cards, files and buttons, within Discord's limits."""

from __future__ import annotations

import io
from dataclasses import dataclass

import discord

from bot.gateway.rendering import MESSAGE_LIMIT, shortened

MOST_CARDS = 10
"""Cards that Discord takes in a message."""


@dataclass(frozen=True, slots=True)
class Attached:
    """A text that is given as a file."""

    name: str
    content: str

    def file(self) -> discord.File:
        """Give it in the form in which discord.py sends it, which can be sent once."""
        return discord.File(io.BytesIO(self.content.encode("utf-8", "replace")), filename=self.name)


@dataclass(frozen=True, slots=True)
class Said:
    """An answer.

    Args:
        text: what is said; what is too long for Discord is cut.
        cards: cards below it.
        files: files below it.
        view: buttons below it.
    """

    text: str
    cards: tuple[discord.Embed, ...] = ()
    files: tuple[Attached, ...] = ()
    view: discord.ui.View | None = None

    def content(self) -> str:
        """The text as Discord takes it."""
        return shortened(self.text, limit=MESSAGE_LIMIT)
