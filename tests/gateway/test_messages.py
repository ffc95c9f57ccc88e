"""What members say in channels, and what the bot makes of it: replies, edits, deletions."""

from __future__ import annotations

import pytest

from bot.replies.checker import Checker
from bot.replies.model import SpeakingSettings
from tests.gateway.harness import CHATTER, CLAIM, DELETE, EDIT, EMERGENCY, QUESTION, SEND, RunningBot
from tests.loopback import LoopbackDiscord
from tests.loopback.guilds import Guild
from tests.loopback.members import Member
from tests.loopback.permissions import Permission
from tests.loopback.places import Channel


async def test_a_claim_gets_a_card_as_a_reply_that_pings_nobody(
    discord: LoopbackDiscord, bot: RunningBot, general: Channel, ana: Member
) -> None:
    await bot.start()
    claim = ana.say(general, f"@everyone {ana.mention} {CLAIM}")
    reply = await discord.wait_for_reply(claim)
    assert reply.pings_nobody
    assert reply.content == ""
    [card] = reply.embeds
    assert "-# " in card["description"]
    assert "cured my cold" not in str(card)
    assert [button["label"] for row in reply.components for button in row["components"]] == [
        "Helpful",
        "Not helpful",
        "Not what I said",
        "Why?",
    ]
    [sent] = discord.requests_to(SEND)
    assert sent.body["allowed_mentions"] == {"parse": [], "replied_user": False}
    assert sent.body["message_reference"]["fail_if_not_exists"] is False


async def test_a_question_gets_the_short_form(
    discord: LoopbackDiscord, bot: RunningBot, general: Channel, ana: Member
) -> None:
    await bot.start()
    reply = await discord.wait_for_reply(ana.say(general, QUESTION))
    assert reply.embeds[0]["description"].startswith(("Short answer", "In brief"))


async def test_what_is_no_claim_by_a_member_of_a_server_gets_nothing(
    discord: LoopbackDiscord, bot: RunningBot, guild: Guild, general: Channel, ana: Member
) -> None:
    await bot.start()
    ana.say(general, CHATTER)
    ana.say(general, "", attachments=["garlic.png"])
    ana.say(ana.private_channel, CLAIM)
    guild.create_member("another bot", is_bot=True).say(general, CLAIM)
    general.webhook_says(CLAIM)
    await discord.wait_for_reply(ana.say(general, CLAIM))
    assert len(discord.requests_to(SEND)) == 1


async def test_a_forwarded_claim_is_answered(
    discord: LoopbackDiscord, bot: RunningBot, guild: Guild, general: Channel, ana: Member
) -> None:
    hidden = guild.create_channel("elsewhere")
    original = ana.say(hidden, CLAIM)
    await bot.start()
    forward = ana.say(general, "", forward_of=original)
    reply = await discord.wait_for_reply(forward)
    assert reply.pings_nobody


async def test_the_message_answered_gives_the_topic(
    discord: LoopbackDiscord, bot: RunningBot, guild: Guild, general: Channel, ana: Member
) -> None:
    ben = guild.create_member("ben")
    earlier = ben.say(general, "what about garlic")
    await bot.start()
    answer = ana.say(general, "it knocked my cold right out", reply_to=earlier)
    await discord.wait_for_reply(answer)


async def test_threads_are_answered_in_and_their_parents_settings_hold(
    discord: LoopbackDiscord, bot: RunningBot, checker: Checker, guild: Guild, ana: Member
) -> None:
    quiet = guild.create_category("quiet")
    remedies = guild.create_channel("remedies")
    exempt = guild.create_channel("exempt", category=quiet)
    settings = SpeakingSettings(room_cooldown=0, member_cooldown=0, exempt_rooms=frozenset({str(quiet.id)}))
    await checker.save_settings(str(guild.id), settings)
    await bot.start()
    ana.say(guild.create_thread(exempt, "colds", owner=ana), CLAIM)
    ana.say(exempt, CLAIM)
    await discord.wait_for_reply(ana.say(guild.create_thread(remedies, "colds", owner=ana), CLAIM))
    assert len(discord.requests_to(SEND)) == 1


