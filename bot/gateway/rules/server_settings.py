"""`/rules settings`: where, to whom and how often I speak on a server, and who is told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import discord
from discord import app_commands
from msgspec.structs import replace

from bot.gateway.rules.completion import Completion, language_names
from bot.gateway.rules.desk import RulesDesk
from bot.gateway.rules.forms import emergency_form
from bot.gateway.rules.said import Said
from bot.gateway.rules.words import named, plain
from bot.replies.language import language_of, worded
from bot.replies.model import SpeakingSettings
from bot.replies.settings_form import (
    LONGEST_ALARM_DAYS,
    LONGEST_REPAIR_HOURS,
    MOST_ALARM_PERCENT,
    MOST_ALARM_REPLIES,
    MOST_ALARM_VOTERS,
)
from bot.rulebook.model import Rulebook

Asking = discord.Interaction[Any]
Command = app_commands.Command[Any, ..., Any]
Place = app_commands.AppCommandChannel | app_commands.AppCommandThread
Change = Callable[[SpeakingSettings], SpeakingSettings]

PLACES_SHOWN = 25
LONGEST_ROOM_MINUTES = 7 * 24 * 60
LONGEST_MEMBER_HOURS = 30 * 24
READ_IN_ENGLISH = "what members write I read in English only"


class _QuietPlace(app_commands.Transformer):
    """What can be chosen to be quiet in. Without a list of kinds Discord would offer all; its own description
    of the API leaves out media channels, so these are reached by their category."""

    @property
    def type(self) -> discord.AppCommandOptionType:
        return discord.AppCommandOptionType.channel

    @property
    def channel_types(self) -> list[discord.ChannelType]:
        kinds = discord.ChannelType
        rooms = [kinds.text, kinds.voice, kinds.category, kinds.news, kinds.stage_voice, kinds.forum]
        return [*rooms, kinds.news_thread, kinds.public_thread, kinds.private_thread]

    async def transform(self, interaction: Asking, value: Place, /) -> Place:
        return value


class _TextPlace(_QuietPlace):
    """Where moderators can be told something."""

    @property
    def channel_types(self) -> list[discord.ChannelType]:
        return [discord.ChannelType.text, discord.ChannelType.news]


def settings_commands(desk: RulesDesk) -> Sequence[app_commands.Group]:
    """Make the group of commands on a server's settings."""
    group = app_commands.Group(name="settings", description="Where, to whom and how often I speak here")
    for made in (_show(desk), _room(desk), _role(desk), _cooldowns(desk), _questions(desk)):
        group.add_command(made)
    for made in (_moderators(desk), _emergency(desk), _alarm(desk), _repair(desk), _language(desk)):
        group.add_command(made)
    return (group,)


def _show(desk: RulesDesk) -> Command:
    @app_commands.command(name="show", description="What is set here")
    async def command(interaction: Asking) -> None:
        await desk.answer(interaction, partial(_shown, desk, interaction))

    return command


def _room(desk: RulesDesk) -> Command:
    @app_commands.command(
        name="room", description="Let me be quiet in a channel, category or thread, or speak again"
    )
    @app_commands.describe(room="The channel, category or thread", quiet="Whether I am to be quiet there")
    async def command(
        interaction: Asking, room: app_commands.Transform[Place, _QuietPlace], quiet: bool
    ) -> None:
        def change(settings: SpeakingSettings) -> SpeakingSettings:
            rooms = settings.exempt_rooms - {str(room.id)}
            return replace(settings, exempt_rooms=rooms | {str(room.id)} if quiet else rooms)

        told = f"I am quiet in <#{room.id}> now." if quiet else f"I speak in <#{room.id}>."
        await desk.answer(interaction, partial(_saved, desk, interaction, change, told))

    return command


def _role(desk: RulesDesk) -> Command:
    @app_commands.command(
        name="role", description="Let me not answer members with a role, or answer them again"
    )
    @app_commands.describe(role="The role", quiet="Whether I am not to answer them")
    async def command(interaction: Asking, role: discord.Role, quiet: bool) -> None:
        def change(settings: SpeakingSettings) -> SpeakingSettings:
            roles = settings.exempt_roles - {str(role.id)}
            return replace(settings, exempt_roles=roles | {str(role.id)} if quiet else roles)

        told = f"I do not answer <@&{role.id}> now." if quiet else f"I answer <@&{role.id}>."
        await desk.answer(interaction, partial(_saved, desk, interaction, change, told))

    return command


