"""What went wrong in single messages, the worst first, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import IntEnum

from msgspec import Struct

from bot.evaluation.looking import Looked
from bot.evaluation.scoring import ORDINARY
from bot.matching.lexicon import CUE
from bot.matching.model import Finding


class Harm(IntEnum):
    """How bad a miss is: a bot that talks into ordinary chat is sent away, a silent one goes unnoticed."""

    CHAT_ANSWERED = 0
    SILENT_ANSWERED = 1
    UNANSWERED = 2
    FAMILY = 3
    STANCE = 4


TOLD = {
    Harm.CHAT_ANSWERED: "a reply into ordinary chat",
    Harm.SILENT_ANSWERED: "a reply where none is due",
    Harm.UNANSWERED: "no reply where one is due",
    Harm.FAMILY: "a reply on other families than are due",
    Harm.STANCE: "a reply that mistakes who stands behind the claim",
}


class Miss(Struct, frozen=True):
    """A message that went wrong.

    Args:
        looked: the message with what was found.
        harm: what went wrong.
        why: for each family that is wrong, in a sentence, what was found or came near.
    """

    looked: Looked
    harm: Harm
    why: tuple[str, ...]


def misses(looked: Iterable[Looked]) -> list[Miss]:
    """Find what went wrong.

    Args:
        looked: messages with what was found in them.

    Returns:
        the misses, the most harmful first; of equals the one of which the rules were surest.
    """
    found = [Miss(one, harm, tuple(_why(one, harm))) for one in looked if (harm := harm_of(one)) is not None]
    return sorted(found, key=lambda miss: (miss.harm, -(miss.looked.score or 0.0), miss.looked.message.id))


def harm_of(one: Looked) -> Harm | None:
    """Tell what went wrong in one message; None where nothing did."""
    message = one.message
    if not message.due:
        if message.kind in ORDINARY and (one.answered or one.findings.emergency is not None):
            return Harm.CHAT_ANSWERED
        return Harm.SILENT_ANSWERED if one.answered else None
    if not one.answered:
        return Harm.UNANSWERED
    if one.families != message.due:
        return Harm.FAMILY
    return None if message.stance in {finding.stance.value for finding in one.answered} else Harm.STANCE


def _why(one: Looked, harm: Harm) -> Iterator[str]:
    for finding in one.answered:
        if harm is Harm.STANCE or finding.family not in one.message.due:
            yield _told(finding)
    for family in sorted(one.message.due - one.families):
        yield f"{family} is missed: {_why_missed(one, family)}"
    if not one.message.due and one.findings.emergency is not None:
        yield f"emergency lines for “{one.findings.emergency.matched}”"


def _told(finding: Finding) -> str:
    because = f" ({'; '.join(finding.because)})" if finding.because else ""
    return (
        f"{finding.family} {finding.stance} with score {finding.score:.0f}: "
        f"“{finding.matched}” is like {finding.phrase}{because}"
    )


def _why_missed(one: Looked, family: str) -> str:
    for finding in one.findings.found:
        if finding.family == family:
            return f"found, but {finding.stance}: {'; '.join(finding.because) or finding.matched}"
    for near in one.findings.near:
        if near.family == family:
            return f"“{near.matched}” came near {near.phrase}, but {near.why_not}"
    seen = dict.fromkeys(hit.concept for hit in one.findings.concepts if not hit.concept.startswith(CUE))
    return f"of concepts only {', '.join(seen)} were seen" if seen else "no concept was seen"
