"""Where moderators at the page look at the room's rules and change them, through the one gate."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Mapping
from datetime import timedelta

from msgspec import Struct

from bot.errors import RulebookError
from bot.moderation.changes import (
    Change,
    EditRule,
    NewRule,
    RollBack,
    SetFamilyStatus,
    SetRuleStatus,
    typed_text,
)
from bot.moderation.listing import family_statuses
from bot.moderation.model import Conflict, History, Proposal, Refusal, RuleShown
from bot.moderation.moderation import Moderation
from bot.replies.checker import Checker
from bot.store.model import KeptDraft, KeptVersion
from bot.studio import requests
from bot.studio.health import SERVER
from bot.studio.requests import RULE_LIMIT, AnyRuleRequest, AnyTry, RequestError
from bot.studio.rule_events import (
    Conflicting,
    DraftShown,
    InForce,
    NotProposed,
    Proposed,
    RuleAnswer,
    RuleList,
    RuleOpened,
    VersionList,
)
from bot.studio.rule_shown import families_shown, fault_placed, proposed_shown, rule_listed, version_shown

MOST_HELD = 64
"""So many proposals wait at most; the oldest goes first."""
FAULTS_SHOWN = 20
"""So many faults are shown; a text of 20,000 characters can hold as many."""
A_PAGE = 10
"""Versions that are listed at once."""
GONE = "This was put in force already, or the program was started anew. Try again; what you typed is kept."


class _Waiting(Struct, frozen=True):
    """A proposal that waits to be confirmed, with the draft that keeps what was typed for it."""

    proposal: Proposal
    draft: KeptDraft | None


class RuleDesk:
    """Carries out what moderators ask for, one at a time.

    Args:
        moderation: every way to change the rules.
        checker: the rules in force.
        history: the room's messages.
        members: the names of the room's members, by id.
        new_id: gives an id that was never given before.
    """

    def __init__(
        self,
        *,
        moderation: Moderation,
        checker: Checker,
        history: History,
        members: Callable[[], Mapping[str, str]],
        new_id: Callable[[], str],
    ) -> None:
        self._moderation = moderation
        self._checker = checker
        self._history = history
        self._members = members
        self._new_id = new_id
        self._turn = asyncio.Lock()
        self._waiting: OrderedDict[str, _Waiting] = OrderedDict()

    async def handle(self, request: AnyRuleRequest, *, by: str) -> RuleAnswer:
        """Carry out a request.

        Args:
            request: what the page asks.
            by: the name of the member who asks; a name outlives the room, an id does not.

        Returns:
            the answer for the one who asked.

        Raises:
            RequestError: it names what is not there.
            StoreError: the store cannot be used; nothing was changed.
        """
        async with self._turn:
            answer: RuleAnswer
            match request:
                case requests.ListRules():
                    answer = await self._list(request)
                case requests.OpenRule():
                    answer = await self._open(request, by)
                case requests.Confirm():
                    answer = await self._confirm(request)
                case requests.ListVersions():
                    answer = await self._versions(request)
                case _:
                    answer = await self._propose(request, by)
            return answer

    async def _list(self, request: requests.ListRules) -> RuleList:
        lines = await self._moderation.list_rules(SERVER)
        newest = await self._moderation.newest(SERVER)
        in_force = newest.text if newest is not None and newest.set_aside is None else ""
        return RuleList(
            ticket=request.ticket,
            families=families_shown(
                lines,
                self._checker.rulebook_of(SERVER).source,
                family_statuses(in_force, self._checker.rulebook.source),
            ),
            version=newest.number if newest is not None else 0,
            set_aside=newest.set_aside if newest is not None else None,
            text_limit=RULE_LIMIT,
        )

    async def _open(self, request: requests.OpenRule, by: str) -> RuleOpened:
        newest = await self._moderation.newest(SERVER)
        shown = await self._moderation.show(SERVER, request.rule)
        if shown is None:
            raise RequestError("This rule is no longer there.", ticket=request.ticket)
        return RuleOpened(
            ticket=request.ticket,
            family=shown.line.family,
            rule=rule_listed(shown.line),
            text=shown.text,
            difference=await self._moderation.diff_of_rule(SERVER, request.rule) or "",
            seen=newest.number if newest is not None else 0,
            draft=await self._draft_of(shown, by),
        )

    async def _draft_of(self, shown: RuleShown, by: str) -> DraftShown | None:
        """What was last typed for a rule, where it is not what the rule is by now."""
        drafts = await self._moderation.drafts(SERVER, by)
        draft = next((draft for draft in drafts if draft.about == shown.line.id), None)
        if draft is None or draft.text == shown.text:
            return None
        return DraftShown(text=draft.text, problem=draft.problem, saved=draft.saved)

    async def _propose(self, request: AnyTry, by: str) -> Proposed | NotProposed | Conflicting:
        change = _change(request)
        before = self._checker.rulebook_of(SERVER).source
        try:
            outcome = await self._moderation.propose(
                SERVER, change, by=by, why=request.why, seen=request.seen, history=self._history
            )
        except RulebookError as error:
            outcome = Refusal(SERVER, error.faults)
        if not isinstance(outcome, Proposal):
            return _not_proposed(outcome, change, request.ticket)
        key = self._new_id()
        self._waiting[key] = _Waiting(outcome, await self._moderation.keep(outcome))
        while len(self._waiting) > MOST_HELD:
            self._waiting.popitem(last=False)
        return proposed_shown(
            outcome, ticket=request.ticket, key=key, members=self._members(), server_rules=before
        )

    async def _confirm(self, request: requests.Confirm) -> InForce | NotProposed | Conflicting:
        waiting = self._waiting.get(request.key)
        if waiting is None:
            raise RequestError(GONE, ticket=request.ticket)
        hours = request.shadow_hours
        # Where the store fails the proposal is held on, for another try.
        outcome = await self._moderation.confirm(
            waiting.proposal, shadow_for=timedelta(hours=hours) if hours is not None else None
        )
        del self._waiting[request.key]
        # What was typed is thrown away only where it is in force or kept anew.
        if waiting.draft is not None and (isinstance(outcome, KeptVersion) or outcome.draft is not None):
            await self._moderation.drop_draft(waiting.draft)
        if not isinstance(outcome, KeptVersion):
            return _not_proposed(outcome, waiting.proposal.change, request.ticket)
        return InForce(
            ticket=request.ticket,
            version=version_shown(outcome, newest=True),
            looks_again=waiting.proposal.rolls_back,
        )

    async def _versions(self, request: requests.ListVersions) -> VersionList:
        before = request.before
        kept = await self._moderation.history(SERVER, limit=A_PAGE + 1, before=before)
        return VersionList(
            ticket=request.ticket,
            versions=tuple(
                version_shown(version, newest=before is None and place == 0)
                for place, version in enumerate(kept[:A_PAGE])
            ),
            more=len(kept) > A_PAGE,
        )


def _change(request: AnyTry) -> Change:
    match request:
        case requests.TryStatus():
            return SetRuleStatus(request.rule, request.status)
        case requests.TryFamily():
            return SetFamilyStatus(request.family, request.status)
        case requests.TryVersion():
            return RollBack(request.number)
        case _:
            return NewRule(request.text) if request.rule is None else EditRule(request.rule, request.text)


def _not_proposed(outcome: Refusal | Conflict, change: Change, ticket: int) -> NotProposed | Conflicting:
    if isinstance(outcome, Conflict):
        return Conflicting(ticket=ticket, newer=version_shown(outcome.newer, newest=True))
    _, typed = typed_text(change)
    return NotProposed(
        ticket=ticket,
        faults=tuple(fault_placed(fault, typed) for fault in outcome.faults[:FAULTS_SHOWN]),
        count=len(outcome.faults),
    )
