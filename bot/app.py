"""Where the parts are put together, and nowhere else: rules, store, checker, the page and Discord."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from msgspec import Struct

from bot.collector import pass_over, resting
from bot.errors import Fault, RulebookError, StoreError
from bot.gateway.health import ClientHealth
from bot.gateway.noticeboard import Noticeboard
from bot.keeping.folder import KEPT_FOLDER, KeptRulebooks
from bot.moderation.base_preview import BasePreviews
from bot.moderation.files import FileGate
from bot.moderation.notices import (
    BaseChanged,
    BaseMended,
    BaseRefused,
    LanguageMissing,
    Notice,
    Notices,
    OverlayChanged,
    OverlayFitsAgain,
    OverlaySetAside,
    RepairDone,
    RuleQuieted,
    TrialEnded,
    sentence,
)
from bot.moderation.ordinary import BANK_FILE, OrdinaryChat, load_ordinary_chat
from bot.moderation.repair import Repairs
from bot.moderation.rulebooks import Rulebooks
from bot.proof import Proven
from bot.replies.checker import Checker
from bot.replies.model import SpeakingSettings
from bot.rulebook.live import LiveRulebook
from bot.settings import Settings
from bot.shipped import rules_file, rules_folder
from bot.store.sqlite import SQLiteStore
from bot.studio.metrics import MeasuredChecker, Metrics
from bot.studio.server import Studio

if TYPE_CHECKING:
    from bot.gateway.rules.group import Moderators
    from bot.moderation.moderation import Moderation

WATCHING_BEGINS = 1000
"""Milliseconds after the rules were read from which on their folder is watched; the start goes first."""
EXPIRE_EVERY = 3600.0
"""Seconds between two times at which matched words that are too old are cleared."""

log = logging.getLogger(__name__)

Changes = asyncio.Queue[Proven | tuple[Fault, ...]]
"""What became of the folder of rules: other rules that hold, or the faults that keep them out."""


async def run(
    settings: Settings, *, announce: Callable[[str], None], stop: asyncio.Event | None = None
) -> None:
    """Run the bot until it is told to stop.

    Args:
        settings: where to find and serve what, and the token if it is to join Discord.
        announce: is told, in one line, where the page is or that Discord is being joined.
        stop: set it to stop; SIGINT and SIGTERM set it too.

    Raises:
        SettingsError: there is no such folder of rules.
        RulebookError: the rules hold faults, or an example does not hold.
        StoreError: the database cannot be used.
        StudioError: the page cannot be served.
        DiscordError: Discord refuses the bot or cannot be reached.
    """
    stop = stop or asyncio.Event()
    health = ClientHealth() if settings.discord_token else None
    async with _signals_set(stop), AsyncExitStack() as stack:
        parts = await _put_together(settings, health, stack)
        pass_over()
        if health is None:
            announce(f"The room is open at {parts.studio.url} – Ctrl-C closes it.")
            await stop.wait()
        else:
            announce(f"Joining Discord. Health and metrics are at {parts.studio.url}")
            await _join(parts, settings, health, stop, stack)
        log.info("stopping")


class _Parts(Struct, frozen=True):
    """The parts that surfaces stand on."""

    checker: MeasuredChecker
    studio: Studio
    rulebooks: Rulebooks
    store: SQLiteStore
    notices: Notices
    board: Noticeboard
    previews: BasePreviews
    chat: OrdinaryChat
    defaults: SpeakingSettings


async def _join(
    parts: _Parts, settings: Settings, health: ClientHealth, stop: asyncio.Event, stack: AsyncExitStack
) -> None:
    """Join Discord and stay there until told to stop."""
    with resting():
        from bot.gateway.run import run_discord  # noqa: PLC0415  # the room needs none of it, and 0.1 s less

    await run_discord(
        checker=parts.checker,
        settings=settings,
        stop=stop,
        health=health,
        moderators=partial(_moderators, parts, stack),
    )


async def _moderators(parts: _Parts, stack: AsyncExitStack) -> Moderators:
    """What moderators are served with in Discord; what stands under `/rules` is listed in SECTIONS."""
    await asyncio.to_thread(_load_what_moderators_need)
    from bot.gateway.review import Mending  # noqa: PLC0415  # read by the line above, and so below
    from bot.gateway.rules.group import SECTIONS, Moderators  # noqa: PLC0415
    from bot.moderation.moderation import Moderation  # noqa: PLC0415
    from bot.moderation.review import Reviews  # noqa: PLC0415
    from bot.moderation.review_watch import RuleWatch  # noqa: PLC0415

    rulebooks, store, notices = parts.rulebooks, parts.store, parts.notices
    repairs = Repairs(rulebooks=rulebooks, store=store, notices=notices, clock=_now, defaults=parts.defaults)
    moderation = Moderation(
        rulebooks=rulebooks,
        store=store,
        chat=parts.chat,
        clock=_now,
        defaults=parts.defaults,
        repairs=repairs,
    )
    watch = await stack.enter_async_context(
        RuleWatch(moderation=moderation, rulebooks=rulebooks, store=store, notices=notices, clock=_now)
    )
    parts.checker.when_voted(watch.voted)
    reviews = Reviews(moderation=moderation, rulebooks=rulebooks, repairs=repairs, store=store, clock=_now)
    return Moderators(
        moderation=moderation,
        board=parts.board,
        previews=parts.previews,
        notices=notices,
        sections=SECTIONS,
        mending=Mending(reviews, repairs, watch),
    )


def _load_what_moderators_need() -> None:
    """Import it in a thread: messages come in by then."""
    import bot.gateway.serving  # noqa: PLC0415
    import bot.moderation.review_watch  # noqa: PLC0415, F401


async def _put_together(settings: Settings, health: ClientHealth | None, stack: AsyncExitStack) -> _Parts:
    """Open every part but Discord, in the order in which they need one another; the stack closes them."""
    changes: Changes = asyncio.Queue()
    chat = await asyncio.to_thread(load_ordinary_chat, rules_file(settings.rules_dir, BANK_FILE))
    gate = FileGate(chat, KeptRulebooks(settings.data_dir / KEPT_FOLDER))
    live = await stack.enter_async_context(
        LiveRulebook(
            folder=rules_folder(settings.rules_dir),
            load=gate.load,
            prepare=gate,
            changed=changes.put,
            broken=changes.put,
            idle=WATCHING_BEGINS,
        )
    )
    store = await stack.enter_async_context(SQLiteStore.open(settings.database))
    notices, metrics, defaults = Notices(), Metrics(), _defaults(settings)
    board = Noticeboard()
    notices.subscribe(_log_notice)
    if health is not None:
        notices.subscribe(board.hear)
    rulebooks = await stack.enter_async_context(
        Rulebooks(base=live.current, store=store, clock=_now, notices=notices)
    )
    checker = MeasuredChecker(
        metrics=metrics, rulebooks=rulebooks, store=store, clock=_now, defaults=defaults
    )
    # Nothing bounds how fast replies in the room are changed, so there is no pause between two.
    repairs = Repairs(
        rulebooks=rulebooks, store=store, notices=notices, clock=_now, defaults=defaults, pause=0
    )
    studio = await stack.enter_async_context(
        Studio(
            checker=checker,
            settings=settings,
            with_room=health is None,
            metrics=metrics,
            discord=health,
            moderation=partial(_moderation, rulebooks, store, chat, defaults, repairs),
            repairs=repairs,
        )
    )
    notices.subscribe(partial(_show_notice, studio=studio, checker=checker))
    previews = BasePreviews(rulebooks=rulebooks, settings_of=checker.settings_of)
    if studio.room is not None:
        previews.show_to(studio.room.history)
    await stack.enter_async_context(_beside(_warm(rulebooks)))
    await stack.enter_async_context(_beside(_follow(changes, rulebooks, gate, previews)))
    await stack.enter_async_context(_beside(_expire(checker, keep=timedelta(days=settings.review_days))))
    return _Parts(checker, studio, rulebooks, store, notices, board, previews, chat, defaults)


def _moderation(
    rulebooks: Rulebooks,
    store: SQLiteStore,
    chat: OrdinaryChat,
    defaults: SpeakingSettings,
    repairs: Repairs,
) -> Moderation:
    """What the rules of the room are changed with, made when a rule is first looked at."""
    from bot.moderation.moderation import Moderation  # noqa: PLC0415  # the room starts 0.1 s sooner without

    return Moderation(
        rulebooks=rulebooks, store=store, chat=chat, clock=_now, defaults=defaults, repairs=repairs
    )


def _now() -> datetime:
    return datetime.now(UTC)


def _defaults(settings: Settings) -> SpeakingSettings:
    return SpeakingSettings(
        room_cooldown=settings.room_cooldown_seconds, member_cooldown=settings.member_cooldown_seconds
    )


async def _follow(changes: Changes, rulebooks: Rulebooks, gate: FileGate, previews: BasePreviews) -> None:
    """Put other rules in force as they come, tried on recent messages first, and keep them for the next
    start; tell of those kept out."""
    while True:
        await asyncio.to_thread(gate.keep)
        change = await changes.get()
        if isinstance(change, Proven):
            await rulebooks.use_base(change, await previews.of(change))
        else:
            await rulebooks.refuse_base(change)


async def _warm(rulebooks: Rulebooks) -> None:
    """Open the encoder beside the start, so that the first message does not wait for it."""
    likeness = rulebooks.base.likeness
    if likeness is not None and likeness.encoder is not None:
        with suppress(RulebookError):  # said in the log; the weights judge alone
            await asyncio.to_thread(likeness.encoder.open)


async def _log_notice(notice: Notice) -> None:
    """Write what happens to the rules into the log, of servers' own changes only the places: they may hold
    what members wrote."""
    if isinstance(notice, BaseRefused):
        log.warning("the rules were changed but not taken; the last good ones stay in force")
        for fault in notice.faults:
            log.warning("%s", fault)
    elif isinstance(notice, BaseChanged | BaseMended):
        log.info("%s", sentence(notice))
        for server, preview in notice.previews.items() if isinstance(notice, BaseChanged) else ():
            log.info("server %s: %s", server, preview)
    else:
        is_warning = isinstance(notice, OverlaySetAside | LanguageMissing)
        level = logging.WARNING if is_warning else logging.INFO
        log.log(level, "server %s: %s", notice.server, sentence(notice).splitlines()[0])
        for fault in notice.faults if isinstance(notice, OverlaySetAside) else ():
            log.warning("server %s: %s:%d:%d", notice.server, fault.path, fault.line, fault.column)


async def _show_notice(notice: Notice, *, studio: Studio, checker: Checker) -> None:
    """Show on the page what happens to the rules."""
    match notice:
        case BaseRefused():
            studio.report_faults(notice.faults)
        case BaseChanged():
            studio.report_rulebook(checker.rulebook.source, notice)
        case BaseMended():
            studio.report_rulebook(checker.rulebook.source)
        case OverlayChanged() | OverlaySetAside() | OverlayFitsAgain() | TrialEnded() | RuleQuieted():
            studio.report_changes(notice.server)
        case RepairDone():
            studio.report_repair(notice.server, sentence(notice))


async def _expire(checker: Checker, *, keep: timedelta) -> None:
    """Clear what is too old, now and every hour, whatever becomes of the database in between."""
    while True:
        try:
            cleared = await checker.expire(keep=keep)
        except StoreError as error:
            log.warning("what is too old could not be cleared: %s", error)
        else:
            if cleared:
                log.info("cleared %d rows that were older than %d days", cleared, keep.days)
        await asyncio.sleep(EXPIRE_EVERY)


@asynccontextmanager
async def _beside(work: Coroutine[None, None, None]) -> AsyncIterator[None]:
    """Do something beside the rest, for as long as the context lasts."""
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


@asynccontextmanager
async def _signals_set(stop: asyncio.Event) -> AsyncIterator[None]:
    """Let SIGINT and SIGTERM set an event. A second one ends the program at once, as it always does."""
    loop, signals = asyncio.get_running_loop(), (signal.SIGINT, signal.SIGTERM)

    def told(which: signal.Signals) -> None:
        stop.set()
        loop.remove_signal_handler(which)

    # Windows has no such handlers; there Ctrl-C interrupts.
    with suppress(NotImplementedError):
        for which in signals:
            loop.add_signal_handler(which, told, which)
    try:
        yield
    finally:
        with suppress(NotImplementedError):
            for which in signals:
                loop.remove_signal_handler(which)
