"""Those who may not manage the server get nothing done, whatever Discord shows them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from discord import Interaction, app_commands

from bot.gateway.rules.desk import RulesDesk
from bot.gateway.rules.group import SECTIONS, Section
from bot.gateway.rules.said import Said
from bot.proof import Proven
from bot.store.sqlite import SQLiteStore
from tests.gateway.harness import CLAIM
from tests.gateway.office import Office, opened
from tests.loopback import LoopbackDiscord
from tests.loopback.guilds import Guild
from tests.loopback.members import Member
from tests.loopback.permissions import Permission
from tests.loopback.places import Channel
from tests.moderation.desk import TONIC


async def test_others_cannot_see_complete_press_or_send(
    office: Office, discord: LoopbackDiscord, guild: Guild, general: Channel, ana: Member
) -> None:
    with pytest.raises(LookupError, match="does not see"):
        await ana.slash(general, "/rules list")
    role = guild.create_role("trusted", permissions=Permission.MANAGE_GUILD)
    ben = guild.create_member("ben", roles=[role])
    opened = await ben.slash(general, "/rules new", {"family": "cold-relief"})
    proposal = await ben.slash(general, "/rules off", {"rule": "garlic-cures-colds"})
    ben.take(role)
    discord.commands.show("rules", ben)
    for command, options in (
        ("list", {}),
        ("off", {"rule": "garlic-cures-colds"}),
        ("new", {"family": "cold-relief"}),
        ("settings show", {}),
    ):
        refused = await ben.slash(general, f"/rules {command}", options)
        assert refused.is_ephemeral
        assert "Only those who may **Manage Server**" in refused.text
    assert await ben.autocomplete(general, "/rules show", "rule", "") == []
    assert "Only those who may" in (await ben.submit(opened, {"text": TONIC})).text
    assert proposal.message is not None
    pressed = await ben.press(proposal.message, proposal.message.button("Go live")["custom_id"])
    assert "Only those who may" in pressed.text
    assert await office.newest() is None
    assert CLAIM not in pressed.text


async def test_the_command_is_registered_once_for_those_who_manage_the_server(
    office: Office, discord: LoopbackDiscord
) -> None:
    await office.bot.restart()
    [registered] = discord.requests_to("PUT /applications/{application_id}/commands")
    [rules] = [command for command in registered.body if command["name"] == "rules"]
    assert int(rules["default_member_permissions"]) == Permission.MANAGE_GUILD
    assert rules["contexts"] == [0]


async def test_a_section_that_is_handed_over_stands_beside_the_others(
    discord: LoopbackDiscord,
    guild: Guild,
    store: SQLiteStore,
    base: Proven,
    general: Channel,
    mia: Member,
) -> None:
    def more(desk: RulesDesk) -> Sequence[app_commands.Command[Any, ..., Any]]:
        async def say() -> Said:
            return Said("more")

        @app_commands.command(name="more", description="More")
        async def command(interaction: Interaction[Any]) -> None:
            await desk.answer(interaction, say)

        return (command,)

    async with opened(discord, guild, store, base, sections=(*SECTIONS, Section(more))) as office:
        await office.bot.start()
        assert (await mia.slash(general, "/rules more")).text == "more"
        assert "**2 rules**" in (await mia.slash(general, "/rules list")).text
