"""What members ask through buttons and commands, and what they are told."""

from __future__ import annotations

import pytest

from bot.gateway.lookup import (
    NONE_LATELY,
    NOT_A_LINK,
    NOT_BY_A_MEMBER,
    NOT_FOUND,
    NOT_HERE,
    ONLY_ON_SERVERS,
)
from bot.gateway.views import KEPT_ANYWAY
from bot.replies.model import SpeakingSettings
from bot.store.sqlite import SQLiteStore
from tests.gateway.harness import CHATTER, CLAIM, QUESTION, SEND, RunningBot
from tests.loopback import LoopbackDiscord
from tests.loopback.guilds import Guild
from tests.loopback.interactions import Interaction
from tests.loopback.members import Member
from tests.loopback.messages import Message
from tests.loopback.permissions import Permission
from tests.loopback.places import Channel

REGISTER = "PUT /applications/{application_id}/commands"


async def press(member: Member, message: Message, label: str) -> Interaction:
    """Press the button with this label; the answer is for this member's eyes only."""
    interaction = await member.press(message, message.button(label)["custom_id"])
    assert interaction.is_ephemeral
    return interaction


def link_to(message: Message) -> str:
    guild = message.channel.guild
    return f"https://discord.com/channels/{guild.id if guild else '@me'}/{message.channel.id}/{message.id}"


async def test_votes_count_change_and_are_taken_back(
    discord: LoopbackDiscord, bot: RunningBot, store: SQLiteStore, guild: Guild, general: Channel, ana: Member
) -> None:
    ben = guild.create_member("ben")
    await bot.start()
    reply = await discord.wait_for_reply(ana.say(general, CLAIM))
    assert "**helpful**" in (await press(ana, reply, "Helpful")).text
    assert "**not helpful**" in (await press(ben, reply, "Not helpful")).text
    assert await store.votes_on(reply=str(reply.id)) == {"helpful": 1, "not-helpful": 1}
    assert "**not what was said**" in (await press(ana, reply, "Not what I said")).text
    assert await store.votes_on(reply=str(reply.id)) == {"not-helpful": 1, "not-what-i-said": 1}
    assert "taken back" in (await press(ben, reply, "Not helpful")).text
    assert await store.votes_on(reply=str(reply.id)) == {"not-what-i-said": 1}


async def test_buttons_of_an_earlier_run_work(
    discord: LoopbackDiscord, bot: RunningBot, store: SQLiteStore, general: Channel, ana: Member
) -> None:
    await bot.start()
    reply = await discord.wait_for_reply(ana.say(general, CLAIM))
    await bot.restart()
    assert "**helpful**" in (await press(ana, reply, "Helpful")).text
    assert await store.votes_on(reply=str(reply.id)) == {"helpful": 1}
    why = await press(ana, reply, "Why?")
    assert "garlic-cures-colds" in why.text
    assert "Sources:" in why.text
    assert why.message is not None
    assert why.message.pings_nobody


async def test_a_reply_of_which_nothing_is_kept_says_so(
    discord: LoopbackDiscord, bot: RunningBot, store: SQLiteStore, general: Channel, ana: Member
) -> None:
    await bot.start()
    reply = await discord.wait_for_reply(ana.say(general, CLAIM))
    await discord.quiet()
    await store._connection.execute("DELETE FROM replies")
    await store._connection.commit()
    for label in ("Helpful", "Why?"):
        assert "no record" in (await press(ana, reply, label)).text


async def test_a_broken_database_is_a_friendly_sentence(
    discord: LoopbackDiscord, bot: RunningBot, store: SQLiteStore, general: Channel, ana: Member
) -> None:
    await bot.start()
    reply = await discord.wait_for_reply(ana.say(general, CLAIM))
    await discord.quiet()
    await store._connection.execute("ALTER TABLE replies RENAME TO away")
    for label in ("Helpful", "Why?"):
        assert "please try again" in (await press(ana, reply, label)).text


async def test_why_explains_the_last_reply_of_the_channel(
    discord: LoopbackDiscord, bot: RunningBot, guild: Guild, general: Channel, ana: Member
) -> None:
    await bot.start()
    assert (await ana.slash(general, "/caveat why")).text == NONE_LATELY
    await discord.wait_for_reply(ana.say(general, QUESTION))
    reply = await discord.wait_for_reply(ana.say(general, CLAIM))
    ana.say(general, CHATTER)
    why = await ana.slash(general, "/caveat why")
    assert why.is_ephemeral
    assert link_to(reply) in why.text
    assert "garlic-cures-colds" in why.text
    elsewhere = guild.create_channel("elsewhere")
    assert (await ana.slash(elsewhere, "/caveat why")).text == NONE_LATELY


