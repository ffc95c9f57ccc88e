"""Settings, from the environment and an optional `.env` file. Nothing is read when this module is imported."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.errors import SettingsError


class Settings(BaseSettings):
    """What an operator can set. Each field's name in capitals is its name in the environment."""

    model_config = SettingsConfigDict(
        env_file=".env", env_file_encoding="utf-8", extra="ignore", frozen=True, use_attribute_docstrings=True
    )

    discord_token: SecretStr | None = None
    """The bot's token. Without it `run` opens the room in the browser instead of joining Discord."""
    discord_api_url: str = "https://discord.com/api/v10"
    """Where REST requests go; set it to put a REST proxy in front."""
    discord_gateway_url: str = "wss://gateway.discord.gg/"
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
    log_level: Annotated[str, Field(pattern=r"^(debug|info|warning|error)$")] = "info"
    """How much is logged: debug, info, warning or error."""


def load_settings() -> Settings:
    """Read the settings.

    Returns:
        the settings.

    Raises:
        SettingsError: one or more settings are wrong; each is named with what it needs.
    """
    try:
        return Settings()
    except ValidationError as error:
        lines = [
            f"{'.'.join(str(part) for part in fault['loc']).upper()}: {fault['msg']}" for fault in error.errors()
        ]
        raise SettingsError("wrong settings:\n  " + "\n  ".join(lines)) from error
