"""The command `/rules`, put together from its sections."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import discord
from discord import app_commands
from msgspec import Struct

from bot.gateway.noticeboard import Noticeboard
from bot.gateway.review import Mending
from bot.gateway.rules.access import ROOT
from bot.gateway.rules.backtesting import backtest_commands
from bot.gateway.rules.changing import changing_commands
from bot.gateway.rules.desk import RulesDesk
from bot.gateway.rules.past import PATIENCE, PAUSE
from bot.gateway.rules.reading import reading_commands
from bot.gateway.rules.server_settings import settings_commands
from bot.gateway.rules.statistics import statistics_commands
from bot.gateway.rules.versions import version_commands
from bot.moderation.base_preview import BasePreviews
from bot.moderation.moderation import Moderation
from bot.moderation.notices import Notices

Made = app_commands.Command[Any, ..., Any] | app_commands.Group


class Section(Struct, frozen=True):
    """Commands under `/rules` that belong together.

    Args:
        commands: makes them; whatever they need beside the desk is bound into this.
        items: buttons of theirs that have to work after a restart. Each asks `may_change_rules` before it
            does anything.
    """

    commands: Callable[[RulesDesk], Sequence[Made]]
    items: tuple[type[discord.ui.DynamicItem[Any]], ...] = ()


SECTIONS = (
    Section(reading_commands),
    Section(changing_commands),
    Section(version_commands),
    Section(settings_commands),
    Section(backtest_commands),
    Section(statistics_commands),
)
"""What stands under `/rules` wherever the bot runs. More sections are handed over in `bot/app.py`."""


class Moderators(Struct, frozen=True):
    """What the bot needs to serve moderators in Discord.

    Args:
        moderation: what can be done with a server's rules.
        board: holds what moderators are to be told.
        previews: tries other files of rules on recent messages; None: nobody does.
        sections: what stands under `/rules`.
        notices: tells moderators, and the log, what becomes of the rules; None: nobody is told.
        mending: what is done about objections; without it there is no `/rules review`.
        pause: seconds between two requests when looking back over channels.
        patience: seconds after which whoever waits is told how far it is.
    """

    moderation: Moderation
    board: Noticeboard
    previews: BasePreviews | None = None
    sections: tuple[Section, ...] = SECTIONS
    notices: Notices | None = None
    mending: Mending | None = None
    pause: float = PAUSE
    patience: float = PATIENCE


def rules_group(desk: RulesDesk, sections: Sequence[Section]) -> app_commands.Group:
    """Make the command. Discord shows it to those who may manage the server; the bot asks again by itself.

    Args:
        desk: where moderators are answered.
        sections: what stands under it.

    Returns:
        the command, to be added to the tree.
    """
    group = app_commands.Group(
        name=ROOT,
        description="See, try and change the rules of this server",
        default_permissions=discord.Permissions(manage_guild=True),
        allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
        allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=False, private_channel=False),
    )
    for section in sections:
        for made in section.commands(desk):
            group.add_command(made)
    return group