async def test_members_with_an_exempt_role_are_left_alone(
    discord: LoopbackDiscord, bot: RunningBot, checker: Checker, guild: Guild, general: Channel, ana: Member
) -> None:
    doctors = guild.create_role("doctors")
    settings = SpeakingSettings(room_cooldown=0, member_cooldown=0, exempt_roles=frozenset({str(doctors.id)}))
    await checker.save_settings(str(guild.id), settings)
    await bot.start()
    guild.create_member("ben", roles=[doctors]).say(general, CLAIM)
    await discord.wait_for_reply(ana.say(general, CLAIM))
    assert len(discord.requests_to(SEND)) == 1


async def test_an_edit_that_adds_a_claim_is_answered_and_one_that_removes_it_takes_the_reply_back(
    discord: LoopbackDiscord, bot: RunningBot, general: Channel, ana: Member
) -> None:
    await bot.start()
    message = ana.say(general, CHATTER)
    ana.edit(message, CLAIM)
    reply = await discord.wait_for_reply(message)
    ana.edit(message, CHATTER)
    await discord.wait_until(lambda: reply not in general.messages)
    assert len(discord.requests_to(DELETE)) == 1


async def test_an_edit_from_a_claim_to_a_question_changes_the_reply_in_place(
    discord: LoopbackDiscord, bot: RunningBot, general: Channel, ana: Member
) -> None:
    await bot.start()
    message = ana.say(general, CLAIM)
    reply = await discord.wait_for_reply(message)
    ana.edit(message, QUESTION)
    await discord.wait_until(lambda: reply.embeds[0]["description"].startswith(("Short answer", "In brief")))
    assert reply.pings_nobody
    assert len(discord.requests_to(SEND)) == 1
    assert len(discord.requests_to(EDIT)) == 1
    assert discord.requests_to(EDIT)[0].body["allowed_mentions"]["parse"] == []


async def test_an_edit_overtakes_nothing(
    discord: LoopbackDiscord, bot: RunningBot, general: Channel, ana: Member
) -> None:
    await bot.start()
    discord.fail_next("POST /channels/*/messages", delay=0.2)
    message = ana.say(general, CLAIM)
    ana.edit(message, CHATTER)
    await discord.wait_until(lambda: bool(discord.requests_to(DELETE)))
    assert general.messages == [message]


async def test_an_edit_that_leaves_the_text_as_it_was_does_nothing(
    discord: LoopbackDiscord, bot: RunningBot, general: Channel, ana: Member
) -> None:
    await bot.start()
    message = ana.say(general, CLAIM)
    await discord.wait_for_reply(message)
    ana.edit(message, CLAIM)
    discord.world.resolve_link(message, url="https://example.org", title="A page")
    await discord.wait_for_reply(ana.say(general, CLAIM))
    assert discord.requests_to(EDIT) == []
    assert len(discord.requests_to(SEND)) == 2


async def test_a_link_preview_does_not_wake_an_old_message_but_an_edit_does(
    discord: LoopbackDiscord, bot: RunningBot, general: Channel, ana: Member
) -> None:
    old = ana.say(general, f"{CLAIM} https://example.org")
    await bot.start()
    discord.world.resolve_link(old, url="https://example.org", title="A page")
    await discord.wait_for_reply(ana.say(general, CLAIM))
    assert len(discord.requests_to(SEND)) == 1
    ana.edit(old, f"really, {CLAIM}")
    await discord.wait_for_reply(old)


async def test_deleted_messages_take_their_replies_along(
    discord: LoopbackDiscord, bot: RunningBot, general: Channel, ana: Member
) -> None:
    await bot.start()
    messages = [ana.say(general, CLAIM) for _ in range(3)]
    for message in messages:
        await discord.wait_for_reply(message)
    ana.delete(messages[0])
    await discord.wait_until(lambda: len(discord.requests_to(DELETE)) == 1)
    general.bulk_delete(messages[1:])
    await discord.wait_until(lambda: general.messages == [])


async def test_a_message_that_is_deleted_before_its_turn_is_not_answered(
    discord: LoopbackDiscord, bot: RunningBot, general: Channel, ana: Member
) -> None:
    await bot.start()
    discord.fail_next("POST /channels/*/messages", delay=0.2)
    first, second = ana.say(general, CLAIM), ana.say(general, CLAIM)
    ana.delete(second)
    await discord.wait_for_reply(first)
    await discord.quiet()
    assert len(discord.requests_to(SEND)) == 1


