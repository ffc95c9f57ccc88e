"""Who may see and change a server's rules: asked anew at every command, completion, button and form."""

from __future__ import annotations

from typing import Any

import discord

from bot.gateway.outbox import REFUSALS, in_numbers, log

ROOT = "rules"
"""The name of the command under which everything for moderators stands."""
NOT_ALLOWED = (
    "Only those who may **Manage Server** can see and change the rules here. "
    "To ask why I answered a message, there is `/caveat why`."
)


def may_change_rules(interaction: discord.Interaction[Any]) -> bool:
    """Tell whether somebody may see and change the rules of the server they are on.

    Discord sends with each interaction what the member may do at that moment, so a right that was taken away
    is gone at the next press.

    Args:
        interaction: what was typed or pressed.

    Returns:
        whether it happened on a server and the member may manage it.
    """
    allowed = interaction.permissions
    return interaction.guild_id is not None and (allowed.manage_guild or allowed.administrator)


async def turn_away(interaction: discord.Interaction[Any]) -> None:
    """Say to somebody that they may not; what is being typed is completed with nothing."""
    try:
        if interaction.type is discord.InteractionType.autocomplete:
            await interaction.response.autocomplete([])
        else:
            await interaction.response.send_message(NOT_ALLOWED, ephemeral=True)
    except REFUSALS as error:
        log.warning("a question could not be answered (%s)", in_numbers(error))


def is_for_moderators(interaction: discord.Interaction[Any]) -> bool:
    """Tell whether a command, or an option that is being typed, belongs to `/rules`."""
    data = interaction.data
    return data is not None and data.get("name") == ROOT and data.get("type", 1) == 1
