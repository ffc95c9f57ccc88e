"""`/rules backtest`: a room's history under the rules of its server."""

from __future__ import annotations

from bot.gateway.rules.backtesting import NOT_READABLE
from bot.moderation.changes import SetRuleStatus
from bot.proof import Proven
from bot.replies.model import SpeakingSettings
from bot.rulebook.model import Status
from bot.store.sqlite import SQLiteStore
from tests.gateway.harness import CHATTER, CLAIM, SEND
from tests.gateway.office import Office, opened
from tests.gateway.test_questions import link_to
from tests.loopback import LoopbackDiscord
from tests.loopback.guilds import Guild
from tests.loopback.members import Member
from tests.loopback.permissions import Permission
from tests.loopback.places import Channel


async def test_it_counts_what_was_found_due_and_would_have_been_said(
    discord: LoopbackDiscord,
    guild: Guild,
    store: SQLiteStore,
    base: Proven,
    general: Channel,
    ana: Member,
    mia: Member,
) -> None:
    first = ana.say(general, CLAIM)
    for number in range(230):
        ana.say(general, f"{CHATTER} {number}")
    general.webhook_says(CLAIM)
    ana.say(general, CLAIM)
    ana.say(general, "garlic never cured my cold, @everyone")
    async with opened(discord, guild, store, base) as office:
        await office.bot.start()
        await office.checker.save_settings(office.server, SpeakingSettings())
        told = await mia.slash(general, "/rules backtest", {"room": general, "days": 7})
        assert told.is_ephemeral
        assert "the last 7 days: 233 messages of members" in told.text
        assert "3 with a finding, 2 to be answered, 1 answered" in told.text
        assert "- `garlic-cures-colds`: 3, 2, 1" in told.text
        assert "@everyone" not in told.text
        assert told.message is not None
        assert told.message.pings_nobody
        assert link_to(first) in told.text or told.text.count("](https://discord.com/channels/") == 2
        await office.changed(SetRuleStatus("garlic-cures-colds", Status.OFF), by=mia)
        told = await mia.slash(general, "/rules backtest", {"room": general, "days": 1})
        assert "the last 1 day: 233 messages of members" in told.text
        assert "0 with a finding" in told.text
    assert discord.requests_to(SEND) == []


async def test_whoever_waits_is_told_how_far_it_is(
    discord: LoopbackDiscord,
    guild: Guild,
    store: SQLiteStore,
    base: Proven,
    general: Channel,
    ana: Member,
    mia: Member,
) -> None:
    for number in range(150):
        ana.say(general, f"{CHATTER} {number}")
    async with opened(discord, guild, store, base, patience=0.0) as office:
        await office.bot.start()
        told = await mia.slash(general, "/rules backtest", {"room": general, "days": 7})
        await discord.wait_until(lambda: "150 messages of members" in told.text)
    edits = discord.requests_to("PATCH /webhooks/{webhook_id}/{webhook_token}/messages/@original")
    assert edits[0].body["content"].startswith("Reading back: 100 messages so far")


async def test_a_thread_is_read_and_a_room_that_may_not_be_read_is_told(
    office: Office, guild: Guild, general: Channel, ana: Member, mia: Member
) -> None:
    thread = guild.create_thread(general, "colds", owner=ana)
    ana.say(thread, CLAIM)
    told = await mia.slash(general, "/rules backtest", {"room": thread, "days": 1})
    assert "1 messages of members" in told.text
    hidden = guild.create_channel("hidden")
    hidden.set_overwrite(guild.bot, deny=Permission.READ_MESSAGE_HISTORY)
    told = await mia.slash(general, "/rules backtest", {"room": hidden, "days": 1})
    assert told.text == NOT_READABLE