@pytest.mark.parametrize("which", ["the reply", "the message answered", "the message answered, by its id"])
async def test_why_explains_a_linked_message_that_was_answered(
    discord: LoopbackDiscord, bot: RunningBot, guild: Guild, general: Channel, ana: Member, which: str
) -> None:
    await bot.start()
    message = ana.say(general, CLAIM)
    reply = await discord.wait_for_reply(message)
    typed = {
        "the reply": link_to(reply),
        "the message answered": f" <{link_to(message)}> ",
        "the message answered, by its id": str(message.id),
    }[which]
    why = await ana.slash(general, "/caveat why", {"message": typed})
    assert why.is_ephemeral
    assert "So a reply with its sources was sent." in why.text


async def test_why_explains_across_channels_to_those_who_can_read_there(
    discord: LoopbackDiscord, bot: RunningBot, guild: Guild, general: Channel, ana: Member
) -> None:
    hidden = guild.create_channel("hidden")
    thread = guild.create_thread(general, "between two", owner=guild.bot, is_private=True)
    guests = guild.create_role("guests")
    hidden.set_overwrite(guild.everyone, deny=Permission.VIEW_CHANNEL)
    hidden.set_overwrite(guild.bot, allow=Permission.VIEW_CHANNEL)
    hidden.set_overwrite(guests, allow=Permission.VIEW_CHANNEL)
    ben = guild.create_member("ben", roles=[guests])
    secret, between = ben.say(hidden, CLAIM), ben.say(thread, CLAIM)
    await bot.start()
    for message in (secret, between):
        refused = await ana.slash(general, "/caveat why", {"message": link_to(message)})
        assert refused.text == NOT_FOUND
    told = await ben.slash(general, "/caveat why", {"message": link_to(secret)})
    assert "garlic-cures-colds" in told.text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("garlic", NOT_A_LINK),
        ("https://example.org/channels/1/2/3", NOT_A_LINK),
        ("https://discord.com/channels/1/2/3", NOT_HERE),
        ("https://canary.discord.com/channels/{guild}/{general}/123456789012345678", NOT_FOUND),
        ("https://discordapp.com/channels/{guild}/123456789012345678/3", NOT_FOUND),
        ("123456789012345678", NOT_FOUND),
    ],
)
async def test_what_leads_nowhere_is_said(
    bot: RunningBot, guild: Guild, general: Channel, ana: Member, typed: str, said: str
) -> None:
    await bot.start()
    link = typed.format(guild=guild.id, general=general.id)
    assert (await ana.slash(general, "/caveat why", {"message": link})).text == said


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (CHATTER, "I found no claim"),
        ("garlic never cured my cold", "it was denied"),
        ("garlic is harmless", "is being tried out and does not speak yet"),
    ],
)
async def test_the_menu_tells_why_a_message_was_not_answered(
    discord: LoopbackDiscord, bot: RunningBot, general: Channel, ana: Member, text: str, expected: str
) -> None:
    await bot.start()
    message = ana.say(general, text)
    why = await ana.use_on_message(message, "Why this caveat?")
    assert why.is_ephemeral
    assert expected in why.text
    assert discord.requests_to(SEND) == []


async def test_a_claim_from_before_the_bot_came_is_explained_and_not_answered(
    discord: LoopbackDiscord, bot: RunningBot, general: Channel, ana: Member
) -> None:
    message = ana.say(general, CLAIM)
    await bot.start()
    why = await ana.use_on_message(message, "Why this caveat?")
    assert "By itself this message would get a caveat" in why.text
    assert "“garlic-cures-colds” fits" in why.text
    assert discord.requests_to(SEND) == []


@pytest.mark.parametrize("exempt", ["room", "role"])
async def test_a_place_or_role_that_is_left_alone_is_named_as_the_reason(
    bot: RunningBot, guild: Guild, general: Channel, exempt: str
) -> None:
    doctors = guild.create_role("doctors")
    ben = guild.create_member("ben", roles=[doctors])
    settings = SpeakingSettings(
        exempt_rooms=frozenset({str(general.id)} if exempt == "room" else ()),
        exempt_roles=frozenset({str(doctors.id)} if exempt == "role" else ()),
    )
    await bot.checker.save_settings(str(guild.id), settings)
    await bot.start()
    message = ben.say(general, CLAIM)
    why = await ben.slash(general, "/caveat why", {"message": link_to(message)})
    assert "moderators asked me to stay quiet" in why.text


