"""The values of back-testing: messages of long ago, how they are cut up, and what was found in them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from bot.matching.compile import CompiledRulebook
from bot.matching.model import SPEAKING, Finding, Findings
from bot.replies.model import SpeakingSettings
from bot.rulebook.model import Rulebook, Status


class Skip(StrEnum):
    """Why a message is not looked at."""

    BOT = "bot"
    SYSTEM = "system"
    EMPTY = "empty"


class Message(Struct, frozen=True):
    """A message of long ago.

    Args:
        text: what was typed; for a forwarded message the forwarded text.
        id: its id, where it is known.
        server: the server's id.
        room: the channel's or thread's id.
        room_name: the room's name, for people.
        author: the member's id, where it is known. Without it nobody's cool-down is counted.
        sent_at: when, with time zone, where it is known. Without it there is neither context nor cool-down.
        parents: ids of what the room lies in, nearest first.
        roles: ids of the author's roles.
        answers: the id of the message that it answers, where it answers one.
        forwarded: whether the text is somebody else's.
        skip: why it is not looked at, where it is not.
    """

    text: str
    id: str | None = None
    server: str = ""
    room: str = ""
    room_name: str = ""
    author: str | None = None
    sent_at: datetime | None = None
    parents: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    answers: str | None = None
    forwarded: bool = False
    skip: Skip | None = None


class Placed(Struct, frozen=True):
    """A message with its place among all that were read.

    Args:
        number: its place, from 0; different for each, whatever ids an export holds.
        message: the message.
        answered: the text of the message that it answers, where that was read lately.
    """

    number: int
    message: Message
    answered: str | None = None


class Chunk(Struct, frozen=True):
    """Messages that are looked at together, with what was said around them.

    Args:
        number: its place among the chunks, from 0.
        messages: the messages; empty ones only supply the conversation's order.
        around: messages of the same rooms that stand in other chunks and may supply a topic.
        digest: SHA-256 of all messages up to the end of this chunk.
    """

    number: int
    messages: tuple[Placed, ...]
    around: tuple[Placed, ...]
    digest: str


class Books(Struct, frozen=True):
    """The rulebooks of a back-test.

    Args:
        tested: the rules that are tested.
        against: the rules that they are compared with.
    """

    tested: Rulebook
    against: Rulebook | None = None

    def all(self) -> tuple[Rulebook, ...]:
        """Give one rulebook or both, the tested one first."""
        return (self.tested,) if self.against is None else (self.tested, self.against)


CompiledBooks = tuple[CompiledRulebook, ...]
"""The rulebooks made ready, in the order of `Books.all`."""


class Plan(Struct, frozen=True):
    """What to test.

    Args:
        books: the rules.
        settings: when the bot speaks.
        samples: how many messages are shown for each rule and each kind of difference.
    """

    books: Books
    settings: SpeakingSettings
    samples: int = 3


class Hit(Struct, frozen=True):
    """A message in which something was found. It holds nothing that was typed.

    Args:
        number: the message's place among all.
        server: the server's id.
        room: the room's id.
        author: the member's id.
        sent_at: when it was sent.
        parents: ids of what the room lies in.
        roles: ids of the author's roles.
        found: what each rulebook found, without the words; in the order of `Books.all`.
    """

    number: int
    server: str
    room: str
    author: str | None
    sent_at: datetime | None
    parents: tuple[str, ...]
    roles: tuple[str, ...]
    found: tuple[Findings, ...]


class Change(StrEnum):
    """What became of a message under other rules."""

    NEWLY_CAUGHT = "newly caught"
    NO_LONGER_CAUGHT = "no longer caught"
    CHANGED_OWNER = "changed owner"


class Key(Struct, frozen=True):
    """What a sample is a sample of.

    Args:
        change: a kind of difference; None for the findings of one rule.
        rule: the rule; for a changed owner "old → new".
    """

    change: Change | None
    rule: str


class Sample(Struct, frozen=True):
    """A message that is shown.

    Args:
        key: what it is a sample of.
        rank: by which samples are drawn: the lowest ones of a key stay, whatever the order they come in.
        number: the message's place among all.
        id: its id, where it is known.
        room_name: its room's name.
        sent_at: when it was sent.
        text: what was typed, or the part of it around the matched words.
        findings: what is shown of the findings; their spans count from the beginning of `text`.
        cut: whether `text` is only a part.
    """

    key: Key
    rank: int
    number: int
    id: str | None
    room_name: str
    sent_at: datetime | None
    text: str
    findings: tuple[Finding, ...]
    cut: bool = False


class Looked(Struct, frozen=True):
    """What was found in one chunk.

    Args:
        number: the chunk's place.
        digest: the chunk's digest.
        messages: how many messages were looked at.
        hits: the messages in which something was found.
        samples: for each key the lowest ranks of this chunk.
    """

    number: int
    digest: str
    messages: int
    hits: tuple[Hit, ...]
    samples: tuple[Sample, ...]


def without_words(findings: Findings) -> Findings:
    """Give what deciding needs of findings, and nothing that was typed."""
    emergency = findings.emergency
    return Findings(
        found=tuple(_bare(finding) for finding in findings.found),
        emergency=_bare(emergency) if emergency is not None else None,
    )


def caught(findings: Findings) -> tuple[Finding, ...]:
    """Give the findings that are answered, were it not for cool-downs: live, and asserted, asked or
    reported; or the sign of an emergency, alone."""
    if findings.emergency is not None:
        return (findings.emergency,)
    return tuple(
        finding
        for finding in findings.found
        if finding.stance in SPEAKING and finding.status == Status.LIVE.value
    )


def every(findings: Findings) -> Iterator[Finding]:
    """Give every finding, the sign of an emergency last."""
    yield from findings.found
    if findings.emergency is not None:
        yield findings.emergency


def owners(findings: Findings) -> tuple[str, ...]:
    """Give the rules that answer, in the order of their names."""
    return tuple(sorted({finding.rule for finding in caught(findings)}))


def change_of(tested: Findings, against: Findings) -> Key | None:
    """Tell what became of a message.

    Args:
        tested: what the tested rules found.
        against: what the rules found that they are compared with.

    Returns:
        the change with the rules that made it; None where the same rules answer, or none do.
    """
    new, old = owners(tested), owners(against)
    if new == old:
        return None
    if not old:
        return Key(Change.NEWLY_CAUGHT, ", ".join(new))
    if not new:
        return Key(Change.NO_LONGER_CAUGHT, ", ".join(old))
    return Key(Change.CHANGED_OWNER, f"{', '.join(old)} → {', '.join(new)}")


def _bare(finding: Finding) -> Finding:
    return replace(finding, matched="", phrase="", because=())
