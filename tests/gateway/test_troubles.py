"""What Discord, a server's settings or the database refuse: handled, logged once, over when it is over."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.replies.checker import Checker
from bot.replies.model import SpeakingSettings
from tests.gateway.harness import CHATTER, CLAIM, DELETE, EDIT, EMERGENCY, QUESTION, SEND, RunningBot
from tests.loopback import LoopbackDiscord
from tests.loopback.faults import RateLimit
from tests.loopback.guilds import Guild
from tests.loopback.members import Member
from tests.loopback.permissions import Permission
from tests.loopback.places import Channel

SENDING = "POST /channels/*/messages"


def told(caplog: pytest.LogCaptureFixture, channel: Channel) -> list[str]:
    """What was logged about a channel."""
    return [line for line in caplog.messages if line.startswith(f"channel {channel.id}: ")]


@pytest.mark.parametrize(
    ("denied", "hint"),
    [
        (Permission.SEND_MESSAGES, "give me Send Messages"),
        (Permission.READ_MESSAGE_HISTORY, "give me Read Message History"),
    ],
)
async def test_a_missing_permission_is_logged_once_until_it_is_given(
    discord: LoopbackDiscord,
    bot: RunningBot,
    guild: Guild,
    general: Channel,
    ana: Member,
    caplog: pytest.LogCaptureFixture,
    denied: Permission,
    hint: str,
) -> None:
    caplog.set_level("INFO")
    general.set_overwrite(guild.bot, deny=denied)
    await bot.start()
    for _ in range(3):
        ana.say(general, CLAIM)
    await discord.wait_for(lambda request: request.key == SEND, count=3)
    general.set_overwrite(guild.bot)
    await discord.wait_for_reply(ana.say(general, CLAIM))
    await bot.stop()
    first, *others = told(caplog, general)
    assert hint in first
    assert others == [f"channel {general.id}: works again"]


async def test_without_embed_links_the_reply_is_plain_text_and_an_edit_of_it_too(
    discord: LoopbackDiscord, bot: RunningBot, guild: Guild, general: Channel, ana: Member
) -> None:
    await bot.start()
    in_card = ana.say(general, CLAIM)
    card = await discord.wait_for_reply(in_card)
    general.set_overwrite(guild.bot, deny=Permission.EMBED_LINKS)
    in_text = ana.say(general, CLAIM)
    text = await discord.wait_for_reply(in_text)
    assert text.embeds == []
    assert "garlic" in text.content.casefold()
    assert "-# " in text.content
    ana.edit(in_card, QUESTION)
    await discord.wait_until(lambda: bool(card.content))
    assert card.embeds == []
    assert {request.status for request in discord.requests_to(SEND) + discord.requests_to(EDIT)} == {200}


async def test_a_card_comes_back_with_the_permission(
    discord: LoopbackDiscord, bot: RunningBot, guild: Guild, general: Channel, ana: Member
) -> None:
    general.set_overwrite(guild.bot, deny=Permission.EMBED_LINKS)
    await bot.start()
    message = ana.say(general, CLAIM)
    reply = await discord.wait_for_reply(message)
    assert reply.content
    general.set_overwrite(guild.bot)
    ana.edit(message, QUESTION)
    await discord.wait_until(lambda: bool(reply.embeds))
    assert reply.content == ""


async def test_a_locked_thread_is_left_in_peace_and_the_rest_goes_on(
    discord: LoopbackDiscord,
    bot: RunningBot,
    guild: Guild,
    general: Channel,
    ana: Member,
    caplog: pytest.LogCaptureFixture,
) -> None:
    thread = guild.create_thread(general, "colds", owner=ana)
    await bot.start()
    thread.archive(locked=True)
    ana.say(thread, CLAIM)
    await discord.wait_for_reply(ana.say(general, CLAIM))
    await discord.wait_until(lambda: len(discord.requests_to(SEND)) == 2)
    await bot.stop()
    assert told(caplog, thread) == [
        f"channel {thread.id}: this thread is locked; I stay quiet until a moderator opens it again"
    ]


async def test_a_channel_that_is_deleted_while_a_reply_is_on_its_way_does_no_harm(
    discord: LoopbackDiscord, bot: RunningBot, guild: Guild, general: Channel, ana: Member
) -> None:
    doomed = guild.create_channel("doomed")
    thread = guild.create_thread(doomed, "colds", owner=ana)
    await bot.start()
    discord.fail_next(SENDING, delay=0.1, times=2)
    ana.say(doomed, CLAIM)
    ana.say(thread, CLAIM)
    thread.delete()
    doomed.delete()
    await discord.wait_until(lambda: len(discord.requests_to(SEND)) == 2)
    assert {request.status for request in discord.requests_to(SEND)} == {404}
    await discord.wait_for_reply(ana.say(general, CLAIM))


async def test_a_server_that_throws_the_bot_out_does_no_harm(
    discord: LoopbackDiscord, bot: RunningBot, guild: Guild, general: Channel, ana: Member
) -> None:
    other = discord.create_guild("Other")
    elsewhere, ben = other.create_channel("general"), other.create_member("ben")
    await bot.start()
    await discord.wait_for_reply(ana.say(general, CLAIM))
    discord.remove_guild(guild)
    await discord.wait_for_reply(ben.say(elsewhere, CLAIM))


@pytest.mark.parametrize("is_global", [False, True])
async def test_a_rate_limit_is_waited_out(
    discord: LoopbackDiscord, bot: RunningBot, general: Channel, ana: Member, is_global: bool
) -> None:
    await bot.start()
    discord.fail_next(SENDING, status=429, retry_after=0.05, is_global=is_global)
    await discord.wait_for_reply(ana.say(general, CLAIM))
    assert [request.status for request in discord.requests_to(SEND)] == [429, 200]


async def test_a_bucket_is_respected_before_discord_has_to_say_so(checker: Checker) -> None:
    async with LoopbackDiscord(rate_limits={SEND: RateLimit(1, 0.2)}) as discord:
        guild = discord.create_guild()
        general, ana = guild.create_channel("general"), guild.create_member("ana")
        bot = RunningBot(discord=discord, checker=checker)
        await bot.start()
        messages = [ana.say(general, CLAIM) for _ in range(3)]
        for message in messages:
            await discord.wait_for_reply(message)
        await bot.stop()
        assert {request.status for request in discord.requests_to(SEND)} == {200}
        assert discord.violations == []


async def test_one_fault_of_discords_servers_is_tried_again(
    discord: LoopbackDiscord, bot: RunningBot, general: Channel, ana: Member
) -> None:
    await bot.start()
    discord.fail_next(SENDING, status=502)
    await discord.wait_for_reply(ana.say(general, CLAIM))
    assert [request.status for request in discord.requests_to(SEND)] == [502, 200]


@pytest.mark.parametrize("how", ["status 503", "cut"])
async def test_a_reply_that_cannot_be_sent_is_given_up_and_its_claim_may_be_answered_again(
    discord: LoopbackDiscord,
    bot: RunningBot,
    general: Channel,
    ana: Member,
    caplog: pytest.LogCaptureFixture,
    how: str,
) -> None:
    await bot.start()
    if how == "cut":
        discord.fail_next(SENDING, status=500, cut=True)
    else:
        discord.fail_next(SENDING, status=503)
    message = ana.say(general, CLAIM)
    await discord.wait_until(lambda: bool(told(caplog, general)) or bool(discord.requests_to(SEND)))
    await discord.quiet()
    ana.edit(message, f"really, {CLAIM}")
    await discord.wait_for_reply(message)
    assert len(told(caplog, general)) == 1
    assert "garlic" not in caplog.text


async def test_a_reply_that_is_already_gone_counts_as_taken_back(
    discord: LoopbackDiscord,
    bot: RunningBot,
    guild: Guild,
    general: Channel,
    ana: Member,
    caplog: pytest.LogCaptureFixture,
) -> None:
    await bot.start()
    message = ana.say(general, CLAIM)
    await discord.wait_for_reply(message)
    discord.fail_next("DELETE /channels/*", status=404, code=10008)
    ana.edit(message, CHATTER)
    await discord.wait_until(lambda: bool(discord.requests_to(DELETE)))
    await discord.quiet()
    assert told(caplog, general) == []
    assert await bot.checker.reply_to(server=str(guild.id), message=str(message.id)) is None


async def test_a_moderators_channel_that_cannot_be_written_to_keeps_no_help_away(
    discord: LoopbackDiscord,
    bot: RunningBot,
    guild: Guild,
    general: Channel,
    ana: Member,
    caplog: pytest.LogCaptureFixture,
) -> None:
    moderators = guild.create_channel("moderators")
    moderators.set_overwrite(guild.bot, deny=Permission.SEND_MESSAGES)
    await bot.checker.save_settings(str(guild.id), SpeakingSettings(moderators_room=str(moderators.id)))
    await bot.start()
    await discord.wait_for_reply(ana.say(general, EMERGENCY))
    await discord.wait_until(lambda: len(discord.requests_to(SEND)) == 2)
    await bot.stop()
    assert len(told(caplog, moderators)) == 1


async def test_a_broken_database_silences_but_does_not_stop_the_bot_and_is_told_once(
    discord: LoopbackDiscord,
    bot: RunningBot,
    general: Channel,
    ana: Member,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("INFO")
    await bot.start()
    mend = break_database(tmp_path / "store.sqlite3")
    for _ in range(3):
        ana.say(general, CLAIM)
    await discord.quiet()
    assert discord.requests_to(SEND) == []
    mend()
    await discord.wait_for_reply(ana.say(general, CLAIM))
    await bot.stop()
    [broken, mended] = told(caplog, general)
    assert "messages are not checked" in broken
    assert mended.endswith("works again")


def break_database(path: Path) -> Callable[[], None]:
    """Take the table of replies away; the function given back puts it back."""

    def rename(old: str, new: str) -> None:
        connection = sqlite3.connect(path)
        with connection:
            connection.execute(f"ALTER TABLE {old} RENAME TO {new}")
        connection.close()

    rename("replies", "away")
    return lambda: rename("away", "replies")
