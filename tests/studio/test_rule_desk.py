"""Changing the room's rules over the real server, as the page does it."""

from __future__ import annotations

from typing import Any

import pytest

from bot.moderation.changes import SetRuleStatus
from bot.moderation.model import Proposal
from bot.proof import Proven
from bot.rulebook.model import Status
from bot.studio.health import SERVER

from .conftest import CLAIM, SHADOW, Page, Place, Serve

RULE = "garlic-cures-colds"
OTHER = "garlic-is-harmless"
FAMILY = "cold-relief"
TONIC = "garlic tonic for the win"


async def opened(page: Page, rule: str = RULE) -> dict[str, Any]:
    return await page.ask(type="rule", member=page.me, rule=rule)


async def tried(page: Page, text: str, *, rule: str | None = RULE, **more: object) -> dict[str, Any]:
    return await page.ask(type="try-rule", member=page.me, rule=rule, text=text, why="seen often", **more)


async def confirmed(page: Page, proposed: dict[str, Any], **more: object) -> dict[str, Any]:
    assert proposed["type"] == "proposed", proposed
    return await page.ask(type="confirm", member=page.me, key=proposed["key"], **more)


async def with_tonic(page: Page) -> str:
    """The rule with a phrase and an example more."""
    text: str = (await opened(page))["text"]
    assert "  examples:\n    fires:\n" in text
    text = text.replace("  phrases:\n", "  phrases:\n    - <garlic> tonic\n", 1)
    return text.replace("    fires:\n", f"    fires:\n      - {TONIC}\n", 1)


async def family_listed(page: Page, family: str = FAMILY) -> dict[str, Any]:
    listed = await page.ask(type="rules", member=page.me)
    one: dict[str, Any] = next(one for one in listed["families"] if one["id"] == family)
    return one


async def test_rules_are_listed_by_family(moderated: Place) -> None:
    async with moderated.page() as page:
        listed = await page.ask(type="rules", member=page.me)
    rules = {rule["id"]: rule for family in listed["families"] for rule in family["rules"]}
    assert (rules[RULE]["status"], rules[RULE]["provenance"]) == ("live", "base")
    assert rules[OTHER]["status"] == "shadow"
    assert (listed["version"], listed["set_aside"]) == (0, None)


async def test_a_change_is_shown_goes_live_and_is_undone(moderated: Place) -> None:
    async with moderated.page() as page:
        said = await page.say(f"well, {TONIC}")
        assert said["decision"] == "silent"
        proposed = await tried(page, await with_tonic(page), seen=0)
        assert proposed["summary"] == "+1 message, −0, of the last 1 here"
        changed = proposed["changed"][0]
        assert (changed["effect"], changed["message"], changed["member"]) == ("added", said["id"], "Mira")
        assert [piece["text"] for piece in changed["pieces"] if piece["mark"]] == ["garlic tonic"]
        assert {"rule": RULE, "kind": "fires", "text": TONIC} in proposed["examples"]
        added = [line for line in proposed["difference"].splitlines()[2:] if line.startswith(("+", "-"))]
        assert added == ['+    - "<garlic> tonic"', f'+      - {{text: "{TONIC}"}}']
        assert (await page.say(TONIC))["decision"] == "silent"
        live = await confirmed(page, proposed)
        assert (live["version"]["number"], live["version"]["state"]) == (1, "in force")
        assert any(event["type"] == "rules" for event in page.events)
        assert (await page.say(TONIC))["decision"] == "reply"
        assert (await opened(page))["rule"]["provenance"] == "replaced"
        back = await page.ask(type="try-version", member=page.me, number=0, why="too much", seen=1)
        assert back["summary"].startswith("+0 messages, −")
        await confirmed(page, back)
        assert (await page.say(TONIC))["reason"] == "no claim"
        versions = (await page.ask(type="versions", member=page.me))["versions"]
    assert [(one["number"], one["state"], one["author"], one["why"]) for one in versions] == [
        (2, "in force", "Mira", "too much"),
        (1, "earlier", "Mira", "seen often"),
    ]
    assert TONIC in versions[0]["difference"]


