"""Why a message that the bot did not answer was not answered, in words for a member."""

from __future__ import annotations

from bot.matching.likeness import LIKE_EXAMPLES
from bot.matching.model import Finding, Findings, Stance
from bot.replies.model import Explanation, Incoming, Outcome, Reply, SpeakingSettings

STANCES = {
    Stance.ASSERTS: "said as a claim",
    Stance.ASKS: "asked as a question",
    Stance.DENIES: "denied",
    Stance.REPORTS: "told as what somebody else says",
    Stance.WARNS: "said as a warning",
    Stance.QUOTES: "quoted or joked about",
}

NEAR_MISSES_SHOWN = 3
"""How many near misses are told; the nearest come first."""


def why_not_answered(outcome: Outcome, *, incoming: Incoming, settings: SpeakingSettings) -> Explanation:
    """Explain a message to which no reply stands.

    Args:
        outcome: what checking the message by itself gave.
        incoming: the message.
        settings: when the bot speaks on this server.

    Returns:
        the explanation. It holds none of the message's words.
    """
    lines = [_verdict(outcome, incoming=incoming, settings=settings)]
    lines.extend(_in_words(finding) for finding in outcome.findings.found)
    lines.extend(_near_misses(outcome.findings))
    lines.append("I looked at the message as it stands now, without the conversation around it.")
    return Explanation(lines=tuple(lines), sources=())


def _verdict(outcome: Outcome, *, incoming: Incoming, settings: SpeakingSettings) -> str:
    if settings.exempt_rooms & {incoming.room, *incoming.parents}:
        return "No caveat here: moderators asked me to stay quiet in this channel."
    if settings.exempt_roles & incoming.roles:
        return "No caveat here: moderators asked me to stay quiet for a role of its author."
    if isinstance(outcome.decision, Reply):
        return (
            "By itself this message would get a caveat. There is none because the same was said here or to "
            "its author a short while ago, because it was taken back, or because I was not there at the time."
        )
    if not outcome.findings.found:
        return "No caveat here: I found no claim about kratom or headaches that my rules know."
    return f"No caveat here: {outcome.decision.reason}."


def _in_words(finding: Finding) -> str:
    put_as = STANCES[finding.stance]
    line = f"The rule “{finding.rule}” fits with {finding.score:.0f} of 100; it was {put_as}."
    if finding.rule == LIKE_EXAMPLES:
        line = f"It reads like {finding.phrase}, likely to {finding.score:.0f} of 100; it was {put_as}."
    return line if finding.status == "live" else f"{line} This is being tried out and does not speak yet."


def _near_misses(findings: Findings) -> list[str]:
    nearest = sorted(findings.near, key=lambda miss: -miss.score)[:NEAR_MISSES_SHOWN]
    return [f"The rule “{miss.rule}” nearly fits, with {miss.score:.0f} of 100." for miss in nearest]
