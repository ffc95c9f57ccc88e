"""A change as it is shown: what it would do, why it is refused, what somebody else did, what is in force."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import discord

from bot.errors import Fault
from bot.gateway.rendering import CALM, length, shortened
from bot.gateway.rules.buttons import change_view, conflict_view, draft_view, expired_view, undo_view
from bot.gateway.rules.said import Said
from bot.gateway.rules.words import code, fitting_code, message_line, named, plain, snippet
from bot.moderation.editing import COMMAND
from bot.moderation.model import Breadth, ChangedMessage, Conflict, Preview, Proposal, Refusal
from bot.rulebook.overlay import OVERLAY_FILE
from bot.store.model import KeptDraft, KeptVersion

MESSAGES_A_PAGE = 8
"""So many messages of a preview are shown at once."""
DIFFERENCE_LIMIT = 2600
"""Characters of a difference that are shown; with the messages it stays below Discord's 6,000."""
FAULTS_SHOWN = 4
"""So many faults are shown with their lines; more of them would not be read."""
REFUSAL_LIMIT = 1850
"""Characters that faults may take, so that none is cut in the middle of its lines."""
LONGEST_SAID = 500
"""Characters of what is said of one fault, and of what to write instead."""
RULES_NAMED = 10
TYPED = frozenset({"rule.yaml", OVERLAY_FILE.name})
"""Files in faults that stand for what was typed."""


