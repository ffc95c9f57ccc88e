"""Changing rules in Discord: forms, proposals, what is refused, two at once, and the way back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.gateway.rules.changing import WHICH
from bot.store.sqlite import SQLiteStore
from tests.gateway.harness import SEND
from tests.gateway.office import BROKEN, ON_BUTTON, Office, form_of
from tests.gateway.test_questions import link_to
from tests.loopback import LoopbackDiscord
from tests.loopback.members import Member
from tests.loopback.places import Channel
from tests.moderation.desk import TONIC


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
    assert await office.moderation.drafts(office.server, str(mia.id)) == ()


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


async def test_a_press_that_fails_changes_nothing_and_can_be_tried_again(
    office: Office, store: SQLiteStore, general: Channel, mia: Member
) -> None:
    opened = await mia.slash(general, "/rules new", {"family": "cold-relief"})
    proposal = await mia.submit(opened, {"text": TONIC})
    await store._connection.execute("ALTER TABLE rule_versions RENAME TO away")
    assert proposal.message is not None
    failed = await mia.press(proposal.message, proposal.message.button("Go live")["custom_id"])
    await office.discord.wait_until(lambda: bool(failed.followups))
    assert "please try again" in failed.followups[0].text
    assert failed.followups[0].is_ephemeral
    await store._connection.execute("ALTER TABLE away RENAME TO rule_versions")
    assert "Version 1 is in force" in (await office.press(mia, proposal.message, "Go live")).text


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


async def test_a_rule_that_reaches_into_ordinary_chat_is_refused_with_the_share(
    office: Office, general: Channel, mia: Member
) -> None:
    opened = await mia.slash(general, "/rules new", {"family": "cold-relief"})
    broad = TONIC.replace("<garlic> tonic", "<garlic>").replace("gin and tonic", "gin and lemon")
    refused = await mia.submit(opened, {"text": broad})
    assert "would fire on messages that claim nothing" in refused.text
    assert "3 of 4 (75.0 %)" in refused.text
