"""What the rules panel is told: one JSON object for each request of a moderator."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from bot.studio.events import ChangedShown, Part, Piece


class RuleListed(Part, frozen=True, kw_only=True):
    """A rule in the list; `provenance` is base, changed, replaced or own."""

    id: str
    status: str
    cutoff: int
    provenance: str
    trial_until: datetime | None


class FamilyListed(Part, frozen=True, kw_only=True):
    """A claim family with its rules; `status` is that of the whole, or null where it differs by rule."""

    id: str
    title: str
    status: str | None
    rules: tuple[RuleListed, ...]


class RuleList(Part, frozen=True, kw_only=True):
    """All rules of the room, by family; `set_aside` tells why the room's own changes are not in force."""

    type: Literal["rule-list"] = "rule-list"
    ticket: int
    families: tuple[FamilyListed, ...]
    version: int
    set_aside: str | None
    text_limit: int


class DraftShown(Part, frozen=True, kw_only=True):
    """What was typed for a rule and is not in force."""

    text: str
    problem: str
    saved: datetime


class RuleOpened(Part, frozen=True, kw_only=True):
    """A rule to look at and to edit.

    `seen` is the version on which the edit rests; `difference` is what differs from the base.
    """

    type: Literal["rule"] = "rule"
    ticket: int
    family: str
    rule: RuleListed
    text: str
    difference: str
    seen: int
    draft: DraftShown | None


class PlacedFault(Part, frozen=True, kw_only=True):
    """One fault of a change.

    Where it lies in what was typed, `in_text` is set and `pieces` are that line with the place marked.
    """

    in_text: bool
    path: str
    line: int
    column: int
    problem: str
    instead: str
    pieces: tuple[Piece, ...]


class ExampleHeld(Part, frozen=True, kw_only=True):
    """An example of a rule that is changed, and which way it holds."""

    rule: str
    kind: Literal["fires", "silent", "todo"]
    text: str


class Proposed(Part, frozen=True, kw_only=True):
    """A change that passed the gate and waits, by its key, to be put in force."""

    type: Literal["proposed"] = "proposed"
    ticket: int
    key: str
    difference: str
    rules: tuple[str, ...]
    examples: tuple[ExampleHeld, ...]
    summary: str
    changed: tuple[ChangedShown, ...]
    remarks: tuple[str, ...]


class NotProposed(Part, frozen=True, kw_only=True):
    """A change that did not pass the gate, with its first faults and how many there are."""

    type: Literal["not-proposed"] = "not-proposed"
    ticket: int
    faults: tuple[PlacedFault, ...]
    count: int


class VersionShown(Part, frozen=True, kw_only=True):
    """A version of the room's changes."""

    number: int
    author: str
    saved: datetime
    why: str
    difference: str
    state: Literal["in force", "set aside", "earlier"]
    trials: tuple[str, ...]


class Conflicting(Part, frozen=True, kw_only=True):
    """Somebody else changed the rules meanwhile; nothing was changed and nothing is lost."""

    type: Literal["conflict"] = "conflict"
    ticket: int
    newer: VersionShown


class InForce(Part, frozen=True, kw_only=True):
    """A change is in force; `looks_again` tells whether it rolled others back, with their replies."""

    type: Literal["in-force"] = "in-force"
    ticket: int
    version: VersionShown
    looks_again: bool


class VersionList(Part, frozen=True, kw_only=True):
    """Versions of the room's changes, newest first; `more` tells whether there are older ones."""

    type: Literal["versions"] = "versions"
    ticket: int
    versions: tuple[VersionShown, ...]
    more: bool


RuleAnswer = RuleList | RuleOpened | Proposed | NotProposed | Conflicting | InForce | VersionList
"""Told to the one who asked."""
