"""Where moderators' commands, buttons and forms are answered, for the asker's eyes only."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import discord

from bot.errors import CaveatBotError, RulebookError, SettingsError
from bot.gateway.desk import SORRY
from bot.gateway.lookup import Lookup
from bot.gateway.order import InOrder
from bot.gateway.outbox import REFUSALS, in_numbers
from bot.gateway.recent import Kept
from bot.gateway.rules.past import PATIENCE, PAUSE, ChannelHistory
from bot.gateway.rules.pending import Asked, Pending, Waiting
from bot.gateway.rules.said import Said
from bot.gateway.rules.shown_change import conflict_said, in_force_said, proposal_said, refusal_said
from bot.gateway.rules.words import plain
from bot.moderation.changes import typed_text
from bot.moderation.model import Conflict, Proposal, Refusal
from bot.moderation.moderation import Moderation
from bot.replies.checker import Checker
from bot.store.model import KeptDraft, KeptVersion

REASONS_REMEMBERED = 500
"""So many reasons, typed along with what was refused, are remembered until the form is opened again."""

log = logging.getLogger(__name__)

Asking = discord.Interaction[Any]
Saying = Callable[[], Awaitable[Said]]


def _now() -> datetime:
    return datetime.now(UTC)


class RulesDesk:
    """Answers moderators.

    Args:
        client: knows channels, for looking back.
        moderation: what can be done with a server's rules.
        checker: the rules in force, and the servers' settings.
        lookup: finds and explains messages.
        work: counts answers under way, so that the bot does not leave in the middle of one.
        clock: the time now, with time zone.
        pause: seconds between two requests when looking back.
        patience: seconds after which whoever waits is told how far it is.
    """

    def __init__(
        self,
        *,
        client: discord.Client,
        moderation: Moderation,
        checker: Checker,
        lookup: Lookup,
        work: InOrder,
        clock: Callable[[], datetime] = _now,
        pause: float = PAUSE,
        patience: float = PATIENCE,
    ) -> None:
        self.client = client
        self.moderation = moderation
        self.checker = checker
        self.lookup = lookup
        self.pending = Pending(clock=clock)
        self.pause = pause
        self.patience = patience
        self.saving_settings = asyncio.Lock()
        self._reasons: Kept[int, str] = Kept(limit=REASONS_REMEMBERED)
        self._work = work

    async def answer(self, interaction: Asking, saying: Saying, *, in_place: bool = False) -> None:
        """Answer an interaction, whatever happens, however long it takes.

        Args:
            interaction: what was typed or pressed.
            saying: gives the answer.
            in_place: write it over the message whose button was pressed.
        """
        with self._work.beside():
            try:
                if in_place:
                    await interaction.response.defer()
                else:
                    await interaction.response.defer(ephemeral=True, thinking=True)
                said, failed = await self._said(saying)
                if failed and in_place:
                    # What stands there, with its buttons, is left for another try.
                    await interaction.followup.send(said.content(), ephemeral=True)
                    return
                await interaction.edit_original_response(
                    content=said.content(),
                    embeds=list(said.cards),
                    attachments=[attached.file() for attached in said.files],
                    view=said.view,
                )
            except REFUSALS as error:
                log.warning("a moderator could not be answered (%s)", in_numbers(error))

    async def open(self, interaction: Asking, form: Callable[[], Awaitable[discord.ui.Modal | Said]]) -> None:
        """Answer with a form; where there is none to open, with a sentence.

        Args:
            interaction: what was typed or pressed.
            form: gives the form.
        """
        with self._work.beside():
            try:
                given = await form()
            except CaveatBotError as error:
                given = Said(_sorry(error))
            try:
                if isinstance(given, Said):
                    await interaction.response.send_message(
                        given.content(),
                        embeds=list(given.cards),
                        files=[attached.file() for attached in given.files],
                        view=given.view or discord.utils.MISSING,
                        ephemeral=True,
                    )
                else:
                    # What is sent back is found by the form's id, so that a restart in between loses nothing.
                    given.stop()
                    await interaction.response.send_modal(given)
            except REFUSALS as error:
                log.warning("a moderator could not be answered (%s)", in_numbers(error))

    async def proposed(self, interaction: Asking, asked: Asked) -> Said:
        """Find out what a change would do, and show it with buttons to put it in force.

        Args:
            interaction: who asks; they are told how far it is, where it takes longer.
            asked: what is asked.

        Returns:
            the proposal, why it is refused, or what somebody else changed meanwhile.
        """
        outcome = await self.moderation.propose(
            asked.server,
            asked.change,
            by=asked.by,
            why=asked.why,
            seen=asked.seen,
            history=self.history_for(interaction),
        )
        if isinstance(outcome, Proposal):
            draft = await self.moderation.keep(outcome)
            self._remember_reason(draft, asked.why)
            return proposal_said(outcome, key=self.pending.put(Waiting(outcome, draft)))
        return self._not_proposed(asked, outcome)

    async def confirmed(
        self, interaction: Asking, key: str, waiting: Waiting, *, shadow_for: timedelta | None
    ) -> Said:
        """Put a proposal in force.

        Args:
            interaction: who pressed.
            key: by which the proposal was held.
            waiting: the proposal.
            shadow_for: for how long its rules are only recorded at first.

        Returns:
            what is in force now, or why nothing was changed.

        Raises:
            StoreError: the store failed; the proposal is held on, for another try.
        """
        proposal = waiting.proposal
        try:
            outcome = await self.moderation.confirm(proposal, shadow_for=shadow_for)
        except CaveatBotError:
            self.pending.put(waiting, key=key)
            raise
        if waiting.draft is not None and (isinstance(outcome, KeptVersion) or outcome.draft is not None):
            await self.moderation.drop_draft(waiting.draft)
        if isinstance(outcome, KeptVersion):
            return in_force_said(outcome)
        asked = Asked(proposal.server, proposal.change, str(interaction.user.id), proposal.why, proposal.seen)
        return self._not_proposed(asked, outcome)

    def history_for(self, interaction: Asking | None = None) -> ChannelHistory:
        """Give what looks back over a server's channels.

        Args:
            interaction: who waits for it, and is told how far it is; None: nobody.
        """

        async def tell(done: int, wanted: int) -> None:
            if interaction is not None:
                await self.told(interaction, f"Looking at recent messages: {done} of {wanted} …")

        return ChannelHistory(
            client=self.client, checker=self.checker, progress=tell, pause=self.pause, patience=self.patience
        )

    async def told(self, interaction: Asking, text: str) -> None:
        """Tell whoever waits how far it is; that Discord does not take this ends nothing."""
        try:
            await interaction.edit_original_response(content=text)
        except REFUSALS as error:
            log.warning("a moderator could not be told how far it is (%s)", in_numbers(error))

    def reason_of(self, draft: KeptDraft) -> str:
        """The reason that was typed along with a draft, as far as it is remembered."""
        return self._reasons.get(draft.draft) or ""

    def _not_proposed(self, asked: Asked, outcome: Refusal | Conflict) -> Said:
        self._remember_reason(outcome.draft, asked.why)
        if isinstance(outcome, Refusal):
            return refusal_said(outcome, typed=typed_text(asked.change)[1], seen=asked.seen)
        again = Asked(asked.server, asked.change, asked.by, asked.why, outcome.newer.number)
        return conflict_said(outcome, key=self.pending.put(again))

    def _remember_reason(self, draft: KeptDraft | None, why: str) -> None:
        if draft is not None and why:
            self._reasons.put(draft.draft, why)

    async def _said(self, saying: Saying) -> tuple[Said, bool]:
        """Give the answer, and whether something went wrong."""
        try:
            return await saying(), False
        except CaveatBotError as error:
            return Said(_sorry(error)), True
        except Exception:
            # Whoever asked must not be left waiting; the log has the rest.
            log.exception("a moderator could not be answered")
            return Said(SORRY), True


def _sorry(error: CaveatBotError) -> str:
    """Say what went wrong: what the moderator can mend in full, the rest in general."""
    if isinstance(error, RulebookError):
        return "\n".join(plain(f"{fault.problem} {fault.instead}") for fault in error.faults)
    if isinstance(error, SettingsError):
        return plain(str(error))
    log.warning("a moderator could not be answered: %s", error)
    return SORRY