def proposal_said(proposal: Proposal, *, key: str, page: int = 0) -> Said:
    """Show what a change would do, with buttons to put it in force.

    Args:
        proposal: the change.
        key: by which it is held.
        page: which of the messages that would be dealt with in another way are shown, from 0.

    Returns:
        the answer.
    """
    preview = proposal.preview
    lines = [
        "**This passes the gate. It is not in force yet.**",
        f"What it would have done: **{preview}**.",
        *_about_rules(proposal),
        *(f"- {plain(remark)}" for remark in proposal.remarks),
    ]
    cards = [_card("The difference", fitting_code(proposal.difference, "diff", limit=DIFFERENCE_LIMIT))]
    if preview.changed:
        cards.append(_card("The messages", _messages(preview, proposal.server, page)))
    pages = -(-len(preview.changed) // MESSAGES_A_PAGE)
    return Said(
        "\n".join(lines),
        tuple(cards),
        view=change_view(key, with_shadow=bool(proposal.rules), page=page, pages=pages),
    )


def refusal_said(refusal: Refusal, *, typed: str, seen: int | None) -> Said:
    """Show why a change is refused, with the lines that are meant and a button back to what was typed.

    Args:
        refusal: why.
        typed: what was typed; empty where it was chosen.
        seen: the number of the version that the moderator saw.

    Returns:
        the answer.
    """
    parts = ["**Nothing was changed.**"]
    for fault in refusal.faults[:FAULTS_SHOWN]:
        told = _fault(fault, typed)
        if length("\n".join([*parts, told])) > REFUSAL_LIMIT:
            break
        parts.append(told)
    if left := len(refusal.faults) - len(parts) + 1:
        parts.append(f"-# … and {left} more")
    if refusal.draft is None:
        return Said("\n".join(parts))
    parts.append("-# What you typed is kept; the button opens it again.")
    return Said("\n".join(parts), view=draft_view(refusal.draft.draft, seen))


def conflict_said(conflict: Conflict, *, key: str) -> Said:
    """Show what somebody else changed meanwhile, and ask.

    Args:
        conflict: what they changed.
        key: by which the moderator's own change is held.

    Returns:
        the answer.
    """
    newer = conflict.newer
    text = (
        f"**Somebody else was faster.** Version {newer.number} was saved meanwhile by {author_of(newer)}"
        f"{_because(newer)}; this is what it changed. Nothing of yours is lost, and nothing was changed.\n"
        "Look at your change on top of it?"
    )
    card = _card(
        f"Version {newer.number}", fitting_code(newer.difference or " ", "diff", limit=DIFFERENCE_LIMIT)
    )
    draft = conflict.draft.draft if conflict.draft is not None else None
    return Said(text, (card,), view=conflict_view(key, draft=draft, seen=newer.number))


def in_force_said(version: KeptVersion) -> Said:
    """Say that a change is in force, with a button to undo it."""
    lines = [f"**Version {version.number} is in force.** `/rules history` lists all versions."]
    if version.trials:
        lines.append("Only recorded at first, then they speak by themselves:")
        lines += [
            f"- {named(rule)} from <t:{int(until.timestamp())}:f>, <t:{int(until.timestamp())}:R>"
            for rule, until in list(version.trials.items())[:RULES_NAMED]
        ]
    return Said("\n".join(lines), view=undo_view(version.number - 1))


def cancelled_said(draft: KeptDraft | None) -> Said:
    """Say that a proposal was put away."""
    kept = " What you typed is kept; `/rules drafts` lists it." if draft is not None else ""
    return Said(f"Put away. Nothing was changed.{kept}")


def expired_said() -> Said:
    """Say that a button came too late."""
    return Said(
        "This button is no longer good: it was pressed already, more than an hour has passed, or I was "
        "started anew. Nothing was changed by this press. What you typed is kept; `/rules drafts` lists it.",
        view=expired_view(),
    )


def author_of(version: KeptVersion) -> str:
    """Name who made a version. The mention pings nobody."""
    if version.author is None:
        return "a program or somebody unknown"
    return f"<@{version.author}>" if version.author.isdigit() else plain(version.author)


def _because(version: KeptVersion) -> str:
    return f" (“{plain(shortened(version.why, limit=200))}”)" if version.why else ""


def _card(title: str, text: str) -> discord.Embed:
    return discord.Embed(title=title, description=text, colour=CALM)


def _about_rules(proposal: Proposal) -> Iterator[str]:
    if proposal.rules:
        yield f"New or changed, and would speak: {_listed(proposal.rules)}."
    if proposal.ends_trials:
        yield f"Would speak at once, in shadow no longer: {_listed(sorted(proposal.ends_trials))}."
    for breadth in proposal.breadth[:RULES_NAMED]:
        yield _breadth(breadth)


def _listed(rules: Sequence[str]) -> str:
    more = f" and {len(rules) - RULES_NAMED} more" if len(rules) > RULES_NAMED else ""
    return ", ".join(named(rule) for rule in rules[:RULES_NAMED]) + more


def _breadth(breadth: Breadth) -> str:
    told = "; ".join(f"{plain(name)}: {share}" for name, share in breadth.shares.items())
    return f"-# {named(breadth.rule)} on messages that claim nothing – {told}"


def _messages(preview: Preview, server: str, page: int) -> str:
    first = page * MESSAGES_A_PAGE
    shown = preview.changed[first : first + MESSAGES_A_PAGE]
    return shortened("\n".join(_message(one, server) for one in shown), limit=3200)


def _message(one: ChangedMessage, server: str) -> str:
    return f"{message_line(one, server)}: {snippet(one.message.text, one.spans)}"


def _fault(fault: Fault, typed: str) -> str:
    said = " ".join(
        plain(shortened(part, limit=LONGEST_SAID)) for part in (fault.problem, fault.instead) if part
    )
    lines = typed.replace("\r\n", "\n").split("\n")
    if fault.path == COMMAND:
        return f"- {said[:1].upper()}{said[1:]}"
    if fault.path.name in TYPED and typed and fault.line <= len(lines):
        where = f"Line {fault.line}, column {fault.column}"
        return f"- **{where}:** {said}\n{_marked(lines, fault)}"
    return f"- **{plain(fault.path.name)}, line {fault.line}, column {fault.column}:** {said}"


def _marked(lines: Sequence[str], fault: Fault) -> str:
    """Show a line with a mark below the place, and the line before it."""
    begin = max(0, fault.column - 60)
    width = len(str(fault.line))
    shown = []
    if fault.line > 1:
        shown.append(f"{fault.line - 1:>{width}} | {lines[fault.line - 2][begin : begin + 90]}")
    shown.append(f"{fault.line} | {lines[fault.line - 1][begin : begin + 90]}")
    shown.append(f"{' ' * width} | {' ' * (fault.column - 1 - begin)}^")
    return code("\n".join(shown))
