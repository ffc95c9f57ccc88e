"""What is remembered: plain values, with ids as strings and never the text of a message."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from msgspec import Struct, field

from bot.errors import StoreError


class KeptFinding(Struct, frozen=True):
    """A claim as it is kept for review.

    Args:
        rule: id of the rule.
        family: id of the claim family.
        stance: who stands behind it.
        score: 0–100.
        phrase: the rule's phrase that matched.
        matched: the member's words that matched; None once their time for review is over.
        because: why, in short sentences; these may hold a member's words, so they go when `matched` goes.
    """

    rule: str
    family: str
    stance: str
    score: float
    phrase: str
    matched: str | None = None
    because: tuple[str, ...] = ()


class KeptSource(Struct, frozen=True):
    """Where a caveat of a reply came from: a label and, for sources elsewhere, an address."""

    label: str
    link: str | None = None


class KeptReply(Struct, frozen=True):
    """A reply that a surface has sent.

    Args:
        reply: its id.
        message: id of the message it answers.
        server: id of the server.
        room: id of the room.
        author: id of the member it answers; None once that member has asked to be forgotten.
        form: full, short or emergency.
        findings: the claims it answers, most important first.
        caveats: ids of the caveats it holds, and of its line from elsewhere.
        sources: where they come from.
        digest: the digest of the rulebook it was made with.
        created: when it was first sent, with time zone.
        withdrawn: when it was taken back, or None while it stands.
    """

    reply: str
    message: str
    server: str
    room: str
    author: str | None
    form: str
    findings: tuple[KeptFinding, ...]
    caveats: tuple[str, ...]
    sources: tuple[KeptSource, ...]
    digest: str
    created: datetime
    withdrawn: datetime | None = None

    @property
    def families(self) -> tuple[str, ...]:
        """The families it answers, each once, most important first."""
        return tuple(dict.fromkeys(finding.family for finding in self.findings))


class KeptSpoken(Struct, frozen=True):
    """What was said lately that bears on one message.

    Args:
        in_room: for each family, when it was last answered in the room by a reply that still stands.
        to_member: for each family, when the member was last told on this server, withdrawn or not.
        emergency: when the member was last given the emergency lines in this room.
    """

    in_room: dict[str, datetime] = field(default_factory=dict)
    to_member: dict[str, datetime] = field(default_factory=dict)
    emergency: datetime | None = None


class NewVersion(Struct, frozen=True):
    """A server's changes to the rules, about to be saved.

    Args:
        server: id of the server.
        author: id of who made them; None where a program did.
        saved: when, with time zone.
        why: why, in the moderator's words.
        text: the changes, as YAML.
        digest: the digest of the rulebook that they gave.
        difference: the difference to the version before, as a unified diff of the YAML.
        trials: rules that are only recorded at first, each with when it begins to speak.
    """

    server: str
    author: str | None
    saved: datetime
    why: str
    text: str
    digest: str
    difference: str = ""
    trials: Mapping[str, datetime] = field(default_factory=dict)


class KeptVersion(NewVersion, frozen=True):
    """A version of a server's changes to the rules. The newest is in force, unless it is set aside.

    Args:
        number: its number on the server, from 1.
        set_aside: why it is not in force although it is the newest: it does not fit the base any more.
    """

    number: int = 0
    set_aside: str | None = None


class NewerVersionError(StoreError):
    """Somebody else changed the rules since the moderator looked.

    Args:
        newer: the version that is the newest now.
    """

    def __init__(self, newer: KeptVersion) -> None:
        self.newer = newer
        super().__init__(f"the rules were changed meanwhile: version {newer.number} is newer")


class KeptDraft(Struct, frozen=True):
    """What a moderator typed and what was refused.

    Args:
        draft: its id.
        server: id of the server.
        member: id of the moderator.
        about: what it was to change: the id of a rule, or "overlay".
        text: what was typed.
        problem: why it was refused.
        saved: when, with time zone.
    """

    draft: int
    server: str
    member: str
    about: str
    text: str
    problem: str
    saved: datetime


class KeptCount(Struct, frozen=True):
    """How often something happened in a week. It names no message and no member.

    What concerns several claim families counts for the weightiest of them, so that sums are right.

    Args:
        week: the Monday of the ISO 8601 week, in UTC. Votes belong to the week of the reply.
        family: id of the claim family.
        kind: a reply; a hold; a message that only rules in shadow would have answered ("shadow"); a vote;
            or a reply with at least one vote ("voted").
        reason: of a hold, why; of "vote" and "voted", which vote, of "voted" also empty for any; else empty.
        count: how often.
    """

    week: date
    family: str
    kind: Literal["reply", "hold", "shadow", "vote", "voted"]
    reason: str
    count: int


def week_of(time: datetime) -> date:
    """Give the Monday of the ISO 8601 week in which a time lies, in UTC."""
    day = time.astimezone(UTC).date()
    return day - timedelta(days=day.weekday())
