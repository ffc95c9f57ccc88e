"""Why a reply was sent, in words for a member, from what the store kept."""

from __future__ import annotations

from datetime import UTC

from bot.matching.likeness import LIKE_EXAMPLES
from bot.matching.model import Stance
from bot.replies.model import Citation, Explanation, Form
from bot.rulebook.model import Rulebook
from bot.store.model import KeptFinding, KeptReply

MOST_CLAIMS = 5
"""So many claims are explained; a longer list would not be read."""

_PUT_AS = {
    Stance.ASSERTS: "said as a claim",
    Stance.REPORTS: "told as what somebody else says",
    Stance.ASKS: "asked as a question",
}
_DECIDED = {
    Form.FULL: "So a reply with its sources was sent.",
    Form.SHORT: "As it was a question, the reply was a short one.",
    Form.EMERGENCY: "Somebody may need help now, so the emergency lines were sent, and nothing else.",
}


def explain(kept: KeptReply, rulebook: Rulebook) -> Explanation:
    """Explain a reply.

    Args:
        kept: what the store kept of it.
        rulebook: the rules in force, for the titles of families; the reply may have been made with others.

    Returns:
        short sentences and the sources of the reply's caveats.
    """
    titles = {family.id: family.title for family in rulebook.families}
    shown = kept.findings[:MOST_CLAIMS]
    lines = [line for finding in shown for line in _claim(finding, kept, titles)]
    if len(kept.findings) > len(shown):
        lines.append(f"{len(kept.findings) - len(shown)} more of the same message counted too.")
    lines.append(_DECIDED[Form(kept.form)])
    if kept.digest != rulebook.digest:
        lines.append("The rules have been changed since then.")
    if kept.withdrawn is not None:
        lines.append(f"The reply was withdrawn on {kept.withdrawn.astimezone(UTC):%Y-%m-%d}.")
    return Explanation(
        lines=tuple(lines),
        sources=tuple(Citation(label=source.label, link=source.link) for source in kept.sources),
    )


def _claim(finding: KeptFinding, kept: KeptReply, titles: dict[str, str]) -> list[str]:
    words = f"“{finding.matched}”" if finding.matched is not None else "Words that are no longer kept"
    if kept.form == Form.EMERGENCY:
        return [f"{words} can be signs of an emergency."]
    put_as = _PUT_AS.get(Stance(finding.stance), "said")
    return [
        f"{words} was read as: {titles.get(finding.family, finding.family)}, {put_as}."
        if finding.matched is not None
        else f"{words} were read as: {titles.get(finding.family, finding.family)}, {put_as}.",
        _found_by(finding),
        *finding.because,
    ]


def _found_by(finding: KeptFinding) -> str:
    if finding.rule == LIKE_EXAMPLES:
        return f"No rule found it, but it reads like {finding.phrase}: likely to {finding.score:.0f} of 100."
    return f"The rule “{finding.rule}” looks for “{finding.phrase}”; it fits with {finding.score:.0f} of 100."
