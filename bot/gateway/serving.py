"""What moderators are served with on Discord: `/rules`, its buttons and forms, notices and repairs.

It is made once the bot has joined: messages need none of it, and it takes as long as a tenth of the start.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import suppress

import discord

from bot.gateway.commands import CaveatTree
from bot.gateway.lookup import Lookup
from bot.gateway.order import InOrder
from bot.gateway.outbox import Outbox
from bot.gateway.repair_crew import RepairCrew
from bot.gateway.review import Reviewing, review_command
from bot.gateway.rules.desk import RulesDesk
from bot.gateway.rules.group import Moderators, Section, rules_group
from bot.gateway.rules.presses import Presses
from bot.replies.checker import Checker


class Serving:
    """Serves moderators until it is ended.

    Args:
        client: the bot on Discord.
        tree: takes the command `/rules`.
        moderators: what they are served with.
        checker: the rules in force, and the servers' settings.
        lookup: finds and explains messages.
        outbox: changes replies that have to be looked at again.
        work: counts answers under way.
    """

    def __init__(
        self,
        *,
        client: discord.Client,
        tree: CaveatTree,
        moderators: Moderators,
        checker: Checker,
        lookup: Lookup,
        outbox: Outbox,
        work: InOrder,
    ) -> None:
        self.moderators = moderators
        desk = RulesDesk(
            client=client,
            moderation=moderators.moderation,
            checker=checker,
            lookup=lookup,
            work=work,
            pause=moderators.pause,
            patience=moderators.patience,
        )
        self.presses = Presses(desk=desk)
        self.reviewing: Reviewing | None = None
        sections = moderators.sections
        mending = moderators.mending
        if mending is not None:
            self.reviewing = Reviewing(reviews=mending.reviews, work=work)
            command = review_command(self.reviewing)
            sections = (*sections, Section(lambda _: (command,)))
            mending.watch.act_as(lambda: str(client.user.id) if client.user is not None else None)
        for section in sections:
            client.add_dynamic_items(*section.items)
        tree.add_command(rules_group(desk, sections))
        moderators.moderation.look_back_with(desk.history_for())
        if moderators.previews is not None:
            moderators.previews.show_to(desk.history_for())
        crew = RepairCrew(client=client, outbox=outbox, work=work)
        self._beside = tuple(self._works_beside(client, checker, crew))

    def _works_beside(
        self, client: discord.Client, checker: Checker, crew: RepairCrew
    ) -> Iterator[asyncio.Task[None]]:
        """Begin what goes on beside messages and commands."""
        telling = self.moderators.board.serve(client, checker)
        yield asyncio.create_task(telling, name="caveat-noticeboard")
        if self.moderators.mending is not None:
            mending = self.moderators.mending.repairs.keep_on(crew)
            yield asyncio.create_task(mending, name="caveat-repairs")

    async def submit(self, interaction: discord.Interaction[discord.Client]) -> None:
        """Take a form that a moderator sends."""
        await self.presses.submit(interaction)
        if self.reviewing is not None:
            await self.reviewing.submit(interaction)

    async def end(self) -> None:
        """End what goes on beside."""
        for task in self._beside:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
