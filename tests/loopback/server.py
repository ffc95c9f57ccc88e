"""The loopback Discord: one object that a test starts, fills, breaks and looks at."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

from aiohttp import web

from tests.loopback.commands import CommandRegister
from tests.loopback.faults import Fault, FaultScript, RateLimit, RateLimits
from tests.loopback.gateway import Gateway, Opcode
from tests.loopback.guilds import Guild
from tests.loopback.interactions import Interactions
from tests.loopback.messages import Message
from tests.loopback.places import Channel
from tests.loopback.problems import Json
from tests.loopback.recording import Recorded, Recorder, Violation
from tests.loopback.rest import RestApi
from tests.loopback.rest_account import account_endpoints
from tests.loopback.rest_channels import channel_endpoints
from tests.loopback.rest_commands import command_endpoints
from tests.loopback.rest_interactions import interaction_endpoints
from tests.loopback.rest_messages import message_endpoints
from tests.loopback.schema import published_schema
from tests.loopback.sessions import Intent, SessionRegister
from tests.loopback.snowflakes import Clock
from tests.loopback.world import World

TOKEN = "loopback.token.of-the-bot"
WAIT = 10.0
"""How long a test waits for something before it fails, in seconds."""
_LIMITED_FLAGS = {
    Intent.GUILD_PRESENCES: 1 << 13,
    Intent.GUILD_MEMBERS: 1 << 15,
    Intent.MESSAGE_CONTENT: 1 << 19,
}


def _utc_now() -> datetime:
    return datetime.now(UTC)


class LoopbackDiscord:
    """A Discord on this machine that the real client connects to.

    Args:
        token: the token that it takes.
        bot_name: the name of the bot under test.
        privileged_intents: those switched on in the "developer portal".
        clock: tells the time, with time zone; ids and timestamps come from it.
        heartbeat_interval: how often a client has to send a heartbeat, in seconds.
        identify_window: how far apart two identifies have to be, in seconds; Discord asks for 5.
        interaction_window: within how many seconds an interaction has to be answered; Discord gives 3.
        rate_limits: by "METHOD /route"; other routes have limits that no test reaches.
    """

    prefix = "/api/v10"

    def __init__(
        self,
        *,
        token: str = TOKEN,
        bot_name: str = "Caveat",
        privileged_intents: Intent = Intent.MESSAGE_CONTENT,
        clock: Clock = _utc_now,
        heartbeat_interval: float = 41.25,
        identify_window: float = 0.0,
        interaction_window: float = 3.0,
        rate_limits: Mapping[str, RateLimit] | None = None,
    ) -> None:
        self.token = token
        self.privileged_intents = privileged_intents
        self.interaction_window = interaction_window
        self.recorder = Recorder()
        self.sessions = SessionRegister()
        self.faults = FaultScript()
        self.rate_limits = RateLimits(rate_limits or {})
        self.schema = published_schema()
        self.world = World(clock=clock, announcer=self._offer, bot_name=bot_name)
        self.application_id = self.world.bot.id
        self.commands = CommandRegister(self.application_id)
        self.interactions = Interactions(self)
        self.world.interactions = self.interactions
        self.gateway = Gateway(self, heartbeat_interval=heartbeat_interval, identify_window=identify_window)
        self._runner: web.AppRunner | None = None
        self._port = 0

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=64 * 1024 * 1024)
        app.router.add_get("/", self.gateway.handle)
        app.router.add_get("/resume/", self.gateway.handle)
        app.router.add_get("/attachments/{channel_id}/{attachment_id}/{name}", self._file)
        endpoints = account_endpoints() + message_endpoints() + channel_endpoints()
        endpoints += command_endpoints() + interaction_endpoints()
        RestApi(self).add_to(app, endpoints, prefix=self.prefix)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self._port = self._runner.addresses[0][1]
        self.world.cdn = f"http://127.0.0.1:{self._port}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.gateway.close_all()
        if self._runner is not None:
            await self._runner.cleanup()

    @property
    def api_url(self) -> str:
        """What the setting DISCORD_API_URL has to be."""
        return f"http://127.0.0.1:{self._port}{self.prefix}"

    @property
    def gateway_url(self) -> str:
        """What the setting DISCORD_GATEWAY_URL has to be."""
        return f"ws://127.0.0.1:{self._port}/"

    @property
    def resume_url(self) -> str:
        """Where a session is resumed; as with Discord another address than the first."""
        return f"ws://127.0.0.1:{self._port}/resume/"

    @property
    def application_flags(self) -> int:
        """The flags of the application, which say which privileged intents are on."""
        return sum(flag for intent, flag in _LIMITED_FLAGS.items() if intent in self.privileged_intents)

    @property
    def requests(self) -> list[Recorded]:
        """Every REST request, oldest first."""
        return self.recorder.requests

    @property
    def violations(self) -> list[Violation]:
        """Everything that the bot sent and Discord would not take, or that came too late."""
        return self.recorder.violations

    def create_guild(self, name: str = "Leaf Lounge") -> Guild:
        """Create a guild with the bot in it."""
        return self.world.create_guild(name)

    def remove_guild(self, guild: Guild) -> None:
        """Throw the bot out of a guild."""
        self.world.remove_bot(guild)

    def set_available(self, guild: Guild, *, available: bool) -> None:
        """Let a guild go down or come back, as in an outage."""
        self.world.set_available(guild, available=available)

    def requests_to(self, key: str) -> list[Recorded]:
        """Return the requests to a route, for example "POST /channels/{channel_id}/messages"."""
        return [request for request in self.requests if request.key == key]

    async def wait_for(
        self,
        matches: Callable[[Recorded], bool],
        within: float = WAIT,
        *,
        count: int = 1,
    ) -> Recorded:
        """Wait for requests, those already made included.

        Args:
            matches: says whether a request is meant.
            within: how long to wait, in seconds.
            count: how many there have to be.

        Returns:
            the last of them.
        """
        await self.recorder.until(
            lambda: sum(map(matches, self.requests)) >= count, within=within, what="a request"
        )
        return [request for request in self.requests if matches(request)][count - 1]

    async def wait_until(
        self,
        holds: Callable[[], bool],
        within: float = WAIT,
        *,
        what: str = "a state",
    ) -> None:
        """Wait until something holds; it is looked at whenever the bot sent something."""
        await self.recorder.until(holds, within=within, what=what)

    async def wait_for_message(
        self,
        channel: Channel,
        within: float = WAIT,
        *,
        count: int = 1,
    ) -> Message:
        """Wait until the bot has `count` standing messages in a channel; return the last of them."""
        bot = self.world.bot
        await self.wait_until(
            lambda: len(channel.said_by(bot)) >= count, within, what=f"{count} messages in {channel.name}"
        )
        return channel.said_by(bot)[count - 1]

    async def wait_for_reply(self, message: Message, within: float = WAIT) -> Message:
        """Wait until the bot has replied to a message; return its reply."""

        def replies() -> list[Message]:
            standing = message.channel.said_by(self.world.bot)
            return [one for one in standing if one.referenced is message]

        await self.wait_until(lambda: bool(replies()), within, what=f"a reply to {message.content!r}")
        return replies()[0]

    async def wait_for_bot(self, within: float = WAIT, *, sessions: int = 1) -> None:
        """Wait until the bot is connected with so many sessions."""
        await self.wait_until(
            lambda: len(self.sessions.connected) >= sessions, within, what="the bot to connect"
        )

    async def quiet(self, seconds: float = 0.25) -> None:
        """Wait until the bot has sent nothing for a while, to show that it stays silent."""
        await self.recorder.quiet(seconds=seconds)

    def fail_next(
        self,
        route: str,
        *,
        status: int | None = None,
        times: int = 1,
        retry_after: float = 0.05,
        is_global: bool = False,
        delay: float = 0.0,
        performed: bool = False,
        code: int = 0,
        message: str = "",
        cut: bool = False,
    ) -> None:
        """Script a failure of the next requests to a route; see `Fault` for what the arguments mean."""
        self.faults.add(
            Fault(route, status, times, retry_after, is_global, delay, performed, code, message, cut)
        )

    def drop_connections(self, code: int = 4000) -> None:
        """Close every gateway connection; the sessions can be resumed."""
        for session in self.sessions.connected:
            if session.wire is not None:
                session.wire.close(code)

    def request_reconnect(self) -> None:
        """Ask every client to reconnect and resume (opcode 7)."""
        self._tell({"op": Opcode.RECONNECT, "d": None})

    def request_heartbeat(self) -> None:
        """Ask every client for a heartbeat now (opcode 1)."""
        self._tell({"op": Opcode.HEARTBEAT, "d": None})

    def invalidate_session(self, *, resumable: bool) -> None:
        """Tell every client that its session is invalid (opcode 9)."""
        connected = self.sessions.connected
        self._tell({"op": Opcode.INVALID_SESSION, "d": resumable})
        if not resumable:
            for session in connected:
                self.sessions.forget(session)

    def file_of(self, message: Message, name: str) -> str:
        """Return the text of a file that came with a message.

        Raises:
            LookupError: there is none of that name.
        """
        for attachment in message.attachments:
            if attachment["filename"] == name:
                return self.world.files[int(attachment["id"])].decode()
        names = [attachment["filename"] for attachment in message.attachments]
        raise LookupError(f"no file {name!r}; there are {names}")

    async def _file(self, request: web.Request) -> web.Response:
        content = self.world.files.get(int(request.match_info["attachment_id"]))
        return web.Response(status=404) if content is None else web.Response(body=content)

    def _tell(self, frame: Json) -> None:
        for session in self.sessions.connected:
            if session.wire is not None:
                session.wire.send(frame)

    def _offer(self, event: str, payload: Json, guild: Guild | None) -> None:
        self.sessions.offer(event, payload, guild.id if guild is not None else None)
