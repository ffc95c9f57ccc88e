from __future__ import annotations

import json

import pytest
from msgspec.structs import replace

from bot.errors import SettingsError, StoreError
from bot.replies.model import SpeakingSettings
from bot.replies.settings_form import settings_from, values_of

FULL = SpeakingSettings(
    room_cooldown=60,
    member_cooldown=0,
    exempt_rooms=frozenset({"2", "1", "3"}),
    exempt_roles=frozenset({"9"}),
    answers_questions=False,
    emergency_lines=("Call the night desk.",),
    moderators_room="7",
    language="pt-br",
)


@pytest.mark.parametrize("settings", [SpeakingSettings(), FULL])
def test_settings_come_back_through_json_as_they_were(settings: SpeakingSettings) -> None:
    assert settings_from(json.loads(json.dumps(values_of(settings)))) == settings


def test_equal_settings_give_equal_json() -> None:
    other = replace(FULL, exempt_rooms=frozenset({"3", "2", "1"}))
    assert json.dumps(values_of(other)) == json.dumps(values_of(FULL))


def test_what_is_missing_has_its_default() -> None:
    assert settings_from({"room_cooldown": 5}) == SpeakingSettings(room_cooldown=5)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"room_cooldown": -1}, "room_cooldown"),
        ({"member_cooldown": 2592001}, "member_cooldown"),
        ({"emergency_lines": ("",)}, "emergency_lines"),
        ({"emergency_lines": ("x" * 401,)}, "emergency_lines"),
        ({"emergency_lines": ("1", "2", "3", "4")}, "emergency_lines"),
        ({"moderators_room": ""}, "moderators_room"),
        ({"language": "Spanish!"}, "language"),
        ({"language": ""}, "language"),
    ],
)
def test_wrong_settings_are_refused_by_name(change: dict[str, object], named: str) -> None:
    with pytest.raises(SettingsError, match=named):
        values_of(replace(SpeakingSettings(), **change))


@pytest.mark.parametrize("values", [{"room_cooldown": "soon"}, {"unknown": 1}, {"exempt_rooms": 5}])
def test_wrong_values_in_the_database_are_told_by_name(values: dict[str, object]) -> None:
    with pytest.raises(StoreError, match=next(iter(values))):
        settings_from(values)
