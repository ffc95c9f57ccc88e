"""`/rules list`, `show`, `test`, `why`: what moderators are shown."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.gateway.lookup import NOT_A_LINK
from bot.moderation.changes import SetRuleStatus
from bot.rulebook.model import Status
from tests.gateway.harness import CHATTER, CLAIM, EMERGENCY
from tests.gateway.office import Office
from tests.gateway.test_questions import link_to
from tests.loopback import LoopbackDiscord
from tests.loopback.members import Member
from tests.loopback.places import Channel
from tests.moderation.desk import TONIC


async def test_the_list_tells_what_holds_and_where_it_comes_from(
    office: Office, general: Channel, mia: Member
) -> None:
    await office.changed("own_rules:" + TONIC.replace("\n", "\n  "), by=mia)
    listed = await mia.slash(general, "/rules list")
    assert listed.is_ephemeral
    assert "**3 rules**" in listed.text
    assert "🟢 `garlic-cures-colds` 84" in listed.text
    assert "🌗 `garlic-is-harmless`" in listed.text
    assert "`our-tonic` 86 · own" in listed.text


@pytest.mark.parametrize(
    ("options", "inside", "outside"),
    [
        ({"family": "garlic-safe"}, "garlic-is-harmless", "garlic-cures-colds"),
        ({"status": "live"}, "garlic-cures-colds", "garlic-is-harmless"),
        ({"family": "garlic-safe", "status": "live"}, "no such rule", "garlic-is-harmless"),
    ],
)
async def test_the_list_can_be_narrowed(
    office: Office, general: Channel, mia: Member, options: dict[str, str], inside: str, outside: str
) -> None:
    listed = await mia.slash(general, "/rules list", options)
    assert inside in listed.text
    assert outside not in listed.text


async def test_a_long_list_has_pages_that_turn_after_a_restart(
    office: Office, general: Channel, mia: Member
) -> None:
    resting = TONIC.replace("\n", "\n  ").replace("family:", "status: off\n    family:").rstrip()
    many = "own_rules:" + "".join(
        resting.replace("our-tonic", f"tonic-number-{number}") for number in range(60)
    )
    await office.changed(many, by=mia)
    listed = await mia.slash(general, "/rules list")
    assert "tonic-number-0`" in listed.text
    assert "tonic-number-59`" not in listed.text
    await office.bot.restart()
    listed = await office.press(mia, listed.message, "▸")
    assert "tonic-number-59`" in listed.text
    assert "**62 rules**" in listed.text
    assert listed.message is not None
    assert listed.message.button("▸")["disabled"]


async def test_a_rule_is_shown_in_full(office: Office, general: Channel, mia: Member) -> None:
    shown = await mia.slash(general, "/rules show", {"rule": "garlic-is-harmless"})
    assert shown.is_ephemeral
    assert "🌗 shadow, cut-off 86, from the base" in shown.text
    assert "- <garlic> is harmless|safe" in shown.text or '"<garlic> is harmless|safe"' in shown.text
    unknown = await mia.slash(general, "/rules show", {"rule": "nothing-such"})
    assert "There is no rule `nothing-such` here" in unknown.text


async def test_a_rule_that_is_too_long_comes_as_a_file(
    office: Office, discord: LoopbackDiscord, general: Channel, mia: Member
) -> None:
    examples = "\n".join(f"      - garlic tonic for the win, number {number}" for number in range(60))
    text = TONIC.replace('    fires: ["garlic tonic for the win"]', f"    fires:\n{examples}")
    await office.changed("own_rules:" + text.replace("\n", "\n  "), by=mia)
    shown = await mia.slash(general, "/rules show", {"rule": "our-tonic"})
    assert shown.message is not None
    assert "number 59" in discord.file_of(shown.message, "our-tonic.yaml")


@pytest.mark.parametrize(
    ("text", "context", "expected"),
    [
        (CLAIM, None, ["Would be answered", "**garlic cured my cold**", "`garlic-cures-colds`", "The reply"]),
        (CHATTER, None, ["Not answered:** no claim"]),
        ("garlic never cured my cold", None, ["Not answered:** denied", "denied, "]),
        ("it knocked my cold right out", "what about garlic", ["Would be answered"]),
        ("garlic is harmless", None, ["Held back:** shadow"]),
        (EMERGENCY, None, ["signs of an emergency", "Would be answered"]),
        ("@everyone **garlic** cured my cold", None, ["\\*\\*"]),
    ],
)
async def test_a_message_can_be_tried(
    office: Office, general: Channel, mia: Member, text: str, context: str | None, expected: list[str]
) -> None:
    tried = await mia.slash(
        general, "/rules test", {"text": text} | ({"context": context} if context else {})
    )
    assert tried.is_ephemeral
    assert [part for part in expected if part not in tried.text] == []
    assert tried.message is not None
    assert tried.message.pings_nobody
    assert "@everyone" not in tried.text


async def test_trying_asks_for_the_rules_of_the_server(office: Office, general: Channel, mia: Member) -> None:
    await office.changed(SetRuleStatus("garlic-cures-colds", Status.OFF), by=mia)
    tried = await mia.slash(general, "/rules test", {"text": CLAIM})
    assert "Not answered" in tried.text


async def test_why_explains_what_was_answered_and_what_was_not(
    office: Office, discord: LoopbackDiscord, general: Channel, ana: Member, mia: Member
) -> None:
    claim = ana.say(general, CLAIM)
    reply = await discord.wait_for_reply(claim)
    for message in (claim, reply):
        why = await mia.slash(general, "/rules why", {"message": link_to(message)})
        assert why.is_ephemeral
        assert "So a reply with its sources was sent." in why.text
    denied = await mia.slash(
        general, "/rules why", {"message": link_to(ana.say(general, "garlic never cured my cold"))}
    )
    assert "What the rules here see in it now" in denied.text
    assert "Not answered:** denied" in denied.text
    assert (await mia.slash(general, "/rules why", {"message": "garlic"})).text == NOT_A_LINK


async def test_rules_in_shadow_for_some_time_are_told(office: Office, general: Channel, mia: Member) -> None:
    proposal = await office.moderation.propose(
        office.server, "own_rules:" + TONIC.replace("\n", "\n  "), by="1", why="x"
    )
    await office.moderation.confirm(proposal, shadow_for=timedelta(hours=5))  # type: ignore[arg-type]
    assert "🌗 `our-tonic` 86 · own · speaks <t:" in (await mia.slash(general, "/rules list")).text


@pytest.mark.parametrize(
    ("option", "typed", "first"),
    [
        ("rule", "", "garlic-cures-colds"),
        ("rule", "harml", "garlic-is-harmless"),
        ("rule", "HARMLESS shadow", "garlic-is-harmless"),
        ("rule", "nothing such", None),
    ],
)
async def test_rules_are_completed(
    office: Office, general: Channel, mia: Member, option: str, typed: str, first: str | None
) -> None:
    choices = await mia.autocomplete(general, "/rules show", option, typed)
    assert (choices[0]["value"] if choices else None) == first


async def test_families_and_versions_are_completed(office: Office, general: Channel, mia: Member) -> None:
    families = await mia.autocomplete(general, "/rules list", "family", "cold")
    assert [choice["value"] for choice in families] == ["cold-relief"]
    await office.changed(SetRuleStatus("garlic-cures-colds", Status.OFF), by=mia, why="it rests")
    versions = await mia.autocomplete(general, "/rules rollback", "version", "")
    assert [choice["value"] for choice in versions] == [1, 0]
    assert "it rests" in versions[0]["name"]
    named = await mia.autocomplete(general, "/rules rollback", "version", "0")
    assert 0 in [choice["value"] for choice in named]
