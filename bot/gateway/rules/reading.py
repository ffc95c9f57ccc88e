"""`/rules list`, `show`, `test`, `why` and `drafts`: what is there, and what it makes of a message."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

import discord
from discord import app_commands

from bot.gateway.rendering import length, shortened
from bot.gateway.rules.buttons import drafts_view, pages_view, rule_view
from bot.gateway.rules.completion import Completion
from bot.gateway.rules.desk import RulesDesk
from bot.gateway.rules.said import Attached, Said
from bot.gateway.rules.shown_outcome import outcome_lines
from bot.gateway.rules.words import code, named, plain
from bot.moderation.model import Provenance, RuleLine
from bot.rulebook.model import Status

Asking = discord.Interaction[Any]
Command = app_commands.Command[Any, ..., Any]
RuleId = app_commands.Range[str, 1, 60]

PAGE_LIMIT = 1800
"""Characters on a page of a list."""
SHOWN_LIMIT = 1700
"""Characters of a rule that are shown in the message; a longer one comes as a file."""
DRAFTS_SHOWN = 10

_SIGNS = {Status.LIVE: "🟢", Status.SHADOW: "🌗", Status.OFF: "⚫"}
_FROM = {
    Provenance.BASE: "",
    Provenance.CHANGED: "changed here",
    Provenance.REPLACED: "replaced here",
    Provenance.OWN: "own",
}
STATUSES = [app_commands.Choice(name=str(status), value=str(status)) for status in Status]


def reading_commands(desk: RulesDesk) -> Sequence[Command]:
    """Make the commands that only look."""
    completion = Completion(desk=desk)
    return (
        _list(desk, completion),
        _show(desk, completion),
        _test(desk),
        _why(desk),
        _drafts(desk),
    )


def _list(desk: RulesDesk, completion: Completion) -> Command:
    @app_commands.command(name="list", description="The rules here, with what holds and where they come from")
    @app_commands.describe(family="Only this claim family", status="Only those that are so")
    @app_commands.autocomplete(family=completion.family)
    @app_commands.choices(status=STATUSES)
    async def command(interaction: Asking, family: RuleId | None = None, status: str | None = None) -> None:
        listing = partial(list_said, desk, interaction, family=family or "", status=status or "", page=0)
        await desk.answer(interaction, listing)

    return command


def _show(desk: RulesDesk, completion: Completion) -> Command:
    @app_commands.command(name="show", description="One rule in full, as it holds here")
    @app_commands.describe(rule="Its id")
    @app_commands.autocomplete(rule=completion.rule)
    async def command(interaction: Asking, rule: RuleId) -> None:
        await desk.answer(interaction, partial(show_said, desk, interaction, rule))

    return command


def _test(desk: RulesDesk) -> Command:
    @app_commands.command(name="test", description="What I would find in a message, and say to it, and why")
    @app_commands.describe(text="The message", context="What was said just before")
    async def command(
        interaction: Asking,
        text: app_commands.Range[str, 1, 4000],
        context: app_commands.Range[str, 1, 4000] | None = None,
    ) -> None:
        await desk.answer(interaction, partial(test_said, desk, interaction, text, context or ""))

    return command


def _why(desk: RulesDesk) -> Command:
    @app_commands.command(name="why", description="Why I answered a message, or why I did not")
    @app_commands.describe(message="The link of the message")
    async def command(interaction: Asking, message: app_commands.Range[str, 1, 200]) -> None:
        await desk.answer(interaction, partial(why_said, desk, interaction, message))

    return command


def _drafts(desk: RulesDesk) -> Command:
    @app_commands.command(name="drafts", description="What you typed that is not in force: open it again")
    async def command(interaction: Asking) -> None:
        await desk.answer(interaction, partial(drafts_said, desk, interaction))

    return command


async def list_said(desk: RulesDesk, interaction: Asking, *, family: str, status: str, page: int) -> Said:
    """List rules, a page at a time.

    Args:
        desk: knows the rules.
        interaction: who asks.
        family: only this family; empty: all.
        status: only those that are so; empty: all.
        page: which page, from 0.

    Returns:
        the page, with buttons to turn it.
    """
    server = str(interaction.guild_id)
    lines = [
        line
        for line in await desk.moderation.list_rules(server)
        if (not family or line.family == family) and (not status or line.status == status)
    ]
    if not lines:
        return Said("There is no such rule here. `/rules list` without options lists all.")
    titles = {known.id: known.title for known in desk.checker.rulebook_of(server).source.families}
    pages = _pages(list(_listed(lines, titles)))
    page = min(max(page, 0), len(pages) - 1)
    noun = "rule" if len(lines) == 1 else "rules"
    head = f"**{len(lines)} {noun}** 🟢 live 🌗 in shadow: recorded, never sent ⚫ off"
    aside = await _aside(desk, server)
    view = pages_view("list", family, status, page=page, pages=len(pages))
    return Said("\n".join([head, *aside, *pages[page]]), view=view)


async def show_said(desk: RulesDesk, interaction: Asking, rule: str) -> Said:
    """Show one rule in full; one that is too long for a message comes as a file.

    Args:
        desk: knows the rules.
        interaction: who asks.
        rule: its id.
    """
    shown = await desk.moderation.show(str(interaction.guild_id), rule)
    if shown is None:
        return no_such_rule(rule)
    head = [f"**{named(rule)}** in {named(shown.line.family)}: {_state(shown.line)}"]
    if shown.base_text:
        head.append("-# It differs from the base; `/rules diff` shows how.")
    if length(shown.text) <= SHOWN_LIMIT:
        return Said("\n".join([*head, code(shown.text.rstrip(), "yaml")]), view=rule_view(rule))
    return Said("\n".join(head), files=(Attached(f"{rule}.yaml", shown.text),), view=rule_view(rule))


async def test_said(desk: RulesDesk, interaction: Asking, text: str, context: str) -> Said:
    """Tell what would be found in a message and said to it. Nothing of it is kept."""
    before = (context,) if context else ()
    outcome = desk.checker.check(text, before, server=str(interaction.guild_id))
    return Said("\n".join(outcome_lines(outcome)))


async def why_said(desk: RulesDesk, interaction: Asking, link: str) -> Said:
    """Explain a message by its link: what came of it, and what the rules see in it now."""
    found = await desk.lookup.found(interaction, link)
    if isinstance(found, str):
        return Said(found)
    explained = await desk.lookup.message(found)
    seen = await desk.lookup.seen(found)
    if seen is None:
        return Said(explained)
    lines = [explained, "", "**What the rules here see in it now**", *outcome_lines(seen, with_reply=False)]
    return Said("\n".join(lines))


async def drafts_said(desk: RulesDesk, interaction: Asking) -> Said:
    """List what a moderator typed and what is not in force, with buttons to open each again."""
    drafts = await desk.moderation.drafts(str(interaction.guild_id), str(interaction.user.id))
    if not drafts:
        return Said("Nothing is kept: all you typed here is in force, or was put away.")
    shown = drafts[:DRAFTS_SHOWN]
    lines = ["**What you typed and what is not in force**"]
    for place, draft in enumerate(shown, 1):
        problem = plain(shortened(draft.problem.split("\n")[0], limit=110))
        when = int(draft.saved.timestamp())
        lines.append(f"{place}. {plain(draft.about)}, <t:{when}:R>: {problem}")
    return Said("\n".join(lines), view=drafts_view(tuple(draft.draft for draft in shown)))


def no_such_rule(rule: str) -> Said:
    """Say that there is no such rule."""
    return Said(f"There is no rule {named(rule)} here. Choose one of those offered while you type.")


def _listed(lines: Sequence[RuleLine], titles: dict[str, str]) -> Iterator[tuple[str, bool]]:
    """Give the lines of a list, and whether each begins a family."""
    family = ""
    for line in lines:
        if line.family != family:
            family = line.family
            yield f"**{plain(titles.get(family, family))}** · {named(family)}", True
        yield f"- {_SIGNS[line.status]} {named(line.id)} {_about(line)}", False


def _about(line: RuleLine) -> str:
    told = [str(line.cutoff), _FROM[line.provenance]]
    if line.trial_until is not None:
        told.append(f"speaks <t:{int(line.trial_until.timestamp())}:R>")
    return " · ".join(part for part in told if part)


def _state(line: RuleLine) -> str:
    came = _FROM[line.provenance] or "from the base"
    speaks = (
        f", speaks by itself <t:{int(line.trial_until.timestamp())}:R>"
        if line.trial_until is not None
        else ""
    )
    return f"{_SIGNS[line.status]} {line.status}{speaks}, cut-off {line.cutoff}, {came}"


def _pages(listed: Sequence[tuple[str, bool]]) -> list[list[str]]:
    """Part a list into pages; a family's heading is repeated on the next page."""
    pages: list[list[str]] = [[]]
    heading = ""
    for line, is_heading in listed:
        heading = line if is_heading else heading
        if sum(map(len, pages[-1])) + len(pages[-1]) + len(line) > PAGE_LIMIT - 300:
            pages.append([] if is_heading else [heading])
        pages[-1].append(line)
    return pages


async def _aside(desk: RulesDesk, server: str) -> list[str]:
    newest = await desk.moderation.newest(server)
    if newest is None or newest.set_aside is None:
        return []
    fault = plain(shortened(newest.set_aside.split("\n")[0], limit=200))
    return [f"⚠️ Version {newest.number} does not fit the rules any more and is set aside: {fault}"]
