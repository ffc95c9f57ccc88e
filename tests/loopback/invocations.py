"""What a member types into a slash command, as the interaction carries it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from tests.loopback.members import Member
from tests.loopback.payloads import channel_payload, member_payload, role_payload, user_payload
from tests.loopback.places import Channel, Role, User
from tests.loopback.problems import Json

if TYPE_CHECKING:
    from tests.loopback.guilds import Guild


class OptionKind(IntEnum):
    """The types of a command's options."""

    SUBCOMMAND = 1
    GROUP = 2
    TEXT = 3
    INTEGER = 4
    BOOLEAN = 5
    USER = 6
    CHANNEL = 7
    ROLE = 8
    MENTIONABLE = 9
    NUMBER = 10
    ATTACHMENT = 11


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that a member gives to a command."""

    name: str
    content: bytes


Attach = Callable[[Upload], Json]
"""Uploads a file and describes it."""


@dataclass(slots=True)
class Resolved:
    """The things that options name, written once for all."""

    groups: dict[str, Json] = field(default_factory=dict)
    attach: Attach | None = None

    def add(self, thing: User | Member | Role | Channel | Upload, guild: Guild | None) -> str:
        """Write a thing; return its id."""
        if isinstance(thing, Upload):
            if self.attach is None:
                raise ValueError("no file can be given here")
            attachment = self.attach(thing)
            self._put("attachments", int(attachment["id"]), attachment)
            return str(attachment["id"])
        if isinstance(thing, Role):
            self._put("roles", thing.id, role_payload(thing))
        elif isinstance(thing, Channel):
            self._put("channels", thing.id, {**channel_payload(thing), "permissions": "0"})
        else:
            member = guild.members.get(thing.id) if guild is not None else None
            user = thing.user if isinstance(thing, Member) else thing
            self._put("users", thing.id, user_payload(user))
            if member is not None:
                granted = {"permissions": "0"}
                self._put("members", thing.id, member_payload(member, with_user=False) | granted)
        return str(thing.id)

    def _put(self, group: str, thing_id: int, payload: Json) -> None:
        self.groups.setdefault(group, {})[str(thing_id)] = payload


def invocation(
    command: Json,
    path: list[str],
    options: Mapping[str, Any],
    *,
    guild: Guild | None,
    focused: str | None,
    attach: Attach | None = None,
) -> Json:
    """Write the data of a slash command's interaction.

    Args:
        command: as registered.
        path: the names of group and subcommand below the command.
        options: what is typed, by option.
        guild: where it is used.
        focused: the option that is being typed, for autocomplete.
        attach: uploads a file that is given.

    Returns:
        the interaction's data.

    Raises:
        LookupError: there is no such subcommand.
        ValueError: the options do not fit.
    """
    leaf = command
    chain: list[Json] = []
    for name in path:
        inside = {one["name"]: one for one in leaf.get("options", []) if one["type"] in {1, 2}}
        if name not in inside:
            raise LookupError(f"{leaf['name']!r} has no subcommand {name!r}; there are {sorted(inside)}")
        leaf = inside[name]
        chain.append(leaf)
    resolved = Resolved(attach=attach)
    written = _written_options(leaf, options, guild=guild, focused=focused, resolved=resolved)
    for part in reversed(chain):
        written = [{"type": part["type"], "name": part["name"], "options": written}]
    data: Json = {"id": command["id"], "name": command["name"], "type": command["type"], "options": written}
    if "guild_id" in command:
        data["guild_id"] = command["guild_id"]
    return data | ({"resolved": resolved.groups} if resolved.groups else {})


def _written_options(
    leaf: Json, options: Mapping[str, Any], *, guild: Guild | None, focused: str | None, resolved: Resolved
) -> list[Json]:
    known = {one["name"]: one for one in leaf.get("options", [])}
    if any(one["type"] in {OptionKind.SUBCOMMAND, OptionKind.GROUP} for one in known.values()):
        raise ValueError(f"{leaf['name']!r} cannot be used without a subcommand; there are {sorted(known)}")
    strange = set(options) - set(known)
    if strange:
        raise ValueError(f"{leaf['name']!r} has no option {sorted(strange)}; there are {sorted(known)}")
    missing = [name for name, one in known.items() if one.get("required") and name not in options]
    if missing and focused is None:
        raise ValueError(f"{leaf['name']!r} needs the option {missing}")
    written: list[Json] = []
    for name, value in options.items():
        option: Json = {"name": name, "type": known[name]["type"]}
        if name == focused:
            if not known[name].get("autocomplete"):
                raise ValueError(f"the option {name!r} does not complete what is typed")
            written.append({**option, "value": value, "focused": True})
        else:
            written.append({**option, "value": _value(known[name], value, guild, resolved)})
    return written


def _value(option: Json, value: Any, guild: Guild | None, resolved: Resolved) -> Any:
    fits: dict[int, tuple[type, ...]] = {
        OptionKind.TEXT: (str,),
        OptionKind.INTEGER: (int,),
        OptionKind.BOOLEAN: (bool,),
        OptionKind.USER: (Member, User),
        OptionKind.CHANNEL: (Channel,),
        OptionKind.ROLE: (Role,),
        OptionKind.MENTIONABLE: (Member, User, Role),
        OptionKind.NUMBER: (int, float),
        OptionKind.ATTACHMENT: (Upload,),
    }
    kind = option["type"]
    if not isinstance(value, fits.get(kind, ())) or (kind != OptionKind.BOOLEAN and isinstance(value, bool)):
        raise ValueError(f"the option {option['name']!r} does not take {value!r}")
    if isinstance(value, Member | User | Role | Channel | Upload):
        return resolved.add(value, guild)
    size, unit = (len(value), "length") if isinstance(value, str) else (value, "value")
    smallest, biggest = option.get(f"min_{unit}"), option.get(f"max_{unit}")
    if (smallest is not None and size < smallest) or (biggest is not None and size > biggest):
        raise ValueError(f"the option {option['name']!r} takes a {unit} between {smallest} and {biggest}")
    choices = [choice["value"] for choice in option.get("choices") or []]
    if choices and value not in choices:
        raise ValueError(f"the option {option['name']!r} takes one of {choices}")
    return value
