from __future__ import annotations

from tests.loopback import LoopbackDiscord
from tests.loopback.conftest import Connect


async def test_a_message_makes_the_round_trip(loopback: LoopbackDiscord, connect: Connect) -> None:
    guild = loopback.create_guild()
    channel = guild.create_channel("general")
    ana = guild.create_member("ana")
    client = await connect()

    question = ana.say(channel, "does kratom help?")
    await loopback.wait_until(lambda: True)
    while not client.heard:
        await loopback.quiet(0.01)
    heard = client.heard[0]
    assert (heard.content, heard.author.name, heard.guild and heard.guild.name) == (
        "does kratom help?",
        "ana",
        guild.name,
    )
    await heard.reply("not proven", mention_author=False)
    reply = await loopback.wait_for_reply(question)
    assert reply.content == "not proven"
    assert reply.pings_nobody
    assert loopback.violations == []
