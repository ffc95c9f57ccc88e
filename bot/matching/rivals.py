"""Other remedies: what is said of them is not said of the topic ("tried garlic and zinc cured my cold")."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from bot.matching.phrases import Hit, Match
from bot.matching.segments import Segment
from bot.matching.stance import SeenCue
from bot.rulebook.model import CueCategory, Role

_COMPARED_REACH = 4
_SUBJECT_REACH = 4


def rivals_seen(
    names: Iterable[str], hits: Mapping[str, Sequence[Hit]], cues: Iterable[SeenCue]
) -> tuple[Hit, ...]:
    """Find the other remedies of a message that are spoken of themselves.

    Args:
        names: the rivals' ids.
        hits: what was seen in the message.
        cues: the cues that were seen.

    Returns:
        their hits, without those right behind a comparing cue ("better than zinc"): nothing is said of them.
    """
    compares = [seen.hit.last for seen in cues if seen.cue.category is CueCategory.COMPARES and seen.hit]
    return tuple(
        hit
        for name in names
        for hit in hits.get(name, ())
        if not any(0 <= hit.first - behind < _COMPARED_REACH for behind in compares)
    )


def rival_of(match: Match, segment: Segment, rivals: Iterable[Hit], roles: Mapping[str, Role]) -> Hit | None:
    """Find another remedy that a match's predicate is said of: it stands close before it, the topic does not.

    Args:
        match: the match.
        segment: the segment it stands in.
        rivals: the other remedies that were seen.
        roles: the concepts' roles.

    Returns:
        the first such remedy; None where the match names no topic or says nothing of it.
    """
    if not any(roles.get(hit.concept) is Role.TOPIC for hit in match.hits):
        return None
    standing = [hit for hit in match.hits if not hit.carried]
    topics = [hit.first for hit in standing if roles.get(hit.concept) is Role.TOPIC]
    # "garlic tea" and "garlic gummies" are the topic in another form, no tea and no gummies.
    forms = {hit.last for hit in standing if roles.get(hit.concept) is Role.TOPIC}
    predicate = min(
        (hit.first for hit in standing if roles.get(hit.concept, Role.PLAIN) is Role.PLAIN), default=None
    )
    if predicate is None:
        return None
    for rival in rivals:
        is_subject = segment.first <= rival.first and 0 <= predicate - rival.last < _SUBJECT_REACH
        if (
            is_subject
            and not rival.mask & match.mask
            and not any(rival.last <= topic < predicate for topic in topics)
            and rival.first not in forms
        ):
            return rival
    return None
