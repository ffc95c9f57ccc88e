"""Whether to speak. Pure: the clock, the settings and what was said lately are passed in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.matching.model import Finding, Findings, Stance
from bot.replies.model import Decision, Form, Hold, Incoming, Reply, Silent, SpeakingSettings, Spoken

EMERGENCY_PAUSE = timedelta(minutes=10)
"""For this long a member is not given the emergency lines again in the same room."""

_CLAIMS = frozenset({Stance.ASSERTS, Stance.REPORTS})
_SILENCE = {Stance.DENIES: "denied", Stance.WARNS: "warned", Stance.QUOTES: "quoted"}


def decide(
    findings: Findings,
    incoming: Incoming,
    *,
    settings: SpeakingSettings,
    spoken: Spoken,
    now: datetime,
    priority: Sequence[str] = (),
    unasked: frozenset[str] = frozenset(),
) -> Decision:
    """Decide whether a message is answered.

    The first of these that holds decides:

    1. a bot wrote it: silent;
    2. it shows signs of an emergency: the emergency lines, alone, even for exempt roles, in exempt rooms and
       during a cool-down, because a rule about chatter must not keep help away. Only the same member in the
       same room is not given them again within ten minutes;
    3. nobody stands behind a claim (nothing found, or all of it denied, warned of or quoted): silent;
    4. only rules in shadow found something, or room or role is exempt: hold;
    5. all that is left are questions that get no answer here: hold;
    6. all families are in their cool-down, in the room or for the member: hold;
    7. else one reply to the families that are left: full if one of them is claimed, short if all are asked.

    Args:
        findings: what was found in the message.
        incoming: the message.
        settings: when to speak on its server.
        spoken: what was said lately in the room and to the member, replies to this message left out.
        now: the time now, with time zone.
        priority: ids of families, most important first; families that are missing come after those listed.
        unasked: ids of the rules that say nothing to a question.

    Returns:
        the decision. A reply's findings stand in order of importance: families by `priority`, in a family
        claims before questions, then the higher score, then the earlier words.
    """
    if incoming.is_bot:
        return Silent("bot")
    if findings.emergency is not None:
        return _in_emergency(findings.emergency, spoken, now)
    wanted = _answerable(findings, incoming, settings, unasked)
    if isinstance(wanted, Hold | Silent):
        return wanted
    rested = [finding for finding in wanted if not _cools(finding.family, settings, spoken, now)]
    if not rested:
        return Hold("cool-down")
    ordered = by_importance(rested, priority)
    if any(finding.stance in _CLAIMS for finding in ordered):
        return Reply(ordered, Form.FULL, "claim")
    return Reply(ordered, Form.SHORT, "question")


def is_exempt(incoming: Incoming, settings: SpeakingSettings) -> bool:
    """Whether the room, what it lies in, or a role of the author is exempt on this server."""
    places = {incoming.room, *incoming.parents}
    return not (places.isdisjoint(settings.exempt_rooms) and incoming.roles.isdisjoint(settings.exempt_roles))


def is_backed(finding: Finding) -> bool:
    """Whether somebody stands behind a claim, or asks: it is not denied, warned of or quoted."""
    return finding.stance not in _SILENCE


def by_importance(findings: Sequence[Finding], priority: Sequence[str]) -> tuple[Finding, ...]:
    """Order findings as a reply holds them: by family, claims before questions, then by score and place.

    Args:
        findings: what was found.
        priority: ids of families, most important first; families that are missing come after those listed.
    """
    return tuple(sorted(findings, key=lambda finding: _importance(finding, priority)))


def _answerable(
    findings: Findings, incoming: Incoming, settings: SpeakingSettings, unasked: frozenset[str]
) -> list[Finding] | Hold | Silent:
    """What could be answered, whatever was said lately, or why nothing can."""
    backed = [finding for finding in findings.found if is_backed(finding)]
    if not backed:
        return Silent(_SILENCE[findings.found[0].stance] if findings.found else "no claim")
    live = [finding for finding in backed if finding.status == "live"]
    if not live:
        return Hold("shadow")
    if is_exempt(incoming, settings):
        return Hold("exempt room" if incoming.roles.isdisjoint(settings.exempt_roles) else "exempt role")
    answerable = [
        finding
        for finding in live
        if finding.stance in _CLAIMS or (settings.answers_questions and finding.rule not in unasked)
    ]
    return answerable or Hold("questions off")


def _in_emergency(emergency: Finding, spoken: Spoken, now: datetime) -> Decision:
    if spoken.emergency is not None and now - spoken.emergency < EMERGENCY_PAUSE:
        return Hold("emergency answered")
    return Reply((emergency,), Form.EMERGENCY, "emergency")


def _cools(family: str, settings: SpeakingSettings, spoken: Spoken, now: datetime) -> bool:
    """Whether a family was answered so lately, in the room or to the member, that it stays quiet."""
    lately = (
        (spoken.in_room.get(family), settings.room_cooldown),
        (spoken.to_member.get(family), settings.member_cooldown),
    )
    # Without a cool-down nothing is held, not even what was answered while this message waited for its turn.
    return any(
        seconds and last is not None and now - last < timedelta(seconds=seconds) for last, seconds in lately
    )


def _importance(finding: Finding, priority: Sequence[str]) -> tuple[int, bool, float, int]:
    place = priority.index(finding.family) if finding.family in priority else len(priority)
    return (place, finding.stance not in _CLAIMS, -finding.score, finding.start)
