"""The client: what the bot asks Discord for, and where each event goes."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TYPE_CHECKING

import discord
import yarl

from bot.errors import CaveatBotError
from bot.gateway.commands import CaveatCommands, CaveatTree, why_this_caveat
from bot.gateway.desk import Desk
from bot.gateway.endpoints import is_proxied
from bot.gateway.listener import Listener
from bot.gateway.lookup import Lookup
from bot.gateway.order import InOrder
from bot.gateway.outbox import REFUSALS, Outbox, in_numbers
from bot.gateway.review_parts import ReviewButton
from bot.gateway.rules.buttons import RulesButton
from bot.gateway.views import PERSISTENT_ITEMS, reply_view
from bot.moderation.notices import LanguageMissing
from bot.replies.checker import Checker
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.gateway.rules.group import Moderators
    from bot.gateway.serving import Serving

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
        moderators: gives what moderators are served with, when the bot has joined; without it there is no
            `/rules`.
    """

    def __init__(
        self,
        *,
        checker: Checker,
        settings: Settings,
        moderators: Callable[[], Awaitable[Moderators]] | None = None,
    ) -> None:
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
        self._outbox = Outbox(client=self, view_of=reply_view)
        self._listener = Listener(
            checker=checker, outbox=self._outbox, work=self._work, language_missing=self._language_missing
        )
        self._lookup = Lookup(checker=checker)
        self.tree = CaveatTree(self)
        self.tree.add_command(CaveatCommands(desk=self.desk, lookup=self._lookup))
        self.tree.add_command(why_this_caveat(desk=self.desk, lookup=self._lookup))
        self._checker = checker
        self._moderators = moderators
        self._serving: Serving | None = None
        self._begun: asyncio.Task[None] | None = None

    async def _begin(self) -> None:
        """Serve moderators, and register commands that Discord does not have yet."""
        await self.wait_until_ready()
        try:
            if self._moderators is not None:
                self._serving = await self._serve(self._moderators)
            if await self.tree.sync_if_changed():
                log.info("the commands were registered with Discord")
        except REFUSALS as error:
            log.warning(
                "the commands could not be registered (%s); those that Discord has stay", in_numbers(error)
            )
        except CaveatBotError as error:
            log.error("moderators cannot be served: %s", error)  # noqa: TRY400  # it says all there is to say
        finally:
            self.tree.is_whole.set()

    async def _serve(self, moderators: Callable[[], Awaitable[Moderators]]) -> Serving:
        from bot.gateway.serving import Serving  # noqa: PLC0415  # a tenth of the start, which needs none of it

        return Serving(
            client=self,
            tree=self.tree,
            moderators=await moderators(),
            checker=self._checker,
            lookup=self._lookup,
            outbox=self._outbox,
            work=self._work,
        )

    async def serving(self) -> Serving | None:
        """Give what moderators are served with, once it is there; None where nobody is served."""
        await self.tree.is_whole.wait()
        return self._serving

    async def _language_missing(self, server: str, language: str) -> None:
        serving = await self.serving()
        if serving is not None and serving.moderators.notices is not None:
            await serving.moderators.notices.tell(LanguageMissing(server, language))

    async def finish(self, *, seconds: float) -> int:
        """Take no more messages and end what is under way; then the client can be closed.

        Args:
            seconds: how long to wait at most.

        Returns:
            how many rooms had work left.
        """
        return await self._work.finish(seconds=seconds)

    async def setup_hook(self) -> None:
        """Make the buttons of earlier runs work; what messages do not need follows once the bot is there."""
        self.add_dynamic_items(*PERSISTENT_ITEMS)
        if self._moderators is not None:
            self.add_dynamic_items(RulesButton, ReviewButton)
        self._begun = asyncio.create_task(self._begin(), name="caveat-moderators")

    async def close(self) -> None:
        """Leave Discord."""
        if self._begun is not None:
            self._begun.cancel()
            with suppress(asyncio.CancelledError):
                await self._begun
        if self._serving is not None:
            await self._serving.end()
        await super().close()

    async def on_interaction(self, interaction: discord.Interaction[discord.Client]) -> None:
        """Take forms that moderators send; commands and buttons find their way by themselves."""
        if interaction.type is discord.InteractionType.modal_submit:
            serving = await self.serving()
            if serving is not None:
                await serving.submit(interaction)

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
