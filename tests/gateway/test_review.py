"""From a vote to a mended rule, on the loopback Discord: the queue, the draft, the form, and repairs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.gateway.review_said import DRAFTED_ANEW, NOTHING_OPEN
from bot.gateway.rules.access import NOT_ALLOWED
from bot.moderation.changes import Change, NewRule, RollBack, SetRuleStatus
from bot.moderation.moderation import Moderation
from bot.moderation.notices import Notice, RepairDone, RuleQuieted
from bot.proof import Proven
from bot.replies.model import SpeakingSettings
from bot.rulebook.model import Status
from bot.store.model import KeptFinding, KeptReply, KeptVersion
from bot.store.reviews import Fate
from bot.store.sqlite import SQLiteStore
from tests.gateway.harness import CHATTER, CLAIM, DELETE, EDIT, SEND, RunningBot
from tests.gateway.office import Office, moderator, opened
from tests.loopback import LoopbackDiscord
from tests.loopback.guilds import Guild
from tests.loopback.interactions import CallbackKind, Interaction
from tests.loopback.members import Member
from tests.loopback.messages import Message
from tests.loopback.permissions import NOTHING, Permission
from tests.loopback.places import Channel
from tests.moderation.desk import TONIC

SMALL_RULES = Path(__file__).parents[1] / "small_rules"
SALMON = "*garlic* cured salmon tastes of cold"
MISREAD = "Not what I said"


@dataclass
class Workplace:
    """The office, and what is told there."""

    office: Office
    store: SQLiteStore
    heard: list[Notice]

    @property
    def bot(self) -> RunningBot:
        return self.office.bot

    @property
    def moderation(self) -> Moderation:
        return self.office.moderation

    async def confirmed(self, by: Member, change: Change) -> KeptVersion:
        return await self.office.changed(change, by=by)


@pytest.fixture
async def place(
    discord: LoopbackDiscord, guild: Guild, store: SQLiteStore, base: Proven
) -> AsyncIterator[Workplace]:
    heard: list[Notice] = []

    async def hear(notice: Notice) -> None:
        heard.append(notice)

    async with opened(discord, guild, store, base) as office:
        office.notices.subscribe(hear)
        yield Workplace(office, store, heard)


@pytest.fixture
def mia(guild: Guild) -> Member:
    """A moderator."""
    return moderator(guild, "mia")


async def object_to(member: Member, reply: Message, label: str = MISREAD) -> None:
    await member.press(reply, reply.button(label)["custom_id"])


async def pressed(discord: LoopbackDiscord, member: Member, shown: Interaction, label: str) -> Interaction:
    """Press a button under an answer, and wait for what it changes; that is for the same eyes only."""
    assert shown.message is not None
    interaction = await member.press(shown.message, shown.message.button(label)["custom_id"])
    return await settled(discord, interaction)


async def settled(discord: LoopbackDiscord, interaction: Interaction) -> Interaction:
    """Wait until the message is written over that the bot has promised to write over."""
    if interaction.answered_with is CallbackKind.DEFERRED_UPDATE:
        await discord.wait_for(
            lambda request: request.method == "PATCH" and interaction.token in request.path
        )
    if interaction.modal is None:
        assert interaction.is_ephemeral
    return interaction


async def ready(bot: RunningBot) -> None:
    """Wait until the bot has received its servers; discord.py takes a while to say so."""
    while not bot.health.is_ready:  # noqa: ASYNC110
        await asyncio.sleep(0.02)


async def heard(place: Workplace, kind: type[Notice]) -> None:
    """Wait for a notice; pytest's own time limit ends a wait in vain."""
    while not any(isinstance(notice, kind) for notice in place.heard):  # noqa: ASYNC110
        await asyncio.sleep(0.02)


