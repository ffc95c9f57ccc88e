"""Where the parts are put together, and nowhere else: rules, store, checker, the page and Discord."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta

from bot.errors import Fault, StoreError
from bot.gateway.health import ClientHealth
from bot.gateway.run import run_discord
from bot.proof import Proven, prove_loaded
from bot.replies.checker import Checker
from bot.replies.model import SpeakingSettings
from bot.rulebook.live import LiveRulebook
from bot.settings import Settings
from bot.shipped import rules_folder
from bot.store.sqlite import SQLiteStore
from bot.studio.metrics import MeasuredChecker, Metrics
from bot.studio.server import Studio

DATABASE = "caveat.sqlite3"
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
        checker, studio = await _put_together(settings, health, stack)
        if health is None:
            announce(f"The room is open at {studio.url} – Ctrl-C closes it.")
            await stop.wait()
        else:
            announce(f"Joining Discord. Health and metrics are at {studio.url}")
            await run_discord(checker=checker, settings=settings, stop=stop, health=health)
        log.info("stopping")


async def _put_together(
    settings: Settings, health: ClientHealth | None, stack: AsyncExitStack
) -> tuple[Checker, Studio]:
    """Open every part but Discord, in the order in which they need one another; the stack closes them."""
    changes: Changes = asyncio.Queue()
    rules = await stack.enter_async_context(
        LiveRulebook(
            folder=rules_folder(settings.rules_dir),
            prepare=prove_loaded,
            changed=changes.put,
            broken=changes.put,
        )
    )
    store = await stack.enter_async_context(SQLiteStore.open(settings.data_dir / DATABASE))
    metrics = Metrics()
    checker = MeasuredChecker(
        metrics=metrics,
        rulebook=rules.current.rulebook,
        store=store,
        clock=_now,
        defaults=_defaults(settings),
    )
    studio = await stack.enter_async_context(
        Studio(checker=checker, settings=settings, with_room=health is None, metrics=metrics, discord=health)
    )
    await stack.enter_async_context(_beside(_follow(changes, checker=checker, studio=studio)))
    await stack.enter_async_context(_beside(_expire(checker, keep=timedelta(days=settings.review_days))))
    return checker, studio


def _now() -> datetime:
    return datetime.now(UTC)


def _defaults(settings: Settings) -> SpeakingSettings:
    return SpeakingSettings(
        room_cooldown=settings.room_cooldown_seconds, member_cooldown=settings.member_cooldown_seconds
    )


async def _follow(changes: Changes, *, checker: Checker, studio: Studio) -> None:
    """Put other rules in force as they come, and tell of those that are kept out."""
    while True:
        change = await changes.get()
        if isinstance(change, Proven):
            checker.use(change.rulebook)
            log.info("other rules are in force: %d of them", len(change.rulebook.source.rules))
        elif change:
            log.warning("the rules were changed but not taken; the last good ones stay in force")
            for fault in change:
                log.warning("%s", fault)
            studio.report_faults(change)
            continue
        else:
            log.info("the rules hold no faults any more")
        studio.report_rulebook(checker.rulebook.source)


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