async def test_the_menu_explains_a_reply_and_leaves_programs_alone(
    discord: LoopbackDiscord, bot: RunningBot, general: Channel, ana: Member
) -> None:
    await bot.start()
    reply = await discord.wait_for_reply(ana.say(general, CLAIM))
    assert "garlic-cures-colds" in (await ana.use_on_message(reply, "Why this caveat?")).text
    announced = general.webhook_says(CLAIM)
    assert (await ana.use_on_message(announced, "Why this caveat?")).text == NOT_BY_A_MEMBER


async def test_about_tells_what_the_bot_is_and_may_do(
    discord: LoopbackDiscord, bot: RunningBot, general: Channel, ana: Member
) -> None:
    await bot.start()
    about = await ana.slash(general, "/caveat about")
    assert about.is_ephemeral
    assert "not" in about.text
    assert "medical advice" in about.text
    assert "Garlic and colds" in about.text
    assert f"client_id={discord.application_id}" in about.text
    for permission in ("View Channels", "Send Messages", "Embed Links", "Read Message History"):
        assert permission in about.text


async def test_what_is_kept_can_be_seen_and_erased(
    discord: LoopbackDiscord, bot: RunningBot, store: SQLiteStore, general: Channel, ana: Member
) -> None:
    await bot.start()
    reply = await discord.wait_for_reply(ana.say(general, CLAIM))
    await press(ana, reply, "Helpful")
    shown = await ana.slash(general, "/caveat privacy")
    assert shown.is_ephemeral
    assert "- votes: 1" in shown.text
    assert "- replies: 1" in shown.text
    assert shown.message is not None
    asked = await press(ana, shown.message, "Erase it")
    assert "cannot be undone" in asked.text
    assert asked.message is not None
    kept = await press(ana, asked.message, "No, keep it")
    assert kept.text == KEPT_ANYWAY
    assert await store.privacy_of(member=str(ana.id)) == {"replies": 1, "matched words": 1, "votes": 1}


async def test_erasing_asks_first_then_erases_even_after_a_restart(
    discord: LoopbackDiscord, bot: RunningBot, store: SQLiteStore, general: Channel, ana: Member
) -> None:
    await bot.start()
    reply = await discord.wait_for_reply(ana.say(general, CLAIM))
    await press(ana, reply, "Helpful")
    shown = await ana.slash(general, "/caveat privacy")
    assert shown.message is not None
    asked = await press(ana, shown.message, "Erase it")
    await bot.restart()
    assert asked.message is not None
    erased = await press(ana, asked.message, "Yes, erase it")
    assert erased.text.startswith("Done.")
    assert erased.message is not None
    assert erased.message.buttons == []
    assert not any((await store.privacy_of(member=str(ana.id))).values())
    assert "nothing about you" in (await ana.slash(general, "/caveat privacy")).text


async def test_in_private_there_is_nothing_to_explain_but_privacy_works(bot: RunningBot, ana: Member) -> None:
    await bot.start()
    assert (await ana.slash(ana.private_channel, "/caveat why")).text == ONLY_ON_SERVERS
    assert "nothing about you" in (await ana.slash(ana.private_channel, "/caveat privacy")).text


async def test_commands_are_registered_once(discord: LoopbackDiscord, bot: RunningBot) -> None:
    await bot.start()
    await bot.restart()
    [registered] = discord.requests_to(REGISTER)
    assert [command["name"] for command in registered.body] == ["caveat", "Why this caveat?"]
    assert {tuple(command["integration_types"]) for command in registered.body} == {(0,)}


async def test_commands_that_cannot_be_registered_keep_no_message_unanswered(
    discord: LoopbackDiscord,
    bot: RunningBot,
    general: Channel,
    ana: Member,
    caplog: pytest.LogCaptureFixture,
) -> None:
    discord.fail_next("PUT /applications/*/commands", status=403, code=50001)
    await bot.start()
    await discord.wait_for_reply(ana.say(general, CLAIM))
    assert any("commands could not be registered" in line for line in caplog.messages)
