"""The values of changing rules: what was asked, what it would do, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from msgspec import Struct

from bot.errors import Fault
from bot.moderation.changes import Change
from bot.moderation.fitting import Fitted
from bot.moderation.share import Share
from bot.replies.model import Incoming
from bot.rulebook.model import Status
from bot.store.model import KeptDraft, KeptVersion


class History(Protocol):
    """What was said lately on a server, as a surface can look it up. Nothing of it is ever stored."""

    async def recent(self, server: str, limit: int) -> Sequence[Incoming]:
        """Look up messages of members.

        Args:
            server: the server.
            limit: how many at most.

        Returns:
            the newest ones, oldest first, from the rooms in which the bot may speak.
        """
        ...


class Breadth(Struct, frozen=True):
    """How far a rule reaches into messages that claim nothing.

    Args:
        rule: id of the rule.
        family: its claim family.
        shares: for each section of the bank of ordinary chat the messages on which the rule would fire.
    """

    rule: str
    family: str
    shares: Mapping[str, Share]


class Effect(StrEnum):
    """What a change would have done to a message."""

    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"


class ChangedMessage(Struct, frozen=True):
    """A message of the recent history that would have been dealt with in another way. Never stored.

    Args:
        message: the message.
        effect: answered now, not answered any more, or answered for other families.
        before: the families that were answered, most important first.
        after: those that would be.
        spans: the words that count, in characters of the message; those from before where nothing counts now.
    """

    message: Incoming
    effect: Effect
    before: tuple[str, ...]
    after: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]


class Preview(Struct, frozen=True):
    """What a change would have done to the recent history: "+7 messages, −2, of the last 500 here".

    Args:
        looked_at: how many messages were looked at.
        changed: those that would have been dealt with in another way, oldest first.
    """

    looked_at: int
    changed: tuple[ChangedMessage, ...] = ()

    def count(self, effect: Effect) -> int:
        """Count the messages with one effect."""
        return sum(one.effect is effect for one in self.changed)

    def __str__(self) -> str:
        if not self.looked_at:
            return "no recent messages to try it on"
        added, removed = self.count(Effect.ADDED), self.count(Effect.REMOVED)
        noun = "message" if added == 1 else "messages"
        moved = f", {moved} answered otherwise" if (moved := self.count(Effect.MOVED)) else ""
        return f"+{added} {noun}, −{removed}{moved}, of the last {self.looked_at} here"


class Proposal(Struct, frozen=True, eq=False):
    """A change that passed the gate and waits to be confirmed. `Moderation.confirm` puts it in force.

    Args:
        server: the server.
        by: id of the moderator.
        why: why, in their words.
        seen: the number of the version that they saw; 0 where there was none.
        text: the server's changes as they would be, as YAML.
        digest: the digest of the rulebook that they give.
        difference: what would change of the YAML, as a unified diff.
        rules: ids of the rules that are new or changed and would speak; these can be tried in shadow first.
        preview: what it would have done to the recent history.
        breadth: how far the new and changed rules reach into chat that claims nothing.
        remarks: what else is worth knowing before confirming, in short sentences.
        ends_trials: ids of rules whose time in shadow it ends.
        change: what was asked.
        fitted: the rulebook, made ready.
        rolls_back: whether it takes back what was changed before, so that replies that stand are looked at
            again.
    """

    server: str
    by: str | None
    why: str
    seen: int
    text: str
    digest: str
    difference: str
    rules: tuple[str, ...]
    preview: Preview
    breadth: tuple[Breadth, ...]
    remarks: tuple[str, ...]
    ends_trials: frozenset[str]
    change: Change
    fitted: Fitted
    rolls_back: bool = False


class Refusal(Struct, frozen=True):
    """A change that did not pass the gate. What was typed is kept as a draft.

    Args:
        server: the server.
        faults: what is wrong, where in what was typed, and what to write instead.
        breadth: how far the rules reach that reach too far.
        draft: what was typed; None where nothing was typed, or nobody is named who could be given it back.
    """

    server: str
    faults: tuple[Fault, ...]
    breadth: tuple[Breadth, ...] = ()
    draft: KeptDraft | None = None

    def __str__(self) -> str:
        return "\n".join(str(fault) for fault in self.faults)


class Conflict(Struct, frozen=True):
    """Somebody else changed the rules since the moderator looked. Nothing was changed, nothing is lost.

    Args:
        server: the server.
        newer: the version that is the newest now; its `difference` shows what the other one did.
        draft: what was typed.
    """

    server: str
    newer: KeptVersion
    draft: KeptDraft | None = None


class Provenance(StrEnum):
    """Where a rule comes from."""

    BASE = "base"
    CHANGED = "changed"
    REPLACED = "replaced"
    OWN = "own"


class RuleLine(Struct, frozen=True):
    """A rule as it is listed.

    Args:
        id: its id.
        family: its claim family.
        status: what holds now, a trial in shadow counted.
        cutoff: the score from which it fires, 0–100.
        provenance: from the base, changed here, replaced here, or the server's own.
        trial_until: until when it is in shadow before it speaks by itself; None where it is not on trial.
    """

    id: str
    family: str
    status: Status
    cutoff: int
    provenance: Provenance
    trial_until: datetime | None = None


class RuleShown(Struct, frozen=True):
    """A rule as it is shown and edited.

    Args:
        line: what is listed of it.
        text: its YAML, in the form of the files in claims/.
        base_text: that of the base, where it differs; empty otherwise.
    """

    line: RuleLine
    text: str
    base_text: str = ""
