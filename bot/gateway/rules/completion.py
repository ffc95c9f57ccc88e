"""What is offered while a moderator types: rules, families and versions of their server."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC
from typing import Any

import discord
from discord import app_commands

from bot.gateway.rendering import shortened
from bot.gateway.rules.desk import RulesDesk
from bot.rulebook.language import ENGLISH
from bot.rulebook.model import Rulebook

MOST_OFFERED = 25
"""Choices that Discord shows at most."""
_LONGEST = 100


class Completion:
    """Offers what fits to what is typed.

    Args:
        desk: knows the rules.
    """

    def __init__(self, *, desk: RulesDesk) -> None:
        self._desk = desk

    async def rule(self, interaction: discord.Interaction[Any], typed: str) -> list[app_commands.Choice[str]]:
        """Offer rules, by id, family or what the family is about."""
        source = self._desk.checker.rulebook_of(str(interaction.guild_id)).source
        titles = {family.id: family.title for family in source.families}
        lines = await self._desk.moderation.list_rules(str(interaction.guild_id))
        offered = (
            (line.id, f"{line.id} · {line.status} · {titles.get(line.family, line.family)}") for line in lines
        )
        return _fitting(offered, typed)

    async def family(
        self, interaction: discord.Interaction[Any], typed: str
    ) -> list[app_commands.Choice[str]]:
        """Offer families, by id or title."""
        source = self._desk.checker.rulebook_of(str(interaction.guild_id)).source
        return _fitting(((family.id, f"{family.id} · {family.title}") for family in source.families), typed)

    async def language(
        self, interaction: discord.Interaction[Any], typed: str
    ) -> list[app_commands.Choice[str]]:
        """Offer the languages in which replies can be written, by code or name."""
        source = self._desk.checker.rulebook_of(str(interaction.guild_id)).source
        return _fitting(language_names(source).items(), typed)

    async def version(
        self, interaction: discord.Interaction[Any], typed: str
    ) -> list[app_commands.Choice[int]]:
        """Offer versions, newest first, and the base."""
        versions = await self._desk.moderation.history(str(interaction.guild_id), limit=MOST_OFFERED)
        offered = [
            (one.number, f"{one.number} · {one.saved.astimezone(UTC):%Y-%m-%d %H:%M} · {one.why or '–'}")
            for one in versions
        ]
        offered.append((0, "0 · the base, without changes"))
        wanted = str(typed).strip()
        fitting = [(number, name) for number, name in offered if name.startswith(wanted) or wanted in name]
        return [
            app_commands.Choice(name=shortened(name, limit=_LONGEST), value=number)
            for number, name in fitting[:MOST_OFFERED]
        ]


def language_names(rulebook: Rulebook) -> dict[str, str]:
    """Give the languages in which replies can be written, by code: "es · español"."""
    named = {code: f"{code} · {language.name}" for code, language in sorted(rulebook.languages.items())}
    return {ENGLISH: f"{ENGLISH} · English"} | named


def _fitting(offered: Iterable[tuple[str, str]], typed: str) -> list[app_commands.Choice[str]]:
    """Choose those that hold every typed word; those that begin with it come first."""
    wanted = typed.casefold().split()
    fitting: Sequence[tuple[str, str]] = [
        (value, name) for value, name in offered if all(word in name.casefold() for word in wanted)
    ]
    first = sorted(fitting, key=lambda pair: not pair[0].startswith(typed.casefold().strip()))
    return [
        app_commands.Choice(name=shortened(name, limit=_LONGEST), value=value)
        for value, name in first[:MOST_OFFERED]
    ]
