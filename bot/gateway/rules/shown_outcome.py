"""What the rules make of one message, in full, for a moderator."""

from __future__ import annotations

from collections.abc import Iterator

from bot.gateway.reasons import STANCES
from bot.gateway.rendering import shortened
from bot.gateway.rules.words import named, plain, snippet
from bot.matching.model import Finding, NearMiss
from bot.replies.model import Hold, Outcome, Reply
from bot.replies.text_form import render_text

FOUND_SHOWN = 5
NEAR_SHOWN = 3
PHRASE_LIMIT = 120
REPLY_LIMIT = 700
"""Characters of the reply that are shown."""


def outcome_lines(outcome: Outcome, *, with_reply: bool = True) -> Iterator[str]:
    """Tell what was found in a message, what was decided and what would be said.

    Args:
        outcome: what came of it.
        with_reply: whether to show the reply.

    Returns:
        lines, harmless to show.
    """
    findings = outcome.findings
    found = (*findings.found, *((findings.emergency,) if findings.emergency else ()))
    spans = [(finding.start, finding.end) for finding in found]
    yield f"> {snippet(outcome.reading.raw, spans)}"
    yield _decided(outcome)
    for finding in found[:FOUND_SHOWN]:
        yield from _found(finding, is_emergency=finding is findings.emergency)
    if len(found) > FOUND_SHOWN:
        yield f"-# … and {len(found) - FOUND_SHOWN} more"
    if not isinstance(outcome.decision, Reply):
        for near in sorted(findings.near, key=lambda near: -near.score)[:NEAR_SHOWN]:
            yield _near(near)
    if with_reply and outcome.composed is not None:
        yield "**The reply**"
        yield from (
            f"> {plain(line)}"
            for line in shortened(render_text(outcome.composed), limit=REPLY_LIMIT).split("\n")
        )


def _decided(outcome: Outcome) -> str:
    decision = outcome.decision
    if isinstance(decision, Reply):
        return f"**Would be answered** ({decision.reason}), were it not for cool-downs and quiet places."
    name = "Held back" if isinstance(decision, Hold) else "Not answered"
    return f"**{name}:** {plain(decision.reason)}."


def _found(finding: Finding, *, is_emergency: bool) -> Iterator[str]:
    head = "signs of an emergency" if is_emergency else named(finding.family)
    status = "" if finding.status == "live" else f", {finding.status}"
    yield (
        f"- {head} by {named(finding.rule)}{status}: {STANCES[finding.stance]}, "
        f"{finding.score:.0f} of 100, like {named(shortened(finding.phrase, limit=PHRASE_LIMIT))}"
    )
    yield from (f"  -# {plain(reason)}" for reason in finding.because[:3])


def _near(near: NearMiss) -> str:
    return (
        f"- nearly {named(near.family)} by {named(near.rule)}: {near.score:.0f} of 100, "
        f"“{plain(near.matched)}” against {named(shortened(near.phrase, limit=PHRASE_LIMIT))}. "
        f"{plain(near.why_not)}"
    )
