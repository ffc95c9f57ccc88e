"""`/rules review`: one entry of the queue at a time, with its draft and buttons; only the asker sees it."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any

import discord
from discord import app_commands
from discord.abc import Messageable
from msgspec import Struct

from bot.errors import CaveatBotError
from bot.gateway.desk import SORRY
from bot.gateway.incoming import incoming_from
from bot.gateway.lookup import NOT_FOUND, may_read
from bot.gateway.order import InOrder
from bot.gateway.outbox import REFUSALS, in_numbers
from bot.gateway.review_parts import (
    FORM_ID,
    Place,
    ReviewButton,
    form_for,
    next_button,
    review_view,
    stamp_of,
    typed_into,
    view_of,
)
from bot.gateway.review_said import (
    DISMISSED,
    NOTHING_OPEN,
    approved_said,
    entry_said,
    settled_said,
)
from bot.gateway.rules.access import may_change_rules, turn_away
from bot.moderation.repair import Repairs
from bot.moderation.review import Approved, Draft, Reviews, Settled
from bot.moderation.review_watch import RuleWatch
from bot.store.reviews import KeptReview, ReviewState

Asking = discord.Interaction[Any]

DRAFTS_HELD = 20
"""So many drafts are held in memory; each holds a rulebook. One that is gone is made anew."""
log = logging.getLogger(__name__)


class Shown(Struct, frozen=True):
    """What a moderator is shown."""

    text: str
    view: discord.ui.View | None = None


def review_command(reviewing: Reviewing) -> app_commands.Command[Any, ..., Any]:
    """Make the command `/rules review`.

    Args:
        reviewing: answers it.
    """

    @app_commands.command(name="review", description="Replies that members object to, and what would mend it")
    async def command(interaction: Asking) -> None:
        await reviewing.begin(interaction)

    return command


class Mending(Struct, frozen=True):
    """What the bot needs to do something about objections in Discord.

    Args:
        reviews: what moderators can do about an entry of the queue.
        repairs: what is to be done about replies whose rule was wrong.
        watch: puts rules with many false alarms in shadow.
    """

    reviews: Reviews
    repairs: Repairs
    watch: RuleWatch


class Reviewing:
    """Goes through the review queue with moderators.

    Args:
        reviews: what can be done about an entry.
        work: counts answers under way, so that the bot does not leave in the middle of one.
    """

    def __init__(self, *, reviews: Reviews, work: InOrder) -> None:
        self._reviews = reviews
        self._work = work
        self._drafts: OrderedDict[tuple[str, int], Draft] = OrderedDict()

    async def begin(self, interaction: Asking) -> None:
        """Show the first entry to whoever may see it."""
        if await self._is_allowed(interaction):
            await self._answer(interaction, partial(self._next, interaction, Place(0)), is_new=True)

    async def press(self, interaction: Asking, verb: str, place: Place) -> None:
        """Do what a button is for.

        Args:
            interaction: the press.
            verb: what it does.
            place: what it is about.
        """
        if not await self._is_allowed(interaction):
            return
        if verb == "edit":
            await self._open_form(interaction, place)
            return
        verbs: dict[str, Callable[[Asking, Place], Awaitable[Shown]]] = {
            "approve": self._approve,
            "dismiss": self._dismiss,
            "next": self._next,
            "whole": self._whole,
        }
        await self._answer(interaction, partial(verbs.get(verb, self._look), interaction, place))

    async def submit(self, interaction: Asking) -> None:
        """Take the form in which a draft was edited; other forms are left alone.

        It is read from what Discord sends, so that a restart while somebody types loses nothing.
        """
        data: Mapping[str, Any] = dict(interaction.data) if interaction.data is not None else {}
        sent = FORM_ID.fullmatch(str(data.get("custom_id", "")))
        if sent is not None and await self._is_allowed(interaction):
            typed = dict(typed_into(data)).get("yaml", "")
            place = Place(int(sent["entry"]), int(sent["finding"]))
            await self._answer(interaction, partial(self._typed, interaction, place, typed))

    async def _is_allowed(self, interaction: Asking) -> bool:
        if may_change_rules(interaction):
            return True
        await turn_away(interaction)
        return False

    async def _answer(
        self, interaction: Asking, saying: Callable[[], Awaitable[Shown]], *, is_new: bool = False
    ) -> None:
        """Answer, however long it takes: over the message whose button was pressed, or with a new one."""
        with self._work.beside():
            try:
                if is_new:
                    await interaction.response.defer(ephemeral=True, thinking=True)
                else:
                    await interaction.response.defer()
                try:
                    shown = await saying()
                except CaveatBotError as error:
                    log.warning("a review could not be shown: %s", type(error).__name__)
                    shown = Shown(SORRY, view_of(ReviewButton("Try again", "next", Place(0))))
                await interaction.edit_original_response(content=shown.text, view=shown.view)
            except REFUSALS as error:
                log.warning("a moderator could not be answered (%s)", in_numbers(error))

    async def _next(self, interaction: Asking, place: Place) -> Shown:
        entry = await self._reviews.next(str(interaction.guild_id), after=place.entry)
        if entry is None:
            return Shown(NOTHING_OPEN)
        return await self._shown(await self._reviews.draft(entry))

    async def _look(self, interaction: Asking, place: Place, *, is_anew: bool = False) -> Shown:
        entry = await self._open_entry(interaction, place)
        if isinstance(entry, Shown):
            return entry
        finding = place.finding if place.finding < len(entry.reply.findings) else 0
        return await self._shown(await self._reviews.draft(entry, place=finding), is_anew=is_anew)

    async def _whole(self, interaction: Asking, place: Place) -> Shown:
        entry = await self._open_entry(interaction, place)
        if isinstance(entry, Shown):
            return entry
        said = await _text_of(interaction, entry)
        if said is None:
            return Shown(NOT_FOUND, view_of(ReviewButton("Back", "look", place)))
        finding = place.finding if place.finding < len(entry.reply.findings) else 0
        return await self._shown(await self._reviews.draft(entry, place=finding, whole=said))

    async def _approve(self, interaction: Asking, place: Place) -> Shown:
        draft = self._held(interaction, place)
        if draft is None or stamp_of(draft) != place.stamp:
            return await self._look(interaction, place, is_anew=True)
        outcome = await self._reviews.approve(draft, by=str(interaction.user.id))
        if isinstance(outcome, Approved | Settled):
            self._drafts.pop((str(interaction.guild_id), place.entry), None)
            return Shown(approved_said(draft, outcome), view_of(next_button(place)))
        again = ReviewButton("Look again", "look", place)
        return Shown(approved_said(draft, outcome), view_of(again, next_button(place)))

    async def _dismiss(self, interaction: Asking, place: Place) -> Shown:
        entry = await self._open_entry(interaction, place)
        if isinstance(entry, Shown):
            return entry
        settled = await self._reviews.dismiss(entry, by=str(interaction.user.id))
        said = DISMISSED if settled is None else settled_said(settled)
        return Shown(said, view_of(next_button(place)))

    async def _typed(self, interaction: Asking, place: Place, typed: str) -> Shown:
        entry = await self._open_entry(interaction, place)
        if isinstance(entry, Shown):
            return entry
        draft = self._held(interaction, place)
        if draft is None:
            finding = place.finding if place.finding < len(entry.reply.findings) else 0
            draft = await self._reviews.draft(entry, place=finding)
        return await self._shown(await self._reviews.amended(draft, typed, by=str(interaction.user.id)))

    async def _open_entry(self, interaction: Asking, place: Place) -> KeptReview | Shown:
        entry = await self._reviews.entry(str(interaction.guild_id), place.entry)
        if entry is not None and entry.state is ReviewState.OPEN and entry.reply.findings:
            return entry
        return Shown(settled_said(Settled(entry)), view_of(next_button(place)))

    async def _open_form(self, interaction: Asking, place: Place) -> None:
        draft = self._held(interaction, place)
        with self._work.beside():
            try:
                if draft is None:
                    # There are three seconds to open a form, too few to make a draft in.
                    await self._answer(interaction, partial(self._look, interaction, place, is_anew=True))
                    return
                form = form_for(draft, place)
                await interaction.response.send_modal(form)
                # What is sent back is found by the form's id, also after a restart.
                form.stop()
            except REFUSALS as error:
                log.warning("a moderator could not be answered (%s)", in_numbers(error))

    def _held(self, interaction: Asking, place: Place) -> Draft | None:
        draft = self._drafts.get((str(interaction.guild_id), place.entry))
        return draft if draft is not None and draft.place == place.finding else None

    async def _shown(self, draft: Draft, *, is_anew: bool = False) -> Shown:
        reply = draft.entry.reply
        key = (reply.server, draft.entry.entry)
        self._drafts[key] = draft
        self._drafts.move_to_end(key)
        while len(self._drafts) > DRAFTS_HELD:
            self._drafts.popitem(last=False)
        link = f"https://discord.com/channels/{reply.server}/{reply.room}/{reply.message}"
        waiting = await self._reviews.count(reply.server)
        text = entry_said(draft, waiting=waiting, whole_link=link, is_anew=is_anew)
        return Shown(text, review_view(draft))


async def _text_of(interaction: Asking, entry: KeptReview) -> str | None:
    """Look up the message, for a moderator who can read it where it stands; None where that cannot be."""
    guild, reply = interaction.guild, entry.reply
    room = int(reply.room) if reply.room.isdigit() and reply.message.isdigit() else 0
    channel = guild.get_channel_or_thread(room) if guild is not None else None
    if not isinstance(channel, Messageable) or not may_read(interaction, channel):
        return None
    try:
        incoming = incoming_from(await channel.fetch_message(int(reply.message)))
    except REFUSALS:
        return None
    return incoming.text if incoming is not None else None