async def test_a_fault_comes_with_its_line_and_the_text_is_kept(moderated: Place) -> None:
    async with moderated.page() as page:
        text = (await opened(page))["text"].replace("  cutoff:", "  cutof:")
        refused = await tried(page, text)
        fault = refused["faults"][0]
        assert (refused["type"], fault["in_text"]) == ("not-proposed", True)
        assert text.split("\n")[fault["line"] - 1][fault["column"] - 1 :].startswith("cutof:")
        assert [piece["text"] for piece in fault["pieces"] if piece["mark"]] == ["cutof"]
        assert (await opened(page))["draft"]["text"] == text
        member = page.welcome["members"][1]["id"]
        assert (await page.ask(type="rule", member=member, rule=RULE))["draft"] is None


async def test_a_proposal_is_kept_until_it_is_in_force(moderated: Place) -> None:
    async with moderated.page() as page:
        text = await with_tonic(page)
        proposed = await tried(page, text)
        assert (await opened(page))["draft"]["text"] == text
        await confirmed(page, proposed)
        assert (await opened(page))["draft"] is None
        again = await page.ask(type="confirm", member=page.me, key=proposed["key"])
    assert again["type"] == "refused"
    assert "put in force already" in again["says"]


async def test_a_draft_outlives_a_restart(serve: Serve, base: Proven) -> None:
    async with serve(base=base) as place, place.page() as page:
        await tried(page, "id: [")
        await tried(page, f"- id: {RULE}\n  nothing: else")
    async with serve(base=base) as place, place.page() as page:
        assert (await opened(page))["draft"]["text"].endswith("nothing: else")


async def test_who_comes_second_sees_what_the_first_changed(moderated: Place) -> None:
    assert moderated.moderation is not None
    async with moderated.page() as page:
        text = await with_tonic(page)
        proposed = await tried(page, text, seen=0)
        change = SetRuleStatus(OTHER, Status.OFF)
        other = await moderated.moderation.propose(SERVER, change, by="Jonas", why="quiet please")
        assert isinstance(other, Proposal)
        await moderated.moderation.confirm(other)
        for conflict in (await confirmed(page, proposed), await tried(page, text, seen=0)):
            assert conflict["type"] == "conflict"
            assert (conflict["newer"]["author"], conflict["newer"]["why"]) == ("Jonas", "quiet please")
            assert OTHER in conflict["newer"]["difference"]
        assert (await opened(page))["draft"]["text"] == text
        assert (await confirmed(page, await tried(page, text, seen=1)))["version"]["number"] == 2


@pytest.mark.parametrize(
    ("status", "text", "decision", "reason"),
    [
        ("off", CLAIM, "silent", "no claim"),
        ("shadow", CLAIM, "hold", "shadow"),
        ("live", SHADOW, "reply", "claim"),
    ],
)
async def test_a_rule_is_switched(
    moderated: Place, status: str, text: str, decision: str, reason: str
) -> None:
    async with moderated.page() as page:
        rule = OTHER if status == "live" else RULE
        proposed = await page.ask(type="try-status", member=page.me, rule=rule, status=status)
        await confirmed(page, proposed)
        message = await page.say(text)
    assert (message["decision"], message["reason"]) == (decision, reason)


async def test_a_changed_rule_can_be_in_shadow_first(moderated: Place) -> None:
    async with moderated.page() as page:
        live = await confirmed(page, await tried(page, await with_tonic(page)), shadow_hours=24)
        assert live["version"]["trials"] == [RULE]
        assert (await page.say(TONIC))["reason"] == "shadow"
        assert (await opened(page))["rule"]["trial_until"] == "2026-03-02T12:00:00Z"


async def test_a_new_rule_is_added(moderated: Place) -> None:
    async with moderated.page() as page:
        text = (
            "- id: our-tonic\n  family: cold-relief\n  phrases: [<garlic> tonic]\n  examples:\n"
            f"    fires: [{TONIC}]\n    silent: [{{text: gin and tonic, because: a drink}}]\n"
        )
        await confirmed(page, await tried(page, text, rule=None))
        assert (await page.say(TONIC))["decision"] == "reply"
        assert (await opened(page, "our-tonic"))["rule"]["provenance"] == "own"


