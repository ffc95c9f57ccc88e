"""Between the values of replying and the values of the store."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.matching.model import Finding
from bot.replies.judge import said_ids
from bot.replies.model import Composed, Incoming, Reply, Spoken
from bot.store.model import KeptFinding, KeptReply, KeptSource, KeptSpoken


def kept_findings(findings: Sequence[Finding]) -> tuple[KeptFinding, ...]:
    """Claims as the store keeps them."""
    return tuple(
        KeptFinding(
            rule=finding.rule,
            family=finding.family,
            stance=finding.stance.value,
            score=finding.score,
            phrase=finding.phrase,
            matched=finding.matched,
            because=finding.because,
        )
        for finding in findings
    )


def kept_reply(
    incoming: Incoming, decision: Reply, composed: Composed, *, reply: str, digest: str, now: datetime
) -> KeptReply:
    """A reply as the store keeps it: everything but the message's text.

    Args:
        incoming: the message.
        decision: what was decided.
        composed: what was said.
        reply: the reply's id.
        digest: the digest of the rulebook it was made with.
        now: the time now.
    """
    lines = (*composed.caveats, composed.evidence) if composed.evidence else composed.caveats
    cited = dict.fromkeys(citation for line in lines for citation in line.citations)
    return KeptReply(
        reply=reply,
        message=incoming.id,
        server=incoming.server,
        room=incoming.room,
        author=incoming.author,
        form=composed.form.value,
        findings=kept_findings(decision.findings),
        caveats=said_ids(composed),
        sources=tuple(KeptSource(label=citation.label, link=citation.link) for citation in cited),
        digest=digest,
        created=now,
    )


def spoken_from(kept: KeptSpoken) -> Spoken:
    """What was said lately, as deciding takes it."""
    return Spoken(in_room=dict(kept.in_room), to_member=dict(kept.to_member), emergency=kept.emergency)
