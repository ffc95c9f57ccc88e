"""`/rules settings`: what is set, by whom it can be set, and what becomes of it."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from bot.replies.model import SpeakingSettings
from tests.gateway.harness import CLAIM, EMERGENCY, QUESTION, SEND
from tests.gateway.office import Office, form_of
from tests.loopback import LoopbackDiscord
from tests.loopback.guilds import Guild
from tests.loopback.members import Member
from tests.loopback.permissions import Permission
from tests.loopback.places import Channel, ChannelKind


async def settings_of(office: Office) -> SpeakingSettings:
    return await office.checker.settings_of(office.server)


async def test_what_is_set_is_shown_and_no_language_is_offered_that_is_not_read(
    office: Office, general: Channel, mia: Member
) -> None:
    shown = await mia.slash(general, "/rules settings show")
    assert shown.is_ephemeral
    for line in (
        "Quiet rooms: none",
        "Moderators' channel: none",
        "Language of replies: en · English; what members write I read in English only",
    ):
        assert line in shown.text
    assert "Call emergency services" in shown.text or "Emergency lines (those of the rules)" in shown.text


async def test_a_quiet_room_is_quiet_until_it_is_taken_back(
    office: Office, discord: LoopbackDiscord, guild: Guild, general: Channel, ana: Member, mia: Member
) -> None:
    told = await mia.slash(general, "/rules settings room", {"room": general, "quiet": True})
    assert f"I am quiet in <#{general.id}>" in told.text
    ana.say(general, CLAIM)
    await discord.quiet()
    assert discord.requests_to(SEND) == []
    await mia.slash(general, "/rules settings room", {"room": general, "quiet": False})
    await discord.wait_for_reply(ana.say(general, CLAIM))
    thread = guild.create_thread(general, "colds", owner=ana)
    await mia.slash(general, "/rules settings room", {"room": thread, "quiet": True})
    assert (await settings_of(office)).exempt_rooms == {str(thread.id)}


async def test_a_role_is_not_answered_until_it_is_taken_back(
    office: Office, discord: LoopbackDiscord, guild: Guild, general: Channel, mia: Member
) -> None:
    doctors = guild.create_role("doctors", mentionable=True)
    told = await mia.slash(general, "/rules settings role", {"role": doctors, "quiet": True})
    assert f"<@&{doctors.id}>" in told.text
    assert told.message is not None
    assert told.message.pings_nobody
    ben = guild.create_member("ben", roles=[doctors])
    ben.say(general, CLAIM)
    await discord.quiet()
    assert discord.requests_to(SEND) == []
    await mia.slash(general, "/rules settings role", {"role": doctors, "quiet": False})
    await discord.wait_for_reply(ben.say(general, CLAIM))


@pytest.mark.parametrize(
    ("command", "options", "name", "value"),
    [
        ("cooldowns", {"room_minutes": 5}, "room_cooldown", 300),
        ("cooldowns", {"member_hours": 2}, "member_cooldown", 7200),
        ("cooldowns", {}, "room_cooldown", 0),
        ("questions", {"answered": False}, "answers_questions", False),
        ("alarm", {"shadow": False}, "alarm_shadow", False),
        ("alarm", {"percent": 35}, "alarm_percent", 35),
        ("alarm", {"replies": 1000}, "alarm_replies", 1000),
        ("alarm", {"voters": 1}, "alarm_voters", 1),
        ("alarm", {"days": 365}, "alarm_days", 365),
        ("repair", {"hours": 0}, "repair_hours", 0),
        ("repair", {"hours": 168}, "repair_hours", 168),
    ],
)
async def test_numbers_and_switches_are_set(
    office: Office,
    general: Channel,
    mia: Member,
    command: str,
    options: dict[str, Any],
    name: str,
    value: Any,
) -> None:
    await mia.slash(general, f"/rules settings {command}", options)
    assert getattr(await settings_of(office), name) == value


async def test_one_setting_of_the_alarm_leaves_the_others(
    office: Office, general: Channel, mia: Member
) -> None:
    before = await settings_of(office)
    await mia.slash(general, "/rules settings alarm", {"shadow": False, "percent": 50})
    await mia.slash(general, "/rules settings alarm", {"days": 7})
    assert await settings_of(office) == replace(before, alarm_shadow=False, alarm_percent=50, alarm_days=7)
    await mia.slash(general, "/rules settings alarm", {"shadow": True})
    assert await settings_of(office) == replace(before, alarm_percent=50, alarm_days=7)


@pytest.mark.parametrize(
    ("command", "options", "line"),
    [
        (
            "alarm",
            {"percent": 35, "replies": 20, "voters": 3, "days": 14},
            "when more than 35 % of all its replies in 14 days are called “not what I said”, with 95 % "
            "confidence, from 20 replies and 3 members who say so on",
        ),
        ("alarm", {"voters": 1, "days": 1}, "in the last day are"),
        ("alarm", {"voters": 1, "days": 1}, "and a member who say"),
        ("alarm", {"shadow": False}, "A rule drops to shadow by itself: never"),
        ("repair", {"hours": 48}, "Looked at again when a rule was mended: its replies of the last 48 h"),
        ("repair", {"hours": 0}, "mended: only the reply that was objected to"),
    ],
)
async def test_what_is_set_of_alarm_and_repair_is_shown(
    office: Office, general: Channel, mia: Member, command: str, options: dict[str, Any], line: str
) -> None:
    told = await mia.slash(general, f"/rules settings {command}", options)
    assert line in told.text
    assert line in (await mia.slash(general, "/rules settings show")).text


@pytest.mark.parametrize(
    ("command", "name", "least", "most"),
    [
        ("alarm", "percent", 1, 99),
        ("alarm", "replies", 1, 1000),
        ("alarm", "voters", 1, 100),
        ("alarm", "days", 1, 365),
        ("repair", "hours", 0, 168),
    ],
)
async def test_what_is_out_of_range_is_refused_while_it_is_typed_with_the_range(
    office: Office, general: Channel, mia: Member, command: str, name: str, least: int, most: int
) -> None:
    before = await settings_of(office)
    for number in (least - 1, most + 1):
        with pytest.raises(ValueError, match=f"'{name}' takes a value between {least} and {most}"):
            await mia.slash(general, f"/rules settings {command}", {name: number})
    assert await settings_of(office) == before


async def test_questions_that_are_not_to_be_answered_are_not(
    office: Office, discord: LoopbackDiscord, general: Channel, ana: Member, mia: Member
) -> None:
    await mia.slash(general, "/rules settings questions", {"answered": False})
    ana.say(general, QUESTION)
    await discord.quiet()
    assert discord.requests_to(SEND) == []


async def test_moderators_are_told_where_they_asked_to_be(
    office: Office, discord: LoopbackDiscord, guild: Guild, general: Channel, ana: Member, mia: Member
) -> None:
    office_room = guild.create_channel("office")
    told = await mia.slash(general, "/rules settings moderators", {"room": office_room})
    assert f"Moderators are told in <#{office_room.id}>" in told.text
    ana.say(general, EMERGENCY)
    assert "may need help" in (await discord.wait_for_message(office_room)).text
    told = await mia.slash(general, "/rules settings moderators")
    assert "told nothing" in told.text
    assert (await settings_of(office)).moderators_room is None


@pytest.mark.parametrize("which", ["voice", "silent"])
async def test_a_moderators_channel_that_cannot_be_written_in_is_not_taken(
    office: Office, guild: Guild, general: Channel, mia: Member, which: str
) -> None:
    if which == "voice":
        room = guild.create_channel("talk", kind=ChannelKind.VOICE)
    else:
        room = guild.create_channel("office")
        room.set_overwrite(guild.bot, deny=Permission.SEND_MESSAGES)
    told = await mia.slash(general, "/rules settings moderators", {"room": room})
    assert "Nothing was changed" in told.text
    assert (await settings_of(office)).moderators_room is None


async def test_emergency_lines_are_set_in_a_form_and_said(
    office: Office, discord: LoopbackDiscord, general: Channel, ana: Member, mia: Member
) -> None:
    opened = await mia.slash(general, "/rules settings emergency")
    assert form_of(opened) == {"text": ""}
    await mia.submit(opened, {"text": "Call 112.\n\nOr ask a nurse: <https://example.org/nurse>"})
    assert (await settings_of(office)).emergency_lines == (
        "Call 112.",
        "Or ask a nurse: <https://example.org/nurse>",
    )
    reply = await discord.wait_for_reply(ana.say(general, EMERGENCY))
    assert reply.text == "Call 112.\nOr ask a nurse: <https://example.org/nurse>"
    again = await mia.slash(general, "/rules settings emergency")
    assert form_of(again)["text"].startswith("Call 112.")
    await mia.submit(again, {"text": ""})
    assert (await settings_of(office)).emergency_lines == ()


async def test_too_many_emergency_lines_are_given_back(office: Office, general: Channel, mia: Member) -> None:
    opened = await mia.slash(general, "/rules settings emergency")
    told = await mia.submit(opened, {"text": "one\ntwo\nthree\nfour"})
    assert "At most 3 lines" in told.text
    assert "> four" in told.text
    assert (await settings_of(office)).emergency_lines == ()
