"""Looking back over channels: newest messages first, one request at a time, nothing kept."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import discord
from msgspec import Struct

from bot.gateway.incoming import incoming_from
from bot.gateway.outbox import REFUSALS
from bot.moderation.model import History
from bot.replies.checker import Checker
from bot.replies.model import Incoming, SpeakingSettings

Readable = discord.TextChannel | discord.VoiceChannel | discord.StageChannel | discord.Thread
Progress = Callable[[int, int], Awaitable[None]]
"""Is told how many messages there are and how many were wanted."""

PAGE = 100
"""Messages that Discord gives in one request."""
MOST_REQUESTS = 30
"""So many requests one look back makes at most."""
PAUSE = 0.25
"""Seconds between two requests, beside what Discord's rate limits ask for."""
PATIENCE = 2.0
"""Seconds after which whoever waits is told how far it is, and between two such tellings."""


class _Room(Struct):
    """A channel that is being read backwards; everything in it up to `newest` is still to come."""

    channel: Readable
    newest: int
    is_fresh: bool = True


class Teller:
    """Tells whoever waits how far it is, but not before some seconds have passed.

    Args:
        progress: is told.
        patience: seconds before the first telling and between two.
    """

    def __init__(self, progress: Progress | None, *, patience: float = PATIENCE) -> None:
        self._progress = progress
        self._patience = patience
        self._last = asyncio.get_running_loop().time()

    async def tell(self, done: int, wanted: int) -> None:
        """Tell how far it is, where it is time to."""
        now = asyncio.get_running_loop().time()
        if self._progress is not None and now - self._last >= self._patience:
            self._last = now
            await self._progress(done, wanted)


class ChannelHistory(History):
    """Looks up the newest messages of a server's channels in which the bot may speak.

    The channels are read together, always the one with the newest message that is still unread, so that the
    newest messages of the server are found with few requests. Nothing of them is stored.

    Args:
        client: knows the channels.
        checker: knows which rooms are left alone.
        progress: is told how far it is, where it takes longer.
        pause: seconds between two requests.
        patience: seconds before progress is told.
    """

    def __init__(
        self,
        *,
        client: discord.Client,
        checker: Checker,
        progress: Progress | None = None,
        pause: float = PAUSE,
        patience: float = PATIENCE,
    ) -> None:
        self._client = client
        self._checker = checker
        self._progress = progress
        self._pause = pause
        self._patience = patience

    async def servers(self) -> Sequence[str]:
        """See `bot.moderation.base_preview.Onlookers`: the servers that have a moderators' channel."""
        servers = [str(guild.id) for guild in self._client.guilds]
        settings = [await self._checker.settings_of(server) for server in servers]
        return [server for server, of_it in zip(servers, settings, strict=True) if of_it.moderators_room]

    async def recent(self, server: str, limit: int) -> Sequence[Incoming]:
        """See `History.recent`."""
        guild = self._client.get_guild(int(server)) if server.isdigit() else None
        if guild is None:
            return ()
        rooms = _rooms_of(guild, await self._checker.settings_of(server))
        teller = Teller(self._progress, patience=self._patience)
        found: dict[int, Incoming] = {}
        for request in range(MOST_REQUESTS):
            room = max(rooms, key=lambda room: room.newest, default=None)
            if room is None or _has_newest(found, limit, room.newest):
                break
            if request:
                await asyncio.sleep(self._pause)
            if not await _read_page(room, found):
                rooms.remove(room)
            await teller.tell(min(len(found), limit), limit)
        return [found[key] for key in sorted(found)[-limit:]]


def readable_rooms(guild: discord.Guild) -> list[Readable]:
    """Give the channels and threads of a server whose messages the bot may read."""
    rooms: list[Readable] = [*guild.text_channels, *guild.voice_channels, *guild.stage_channels]
    return [room for room in (*rooms, *guild.threads) if may_read(room)]


def may_read(room: Readable) -> bool:
    """Tell whether the bot may read what was said in a channel."""
    if isinstance(room, discord.Thread) and room.parent is None:
        return False
    allowed = room.permissions_for(room.guild.me)
    return allowed.view_channel and allowed.read_message_history


async def page_of(channel: Readable, *, before: int | None) -> list[discord.Message]:
    """Fetch one page of messages, newest first.

    Args:
        channel: the channel.
        before: only messages with a smaller id; None: the newest.

    Raises:
        discord.HTTPException: Discord refuses.
    """
    limit = discord.Object(before) if before is not None else None
    return [message async for message in channel.history(limit=PAGE, before=limit)]


def _rooms_of(guild: discord.Guild, settings: SpeakingSettings) -> list[_Room]:
    return [
        _Room(channel, channel.last_message_id)
        for channel in readable_rooms(guild)
        if channel.last_message_id is not None and _places(channel).isdisjoint(settings.exempt_rooms)
    ]


def _places(channel: Readable) -> set[str]:
    places = [channel.id, channel.category_id]
    if isinstance(channel, discord.Thread):
        places.append(channel.parent_id)
    return {str(place) for place in places if place is not None}


def _has_newest(found: dict[int, Incoming], limit: int, unread: int) -> bool:
    """Tell whether nothing that is unread can be among the newest messages."""
    return len(found) >= limit and sorted(found)[-limit] > unread


async def _read_page(room: _Room, found: dict[int, Incoming]) -> bool:
    """Read a page of a room; tell whether there may be more."""
    try:
        messages = await page_of(room.channel, before=None if room.is_fresh else room.newest)
    except REFUSALS:
        return False
    for message in messages:
        incoming = incoming_from(message)
        if incoming is not None and incoming.text:
            found[message.id] = incoming
    if len(messages) < PAGE:
        return False
    room.is_fresh, room.newest = False, messages[-1].id
    return True
