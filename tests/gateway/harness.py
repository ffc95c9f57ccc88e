"""The product's own client on the loopback Discord, and what is said to it."""

from __future__ import annotations

import asyncio

from bot.gateway.client import CaveatClient
from bot.gateway.health import ClientHealth
from bot.gateway.rules.group import Moderators
from bot.gateway.run import run_discord
from bot.replies.checker import Checker
from bot.settings import Secret, Settings
from tests.loopback import LoopbackDiscord

SEND = "POST /channels/{channel_id}/messages"
EDIT = "PATCH /channels/{channel_id}/messages/{message_id}"
DELETE = "DELETE /channels/{channel_id}/messages/{message_id}"

CLAIM = "garlic cured my cold"
"""Answered in full."""
QUESTION = "does garlic cure a cold?"
"""Answered briefly."""
CHATTER = "soup for dinner again"
"""Not answered."""
EMERGENCY = "i ate garlic and cant breathe"
"""Answered with the emergency lines, and told to moderators."""


class RunningBot:
    """The product's client on a loopback Discord: started, stopped, and started anew.

    Args:
        discord: where it goes.
        checker: what it asks.
        moderators: what moderators are served with.
    """

    def __init__(
        self, *, discord: LoopbackDiscord, checker: Checker, moderators: Moderators | None = None
    ) -> None:
        self._discord = discord
        self.checker = checker
        self.moderators = moderators
        self.is_due = asyncio.Event()
        """Moderators are served once it is set, as it is unless a test clears it."""
        self.is_due.set()
        self.health = ClientHealth()
        self._stop = asyncio.Event()
        self._running: asyncio.Task[None] | None = None

    async def _given(self) -> Moderators:
        assert self.moderators is not None
        await self.is_due.wait()
        return self.moderators

    async def start(self) -> None:
        """Start a new client, and wait until it is connected or has failed."""
        self._stop = asyncio.Event()
        self._running = asyncio.create_task(
            run_discord(
                checker=self.checker,
                settings=settings_for(self._discord),
                stop=self._stop,
                health=self.health,
                moderators=self._given if self.moderators is not None else None,
            )
        )
        connected = asyncio.create_task(self._discord.wait_for_bot())
        await asyncio.wait({self._running, connected}, return_when=asyncio.FIRST_COMPLETED)
        if self._running.done():
            connected.cancel()
            self._running.result()
        await connected
        client = self.health.client
        if isinstance(client, CaveatClient) and self.is_due.is_set():
            await client.serving()

    def tell_to_stop(self) -> None:
        """Tell the client to stop."""
        self._stop.set()

    async def ended(self) -> None:
        """Wait until the client has left, and raise what made it leave."""
        running, self._running = self._running, None
        if running is not None:
            await running

    async def stop(self) -> None:
        """Tell the client to stop, and wait until it has left."""
        self.tell_to_stop()
        await self.ended()

    async def restart(self) -> None:
        """Stop the client and start another one, as after an update of the program."""
        await self.stop()
        await self.start()


def settings_for(discord: LoopbackDiscord, *, token: str | None = None) -> Settings:
    """Write the settings with which an operator would point the bot at this server."""
    return Settings(
        discord_token=Secret(discord.token if token is None else token),
        discord_api_url=discord.api_url,
        discord_gateway_url=discord.gateway_url,
    )
