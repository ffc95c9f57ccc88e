"""The values of deciding and composing: who spoke where, what was decided, what is said."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from msgspec import Struct, field

from bot.matching.model import Finding, Findings
from bot.rulebook.language import ENGLISH, Labels
from bot.text.model import Reading


class Incoming(Struct, frozen=True):
    """A message as a surface hands it over.

    Args:
        id: the message's id.
        server: the server's id; the room in the browser is a server of its own.
        room: the channel's or thread's id.
        author: the member's id.
        text: what was typed; for a forwarded message the forwarded text.
        sent_at: when, with time zone.
        parents: ids of what the room lies in (a thread's channel, a channel's category), nearest first.
        roles: ids of the author's roles.
        answers: the text of the message this one answers, where it answers one.
        is_bot: whether a bot or webhook wrote it.
        forwarded: whether the text is somebody else's, forwarded.
        explained: whether the surface shows how the message was read and what nearly matched.
    """

    id: str
    server: str
    room: str
    author: str
    text: str
    sent_at: datetime
    parents: tuple[str, ...] = ()
    roles: frozenset[str] = frozenset()
    answers: str | None = None
    is_bot: bool = False
    forwarded: bool = False
    explained: bool = False


class SpeakingSettings(Struct, frozen=True):
    """When the bot speaks on one server.

    Args:
        room_cooldown: seconds for which a family stays quiet in a room after it was answered there.
        member_cooldown: seconds for which a member is not told the same family again.
        exempt_rooms: ids of rooms (or what they lie in) where it never speaks.
        exempt_roles: ids of roles whose members it never answers.
        answers_questions: whether questions get the short form.
        emergency_lines: what is said on signs of an emergency; empty: the rulebook's own lines.
        moderators_room: id of the room in which moderators are told of emergencies and broken rules.
        alarm_shadow: whether a rule with many false alarms drops to shadow by itself.
        alarm_percent: from which share of “not what I said” among its replies on, in percent: the lower end
            of the 95 % interval must lie above it.
        alarm_replies: the least number of replies from which that is told.
        alarm_voters: the least number of different members who must have said so.
        alarm_days: how far back replies count, in days.
        repair_hours: how far back replies are looked at again after a rule was mended or rolled back, in
            hours; 0: only those that members objected to.
        language: the code of the language in which replies are written. What members write is read as
            English in any case.
    """

    room_cooldown: int = 1800
    member_cooldown: int = 86400
    exempt_rooms: frozenset[str] = frozenset()
    exempt_roles: frozenset[str] = frozenset()
    answers_questions: bool = True
    emergency_lines: tuple[str, ...] = ()
    moderators_room: str | None = None
    alarm_shadow: bool = True
    alarm_percent: int = 20
    alarm_replies: int = 10
    alarm_voters: int = 2
    alarm_days: int = 30
    repair_hours: int = 24
    language: str = ENGLISH


class Spoken(Struct, frozen=True):
    """What was said lately that bears on one message.

    Args:
        in_room: for each family, when it was last answered in this room.
        to_member: for each family, when this member was last told.
        emergency: when this member was last given the emergency lines in this room.
    """

    in_room: dict[str, datetime] = field(default_factory=dict)
    to_member: dict[str, datetime] = field(default_factory=dict)
    emergency: datetime | None = None


class Form(StrEnum):
    """How much a reply says."""

    FULL = "full"
    SHORT = "short"
    EMERGENCY = "emergency"


class Reply(Struct, frozen=True):
    """Decided: speak.

    Args:
        findings: the claims that are answered, most important first.
        form: full, short (to a question) or emergency.
        reason: one word or a few for logs and the command line ("claim", "question", "emergency").
    """

    findings: tuple[Finding, ...]
    form: Form
    reason: str


class Hold(Struct, frozen=True):
    """Decided: there is a claim, but not now or not here (cool-down, exempt room or role, shadow)."""

    reason: str


class Silent(Struct, frozen=True):
    """Decided: there is nothing to answer."""

    reason: str


Decision = Reply | Hold | Silent


class Citation(Struct, frozen=True):
    """Where a caveat comes from: "Kratom for headache relief, Efficacy", or elsewhere, with its link."""

    label: str
    link: str | None = None


class CaveatLine(Struct, frozen=True):
    """One caveat as it is said, with where it comes from."""

    caveat: str
    says: str
    citations: tuple[Citation, ...]


class Composed(Struct, frozen=True):
    """A reply's content, before a surface gives it its form. Holds nothing that a member typed.

    Args:
        form: full, short or emergency.
        opening: the first line.
        caveats: at most three.
        evidence: at most one line from elsewhere, with its citation.
        closing: a last line ("General information, not medical advice."); may be empty.
        families: ids of the families that are answered.
        labels: what stands on its buttons; None for the English words.
    """

    form: Form
    opening: str
    caveats: tuple[CaveatLine, ...]
    evidence: CaveatLine | None
    closing: str
    families: tuple[str, ...]
    labels: Labels | None = None


class Action(StrEnum):
    """What a surface has to do."""

    NOTHING = "nothing"
    SEND = "send"
    EDIT = "edit"
    WITHDRAW = "withdraw"


class Outcome(Struct, frozen=True):
    """What came of one message.

    Args:
        action: send a reply, edit the one that stands, withdraw it, or nothing.
        decision: what was decided and why.
        composed: what to say, for `send` and `edit`.
        reply: the id of the reply that stands, for `edit` and `withdraw`.
        reading: how the message was read.
        findings: what was found in it.
        tell_moderators: whether moderators have to be told (an emergency).
        missing_language: the code of the language that is set on the server, where the rules do not have it
            and so English was taken.
    """

    action: Action
    decision: Decision
    composed: Composed | None
    reply: str | None
    reading: Reading
    findings: Findings
    tell_moderators: bool = False
    missing_language: str | None = None


class Vote(StrEnum):
    """What a member can say of a reply; voting again changes it, the same vote again takes it back."""

    HELPFUL = "helpful"
    NOT_HELPFUL = "not-helpful"
    NOT_WHAT_I_SAID = "not-what-i-said"


class Explanation(Struct, frozen=True):
    """Why a reply was sent, in words for a member or moderator.

    Args:
        lines: short sentences: which words, which rule, which stance, which score, what was decided.
        sources: where the caveats come from.
    """

    lines: tuple[str, ...]
    sources: tuple[Citation, ...]
