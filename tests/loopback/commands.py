"""The application commands that a bot has registered, and who sees them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.loopback.permissions import Permission
from tests.loopback.problems import Json

if TYPE_CHECKING:
    from tests.loopback.members import Member
    from tests.loopback.places import Channel

SLASH, ON_USER, ON_MESSAGE = 1, 2, 3
"""The types of commands."""
_IN_GUILD, _IN_PRIVATE = 0, 1
"""The contexts of commands."""


class CommandRegister:
    """Registered commands by scope: of one guild, or of all.

    Args:
        application_id: whose they are.
    """

    def __init__(self, application_id: int) -> None:
        self._application_id = application_id
        self._by_scope: dict[int | None, dict[int, Json]] = {}
        self._shown: set[tuple[str, int]] = set()

    def all_in(self, scope: int | None) -> list[Json]:
        """Return the commands of a guild, or with none the global ones."""
        return list(self._by_scope.get(scope, {}).values())

    def find(self, scope: int | None, command_id: int) -> Json | None:
        """Return a command by its id."""
        return self._by_scope.get(scope, {}).get(command_id)

    def put(self, scope: int | None, body: Json, new_id: int) -> tuple[Json, bool]:
        """Register a command in place of one with the same name and type.

        Args:
            scope: the guild's id; none for a global one.
            body: as the bot sent it.
            new_id: the id that a new command gets.

        Returns:
            the command as registered, and whether it is new.
        """
        kind = int(body.get("type") or SLASH)
        held = self._by_scope.setdefault(scope, {})
        same = [one for one in held.values() if (one["name"], one["type"]) == (body["name"], kind)]
        command_id = int(same[0]["id"]) if same else new_id
        held[command_id] = self._registered(scope, body, kind, command_id, new_id)
        return held[command_id], not same

    def replace_all(self, scope: int | None, bodies: list[Json], new_ids: list[int]) -> list[Json]:
        """Register these commands and no others; those of the same name and type keep their ids."""
        kept = [self.put(scope, body, new_id)[0] for body, new_id in zip(bodies, new_ids, strict=True)]
        self._by_scope[scope] = {int(command["id"]): command for command in kept}
        return kept

    def change(self, scope: int | None, command_id: int, body: Json, new_id: int) -> Json:
        """Change a command that exists."""
        held = self._by_scope[scope]
        merged = {**held[command_id], **body}
        held[command_id] = self._registered(scope, merged, merged["type"], command_id, new_id)
        return held[command_id]

    def delete(self, scope: int | None, command_id: int) -> bool:
        """Delete a command; tell whether there was one."""
        return self._by_scope.get(scope, {}).pop(command_id, None) is not None

    def show(self, name: str, member: Member) -> None:
        """Show a command to a member whatever permissions it asks for, as a server's own settings can."""
        self._shown.add((name, member.id))

    def seen_by(self, member: Member, channel: Channel, name: str, kind: int) -> Json:
        """Return a command as a member finds it in a channel; a guild's own comes before a global one.

        Raises:
            LookupError: there is none, or the member does not see it there.
        """
        guild = channel.guild
        scopes = (guild.id, None) if guild is not None else (None,)
        named = [
            command
            for scope in scopes
            for command in self.all_in(scope)
            if (command["name"], command["type"]) == (name, kind)
        ]
        if not named:
            names = sorted(str(one["name"]) for scope in scopes for one in self.all_in(scope))
            raise LookupError(f"the bot registered no command {name!r} of type {kind}; there are {names}")
        if (name, member.id) not in self._shown and not _is_shown(named[0], member, channel):
            raise LookupError(f"{member.user.name} does not see the command {name!r} in this channel")
        return named[0]

    def _registered(self, scope: int | None, body: Json, kind: int, command_id: int, version: int) -> Json:
        permissions = body.get("default_member_permissions")
        registered: Json = {
            "id": str(command_id),
            "application_id": str(self._application_id),
            "version": str(version),
            "type": kind,
            "name": body["name"],
            "name_localizations": body.get("name_localizations"),
            "description": body.get("description") or "",
            "description_localizations": body.get("description_localizations"),
            "default_member_permissions": str(permissions) if permissions is not None else None,
            "nsfw": bool(body.get("nsfw")),
            "integration_types": body.get("integration_types") or [0],
        }
        if body.get("options"):
            registered["options"] = body["options"]
        if scope is not None:
            return {**registered, "guild_id": str(scope)}
        return {
            **registered,
            "dm_permission": body.get("dm_permission", True),
            "contexts": body.get("contexts"),
        }


def _is_shown(command: Json, member: Member, channel: Channel) -> bool:
    contexts = command.get("contexts")
    context = _IN_GUILD if channel.guild is not None else _IN_PRIVATE
    if contexts is not None and context not in contexts:
        return False
    if channel.guild is None:
        return bool(command.get("dm_permission", True))
    granted = member.permissions_in(channel)
    needed = Permission(int(command["default_member_permissions"] or 0))
    if command["default_member_permissions"] == "0":
        needed = Permission.ADMINISTRATOR
    return Permission.USE_APPLICATION_COMMANDS in granted and needed in granted
