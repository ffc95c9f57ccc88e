"""What the room tells the page: one JSON object an event.

Messages travel in pieces, marked or not, so that the page, which would count UTF-16 units, never counts.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from msgspec import Struct

Cause = Literal["", "edit", "rules"]
"""After what a reply was changed or withdrawn: an edit of its message, or a change of the rules."""


class Part(Struct, frozen=True, kw_only=True):
    """The base of everything that is told to the page."""


class Piece(Part, frozen=True, kw_only=True):
    """A stretch of a message; `mark` says what was found in it."""

    text: str
    mark: Literal["", "answered", "seen", "emergency"] = ""


class Member(Part, frozen=True, kw_only=True):
    """A member of the room; `tone` is 0–5 and picks a colour."""

    id: str
    name: str
    tone: int


class CitationShown(Part, frozen=True, kw_only=True):
    """Where a line comes from."""

    label: str
    link: str | None


class LineShown(Part, frozen=True, kw_only=True):
    """One caveat or line of evidence as it is said."""

    says: str
    citations: tuple[CitationShown, ...]


class ReplyShown(Part, frozen=True, kw_only=True):
    """A reply as it stands, with who pressed which button."""

    id: str
    form: Literal["full", "short", "emergency"]
    opening: str
    caveats: tuple[LineShown, ...]
    evidence: LineShown | None
    closing: str
    changed: Cause
    votes: dict[str, tuple[str, ...]]


class AnsweredShown(Part, frozen=True, kw_only=True):
    """The message that another one answers."""

    id: str
    member: str
    excerpt: str


class MessageShown(Part, frozen=True, kw_only=True):
    """A message with what came of it."""

    id: str
    member: str
    sent_at: datetime
    edited: bool
    answers: AnsweredShown | None
    pieces: tuple[Piece, ...]
    decision: Literal["reply", "hold", "silent"]
    reason: str
    reply: ReplyShown | None
    withdrawn: Cause
    moderators_told: bool


class RulebookShown(Part, frozen=True, kw_only=True):
    """Which rulebook is in force."""

    digest: str
    rules: int
    families: int


class FaultShown(Part, frozen=True, kw_only=True):
    """One fault in the rules folder."""

    path: str
    line: int
    column: int
    problem: str
    instead: str


class RulesShown(Part, frozen=True, kw_only=True):
    """The rulebook in force, and what is wrong with the one in the folder."""

    in_force: RulebookShown
    faults: tuple[FaultShown, ...]


class ExampleShown(Part, frozen=True, kw_only=True):
    """A message to try, with a few words on what it shows."""

    label: str
    text: str


class Welcome(Part, frozen=True, kw_only=True):
    """Everything, on joining and after the room was cleared."""

    type: Literal["welcome"] = "welcome"
    members: tuple[Member, ...]
    messages: tuple[MessageShown, ...]
    rules: RulesShown
    examples: tuple[ExampleShown, ...]
    cooldown: bool
    text_limit: int
    name_limit: int


class Posted(Part, frozen=True, kw_only=True):
    """A message is new or has changed, or its reply has."""

    type: Literal["message"] = "message"
    message: MessageShown


class Gone(Part, frozen=True, kw_only=True):
    """A message was deleted."""

    type: Literal["gone"] = "gone"
    message: str


class Joined(Part, frozen=True, kw_only=True):
    """There is a new member."""

    type: Literal["joined"] = "joined"
    member: Member


class ChangedShown(Part, frozen=True, kw_only=True):
    """A message of the room that would have been dealt with in another way, with the words that count."""

    effect: Literal["added", "removed", "moved"]
    message: str
    member: str
    pieces: tuple[Piece, ...]
    before: tuple[str, ...]
    after: tuple[str, ...]


class FilesShown(Part, frozen=True, kw_only=True):
    """Files of rules that were changed and are in force now, and what they do to the messages of the room."""

    rules: tuple[str, ...]
    words: bool
    summary: str
    changed: tuple[ChangedShown, ...]


class RulesChanged(Part, frozen=True, kw_only=True):
    """Another rulebook is in force, or the folder has faults."""

    type: Literal["rules"] = "rules"
    rules: RulesShown
    news: FilesShown | None = None


class Repaired(Part, frozen=True, kw_only=True):
    """Replies of rules that were rolled back were looked at again."""

    type: Literal["repaired"] = "repaired"
    says: str


class CooldownChanged(Part, frozen=True, kw_only=True):
    """The cool-down was switched."""

    type: Literal["cooldown"] = "cooldown"
    on: bool


class Done(Part, frozen=True, kw_only=True):
    """A request was carried out; `made` is the id of what it made."""

    type: Literal["done"] = "done"
    ticket: int
    made: str | None = None


class Refused(Part, frozen=True, kw_only=True):
    """A request was refused."""

    type: Literal["refused"] = "refused"
    ticket: int | None
    says: str


class TokenShown(Part, frozen=True, kw_only=True):
    """A token: as typed, as read, and other ways to read it."""

    raw: str
    text: str
    kind: str
    readings: tuple[str, ...]


class ClauseShown(Part, frozen=True, kw_only=True):
    """A clause with its tokens."""

    tokens: tuple[TokenShown, ...]
    ending: str


class AsideShown(Part, frozen=True, kw_only=True):
    """A stretch that was set aside."""

    kind: str
    raw: str


class ConceptShown(Part, frozen=True, kw_only=True):
    """A concept or cue that was seen, and the lexicon's entry for it."""

    name: str
    is_cue: bool
    entry: str
    score: float


class WordsShown(Part, frozen=True, kw_only=True):
    """Some words of the message, and every concept and cue that was seen in them."""

    words: str
    seen: tuple[ConceptShown, ...]


class ClaimShown(Part, frozen=True, kw_only=True):
    """A claim that was found."""

    rule: str
    family: str
    title: str
    status: str
    stance: str
    score: float
    cutoff: int | None
    phrase: str
    matched: str
    because: tuple[str, ...]
    answered: bool
    emergency: bool = False


class NearShown(Part, frozen=True, kw_only=True):
    """A phrase that nearly matched, and why it did not count."""

    rule: str
    family: str
    score: float
    cutoff: int | None
    phrase: str
    matched: str
    why_not: str


class Why(Part, frozen=True, kw_only=True):
    """Every step from the message to the decision."""

    type: Literal["why"] = "why"
    ticket: int
    message: str
    pieces: tuple[Piece, ...]
    clauses: tuple[ClauseShown, ...]
    asides: tuple[AsideShown, ...]
    concepts: tuple[WordsShown, ...]
    claims: tuple[ClaimShown, ...]
    near: tuple[NearShown, ...]
    decision: Literal["reply", "hold", "silent"]
    reason: str
    form: str | None
    lines: tuple[str, ...]
    sources: tuple[CitationShown, ...]
    rulebook: str


Broadcast = Welcome | Posted | Gone | Joined | RulesChanged | Repaired | CooldownChanged
"""Told to everybody in the room."""

Answer = Done | Refused | Why
"""Told to the one who asked."""
