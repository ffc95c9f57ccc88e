"""Permissions, computed and enforced as Discord does."""

from __future__ import annotations

import io
from collections.abc import Awaitable, Callable
from datetime import timedelta

import discord
import pytest

from tests.loopback import Channel, Guild, LoopbackDiscord, Permission
from tests.loopback.conftest import Connect
from tests.loopback.permissions import EVERYTHING, NOTHING

SEE = Permission.VIEW_CHANNEL
SPEAK = Permission.SEND_MESSAGES


@pytest.fixture
def guild(loopback: LoopbackDiscord) -> Guild:
    return loopback.create_guild()


@pytest.fixture
def channel(guild: Guild) -> Channel:
    return guild.create_channel("general")


@pytest.mark.parametrize(
    ("everyone", "role", "member", "may"),
    [
        (None, None, None, True),
        ("deny", None, None, False),
        ("deny", "allow", None, True),
        ("allow", "deny", None, False),
        ("deny", "deny", "allow", True),
        ("allow", "allow", "deny", False),
    ],
)
def test_overwrites_go_from_everyone_over_roles_to_the_member(
    guild: Guild, channel: Channel, everyone: str | None, role: str | None, member: str | None, may: bool
) -> None:
    helpers = guild.create_role("helpers")
    ana = guild.create_member("ana", roles=[helpers])
    for target, verb in ((guild.everyone, everyone), (helpers, role), (ana, member)):
        if verb is not None:
            allow, deny = (SPEAK, NOTHING) if verb == "allow" else (NOTHING, SPEAK)
            channel.set_overwrite(target, allow=allow, deny=deny)
    assert (SPEAK in ana.permissions_in(channel)) is may


def test_an_allowance_of_one_role_beats_the_refusal_of_another(guild: Guild, channel: Channel) -> None:
    one, other = guild.create_role("one"), guild.create_role("other")
    ana = guild.create_member("ana", roles=[one, other])
    channel.set_overwrite(one, deny=SPEAK)
    channel.set_overwrite(other, allow=SPEAK)
    assert SPEAK in ana.permissions_in(channel)


def test_administrators_and_the_owner_may_everything(guild: Guild, channel: Channel) -> None:
    channel.set_overwrite(guild.everyone, deny=SEE)
    admin = guild.create_role("admin", permissions=Permission.ADMINISTRATOR)
    ana = guild.create_member("ana", roles=[admin])
    owner = guild.members[guild.owner_id]
    assert (ana.permissions_in(channel), owner.permissions_in(channel)) == (EVERYTHING, EVERYTHING)


def test_who_does_not_see_a_channel_may_nothing_there(guild: Guild, channel: Channel) -> None:
    ana = guild.create_member("ana")
    channel.set_overwrite(guild.everyone, deny=SEE)
    assert ana.permissions_in(channel) == NOTHING


def test_who_may_not_speak_may_not_attach_or_mention_everyone(guild: Guild, channel: Channel) -> None:
    ana = guild.create_member("ana")
    channel.set_overwrite(guild.everyone, deny=SPEAK)
    left = Permission.ATTACH_FILES | Permission.EMBED_LINKS | Permission.MENTION_EVERYONE
    assert not ana.permissions_in(channel) & left


def test_a_time_out_leaves_reading(guild: Guild, channel: Channel) -> None:
    ana = guild.create_member("ana")
    now = guild.world.now()
    ana.time_out(now + timedelta(hours=1))
    assert ana.permissions_in(channel) == SEE | Permission.READ_MESSAGE_HISTORY
    ana.time_out(now - timedelta(hours=1))
    assert SPEAK in ana.permissions_in(channel)


def test_a_thread_has_its_channels_overwrites_and_a_private_one_its_members(
    guild: Guild, channel: Channel
) -> None:
    ana, ben = guild.create_member("ana"), guild.create_member("ben")
    thread = guild.create_thread(channel, "open", owner=ana)
    private = guild.create_thread(channel, "closed", owner=ana, is_private=True)
    channel.set_overwrite(ben, deny=Permission.SEND_MESSAGES_IN_THREADS)
    assert Permission.SEND_MESSAGES_IN_THREADS in ana.permissions_in(thread)
    assert Permission.SEND_MESSAGES_IN_THREADS not in ben.permissions_in(thread)
    assert (SEE in ana.permissions_in(private), ben.permissions_in(private)) == (True, NOTHING)


