"""Everybody who has the page open: one WebSocket each, none of which can hold up the others."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from aiohttp import WSCloseCode, WSMsgType, web
from msgspec.json import encode

from bot.errors import CaveatBotError, StoreError
from bot.studio.events import Answer, Broadcast, Refused
from bot.studio.figure_events import StatisticsShown
from bot.studio.guard import Pace
from bot.studio.requests import RequestError, parse_request
from bot.studio.room import Room
from bot.studio.rule_events import RuleAnswer

LISTENERS = 64
"""How many pages may be open at once."""

BACKLOG = 256
"""How many events may wait for a slow page before it is let go; it comes back by itself."""

REQUEST_BYTES = 128 * 1024
"""The largest request: a rule of 20,000 characters, each at its longest in JSON, with room to spare."""

BURST = 20
"""How many requests a page may send at once."""

EACH_SECOND = 4.0
"""How many requests a page regains in a second."""

HEARTBEAT = 25.0
"""Seconds between pings, so that a page that went away is noticed."""

GOODBYE_SECONDS = 2.0
"""How long a page may take to answer a goodbye."""

Told = Broadcast | Answer | StatisticsShown | RuleAnswer
"""Whatever a page is told."""

_log = logging.getLogger(__name__)


class _Listener:
    """One open page."""

    def __init__(self, socket: web.WebSocketResponse) -> None:
        self.socket = socket
        self.waiting: asyncio.Queue[Told] = asyncio.Queue(BACKLOG)

    def tell(self, event: Told) -> bool:
        """Put an event in line; whether there was still room."""
        try:
            self.waiting.put_nowait(event)
        except asyncio.QueueFull:
            return False
        return True

    async def write(self) -> None:
        """Send what waits, for as long as the connection lasts."""
        while True:
            event = await self.waiting.get()
            try:
                await self.socket.send_str(encode(event).decode())
            except ConnectionError:
                return


class Audience:
    """The open pages.

    Args:
        now: seconds on a clock that only goes forward.
        changed: told how many pages are open, whenever that changes.
    """

    def __init__(self, *, now: Callable[[], float], changed: Callable[[int], None]) -> None:
        self._now = now
        self._changed = changed
        self._listeners: set[_Listener] = set()
        self._closing: set[asyncio.Task[bool]] = set()

    def publish(self, event: Broadcast) -> None:
        """Tell everybody. A page that has fallen too far behind is let go.

        Args:
            event: what to tell.
        """
        for listener in tuple(self._listeners):
            if not listener.tell(event):
                self._leave(listener)
                closing = asyncio.create_task(
                    listener.socket.close(code=WSCloseCode.TRY_AGAIN_LATER, message=b"too slow")
                )
                self._closing.add(closing)
                closing.add_done_callback(self._closing.discard)

    async def serve(self, request: web.Request, room: Room) -> web.WebSocketResponse:
        """Take in one page until it leaves.

        Args:
            request: its request for a WebSocket.
            room: where its requests go.

        Returns:
            the closed connection.

        Raises:
            HTTPServiceUnavailable: too many pages are open.
        """
        if len(self._listeners) >= LISTENERS:
            raise web.HTTPServiceUnavailable(text="Too many pages are open.\n")
        socket = web.WebSocketResponse(
            heartbeat=HEARTBEAT, max_msg_size=REQUEST_BYTES, timeout=GOODBYE_SECONDS
        )
        await socket.prepare(request)
        listener = _Listener(socket)
        try:
            # Between this and joining the listeners nothing is awaited, so that no event falls in between.
            listener.tell(await room.welcome())
        except StoreError as error:
            _log.warning("a page could not be let in: %s", error)
            await socket.close(code=WSCloseCode.TRY_AGAIN_LATER, message=b"the store failed")
            return socket
        self._listeners.add(listener)
        self._changed(len(self._listeners))
        writer = asyncio.create_task(listener.write())
        try:
            await self._listen(listener, room)
        finally:
            self._leave(listener)
            writer.cancel()
            await asyncio.gather(writer, return_exceptions=True)
        return socket

    async def close(self) -> None:
        """Say goodbye to everybody; the pages come back by themselves when there is a server again."""
        leaving = [
            listener.socket.close(code=WSCloseCode.GOING_AWAY, message=b"the room is closing")
            for listener in self._listeners
        ]
        await asyncio.gather(*leaving, *self._closing, return_exceptions=True)

    def _leave(self, listener: _Listener) -> None:
        self._listeners.discard(listener)
        self._changed(len(self._listeners))

    async def _listen(self, listener: _Listener, room: Room) -> None:
        pace = Pace(burst=BURST, each_second=EACH_SECOND, now=self._now)
        async for message in listener.socket:
            if message.type is not WSMsgType.TEXT:
                listener.tell(Refused(ticket=None, says="A request is text."))
            elif not listener.tell(await _answer(message.data, room, pace)):
                return


async def _answer(raw: str, room: Room, pace: Pace) -> Told:
    """Carry out one request; whatever is wrong with it becomes an answer, too."""
    try:
        request = parse_request(raw)
        if pace.allows():
            return await room.handle(request)
        return Refused(ticket=request.ticket, says="That was a lot at once. Wait a moment.")
    except RequestError as error:
        return Refused(ticket=error.ticket, says=str(error))
    except CaveatBotError as error:
        _log.warning("a request of the page failed: %s", error)
        return Refused(ticket=request.ticket, says=str(error))
