"""`/rules stats` in Discord: a picture with its description, a table, and the numbers as a file."""

from __future__ import annotations

import csv
import struct
import sys

import pytest

from bot.gateway.rules.access import NOT_ALLOWED
from bot.gateway.statistics import NO_PLOT
from tests.gateway.harness import CLAIM
from tests.gateway.office import Office
from tests.gateway.test_questions import press
from tests.loopback.guilds import Guild
from tests.loopback.interactions import Interaction
from tests.loopback.members import Member
from tests.loopback.permissions import Permission
from tests.loopback.places import Channel


def attached(interaction: Interaction) -> dict[str, dict[str, object]]:
    """Give the files of an answer by their names."""
    assert interaction.message is not None
    return {str(file["filename"]): file for file in interaction.message.attachments}


def content(office: Office, file: dict[str, object]) -> bytes:
    return office.discord.world.files[int(str(file["id"]))]


async def test_figures_come_as_a_picture_a_table_and_numbers(
    office: Office, general: Channel, ana: Member, mia: Member
) -> None:
    reply = await office.discord.wait_for_reply(ana.say(general, CLAIM))
    await press(ana, reply, "Not what I said")
    told = await mia.slash(general, "/rules stats")
    assert told.is_ephemeral
    assert told.text.startswith("12 weeks (")
    assert "1 reply, 1 in the week that began last" in told.text
    row = next(line.split() for line in told.text.splitlines() if line.startswith("cold-relief"))
    assert row[1:6] == ["1", "0", "0", "0/0/1", "1/1"]
    files = attached(told)
    assert list(files) == ["statistics.png", "statistics.csv"]
    picture = content(office, files["statistics.png"])
    assert struct.unpack(">II", picture[16:24]) == (1500, 1125)
    assert "False alarms: 1 of 1" in str(files["statistics.png"]["description"])
    rows = list(csv.DictReader(content(office, files["statistics.csv"]).decode().splitlines()))
    assert [(row["family"], row["replies"]) for row in rows if row["family"]] == [("cold-relief", "1")]


async def test_weeks_and_family_narrow_it(office: Office, general: Channel, ana: Member, mia: Member) -> None:
    await office.discord.wait_for_reply(ana.say(general, CLAIM))
    told = await mia.slash(general, "/rules stats", {"weeks": 1, "family": "cold-relief"})
    assert told.text.startswith("This week (")
    other = await mia.slash(general, "/rules stats", {"weeks": 1, "family": "garlic-safe"})
    assert "0 replies" in other.text
    assert attached(other) == {}
    strange = await mia.slash(general, "/rules stats", {"family": "<@&1> ` @everyone"})
    assert "There is no claim family" in strange.text
    assert strange.message is not None
    assert strange.message.pings_nobody


async def test_families_are_offered_while_one_types(office: Office, general: Channel, mia: Member) -> None:
    offered = await mia.autocomplete(general, "/rules stats", "family", "harm")
    assert [choice["value"] for choice in offered] == ["garlic-safe"]


async def test_another_servers_figures_are_not_told(
    office: Office, general: Channel, ana: Member, mia: Member
) -> None:
    await office.discord.wait_for_reply(ana.say(general, CLAIM))
    elsewhere = office.discord.create_guild("elsewhere")
    role = elsewhere.create_role("moderators", permissions=Permission.MANAGE_GUILD)
    eve = elsewhere.create_member("eve", roles=[role])
    told = await eve.slash(elsewhere.create_channel("there"), "/rules stats")
    assert "0 replies" in told.text


async def test_whoever_may_not_manage_the_server_is_turned_away_though_the_command_is_shown(
    office: Office, guild: Guild, general: Channel, ana: Member
) -> None:
    # An administrator of a server can show a command to everybody.
    [command] = [one for one in office.discord.commands.all_in(None) if one["name"] == "rules"]
    command["default_member_permissions"] = None
    told = await ana.slash(general, "/rules stats")
    assert told.text == NOT_ALLOWED
    assert attached(told) == {}


async def test_without_matplotlib_the_table_is_told(
    office: Office, general: Channel, ana: Member, mia: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    await office.discord.wait_for_reply(ana.say(general, CLAIM))
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    told = await mia.slash(general, "/rules stats")
    assert NO_PLOT in told.text
    assert list(attached(told)) == ["statistics.csv"]
