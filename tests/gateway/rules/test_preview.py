"""What a change would have done to the last messages, as moderators see it."""

from __future__ import annotations

from bot.proof import Proven
from bot.store.sqlite import SQLiteStore
from tests.gateway.office import Office, opened
from tests.loopback import LoopbackDiscord
from tests.loopback.guilds import Guild
from tests.loopback.members import Member
from tests.loopback.permissions import Permission
from tests.loopback.places import Channel
from tests.moderation.desk import TONIC


async def test_many_messages_of_a_preview_have_pages_and_are_stored_nowhere(
    office: Office, store: SQLiteStore, guild: Guild, general: Channel, ana: Member, mia: Member
) -> None:
    for number in range(20):
        ana.say(general, f"garlic tonic @everyone *number* {number}. " + "so it goes " * 12)
    opened = await mia.slash(general, "/rules new", {"family": "cold-relief"})
    proposal = await mia.submit(opened, {"text": TONIC})
    assert "+20 messages, −0, of the last 20 here" in proposal.text
    assert "number\\* 7." in proposal.text
    assert "number\\* 8." not in proposal.text
    assert "@everyone" not in proposal.text
    assert proposal.message is not None
    assert proposal.message.pings_nobody
    turned = await office.press(mia, proposal.message, "Messages: page 1 of 3 ▸")
    assert "number\\* 8." in turned.text
    dump = "\n".join([line async for line in store._connection.iterdump()])
    assert "so it goes" not in dump


async def test_the_preview_reads_only_rooms_in_which_it_may_speak(
    office: Office, guild: Guild, general: Channel, ana: Member, mia: Member
) -> None:
    quiet, hidden = guild.create_channel("quiet"), guild.create_channel("hidden")
    hidden.set_overwrite(guild.bot, deny=Permission.READ_MESSAGE_HISTORY)
    for room in (general, quiet, hidden):
        ana.say(room, "garlic tonic")
    thread = guild.create_thread(general, "tonics", owner=ana)
    ana.say(thread, "garlic tonic, too")
    general.webhook_says("garlic tonic")
    await mia.slash(general, "/rules settings room", {"room": quiet, "quiet": True})
    opened = await mia.slash(general, "/rules new", {"family": "cold-relief"})
    proposal = await mia.submit(opened, {"text": TONIC})
    assert "+2 messages, −0, of the last 2 here" in proposal.text


async def test_whoever_waits_long_for_the_preview_is_told_how_far_it_is(
    discord: LoopbackDiscord,
    guild: Guild,
    store: SQLiteStore,
    base: Proven,
    general: Channel,
    ana: Member,
    mia: Member,
) -> None:
    for number in range(250):
        ana.say(general, f"message {number}")
    async with opened(discord, guild, store, base, patience=0.0) as office:
        await office.bot.start()
        waiting = await mia.slash(general, "/rules off", {"rule": "garlic-cures-colds"})
        await discord.wait_until(lambda: "of the last 250 here" in waiting.text)
    edits = discord.requests_to("PATCH /webhooks/{webhook_id}/{webhook_token}/messages/@original")
    told = [edit.body["content"] for edit in edits]
    assert told[:2] == [f"Looking at recent messages: {done} of 500 …" for done in (100, 200)]
