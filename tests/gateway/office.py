"""The bot with everything that moderators are served with, on a loopback Discord."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.gateway.noticeboard import Noticeboard
from bot.gateway.review import Mending
from bot.gateway.rules.group import SECTIONS, Moderators, Section
from bot.gateway.rules.past import PATIENCE
from bot.moderation.changes import Change
from bot.moderation.model import Proposal
from bot.moderation.moderation import Moderation
from bot.moderation.notices import Notices
from bot.moderation.repair import Repairs
from bot.moderation.review import Reviews
from bot.moderation.review_watch import RuleWatch
from bot.moderation.rulebooks import Rulebooks
from bot.proof import Proven
from bot.replies.checker import Checker
from bot.replies.model import SpeakingSettings
from bot.store.model import KeptVersion
from bot.store.sqlite import SQLiteStore
from tests.gateway.harness import RunningBot
from tests.loopback import LoopbackDiscord
from tests.loopback.guilds import Guild
from tests.loopback.interactions import Interaction
from tests.loopback.members import Member
from tests.loopback.messages import Message
from tests.loopback.permissions import Permission
from tests.moderation.desk import CHAT, TONIC

BROKEN = TONIC.replace("phrases:", "phrazes:")
"""A rule with a fault."""
ON_BUTTON = "Open what I typed"


@dataclass
class Clock:
    """The time, which a test can put forward."""

    ahead: timedelta = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@dataclass
class Office:
    """The bot as moderators meet it."""

    discord: LoopbackDiscord
    guild: Guild
    moderation: Moderation
    rulebooks: Rulebooks
    notices: Notices
    checker: Checker
    bot: RunningBot
    mending: Mending

    @property
    def server(self) -> str:
        return str(self.guild.id)

    async def press(self, member: Member, message: Message | None, label: str) -> Interaction:
        """Press a button, and wait until the answer can be read."""
        assert message is not None
        before = message.text
        interaction = await member.press(message, message.button(label)["custom_id"])
        if interaction.message is message:
            await self.discord.wait_until(lambda: message.text != before, what="the button's answer")
        return interaction

    async def changed(self, change: str | Change, *, by: Member, why: str = "because") -> KeptVersion:
        """Change the rules as another moderator would, past Discord."""
        proposal = await self.moderation.propose(self.server, change, by=str(by.id), why=why)
        assert isinstance(proposal, Proposal), str(proposal)
        version = await self.moderation.confirm(proposal)
        assert isinstance(version, KeptVersion)
        return version

    async def newest(self) -> KeptVersion | None:
        return await self.moderation.newest(self.server)


@asynccontextmanager
async def opened(
    discord: LoopbackDiscord,
    guild: Guild,
    store: SQLiteStore,
    base: Proven,
    *,
    sections: tuple[Section, ...] = SECTIONS,
    patience: float = PATIENCE,
) -> AsyncIterator[Office]:
    """Open the bot's office; the bot is not started yet."""
    notices, board, clock = Notices(), Noticeboard(pause=0.0), Clock()
    notices.subscribe(board.hear)
    defaults = SpeakingSettings(room_cooldown=0, member_cooldown=0)
    async with AsyncExitStack() as stack:
        rulebooks = await stack.enter_async_context(
            Rulebooks(base=base, store=store, clock=clock, notices=notices, look_every=3600)
        )
        checker = Checker(rulebooks=rulebooks, store=store, clock=clock, defaults=defaults)
        repairs = Repairs(
            rulebooks=rulebooks, store=store, notices=notices, clock=clock, defaults=defaults, pause=0.0
        )
        moderation = Moderation(
            rulebooks=rulebooks, store=store, chat=CHAT, clock=clock, defaults=defaults, repairs=repairs
        )
        reviews = Reviews(
            moderation=moderation, rulebooks=rulebooks, repairs=repairs, store=store, clock=clock
        )
        watch = await stack.enter_async_context(
            RuleWatch(moderation=moderation, rulebooks=rulebooks, store=store, notices=notices, clock=clock)
        )
        checker.when_voted(watch.voted)
        mending = Mending(reviews, repairs, watch)
        bot = RunningBot(
            discord=discord,
            checker=checker,
            moderators=Moderators(
                moderation=moderation,
                board=board,
                notices=notices,
                sections=sections,
                mending=mending,
                pause=0.0,
                patience=patience,
            ),
        )
        try:
            yield Office(discord, guild, moderation, rulebooks, notices, checker, bot, mending)
        finally:
            await bot.stop()


def moderator(guild: Guild, name: str) -> Member:
    """Make somebody who may manage the server."""
    role = guild.create_role(f"moderators-{name}", permissions=Permission.MANAGE_GUILD)
    return guild.create_member(name, roles=[role])


def form_of(interaction: Interaction) -> dict[str, str]:
    """What stands in a form, by field."""
    assert interaction.modal is not None
    rows = [part for row in interaction.modal["components"] for part in row["components"]]
    return {part["custom_id"]: part.get("value") or "" for part in rows}
