"""What moderators' buttons and forms do."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from typing import Any

import discord

from bot.gateway.outbox import REFUSALS, in_numbers, log
from bot.gateway.rules.access import may_change_rules, turn_away
from bot.gateway.rules.buttons import expired_view
from bot.gateway.rules.changing import edit_form, example_asked, opened_draft
from bot.gateway.rules.desk import RulesDesk
from bot.gateway.rules.forms import Submitted, submitted
from bot.gateway.rules.pending import Asked, Waiting
from bot.gateway.rules.reading import drafts_said, list_said
from bot.gateway.rules.said import Said
from bot.gateway.rules.server_settings import save_emergency_lines
from bot.gateway.rules.shown_change import cancelled_said, expired_said, proposal_said
from bot.gateway.rules.versions import history_said
from bot.moderation.changes import Change, EditRule, NewRule, RollBack, WholeOverlay

Pressed = discord.Interaction[Any]
Rest = tuple[str, ...]


class Presses:
    """Does what buttons and forms ask for.

    Args:
        desk: where moderators are answered.
    """

    def __init__(self, *, desk: RulesDesk) -> None:
        self._desk = desk
        self._verbs: dict[str, Callable[[Pressed, Rest], Awaitable[None]]] = {
            "go": self._go,
            "shadow": self._shadow,
            "cancel": self._cancel,
            "page": self._page,
            "again": self._again,
            "draft": self._draft,
            "drafts": self._drafts,
            "undo": self._undo,
            "edit": self._edit,
            "list": self._list,
            "history": self._history,
        }

    async def press(self, interaction: Pressed, verb: str, rest: Rest) -> None:
        """Do what a button is for. One that this version does not know any more says so.

        Args:
            interaction: the press.
            verb: what it does.
            rest: what it does that with.
        """
        try:
            await self._verbs.get(verb, self._too_late)(interaction, rest)
        except (ValueError, IndexError):
            # The id of a button of another version of this program.
            await self._too_late(interaction, rest)

    async def submit(self, interaction: Pressed) -> None:
        """Take a form that was sent; forms of others are left alone."""
        form = submitted(interaction.data) if interaction.data is not None else None
        if form is None:
            return
        if not may_change_rules(interaction):
            await turn_away(interaction)
        elif form.about == "emergency":
            lines = form.values.get("text", "")
            await self._desk.answer(
                interaction, partial(save_emergency_lines, self._desk, interaction, lines)
            )
        else:
            await self._desk.answer(interaction, partial(self._proposed, interaction, form))

    async def _proposed(self, interaction: Pressed, form: Submitted) -> Said:
        text, why = form.values.get("text", ""), form.values.get("why", "")
        change: Change
        if form.about == "example":
            asked = example_asked(
                interaction,
                form.rule,
                form.kind,
                message=form.values.get("message", ""),
                because=form.values.get("because", ""),
                context=form.values.get("context", ""),
            )
            return asked if isinstance(asked, Said) else await self._desk.proposed(interaction, asked)
        if form.about == "overlay":
            change = WholeOverlay(text)
        else:
            change = EditRule(form.rule, text) if form.rule else NewRule(text)
        asked = Asked(str(interaction.guild_id), change, str(interaction.user.id), why, form.seen)
        return await self._desk.proposed(interaction, asked)

    def _held(self, interaction: Pressed, key: str, *, take: bool) -> Asked | Waiting | None:
        """What is held, if it is held for this moderator on this server."""
        held = self._desk.pending.get(key)
        if held is None:
            return None
        asked = held.proposal if isinstance(held, Waiting) else held
        if (asked.server, asked.by) != (str(interaction.guild_id), str(interaction.user.id)):
            return None
        return self._desk.pending.take(key) if take else held

    async def _go(self, interaction: Pressed, rest: Rest) -> None:
        await self._confirm(interaction, rest[0], None)

    async def _shadow(self, interaction: Pressed, rest: Rest) -> None:
        await self._confirm(interaction, rest[1], timedelta(hours=int(rest[0])))

    async def _confirm(self, interaction: Pressed, key: str, shadow_for: timedelta | None) -> None:
        held = self._held(interaction, key, take=True)
        if isinstance(held, Waiting):
            confirming = partial(self._desk.confirmed, interaction, key, held, shadow_for=shadow_for)
            await self._desk.answer(interaction, confirming, in_place=True)
        else:
            await self._too_late(interaction, (key,))

    async def _cancel(self, interaction: Pressed, rest: Rest) -> None:
        held = self._held(interaction, rest[0], take=True)
        draft = held.draft if isinstance(held, Waiting) else None
        await self._desk.answer(interaction, _giving(cancelled_said(draft)), in_place=True)

    async def _page(self, interaction: Pressed, rest: Rest) -> None:
        held = self._held(interaction, rest[1], take=False)
        if isinstance(held, Waiting):
            said = proposal_said(held.proposal, key=rest[1], page=int(rest[0]))
            await self._desk.answer(interaction, _giving(said), in_place=True)
        else:
            await self._too_late(interaction, rest)

    async def _again(self, interaction: Pressed, rest: Rest) -> None:
        held = self._held(interaction, rest[0], take=True)
        if isinstance(held, Asked):
            proposing = partial(self._desk.proposed, interaction, held)
            await self._desk.answer(interaction, proposing, in_place=True)
        else:
            await self._too_late(interaction, rest)

    async def _draft(self, interaction: Pressed, rest: Rest) -> None:
        seen = int(rest[1]) if rest[1] else None
        opening = partial(opened_draft, self._desk, interaction, int(rest[0]), seen)
        await self._desk.open(interaction, opening)

    async def _drafts(self, interaction: Pressed, rest: Rest) -> None:
        await self._desk.answer(interaction, partial(drafts_said, self._desk, interaction))

    async def _undo(self, interaction: Pressed, rest: Rest) -> None:
        change = RollBack(int(rest[0]))
        asked = Asked(str(interaction.guild_id), change, str(interaction.user.id), "undone", int(rest[0]) + 1)
        await self._desk.answer(interaction, partial(self._desk.proposed, interaction, asked))

    async def _edit(self, interaction: Pressed, rest: Rest) -> None:
        await self._desk.open(interaction, partial(edit_form, self._desk, interaction, rest[0]))

    async def _list(self, interaction: Pressed, rest: Rest) -> None:
        page, family, status = int(rest[0]), rest[1], rest[2]
        listing = partial(list_said, self._desk, interaction, family=family, status=status, page=page)
        await self._desk.answer(interaction, listing, in_place=True)

    async def _history(self, interaction: Pressed, rest: Rest) -> None:
        page = partial(history_said, self._desk, interaction, before=int(rest[0]))
        await self._desk.answer(interaction, page, in_place=True)

    async def _too_late(self, interaction: Pressed, rest: Rest) -> None:
        try:
            await interaction.response.send_message(
                expired_said().content(), view=expired_view(), ephemeral=True
            )
        except REFUSALS as error:
            log.warning("a moderator could not be answered (%s)", in_numbers(error))


def _giving(said: Said) -> Callable[[], Awaitable[Said]]:
    async def give() -> Said:
        await asyncio.sleep(0)
        return said

    return give
