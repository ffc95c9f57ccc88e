"""Routes about application commands, global ones and those of a guild."""

from __future__ import annotations

from tests.loopback.checks_commands import check_command, check_command_change, check_commands
from tests.loopback.problems import ApiError, unknown
from tests.loopback.rest import Answer, Call, Endpoint


def command_endpoints() -> list[Endpoint]:
    """Return the routes."""
    endpoints: list[Endpoint] = []
    for scope in ("/applications/{application_id}", "/applications/{application_id}/guilds/{guild_id}"):
        commands, one = f"{scope}/commands", f"{scope}/commands/{{command_id}}"
        endpoints += [
            Endpoint("GET", commands, _list),
            Endpoint("PUT", commands, _replace, check_commands),
            Endpoint("POST", commands, _create, check_command),
            Endpoint("GET", one, _get),
            Endpoint("PATCH", one, _change, check_command_change),
            Endpoint("DELETE", one, _delete),
        ]
    return endpoints


def _scope(call: Call) -> int | None:
    if call.number("application_id") != call.discord.application_id:
        raise ApiError(403, 20012, "You are not authorized to perform this action on this application")
    if "guild_id" not in call.parameters:
        return None
    guild = call.discord.world.guilds.get(call.number("guild_id"))
    if guild is None or not guild.has_bot:
        raise ApiError(403, 50001, "Missing Access")
    return guild.id


async def _list(call: Call) -> Answer:
    return Answer(call.discord.commands.all_in(_scope(call)))


async def _replace(call: Call) -> Answer:
    scope = _scope(call)
    ids = [call.discord.world.make_id() for _ in call.body]
    return Answer(call.discord.commands.replace_all(scope, call.body, ids))


async def _create(call: Call) -> Answer:
    command, is_new = call.discord.commands.put(_scope(call), call.body, call.discord.world.make_id())
    return Answer(command, 201 if is_new else 200)


async def _get(call: Call) -> Answer:
    command = call.discord.commands.find(_scope(call), call.number("command_id"))
    if command is None:
        raise unknown("application command")
    return Answer(command)


async def _change(call: Call) -> Answer:
    scope, command_id = _scope(call), call.number("command_id")
    if call.discord.commands.find(scope, command_id) is None:
        raise unknown("application command")
    return Answer(call.discord.commands.change(scope, command_id, call.body, call.discord.world.make_id()))


async def _delete(call: Call) -> Answer:
    if not call.discord.commands.delete(_scope(call), call.number("command_id")):
        raise unknown("application command")
    return Answer()