async def test_a_message_that_is_deleted_while_its_reply_is_sent_leaves_no_reply_behind(
    discord: LoopbackDiscord, bot: RunningBot, general: Channel, ana: Member
) -> None:
    await bot.start()
    discord.fail_next("POST /channels/*/messages", delay=0.2)
    message = ana.say(general, CLAIM)
    await discord.quiet(0.05)
    ana.delete(message)
    await discord.wait_until(lambda: bool(discord.requests_to(DELETE)))
    assert general.messages == []


async def test_a_reply_that_somebody_deleted_is_not_forced_on_them_again(
    discord: LoopbackDiscord, bot: RunningBot, checker: Checker, guild: Guild, general: Channel, ana: Member
) -> None:
    await bot.start()
    message = ana.say(general, CLAIM)
    reply = await discord.wait_for_reply(message)
    discord.fail_next(EDIT.replace("{channel_id}", "*").replace("{message_id}", "*"), status=404, code=10008)
    ana.edit(message, QUESTION)
    await discord.wait_until(lambda: bool(discord.requests_to(EDIT)))
    await discord.quiet()
    assert await checker.reply_to(server=str(guild.id), message=str(message.id)) is None
    explanation = await checker.explain(reply=str(reply.id))
    assert explanation is not None
    assert any("withdrawn" in line for line in explanation.lines)


async def test_an_emergency_is_answered_in_plain_text_and_moderators_are_pointed_there(
    discord: LoopbackDiscord, bot: RunningBot, checker: Checker, guild: Guild, general: Channel, ana: Member
) -> None:
    moderators = guild.create_channel("moderators")
    await checker.save_settings(str(guild.id), SpeakingSettings(moderators_room=str(moderators.id)))
    await bot.start()
    message = ana.say(general, EMERGENCY)
    reply = await discord.wait_for_reply(message)
    assert reply.content == "Please call your emergency number now."
    assert reply.embeds == []
    assert [button["label"] for row in reply.components for button in row["components"]] == [
        "Not what I said",
        "Why?",
    ]
    told = await discord.wait_for_message(moderators)
    assert f"https://discord.com/channels/{guild.id}/{general.id}/{message.id}" in told.content
    assert "I answered there with the emergency lines." in told.content
    assert "breathe" not in told.content
    assert told.pings_nobody


async def test_moderators_are_told_too_where_the_bot_may_not_answer(
    discord: LoopbackDiscord, bot: RunningBot, checker: Checker, guild: Guild, general: Channel, ana: Member
) -> None:
    moderators = guild.create_channel("moderators")
    general.set_overwrite(guild.bot, deny=Permission.SEND_MESSAGES)
    await checker.save_settings(str(guild.id), SpeakingSettings(moderators_room=str(moderators.id)))
    await bot.start()
    ana.say(general, EMERGENCY)
    told = await discord.wait_for_message(moderators)
    assert "I have not answered there." in told.content


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("g̶a̶r̶l̶i̶c̶ " * 200, id="zalgo"),
        pytest.param("\x00" * 50, id="NUL"),
        pytest.param("\ud83d garlic \udc00", id="lone surrogates"),
        pytest.param("\u202egarlic\u202c \u2066cured\u2069", id="right to left"),
        pytest.param("garlic " * 571, id="4,000 characters"),
    ],
)
async def test_whatever_is_written_the_next_claim_is_answered(
    discord: LoopbackDiscord, bot: RunningBot, general: Channel, ana: Member, text: str
) -> None:
    await bot.start()
    ana.say(general, text)
    mixed = ana.say(general, f"{text[:200]}. {CLAIM}")
    plain = ana.say(general, CLAIM)
    await discord.wait_for_reply(plain)
    await discord.wait_for_reply(mixed)


@pytest.mark.parametrize("where", ["nowhere", "on another server"])
async def test_moderators_without_a_channel_of_their_own_server_are_not_told_elsewhere(
    discord: LoopbackDiscord,
    bot: RunningBot,
    checker: Checker,
    guild: Guild,
    general: Channel,
    ana: Member,
    caplog: pytest.LogCaptureFixture,
    where: str,
) -> None:
    other = discord.create_guild("Other").create_channel("general")
    room = None if where == "nowhere" else str(other.id)
    await checker.save_settings(str(guild.id), SpeakingSettings(moderators_room=room))
    await bot.start()
    await discord.wait_for_reply(ana.say(general, EMERGENCY))
    await discord.quiet()
    assert len(discord.requests_to(SEND)) == 1
    assert len([line for line in caplog.messages if "moderators' channel is" in line]) == 1