def test_a_category_hands_its_overwrites_to_new_channels(guild: Guild) -> None:
    category = guild.create_category("hidden")
    category.set_overwrite(guild.everyone, deny=SEE)
    ana = guild.create_member("ana")
    assert ana.permissions_in(guild.create_channel("inside", category=category)) == NOTHING


Attempt = Callable[[discord.TextChannel], Awaitable[object]]


async def _history(room: discord.TextChannel) -> object:
    return await room.fetch_message(1)


@pytest.mark.parametrize(
    ("denied", "attempt", "code"),
    [
        (SEE, lambda room: room.send("a"), 50001),
        (SPEAK, lambda room: room.send("a"), 50013),
        (Permission.EMBED_LINKS, lambda room: room.send(embed=discord.Embed(title="a")), 50013),
        (Permission.ATTACH_FILES, lambda room: room.send(file=discord.File(io.BytesIO(b"a"), "a")), 50013),
        (Permission.READ_MESSAGE_HISTORY, _history, 50013),
        (SPEAK, lambda room: room.typing().__aenter__(), 50013),
        (Permission.VIEW_CHANNEL, _history, 50001),
        (NOTHING, _history, 10008),
    ],
)
async def test_what_is_not_permitted_is_refused(
    loopback: LoopbackDiscord,
    connect: Connect,
    guild: Guild,
    channel: Channel,
    denied: Permission,
    attempt: Attempt,
    code: int,
) -> None:
    room = (await connect()).get_channel(channel.id)
    assert isinstance(room, discord.TextChannel)
    channel.set_overwrite(guild.bot, deny=denied)
    with pytest.raises(discord.HTTPException) as refused:
        await attempt(room)
    assert refused.value.code == code
    assert loopback.violations == []


async def test_replying_needs_the_history_and_a_message_that_stands(
    loopback: LoopbackDiscord, connect: Connect, guild: Guild, channel: Channel
) -> None:
    ana = guild.create_member("ana")
    client = await connect()
    waiting = client.expect("message")
    claim = ana.say(channel, "claim")
    heard = await waiting
    channel.set_overwrite(guild.bot, deny=Permission.READ_MESSAGE_HISTORY)
    with pytest.raises(discord.HTTPException) as refused:
        await heard.reply("caveat")
    assert refused.value.code == 160002
    channel.set_overwrite(guild.bot)
    ana.delete(claim)
    with pytest.raises(discord.HTTPException, match="Unknown message") as refused:
        await heard.reply("caveat")
    assert refused.value.code == 50035
    assert loopback.violations == []


async def test_other_peoples_messages_need_a_moderators_permission(
    connect: Connect, guild: Guild, channel: Channel
) -> None:
    ana = guild.create_member("ana")
    client = await connect()
    waiting = client.expect("message")
    ana.say(channel, "claim")
    heard: discord.Message = await waiting
    with pytest.raises(discord.Forbidden) as refused:
        await heard.edit(content="changed")
    assert refused.value.code == 50005
    with pytest.raises(discord.Forbidden) as refused:
        await heard.delete()
    assert refused.value.code == 50013
    guild.bot.give(guild.create_role("moderator", permissions=Permission.MANAGE_MESSAGES))
    await heard.delete()
    assert channel.messages == []


async def test_the_client_computes_the_same_permissions(
    connect: Connect, guild: Guild, channel: Channel
) -> None:
    role = guild.create_role("bots", permissions=Permission.MANAGE_MESSAGES)
    guild.bot.give(role)
    channel.set_overwrite(guild.everyone, deny=Permission.ATTACH_FILES)
    channel.set_overwrite(role, allow=Permission.ATTACH_FILES, deny=Permission.ADD_REACTIONS)
    room = (await connect()).get_channel(channel.id)
    assert isinstance(room, discord.TextChannel)
    known = sum(Permission)
    assert room.permissions_for(room.guild.me).value & known == guild.bot.permissions_in(channel) & known


async def test_a_changed_permission_is_told(connect: Connect, guild: Guild, channel: Channel) -> None:
    client = await connect()
    waiting = client.expect("guild_channel_update")
    channel.set_overwrite(guild.everyone, deny=SPEAK)
    _, after = await waiting
    assert not after.permissions_for(after.guild.me).send_messages
    waiting = client.expect("guild_role_update")
    guild.set_permissions(guild.everyone, SEE)
    _, role = await waiting
    assert role.permissions.value == SEE
    waiting = client.expect("guild_channel_delete")
    channel.delete()
    assert (await waiting).id == channel.id
