"""What a store can do. Any database that can do this can take SQLite's place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Protocol

from bot.store.model import KeptCount, KeptDraft, KeptFinding, KeptReply, KeptSpoken, KeptVersion, NewVersion
from bot.store.reviews import ReviewStore


class ReplyStore(Protocol):
    """What was said, and what came of it."""

    async def claim(self, *, message: str, at: datetime) -> bool:
        """Take a message to answer it. True for the first who asks, False for all others, in any process."""
        ...

    async def release(self, *, message: str) -> None:
        """Give a claimed message back, because no answer to it stands."""
        ...

    async def keep_reply(self, kept: KeptReply) -> None:
        """Record a reply; a reply already known keeps its time and its votes and takes the new content."""
        ...

    async def keep_shadow(
        self,
        findings: Sequence[KeptFinding],
        *,
        message: str,
        server: str,
        room: str,
        author: str,
        at: datetime,
        family: str | None = None,
    ) -> None:
        """Record what rules in shadow found; the latest reading of a message counts.

        Args:
            findings: what they found.
            message: id of the message.
            server: id of the server.
            room: id of the room.
            author: id of the member.
            at: the time now.
            family: the family for which the message counts in the week's figures, once for each message;
                None: it does not count.
        """
        ...

    async def reply(self, *, reply: str) -> KeptReply | None:
        """The reply of that id, or None."""
        ...

    async def reply_to(self, *, server: str, message: str) -> KeptReply | None:
        """The reply to a message that still stands, or None."""
        ...

    async def withdraw(self, *, reply: str, at: datetime) -> None:
        """Mark a reply as taken back; a second time changes nothing."""
        ...

    async def spoken(
        self, *, server: str, room: str, member: str, since: datetime, besides: str
    ) -> KeptSpoken:
        """What was said in a room and to a member since a time, replies to the message `besides` left out."""
        ...

    async def vote(self, *, reply: str, member: str, vote: str, at: datetime) -> str | None:
        """Vote on a reply: a first vote counts, another one replaces it, the same one takes it back.

        In the same step the reply comes into the review queue, or out of it; see `ReviewStore`.

        Returns:
            the vote that now stands, or None if it was taken back.

        Raises:
            StoreError: no such reply is kept.
        """
        ...

    async def votes_on(self, *, reply: str) -> dict[str, int]:
        """How many votes of each kind a reply has."""
        ...


class CountStore(Protocol):
    """How often what happened, week by week. Replies and messages in shadow are counted as they are kept."""

    async def count_hold(self, *, server: str, family: str, reason: str, at: datetime) -> None:
        """Count a message that was not answered, and why."""
        ...

    async def counts(self, *, server: str | None, since: date) -> tuple[KeptCount, ...]:
        """What was counted, and how replies were voted on.

        Args:
            server: the server; None: all of them together.
            since: the Monday of the first week.

        Returns:
            one for each week, family, kind and reason, in this order; what never happened is left out.
        """
        ...


class SettingsStore(Protocol):
    """What each server has set."""

    async def settings_of(self, *, server: str) -> dict[str, object] | None:
        """What was saved for a server, or None."""
        ...

    async def save_settings(self, *, server: str, values: Mapping[str, object], at: datetime) -> None:
        """Save a server's settings in place of the ones before."""
        ...


class VersionStore(Protocol):
    """What each server changed of the rules, version by version, and what was refused."""

    async def save_version(self, version: NewVersion, *, seen: int) -> KeptVersion:
        """Save a server's changes as its next version.

        Args:
            version: the changes.
            seen: the number of the version that the moderator saw; 0 where there was none.

        Returns:
            the version with its number.

        Raises:
            NewerVersionError: another one was saved meanwhile; the error carries it.
        """
        ...

    async def version(self, *, server: str, number: int | None = None) -> KeptVersion | None:
        """One version of a server's changes, without a number the newest; None where there is none such."""
        ...

    async def versions(
        self, *, server: str, limit: int = 20, before: int | None = None
    ) -> tuple[KeptVersion, ...]:
        """The versions of a server's changes, newest first.

        Args:
            server: the server.
            limit: how many at most.
            before: only those with a smaller number, to turn the page.
        """
        ...

    async def newest_versions(self) -> tuple[KeptVersion, ...]:
        """The newest version of every server that has one."""
        ...

    async def set_aside(self, *, server: str, number: int, reason: str | None) -> None:
        """Set a version aside, because it does not fit any more; without a reason take it back."""
        ...

    async def keep_draft(
        self, *, server: str, member: str, about: str, text: str, problem: str, at: datetime
    ) -> KeptDraft:
        """Keep what a moderator typed and what was refused. Of each moderator the last few are kept.

        Args:
            server: the server.
            member: the moderator.
            about: what it was to change: the id of a rule, or "overlay".
            text: what was typed.
            problem: why it was refused.
            at: the time now.
        """
        ...

    async def drafts(self, *, server: str, member: str) -> tuple[KeptDraft, ...]:
        """What was refused of a moderator on a server and is still kept, newest first."""
        ...

    async def drop_draft(self, *, draft: int, member: str) -> None:
        """Throw a moderator's draft away."""
        ...


class Store(CountStore, ReplyStore, SettingsStore, VersionStore, ReviewStore, Protocol):
    """The memory that outlives a restart.

    Every method is atomic, may be called by several coroutines at once, and raises `StoreError` (or
    `StoreUnavailableError`) where the database fails. Ids are strings, times carry their time zone.
    """

    async def expire(self, *, now: datetime, keep: timedelta) -> int:
        """Clear matched words, claims on messages and drafts that are older than `keep`.

        Returns:
            how many rows were cleared or removed.
        """
        ...

    async def privacy_of(self, *, member: str) -> dict[str, int]:
        """How much is kept about a member: "replies", "matched words" and "votes".

        For a moderator also "changes of rules", "drafts of rules", "reviews" and "repairs", where there are
        any.
        """
        ...

    async def forget(self, *, member: str) -> int:
        """Erase what is kept about a member: their votes, words and drafts, and their name elsewhere.

        Returns:
            how many rows were changed or removed.
        """
        ...
