"""What an operator can set, and what a wrong setting gets."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.described import meaning_of
from bot.errors import SettingsError
from bot.settings import Settings, load_settings


@pytest.fixture(autouse=True)
def empty_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder without `.env` and an environment without any of the settings."""
    for name in Settings.__struct_fields__:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_nothing_needs_to_be_set() -> None:
    settings = load_settings()
    assert settings.discord_token is None
    assert settings.host == "127.0.0.1"


def test_the_environment_wins_over_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("PORT=1234\nREVIEW_DAYS=7\n", encoding="utf-8")
    monkeypatch.setenv("PORT", "4321")
    settings = load_settings()
    assert (settings.port, settings.review_days) == (4321, 7)


def test_an_empty_value_is_as_if_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "")
    monkeypatch.setenv("RULES_DIR", "")
    settings = load_settings()
    assert settings.discord_token is None
    assert settings.rules_dir is None


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("PORT", "99999", "a whole number from 0 to 65535"),
        ("PORT", "eighty", "a whole number from 0 to 65535"),
        ("LOG_LEVEL", "loud", "one of: debug, info, warning, error"),
        ("LOG_FORMAT", "xml", "one of: text, json"),
        ("REVIEW_DAYS", "0", "from 1 to 365"),
        ("ROOM_COOLDOWN_SECONDS", "-1", "from 0 to 604800"),
        ("DISCORD_API_URL", "discord.com", "begins with https:// or http://"),
        ("DISCORD_API_URL", "https://", "begins with https:// or http://"),
        ("DISCORD_GATEWAY_URL", "https://gateway.discord.gg", "begins with wss:// or ws://"),
    ],
)
def test_a_wrong_setting_is_named_with_what_it_needs(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, told: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert f"  {name}: " in str(caught.value)
    assert told in str(caught.value)
    assert meaning_of(Settings, name.lower()) in str(caught.value)


def test_all_wrong_settings_are_told_in_one_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "x")
    monkeypatch.setenv("LOG_LEVEL", "x")
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert len(str(caught.value).splitlines()) == 3


def test_a_file_that_is_not_text_is_a_settings_error(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"PORT=\xff\xfe\n")
    with pytest.raises(SettingsError, match="UTF-8"):
        load_settings()


def test_the_token_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "very.secret.token")
    assert "very.secret.token" not in repr(load_settings())


def test_every_setting_says_what_it_is_for() -> None:
    assert [name for name in Settings.__struct_fields__ if not meaning_of(Settings, name)] == []
