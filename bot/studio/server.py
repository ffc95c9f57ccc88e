"""The web server: the room, health and metrics, for as long as its context lasts."""

from __future__ import annotations

import asyncio
import errno
import secrets
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from types import TracebackType
from typing import TYPE_CHECKING, Self

from aiohttp import web
from msgspec.json import encode
from msgspec.json import format as laid_out
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from bot.errors import Fault, StudioError
from bot.replies.checker import Checker
from bot.replies.model import SpeakingSettings
from bot.rulebook.model import Rulebook
from bot.settings import Settings
from bot.studio.guard import guarded, origin_is_ours
from bot.studio.health import SERVER, DiscordState, look_after
from bot.studio.metrics import Metrics
from bot.studio.pages import answer, read_page

if TYPE_CHECKING:
    from bot.moderation.moderation import Moderation
    from bot.moderation.notices import BaseChanged
    from bot.moderation.repair import Repairs
    from bot.studio.audience import Audience
    from bot.studio.room import Room

SHUTDOWN_SECONDS = 2.0
"""How long open requests may take to end; the pages' connections are closed before."""


def _id() -> str:
    return secrets.token_hex(12)


def _now() -> datetime:
    return datetime.now(UTC)


class Studio:
    """The page, or only health and metrics. `async with` starts it and stops it.

    Args:
        checker: the one way through; the same for every surface.
        settings: where to serve, and the default cool-downs.
        with_room: whether the room is served; without it only health and metrics are.
        metrics: what /metrics tells; the `MeasuredChecker` counts into the same.
        discord: the connection to Discord, where it is used.
        moderation: gives every way to change the room's rules, when one is first asked for; None: there is
            none.
        repairs: looks at replies in the room again whose rules were rolled back; None: they stay as they are.
        clock: the time now, with time zone.
        new_id: gives an id that was never given before.
    """

    def __init__(
        self,
        *,
        checker: Checker,
        settings: Settings,
        with_room: bool,
        metrics: Metrics | None = None,
        discord: DiscordState | None = None,
        moderation: Callable[[], Moderation] | None = None,
        repairs: Repairs | None = None,
        clock: Callable[[], datetime] = _now,
        new_id: Callable[[], str] = _id,
    ) -> None:
        self._checker = checker
        self._clock = clock
        self._settings = settings
        self._metrics = metrics or Metrics()
        self._discord = discord
        self._repairs = repairs
        self._repairing: asyncio.Task[None] | None = None
        self._faults = 0
        self._port = settings.port
        self._runner: web.AppRunner | None = None
        self._audience: Audience | None = None
        self._room: Room | None = None
        if with_room:
            from bot.studio.audience import Audience  # noqa: PLC0415  # 20 ms, for the room only
            from bot.studio.room import Room  # noqa: PLC0415  # the same

            self._audience = Audience(now=time.monotonic, changed=self._metrics.pages)
            self._room = Room(
                checker=checker,
                clock=clock,
                new_id=new_id,
                publish=self._audience.publish,
                defaults=SpeakingSettings(
                    room_cooldown=settings.room_cooldown_seconds,
                    member_cooldown=settings.member_cooldown_seconds,
                ),
                moderation=moderation,
            )

    @property
    def url(self) -> str:
        """Where the page is: an address that a browser on this machine can open."""
        host = self._settings.host
        if host in {"0.0.0.0", "::"}:  # noqa: S104 - all addresses of this machine, of which one is localhost
            host = "localhost"
        return f"http://{f'[{host}]' if ':' in host else host}:{self._port}/"

    @property
    def room(self) -> Room | None:
        """The room, where it is served."""
        return self._room

    def report_rulebook(self, rulebook: Rulebook, notice: BaseChanged | None = None) -> None:
        """Tell the page and the metrics that a rulebook is in force and the folder is sound.

        Args:
            rulebook: the one that the checker now uses.
            notice: what is new about it; None: nothing is.
        """
        self._faults = 0
        self._metrics.rulebook(rulebook)
        if self._room is not None:
            self._room.report_rulebook(notice)

    def report_changes(self, server: str) -> None:
        """Tell the page that a server's own changes to the rules are other ones, where it is the room's.

        Args:
            server: id of the server.
        """
        if self._room is not None and server == SERVER:
            self._room.report_changes()

    def report_repair(self, server: str, says: str) -> None:
        """Tell the page what became of replies that were looked at again, where they are the room's.

        Args:
            server: id of the server.
            says: that, in a sentence.
        """
        if self._room is not None and server == SERVER:
            self._room.report_repair(says)

    def report_faults(self, faults: Sequence[Fault]) -> None:
        """Tell the page and the metrics what is wrong in the rules folder; the last good rules stay in force.

        Args:
            faults: every fault, in order.
        """
        self._faults = len(faults)
        self._metrics.faults(len(faults))
        if self._room is not None:
            self._room.report_faults(faults)

    async def __aenter__(self) -> Self:
        """Start to serve.

        Raises:
            StudioError: the address cannot be served; the sentence names the setting to change.
            StoreError: the store cannot be used.
        """
        if self._room is not None:
            await self._room.open()
        self._metrics.rulebook(self._checker.rulebook.source)
        self._runner = web.AppRunner(self._application(), access_log=None, shutdown_timeout=SHUTDOWN_SECONDS)
        await self._runner.setup()
        try:
            await self._listen(self._runner)
        except BaseException:
            await self._runner.cleanup()
            raise
        if self._room is not None and self._repairs is not None:
            from bot.studio.room_posts import RoomPosts  # noqa: PLC0415  # for the room only

            posts = RoomPosts(room=self._room)
            self._repairing = asyncio.create_task(self._repairs.keep_on(posts), name="caveat-room-repairs")
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Say goodbye to every page and free the port."""
        if self._repairing is not None:
            self._repairing.cancel()
            with suppress(asyncio.CancelledError):
                await self._repairing
        if self._runner is not None:
            await self._runner.cleanup()

    async def _listen(self, runner: web.AppRunner) -> None:
        host, port = self._settings.host, self._settings.port
        if not host.strip():
            raise StudioError("HOST is empty; set it to 127.0.0.1, or to 0.0.0.0 for all addresses")
        try:
            await web.TCPSite(runner, host, port).start()
        except (OSError, UnicodeError, ValueError) as error:
            raise StudioError(_sentence(error, host=host, port=port)) from error
        self._port = int(runner.addresses[0][1])

    def _application(self) -> web.Application:
        application = web.Application(middlewares=[guarded(served=self._settings.host)])
        application.router.add_get("/healthz", self._healthz)
        application.router.add_get("/metrics", self._metrics_text)
        if self._room is not None and self._audience is not None:
            files, room, audience = read_page(), self._room, self._audience

            async def page(request: web.Request) -> web.Response:
                return answer(request, files)

            async def live(request: web.Request) -> web.StreamResponse:
                if not origin_is_ours(request.headers.get("Origin"), host=request.headers.get("Host")):
                    raise web.HTTPForbidden(text="Only the page itself may join the room.\n")
                return await audience.serve(request, room)

            application.router.add_get("/live", live)
            application.router.add_get("/statistics.csv", self._numbers)
            application.router.add_get("/{name:[^/]*}", page)
        application.on_shutdown.append(self._goodbye)
        return application

    async def _goodbye(self, _: web.Application) -> None:
        if self._audience is not None:
            await self._audience.close()

    async def _healthz(self, _: web.Request) -> web.Response:
        health = await look_after(self._checker, server=SERVER, faults=self._faults, discord=self._discord)
        return web.Response(
            status=200 if health.ok else 503,
            text=laid_out(encode(health), indent=2).decode() + "\n",
            content_type="application/json",
            headers={"Cache-Control": "no-store"},
        )

    async def _numbers(self, request: web.Request) -> web.Response:
        from bot.studio.figures import Bookkeeper  # noqa: PLC0415  # on demand, as the rules are
        from bot.studio.numbers import answer_numbers  # noqa: PLC0415  # the same

        return await answer_numbers(request, Bookkeeper(checker=self._checker, clock=self._clock))

    async def _metrics_text(self, _: web.Request) -> web.Response:
        if self._discord is not None:
            self._metrics.discord(ready=self._discord.is_ready, latency=self._discord.latency)
        return web.Response(body=self._metrics.text(), headers={"Content-Type": CONTENT_TYPE_LATEST})


def _sentence(error: Exception, *, host: str, port: int) -> str:
    place = f"the page cannot be served on {host}:{port}:"
    match error.errno if isinstance(error, OSError) else None:
        case errno.EADDRINUSE:
            return f"{place} another program has that port; set PORT to another one (0 takes a free one)"
        case errno.EACCES:
            return f"{place} this user may not take that port; set PORT to 1024 or above (0 takes a free one)"
        case errno.EADDRNOTAVAIL:
            return f"{place} this machine has no such address; set HOST to 127.0.0.1"
        case _:
            return f"{place} HOST is no address or name of this machine; set HOST to 127.0.0.1"
