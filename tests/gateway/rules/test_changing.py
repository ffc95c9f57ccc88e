"""Changing rules in Discord: forms, proposals, what is refused, two at once, and the way back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.gateway.rules.changing import NOT_UTF8, WHICH
from bot.moderation.changes import SetRuleStatus
from bot.proof import Proven
from bot.rulebook.model import Status
from bot.store.sqlite import SQLiteStore
from tests.gateway.harness import CLAIM, SEND
from tests.gateway.office import Office, opened
from tests.gateway.test_questions import link_to
from tests.loopback import LoopbackDiscord, Upload
from tests.loopback.guilds import Guild
from tests.loopback.interactions import Interaction
from tests.loopback.members import Member
from tests.loopback.permissions import Permission
from tests.loopback.places import Channel
from tests.moderation.desk import TONIC

BROKEN = TONIC.replace("phrases:", "phrazes:")
ON_BUTTON = "Open what I typed"


def form_of(interaction: Interaction) -> dict[str, str]:
    """What stands in a form, by field."""
    assert interaction.modal is not None
    rows = [part for row in interaction.modal["components"] for part in row["components"]]
    return {part["custom_id"]: part.get("value") or "" for part in rows}


async def test_a_rule_goes_live_by_a_press_and_is_undone_by_another(
    office: Office, discord: LoopbackDiscord, general: Channel, ana: Member, mia: Member
) -> None:
    said = ana.say(general, "garlic tonic for me")
    opened = await mia.slash(general, "/rules new", {"family": "cold-relief"})
    assert "family: cold-relief" in form_of(opened)["text"]
    proposal = await mia.submit(opened, {"text": TONIC, "why": "they all say it"})
    assert proposal.is_ephemeral
    assert "not in force yet" in proposal.text
    assert "+1 message, −0, of the last 1 here" in proposal.text
    assert f"[answered now]({link_to(said)}) `cold-relief`: **garlic tonic** for me" in proposal.text
    assert "+  - id: our-tonic" in proposal.text
    assert "New or changed, and would speak: `our-tonic`" in proposal.text
    assert await office.newest() is None
    done = await office.press(mia, proposal.message, "Go live")
    assert "Version 1 is in force" in done.text
    newest = await office.newest()
    assert newest is not None
    assert (newest.author, newest.why) == (str(mia.id), "they all say it")
    await discord.wait_for_reply(ana.say(general, "garlic tonic for me"))
    undo = await office.press(mia, done.message, "Undo")
    assert "-  - id: our-tonic" in undo.text
    assert "Version 2 is in force" in (await office.press(mia, undo.message, "Go live")).text
    assert await office.moderation.export(office.server) == ""


async def test_an_edit_with_a_fault_comes_back_with_its_line_and_all_that_was_typed(
    office: Office, general: Channel, mia: Member
) -> None:
    opened = await mia.slash(general, "/rules edit", {"rule": "garlic-cures-colds"})
    text = form_of(opened)["text"]
    assert "within: 14" in text
    typed = text.replace("within: 14", "wihtin: 14") + "  # mine\n"
    refused = await mia.submit(opened, {"text": typed, "why": "less far apart"})
    line = typed.split("\n").index("  wihtin: 14") + 1
    assert "Nothing was changed" in refused.text
    assert f"**Line {line}, column 3:**" in refused.text
    assert f"{line} |   wihtin: 14\n  |   ^" in refused.text
    await office.bot.restart()
    again = await mia.press(refused.message, refused.message.button(ON_BUTTON)["custom_id"])  # type: ignore[arg-type, union-attr]
    assert form_of(again)["text"] == typed
    proposal = await mia.submit(again, {"text": typed.replace("wihtin: 14", "within: 13")})
    assert "not in force yet" in proposal.text
    assert "-  within: 14" not in proposal.text
    done = await office.press(mia, proposal.message, "Go live")
    assert "Version 1 is in force" in done.text


async def test_the_reason_typed_along_with_what_was_refused_is_there_again(
    office: Office, general: Channel, mia: Member
) -> None:
    opened = await mia.slash(general, "/rules new", {"family": "cold-relief"})
    refused = await mia.submit(opened, {"text": BROKEN, "why": "they say it"})
    assert refused.message is not None
    again = await mia.press(refused.message, refused.message.button(ON_BUTTON)["custom_id"])
    assert form_of(again) == {"text": BROKEN, "why": "they say it"}


async def test_what_was_refused_can_be_opened_from_the_list_of_drafts(
    office: Office, general: Channel, mia: Member, max_: Member
) -> None:
    assert "Nothing is kept" in (await mia.slash(general, "/rules drafts")).text
    opened = await mia.slash(general, "/rules new", {"family": "cold-relief"})
    await mia.submit(opened, {"text": BROKEN})
    drafts = await mia.slash(general, "/rules drafts")
    assert "1. new rule" in drafts.text
    assert drafts.message is not None
    again = await mia.press(drafts.message, drafts.message.button("Open 1")["custom_id"])
    assert form_of(again)["text"] == BROKEN
    assert "Nothing is kept" in (await max_.slash(general, "/rules drafts")).text


async def test_a_proposal_is_put_away_and_what_was_typed_is_kept_until_it_is_live(
    office: Office, general: Channel, mia: Member
) -> None:
    opened = await mia.slash(general, "/rules new", {"family": "cold-relief"})
    proposal = await mia.submit(opened, {"text": TONIC})
    cancelled = await office.press(mia, proposal.message, "Cancel")
    assert "Put away" in cancelled.text
    assert await office.newest() is None
    drafts = await mia.slash(general, "/rules drafts")
    assert "not confirmed yet" in drafts.text
    assert drafts.message is not None
    again = await mia.press(drafts.message, drafts.message.button("Open 1")["custom_id"])
    proposal = await mia.submit(again, {"text": TONIC})
    await office.press(mia, proposal.message, "Go live")
    assert len(await office.moderation.drafts(office.server, str(mia.id))) == 1


async def test_new_rules_can_be_in_shadow_first(
    office: Office, discord: LoopbackDiscord, general: Channel, ana: Member, mia: Member
) -> None:
    opened = await mia.slash(general, "/rules new", {"family": "cold-relief"})
    proposal = await mia.submit(opened, {"text": TONIC})
    done = await office.press(mia, proposal.message, "Live after 24 h in shadow")
    assert "Only recorded at first" in done.text
    assert "`our-tonic` from <t:" in done.text
    newest = await office.newest()
    assert newest is not None
    assert newest.trials["our-tonic"] - newest.saved == timedelta(hours=24)
    ana.say(general, "garlic tonic for me")
    await discord.quiet()
    assert discord.requests_to(SEND) == []


async def test_a_button_pressed_twice_or_after_a_restart_says_so_and_changes_nothing(
    office: Office, general: Channel, mia: Member
) -> None:
    proposals = [
        await mia.slash(general, "/rules off", {"rule": "garlic-cures-colds"}),
        await mia.slash(general, "/rules off", {"rule": "garlic-is-harmless"}),
    ]
    buttons = [one.message.button("Go live")["custom_id"] for one in proposals if one.message]
    messages = [one.message for one in proposals if one.message]
    await office.press(mia, messages[0], "Go live")
    await office.bot.restart()
    late = await mia.press(messages[1], buttons[1])
    assert "no longer good" in late.text
    assert late.is_ephemeral
    newest = await office.newest()
    assert newest is not None
    assert newest.number == 1
    assert late.message is not None
    assert "Nothing is kept" in (await office.press(mia, late.message, "What I typed")).text


@pytest.mark.parametrize(
    ("command", "options", "expected"),
    [
        ("off", {"rule": "garlic-cures-colds"}, "+  garlic-cures-colds: {status: off}"),
        ("shadow", {"family": "cold-relief", "why": "too loud"}, "+  cold-relief: shadow"),
        ("live", {"rule": "garlic-is-harmless"}, "+  garlic-is-harmless: {status: live}"),
    ],
)
async def test_rules_and_families_are_quieted_and_woken(
    office: Office, general: Channel, mia: Member, command: str, options: dict[str, str], expected: str
) -> None:
    proposal = await mia.slash(general, f"/rules {command}", options)
    assert expected in proposal.text
    await office.press(mia, proposal.message, "Go live")
    newest = await office.newest()
    assert newest is not None
    assert newest.why == options.get("why", "")


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, WHICH),
        ({"rule": "a", "family": "b"}, WHICH),
        ({"rule": "garlic-cures-cold"}, "There is no rule `garlic-cures-cold`"),
        ({"family": "cold"}, "There is no family `cold`"),
        ({"rule": "@everyone"}, "no rule"),
    ],
)
async def test_what_is_not_there_is_told(
    office: Office, general: Channel, mia: Member, options: dict[str, str], expected: str
) -> None:
    refused = await mia.slash(general, "/rules off", options)
    assert expected in refused.text.replace("\\", "")
    assert refused.message is not None
    assert refused.message.pings_nobody


async def test_nothing_to_change_is_told(office: Office, general: Channel, mia: Member) -> None:
    assert (
        "Nothing would change"
        in (await mia.slash(general, "/rules live", {"rule": "garlic-cures-colds"})).text
    )


async def test_an_example_is_added_and_one_that_does_not_hold_comes_back(
    office: Office, general: Channel, mia: Member
) -> None:
    options = {"rule": "garlic-cures-colds", "kind": "fires", "message": "zinc cured my cold"}
    refused = await mia.slash(general, "/rules add-example", options)
    assert "Nothing was changed" in refused.text
    assert refused.message is not None
    again = await mia.press(refused.message, refused.message.button(ON_BUTTON)["custom_id"])
    assert form_of(again) == {"message": "zinc cured my cold", "because": "", "context": ""}
    proposal = await mia.submit(again, {"message": "«garlic cured my cold» again"})
    assert "not in force yet" in proposal.text
    await office.press(mia, proposal.message, "Go live")
    shown = await office.moderation.show(office.server, "garlic-cures-colds")
    assert shown is not None
    assert "«garlic cured my cold» again" in shown.text


async def test_a_silent_example_needs_its_reason(office: Office, general: Channel, mia: Member) -> None:
    options = {"rule": "garlic-cures-colds", "kind": "silent", "message": "garlic is out"}
    told = await mia.slash(general, "/rules add-example", options)
    assert "Say in `because`" in told.text
    assert "garlic is out" in told.text
    proposal = await mia.slash(general, "/rules add-example", options | {"because": "merely named"})
    assert "merely named" in proposal.text


async def test_the_second_of_two_moderators_sees_the_first_ones_change_and_is_asked(
    office: Office, general: Channel, mia: Member, max_: Member
) -> None:
    opened = await mia.slash(general, "/rules new", {"family": "cold-relief"})
    await office.changed(SetRuleStatus("garlic-is-harmless", Status.OFF), by=max_, why="it is food")
    conflict = await mia.submit(opened, {"text": TONIC})
    assert "Somebody else was faster" in conflict.text
    assert f"<@{max_.id}>" in conflict.text
    assert "it is food" in conflict.text
    assert "+  garlic-is-harmless: {status: off}" in conflict.text
    assert conflict.message is not None
    assert conflict.message.pings_nobody
    again = await mia.press(conflict.message, conflict.message.button(ON_BUTTON)["custom_id"])
    assert form_of(again)["text"] == TONIC
    proposal = await office.press(mia, conflict.message, "Yes, show mine on top of it")
    assert "+  - id: our-tonic" in proposal.text
    await office.press(mia, proposal.message, "Go live")
    assert {line.id: line.status for line in await office.moderation.list_rules(office.server)} == {
        "garlic-cures-colds": "live",
        "garlic-is-harmless": "off",
        "our-tonic": "live",
    }


async def test_two_moderators_pressing_at_once_do_not_overwrite_one_another(
    office: Office, general: Channel, mia: Member, max_: Member
) -> None:
    first = await mia.slash(general, "/rules off", {"rule": "garlic-cures-colds"})
    second = await max_.slash(general, "/rules off", {"rule": "garlic-is-harmless"})
    await office.press(mia, first.message, "Go live")
    asked = await office.press(max_, second.message, "Go live")
    assert "Somebody else was faster" in asked.text
    assert "Put away" in (await office.press(max_, asked.message, "Leave it")).text
    newest = await office.newest()
    assert newest is not None
    assert newest.number == 1


async def test_a_file_is_imported_and_exported(
    office: Office, discord: LoopbackDiscord, general: Channel, mia: Member
) -> None:
    assert "no changes of its own" in (await mia.slash(general, "/rules export")).text
    overlay = "own_rules:" + TONIC.rstrip().replace("\n", "\n  ") + "\n"
    file = Upload("own.yaml", overlay.encode())
    proposal = await mia.slash(general, "/rules import", {"file": file, "why": "from next door"})
    await office.press(mia, proposal.message, "Go live")
    exported = await mia.slash(general, "/rules export")
    assert exported.is_ephemeral
    assert exported.message is not None
    text = discord.file_of(exported.message, "overlay.yaml")
    assert text == await office.moderation.export(office.server)
    rule = await mia.slash(general, "/rules export", {"rule": "our-tonic"})
    assert rule.message is not None
    assert discord.file_of(rule.message, "our-tonic.yaml").startswith("- id: our-tonic")
    assert "no rule `x`" in (await mia.slash(general, "/rules export", {"rule": "x"})).text
    again = await mia.slash(
        general, "/rules import", {"file": Upload("overlay.yaml", text.encode("utf-8-sig"))}
    )
    assert "Nothing would change" in again.text


async def test_a_file_with_one_rule_makes_or_changes_it(
    office: Office, general: Channel, mia: Member
) -> None:
    proposal = await mia.slash(
        general, "/rules import", {"file": Upload("tonic.yaml", b"# ours\n" + TONIC.encode())}
    )
    assert "+  - id: our-tonic" in proposal.text
    await office.press(mia, proposal.message, "Go live")
    changed = TONIC.replace("family: cold-relief", "family: cold-relief\n  cutoff: 90")
    proposal = await mia.slash(general, "/rules import", {"file": Upload("tonic.yaml", changed.encode())})
    assert "+    cutoff: 90" in proposal.text


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"\xff\xfe\x00", NOT_UTF8),
        (b"x: " * 200_000, "too big"),
        (b"own_rules:\n  - id: [cut", "column"),
        (BROKEN.encode(), "phrazes"),
        ("- id: 🌿\n".encode(), "column"),
        (b"a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n", "column"),
        (b"", "Nothing would change"),
    ],
)
async def test_a_file_that_cannot_be_read_is_told(
    office: Office, general: Channel, mia: Member, content: bytes, expected: str
) -> None:
    refused = await mia.slash(general, "/rules import", {"file": Upload("own.yaml", content)})
    assert expected in refused.text
    assert await office.newest() is None


async def test_a_rule_that_is_too_long_for_a_form_comes_as_a_file(
    office: Office, discord: LoopbackDiscord, general: Channel, mia: Member
) -> None:
    examples = "\n".join(f"      - garlic tonic for the win, number {number}" for number in range(120))
    text = TONIC.replace('    fires: ["garlic tonic for the win"]', f"    fires:\n{examples}")
    await office.changed("own_rules:" + text.replace("\n", "\n  "), by=mia)
    opened = await mia.slash(general, "/rules edit", {"rule": "our-tonic"})
    assert opened.modal is None
    assert opened.is_ephemeral
    assert "`/rules import`" in opened.text
    assert opened.message is not None
    file = discord.file_of(opened.message, "our-tonic.yaml")
    typed = file.replace("phrases:", "phrazes:")
    refused = await mia.slash(general, "/rules import", {"file": Upload("our-tonic.yaml", typed.encode())})
    assert "phrazes" in refused.text
    assert refused.message is not None
    again = await mia.press(refused.message, refused.message.button(ON_BUTTON)["custom_id"])
    assert again.message is not None
    assert discord.file_of(again.message, "rule.yaml") == typed


async def test_the_history_tells_who_and_why_and_leads_back(
    office: Office, discord: LoopbackDiscord, general: Channel, mia: Member, max_: Member
) -> None:
    assert "no changes of its own" in (await mia.slash(general, "/rules history")).text
    assert "no changes of its own" in (await mia.slash(general, "/rules diff")).text
    for number in range(5):
        await office.changed(
            SetRuleStatus("garlic-is-harmless", Status.OFF), by=max_, why=f"*loud* @everyone {number}"
        )
        await office.changed(SetRuleStatus("garlic-is-harmless", Status.SHADOW), by=mia, why="back")
    history = await mia.slash(general, "/rules history")
    assert "- **10** · in force" in history.text
    assert f"<@{mia.id}>: back" in history.text
    assert "\\*loud\\*" in history.text
    assert "@everyone" not in history.text
    assert history.message is not None
    assert history.message.pings_nobody
    assert "- **2**" not in history.text
    older = await office.press(mia, history.message, "Older ▸")
    assert "- **2**" in older.text
    difference = await mia.slash(general, "/rules diff", {"version": 9})
    assert "+  garlic-is-harmless: {status: off}" in difference.text
    assert "nothing differs" in (await mia.slash(general, "/rules diff", {"version": 10, "against": 0})).text
    assert "There is no version 99" in (await mia.slash(general, "/rules diff", {"version": 99})).text
    proposal = await mia.slash(general, "/rules rollback", {"version": 9, "why": "it was better"})
    await office.press(mia, proposal.message, "Go live")
    newest = await office.newest()
    assert newest is not None
    assert (newest.number, newest.why) == (11, "it was better")
    rule = await mia.slash(general, "/rules diff", {"rule": "garlic-is-harmless"})
    assert "+  status: off" in rule.text
    assert (
        "without a change" in (await mia.slash(general, "/rules diff", {"rule": "garlic-cures-colds"})).text
    )
    assert "There is no version 99" in (await mia.slash(general, "/rules rollback", {"version": 99})).text


async def test_a_rule_that_reaches_into_ordinary_chat_is_refused_with_the_share(
    office: Office, general: Channel, mia: Member
) -> None:
    opened = await mia.slash(general, "/rules new", {"family": "cold-relief"})
    broad = TONIC.replace("<garlic> tonic", "<garlic>").replace("gin and tonic", "gin and lemon")
    refused = await mia.submit(opened, {"text": broad})
    assert "would fire on messages that claim nothing" in refused.text
    assert "3 of 4 (75.0 %)" in refused.text


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


async def test_others_cannot_see_complete_press_or_send(
    office: Office, discord: LoopbackDiscord, guild: Guild, general: Channel, ana: Member
) -> None:
    with pytest.raises(LookupError, match="does not see"):
        await ana.slash(general, "/rules list")
    role = guild.create_role("trusted", permissions=Permission.MANAGE_GUILD)
    ben = guild.create_member("ben", roles=[role])
    opened = await ben.slash(general, "/rules new", {"family": "cold-relief"})
    proposal = await ben.slash(general, "/rules off", {"rule": "garlic-cures-colds"})
    ben.take(role)
    discord.commands.show("rules", ben)
    for command, options in (
        ("list", {}),
        ("off", {"rule": "garlic-cures-colds"}),
        ("new", {"family": "cold-relief"}),
        ("settings show", {}),
    ):
        refused = await ben.slash(general, f"/rules {command}", options)
        assert refused.is_ephemeral
        assert "Only those who may **Manage Server**" in refused.text
    assert await ben.autocomplete(general, "/rules show", "rule", "") == []
    assert "Only those who may" in (await ben.submit(opened, {"text": TONIC})).text
    assert proposal.message is not None
    pressed = await ben.press(proposal.message, proposal.message.button("Go live")["custom_id"])
    assert "Only those who may" in pressed.text
    assert await office.newest() is None
    assert CLAIM not in pressed.text
