"""A rule that raises many false alarms on a server drops to shadow there by itself, and says so."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from types import TracebackType
from typing import Self

from bot.errors import CaveatBotError
from bot.moderation.changes import SetRuleStatus
from bot.moderation.model import Proposal
from bot.moderation.moderation import Moderation
from bot.moderation.notices import Notices, RuleQuieted
from bot.moderation.review_share import in_words, is_alarming
from bot.moderation.rulebooks import Rulebooks
from bot.rulebook.model import Status
from bot.rulebook.overlay import LIKENESS_RULE, Overlay, read_overlay
from bot.store.interface import Store
from bot.store.model import KeptVersion

MOST_WAITING = 10_000
"""So many replies may wait to be looked at; each counts once, however often it is voted on."""
A_PAGE = 50
"""So many versions are looked up at once."""

_logger = logging.getLogger(__name__)


class RuleWatch:
    """Watches what members say of each rule's replies.

    Used with `async with`: until it is left, each reply that `voted` names is looked at, one after another.

    Args:
        moderation: puts a rule in shadow, through the gate and as a version like any other.
        rulebooks: the rules in force.
        store: knows replies and votes.
        notices: tells what was done.
        clock: the time now, with time zone.
        by: gives the id of the bot itself, as which it acts; None where it has none.
    """

    def __init__(
        self,
        *,
        moderation: Moderation,
        rulebooks: Rulebooks,
        store: Store,
        notices: Notices,
        clock: Callable[[], datetime],
        by: Callable[[], str | None] = lambda: None,
    ) -> None:
        self._moderation = moderation
        self._rulebooks = rulebooks
        self._store = store
        self._notices = notices
        self._clock = clock
        self._by = by
        self._waiting: dict[str, None] = {}
        self._stirred = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        """Begin to watch."""
        self._task = asyncio.create_task(self._watch(), name="watch false alarms")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the watching."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    def act_as(self, by: Callable[[], str | None]) -> None:
        """Name from now on as the author of versions what this gives."""
        self._by = by

    def voted(self, reply: str) -> None:
        """Take note that a reply was voted on; its rules are looked at later."""
        if len(self._waiting) < MOST_WAITING:
            self._waiting[reply] = None
            self._stirred.set()

    async def look(self, reply: str) -> tuple[KeptVersion, ...]:
        """Look at the rules of a reply.

        Args:
            reply: its id.

        Returns:
            the versions by which rules dropped to shadow.

        Raises:
            StoreError: the store failed.
        """
        kept = await self._store.reply(reply=reply)
        if kept is None:
            return ()
        rules = dict.fromkeys(finding.rule for finding in kept.findings)
        versions = [await self._look_at(kept.server, rule) for rule in rules]
        return tuple(version for version in versions if version is not None)

    async def _watch(self) -> None:
        while True:
            await self._stirred.wait()
            self._stirred.clear()
            while self._waiting:
                reply = next(iter(self._waiting))
                del self._waiting[reply]
                try:
                    await self.look(reply)
                except CaveatBotError as error:
                    _logger.warning("false alarms could not be counted: %s", error)
                except Exception:
                    # One reply that goes wrong must not end the watching.
                    _logger.exception("false alarms could not be counted")

    async def _look_at(self, server: str, rule: str) -> KeptVersion | None:
        settings = await self._moderation.settings_of(server)
        since = self._clock() - timedelta(days=settings.alarm_days)
        figures = await self._store.rule_figures(server=server, rule=rule, since=since)
        if not is_alarming(figures, settings) or not self._speaks(server, rule):
            return None
        # Replies from before the rule was last changed here tell nothing of what it is now, and a moderator
        # who lets it speak again is not overruled by what was known already.
        changed = await self._changed(server, rule, since)
        if changed is not None:
            figures = await self._store.rule_figures(server=server, rule=rule, since=changed)
            if not is_alarming(figures, settings):
                return None
        told = in_words(figures, settings.alarm_days)
        version = await self._quieted(server, rule, f"By itself: {told}")
        if version is not None:
            await self._notices.tell(RuleQuieted(server, rule, told, version))
        return version

    def _speaks(self, server: str, rule: str) -> bool:
        source = self._rulebooks.of(server).source
        if rule == LIKENESS_RULE:
            return source.learned is not None and source.learned.status is Status.LIVE
        return any(one.id == rule and one.status is Status.LIVE for one in source.rules)

    async def _quieted(self, server: str, rule: str, why: str) -> KeptVersion | None:
        proposal = await self._moderation.propose(
            server, SetRuleStatus(rule, Status.SHADOW), by=self._by(), why=why
        )
        outcome = await self._moderation.confirm(proposal) if isinstance(proposal, Proposal) else proposal
        if isinstance(outcome, KeptVersion):
            return outcome
        _logger.warning("server %s: the rule %s could not be put in shadow by itself", server, rule)
        return None

    async def _changed(self, server: str, rule: str, since: datetime) -> datetime | None:
        """Tell when a server last changed a rule; None where it has not since then."""
        newer: KeptVersion | None = None
        before: int | None = None
        while True:
            page = await self._moderation.history(server, limit=A_PAGE, before=before)
            for version in page:
                if newer is not None and _said_of(rule, newer) != _said_of(rule, version):
                    return newer.saved
                if version.saved < since:
                    return None
                newer, before = version, version.number
            if len(page) < A_PAGE:
                is_changed = newer is not None and _said_of(rule, newer) != _said_of(rule, None)
                return newer.saved if newer is not None and is_changed else None


def _said_of(rule: str, version: KeptVersion | None) -> object:
    """Give what a version says of a rule itself; the status of its family does not mend it."""
    overlay = read_overlay(version.text).value if version is not None else Overlay()
    own = next((one for one in overlay.own_rules if one.id == rule), None)
    return own, overlay.rules.get(rule)