@pytest.mark.parametrize(
    ("request_", "says"),
    [
        ({"type": "rule", "rule": "nothing-here"}, "This rule is no longer there."),
        ({"type": "confirm", "key": "never"}, "put in force already"),
        (
            {"type": "try-rule", "rule": RULE, "text": "a" * 20_001},
            "A rule may hold at most 20,000 characters.",
        ),
        ({"type": "try-rule", "rule": RULE, "text": " "}, "The rule is empty."),
        ({"type": "try-rule", "text": "a", "why": "a" * 501}, "A reason may hold at most 500 characters."),
        ({"type": "try-status", "rule": RULE, "status": "loud"}, "status is wrong"),
        ({"type": "try-family", "family": "cold-relief", "status": "loud"}, "status is wrong"),
        ({"type": "try-family", "family": "No family", "status": "off"}, "family is wrong"),
        ({"type": "rules", "member": "nobody"}, "This member is no longer in the room."),
    ],
)
async def test_what_cannot_be_done_is_refused(moderated: Place, request_: dict[str, str], says: str) -> None:
    async with moderated.page() as page:
        answer = await page.ask(**{"member": page.me, **request_})
    assert answer["type"] == "refused"
    assert says in answer["says"]


async def test_a_version_that_is_not_there_is_refused(moderated: Place) -> None:
    async with moderated.page() as page:
        answer = await page.ask(type="try-version", member=page.me, number=7)
    assert answer["faults"][0]["problem"] == "There is no version 7."


async def test_the_longest_rule_is_read(moderated: Place) -> None:
    async with moderated.page() as page:
        refused = await tried(page, "\0" * 20_000)
    assert refused["type"] == "not-proposed"
    assert len(refused["faults"]) <= 20
    assert refused["count"] >= len(refused["faults"])


async def test_where_rules_cannot_be_changed_that_is_said(place: Place) -> None:
    async with place.page() as page:
        answer = await page.ask(type="rules", member=page.me)
    assert answer["says"] == "The rules cannot be changed here."


@pytest.mark.parametrize(
    ("status", "decision", "reason", "listed"),
    [("off", "silent", "no claim", {"off"}), ("shadow", "hold", "shadow", {"shadow"})],
)
async def test_a_whole_family_is_switched_and_goes_live_again(
    moderated: Place, status: str, decision: str, reason: str, listed: set[str]
) -> None:
    async with moderated.page() as page:
        await page.say(CLAIM)
        proposed = await page.ask(
            type="try-family", member=page.me, family=FAMILY, status=status, why="a quiet week", seen=0
        )
        assert proposed["summary"] == "+0 messages, −1, of the last 1 here"
        assert f"+  {FAMILY}: " in proposed["difference"]
        await confirmed(page, proposed)
        said = await page.say(CLAIM)
        assert (said["decision"], said["reason"]) == (decision, reason)
        family = await family_listed(page)
        assert family["status"] == status
        assert {rule["status"] for rule in family["rules"]} == listed
        live = await page.ask(type="try-family", member=page.me, family=FAMILY, status="live", seen=1)
        version = await confirmed(page, live)
        assert version["version"]["number"] == 2
        assert (await family_listed(page))["status"] == "live"
        assert (await page.say(CLAIM, member=page.welcome["members"][1]["id"]))["reason"] != reason


async def test_a_family_with_rules_in_shadow_in_the_base_says_so_until_it_is_switched(
    moderated: Place,
) -> None:
    async with moderated.page() as page:
        assert (await family_listed(page, "garlic-safe"))["status"] is None
        live = await page.ask(type="try-family", member=page.me, family="garlic-safe", status="live")
        await confirmed(page, live)
        assert (await family_listed(page, "garlic-safe"))["status"] == "live"
        assert (await page.say(SHADOW))["decision"] == "reply"


async def test_who_switches_a_family_second_sees_what_the_first_changed(moderated: Place) -> None:
    async with moderated.page() as page:
        first = await page.ask(type="try-family", member=page.me, family=FAMILY, status="off", seen=0)
        second = await page.ask(type="try-family", member=page.me, family=FAMILY, status="shadow", seen=0)
        await confirmed(page, first)
        conflict = await page.ask(type="confirm", member=page.me, key=second["key"])
    assert (conflict["type"], conflict["newer"]["number"]) == ("conflict", 1)


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"family": "colds-relief", "status": "off"}, "There is no family `colds-relief`."),
        ({"family": "cold-relief", "status": "live"}, "Nothing would change."),
    ],
)
async def test_a_family_that_cannot_be_switched_is_told_why(
    moderated: Place, asked: dict[str, str], says: str
) -> None:
    async with moderated.page() as page:
        refused = await page.ask(type="try-family", member=page.me, **asked)
    assert (refused["type"], refused["faults"][0]["problem"]) == ("not-proposed", says)
