"""Those who may not manage the server get nothing done, whatever Discord shows them."""

from __future__ import annotations

import pytest

from tests.gateway.harness import CLAIM
from tests.gateway.office import Office
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
