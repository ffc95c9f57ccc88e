"""Settings, from the environment and an optional `.env` file. Nothing is read when this is imported."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, get_args
from urllib.parse import urlsplit

from msgspec import Meta, Struct, ValidationError, convert
from msgspec.structs import FieldInfo
from msgspec.structs import fields as fields_of

from bot.described import meaning_of
from bot.errors import SettingsError

DATABASE = "caveat.sqlite3"
"""The name of the database's file in the folder of data."""
_ENV_FILE = Path(".env")
_SCHEMES = "schemes"

WebAddress = Annotated[str, Meta(extra={_SCHEMES: ("https", "http")})]
SocketAddress = Annotated[str, Meta(extra={_SCHEMES: ("wss", "ws")})]


class Secret:
    """Holds a text and shows it only to who asks for it by name.

    Args:
        text: the text.
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """Give the text."""
        return self._text

    def __repr__(self) -> str:
        return "Secret(…)"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._text == other._text

    def __hash__(self) -> int:
        return hash(self._text)

    def __reduce__(self) -> str:
        raise TypeError("a secret is not written down")


class Settings(Struct, frozen=True, kw_only=True):
    """What an operator can set. Each field's name in capitals is its name in the environment."""

    discord_token: Secret | None = None
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
    port: Annotated[int, Meta(ge=0, le=65535)] = 8080
    """Its port; 0 takes a free one."""
    room_cooldown_seconds: Annotated[int, Meta(ge=0, le=604800)] = 1800
    """How long a claim family stays quiet in a room after it was answered there, in seconds."""
    member_cooldown_seconds: Annotated[int, Meta(ge=0, le=2592000)] = 86400
    """How long a member is not told the same family's caveats again, in seconds."""
    review_days: Annotated[int, Meta(ge=1, le=365)] = 30
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
    """Read the settings. The environment goes before `.env`, and an empty value is as none.

    Returns:
        the settings.

    Raises:
        SettingsError: settings are wrong (all are named, with what they are for), or `.env` cannot be read.
    """
    written = {**_from_file(), **os.environ}
    given = {name.upper(): value for name, value in written.items() if value}
    faults: list[str] = []
    values = dict(_values(given, faults))
    if faults:
        raise SettingsError("\n".join(["wrong settings:", *faults]))
    return Settings(**values)


def _from_file() -> dict[str, str | None]:
    if not _ENV_FILE.exists():
        return {}
    from dotenv import dotenv_values  # noqa: PLC0415  # of those who have the file

    try:
        return dotenv_values(_ENV_FILE, encoding="utf-8")
    except OSError as error:
        raise SettingsError(f".env cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise SettingsError(".env is not UTF-8 text; save it as UTF-8") from error


def _values(given: Mapping[str, str], faults: list[str]) -> Iterator[tuple[str, Any]]:
    for field in fields_of(Settings):
        text = given.get(field.name.upper())
        if text is None:
            continue
        try:
            value = convert(text, field.type, strict=False, dec_hook=_of_text)
        except ValidationError:
            value = None
        if value is None or not _is_address(value, field):
            meaning = meaning_of(Settings, field.name)
            faults.append(f"  {field.name.upper()}: should be {_wanted(field)} ({meaning})")
        else:
            yield field.name, value


def _of_text(kind: type[Any], text: Any) -> Any:  # noqa: ANN401  # msgspec's own signature
    return kind(text)


def _schemes(field: FieldInfo) -> tuple[str, ...]:
    extras = (mark.extra for mark in get_args(field.type) if isinstance(mark, Meta))
    return next((extra[_SCHEMES] for extra in extras if extra and _SCHEMES in extra), ())


def _is_address(value: object, field: FieldInfo) -> bool:
    """Tell whether a value has a scheme and a host, where the field asks for an address."""
    schemes = _schemes(field)
    if not schemes:
        return True
    try:
        parts = urlsplit(str(value))
        return parts.scheme in schemes and bool(parts.hostname)
    except ValueError:
        return False


def _wanted(field: FieldInfo) -> str:
    """Say what a field takes."""
    if schemes := _schemes(field):
        return f"an address that begins with {' or '.join(f'{scheme}://' for scheme in schemes)}"
    for mark in get_args(field.type):
        if isinstance(mark, Meta):
            return f"a whole number from {mark.ge} to {mark.le}"
    return f"one of: {', '.join(map(str, get_args(field.type)))}"
