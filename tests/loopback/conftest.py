"""The real client, connected to the loopback Discord."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import Any

import discord
import discord.gateway
import discord.http
import pytest
import yarl

from tests.loopback import LoopbackDiscord

Connect = Callable[..., Awaitable["Client"]]


class Client(discord.Client):
    """The client under test: remembers the names of the events it got.

    Args:
        intents: those it asks for.
        options: discord.py's own.
    """

    def __init__(self, *, intents: discord.Intents, **options: Any) -> None:
        super().__init__(intents=intents, guild_ready_timeout=0.05, max_messages=100, **options)
        self.events: list[str] = []
        self.tree = discord.app_commands.CommandTree(self)

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Identify at once, without discord.py's five seconds."""

    async def on_socket_event_type(self, event: str) -> None:
        self.events.append(event)

    def expect(self, event: str, check: Callable[..., bool] | None = None) -> Awaitable[Any]:
        """Listen from now on for an event; awaited, it gives what discord.py made of it."""
        waiting: Awaitable[Any] = self.wait_for(event, check=check, timeout=10)
        return waiting


def intents(*, content: bool = True, members: bool = False) -> discord.Intents:
    """Return the intents of a bot that reads messages."""
    chosen = discord.Intents(guilds=True, guild_messages=True, dm_messages=True, guild_reactions=True)
    chosen.message_content = content
    chosen.members = members
    return chosen


@asynccontextmanager
async def running(client: Client, token: str) -> AsyncIterator[Client]:
    """Run a client until the block ends."""
    async with client:
        task = asyncio.create_task(client.start(token))
        try:
            ready = asyncio.create_task(client.wait_until_ready())
            done, _ = await asyncio.wait({task, ready}, timeout=10, return_when=asyncio.FIRST_COMPLETED)
            if task in done:
                ready.cancel()
                await task
            assert ready.done(), "the client did not become ready"
            yield client
        finally:
            await client.close()
            with suppress(asyncio.CancelledError):
                await task


@pytest.fixture
def point_at(monkeypatch: pytest.MonkeyPatch) -> Callable[[LoopbackDiscord], None]:
    """Point discord.py at a loopback Discord."""

    def point(loopback: LoopbackDiscord) -> None:
        monkeypatch.setattr(discord.http.Route, "BASE", loopback.api_url)
        address = yarl.URL(loopback.gateway_url)
        monkeypatch.setattr(discord.gateway.DiscordWebSocket, "DEFAULT_GATEWAY", address)

    return point


@pytest.fixture
async def loopback(point_at: Callable[[LoopbackDiscord], None]) -> AsyncIterator[LoopbackDiscord]:
    """A loopback Discord at which discord.py points."""
    async with LoopbackDiscord() as server:
        point_at(server)
        yield server


@pytest.fixture
async def connect(loopback: LoopbackDiscord) -> AsyncIterator[Connect]:
    """Connect a client; all are closed at the end."""
    async with AsyncExitStack() as stack:

        async def connected(client: Client | None = None) -> Client:
            chosen = client or Client(intents=intents())
            return await stack.enter_async_context(running(chosen, loopback.token))

        yield connected
