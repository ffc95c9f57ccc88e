"""The buttons. They carry all they need in their custom ids, so that they work after any restart."""

from __future__ import annotations

import re
from functools import partial
from typing import Any

import discord

from bot.gateway.desk import Desk
from bot.replies.model import Form, Vote
from bot.rulebook.language import Labels

Pressed = discord.Interaction[Any]
"""A press. Its client is always a `CaveatClient`; through it a button of an earlier run finds the desk."""

_VOTE_LABELS = {
    Vote.HELPFUL: "Helpful",
    Vote.NOT_HELPFUL: "Not helpful",
    Vote.NOT_WHAT_I_SAID: "Not what I said",
}
_VOTES = "|".join(vote.value for vote in Vote)

KEPT_ANYWAY = "Nothing was erased."
SURE = (
    "This erases your votes, the words of yours that matched a rule, and your name on replies. "
    "It cannot be undone. Erase?"
)


class VoteButton(discord.ui.DynamicItem[discord.ui.Button[Any]], template=rf"caveat:vote:(?P<vote>{_VOTES})"):
    """Helpful, Not helpful, or Not what I said.

    Args:
        vote: what pressing it says.
        labels: what stands on buttons; None for English.
    """

    def __init__(self, vote: Vote, labels: Labels | None = None) -> None:
        super().__init__(
            discord.ui.Button(
                label=_VOTE_LABELS[vote] if labels is None else _label(vote, labels),
                custom_id=f"caveat:vote:{vote.value}",
                style=discord.ButtonStyle.secondary,
            )
        )
        self.vote = vote

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> VoteButton:
        """Make the button that was pressed from its id."""
        return cls(Vote(match["vote"]))

    async def callback(self, interaction: Pressed) -> None:
        """Count the vote."""
        if interaction.message is not None:
            desk: Desk = interaction.client.desk
            await desk.answer(
                interaction,
                partial(
                    desk.vote,
                    reply=interaction.message.id,
                    member=interaction.user.id,
                    vote=self.vote,
                    server=interaction.guild_id,
                ),
            )


class WhyButton(discord.ui.DynamicItem[discord.ui.Button[Any]], template=r"caveat:why"):
    """Why?

    Args:
        labels: what stands on buttons; None for English.
    """

    def __init__(self, labels: Labels | None = None) -> None:
        label = "Why?" if labels is None else labels.why
        super().__init__(
            discord.ui.Button(label=label, custom_id="caveat:why", style=discord.ButtonStyle.secondary)
        )

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> WhyButton:
        """Make the button that was pressed."""
        return cls()

    async def callback(self, interaction: Pressed) -> None:
        """Explain the reply."""
        if interaction.message is not None:
            desk: Desk = interaction.client.desk
            await desk.answer(interaction, partial(desk.why, reply=interaction.message.id))


class EraseButton(
    discord.ui.DynamicItem[discord.ui.Button[Any]], template=r"caveat:erase:(?P<step>ask|do|keep)"
):
    """Erase what is kept about me: asks first, then does it or leaves it.

    Args:
        step: `ask` (the first press), `do` or `keep` (the answer).
    """

    def __init__(self, step: str) -> None:
        label, style = {
            "ask": ("Erase it", discord.ButtonStyle.secondary),
            "do": ("Yes, erase it", discord.ButtonStyle.danger),
            "keep": ("No, keep it", discord.ButtonStyle.secondary),
        }[step]
        super().__init__(discord.ui.Button(label=label, custom_id=f"caveat:erase:{step}", style=style))
        self.step = step

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> EraseButton:
        """Make the button that was pressed from its id."""
        return cls(match["step"])

    async def callback(self, interaction: Pressed) -> None:
        """Ask, erase, or leave it."""
        desk: Desk = interaction.client.desk
        if self.step == "ask":
            await desk.answer(interaction, _say_sure, view=_confirming(), in_place=True)
        elif self.step == "do":
            await desk.answer(interaction, partial(desk.erase, member=interaction.user.id), in_place=True)
        else:
            await desk.answer(interaction, _say_kept, in_place=True)


PERSISTENT_ITEMS = (VoteButton, WhyButton, EraseButton)
"""What a client registers at its start, so that buttons of earlier runs work."""


def reply_view(form: Form, labels: Labels | None = None) -> discord.ui.View:
    """Make the buttons under a reply. Emergency lines are not put to the vote; that they missed can be said.

    Args:
        form: the reply's form.
        labels: what stands on them; None for English.

    Returns:
        the buttons.
    """
    votes = (Vote.NOT_WHAT_I_SAID,) if form is Form.EMERGENCY else tuple(Vote)
    view = discord.ui.View(timeout=None)
    for vote in votes:
        view.add_item(VoteButton(vote, labels))
    return view.add_item(WhyButton(labels))


def privacy_view() -> discord.ui.View:
    """Make the button under what `/caveat privacy` says.

    Returns:
        the button.
    """
    return discord.ui.View(timeout=None).add_item(EraseButton("ask"))


def _label(vote: Vote, labels: Labels) -> str:
    return {
        Vote.HELPFUL: labels.helpful,
        Vote.NOT_HELPFUL: labels.not_helpful,
        Vote.NOT_WHAT_I_SAID: labels.not_what_i_said,
    }[vote]


def _confirming() -> discord.ui.View:
    return discord.ui.View(timeout=None).add_item(EraseButton("do")).add_item(EraseButton("keep"))


async def _say_sure() -> str:
    return SURE


async def _say_kept() -> str:
    return KEPT_ANYWAY
