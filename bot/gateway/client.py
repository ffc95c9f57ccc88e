"""The client: what the bot asks Discord for, and where each event goes."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from contextlib import suppress

import discord
import yarl

from bot.gateway.commands import CaveatCommands, CaveatTree, why_this_caveat
from bot.gateway.desk import Desk
from bot.gateway.endpoints import is_proxied
from bot.gateway.listener import Listener
from bot.gateway.lookup import Lookup
from bot.gateway.order import InOrder
from bot.gateway.outbox import REFUSALS, Outbox, in_numbers
from bot.gateway.repair_crew import RepairCrew
from bot.gateway.review import Mending, Reviewing, review_command
from bot.gateway.review_parts import ReviewButton
from bot.gateway.rules.buttons import RulesButton
from bot.gateway.rules.desk import RulesDesk
from bot.gateway.rules.group import Moderators, Section, rules_group
from bot.gateway.rules.presses import Presses
from bot.gateway.views import PERSISTENT_ITEMS, reply_view
from bot.moderation.notices import LanguageMissing
from bot.replies.checker import Checker
from bot.settings import Settings

log = logging.getLogger(__name__)


def needed_intents() -> discord.Intents:
    """Name the events that the bot needs.

    Returns:
        servers and channels, their messages, and what is written in these. The last is a privileged intent,
        switched on in Discord's developer portal; members and presences are not asked for.
    """
    return discord.Intents(guilds=True, guild_messages=True, message_content=True)


class CaveatClient(discord.Client):
    """The bot on Discord. It keeps no messages in memory: edits and deletions come as raw events.

    Args:
        checker: decides what is said.
        settings: what the operator set.
        moderators: what moderators are served with; without it there is no `/rules`.
    """

    def __init__(self, *, checker: Checker, settings: Settings, moderators: Moderators | None = None) -> None:
        super().__init__(
            intents=needed_intents(),
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
        )
        self._work = InOrder()
        self._gateway = (
            yarl.URL(settings.discord_gateway_url) if is_proxied(settings.discord_gateway_url) else None
        )
        self.desk = Desk(checker=checker, work=self._work, review_days=settings.review_days)
        outbox = Outbox(client=self, view_of=reply_view)
        self._listener = Listener(
            checker=checker, outbox=outbox, work=self._work, language_missing=self._language_missing
        )
        lookup = Lookup(checker=checker)
        self.tree = CaveatTree(self)
        self.tree.add_command(CaveatCommands(desk=self.desk, lookup=lookup))
        self.tree.add_command(why_this_caveat(desk=self.desk, lookup=lookup))
        self._checker = checker
        self._moderators = moderators
        self._beside: tuple[asyncio.Task[None], ...] = ()
        self.presses: Presses | None = None
        self.reviewing: Reviewing | None = None
        self._crew = RepairCrew(client=self, outbox=outbox, work=self._work)
        if moderators is not None:
            self._serve(moderators, lookup)

    def _serve(self, moderators: Moderators, lookup: Lookup) -> None:
        """Take up what moderators are served with."""
        desk = RulesDesk(
            client=self,
            moderation=moderators.moderation,
            checker=self._checker,
            lookup=lookup,
            work=self._work,
            pause=moderators.pause,
            patience=moderators.patience,
        )
        self.presses = Presses(desk=desk)
        sections = moderators.sections
        mending = moderators.mending
        if mending is not None:
            self.reviewing = Reviewing(reviews=mending.reviews, work=self._work)
            command = review_command(self.reviewing)
            sections = (*sections, Section(lambda _: (command,)))
            mending.watch.act_as(lambda: str(self.user.id) if self.user is not None else None)
        self.tree.add_command(rules_group(desk, sections))
        moderators.moderation.look_back_with(desk.history_for())
        if moderators.previews is not None:
            moderators.previews.show_to(desk.history_for())

    async def _language_missing(self, server: str, language: str) -> None:
        notices = self._moderators.notices if self._moderators is not None else None
        if notices is not None:
            await notices.tell(LanguageMissing(server, language))

    async def finish(self, *, seconds: float) -> int:
        """Take no more messages and end what is under way; then the client can be closed.

        Args:
            seconds: how long to wait at most.

        Returns:
            how many rooms had work left.
        """
        return await self._work.finish(seconds=seconds)

    async def setup_hook(self) -> None:
        """Make the buttons of earlier runs work, and register commands that Discord does not have yet."""
        self.add_dynamic_items(*PERSISTENT_ITEMS)
        if self._moderators is not None:
            self.add_dynamic_items(RulesButton)
            for section in self._moderators.sections:
                self.add_dynamic_items(*section.items)
            self._beside = tuple(self._works_beside(self._moderators))
        try:
            if await self.tree.sync_if_changed():
                log.info("the commands were registered with Discord")
        except REFUSALS as error:
            log.warning(
                "the commands could not be registered (%s); those that Discord has stay", in_numbers(error)
            )

    def _works_beside(self, moderators: Moderators) -> Iterator[asyncio.Task[None]]:
        """Begin what goes on beside messages and commands."""
        telling = moderators.board.serve(self, self._checker)
        yield asyncio.create_task(telling, name="caveat-noticeboard")
        if moderators.mending is not None:
            self.add_dynamic_items(ReviewButton)
            yield asyncio.create_task(self._repair(moderators.mending), name="caveat-repairs")

    async def _repair(self, mending: Mending) -> None:
        await self.wait_until_ready()
        await mending.repairs.keep_on(self._crew)

    async def close(self) -> None:
        """Leave Discord."""
        for task in self._beside:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        await super().close()

    async def on_interaction(self, interaction: discord.Interaction[discord.Client]) -> None:
        """Take forms that moderators send; commands and buttons find their way by themselves."""
        if self.presses is not None and interaction.type is discord.InteractionType.modal_submit:
            await self.presses.submit(interaction)
        if self.reviewing is not None and interaction.type is discord.InteractionType.modal_submit:
            await self.reviewing.submit(interaction)

    async def on_connect(self) -> None:
        """Stay with the proxy: READY names an address at Discord to resume at, which would pass it by."""
        if self._gateway is not None:
            self.ws.gateway = self._gateway

    async def on_ready(self) -> None:
        """Say in the log that the bot is there."""
        log.info("connected to Discord as %s, on %d servers", self.user, len(self.guilds))

    async def on_message(self, message: discord.Message) -> None:
        """Check a new message."""
        self._listener.posted(message)

    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        """Check an edit."""
        self._listener.edited(payload)

    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        """Take the reply to a deleted message along."""
        self._listener.deleted(
            server=payload.guild_id, room=payload.channel_id, messages=(payload.message_id,)
        )

    async def on_raw_bulk_message_delete(self, payload: discord.RawBulkMessageDeleteEvent) -> None:
        """Take the replies to deleted messages along."""
        self._listener.deleted(server=payload.guild_id, room=payload.channel_id, messages=payload.message_ids)

    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """Forget a channel."""
        self._listener.room_gone(channel.id)

    async def on_raw_thread_delete(self, payload: discord.RawThreadDeleteEvent) -> None:
        """Forget a thread."""
        self._listener.room_gone(payload.thread_id)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Forget a server that the bot has left or was taken from."""
        for room in (*guild.channels, *guild.threads):
            self._listener.room_gone(room.id)
        log.info("no longer on server %s", guild.id)
