"""The application commands: `/caveat why`, `about` and `privacy`, and "Why this caveat?" on a message."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import discord
from discord import app_commands

from bot.gateway.desk import SORRY, Desk
from bot.gateway.lookup import Lookup
from bot.gateway.outbox import REFUSALS, in_numbers
from bot.gateway.rules.access import is_for_moderators, may_change_rules, turn_away
from bot.gateway.views import privacy_view

WHY_THIS = "Why this caveat?"
"""The name of the command in a message's menu."""

_ON_SERVERS = app_commands.AppInstallationType(guild=True, user=False)
_EVERYWHERE = app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=False)
_IN_CHANNELS = app_commands.AppCommandContext(guild=True, dm_channel=False, private_channel=False)

log = logging.getLogger(__name__)


class CaveatCommands(app_commands.Group):
    """Everything under `/caveat`. All answers are seen by the asker only.

    Args:
        desk: answers.
        lookup: finds and explains messages.
    """

    def __init__(self, *, desk: Desk, lookup: Lookup) -> None:
        super().__init__(
            name="caveat",
            description="Why a caveat was added, what this bot is, what it keeps about you",
            allowed_installs=_ON_SERVERS,
            allowed_contexts=_EVERYWHERE,
        )
        self._desk = desk
        self._lookup = lookup

    @app_commands.command(
        description="Why was this said? Explains my last reply here, or any message you link"
    )
    @app_commands.describe(message="The link of a message; without it, my last reply in this channel")
    async def why(
        self, interaction: discord.Interaction[Any], message: app_commands.Range[str, 1, 200] | None = None
    ) -> None:
        """Explain the last reply in this channel, or a linked message."""
        if message is None:
            saying = partial(self._lookup.last_reply, interaction)
        else:
            saying = partial(self._lookup.linked, interaction, message)
        await self._desk.answer(interaction, saying, slow=True)

    @app_commands.command(description="What this bot is, where its caveats come from, and what it may do")
    async def about(self, interaction: discord.Interaction[Any]) -> None:
        """Say what the bot is."""
        await self._desk.answer(
            interaction,
            partial(self._desk.about, application_id=interaction.application_id, server=interaction.guild_id),
        )

    @app_commands.command(description="What I keep about you, and a button to erase it")
    async def privacy(self, interaction: discord.Interaction[Any]) -> None:
        """Say what is kept about the asker."""
        await self._desk.answer(
            interaction, partial(self._desk.privacy, member=interaction.user.id), view=privacy_view()
        )


def why_this_caveat(*, desk: Desk, lookup: Lookup) -> app_commands.ContextMenu:
    """Make the command in a message's menu.

    Args:
        desk: answers.
        lookup: explains the message.

    Returns:
        the command.
    """

    async def explain(interaction: discord.Interaction[Any], message: discord.Message) -> None:
        await desk.answer(interaction, partial(lookup.message, message))

    return app_commands.ContextMenu(
        name=WHY_THIS, callback=explain, allowed_installs=_ON_SERVERS, allowed_contexts=_IN_CHANNELS
    )


class CaveatTree(app_commands.CommandTree[discord.Client]):
    """The commands as Discord knows them.

    Args:
        client: the bot on Discord.
    """

    def __init__(self, client: discord.Client) -> None:
        super().__init__(client)
        self.is_whole = asyncio.Event()
        """Set once every command stands in it; who comes for `/rules` before is kept waiting till then."""

    async def interaction_check(self, interaction: discord.Interaction[discord.Client], /) -> bool:
        """Let only those use and complete `/rules` who may, whatever Discord shows to whom."""
        if not is_for_moderators(interaction):
            return True
        if may_change_rules(interaction):
            await self.is_whole.wait()
            return True
        await turn_away(interaction)
        return False

    async def on_error(
        self, interaction: discord.Interaction[discord.Client], error: app_commands.AppCommandError, /
    ) -> None:
        """Log what went wrong, and do not leave the asker waiting."""
        name = interaction.command.qualified_name if interaction.command else "?"
        log.error("/%s failed", name, exc_info=error)
        try:
            if interaction.response.is_done():
                await interaction.followup.send(SORRY, ephemeral=True)
            else:
                await interaction.response.send_message(SORRY, ephemeral=True)
        except REFUSALS as refusal:
            log.warning("nor could that be said (%s)", in_numbers(refusal))

    async def sync_if_changed(self) -> bool:
        """Register the commands with Discord where it has others; Discord allows few registrations a day.

        Returns:
            whether they were registered.
        """
        application_id = self.client.application_id
        if application_id is None:
            raise discord.app_commands.MissingApplicationID
        # As Discord writes them: discord.py 2.7 loses contexts and kinds of installation on its way back.
        known = [_essence(command) for command in await self.client.http.get_global_commands(application_id)]
        ours = [_essence(command.to_dict(self)) for command in self._all()]
        if sorted(known, key=repr) == sorted(ours, key=repr):
            return False
        await self.sync()
        return True

    def _all(
        self,
    ) -> Sequence[app_commands.Group | app_commands.Command[Any, ..., Any] | app_commands.ContextMenu]:
        kinds = (discord.AppCommandType.chat_input, discord.AppCommandType.message)
        return [command for kind in kinds for command in self.get_commands(type=kind)]


_COMPARED = (
    "name",
    "type",
    "description",
    "required",
    "contexts",
    "integration_types",
    "min_length",
    "max_length",
    "min_value",
    "max_value",
    "autocomplete",
    "channel_types",
)
"""What makes two registrations the same. Ids and versions are Discord's; the rest is left at its defaults."""


def _essence(payload: Mapping[str, Any]) -> dict[str, Any]:
    essence = {key: payload[key] for key in _COMPARED if payload.get(key) not in (None, "", False, [])}
    if payload.get("default_member_permissions") is not None:
        essence["default_member_permissions"] = str(payload["default_member_permissions"])
    if payload.get("choices"):
        essence["choices"] = [(choice["name"], choice["value"]) for choice in payload["choices"]]
    if payload.get("options"):
        essence["options"] = [_essence(option) for option in payload["options"]]
    for key in ("contexts", "integration_types", "channel_types"):
        if key in essence:
            essence[key] = sorted(essence[key])
    return essence
