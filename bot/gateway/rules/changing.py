"""`/rules new`, `edit`, `add-example`, `off`, `shadow`, `live` and `import`: asking for a change."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import discord
from discord import app_commands

from bot.errors import RulebookError
from bot.gateway.outbox import REFUSALS
from bot.gateway.rules.completion import Completion
from bot.gateway.rules.desk import RulesDesk
from bot.gateway.rules.forms import (
    EXAMPLE_LIMIT,
    KINDS,
    TEMPLATE,
    example_form,
    example_from_draft,
    example_of,
    fits,
    text_form,
)
from bot.gateway.rules.pending import Asked
from bot.gateway.rules.reading import no_such_rule
from bot.gateway.rules.said import Attached, Said
from bot.gateway.rules.words import named, plain
from bot.moderation.changes import (
    EXAMPLE_OF,
    Change,
    EditRule,
    NewRule,
    SetFamilyStatus,
    SetRuleStatus,
    WholeOverlay,
)
from bot.moderation.moderation import LONGEST_WHY
from bot.rulebook.check import CheckError
from bot.rulebook.model import Status
from bot.rulebook.overlay import LONGEST_OVERLAY, OVERLAY_FILE, read_rule

Asking = discord.Interaction[Any]
Command = app_commands.Command[Any, ..., Any]
RuleId = app_commands.Range[str, 1, 60]
Why = app_commands.Range[str, 1, LONGEST_WHY]
Words = app_commands.Range[str, 1, EXAMPLE_LIMIT]

MOST_BYTES = 4 * LONGEST_OVERLAY
"""What a file may weigh that is read, in bytes."""
WHICH = "Say which: choose a rule or a family, one of the two."
NOT_UTF8 = "This file is not UTF-8 text; save it as UTF-8."
TOO_BIG = f"This file is too big; at most {LONGEST_OVERLAY:,} characters are read."
GONE = "This is not kept any more. Nothing was changed."
OVERLAY_ABOUT = "overlay"
_KINDS = [app_commands.Choice(name=name, value=kind) for kind, name in KINDS.items()]


def changing_commands(desk: RulesDesk) -> Sequence[Command]:
    """Make the commands that ask for a change. Each is shown first, and goes in force by a press only."""
    completion = Completion(desk=desk)
    statuses = (
        ("off", Status.OFF, "Let a rule or a family rest: it finds nothing"),
        ("shadow", Status.SHADOW, "Let a rule or a family only be recorded: it never speaks"),
        ("live", Status.LIVE, "Let a rule or a family speak"),
    )
    return (
        _new(desk, completion),
        _edit(desk, completion),
        _add_example(desk, completion),
        *(_set_status(desk, completion, name, status, about) for name, status, about in statuses),
        _import(desk),
    )


def asked_by(interaction: Asking, change: Change, why: str | None) -> Asked:
    """Put what is asked together with who asks and where."""
    return Asked(str(interaction.guild_id), change, str(interaction.user.id), why or "")


def _new(desk: RulesDesk, completion: Completion) -> Command:
    @app_commands.command(name="new", description="Write a rule of your own, in a form")
    @app_commands.describe(family="The claim family it belongs to")
    @app_commands.autocomplete(family=completion.family)
    async def command(interaction: Asking, family: RuleId) -> None:
        await desk.open(interaction, partial(new_form, desk, interaction, family))

    return command


def _edit(desk: RulesDesk, completion: Completion) -> Command:
    @app_commands.command(name="edit", description="Change a rule, in a form")
    @app_commands.describe(rule="Its id")
    @app_commands.autocomplete(rule=completion.rule)
    async def command(interaction: Asking, rule: RuleId) -> None:
        await desk.open(interaction, partial(edit_form, desk, interaction, rule))

    return command


def _add_example(desk: RulesDesk, completion: Completion) -> Command:
    @app_commands.command(
        name="add-example", description="Add a message that a rule must catch or leave alone"
    )
    @app_commands.describe(
        rule="The id of the rule",
        kind="What the message is for the rule",
        message="The message; «…» may mark the words that must match",
        because="Why it must stay silent",
        context="What was said just before",
    )
    @app_commands.autocomplete(rule=completion.rule)
    @app_commands.choices(kind=_KINDS)
    async def command(
        interaction: Asking,
        rule: RuleId,
        kind: str,
        message: Words,
        because: Words | None = None,
        context: Words | None = None,
    ) -> None:
        async def propose() -> Said:
            asked = example_asked(
                interaction, rule, kind, message=message, because=because or "", context=context or ""
            )
            return asked if isinstance(asked, Said) else await desk.proposed(interaction, asked)

        await desk.answer(interaction, propose)

    return command


def _set_status(desk: RulesDesk, completion: Completion, name: str, status: Status, about: str) -> Command:
    @app_commands.command(name=name, description=about)
    @app_commands.describe(rule="The id of a rule", family="Or a whole claim family", why="For the history")
    @app_commands.autocomplete(rule=completion.rule, family=completion.family)
    async def command(
        interaction: Asking,
        rule: RuleId | None = None,
        family: RuleId | None = None,
        why: Why | None = None,
    ) -> None:
        async def propose() -> Said:
            if (rule is None) == (family is None):
                return Said(WHICH)
            change = SetRuleStatus(rule, status) if rule else SetFamilyStatus(family or "", status)
            return await desk.proposed(interaction, asked_by(interaction, change, why))

        await desk.answer(interaction, propose)

    return command


def _import(desk: RulesDesk) -> Command:
    @app_commands.command(name="import", description="Give a file: one rule, or all changes of this server")
    @app_commands.describe(file="YAML, as /rules export or /rules show gives it", why="For the history")
    async def command(interaction: Asking, file: discord.Attachment, why: Why | None = None) -> None:
        await desk.answer(interaction, partial(_imported, desk, interaction, file, why))

    return command


async def new_form(desk: RulesDesk, interaction: Asking, family: str) -> discord.ui.Modal | Said:
    """Give the form for a new rule, filled in as far as can be known."""
    server = str(interaction.guild_id)
    source = desk.checker.rulebook_of(server).source
    if family not in {known.id for known in source.families}:
        return Said(f"There is no claim family {named(family)}. Choose one of those offered while you type.")
    sample = next((rule.phrases[0] for rule in source.rules if rule.family == family), "<topic> word")
    text = TEMPLATE.format(family=family, phrase=sample.replace("\\", "\\\\").replace('"', '\\"'))
    return text_form("rule", text, seen=await _seen(desk, server))


async def edit_form(desk: RulesDesk, interaction: Asking, rule: str) -> discord.ui.Modal | Said:
    """Give the form that holds a rule; for a rule that is too long for a form, the rule as a file."""
    server = str(interaction.guild_id)
    shown = await desk.moderation.show(server, rule)
    if shown is None:
        return no_such_rule(rule)
    if fits(shown.text):
        return text_form("rule", shown.text, rule=rule, seen=await _seen(desk, server))
    return _as_file(shown.text, f"{rule}.yaml")


async def opened_draft(
    desk: RulesDesk, interaction: Asking, number: int, seen: int | None
) -> discord.ui.Modal | Said:
    """Give the form with what was typed before.

    Args:
        desk: knows the drafts.
        interaction: whose draft it is.
        number: its id.
        seen: the number of the version that was seen when it was typed; None: the newest is meant.

    Returns:
        the form; a file where it is too long for one.
    """
    drafts = await desk.moderation.drafts(str(interaction.guild_id), str(interaction.user.id))
    draft = next((draft for draft in drafts if draft.draft == number), None)
    if draft is None:
        return Said(GONE)
    why, about = desk.reason_of(draft), draft.about
    if about.startswith(EXAMPLE_OF):
        example = example_from_draft(about.removeprefix(EXAMPLE_OF), draft.text)
        return example_form(example) if example is not None else _as_file(draft.text, "example.yaml")
    if not fits(draft.text):
        return _as_file(draft.text, OVERLAY_FILE.name if about == OVERLAY_ABOUT else "rule.yaml")
    if about == OVERLAY_ABOUT:
        return text_form("overlay", draft.text, seen=seen, why=why)
    return text_form("rule", draft.text, rule="" if " " in about else about, seen=seen, why=why)


def example_asked(
    interaction: Asking, rule: str, kind: str, *, message: str, because: str, context: str
) -> Asked | Said:
    """Put together the change that adds an example, or say what is missing; arguments as for `example_of`."""
    try:
        change = example_of(rule, kind, message=message, because=because, context=context)
    except CheckError as error:
        faults = "; ".join(f"{fault['loc'][0]}: {fault['msg']}" for fault in error.details)
        return Said(f"This cannot be an example: {plain(faults)}. You typed: {plain(message)}")
    except ValueError as error:
        return Said(f"{error} You typed: {plain(message)}")
    return asked_by(interaction, change, f"an example for {rule}")


async def _imported(desk: RulesDesk, interaction: Asking, file: discord.Attachment, why: str | None) -> Said:
    if file.size > MOST_BYTES:
        return Said(TOO_BIG)
    try:
        text = (await file.read()).decode("utf-8-sig")
    except UnicodeDecodeError:
        return Said(NOT_UTF8)
    except REFUSALS:
        return Said("Discord did not give me this file. Nothing was changed; please send it again.")
    change = await _change_in(desk, str(interaction.guild_id), text)
    return await desk.proposed(interaction, asked_by(interaction, change, why))


async def _change_in(desk: RulesDesk, server: str, text: str) -> Change:
    """Tell what a file is: one rule, known or new, or all changes of a server."""
    lines = (line.strip() for line in text.splitlines())
    begins = next((line for line in lines if line and not line.startswith(("#", "---"))), "")
    if not begins.startswith(("- ", "id:")):
        return WholeOverlay(text)
    try:
        rule = read_rule(text).id
    except RulebookError:
        return NewRule(text)
    known = await desk.moderation.show(server, rule) if rule else None
    return EditRule(rule, text) if known is not None and rule else NewRule(text)


def _as_file(text: str, name: str) -> Said:
    return Said(
        f"This has {len(text):,} characters, and a form in Discord takes 4,000. Change this file in an "
        "editor, and give it back with `/rules import`.",
        files=(Attached(name, text),),
    )


async def _seen(desk: RulesDesk, server: str) -> int:
    newest = await desk.moderation.newest(server)
    return newest.number if newest is not None else 0
