"""From the values of moderation to what the rules panel shows. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from difflib import unified_diff
from itertools import groupby
from typing import Literal

from bot.errors import Fault
from bot.moderation.changes import EditRule
from bot.moderation.model import ChangedMessage, Preview, Proposal, RuleLine
from bot.moderation.notices import BaseChanged
from bot.rulebook.model import Rule, Rulebook, Status
from bot.rulebook.yaml_writer import write_rule
from bot.store.model import KeptVersion
from bot.studio.events import ChangedShown, FilesShown, Piece
from bot.studio.health import SERVER
from bot.studio.rule_events import (
    ExampleHeld,
    FamilyListed,
    PlacedFault,
    Proposed,
    RuleListed,
    VersionShown,
)

TYPED = "rule.yaml"
"""The file in faults that stands for what was typed."""
EXCERPT = 90
"""Characters of a faulty line that are shown."""
BEFORE = 60
"""So many of them lie before the fault, at most."""


def families_shown(
    lines: Sequence[RuleLine], rulebook: Rulebook, statuses: Mapping[str, Status | None]
) -> tuple[FamilyListed, ...]:
    """List rules by family.

    Args:
        lines: the rules, those of one family together.
        rulebook: knows the families' titles.
        statuses: what holds for each family as a whole; None where that differs from rule to rule.
    """
    titles = {family.id: family.title for family in rulebook.families}
    return tuple(
        FamilyListed(
            id=family,
            title=titles.get(family, family),
            status=statuses.get(family),
            rules=tuple(map(rule_listed, rules)),
        )
        for family, rules in groupby(lines, key=lambda line: line.family)
    )


def rule_listed(line: RuleLine) -> RuleListed:
    """One rule of the list."""
    return RuleListed(
        id=line.id,
        status=line.status.value,
        cutoff=line.cutoff,
        provenance=line.provenance.value,
        trial_until=line.trial_until,
    )


def fault_placed(fault: Fault, typed: str) -> PlacedFault:
    """A fault, with the line that is meant where it lies in what was typed.

    Args:
        fault: the fault.
        typed: what was typed; empty where a change was chosen.
    """
    lines = typed.replace("\r\n", "\n").split("\n")
    in_text = bool(typed) and fault.path.name == TYPED and 0 < fault.line <= len(lines)
    return PlacedFault(
        in_text=in_text,
        path=fault.path.name,
        line=fault.line,
        column=fault.column,
        problem=fault.problem[:1].upper() + fault.problem[1:],
        instead=fault.instead,
        pieces=tuple(_marked(lines[fault.line - 1], fault.column - 1)) if in_text else (),
    )


def _marked(line: str, place: int) -> Iterator[Piece]:
    """A line around the word that begins at a place, with that word marked."""
    place = max(0, min(place, len(line)))
    begin = max(0, place - BEFORE)
    end = place + max(1, len(line[place:].split(" ", maxsplit=1)[0].rstrip(":,]}")))
    if place > begin:
        yield Piece(text=line[begin:place])
    # Where a line ends too early there is no word to mark, but a place to look at.
    yield Piece(text=line[place : min(end, begin + EXCERPT)] or "␣", mark="emergency")
    if end < begin + EXCERPT and line[end:]:
        yield Piece(text=line[end : begin + EXCERPT])


def proposed_shown(
    proposal: Proposal, *, ticket: int, key: str, members: Mapping[str, str], server_rules: Rulebook
) -> Proposed:
    """What a change would do.

    Args:
        proposal: the change.
        ticket: of the request that asked.
        key: by which it is held.
        members: the names of the room's members, by id.
        server_rules: the rules before the change; rules that are new or other ones show their examples.
    """
    return Proposed(
        ticket=ticket,
        key=key,
        difference=_difference(proposal, server_rules),
        rules=proposal.rules,
        examples=tuple(_examples(proposal, server_rules)),
        summary=str(proposal.preview),
        changed=tuple(_changed(one, members) for one in proposal.preview.changed),
        remarks=tuple(_remarks(proposal)),
    )


def files_shown(notice: BaseChanged, members: Mapping[str, str]) -> FilesShown:
    """What files of rules that were changed do to the messages of the room.

    Args:
        notice: what was changed.
        members: the names of the room's members, by id.
    """
    preview = notice.previews.get(SERVER, Preview(0))
    return FilesShown(
        rules=notice.changed,
        words=notice.words,
        summary=str(preview),
        changed=tuple(_changed(one, members) for one in preview.changed),
    )


def _difference(proposal: Proposal, before: Rulebook) -> str:
    """What changes of the rule that was edited; of the room's changes where no rule was edited.

    The first edit of a rule of the base copies it whole into the room's changes, which would show every line.
    """
    change = proposal.change
    if not isinstance(change, EditRule):
        return proposal.difference
    old, new = (_written(rules, change.rule) for rules in (before, proposal.fitted.loaded.rulebook))
    return "\n".join(unified_diff(old, new, "as it is", "as it would be", lineterm=""))


def _written(rulebook: Rulebook, rule: str) -> list[str]:
    return [line for known in rulebook.rules if known.id == rule for line in write_rule(known).splitlines()]


def _examples(proposal: Proposal, before: Rulebook) -> Iterator[ExampleHeld]:
    ids = {*proposal.rules}
    if isinstance(proposal.change, EditRule):
        ids.add(proposal.change.rule)
    known = {rule.id for rule in before.rules}
    for rule in proposal.fitted.loaded.rulebook.rules:
        if rule.id in ids or rule.id not in known:
            yield from _held(rule)


def _held(rule: Rule) -> Iterator[ExampleHeld]:
    for firing in rule.examples.fires:
        yield ExampleHeld(rule=rule.id, kind="fires", text=firing.text)
    for silent in rule.examples.silent:
        yield ExampleHeld(rule=rule.id, kind="silent", text=silent.text)
    for todo in rule.examples.todo:
        yield ExampleHeld(rule=rule.id, kind="todo", text=todo.text)


def _changed(one: ChangedMessage, members: Mapping[str, str]) -> ChangedShown:
    return ChangedShown(
        effect=one.effect.value,
        message=one.message.id,
        member=members.get(one.message.author, "Somebody"),
        pieces=tuple(_pieces(one.message.text, one.spans)),
        before=one.before,
        after=one.after,
    )


def _pieces(text: str, spans: Sequence[tuple[int, int]]) -> Iterator[Piece]:
    at = 0
    for first, last in sorted(spans):
        start, end = max(first, at), min(last, len(text))
        if start < end:
            if start > at:
                yield Piece(text=text[at:start])
            yield Piece(text=text[start:end], mark="answered")
            at = end
    if at < len(text):
        yield Piece(text=text[at:])


def _remarks(proposal: Proposal) -> Iterator[str]:
    if proposal.ends_trials:
        yield f"Would speak at once, in shadow no longer: {', '.join(sorted(proposal.ends_trials))}."
    yield from proposal.remarks
    speaking = {*proposal.rules}
    for breadth in (one for one in proposal.breadth if one.rule in speaking):
        told = "; ".join(f"{name}: {share}" for name, share in breadth.shares.items())
        yield f"So many messages that claim nothing {breadth.rule} would answer – {told}."


def version_shown(version: KeptVersion, *, newest: bool) -> VersionShown:
    """A version of the room's changes.

    Args:
        version: the version.
        newest: whether there is none above it.
    """
    state: Literal["set aside", "in force"] = "set aside" if version.set_aside is not None else "in force"
    return VersionShown(
        number=version.number,
        author=version.author or "a program",
        saved=version.saved,
        why=version.why,
        difference=version.difference,
        state=state if newest else "earlier",
        trials=tuple(sorted(version.trials)),
    )
