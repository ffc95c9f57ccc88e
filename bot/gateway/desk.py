"""Where members' questions are answered: votes, why, about, privacy. Only the asker sees the answer."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Any

import discord

from bot.errors import CaveatBotError, StoreError
from bot.gateway.order import InOrder
from bot.gateway.outbox import REFUSALS, in_numbers
from bot.gateway.permissions import NEEDED_PERMISSIONS, invite_link
from bot.gateway.rendering import MESSAGE_LIMIT, render_explanation, shortened
from bot.replies.checker import Checker
from bot.replies.language import language_of
from bot.replies.model import Vote
from bot.rulebook.language import Labels

SORRY = "Something went wrong on my side. Nothing was changed; please try again in a little while."
NOT_KNOWN = "I have no record of this reply any more, so there is nothing I can tell or count."

log = logging.getLogger(__name__)

VOTED = {
    Vote.HELPFUL: "Thank you! I noted that this was **helpful**.",
    Vote.NOT_HELPFUL: "Thank you. I noted that this was **not helpful**.",
    Vote.NOT_WHAT_I_SAID: "Sorry for misreading! I noted that this was **not what was said**.",
}
VOTE_AGAIN = "Press the same button again to take it back, or another one to change it."
TAKEN_BACK = "Your vote is taken back."


class Desk:
    """Answers what members ask through buttons and commands.

    Args:
        checker: knows what was said and why.
        work: counts answers under way, so that the bot does not leave in the middle of one.
        review_days: how long matched words are kept, in days.
    """

    def __init__(self, *, checker: Checker, work: InOrder, review_days: int) -> None:
        self._checker = checker
        self._work = work
        self._review_days = review_days

    async def answer(
        self,
        interaction: discord.Interaction[Any],
        saying: Callable[[], Awaitable[str]],
        *,
        view: discord.ui.View | None = None,
        in_place: bool = False,
        slow: bool = False,
    ) -> None:
        """Answer an interaction, whatever happens.

        Args:
            interaction: what was pressed or typed.
            saying: gives the answer.
            view: buttons under it.
            in_place: write it over the message whose button was pressed.
            slow: the answer may take longer than the three seconds that Discord waits.
        """
        with self._work.beside():
            try:
                if slow:
                    await interaction.response.defer(ephemeral=True, thinking=True)
                text, buttons = await self._said(saying), view or discord.utils.MISSING
                if slow:
                    await interaction.followup.send(text, view=buttons, ephemeral=True, suppress_embeds=True)
                elif in_place:
                    await interaction.response.edit_message(content=text, view=view)
                else:
                    await interaction.response.send_message(
                        text, view=buttons, ephemeral=True, suppress_embeds=True
                    )
            except REFUSALS as error:
                log.warning("a question could not be answered (%s)", in_numbers(error))

    async def vote(self, *, reply: int, member: int, vote: Vote, server: int | None) -> str:
        """Count a vote on a reply, change it, or take it back.

        Args:
            reply: the id of the reply.
            member: the id of who votes.
            vote: what was pressed.
            server: the server on which the reply stands, in whose language is answered.

        Returns:
            what the member is told.
        """
        labels = await self._labels_of(server)
        try:
            stands = await self._checker.vote(reply=str(reply), member=str(member), vote=vote)
        except StoreError:
            if await self._checker.explain(reply=str(reply)) is None:
                return NOT_KNOWN if labels is None else labels.reply_unknown
            raise
        if stands is None:
            return TAKEN_BACK if labels is None else labels.vote_taken_back
        if labels is None:
            return f"{VOTED[stands]}\n-# {VOTE_AGAIN}"
        return f"{_voted(stands, labels)}\n-# {labels.vote_again}"

    async def why(self, *, reply: int) -> str:
        """Explain a reply.

        Args:
            reply: the id of the reply.

        Returns:
            the explanation with its sources.
        """
        explanation = await self._checker.explain(reply=str(reply))
        return NOT_KNOWN if explanation is None else render_explanation(explanation)

    async def about(self, *, application_id: int, server: int | None) -> str:
        """Say what the bot is, what it draws on and what it may do.

        Args:
            application_id: the application's id, for the invite link.
            server: the server on which it is asked; None in a direct message.

        Returns:
            the text.
        """
        of_server = self._checker.rulebook if server is None else self._checker.rulebook_of(str(server))
        rulebook = of_server.source
        titles = ", ".join(f"“{document.title}”" for document in rulebook.documents)
        lines = [
            "I look for claims about kratom and headaches, and add a short caveat with its source. I am a "
            "program: I match phrases, I can be mistaken, and nothing I say is medical advice.",
            f"- Rules in force: {len(rulebook.rules)}, in {len(rulebook.families)} kinds of claims "
            f"(version `{rulebook.digest[:8]}`).",
            f"- The caveats are drawn from: {titles}.",
            "- **Why?** under a reply, or `/caveat why`, shows how it came about; votes help to mend rules.",
            "- I keep no messages; `/caveat privacy` shows what I do keep about you.",
            "- What I may do, and why:",
            *(f"  - {permission.label}: {permission.reason}" for permission in NEEDED_PERMISSIONS),
            f"-# [Bring me to another server](<{invite_link(application_id)}>)",
        ]
        return shortened("\n".join(lines), limit=MESSAGE_LIMIT)

    async def privacy(self, *, member: int) -> str:
        """Say what is kept about a member.

        Args:
            member: the member's id.

        Returns:
            the text.
        """
        counts = await self._checker.privacy_of(str(member))
        if any(counts.values()):
            kept = ["I keep this about you:", *(f"- {kind}: {count}" for kind, count in counts.items())]
        else:
            kept = ["I keep nothing about you."]
        kept.append(
            "-# Messages are not kept. The words that matched a rule are kept for at most "
            f"{self._review_days} days, so that moderators can check the rules; the last few messages of a "
            "channel are held in memory for some minutes."
        )
        return "\n".join(kept)

    async def erase(self, *, member: int) -> str:
        """Erase what is kept about a member.

        Args:
            member: the member's id.

        Returns:
            what the member is told.
        """
        count = await self._checker.forget(str(member))
        return f"Done. I erased what I kept about you ({count} {'record' if count == 1 else 'records'})."

    async def _labels_of(self, server: int | None) -> Labels | None:
        """What stands around replies on a server; None for the English words."""
        if server is None:
            return None
        try:
            settings = await self._checker.settings_of(str(server))
        except StoreError:
            # Whatever keeps the settings back must not keep a vote from being counted.
            return None
        language = language_of(self._checker.rulebook_of(str(server)).source, settings)
        return None if language is None else language.labels

    async def _said(self, saying: Callable[[], Awaitable[str]]) -> str:
        try:
            return await saying()
        except CaveatBotError as error:
            log.warning("a question could not be answered: %s", error)
            return SORRY


def _voted(vote: Vote, labels: Labels) -> str:
    return {
        Vote.HELPFUL: labels.voted_helpful,
        Vote.NOT_HELPFUL: labels.voted_not_helpful,
        Vote.NOT_WHAT_I_SAID: labels.voted_not_what_i_said,
    }[vote]
