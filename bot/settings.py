"""Settings, from the environment and an optional `.env` file. Nothing is read when this is imported."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.described import meaning_of
from bot.errors import SettingsError


def _address(*schemes: str) -> AfterValidator:
    """Accept an address with one of these schemes and a host."""

    def check(value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in schemes or not parts.hostname:
            wanted = " or ".join(f"{scheme}://" for scheme in schemes)
            raise ValueError(f"should be an address that begins with {wanted}")
        return value

    return AfterValidator(check)


DATABASE = "caveat.sqlite3"
"""The name of the database's file in the folder of data."""

WebAddress = Annotated[str, _address("https", "http")]
SocketAddress = Annotated[str, _address("wss", "ws")]


class Settings(BaseSettings):
    """What an operator can set. Each field's name in capitals is its name in the environment."""

    model_config = SettingsConfigDict(
        env_file=".env",
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
    )

    discord_token: SecretStr | None = None
    """The bot's token. Without it `run` opens the room in the browser instead of joining Discord."""
    discord_api_url: WebAddress = "https://discord.com/api/v10"
    """Where REST requests go; set it to put a REST proxy in front."""
    discord_gateway_url: SocketAddress = "wss://gateway.discord.gg/"
    """Where the WebSocket goes; set it to put a gateway proxy in front."""
    rules_dir: Path | None = None
    """The folder of rules; without it the rules that came with the program."""
    data_dir: Path = Path("data")
    """The folder of the database."""
    host: str = "127.0.0.1"
    """The address on which the page, health and metrics are served."""
    port: Annotated[int, Field(ge=0, le=65535)] = 8080
    """Its port; 0 takes a free one."""
    room_cooldown_seconds: Annotated[int, Field(ge=0, le=604800)] = 1800
    """How long a claim family stays quiet in a room after it was answered there, in seconds."""
    member_cooldown_seconds: Annotated[int, Field(ge=0, le=2592000)] = 86400
    """How long a member is not told the same family's caveats again, in seconds."""
    review_days: Annotated[int, Field(ge=1, le=365)] = 30
    """How long matched words are kept for review, in days."""
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    """How much is logged: debug, info, warning or error."""
    log_format: Literal["text", "json"] = "text"
    """How it is logged: text for people, or json, one object a line, for a log collector."""

    @property
    def database(self) -> Path:
        """The database's file."""
        return self.data_dir / DATABASE


def load_settings() -> Settings:
    """Read the settings.

    Returns:
        the settings.

    Raises:
        SettingsError: settings are wrong (all are named, with what they are for), or `.env` cannot be read.
    """
    try:
        return Settings()
    except ValidationError as error:
        faults = [_describe(str(fault["loc"][0]), fault["msg"]) for fault in error.errors()]
        raise SettingsError("\n".join(["wrong settings:", *faults])) from error
    except OSError as error:
        raise SettingsError(f".env cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise SettingsError(".env is not UTF-8 text; save it as UTF-8") from error


def _describe(name: str, problem: str) -> str:
    meaning = meaning_of(Settings, name)
    return f"  {name.upper()}: {problem.removeprefix('Value error, ')} ({meaning})"