def _cooldowns(desk: RulesDesk) -> Command:
    @app_commands.command(name="cooldowns", description="How long the same is not said again")
    @app_commands.describe(
        room_minutes="In a channel, in minutes", member_hours="To the same member, in hours"
    )
    async def command(
        interaction: Asking,
        room_minutes: app_commands.Range[int, 0, LONGEST_ROOM_MINUTES] | None = None,
        member_hours: app_commands.Range[int, 0, LONGEST_MEMBER_HOURS] | None = None,
    ) -> None:
        def change(settings: SpeakingSettings) -> SpeakingSettings:
            room = settings.room_cooldown if room_minutes is None else room_minutes * 60
            member = settings.member_cooldown if member_hours is None else member_hours * 3600
            return replace(settings, room_cooldown=room, member_cooldown=member)

        await desk.answer(interaction, partial(_saved, desk, interaction, change, ""))

    return command


def _questions(desk: RulesDesk) -> Command:
    @app_commands.command(name="questions", description="Whether questions get the short answer")
    @app_commands.describe(answered="Whether they are answered")
    async def command(interaction: Asking, answered: bool) -> None:
        change: Change = partial(replace, answers_questions=answered)
        await desk.answer(interaction, partial(_saved, desk, interaction, change, ""))

    return command


def _moderators(desk: RulesDesk) -> Command:
    @app_commands.command(
        name="moderators", description="The channel in which moderators are told of what needs them"
    )
    @app_commands.describe(room="The channel; without it moderators are told nothing")
    async def command(
        interaction: Asking, room: app_commands.Transform[Place, _TextPlace] | None = None
    ) -> None:
        await desk.answer(interaction, partial(_moderators_set, desk, interaction, room))

    return command


def _emergency(desk: RulesDesk) -> Command:
    @app_commands.command(name="emergency", description="What I say on signs of an emergency, in a form")
    async def command(interaction: Asking) -> None:
        async def form() -> discord.ui.Modal:
            settings = await desk.checker.settings_of(str(interaction.guild_id))
            return emergency_form(settings.emergency_lines)

        await desk.open(interaction, form)

    return command


def _alarm(desk: RulesDesk) -> Command:
    @app_commands.command(name="alarm", description="When a rule drops to shadow by itself")
    @app_commands.describe(
        shadow="Whether rules with many false alarms do so",
        percent=f"More than this share of all replies called “not what I said”: 1 to {MOST_ALARM_PERCENT} %",
        replies=f"Not with fewer replies than this: 1 to {MOST_ALARM_REPLIES}",
        voters=f"Not with fewer members who said so than this: 1 to {MOST_ALARM_VOTERS}",
        days=f"How far back replies count: 1 to {LONGEST_ALARM_DAYS} days",
    )
    async def command(
        interaction: Asking,
        shadow: bool | None = None,
        percent: app_commands.Range[int, 1, MOST_ALARM_PERCENT] | None = None,
        replies: app_commands.Range[int, 1, MOST_ALARM_REPLIES] | None = None,
        voters: app_commands.Range[int, 1, MOST_ALARM_VOTERS] | None = None,
        days: app_commands.Range[int, 1, LONGEST_ALARM_DAYS] | None = None,
    ) -> None:
        def change(settings: SpeakingSettings) -> SpeakingSettings:
            return replace(
                settings,
                alarm_shadow=settings.alarm_shadow if shadow is None else shadow,
                alarm_percent=percent or settings.alarm_percent,
                alarm_replies=replies or settings.alarm_replies,
                alarm_voters=voters or settings.alarm_voters,
                alarm_days=days or settings.alarm_days,
            )

        await desk.answer(interaction, partial(_saved, desk, interaction, change, ""))

    return command


def _repair(desk: RulesDesk) -> Command:
    @app_commands.command(
        name="repair", description="Which replies are looked at again when their rule was mended"
    )
    @app_commands.describe(
        hours=f"Those of the last hours: 0 to {LONGEST_REPAIR_HOURS}; 0: only the one that was objected to"
    )
    async def command(interaction: Asking, hours: app_commands.Range[int, 0, LONGEST_REPAIR_HOURS]) -> None:
        change: Change = partial(replace, repair_hours=hours)
        await desk.answer(interaction, partial(_saved, desk, interaction, change, ""))

    return command


def _language(desk: RulesDesk) -> Command:
    @app_commands.command(
        name="language", description="The language of my replies; what members write I read in English only"
    )
    @app_commands.describe(language="The language in which members are answered")
    @app_commands.autocomplete(language=Completion(desk=desk).language)
    async def command(interaction: Asking, language: app_commands.Range[str, 1, 100]) -> None:
        await desk.answer(interaction, partial(_language_set, desk, interaction, language))

    return command


async def save_emergency_lines(desk: RulesDesk, interaction: Asking, typed: str) -> Said:
    """Save a server's own emergency lines.

    Args:
        desk: saves.
        interaction: who asks.
        typed: the lines, one a line; empty: the rules' own are used.

    Returns:
        what is set now; where it cannot be saved, why, with what was typed.
    """
    lines = tuple(line.strip() for line in typed.splitlines() if line.strip())
    if len(lines) > 3 or any(len(line) > 400 for line in lines):
        kept = "\n".join(f"> {plain(line)}" for line in lines)
        return Said(f"At most 3 lines of 400 characters each. Nothing was changed. You typed:\n{kept}")
    return await _saved(desk, interaction, partial(replace, emergency_lines=lines), "")