async def test_a_vote_becomes_an_example_and_the_same_message_is_silent(
    discord: LoopbackDiscord, place: Workplace, general: Channel, ana: Member, mia: Member, guild: Guild
) -> None:
    await place.bot.start()
    reply = await discord.wait_for_reply(ana.say(general, SALMON))
    right = await discord.wait_for_reply(ana.say(general, CLAIM))
    await object_to(ana, reply)
    shown = await mia.slash(general, "/rules review")
    assert shown.is_ephemeral
    assert "garlic-cures-colds" in shown.text
    assert "Votes: 1 × not what I said" in shown.text
    assert "cured salmon" in shown.text
    assert "Every example of every rule holds." in shown.text
    approved = await pressed(discord, mia, shown, "Approve")
    assert "Version 1 of this server's rules is in force." in approved.text
    assert "2 replies are looked at again" in approved.text
    await heard(place, RepairDone)
    assert reply.deleted
    assert not right.deleted
    sent = len(discord.requests_to(SEND))
    ana.say(general, SALMON)
    await discord.quiet()
    assert len(discord.requests_to(SEND)) == sent
    version = await place.moderation.newest(str(guild.id))
    assert version is not None
    assert version.author == str(mia.id)
    assert (await mia.slash(general, "/rules review")).text == NOTHING_OPEN


async def test_a_vote_that_is_changed_or_undone_changes_the_queue(
    discord: LoopbackDiscord, place: Workplace, general: Channel, ana: Member, mia: Member
) -> None:
    await place.bot.start()
    reply = await discord.wait_for_reply(ana.say(general, CLAIM))
    await object_to(ana, reply, "Not helpful")
    shown = await mia.slash(general, "/rules review")
    assert "Votes: 1 × not helpful" in shown.text
    await object_to(ana, reply)
    assert "1 × not what I said" in (await pressed(discord, mia, shown, "Next")).text
    await object_to(ana, reply)
    assert "taken that back" in (await pressed(discord, mia, shown, "Dismiss")).text
    assert (await mia.slash(general, "/rules review")).text == NOTHING_OPEN


async def test_only_moderators_see_and_press(
    discord: LoopbackDiscord, place: Workplace, general: Channel, ana: Member, mia: Member, guild: Guild
) -> None:
    await place.bot.start()
    await object_to(ana, await discord.wait_for_reply(ana.say(general, SALMON)))
    shown = await mia.slash(general, "/rules review")
    guild.set_permissions(mia.roles[0], NOTHING)
    for label in ("Approve", "Edit", "Dismiss", "Next", "Whole message"):
        refused = await pressed(discord, mia, shown, label)
        assert refused.text == NOT_ALLOWED
    assert await place.moderation.newest(str(guild.id)) is None
    assert await place.office.mending.reviews.count(str(guild.id)) == 1


async def test_members_words_have_no_effect(
    discord: LoopbackDiscord, place: Workplace, general: Channel, ana: Member, mia: Member
) -> None:
    said = "cold **garlic** @everyone ```` ` ``` [cured](https://example.org) salmon"
    await place.bot.start()
    await object_to(ana, await discord.wait_for_reply(ana.say(general, said)))
    shown = await mia.slash(general, "/rules review")
    assert shown.message is not None
    assert shown.message.pings_nobody
    words = next(line for line in shown.text.splitlines() if line.startswith("Matched words"))
    assert "**garlic**" not in words
    assert "@everyone" not in words
    assert shown.text.count("```") == 2


async def test_the_whole_message_is_looked_up_and_kept_only_if_approved(
    discord: LoopbackDiscord, place: Workplace, general: Channel, ana: Member, mia: Member, guild: Guild
) -> None:
    said = "garlic cured my cold heart, poets say"
    await place.bot.start()
    message = ana.say(general, said)
    await object_to(ana, await discord.wait_for_reply(message))
    shown = await mia.slash(general, "/rules review")
    assert "poets" not in shown.text
    assert "known miss" in shown.text
    whole = await pressed(discord, mia, shown, "Whole message")
    assert f'text: "{said}"' in whole.text
    assert "kept as an example only if you approve" in whole.text
    back = await pressed(discord, mia, whole, "Matched words")
    assert "poets" not in back.text
    whole = await pressed(discord, mia, back, "Whole message")
    assert "Version 1" in (await pressed(discord, mia, whole, "Approve")).text
    version = await place.moderation.newest(str(guild.id))
    assert version is not None
    assert said in version.text
    await heard(place, RepairDone)
    ana.say(general, said)
    await discord.quiet()
    said_by_bot = general.said_by(guild.bot.user)
    assert [one for one in said_by_bot if not one.deleted and not one.is_ephemeral] == []


