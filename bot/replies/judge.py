"""From what was seen in a message to what a surface has to do: deciding and composing put together."""

from __future__ import annotations

from datetime import datetime
from zlib import crc32

from msgspec import Struct

from bot.matching.model import Finding, Findings
from bot.replies.compose import compose
from bot.replies.decide import decide
from bot.replies.language import language_of, missing_language
from bot.replies.model import (
    Action,
    Composed,
    Decision,
    Form,
    Incoming,
    Outcome,
    Reply,
    SpeakingSettings,
    Spoken,
)
from bot.rulebook.model import Rulebook
from bot.store.model import KeptReply
from bot.text.model import Reading


class Seen(Struct, frozen=True):
    """A message and all that was seen in it.

    Args:
        incoming: the message.
        reading: how it was read.
        findings: what was found in it.
        rulebook: the rules it was found with, and will be answered with.
    """

    incoming: Incoming
    reading: Reading
    findings: Findings
    rulebook: Rulebook

    @property
    def matters(self) -> bool:
        """Whether there is anything on which a store has to be asked."""
        return bool(self.findings.found) or self.findings.emergency is not None

    @property
    def shadow(self) -> tuple[Finding, ...]:
        """What rules in shadow found."""
        return tuple(finding for finding in self.findings.found if finding.status == "shadow")


def judge(seen: Seen, settings: SpeakingSettings, spoken: Spoken, *, now: datetime) -> Decision:
    """Decide about a message, with what the rulebook says about families and questions.

    Args:
        seen: the message and what was seen in it.
        settings: when to speak on its server.
        spoken: what was said lately.
        now: the time now.
    """
    found = {finding.rule for finding in seen.findings.found}
    rules = seen.rulebook.rules if found else ()
    return decide(
        seen.findings,
        seen.incoming,
        settings=settings,
        spoken=spoken,
        now=now,
        priority=tuple(family.id for family in seen.rulebook.families) if found else (),
        unasked=frozenset(rule.id for rule in rules if rule.asks == "silent" and rule.id in found),
    )


def outcome_of(
    seen: Seen, decision: Decision, settings: SpeakingSettings, *, standing: KeptReply | None
) -> Outcome:
    """What a surface has to do about a decision.

    Args:
        seen: the message and what was seen in it.
        decision: what was decided.
        settings: when to speak on its server.
        standing: the reply to the message that stands, or None.
    """
    composed = None
    if isinstance(decision, Reply):
        composed = composed_for(decision, seen.rulebook, settings, message=seen.incoming.id)
    action = _action(composed, standing)
    speaks = action in (Action.SEND, Action.EDIT)
    missing = missing_language(seen.rulebook, settings) if speaks else None
    return Outcome(
        action=action,
        decision=decision,
        composed=composed if speaks else None,
        reply=standing.reply if standing is not None and action is not Action.NOTHING else None,
        reading=seen.reading,
        findings=seen.findings,
        tell_moderators=speaks and composed is not None and composed.form is Form.EMERGENCY,
        missing_language=missing,
    )


def composed_for(
    decision: Reply, rulebook: Rulebook, settings: SpeakingSettings, *, message: str
) -> Composed:
    """Word a reply to a message; the same message always gets the same wording.

    Args:
        decision: what is answered.
        rulebook: the rules it is answered with.
        settings: when to speak on its server.
        message: the message's id.
    """
    return compose(
        decision,
        rulebook,
        variant=crc32(message.encode("utf-8", "replace")),
        emergency_lines=settings.emergency_lines,
        language=language_of(rulebook, settings),
    )


def _action(composed: Composed | None, standing: KeptReply | None) -> Action:
    """What turns the reply that stands into the one that should."""
    if standing is None:
        return Action.SEND if composed is not None else Action.NOTHING
    if standing.form == Form.EMERGENCY and (composed is None or composed.form is not Form.EMERGENCY):
        # Whoever edits a cry for help away may still need the lines.
        return Action.NOTHING
    if composed is None:
        return Action.WITHDRAW
    return Action.NOTHING if _says_the_same(composed, standing) else Action.EDIT


def _says_the_same(composed: Composed, standing: KeptReply) -> bool:
    """Whether a reply would hold the same caveats for the same families as the one that stands."""
    return (
        composed.form == standing.form
        and set(composed.families) == set(standing.families)
        and said_ids(composed) == standing.caveats
    )


def said_ids(composed: Composed) -> tuple[str, ...]:
    """Ids of the caveats of a reply and of its line from elsewhere, in their order."""
    lines = (*composed.caveats, composed.evidence) if composed.evidence else composed.caveats
    return tuple(line.caveat for line in lines)
