"""Moderators are served once the bot has joined; who comes before is kept waiting, not turned away."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

import pytest

from bot.errors import StoreError
from bot.gateway.rules.group import Moderators
from tests.gateway.office import ON_BUTTON, Office, form_of
from tests.loopback import LoopbackDiscord
from tests.loopback.interactions import Interaction
from tests.loopback.members import Member
from tests.loopback.places import Channel


async def early(office: Office, doing: Coroutine[Any, Any, Interaction]) -> Interaction:
    """Start the bot anew, do something before moderators are served, then serve them."""
    await office.bot.stop()
    office.bot.is_due.clear()
    await office.bot.start()
    waiting = asyncio.create_task(doing)
    await asyncio.sleep(0.2)
    assert not waiting.done()
    office.bot.is_due.set()
    return await waiting


async def test_a_command_right_after_the_start_is_answered(
    office: Office, general: Channel, mia: Member
) -> None:
    answer = await early(office, mia.slash(general, "/rules list"))
    assert "garlic" in answer.text


async def test_a_button_right_after_the_start_does_its_work(
    office: Office, general: Channel, mia: Member
) -> None:
    opened = await mia.slash(general, "/rules new", {"family": "cold-relief"})
    refused = await mia.submit(opened, {"text": "- id: x", "why": ""})
    assert refused.message is not None
    again = await early(office, mia.press(refused.message, refused.message.button(ON_BUTTON)["custom_id"]))
    assert form_of(again)["text"] == "- id: x"


async def test_a_form_sent_right_after_the_start_is_taken(
    office: Office, general: Channel, mia: Member
) -> None:
    opened = await mia.slash(general, "/rules new", {"family": "cold-relief"})
    refused = await early(office, mia.submit(opened, {"text": "- id: x", "why": ""}))
    assert "Nothing was changed" in refused.text


async def test_messages_are_answered_before_moderators_are_served(
    office: Office, discord: LoopbackDiscord, general: Channel, ana: Member
) -> None:
    office.bot.is_due.clear()
    await office.bot.stop()
    await office.bot.start()
    reply = await discord.wait_for_reply(ana.say(general, "garlic cured my cold"))
    assert reply.embeds
    office.bot.is_due.set()


async def test_where_moderators_cannot_be_served_members_are_and_the_log_says_so(
    office: Office,
    discord: LoopbackDiscord,
    general: Channel,
    ana: Member,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def refused() -> Moderators:
        raise StoreError("the database is locked")

    await office.bot.stop()
    monkeypatch.setattr(office.bot, "_given", refused)
    await office.bot.start()
    assert "moderators cannot be served: the database is locked" in caplog.text
    assert (await discord.wait_for_reply(ana.say(general, "garlic cured my cold"))).embeds