async def test_a_message_that_is_gone_or_hidden_is_not_shown(
    discord: LoopbackDiscord, place: Workplace, general: Channel, ana: Member, mia: Member, guild: Guild
) -> None:
    hidden = guild.create_channel("hidden")
    await place.bot.start()
    await object_to(ana, await discord.wait_for_reply(ana.say(hidden, CLAIM)))
    hidden.set_overwrite(mia, deny=Permission.VIEW_CHANNEL)
    shown = await mia.slash(general, "/rules review")
    refused = await pressed(discord, mia, shown, "Whole message")
    assert "cannot find that message" in refused.text
    assert "Review 1" in (await pressed(discord, mia, refused, "Back")).text


async def test_a_form_comes_back_with_the_line_and_keeps_what_was_typed(
    discord: LoopbackDiscord, place: Workplace, general: Channel, ana: Member, mia: Member, guild: Guild
) -> None:
    await place.bot.start()
    await object_to(ana, await discord.wait_for_reply(ana.say(general, SALMON)))
    shown = await mia.slash(general, "/rules review")
    form = await pressed(discord, mia, shown, "Edit")
    assert form.modal is not None
    drafted = str(form.modal["components"][0]["component"]["value"])
    typed = drafted.replace("unless", "unles")
    refused = await settled(discord, await mia.submit(form, {"yaml": typed}))
    assert "overlay.yaml:3:5" in refused.text
    assert "unles" in refused.text
    assert refused.message is not None
    assert refused.message.button("Approve")["disabled"]
    again = await pressed(discord, mia, refused, "Edit")
    assert again.modal is not None
    assert again.modal["components"][0]["component"]["value"] == typed
    mended = await settled(
        discord, await mia.submit(again, {"yaml": drafted.replace("a member says", "mia says")})
    )
    assert "What you typed:" in mended.text
    assert "Version 1" in (await pressed(discord, mia, mended, "Approve")).text
    version = await place.moderation.newest(str(guild.id))
    assert version is not None
    assert "mia says" in version.text


async def test_after_a_restart_a_draft_is_shown_again_before_it_counts(
    discord: LoopbackDiscord, place: Workplace, general: Channel, ana: Member, mia: Member, guild: Guild
) -> None:
    await place.bot.start()
    await object_to(ana, await discord.wait_for_reply(ana.say(general, SALMON)))
    shown = await mia.slash(general, "/rules review")
    await ready(place.bot)
    await place.bot.restart()
    anew = await pressed(discord, mia, shown, "Approve")
    assert DRAFTED_ANEW in anew.text
    assert await place.moderation.newest(str(guild.id)) is None
    assert "Version 1" in (await pressed(discord, mia, anew, "Approve")).text


async def test_what_two_moderators_do_at_once(
    discord: LoopbackDiscord, place: Workplace, general: Channel, ana: Member, mia: Member, guild: Guild
) -> None:
    noa = guild.create_member("noa", roles=[mia.roles[0]])
    await place.bot.start()
    await object_to(ana, await discord.wait_for_reply(ana.say(general, SALMON)))
    first = await mia.slash(general, "/rules review")
    second = await noa.slash(general, "/rules review")
    await place.confirmed(ana, NewRule(TONIC))
    conflict = await pressed(discord, mia, first, "Approve")
    assert "version 1 is newer" in conflict.text
    anew = await pressed(discord, mia, conflict, "Look again")
    assert "Version 2" in (await pressed(discord, mia, anew, "Approve")).text
    assert f"approved by <@{mia.id}>" in (await pressed(discord, noa, second, "Dismiss")).text


async def test_a_rollback_withdraws_corrects_and_leaves_replies(
    discord: LoopbackDiscord, place: Workplace, general: Channel, ana: Member, guild: Guild
) -> None:
    await place.confirmed(ana, SetRuleStatus("garlic-is-harmless", Status.LIVE))
    await place.confirmed(ana, NewRule(TONIC))
    await place.bot.start()
    only = await discord.wait_for_reply(ana.say(general, "garlic tonic for the win"))
    both = await discord.wait_for_reply(ana.say(general, "garlic tonic! garlic is harmless"))
    other = await discord.wait_for_reply(ana.say(general, CLAIM))
    gone = await discord.wait_for_reply(ana.say(general, "garlic tonic again"))
    await discord.quiet()
    before = both.text
    discord.fail_next(DELETE, status=404, code=10008)
    await place.confirmed(ana, RollBack(1))
    await heard(place, RepairDone)
    (done,) = [one for one in place.heard if isinstance(one, RepairDone)]
    assert done.repair.fates == {Fate.WITHDRAWN: 1, Fate.CORRECTED: 1, Fate.GONE: 1}
    assert only.deleted
    assert not gone.deleted
    assert not other.deleted
    assert both.text != before
    assert len(discord.requests_to(EDIT)) == 1
    corrected = await place.store.reply(reply=str(both.id))
    assert corrected is not None
    assert [finding.rule for finding in corrected.findings] == ["garlic-is-harmless"]


