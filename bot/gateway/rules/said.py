"""What a moderator is told: text, cards, files and buttons, within Discord's limits."""

from __future__ import annotations

import io

import discord
from msgspec import Struct

from bot.gateway.rendering import MESSAGE_LIMIT, shortened


class Attached(Struct, frozen=True):
    """A text or a picture that is given as a file.

    Args:
        name: the file's name.
        content: what is in it; text is written as UTF-8.
        description: what a picture shows, in words, for those who cannot see it.
    """

    name: str
    content: str | bytes
    description: str | None = None

    def file(self) -> discord.File:
        """Give it in the form in which discord.py sends it, which can be sent once."""
        raw = self.content.encode("utf-8", "replace") if isinstance(self.content, str) else self.content
        return discord.File(io.BytesIO(raw), filename=self.name, description=self.description)


class Said(Struct, frozen=True):
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
