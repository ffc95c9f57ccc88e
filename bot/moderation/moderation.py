"""What a moderator can do with the rules of a server, alike for Discord, the page and the command line."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from difflib import unified_diff

from msgspec import Struct
from msgspec.structs import replace

from bot.errors import Fault, RulebookError, StoreError
from bot.moderation.changes import Change, ResetRule, RollBack, WholeOverlay, typed_text
from bot.moderation.difference import concerned
from bot.moderation.editing import COMMAND, Edited, edited
from bot.moderation.fitting import Fitted, fit
from bot.moderation.gate import examine
from bot.moderation.listing import lines_of, shown
from bot.moderation.model import (
    Breadth,
    Conflict,
    History,
    Preview,
    Proposal,
    Provenance,
    Refusal,
    RuleLine,
    RuleShown,
)
from bot.moderation.ordinary import OrdinaryChat
from bot.moderation.preview import preview
from bot.moderation.repair import Repairs
from bot.moderation.rulebooks import Rulebooks
from bot.replies.model import Incoming, SpeakingSettings
from bot.replies.settings_form import settings_from
from bot.rulebook.overlay import LONGEST_OVERLAY
from bot.rulebook.yaml_writer import write_overlay
from bot.store.interface import Store
from bot.store.model import KeptDraft, KeptVersion, NewerVersionError, NewVersion

_logger = logging.getLogger(__name__)

LOOKED_AT = 500
"""So many recent messages a change is tried on."""
LONGEST_TRIAL = timedelta(days=14)
"""New rules may be in shadow at most for this long before they speak by themselves."""
LONGEST_WHY = 500
"""Characters of a reason that are kept."""
NOT_CONFIRMED = "not confirmed yet"
"""The problem of a draft that passed the gate."""


class _Asking(Struct, frozen=True):
    """A change that is asked, and what it is asked of."""

    server: str
    change: Change
    by: str | None
    why: str
    number: int
    current: str
    history: History | None = None
    rolls_back: bool = False


class Moderation:
    """Every way to look at a server's rules and to change them, through one gate.

    Args:
        rulebooks: the rules in force.
        store: keeps versions and drafts.
        chat: the bank of ordinary chat.
        clock: the time now, with time zone.
        history: looks up recent messages; None where there are none to look up.
        defaults: when the bot speaks on servers that have saved no settings.
        repairs: looks at replies again whose rules were rolled back; None: they stay as they are.
    """

    def __init__(
        self,
        *,
        rulebooks: Rulebooks,
        store: Store,
        chat: OrdinaryChat,
        clock: Callable[[], datetime],
        history: History | None = None,
        defaults: SpeakingSettings | None = None,
        repairs: Repairs | None = None,
    ) -> None:
        self._rulebooks = rulebooks
        self._store = store
        self._chat = chat
        self._clock = clock
        self._history = history
        self._defaults = defaults or SpeakingSettings()
        self._repairs = repairs

    def look_back_with(self, history: History | None) -> None:
        """Try changes on what this looks up from now on; None: on nothing."""
        self._history = history

    async def propose(
        self,
        server: str,
        change: str | Change,
        *,
        by: str | None,
        why: str,
        seen: int | None = None,
        history: History | None = None,
    ) -> Proposal | Refusal | Conflict:
        """Find out what a change would do, and whether it may go in force. Nothing is changed yet.

        Args:
            server: the server.
            change: what is asked; a text stands for all changes of the server at once.
            by: id of the moderator; None where a program asks.
            why: why, in their words.
            seen: the number of the version that they saw, 0 for none; without it the newest is meant.
            history: looks up recent messages this once, in place of what otherwise does.

        Returns:
            the proposal to confirm; or why it is refused; or what somebody else changed meanwhile. What was
            typed is kept as a draft in both latter cases.

        Raises:
            StoreError: the store failed.
        """
        asked = WholeOverlay(change) if isinstance(change, str) else change
        newest = await self._store.version(server=server)
        number, current = (newest.number, newest.text) if newest is not None else (0, "")
        if newest is not None and seen is not None and seen != number:
            draft = await self._draft(server, asked, by, f"version {number} was saved meanwhile")
            return Conflict(server, newest, draft)
        asking = _Asking(server, asked, by, why.strip()[:LONGEST_WHY], number, current, history)
        asking = replace(asking, rolls_back=isinstance(asked, RollBack | ResetRule))
        try:
            if isinstance(asked, RollBack):
                asking = replace(asking, change=WholeOverlay(await self._text_of(server, asked.number)))
            return await self._examined(asking, *await self._fit(asking))
        except RulebookError as error:
            # A text of an earlier version is kept as a version already.
            return await self._refused(server, asked, by, error.faults)

    async def confirm(
        self, proposal: Proposal, *, shadow_for: timedelta | None = None
    ) -> KeptVersion | Refusal | Conflict:
        """Put a proposal in force, whole, as a new version.

        Args:
            proposal: what `propose` gave.
            shadow_for: for how long its new and changed rules are only recorded before they speak by
                themselves; None: they speak at once.

        Returns:
            the version; or, where the base has changed since, why it is refused; or what somebody else
            changed meanwhile.

        Raises:
            StoreError: the store failed; nothing was changed.
            ValueError: the time in shadow is not above 0 or beyond 14 days.
        """
        if shadow_for is not None and not timedelta() < shadow_for <= LONGEST_TRIAL:
            raise ValueError(f"a trial lasts up to {LONGEST_TRIAL.days} days, not {shadow_for}")
        if proposal.fitted.base is not self._rulebooks.proven_base:
            again = await self.propose(
                proposal.server, proposal.change, by=proposal.by, why=proposal.why, seen=proposal.seen
            )
            if not isinstance(again, Proposal):
                return again
            proposal = replace(again, rolls_back=proposal.rolls_back)
        version, before = (
            self._new_version(proposal, shadow_for),
            await self._rulebooks.fitted(proposal.server),
        )
        try:
            kept = await self._store.save_version(version, seen=proposal.seen)
        except NewerVersionError as error:
            problem = f"version {error.newer.number} was saved meanwhile"
            draft = await self._draft(proposal.server, proposal.change, proposal.by, problem)
            return Conflict(proposal.server, error.newer, draft)
        await self._rulebooks.adopt(kept, proposal.fitted)
        if proposal.rolls_back:
            await self._look_again(proposal, before)
        return kept

    async def _look_again(self, proposal: Proposal, before: Fitted) -> None:
        """Let the replies be looked at again that rest on what was rolled back."""
        rules = concerned(before.loaded.rulebook, proposal.fitted.loaded.rulebook)
        if self._repairs is None or not rules:
            return
        try:
            await self._repairs.begin(proposal.server, rules, by=proposal.by)
        except StoreError as error:
            # The rules are rolled back all the same; that must not look as if they were not.
            _logger.warning("replies of rules that were rolled back stay as they are: %s", error)

    async def list_rules(self, server: str) -> tuple[RuleLine, ...]:
        """List a server's rules, by family, with what holds now and where each comes from."""
        base = self._rulebooks.proven_base.loaded.rulebook
        fitted = await self._rulebooks.fitted(server)
        return lines_of(fitted.loaded.rulebook, base, self._rulebooks.trials_of(server))

    async def show(self, server: str, rule: str) -> RuleShown | None:
        """Show a rule as it is on a server; None where there is no such rule."""
        base = self._rulebooks.proven_base.loaded.rulebook
        fitted = await self._rulebooks.fitted(server)
        return shown(rule, fitted.loaded.rulebook, base, self._rulebooks.trials_of(server))

    async def newest(self, server: str) -> KeptVersion | None:
        """The newest version of a server's changes, in force or set aside; None where there is none."""
        return await self._store.version(server=server)

    async def history(
        self, server: str, *, limit: int = 20, before: int | None = None
    ) -> tuple[KeptVersion, ...]:
        """The versions of a server's changes, newest first; arguments as for `VersionStore.versions`."""
        return await self._store.versions(server=server, limit=limit, before=before)

    async def diff(self, server: str, one: int, other: int) -> str:
        """Compare two versions.

        Args:
            server: the server.
            one: the number of the first; 0 is the base as it is.
            other: that of the second.

        Returns:
            a unified diff of the YAML; empty where they are the same.

        Raises:
            RulebookError: there is no such version.
        """
        first, second = await self._text_of(server, one), await self._text_of(server, other)
        return _difference(first, second, one, other)

    async def diff_of_rule(self, server: str, rule: str) -> str | None:
        """Compare a rule as it is on a server with that of the base.

        Returns:
            a unified diff of its YAML; empty where they are the same; None where there is no such rule.
        """
        known = await self.show(server, rule)
        if known is None:
            return None
        if known.line.provenance is Provenance.OWN:
            return _unified("", known.text, "the base", "here")
        return _unified(known.base_text, known.text, "the base", "here") if known.base_text else ""

    async def export(self, server: str) -> str:
        """All changes of a server as YAML; empty where there are none."""
        newest = await self.newest(server)
        return newest.text if newest is not None else ""

    async def drafts(self, server: str, by: str) -> tuple[KeptDraft, ...]:
        """What a moderator typed on a server and what was refused, newest first."""
        return await self._store.drafts(server=server, member=by)

    async def keep(self, proposal: Proposal) -> KeptDraft | None:
        """Keep what was typed of a proposal until it is confirmed, whatever becomes of the proposal.

        Returns:
            the draft; None where nothing was typed. Once the proposal is in force, throw it away.
        """
        if proposal.by is None:
            return None
        typed = typed_text(proposal.change)
        for draft in await self.drafts(proposal.server, proposal.by):
            # What was typed once is kept once, so that it pushes nothing else out.
            if (draft.about, draft.text) == typed:
                await self.drop_draft(draft)
        return await self._draft(proposal.server, proposal.change, proposal.by, NOT_CONFIRMED)

    async def drop_draft(self, draft: KeptDraft) -> None:
        """Throw a draft away."""
        await self._store.drop_draft(draft=draft.draft, member=draft.member)

    async def _fit(self, asking: _Asking) -> tuple[Edited, Fitted, Fitted]:
        """Make the change and lay both, what is and what would be, over the base."""
        before = await self._rulebooks.fitted(asking.server)
        base, workshop = self._rulebooks.proven_base, self._rulebooks.workshop
        done = await asyncio.to_thread(edited, asking.change, asking.current, base.loaded)
        return done, before, await asyncio.to_thread(fit, base, done.written, workshop)

    async def _examined(
        self, asking: _Asking, done: Edited, before: Fitted, after: Fitted
    ) -> Proposal | Refusal:
        server, text = asking.server, write_overlay(done.value)
        ends_trials = done.woken & self._rulebooks.trials_of(server).keys()
        if text == asking.current and not ends_trials:
            return Refusal(server, (Fault(COMMAND, 1, 1, "nothing would change.", ""),))
        found = await asyncio.to_thread(examine, before, after, self._chat)
        if found.faults:
            return await self._refused(server, asking.change, asking.by, found.faults, found.breadth)
        return Proposal(
            server=server,
            by=asking.by,
            why=asking.why,
            seen=asking.number,
            text=text,
            digest=after.loaded.rulebook.digest,
            difference=_difference(asking.current, text, asking.number, asking.number + 1),
            rules=found.rules,
            preview=await self._preview(asking, before, after),
            breadth=found.breadth,
            remarks=(*done.remarks, *found.remarks),
            ends_trials=ends_trials,
            change=asking.change,
            fitted=after,
            rolls_back=asking.rolls_back,
        )

    def _new_version(self, proposal: Proposal, shadow_for: timedelta | None) -> NewVersion:
        now = self._clock()
        return NewVersion(
            server=proposal.server,
            author=proposal.by,
            saved=now,
            why=proposal.why,
            text=proposal.text,
            digest=proposal.digest,
            difference=proposal.difference,
            trials=self._trials(proposal, now, shadow_for),
        )

    def _trials(self, proposal: Proposal, now: datetime, shadow_for: timedelta | None) -> dict[str, datetime]:
        """What is in shadow for some time: what was and is left as it is, and what is new."""
        ended = {*proposal.rules, *proposal.ends_trials}
        there = {rule.id for rule in proposal.fitted.loaded.rulebook.rules}
        left = {
            rule: until
            for rule, until in self._rulebooks.trials_of(proposal.server).items()
            if rule in there and rule not in ended
        }
        return left | (dict.fromkeys(proposal.rules, now + shadow_for) if shadow_for else {})

    async def _preview(self, asking: _Asking, before: Fitted, after: Fitted) -> Preview:
        messages = await self.lately(asking.server, asking.history)
        settings = await self.settings_of(asking.server)
        return await asyncio.to_thread(
            preview, messages[-LOOKED_AT:], before=before.compiled, after=after.compiled, settings=settings
        )

    async def lately(self, server: str, history: History | None = None) -> Sequence[Incoming]:
        """Look up recent messages of a server; none where there is nothing to look back with.

        Args:
            server: the server.
            history: looks them up this once, in place of what otherwise does.
        """
        history = history or self._history
        return await history.recent(server, LOOKED_AT) if history is not None else ()

    async def settings_of(self, server: str) -> SpeakingSettings:
        """When the bot speaks on a server, and how it deals with objections there."""
        values = await self._store.settings_of(server=server)
        return settings_from(values) if values is not None else self._defaults

    async def _text_of(self, server: str, number: int) -> str:
        if number == 0:
            return ""
        version = await self._store.version(server=server, number=number)
        if version is None:
            fault = Fault(
                COMMAND, 1, 1, f"there is no version {number}.", "The history lists those there are."
            )
            raise RulebookError([fault])
        return version.text

    async def _refused(
        self,
        server: str,
        asked: Change,
        by: str | None,
        faults: tuple[Fault, ...],
        breadth: tuple[Breadth, ...] = (),
    ) -> Refusal:
        draft = await self._draft(server, asked, by, "\n".join(map(str, faults)))
        return Refusal(server, faults, breadth, draft)

    async def _draft(self, server: str, asked: Change, by: str | None, problem: str) -> KeptDraft | None:
        about, text = typed_text(asked)
        if by is None or not text or len(text) > LONGEST_OVERLAY:
            return None
        return await self._store.keep_draft(
            server=server, member=by, about=about, text=text, problem=problem, at=self._clock()
        )


def _difference(one: str, other: str, first: int, second: int) -> str:
    return _unified(one, other, f"version {first}", f"version {second}")


def _unified(one: str, other: str, first: str, second: str) -> str:
    lines = unified_diff(one.splitlines(), other.splitlines(), first, second, lineterm="")
    return "".join(f"{line}\n" for line in lines)
