"""A server's moderation over the small rules, with a clock to set and a history to look back on."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.moderation.changes import Change
from bot.moderation.model import History, Proposal
from bot.moderation.moderation import Moderation
from bot.moderation.notices import Notice, Notices
from bot.moderation.ordinary import OrdinaryChat
from bot.moderation.repair import Repairs
from bot.moderation.review import Reviews
from bot.moderation.review_watch import RuleWatch
from bot.moderation.rulebooks import Rulebooks
from bot.proof import Proven
from bot.replies.model import Incoming
from bot.store.model import KeptVersion
from bot.store.sqlite import SQLiteStore

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
TONIC = """
- id: our-tonic
  family: cold-relief
  phrases: ["<garlic> tonic"]
  examples:
    fires: ["garlic tonic for the win"]
    silent: [{text: gin and tonic, because: a drink}]
"""
CHAT = OrdinaryChat(
    sections={
        "ordinary chat": (
            *(f"see you at {number}" for number in range(96)),
            *("the tonic is in the fridge", "who has a cold", "so cold outside", "good night"),
        ),
        "merely mentions garlic": (
            "garlic bread tonight",
            "peeled the garlic",
            "garlic is out",
            "more garlic",
        ),
    },
    most={"ordinary chat": 0.01, "merely mentions garlic": 0.25},
)


@dataclass
class Clock:
    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Past(History):
    """Messages that were said lately."""

    texts: Sequence[str] = ()
    asked: list[tuple[str, int]] = field(default_factory=list)

    async def recent(self, server: str, limit: int) -> Sequence[Incoming]:
        self.asked.append((server, limit))
        return [
            Incoming(f"m{number}", server, "r1", f"a{number}", text, NOW - HOUR + timedelta(minutes=number))
            for number, text in enumerate(self.texts)
        ][-limit:]


@dataclass
class Desk:
    """Everything that a test of moderation needs."""

    moderation: Moderation
    rulebooks: Rulebooks
    store: SQLiteStore
    clock: Clock
    past: Past
    heard: list[Notice]
    repairs: Repairs
    reviews: Reviews
    watch: RuleWatch

    async def confirmed(self, change: str | Change, *, server: str = "s1", by: str = "mia") -> KeptVersion:
        """Propose and confirm something that must pass."""
        proposal = await self.moderation.propose(server, change, by=by, why="because")
        assert isinstance(proposal, Proposal), str(proposal)
        version = await self.moderation.confirm(proposal)
        assert isinstance(version, KeptVersion)
        return version

    def kinds(self) -> list[str]:
        """The kinds of notices heard so far."""
        return [type(notice).__name__ for notice in self.heard]


@asynccontextmanager
async def opened(path: Path, base: Proven, clock: Clock | None = None) -> AsyncIterator[Desk]:
    """Open a desk on a database; a second one on the same stands for another program or a restart."""
    clock, notices, past = clock or Clock(), Notices(), Past()
    heard: list[Notice] = []

    async def hear(notice: Notice) -> None:
        heard.append(notice)

    notices.subscribe(hear)
    async with (
        SQLiteStore.open(path) as store,
        Rulebooks(base=base, store=store, clock=clock, notices=notices, look_every=3600) as rulebooks,
    ):
        repairs = Repairs(rulebooks=rulebooks, store=store, notices=notices, clock=clock, pause=0)
        moderation = Moderation(
            rulebooks=rulebooks, store=store, chat=CHAT, clock=clock, history=past, repairs=repairs
        )
        reviews = Reviews(
            moderation=moderation, rulebooks=rulebooks, repairs=repairs, store=store, clock=clock
        )
        watch = RuleWatch(
            moderation=moderation,
            rulebooks=rulebooks,
            store=store,
            notices=notices,
            clock=clock,
            by=lambda: "the bot",
        )
        yield Desk(moderation, rulebooks, store, clock, past, heard, repairs, reviews, watch)