async def test_replies_in_the_room_are_left_to_the_room(
    discord: LoopbackDiscord, place: Workplace, general: Channel, ana: Member, guild: Guild
) -> None:
    now = datetime.now(UTC)
    finding = KeptFinding("garlic-cures-colds", "cold-relief", "asserts", 90, "<garlic> tonic")
    said = KeptReply("ab", "cd", "studio", "ef", "ada", "full", (finding,), (), (), "digest", now)
    await place.store.keep_reply(said)
    await place.store.begin_repair(server="studio", rules=[finding.rule], since=now, by=None, at=now)
    await place.confirmed(ana, NewRule(TONIC))
    await place.bot.start()
    reply = await discord.wait_for_reply(ana.say(general, "garlic tonic for the win"))
    await place.confirmed(ana, RollBack(0))
    await heard(place, RepairDone)
    assert reply.deleted
    (left,) = await place.store.open_repairs()
    assert (left.server, left.left, left.fates) == ("studio", ("ab",), {})


async def test_a_repair_goes_on_after_a_restart(
    discord: LoopbackDiscord, place: Workplace, general: Channel, ana: Member, guild: Guild
) -> None:
    await place.confirmed(ana, NewRule(TONIC))
    await place.bot.start()
    reply = await discord.wait_for_reply(ana.say(general, "garlic tonic for the win"))
    await ready(place.bot)
    await place.bot.stop()
    place.moderation.look_back_with(None)
    await place.confirmed(ana, RollBack(0))
    assert not reply.deleted
    await place.bot.start()
    await discord.wait_until(lambda: reply.deleted)


async def test_a_rule_that_many_object_to_drops_to_shadow_by_itself(
    discord: LoopbackDiscord, place: Workplace, general: Channel, ana: Member, guild: Guild
) -> None:
    council = guild.create_channel("council")
    settings = SpeakingSettings(
        room_cooldown=0,
        member_cooldown=0,
        moderators_room=str(council.id),
        alarm_replies=3,
        alarm_voters=2,
    )
    await place.bot.checker.save_settings(str(guild.id), settings)
    ben = guild.create_member("ben")
    await place.bot.start()
    for member in (ana, ben, ana):
        await object_to(member, await discord.wait_for_reply(member.say(general, CLAIM)))
    await heard(place, RuleQuieted)
    version = await place.moderation.newest(str(guild.id))
    assert version is not None
    assert version.author == str(guild.bot.id)
    assert "3 of its 3 replies" in version.why
    told = await discord.wait_for_message(council)
    assert "is only recorded from now on: 3 of its 3 replies" in told.text
    assert told.pings_nobody
    sent = len(discord.requests_to(SEND))
    ana.say(general, CLAIM)
    await discord.quiet()
    assert len(discord.requests_to(SEND)) == sent
    await place.confirmed(ana, RollBack(0))
    await discord.wait_for_reply(ana.say(general, CLAIM))


async def test_an_edit_that_removes_the_claim_and_a_deletion_take_the_reply_along(
    discord: LoopbackDiscord, place: Workplace, general: Channel, ana: Member, mia: Member
) -> None:
    await place.bot.start()
    edited, deleted = ana.say(general, CLAIM), ana.say(general, CLAIM)
    replies = [await discord.wait_for_reply(message) for message in (edited, deleted)]
    await object_to(ana, replies[0])
    await discord.quiet()
    ana.edit(edited, CHATTER)
    ana.delete(deleted)
    await discord.wait_until(lambda: all(reply.deleted for reply in replies))
    # The objection is still worth a look: the rule would do it again.
    assert "Votes: 1 × not what I said" in (await mia.slash(general, "/rules review")).text
