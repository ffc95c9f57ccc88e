"""The five-minute walk of rules/README.md, gone in Discord with the shipped rules."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.proof import prove
from bot.store.sqlite import SQLiteStore
from tests.gateway.harness import SEND
from tests.gateway.office import Office, opened
from tests.gateway.test_questions import link_to
from tests.loopback import LoopbackDiscord
from tests.loopback.guilds import Guild
from tests.loopback.interactions import Interaction
from tests.loopback.members import Member
from tests.loopback.places import Channel
from tests.rulebook.readme_page import ROOT, blocks, chapters

CHAPTER = "From “members keep saying X” to a live rule"
SAID = "kratom sent the goblin home again"
LONG = 60.0
"""Seconds: two thousand words are made ready anew, on whatever machine this is."""


@pytest.fixture
async def office(discord: LoopbackDiscord, guild: Guild, store: SQLiteStore) -> AsyncIterator[Office]:
    async with opened(discord, guild, store, prove(ROOT / "rules")) as office:
        await office.bot.start()
        yield office


async def pressed(office: Office, member: Member, asked: Interaction, label: str) -> str:
    """Press a button that must stand on the page, and give what is then said."""
    assert f"*{label}*" in chapters()[CHAPTER]
    message = asked.message
    assert message is not None
    before = message.text
    await member.press(message, message.button(label)["custom_id"], within=LONG)
    await office.discord.wait_until(lambda: message.text != before, LONG, what="the button's answer")
    return message.text


@pytest.mark.timeout(300)
async def test_the_walk_ends_with_a_rule_that_answers_and_can_be_taken_back(
    office: Office, guild: Guild, general: Channel, ana: Member, mia: Member
) -> None:
    looked = await mia.slash(general, "/rules test", {"text": SAID})
    assert "kratom-sends-goblin-home" not in looked.text
    message = ana.say(general, SAID)
    await office.discord.quiet()
    assert office.discord.requests_to(SEND) == []

    form = await mia.slash(general, "/rules new", {"family": "headache-relief"})
    proposal = await mia.submit(form, {"text": blocks(CHAPTER)[0], "why": "they all say it"}, within=LONG)
    assert "+1 message, −0, of the last 1 here" in proposal.text
    assert "Version 1 is in force" in await pressed(office, mia, proposal, "Go live")

    answered = ana.say(general, f"{SAID} in an hour")
    await office.discord.wait_for_reply(answered, within=LONG)
    why = await mia.slash(general, "/rules why", {"message": link_to(answered)})
    assert "kratom-sends-goblin-home" in why.text
    earlier = await mia.slash(general, "/rules why", {"message": link_to(message)})
    assert "kratom-sends-goblin-home" in earlier.text

    back = await mia.slash(general, "/rules off", {"rule": "kratom-sends-goblin-home"}, within=LONG)
    assert "Version 2 is in force" in await pressed(office, mia, back, "Go live")
    # In another channel, as the talk in this one makes the message more like known examples.
    ana.say(guild.create_channel("elsewhere"), SAID)
    await office.discord.quiet()
    assert len(office.discord.requests_to(SEND)) == 1