async def _moderators_set(desk: RulesDesk, interaction: Asking, room: Place | None) -> Said:
    if room is None:
        change: Change = partial(replace, moderators_room=None)
        return await _saved(desk, interaction, change, "Moderators are told nothing now.")
    channel = interaction.guild.get_channel(room.id) if interaction.guild is not None else None
    if not isinstance(channel, discord.TextChannel):
        return Said("Moderators can be told in a text channel only. Nothing was changed.")
    allowed = channel.permissions_for(channel.guild.me)
    if not (allowed.view_channel and allowed.send_messages):
        return Said(
            f"I may not write in <#{room.id}>: give me View Channels and Send Messages there. "
            "Nothing was changed."
        )
    change = partial(replace, moderators_room=str(room.id))
    return await _saved(desk, interaction, change, f"Moderators are told in <#{room.id}> now.")


async def _language_set(desk: RulesDesk, interaction: Asking, typed: str) -> Said:
    known = language_names(desk.checker.rulebook_of(str(interaction.guild_id)).source)
    wanted = typed.casefold().strip()
    code = next((code for code, name in known.items() if wanted in (code, *name.casefold().split(" · "))), "")
    if not code:
        listed = ", ".join(known.values())
        return Said(
            f"There is no wording for “{plain(typed)}”. Known are: {plain(listed)}. Nothing was changed."
        )
    told = f"Replies are written in {plain(known[code])} now; {READ_IN_ENGLISH}."
    return await _saved(desk, interaction, partial(replace, language=code), told)


async def _saved(desk: RulesDesk, interaction: Asking, change: Change, told: str) -> Said:
    server = str(interaction.guild_id)
    async with desk.saving_settings:
        settings = change(await desk.checker.settings_of(server))
        await desk.checker.save_settings(server, settings)
    shown = await _shown(desk, interaction)
    return Said(f"{told or 'Saved.'}\n{shown.text}")


async def _shown(desk: RulesDesk, interaction: Asking) -> Said:
    server = str(interaction.guild_id)
    settings = await desk.checker.settings_of(server)
    source = desk.checker.rulebook_of(server).source
    room, member = settings.room_cooldown, settings.member_cooldown
    moderators = f"<#{settings.moderators_room}>" if settings.moderators_room else "none: nobody is told"
    lines = [
        "**What is set here**",
        f"- Quiet rooms: {_listed('#', settings.exempt_rooms)}",
        f"- Roles that are not answered: {_listed('@&', settings.exempt_roles)}",
        f"- The same is not said again in a room for {_time(room)}, to a member for {_time(member)}",
        f"- Questions: {'answered, shortly' if settings.answers_questions else 'not answered'}",
        f"- Moderators' channel: {moderators}",
        f"- A rule drops to shadow by itself: {_alarm_shown(settings)}",
        f"- Looked at again when a rule was mended: {_repair_shown(settings)}",
        f"- Language of replies: {_language_shown(source, settings)}; {READ_IN_ENGLISH}",
        f"- Emergency lines{'' if settings.emergency_lines else ' (those of the rules)'}:",
    ]
    emergency = worded(source, language_of(source, settings)).emergency
    own = settings.emergency_lines or (emergency.lines if emergency is not None else ())
    return Said("\n".join([*lines, *(f"  - {plain(line)}" for line in own)]))


def _alarm_shown(settings: SpeakingSettings) -> str:
    if not settings.alarm_shadow:
        return "never"
    days = "the last day" if settings.alarm_days == 1 else f"{settings.alarm_days} days"
    voters = "a member" if settings.alarm_voters == 1 else f"{settings.alarm_voters} members"
    return (
        f"when more than {settings.alarm_percent} % of all its replies in {days} are called “not what I "
        f"said”, with 95 % confidence, from {settings.alarm_replies} replies and {voters} who say so on"
    )


def _language_shown(rulebook: Rulebook, settings: SpeakingSettings) -> str:
    known = language_names(rulebook)
    if settings.language not in known:
        return f"English, as the rules have no language {named(settings.language)} any more"
    return plain(known[settings.language])


def _repair_shown(settings: SpeakingSettings) -> str:
    if not settings.repair_hours:
        return "only the reply that was objected to"
    return f"its replies of the last {settings.repair_hours} h"


def _listed(sign: str, places: frozenset[str]) -> str:
    shown = sorted(places)[:PLACES_SHOWN]
    more = f" and {len(places) - len(shown)} more" if len(places) > len(shown) else ""
    return " ".join(f"<{sign}{place}>" for place in shown) + more if places else "none"


def _time(seconds: int) -> str:
    if seconds and seconds % 3600 == 0:
        return f"{seconds // 3600} h"
    return f"{seconds // 60} min" if seconds % 60 == 0 else f"{seconds} s"
