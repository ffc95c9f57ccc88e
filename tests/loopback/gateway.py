"""The gateway: Discord's WebSocket protocol, version 10, from hello to close."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from aiohttp import WSMsgType, web

from tests.loopback.compression import Compressor, compressor_for
from tests.loopback.payloads import guild_payload, member_payload, user_payload
from tests.loopback.problems import Json
from tests.loopback.sessions import KNOWN_INTENTS, PRIVILEGED, Intent, Session

if TYPE_CHECKING:
    from tests.loopback.server import LoopbackDiscord

BIGGEST_FRAME = 4096
"""The longest message that a client may send, in bytes."""
SENDS_A_MINUTE = 120
"""How many messages a client may send within a minute."""


class CloseCode(IntEnum):
    """Why Discord closes a connection."""

    UNKNOWN_ERROR = 4000
    UNKNOWN_OPCODE = 4001
    DECODE_ERROR = 4002
    NOT_AUTHENTICATED = 4003
    AUTHENTICATION_FAILED = 4004
    ALREADY_AUTHENTICATED = 4005
    INVALID_SEQUENCE = 4007
    RATE_LIMITED = 4008
    SESSION_TIMED_OUT = 4009
    INVALID_SHARD = 4010
    SHARDING_REQUIRED = 4011
    INVALID_API_VERSION = 4012
    INVALID_INTENTS = 4013
    DISALLOWED_INTENTS = 4014


class Opcode(IntEnum):
    """What a gateway message is."""

    HEARTBEAT = 1
    IDENTIFY = 2
    PRESENCE_UPDATE = 3
    VOICE_STATE_UPDATE = 4
    RESUME = 6
    RECONNECT = 7
    REQUEST_GUILD_MEMBERS = 8
    INVALID_SESSION = 9
    HELLO = 10
    HEARTBEAT_ACK = 11


class ClosedError(Exception):
    """The connection has to be closed with a code."""

    def __init__(self, code: CloseCode) -> None:
        self.code = code
        super().__init__(code.name)


@dataclass(slots=True, eq=False)
class Connection:
    """One WebSocket. What is handed to it is sent in order by `pump`."""

    socket: web.WebSocketResponse
    compress: Compressor
    session: Session | None = None
    heartbeats: int = 0
    last_heartbeat: float = 0.0
    closing: bool = False
    received: list[float] = field(default_factory=list)
    _outgoing: asyncio.Queue[Json | int] = field(default_factory=asyncio.Queue)

    def send(self, frame: Json) -> None:
        """Send a frame after those handed over before."""
        self._outgoing.put_nowait(frame)

    def close(self, code: int) -> None:
        """Close with a code after what was handed over before; the session stays for a resume."""
        self._outgoing.put_nowait(code)
        self.closing = True
        self.leave()

    def leave(self) -> None:
        """Part from the session, which from now on keeps its events."""
        if self.session is not None and self.session.wire is self:
            self.session.wire = None

    async def pump(self) -> None:
        """Send what is handed over until the connection closes."""
        with suppress(ConnectionError):
            while True:
                item = await self._outgoing.get()
                if isinstance(item, int):
                    await self.socket.close(code=item)
                    return
                frame = self.compress(json.dumps({"t": None, "s": None, **item}))
                if isinstance(frame, str):
                    await self.socket.send_str(frame)
                else:
                    await self.socket.send_bytes(frame)


class Gateway:
    """Answers the WebSockets of bots.

    Args:
        discord: the loopback Discord it belongs to.
        heartbeat_interval: how often a client has to send a heartbeat, in seconds.
        identify_window: how far apart two identifies of one shard have to be, in seconds; 0 for no limit.
    """

    def __init__(
        self, discord: LoopbackDiscord, *, heartbeat_interval: float, identify_window: float
    ) -> None:
        self._discord = discord
        self._heartbeat_interval = heartbeat_interval
        self._identify_window = identify_window
        self._identified: dict[int, float] = {}
        self.connections: list[Connection] = []
        self.received: list[Json] = []

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Serve one connection from hello to close."""
        compress = compressor_for(request.query.get("compress"))
        if compress is None:
            return web.Response(status=400, text="unknown or unavailable compression")
        socket = web.WebSocketResponse(max_msg_size=1 << 20, compress=False)
        await socket.prepare(request)
        connection = Connection(socket, compress, last_heartbeat=self._now())
        self.connections.append(connection)
        pump = asyncio.create_task(connection.pump())
        try:
            await self._converse(connection, request)
        except ClosedError as closed:
            if closed.code is CloseCode.SESSION_TIMED_OUT:
                self._end_session(connection)
            await socket.close(code=closed.code)
        finally:
            connection.leave()
            self.connections.remove(connection)
            pump.cancel()
            with suppress(asyncio.CancelledError):
                await pump
        return socket

    async def close_all(self) -> None:
        """Close every connection, when the server stops."""
        for connection in list(self.connections):
            await connection.socket.close(code=1001)

    async def _converse(self, connection: Connection, request: web.Request) -> None:
        if request.query.get("v") not in {None, "9", "10"} or request.query.get("encoding", "json") != "json":
            raise ClosedError(CloseCode.INVALID_API_VERSION)
        interval = int(self._heartbeat_interval * 1000)
        connection.send({"op": Opcode.HELLO, "d": {"heartbeat_interval": interval, "_trace": ["loopback"]}})
        while True:
            patience = connection.last_heartbeat + 1.5 * self._heartbeat_interval - self._now()
            try:
                message = await connection.socket.receive(timeout=max(patience, 0.001))
            except TimeoutError:
                raise ClosedError(CloseCode.SESSION_TIMED_OUT) from None
            if message.type not in {WSMsgType.TEXT, WSMsgType.BINARY}:
                if not connection.closing and connection.socket.close_code in {1000, 1001}:
                    self._end_session(connection)
                return
            self._count(connection)
            self._take(connection, _decoded(message.data))

    def _take(self, connection: Connection, frame: Json) -> None:
        self.received.append(frame)
        operations: dict[int, Callable[[Connection, Any], None]] = {
            Opcode.HEARTBEAT: self._heartbeat,
            Opcode.IDENTIFY: self._identify,
            Opcode.RESUME: self._resume,
            Opcode.PRESENCE_UPDATE: self._ignore,
            Opcode.VOICE_STATE_UPDATE: self._ignore,
            Opcode.REQUEST_GUILD_MEMBERS: self._members,
        }
        operation = operations.get(frame["op"])
        if operation is None:
            raise ClosedError(CloseCode.UNKNOWN_OPCODE)
        operation(connection, frame.get("d"))
        self._discord.recorder.stir()

    def _heartbeat(self, connection: Connection, _: object) -> None:
        connection.heartbeats += 1
        connection.last_heartbeat = self._now()
        connection.send({"op": Opcode.HEARTBEAT_ACK})

    def _ignore(self, connection: Connection, _: object) -> None:
        if connection.session is None:
            raise ClosedError(CloseCode.NOT_AUTHENTICATED)

    def _identify(self, connection: Connection, data: Any) -> None:
        if connection.session is not None:
            raise ClosedError(CloseCode.ALREADY_AUTHENTICATED)
        if not isinstance(data, dict) or not isinstance(data.get("properties"), dict):
            raise ClosedError(CloseCode.DECODE_ERROR)
        if data.get("token") != self._discord.token:
            raise ClosedError(CloseCode.AUTHENTICATION_FAILED)
        shard = _shard(data.get("shard", [0, 1]))
        intents = self._intents(data.get("intents"))
        last = self._identified.get(shard[0])
        if last is not None and self._now() - last < self._identify_window:
            connection.send({"op": Opcode.INVALID_SESSION, "d": False})
            return
        self._identified[shard[0]] = self._now()
        session = Session(self._discord.world.bot.id, intents, shard, connection)
        connection.session = session
        self._discord.sessions.add(session)
        self._welcome(session)

    def _welcome(self, session: Session) -> None:
        discord = self._discord
        guilds = [
            guild
            for guild in discord.world.guilds.values()
            if guild.has_bot and (guild.id >> 22) % session.shard[1] == session.shard[0]
        ]
        ready: Json = {
            "v": 10,
            "user": {**user_payload(discord.world.bot), "verified": True, "mfa_enabled": True, "email": None},
            "guilds": [{"id": str(guild.id), "unavailable": True} for guild in guilds],
            "session_id": session.id,
            "session_type": "normal",
            "resume_gateway_url": discord.resume_url,
            "shard": list(session.shard),
            "application": {"id": str(discord.application_id), "flags": discord.application_flags},
            "private_channels": [],
            "relationships": [],
            "presences": [],
            "guild_join_requests": [],
            "user_settings": {},
            "geo_ordered_rtc_regions": [],
            "_trace": ["loopback"],
        }
        session.dispatch("READY", ready)
        for guild in guilds:
            if Intent.GUILDS in session.intents and guild.available:
                payload = {**guild_payload(guild, now=discord.world.now()), "unavailable": False}
                session.dispatch("GUILD_CREATE", payload)

    def _resume(self, connection: Connection, data: Any) -> None:
        if connection.session is not None:
            raise ClosedError(CloseCode.ALREADY_AUTHENTICATED)
        if not isinstance(data, dict) or not isinstance(data.get("seq"), int):
            raise ClosedError(CloseCode.DECODE_ERROR)
        if data.get("token") != self._discord.token:
            raise ClosedError(CloseCode.AUTHENTICATION_FAILED)
        session = self._discord.sessions.find(data.get("session_id"))
        if session is None:
            connection.send({"op": Opcode.INVALID_SESSION, "d": False})
            return
        missed = session.missed_since(data["seq"])
        if missed is None:
            self._discord.sessions.forget(session)
            raise ClosedError(CloseCode.INVALID_SEQUENCE)
        for frame in missed:
            connection.send(frame)
        session.wire = connection
        connection.session = session
        session.dispatch("RESUMED", {"_trace": ["loopback"]})

    def _members(self, connection: Connection, data: Any) -> None:
        session = connection.session
        if session is None:
            raise ClosedError(CloseCode.NOT_AUTHENTICATED)
        if not isinstance(data, dict) or ("query" not in data and "user_ids" not in data):
            raise ClosedError(CloseCode.DECODE_ERROR)
        guild = self._discord.world.guilds.get(int(data.get("guild_id", 0)))
        if guild is None:
            return
        asked = data.get("user_ids") or []
        wanted = {int(one) for one in (asked if isinstance(asked, list) else [asked])}
        query, limit = str(data.get("query") or "").casefold(), int(data.get("limit") or 0)
        found = [
            member
            for member in guild.members.values()
            if (member.id in wanted if wanted else member.user.name.casefold().startswith(query))
            and (Intent.GUILD_MEMBERS in session.intents or wanted or query or member.id == session.bot_id)
        ]
        chunk: Json = {
            "guild_id": str(guild.id),
            "members": [member_payload(member) for member in found[: limit or None]],
            "chunk_index": 0,
            "chunk_count": 1,
            "not_found": [str(one) for one in sorted(wanted - set(guild.members))],
        }
        session.dispatch("GUILD_MEMBERS_CHUNK", chunk | ({"nonce": data["nonce"]} if "nonce" in data else {}))

    def _intents(self, asked: object) -> Intent:
        if not isinstance(asked, int) or asked & ~KNOWN_INTENTS:
            raise ClosedError(CloseCode.INVALID_INTENTS)
        intents = Intent(asked)
        if intents & PRIVILEGED & ~self._discord.privileged_intents:
            raise ClosedError(CloseCode.DISALLOWED_INTENTS)
        return intents

    def _count(self, connection: Connection) -> None:
        now = self._now()
        connection.received = [moment for moment in connection.received if now - moment < 60.0] + [now]
        if len(connection.received) > SENDS_A_MINUTE:
            raise ClosedError(CloseCode.RATE_LIMITED)

    def _end_session(self, connection: Connection) -> None:
        if connection.session is not None:
            self._discord.sessions.forget(connection.session)

    @staticmethod
    def _now() -> float:
        return asyncio.get_running_loop().time()


def _decoded(data: str | bytes) -> Json:
    if len(data) > BIGGEST_FRAME:
        raise ClosedError(CloseCode.DECODE_ERROR)
    try:
        frame = json.loads(data)
    except ValueError:
        raise ClosedError(CloseCode.DECODE_ERROR) from None
    if not isinstance(frame, dict) or not isinstance(frame.get("op"), int):
        raise ClosedError(CloseCode.DECODE_ERROR)
    return frame


def _shard(asked: object) -> tuple[int, int]:
    match asked:
        case [int(number), int(count)] if 0 <= number < count:
            return number, count
    raise ClosedError(CloseCode.INVALID_SHARD)
