"""Carrying a topic over: "been taking kratom. kills my migraines." and "it", when the talk is of kratom.

A topic or theme that a segment does not name may come from a segment nearby or from the conversation. It
costs some of the score, more from farther away, and the finding says where it came from.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from bot.matching.phrases import Hit
from bot.matching.segments import Segment
from bot.rulebook.model import Role

EARLIER = "earlier in the message"
LATER = "later in the message"
BEFORE = "the conversation before"
_FARTHEST_BACK = 5
_COST_BACK = 4.0
_COST_PER_SEGMENT = 1.0
_COST_AHEAD = 6.0
_COST_CONTEXT = 8.0


class Conversation(Struct, frozen=True):
    """What the conversation before was about.

    Args:
        concepts: ids of the topics and themes named there, latest first.
    """

    concepts: tuple[str, ...] = ()


def carried_into(
    index: int,
    segments: Sequence[Segment],
    hits: Mapping[str, Sequence[Hit]],
    roles: Mapping[str, Role],
    conversation: Conversation,
) -> dict[str, list[Hit]]:
    """Find the topics and themes that may be carried over into a segment.

    Args:
        index: which segment.
        segments: all segments of the message.
        hits: the concepts seen.
        roles: the concepts' roles.
        conversation: what the messages before were about.

    Returns:
        at most one carried hit for each concept. A segment that names a topic carries no topic; one that
        names any theme carries no theme.
    """
    here = segments[index]
    carried: dict[str, list[Hit]] = {}
    for role in (Role.TOPIC, Role.THEME):
        named = [name for name, its_role in roles.items() if its_role is role]
        if any(_within(here, hits.get(name, ())) for name in named):
            continue
        for name in named:
            hit = _from_message(name, index, segments, hits.get(name, ())) or _from_conversation(
                name, conversation
            )
            if hit is not None:
                carried[name] = [hit]
    return carried


def _within(segment: Segment, hits: Sequence[Hit]) -> bool:
    return any(segment.first <= hit.first and hit.last <= segment.last for hit in hits)


def _from_message(name: str, index: int, segments: Sequence[Segment], hits: Sequence[Hit]) -> Hit | None:
    for back in range(1, min(_FARTHEST_BACK, index) + 1):
        if _within(segments[index - back], hits):
            cost = _COST_BACK + _COST_PER_SEGMENT * (back - 1)
            return Hit(name, -1, -1, 0, 100.0 - cost, EARLIER)
    if index + 1 < len(segments) and _within(segments[index + 1], hits):
        return Hit(name, -1, -1, 0, 100.0 - _COST_AHEAD, LATER)
    return None


def _from_conversation(name: str, conversation: Conversation) -> Hit | None:
    if name in conversation.concepts:
        return Hit(name, -1, -1, 0, 100.0 - _COST_CONTEXT, BEFORE)
    return None


def merged(
    hits: Mapping[str, Sequence[Hit]], carried: Mapping[str, Sequence[Hit]]
) -> Mapping[str, Sequence[Hit]]:
    """Put what was carried into a segment before what stands in it."""
    if not carried:
        return hits
    merged = dict(hits)
    for name, listed in carried.items():
        merged[name] = [*listed, *hits.get(name, ())]
    return merged
