"""A real server on a free port, with the real checker over the small rulebook and a store on disk."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, ClientWebSocketResponse

from bot.matching.compile import CompiledRulebook, compile_rulebook
from bot.moderation.moderation import Moderation
from bot.moderation.notices import Notice, Notices, OverlayChanged, RepairDone, sentence
from bot.moderation.repair import Repairs
from bot.moderation.rulebooks import Rulebooks
from bot.proof import Proven, prove
from bot.replies.model import SpeakingSettings
from bot.replies.rulebooks import OneRulebook
from bot.rulebook.load import load_rulebook
from bot.settings import Settings
from bot.store.sqlite import SQLiteStore
from bot.studio.health import DiscordState
from bot.studio.metrics import MeasuredChecker, Metrics
from bot.studio.server import Studio
from tests.moderation.desk import CHAT

SMALL_RULES = Path(__file__).resolve().parent.parent / "small_rules"

CLAIM = "garlic cured my cold"
QUESTION = "does garlic cure a cold?"
DENIED = "garlic never cured my cold"
SHADOW = "garlic is harmless"
EMERGENCY = "i ate garlic and cant breathe"


@dataclass
class Clock:
    """A clock that goes forward when told to."""

    now: datetime = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **step: float) -> None:
        self.now += timedelta(**step)


@dataclass
class Place:
    """A running server and what it was made of."""

    studio: Studio
    checker: MeasuredChecker
    metrics: Metrics
    clock: Clock
    http: ClientSession
    moderation: Moderation | None = None
    store: SQLiteStore | None = None
    repaired: asyncio.Event = field(default_factory=asyncio.Event)
    """Set once replies were looked at again."""

    @property
    def url(self) -> str:
        return self.studio.url

    @asynccontextmanager
    async def page(self) -> AsyncIterator[Page]:
        """Join the room as the page does."""
        origin = self.url.rstrip("/")
        async with self.http.ws_connect(self.url + "live", headers={"Origin": origin}) as socket:
            page = Page(socket)
            page.welcome = await page.next("welcome")
            yield page


class Page:
    """What the page does, without a browser."""

    def __init__(self, socket: ClientWebSocketResponse) -> None:
        self.socket = socket
        self.welcome: dict[str, Any] = {}
        self.events: list[dict[str, Any]] = []
        self._tickets = itertools.count(1)

    @property
    def me(self) -> str:
        return str(self.welcome["members"][0]["id"])

    async def next(self, kind: str) -> dict[str, Any]:
        """The next event of this kind; those before it are kept in `events`."""
        async with asyncio.timeout(20):
            while True:
                event: dict[str, Any] = json.loads(await self.socket.receive_str())
                if event["type"] == kind:
                    return event
                self.events.append(event)

    async def ask(self, **request: object) -> dict[str, Any]:
        """Ask and wait for the answer."""
        ticket = next(self._tickets)
        await self.socket.send_str(json.dumps({**request, "ticket": ticket}))
        async with asyncio.timeout(20):
            while True:
                event: dict[str, Any] = json.loads(await self.socket.receive_str())
                if event.get("ticket") == ticket:
                    return event
                self.events.append(event)

    async def say(
        self, text: str, *, member: str | None = None, answers: str | None = None
    ) -> dict[str, Any]:
        """Say something and give the message as everybody sees it."""
        done = await self.ask(type="say", member=member or self.me, text=text, answers=answers)
        assert done["type"] == "done", done
        return self.message(done["made"])

    def message(self, message: str) -> dict[str, Any]:
        """The latest state of a message."""
        return next(
            event["message"]
            for event in reversed(self.events)
            if event["type"] == "message" and event["message"]["id"] == message
        )


Serve = Callable[..., AbstractAsyncContextManager[Place]]


@pytest.fixture(scope="session")
def small_rulebook() -> CompiledRulebook:
    return compile_rulebook(load_rulebook(SMALL_RULES))


@pytest.fixture
def serve(small_rulebook: CompiledRulebook, tmp_path: Path) -> Serve:
    """Serve with these settings; a second time on the same database and, if asked, the same port.

    With a proven base the rules can be changed.
    """

    @asynccontextmanager
    async def serving(
        *,
        with_room: bool = True,
        discord: DiscordState | None = None,
        rulebook: CompiledRulebook = small_rulebook,
        base: Proven | None = None,
        **settings: Any,
    ) -> AsyncIterator[Place]:
        chosen = Settings(**{"host": "127.0.0.1", "port": 0, **settings})
        clock, metrics = Clock(), Metrics()
        async with AsyncExitStack() as stack:
            store = await stack.enter_async_context(SQLiteStore.open(tmp_path / "room.sqlite3"))
            notices, moderation, rulebooks, repairs = Notices(), None, None, None
            repaired = asyncio.Event()
            if base is not None:
                rulebooks = await stack.enter_async_context(
                    Rulebooks(base=base, store=store, clock=clock, notices=notices, look_every=3600)
                )
                repairs = Repairs(rulebooks=rulebooks, store=store, notices=notices, clock=clock, pause=0)
                moderation = Moderation(
                    rulebooks=rulebooks, store=store, chat=CHAT, clock=clock, repairs=repairs
                )
            checker = MeasuredChecker(
                metrics=metrics,
                rulebooks=rulebooks or OneRulebook(rulebook),
                store=store,
                clock=clock,
                defaults=SpeakingSettings(),
            )
            studio = await stack.enter_async_context(
                Studio(
                    checker=checker,
                    settings=chosen,
                    with_room=with_room,
                    metrics=metrics,
                    discord=discord,
                    clock=clock,
                    moderation=None if moderation is None else lambda: moderation,
                    repairs=repairs,
                )
            )

            async def hear(notice: Notice) -> None:
                if isinstance(notice, OverlayChanged):
                    studio.report_changes(notice.server)
                elif isinstance(notice, RepairDone):
                    studio.report_repair(notice.server, sentence(notice))
                    repaired.set()

            notices.subscribe(hear)
            http = await stack.enter_async_context(ClientSession())
            yield Place(studio, checker, metrics, clock, http, moderation, store, repaired)

    return serving


@pytest.fixture
async def place(serve: Serve) -> AsyncIterator[Place]:
    async with serve() as place:
        yield place


@pytest.fixture(scope="session")
def base() -> Proven:
    return prove(SMALL_RULES)


@pytest.fixture
async def moderated(serve: Serve, base: Proven) -> AsyncIterator[Place]:
    """A room whose rules can be changed."""
    async with serve(base=base) as place:
        yield place
