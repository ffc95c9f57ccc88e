"""Routes about the bot itself, its application, users and guilds."""

from __future__ import annotations

from tests.loopback.checks_messages import check_private_channel
from tests.loopback.guilds import Guild
from tests.loopback.payloads import (
    channel_payload,
    guild_summary,
    member_payload,
    role_payload,
    user_payload,
)
from tests.loopback.permissions import Permission, in_guild
from tests.loopback.problems import Json, missing_access, unknown
from tests.loopback.rest import Answer, Call, Endpoint


def account_endpoints() -> list[Endpoint]:
    """Return the routes."""
    return [
        Endpoint("GET", "/gateway", _gateway, needs_token=False),
        Endpoint("GET", "/gateway/bot", _gateway_bot),
        Endpoint("GET", "/users/@me", _me),
        Endpoint("GET", "/users/@me/guilds", _my_guilds),
        Endpoint("DELETE", "/users/@me/guilds/{guild_id}", _leave_guild),
        Endpoint("POST", "/users/@me/channels", _open_private, check_private_channel),
        Endpoint("GET", "/users/{user_id}", _user),
        Endpoint("GET", "/oauth2/applications/@me", _application),
        Endpoint("GET", "/applications/@me", _application),
        Endpoint("GET", "/applications/{application_id}/emojis", _emojis),
        Endpoint("GET", "/guilds/{guild_id}", _guild),
        Endpoint("GET", "/guilds/{guild_id}/channels", _channels),
        Endpoint("GET", "/guilds/{guild_id}/roles", _roles),
        Endpoint("GET", "/guilds/{guild_id}/threads/active", _threads),
        Endpoint("GET", "/guilds/{guild_id}/members/{user_id}", _member),
        Endpoint("GET", "/channels/{channel_id}", _channel),
    ]


async def _gateway(call: Call) -> Answer:
    return Answer({"url": call.discord.gateway_url})


async def _gateway_bot(call: Call) -> Answer:
    limit = {"total": 1000, "remaining": 999, "reset_after": 86_400_000, "max_concurrency": 1}
    return Answer({"url": call.discord.gateway_url, "shards": 1, "session_start_limit": limit})


async def _me(call: Call) -> Answer:
    own: Json = {"verified": True, "mfa_enabled": True, "locale": "en-US", "email": None}
    return Answer(user_payload(call.discord.world.bot) | own)


async def _my_guilds(call: Call) -> Answer:
    return Answer(
        [
            {
                "id": str(guild.id),
                "name": guild.name,
                "icon": None,
                "banner": None,
                "owner": False,
                "permissions": str(int(in_guild(guild, guild.bot))),
                "features": [],
            }
            for guild in call.discord.world.guilds.values()
            if guild.has_bot
        ]
    )


async def _leave_guild(call: Call) -> Answer:
    call.discord.world.remove_bot(_guild_of(call))
    return Answer()


async def _open_private(call: Call) -> Answer:
    user = call.discord.world.users.get(int(call.body["recipient_id"]))
    if user is None:
        raise unknown("User")
    return Answer(channel_payload(call.discord.world.private_channel(user)))


async def _user(call: Call) -> Answer:
    user = call.discord.world.users.get(call.number("user_id"))
    if user is None:
        raise unknown("User")
    return Answer(user_payload(user))


async def _application(call: Call) -> Answer:
    bot = call.discord.world.bot
    owner = {**user_payload(bot), "id": str(bot.id + 1), "username": "operator", "bot": False}
    return Answer(
        {
            "id": str(call.discord.application_id),
            "name": bot.name,
            "icon": None,
            "description": "",
            "type": None,
            "summary": "",
            "verify_key": "0" * 64,
            "flags": call.discord.application_flags,
            "flags_new": str(call.discord.application_flags),
            "bot": user_payload(bot),
            "bot_public": True,
            "bot_require_code_grant": False,
            "integration_types_config": {"0": {}},
            "redirect_uris": [],
            "interactions_endpoint_url": None,
            "role_connections_verification_url": None,
            "rpc_origins": [],
            "owner": owner,
            "approximate_guild_count": len(call.discord.world.guilds),
            "approximate_user_install_count": 0,
            "approximate_user_authorization_count": 0,
            "explicit_content_filter": 0,
            "team": None,
            "hook": True,
            "eligible_oauth2_scopes": ["bot", "applications.commands"],
        }
    )


async def _emojis(_: Call) -> Answer:
    return Answer({"items": []})


async def _guild(call: Call) -> Answer:
    return Answer(guild_summary(_guild_of(call)))


async def _channels(call: Call) -> Answer:
    channels = _guild_of(call).channels.values()
    return Answer([channel_payload(channel) for channel in channels if not channel.is_thread])


async def _roles(call: Call) -> Answer:
    return Answer([role_payload(role) for role in _guild_of(call).roles.values()])


async def _threads(call: Call) -> Answer:
    guild = _guild_of(call)
    seen = [
        thread
        for thread in guild.threads
        if Permission.VIEW_CHANNEL in call.discord.world.bot_permissions(thread)
    ]
    return Answer({"threads": [channel_payload(thread) for thread in seen], "members": []})


async def _member(call: Call) -> Answer:
    member = _guild_of(call).members.get(call.number("user_id"))
    if member is None:
        raise unknown("Member")
    return Answer(member_payload(member))


async def _channel(call: Call) -> Answer:
    channel = call.channel()
    if Permission.VIEW_CHANNEL not in call.discord.world.bot_permissions(channel):
        raise missing_access()
    return Answer(channel_payload(channel))


def _guild_of(call: Call) -> Guild:
    guild = call.discord.world.guilds.get(call.number("guild_id"))
    if guild is None or not guild.has_bot:
        raise unknown("Guild")
    return guild
