"""A server's settings as they are kept: JSON values, checked on the way in and on the way out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from msgspec import Meta, Struct, to_builtins

from bot.errors import SettingsError, StoreError
from bot.replies.model import SpeakingSettings
from bot.rulebook.check import CheckError, check
from bot.rulebook.language import ENGLISH, LanguageCode
from bot.rulebook.part import STRIPPED

MOST_ALARM_PERCENT = 99
MOST_ALARM_REPLIES = 1000
MOST_ALARM_VOTERS = 100
LONGEST_ALARM_DAYS = 365
LONGEST_REPAIR_HOURS = 7 * 24

Place = Annotated[str, Meta(min_length=1, max_length=100)]
Line = Annotated[str, Meta(min_length=1, max_length=400, extra={STRIPPED: True})]


class SettingsForm(Struct, frozen=True):
    """The JSON form. Its defaults are those of `SpeakingSettings`, so that older rows stay readable."""

    room_cooldown: Annotated[int, Meta(ge=0, le=604800)] = 1800
    member_cooldown: Annotated[int, Meta(ge=0, le=2592000)] = 86400
    exempt_rooms: Annotated[frozenset[Place], Meta(max_length=500)] = frozenset()
    exempt_roles: Annotated[frozenset[Place], Meta(max_length=500)] = frozenset()
    answers_questions: bool = True
    emergency_lines: Annotated[tuple[Line, ...], Meta(max_length=3)] = ()
    moderators_room: Place | None = None
    alarm_shadow: bool = True
    alarm_percent: Annotated[int, Meta(ge=1, le=MOST_ALARM_PERCENT)] = 20
    alarm_replies: Annotated[int, Meta(ge=1, le=MOST_ALARM_REPLIES)] = 10
    alarm_voters: Annotated[int, Meta(ge=1, le=MOST_ALARM_VOTERS)] = 2
    alarm_days: Annotated[int, Meta(ge=1, le=LONGEST_ALARM_DAYS)] = 30
    repair_hours: Annotated[int, Meta(ge=0, le=LONGEST_REPAIR_HOURS)] = 24
    language: LanguageCode = ENGLISH


def values_of(settings: SpeakingSettings) -> dict[str, object]:
    """Turn settings into JSON values.

    Args:
        settings: the settings.

    Returns:
        lists, numbers and strings; lists of ids are sorted, so that equal settings give equal JSON.

    Raises:
        SettingsError: a value is out of its range; the message names each with what it needs.
    """
    try:
        form = check(SettingsForm, settings)
    except CheckError as error:
        raise SettingsError(f"these settings cannot be saved: {error}") from error
    values: dict[str, object] = to_builtins(form)
    return values | {"exempt_rooms": sorted(form.exempt_rooms), "exempt_roles": sorted(form.exempt_roles)}


def settings_from(values: Mapping[str, object]) -> SpeakingSettings:
    """Turn JSON values back into settings.

    Args:
        values: what the store held.

    Raises:
        StoreError: the values are not settings; the message names what is wrong.
    """
    try:
        form = check(SettingsForm, values)
    except CheckError as error:
        raise StoreError(f"the settings kept in the database are not valid: {error}") from error
    return SpeakingSettings(
        room_cooldown=form.room_cooldown,
        member_cooldown=form.member_cooldown,
        exempt_rooms=form.exempt_rooms,
        exempt_roles=form.exempt_roles,
        answers_questions=form.answers_questions,
        emergency_lines=form.emergency_lines,
        moderators_room=form.moderators_room,
        alarm_shadow=form.alarm_shadow,
        alarm_percent=form.alarm_percent,
        alarm_replies=form.alarm_replies,
        alarm_voters=form.alarm_voters,
        alarm_days=form.alarm_days,
        repair_hours=form.repair_hours,
        language=form.language,
    )
