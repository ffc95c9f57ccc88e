"""The loop back: what members object to becomes a near miss in a rule's examples, and the rule is mended."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from bot.moderation.changes import AmendRule
from bot.moderation.model import Conflict, History, Proposal, Refusal
from bot.moderation.moderation import Moderation
from bot.moderation.repair import Repairs
from bot.moderation.review_search import ANOTHER_MEANING, Remedy, fires, remedies
from bot.moderation.rulebooks import Rulebooks
from bot.replies.model import Incoming
from bot.rulebook.check import check
from bot.rulebook.model import SilentExample, TodoExample, Unless
from bot.rulebook.overlay import AddedExamples, Overlay, RuleChange
from bot.rulebook.yaml_writer import write_overlay
from bot.store.interface import Store
from bot.store.model import KeptFinding, KeptVersion
from bot.store.reviews import KeptRepair, KeptReview, ReviewState

MOST_TRIED = 4
"""So many remedies are brought before the gate, the best first."""
LONGEST_EXAMPLE = 400
"""Characters that an example may have."""
NOT_SAID = "a member says that this is not what was said"
"""The reason that is given for a near miss."""


class Advice(StrEnum):
    """What a draft does, or why there is none."""

    UNLESS = "unless"
    CUTOFF = "cutoff"
    ALREADY = "already silent"
    TODO = "todo"
    TYPED = "typed"
    NO_RULE = "no rule"
    NO_WORDS = "no words"


class Draft(Struct, frozen=True):
    """What could be done about an entry of the review queue.

    Args:
        entry: the entry.
        place: which of the reply's findings it is about, from 0.
        text: the near miss: the matched words, or the whole message.
        is_whole: whether it is the whole message.
        advice: what the draft does, or why there is none.
        amendment: the YAML of what is added to the rule; empty where nothing is.
        outcome: what the gate says of it; None where nothing is added.
    """

    entry: KeptReview
    place: int
    text: str
    is_whole: bool
    advice: Advice
    amendment: str = ""
    outcome: Proposal | Refusal | Conflict | None = None

    @property
    def finding(self) -> KeptFinding:
        """The finding that it is about."""
        return self.entry.reply.findings[self.place]

    @property
    def proposal(self) -> Proposal | None:
        """What would be put in force."""
        return self.outcome if isinstance(self.outcome, Proposal) else None


class Approved(Struct, frozen=True):
    """An entry that was approved.

    Args:
        version: the version that mends the rule; None where no rule was changed.
        repair: the replies that are looked at again; None where there are none.
    """

    version: KeptVersion | None
    repair: KeptRepair | None


class Settled(Struct, frozen=True):
    """An entry that is not open any more: decided by somebody, or taken back by who objected."""

    entry: KeptReview | None


class _Looked(Struct, frozen=True):
    """A `History` of messages that were looked up already."""

    messages: Sequence[Incoming]

    async def recent(self, server: str, limit: int) -> Sequence[Incoming]:
        """See `History.recent`."""
        return self.messages[-limit:]


class Reviews:
    """What moderators do about replies that members object to.

    Args:
        moderation: the gate in front of every change.
        rulebooks: the rules in force.
        repairs: looks at the rule's other replies again.
        store: keeps the queue.
        clock: the time now, with time zone.
    """

    def __init__(
        self,
        *,
        moderation: Moderation,
        rulebooks: Rulebooks,
        repairs: Repairs,
        store: Store,
        clock: Callable[[], datetime],
    ) -> None:
        self._moderation = moderation
        self._rulebooks = rulebooks
        self._repairs = repairs
        self._store = store
        self._clock = clock

    async def entry(self, server: str, number: int) -> KeptReview | None:
        """An entry of a server, open or decided; None where it was taken back or is another server's."""
        found = await self._store.review(entry=number)
        return found if found is not None and found.reply.server == server else None

    async def next(self, server: str, *, after: int = 0) -> KeptReview | None:
        """The open entry of a server that follows a number, in a circle; None where none is open."""
        return await self._store.next_review(server=server, after=after)

    async def count(self, server: str) -> int:
        """How many entries of a server are open."""
        return await self._store.count_reviews(server=server)

    async def draft(
        self,
        entry: KeptReview,
        *,
        place: int = 0,
        whole: str | None = None,
        history: History | None = None,
    ) -> Draft:
        """Find out what would silence the rule on what was matched, and on as little else as possible.

        Nothing is changed, and nothing is kept of the whole message.

        Args:
            entry: the entry.
            place: which of the reply's findings it is about, from 0.
            whole: the whole message, where a moderator would keep it as the example.
            history: looks up recent messages; None: what otherwise does.

        Returns:
            the draft with what the gate says of it.

        Raises:
            StoreError: the store failed.
        """
        finding = entry.reply.findings[place]
        text = (whole if whole is not None else finding.matched or "").strip()
        is_whole = whole is not None
        fitted = await self._rulebooks.fitted(entry.reply.server)
        if all(rule.id != finding.rule for rule in fitted.loaded.rulebook.rules):
            return Draft(entry, place, text, is_whole, Advice.NO_RULE)
        if not text or len(text) > LONGEST_EXAMPLE:
            return Draft(entry, place, text, is_whole, Advice.NO_WORDS)
        looked = _Looked(await self._moderation.lately(entry.reply.server, history))
        begin = Draft(entry, place, text, is_whole, Advice.TODO)
        if not fires(text, finding.rule, fitted.awake):
            return await self._tried(begin, Advice.ALREADY, _silent(text), looked)
        found = await asyncio.to_thread(
            remedies, text, finding.rule, fitted.awake, looked.messages, besides=entry.reply.message
        )
        for remedy in found[:MOST_TRIED]:
            draft = await self._tried(begin, *_remedied(text, remedy), looked)
            if draft.proposal is not None:
                return draft
        todo = AddedExamples(todo=(check(TodoExample, {"text": text, "want": "silent"}),))
        return await self._tried(begin, Advice.TODO, RuleChange(examples=todo), looked)

    async def amended(
        self, draft: Draft, amendment: str, *, by: str, history: History | None = None
    ) -> Draft:
        """Bring before the gate what a moderator typed in place of a draft.

        Args:
            draft: the draft.
            amendment: what they typed.
            by: their id; what is refused is kept for them.
            history: as for `draft`.

        Returns:
            the draft with what was typed, and what the gate says of it.

        Raises:
            StoreError: the store failed.
        """
        change = AmendRule(draft.finding.rule, amendment)
        outcome = await self._moderation.propose(
            draft.entry.reply.server, change, by=by, why=_why(draft), history=history
        )
        return replace(draft, advice=Advice.TYPED, amendment=amendment, outcome=outcome)

    async def approve(self, draft: Draft, *, by: str) -> Approved | Refusal | Conflict | Settled:
        """Put a draft in force, and look at the rule's replies again where it was not what somebody said.

        Args:
            draft: the draft; one without a proposal changes no rule.
            by: id of the moderator.

        Returns:
            what was done; or why nothing was.

        Raises:
            StoreError: the store failed.
        """
        reply = draft.entry.reply
        entry = await self._store.review(entry=draft.entry.entry)
        if entry is None or entry.state is not ReviewState.OPEN:
            return Settled(entry)
        version = None
        if draft.proposal is not None:
            outcome = await self._moderation.confirm(replace(draft.proposal, by=by))
            if not isinstance(outcome, KeptVersion):
                return outcome
            version = outcome
        await self._store.decide_review(
            entry=entry.entry,
            state=ReviewState.APPROVED,
            by=by,
            at=self._clock(),
            version=version.number if version else None,
        )
        repair = None
        if entry.is_misread:
            repair = await self._repairs.begin(
                reply.server, [draft.finding.rule], by=by, certain=[reply.reply]
            )
        return Approved(version, repair)

    async def dismiss(self, entry: KeptReview, *, by: str) -> Settled | None:
        """Decide that a reply was right; its votes do not count against its rules any more.

        Args:
            entry: the entry.
            by: id of the moderator.

        Returns:
            None where it is done; what it is where it was not open any more.

        Raises:
            StoreError: the store failed.
        """
        is_done = await self._store.decide_review(
            entry=entry.entry, state=ReviewState.DISMISSED, by=by, at=self._clock()
        )
        return None if is_done else Settled(await self._store.review(entry=entry.entry))

    async def _tried(self, draft: Draft, advice: Advice, change: RuleChange, looked: History) -> Draft:
        rule = draft.finding.rule
        amendment = write_overlay(Overlay(rules={rule: change}))
        # Nobody is named as long as nobody has typed anything: what is refused need not be kept.
        outcome = await self._moderation.propose(
            draft.entry.reply.server, AmendRule(rule, amendment), by=None, why=_why(draft), history=looked
        )
        return replace(draft, advice=advice, amendment=amendment, outcome=outcome)


def _silent(text: str) -> RuleChange:
    return RuleChange(
        examples=AddedExamples(silent=(check(SilentExample, {"text": text, "because": NOT_SAID}),))
    )


def _remedied(text: str, remedy: Remedy) -> tuple[Advice, RuleChange]:
    change = _silent(text)
    if remedy.unless is None:
        return Advice.CUTOFF, replace(change, cutoff=remedy.cutoff)
    unless = Unless(phrase=remedy.unless, because=ANOTHER_MEANING)
    return Advice.UNLESS, replace(change, unless=(unless,))


def _why(draft: Draft) -> str:
    return f"review {draft.entry.entry}: members object to a reply of {draft.finding.rule}"
