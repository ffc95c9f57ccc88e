"""What members object to, what moderators decided about it, and what was done about replies that stand."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from msgspec import Struct

from bot.store.model import KeptReply

MISREAD = "not-what-i-said"
"""The vote that says that a claim was seen where there was none."""
OBJECTIONS = (MISREAD, "not-helpful")
"""The votes that put a reply into the review queue."""


class ReviewState(StrEnum):
    """What became of an entry of the review queue."""

    OPEN = "open"
    APPROVED = "approved"
    DISMISSED = "dismissed"


class KeptReview(Struct, frozen=True):
    """An entry of the review queue.

    The matched words are those of the reply's findings, and go when these go; nothing is kept twice.

    Args:
        entry: its number.
        reply: the reply that members object to, with its findings.
        votes: how many votes of each kind stand.
        opened: when the first objection came, with time zone.
        state: open, approved or dismissed.
        decided: when it was decided; None while it is open.
        decider: id of the moderator who decided; None once they have asked to be forgotten.
        version: the number of the version of the server's rules that it led to, where it led to one.
    """

    entry: int
    reply: KeptReply
    votes: Mapping[str, int]
    opened: datetime
    state: ReviewState = ReviewState.OPEN
    decided: datetime | None = None
    decider: str | None = None
    version: int | None = None

    @property
    def is_misread(self) -> bool:
        """Whether somebody says that this is not what was said."""
        return self.votes.get(MISREAD, 0) > 0


class RuleFigures(Struct, frozen=True):
    """What members said of a rule's replies on one server.

    Args:
        replies: how many replies it gave.
        misread: how many of them somebody calls “not what I said”, dismissed ones left out.
        voters: how many different members said so.
    """

    replies: int
    misread: int
    voters: int


class Fate(StrEnum):
    """What became of a reply in a repair."""

    WITHDRAWN = "withdrawn"
    CORRECTED = "corrected"
    KEPT = "kept"
    GONE = "gone"
    FAILED = "failed"


class KeptRepair(Struct, frozen=True):
    """Replies that are looked at again, because the rules that gave them were changed.

    Args:
        repair: its number.
        server: id of the server.
        rules: ids of the rules.
        member: id of the moderator who began it; None where a program did, or once they are forgotten.
        begun: when, with time zone.
        left: ids of the replies that are still to be looked at, newest first.
        certain: ids of those of which it is certain that the rules were wrong.
        fates: how many replies had which fate so far.
        ended: when it was done, or None.
    """

    repair: int
    server: str
    rules: tuple[str, ...]
    member: str | None
    begun: datetime
    left: tuple[str, ...]
    certain: frozenset[str]
    fates: Mapping[Fate, int]
    ended: datetime | None = None


class ReviewStore(Protocol):
    """The review queue of each server, and repairs.

    A reply comes into the queue with the first vote of `OBJECTIONS`, and leaves it when the last one is taken
    back. What a moderator decided stays decided.
    """

    async def review(self, *, entry: int) -> KeptReview | None:
        """The entry of that number, open or decided; None where it was taken back."""
        ...

    async def next_review(self, *, server: str, after: int = 0) -> KeptReview | None:
        """The open entry that follows a number, behind the last one the first; None where none is open."""
        ...

    async def count_reviews(self, *, server: str) -> int:
        """How many entries are open on a server."""
        ...

    async def decide_review(
        self, *, entry: int, state: ReviewState, by: str | None, at: datetime, version: int | None = None
    ) -> bool:
        """Approve or dismiss an open entry.

        Returns:
            whether it was still open.
        """
        ...

    async def rule_figures(self, *, server: str, rule: str, since: datetime) -> RuleFigures:
        """Count a rule's replies on a server since a time, and the objections to them."""
        ...

    async def begin_repair(
        self,
        *,
        server: str,
        rules: Collection[str],
        since: datetime,
        by: str | None,
        at: datetime,
        certain: Sequence[str] = (),
    ) -> KeptRepair | None:
        """Note which replies are to be looked at again.

        Args:
            server: the server.
            rules: ids of the rules that were changed.
            since: replies from this time on that stand, are no emergency lines and rest on one of the rules.
            by: id of the moderator; None where a program asks.
            at: the time now.
            certain: ids of replies of which it is certain that the rules were wrong, however old.

        Returns:
            the repair; None where no such reply stands.
        """
        ...

    async def open_repairs(self) -> tuple[KeptRepair, ...]:
        """The repairs that are not done, oldest first."""
        ...

    async def note_fate(self, *, repair: int, reply: str, fate: Fate) -> None:
        """Note what became of a reply."""
        ...

    async def end_repair(self, *, repair: int, at: datetime) -> KeptRepair | None:
        """Note that a repair is done; None where that was noted already, by this or another program."""
        ...
