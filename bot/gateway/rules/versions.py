"""`/rules history`, `diff`, `rollback` and `export`: what was changed, by whom and why, and the way back."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import discord
from discord import app_commands

from bot.gateway.rendering import length, shortened
from bot.gateway.rules.buttons import history_view
from bot.gateway.rules.changing import Command, RuleId, Why, asked_by
from bot.gateway.rules.completion import Completion
from bot.gateway.rules.desk import RulesDesk
from bot.gateway.rules.reading import no_such_rule
from bot.gateway.rules.said import Attached, Said
from bot.gateway.rules.shown_change import author_of
from bot.gateway.rules.words import code, plain
from bot.moderation.changes import RollBack
from bot.rulebook.overlay import OVERLAY_FILE
from bot.store.model import KeptVersion

Asking = discord.Interaction[Any]
Number = app_commands.Range[int, 0, 1_000_000]

A_PAGE = 8
"""Versions on a page of the history."""
DIFFERENCE_LIMIT = 1800
"""Characters of a difference that are shown in the message; a longer one comes as a file."""
NO_VERSIONS = "This server has no changes of its own; the rules are the base as it is."


def version_commands(desk: RulesDesk) -> Sequence[Command]:
    """Make the commands on what was changed."""
    completion = Completion(desk=desk)
    return (_history(desk), _diff(desk, completion), _rollback(desk, completion), _export(desk, completion))


def _history(desk: RulesDesk) -> Command:
    @app_commands.command(name="history", description="Every version of the changes here: when, by whom, why")
    async def command(interaction: Asking) -> None:
        await desk.answer(interaction, partial(history_said, desk, interaction, before=0))

    return command


def _diff(desk: RulesDesk, completion: Completion) -> Command:
    @app_commands.command(
        name="diff", description="What differs between two versions, or between a rule and the base"
    )
    @app_commands.describe(
        version="What this version changed",
        against="Against this one; 0 is the base",
        rule="One rule instead",
    )
    @app_commands.autocomplete(version=completion.version, against=completion.version)
    @app_commands.autocomplete(rule=completion.rule)
    async def command(
        interaction: Asking,
        version: Number | None = None,
        against: Number | None = None,
        rule: RuleId | None = None,
    ) -> None:
        if rule is not None:
            await desk.answer(interaction, partial(_rule_said, desk, interaction, rule))
        else:
            await desk.answer(interaction, partial(_diff_said, desk, interaction, version, against))

    return command


def _rollback(desk: RulesDesk, completion: Completion) -> Command:
    @app_commands.command(name="rollback", description="Put an earlier version in force again, as a new one")
    @app_commands.describe(version="Its number; 0 is the base as it is", why="For the history")
    @app_commands.autocomplete(version=completion.version)
    async def command(interaction: Asking, version: Number, why: Why | None = None) -> None:
        asked = asked_by(interaction, RollBack(version), why or f"back to version {version}")
        await desk.answer(interaction, partial(desk.proposed, interaction, asked))

    return command


def _export(desk: RulesDesk, completion: Completion) -> Command:
    @app_commands.command(name="export", description="All changes of this server, or one rule, as a file")
    @app_commands.describe(rule="Only this rule, in the form of the files in claims/")
    @app_commands.autocomplete(rule=completion.rule)
    async def command(interaction: Asking, rule: RuleId | None = None) -> None:
        await desk.answer(interaction, partial(_export_said, desk, interaction, rule))

    return command


async def history_said(desk: RulesDesk, interaction: Asking, *, before: int) -> Said:
    """List versions, newest first.

    Args:
        desk: knows the versions.
        interaction: who asks.
        before: only versions with a smaller number; 0: from the newest.

    Returns:
        a page, with a button for the next.
    """
    versions = await desk.moderation.history(
        str(interaction.guild_id), limit=A_PAGE + 1, before=before or None
    )
    if not versions:
        return Said(NO_VERSIONS)
    lines = ["**The versions of this server's changes**"]
    lines += [
        _line(version, is_newest=not before and place == 0) for place, version in enumerate(versions[:A_PAGE])
    ]
    lines.append("-# `/rules diff` shows what a version changed, `/rules rollback` goes back to it.")
    older = versions[A_PAGE - 1].number if len(versions) > A_PAGE else None
    return Said("\n".join(lines), view=history_view(older, is_first=not before))


def _line(version: KeptVersion, *, is_newest: bool) -> str:
    state = ""
    if is_newest:
        state = " · set aside" if version.set_aside is not None else " · in force"
    why = plain(shortened(version.why, limit=110)) or "–"
    when = int(version.saved.timestamp())
    return f"- **{version.number}**{state} · <t:{when}:f> · {author_of(version)}: {why}"


async def _diff_said(desk: RulesDesk, interaction: Asking, version: int | None, against: int | None) -> Said:
    server = str(interaction.guild_id)
    newest = await desk.moderation.newest(server)
    if version is None:
        if newest is None:
            return Said(NO_VERSIONS)
        version = newest.number
    known = await desk.moderation.history(server, limit=1, before=version + 1)
    if version and (not known or known[0].number != version):
        return Said(f"There is no version {version}. `/rules history` lists those there are.")
    if against is None:
        against = max(version - 1, 0)
    difference = await desk.moderation.diff(server, against, version)
    names = [f"version {number}" if number else "the base" for number in (against, version)]
    if not difference:
        return Said(f"Between {names[0]} and {names[1]} nothing differs.")
    return _shown(f"**From {names[0]} to {names[1]}**", difference, f"from-{against}-to-{version}.diff")


async def _rule_said(desk: RulesDesk, interaction: Asking, rule: str) -> Said:
    difference = await desk.moderation.diff_of_rule(str(interaction.guild_id), rule)
    if difference is None:
        return no_such_rule(rule)
    if not difference:
        return Said("This rule is the base's, without a change.")
    return _shown(f"**{plain(rule)}, from the base to what it is here**", difference, f"{rule}.diff")


def _shown(head: str, difference: str, name: str) -> Said:
    if length(difference) <= DIFFERENCE_LIMIT:
        return Said(f"{head}\n{code(difference.rstrip(), 'diff')}")
    return Said(head, files=(Attached(name, difference),))


async def _export_said(desk: RulesDesk, interaction: Asking, rule: str | None) -> Said:
    server = str(interaction.guild_id)
    if rule is not None:
        shown = await desk.moderation.show(server, rule)
        if shown is None:
            return no_such_rule(rule)
        return Said(
            "This file can be put into `rules/claims/` as it is, and given to `/rules import` on any server.",
            files=(Attached(f"{rule}.yaml", shown.text),),
        )
    text = await desk.moderation.export(server)
    if not text:
        return Said(NO_VERSIONS)
    return Said(
        "All changes of this server. `/rules import` takes this file, here or on another server.",
        files=(Attached(OVERLAY_FILE.name, text),),
    )
