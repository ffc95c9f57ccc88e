"""`/rules stats`: replies, holds, votes and false alarms, as a plot, a table and a file."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import Any

import discord
from discord import app_commands

from bot.gateway.rules.completion import Completion
from bot.gateway.rules.desk import RulesDesk
from bot.gateway.rules.said import Attached, Said
from bot.gateway.statistics import NUMBERS_FILE, PICTURE_FILE, Statistician
from bot.statistics.table import MOST_WEEKS, USUAL_WEEKS

Asking = discord.Interaction[Any]
Command = app_commands.Command[Any, ..., Any]
RuleId = app_commands.Range[str, 1, 60]


def statistics_commands(desk: RulesDesk) -> Sequence[Command]:
    """Make the commands that tell how the rules do."""
    return (_stats(desk, Completion(desk=desk), asyncio.Lock()),)


def _stats(desk: RulesDesk, completion: Completion, drawing: asyncio.Lock) -> Command:
    @app_commands.command(name="stats", description="Replies, holds, votes and false alarms, week by week")
    @app_commands.describe(
        weeks=f"How many weeks, this one included; {USUAL_WEEKS} without it",
        family="Only this claim family",
    )
    @app_commands.autocomplete(family=completion.family)
    async def command(
        interaction: Asking,
        weeks: app_commands.Range[int, 1, MOST_WEEKS] = USUAL_WEEKS,
        family: RuleId | None = None,
    ) -> None:
        server, statistician = str(interaction.guild_id), Statistician(checker=desk.checker, drawing=drawing)
        await desk.answer(interaction, partial(stats_said, statistician, server, weeks=weeks, family=family))

    return command


async def stats_said(statistician: Statistician, server: str, *, weeks: int, family: str | None) -> Said:
    """Tell how the rules of a server do; arguments as for `Statistician.tell`."""
    told = await statistician.tell(server, weeks=weeks, family=family)
    files = []
    if told.picture is not None:
        files.append(Attached(PICTURE_FILE, told.picture, told.described))
    if told.numbers is not None:
        files.append(Attached(NUMBERS_FILE, told.numbers))
    return Said(told.text, files=tuple(files))
