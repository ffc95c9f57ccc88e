"""What is wrong with application commands.

The figures are those of Discord's documentation on application commands.
"""

from __future__ import annotations

import unicodedata
from typing import Any

from tests.loopback.checks import Faults, Inspection, Path
from tests.loopback.checks_interactions import inspect_choice
from tests.loopback.problems import Json

SLASH = 1
MOST_COMMANDS = {1: 100, 2: 15, 3: 15}
"""How many commands of each type a scope takes."""
MOST_CHARACTERS = 8000
"""How many characters names, descriptions and values of one command may have together."""
_SUBCOMMAND, _GROUP, _ATTACHMENT = 1, 2, 11
_KEYS = {
    "id",
    "name",
    "name_localizations",
    "description",
    "description_localizations",
    "options",
    "default_member_permissions",
    "dm_permission",
    "contexts",
    "integration_types",
    "type",
    "nsfw",
    "handler",
}
_OPTION_KEYS = {
    "type",
    "name",
    "name_localizations",
    "description",
    "description_localizations",
    "required",
    "choices",
    "options",
    "channel_types",
    "min_value",
    "max_value",
    "min_length",
    "max_length",
    "autocomplete",
}
_SCRIPTS = ("DEVANAGARI", "THAI")


def check_commands(body: Any) -> Faults:
    """Find what is wrong with the list that replaces all commands."""
    inspection = Inspection()
    commands = inspection.items((), body, most=sum(MOST_COMMANDS.values()))
    for number, command in enumerate(commands):
        _inspect_command(inspection, (number,), command)
    sound = [one for one in commands if isinstance(one, dict)]
    for kind, most in MOST_COMMANDS.items():
        named = [one.get("name") for one in sound if (one.get("type") or SLASH) == kind]
        if len(named) > most:
            inspection.add((), "APPLICATION_COMMANDS_MAX", f"At most {most} commands of type {kind}.")
        sentence = "Application command names must be unique"
        inspection.unique((), named, "APPLICATION_COMMANDS_DUPLICATE_NAME", sentence)
    return inspection.faults


def check_command(body: Any) -> Faults:
    """Find what is wrong with a new command."""
    inspection = Inspection()
    _inspect_command(inspection, (), body)
    return inspection.faults


def check_command_change(body: Any) -> Faults:
    """Find what is wrong with the change of a command."""
    inspection = Inspection()
    if inspection.object((), body, _KEYS) and "name" in body:
        _inspect_name(inspection, ("name",), body["name"], is_slash=(body.get("type") or SLASH) == SLASH)
    return inspection.faults


def is_command_name(name: str) -> bool:
    """Tell whether a slash command or option may have a name.

    Discord's pattern is `^[-_'\\p{L}\\p{N}\\p{sc=Deva}\\p{sc=Thai}]{1,32}$`, and letters that have a
    lower-case form have to be in it.
    """
    if not 1 <= len(name) <= 32 or name != name.lower():
        return False
    return all(character in "-_'" or _is_letter(character) for character in name)


def _is_letter(character: str) -> bool:
    if unicodedata.category(character)[0] in "LN":
        return True
    return unicodedata.name(character, "").startswith(_SCRIPTS)


def _inspect_command(inspection: Inspection, path: Path, command: Any) -> None:
    if not inspection.object(path, command, _KEYS):
        return
    is_slash = (command.get("type") or SLASH) == SLASH
    _inspect_name(inspection, (*path, "name"), command.get("name"), is_slash=is_slash)
    description = (*path, "description")
    if is_slash:
        inspection.text(description, command.get("description"), least=1, most=100, required=True)
        _inspect_options(inspection, (*path, "options"), command.get("options"), depth=0)
    elif command.get("description") or command.get("options"):
        sentence = "Context menu commands cannot have description or options"
        inspection.add(description, "APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION", sentence)
    if _characters(command) > MOST_CHARACTERS:
        sentence = f"Command exceeds maximum size ({MOST_CHARACTERS})"
        inspection.add(path, "APPLICATION_COMMAND_TOO_LARGE", sentence)


def _inspect_name(inspection: Inspection, path: Path, name: Any, *, is_slash: bool) -> None:
    inspection.text(path, name, least=1, most=32, required=True)
    if is_slash and isinstance(name, str) and name and not is_command_name(name):
        sentence = "Command name is invalid"
        inspection.add(path, "APPLICATION_COMMAND_INVALID_NAME", sentence)


def _inspect_options(inspection: Inspection, path: Path, options: Any, *, depth: int) -> None:
    listed = inspection.items(path, options, most=25)
    for number, option in enumerate(listed):
        where = (*path, number)
        if inspection.object(where, option, _OPTION_KEYS):
            _inspect_option(inspection, where, option, depth=depth)
    sound = [one for one in listed if isinstance(one, dict)]
    sentence = "Application command option names must be unique"
    names = [one.get("name") for one in sound]
    inspection.unique(path, names, "APPLICATION_COMMAND_OPTIONS_NAME_INVALID", sentence)
    required = [bool(one.get("required")) for one in sound]
    if required != sorted(required, reverse=True):
        sentence = "Required options must be placed before non-required options"
        inspection.add(path, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", sentence)
    nests = [one.get("type") in (_SUBCOMMAND, _GROUP) for one in sound]
    if any(nests) and not all(nests):
        sentence = "Sub-command and sub-command group options are mutually exclusive with other options"
        inspection.add(path, "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", sentence)


def _inspect_option(inspection: Inspection, path: Path, option: Json, *, depth: int) -> None:
    kind = option.get("type")
    if kind not in range(_SUBCOMMAND, _ATTACHMENT + 1) or (kind == _GROUP and depth > 0) or depth > 2:
        inspection.add((*path, "type"), "BASE_TYPE_CHOICES", "An option of this type cannot stand here.")
        return
    _inspect_name(inspection, (*path, "name"), option.get("name"), is_slash=True)
    inspection.text((*path, "description"), option.get("description"), least=1, most=100, required=True)
    choices = inspection.items((*path, "choices"), option.get("choices"), most=25)
    for number, choice in enumerate(choices):
        inspect_choice(inspection, (*path, "choices", number), choice)
    if choices and option.get("autocomplete"):
        sentence = "Autocomplete cannot be used with choices"
        inspection.add((*path, "autocomplete"), "APPLICATION_COMMAND_AUTOCOMPLETE_CHOICES", sentence)
    inside = option.get("options")
    if kind in (_SUBCOMMAND, _GROUP):
        _inspect_options(inspection, (*path, "options"), inside, depth=depth + 1)
    elif inside:
        sentence = "Only subcommands and groups have options."
        inspection.add((*path, "options"), "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", sentence)


def _characters(command: Json) -> int:
    count = sum(len(str(command.get(key) or "")) for key in ("name", "description"))
    for choice in _objects(command.get("choices")):
        count += sum(len(str(choice.get(key, ""))) for key in ("name", "value"))
    return count + sum(_characters(option) for option in _objects(command.get("options")))


def _objects(listed: Any) -> list[Json]:
    return [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
