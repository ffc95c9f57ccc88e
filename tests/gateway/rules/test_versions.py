"""Two moderators at once, the history, and the way back."""

from __future__ import annotations

from bot.moderation.changes import SetRuleStatus
from bot.rulebook.model import Status
from tests.gateway.office import ON_BUTTON, Office, form_of
from tests.loopback import LoopbackDiscord
from tests.loopback.members import Member
from tests.loopback.places import Channel
from tests.moderation.desk import TONIC


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
