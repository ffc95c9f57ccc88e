from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.errors import Fault
from bot.studio.room import MEMBERS_KEPT

from .conftest import CLAIM, DENIED, EMERGENCY, QUESTION, SHADOW, Place, Serve


@pytest.mark.parametrize(
    ("text", "decision", "reason", "form", "marks"),
    [
        (f"well, {CLAIM} overnight", "reply", "claim", "full", [("garlic cured my cold", "answered")]),
        (QUESTION, "reply", "question", "short", [("garlic cure a cold", "answered")]),
        (DENIED, "silent", "denied", None, [("garlic never cured my cold", "seen")]),
        (SHADOW, "hold", "shadow", None, [("garlic is harmless", "seen")]),
        (EMERGENCY, "reply", "emergency", "emergency", [("cant breathe", "emergency")]),
        ("good morning", "silent", "no claim", None, []),
        ("g4rlic cuuured my cold 😀", "reply", "claim", "full", [("g4rlic cuuured my cold", "answered")]),
    ],
)
async def test_a_message_gets_what_it_should(
    place: Place, text: str, decision: str, reason: str, form: str | None, marks: list[tuple[str, str]]
) -> None:
    async with place.page() as page:
        message = await page.say(text)
    assert (message["decision"], message["reason"]) == (decision, reason)
    assert (message["reply"] or {}).get("form") == form
    assert [(piece["text"], piece["mark"]) for piece in message["pieces"] if piece["mark"]] == marks
    assert "".join(piece["text"] for piece in message["pieces"]) == text
    assert message["moderators_told"] is (form == "emergency")


async def test_a_reply_has_caveats_citations_and_evidence(place: Place) -> None:
    async with place.page() as page:
        reply = (await page.say(CLAIM))["reply"]
    assert reply["opening"]
    assert reply["closing"]
    assert 1 <= len(reply["caveats"]) <= 3
    assert all(caveat["says"] and caveat["citations"] for caveat in reply["caveats"])
    assert reply["evidence"]["citations"][0]["link"] == "https://example.org/garlic"
    assert reply["votes"] == {"helpful": [], "not-helpful": [], "not-what-i-said": []}


async def test_everybody_in_the_room_sees_everything(place: Place) -> None:
    async with place.page() as one, place.page() as other:
        message = await one.say(CLAIM)
        assert (await other.next("message"))["message"] == message
        await one.ask(type="delete", message=message["id"])
        assert (await other.next("gone"))["message"] == message["id"]


async def test_who_comes_later_gets_what_was_said(place: Place) -> None:
    async with place.page() as one:
        message = await one.say(CLAIM)
        async with place.page() as other:
            assert other.welcome["messages"] == [message]
            assert other.welcome["members"] == one.welcome["members"]


async def test_an_edit_brings_changes_and_takes_a_reply(place: Place) -> None:
    async with place.page() as page:
        message = (await page.say("garlic is nice"))["id"]

        async def edited(text: str) -> dict[str, Any]:
            done = await page.ask(type="edit", message=message, text=text)
            assert done["type"] == "done"
            return page.message(message)

        answered = await edited(CLAIM)
        reply = answered["reply"]["id"]
        assert answered["edited"]
        changed = await edited(QUESTION)
        assert changed["reply"] | {"form": "short", "changed": "edit", "id": reply} == changed["reply"]
        taken = await edited("garlic is nice again")
        assert taken["reply"] is None
        assert taken["withdrawn"] == "edit"
        again = await edited(CLAIM)
        assert again["reply"]["id"] != reply
        assert again["withdrawn"] == ""


async def test_an_edit_without_a_change_does_nothing(place: Place) -> None:
    async with place.page() as page:
        message = await page.say(CLAIM)
        page.events.clear()
        assert (await page.ask(type="edit", message=message["id"], text=CLAIM))["type"] == "done"
        assert page.events == []


async def test_a_deleted_message_takes_its_reply_with_it(place: Place) -> None:
    async with place.page() as page:
        message = await page.say(CLAIM)
        await page.ask(type="delete", message=message["id"])
        assert page.events[-1] == {"type": "gone", "message": message["id"]}
        vote = {"type": "vote", "reply": message["reply"]["id"], "member": page.me, "vote": "helpful"}
        assert (await page.ask(**vote))["says"] == "This reply is no longer there."
    async with place.page() as page:
        assert page.welcome["messages"] == []


async def test_votes_change_and_are_taken_back(place: Place) -> None:
    async with place.page() as page:
        message = await page.say(CLAIM)
        other = page.welcome["members"][1]["id"]
        reply = message["reply"]["id"]

        async def after(member: str, vote: str) -> dict[str, list[str]]:
            await page.ask(type="vote", reply=reply, member=member, vote=vote)
            votes = page.message(message["id"])["reply"]["votes"]
            return {name: voters for name, voters in votes.items() if voters}

        assert await after(page.me, "helpful") == {"helpful": [page.me]}
        assert await after(other, "helpful") == {"helpful": [page.me, other]}
        assert await after(page.me, "not-what-i-said") == {"helpful": [other], "not-what-i-said": [page.me]}
        assert await after(page.me, "not-what-i-said") == {"helpful": [other]}


async def test_why_shows_every_step_of_a_reply(place: Place) -> None:
    async with place.page() as page:
        message = await page.say("My friend: `x` g4rlic cuured my cold!")
        why = await page.ask(type="explain", message=message["id"])
    tokens = [token for clause in why["clauses"] for token in clause["tokens"]]
    assert {"raw": "g4rlic", "text": "g4rlic", "kind": "word", "readings": ["garlic"]} in tokens
    assert why["clauses"][-1]["ending"] == "!"
    assert why["asides"] == [{"kind": "code", "raw": "`x`"}]
    seen = {words["words"]: [concept["name"] for concept in words["seen"]] for words in why["concepts"]}
    assert seen.items() >= {"g4rlic": ["garlic"], "cold": ["common-cold"]}.items()
    assert {"cures", "tames"} <= {*seen["cuured"]}
    (claim,) = why["claims"]
    assert claim["rule"] == "garlic-cures-colds"
    assert claim["answered"]
    assert claim["score"] >= claim["cutoff"] == 84
    assert "<garlic>" in claim["phrase"]
    assert claim["stance"] == "asserts"
    assert (why["decision"], why["reason"], why["form"]) == ("reply", "claim", "full")
    assert why["lines"]
    assert [source["label"] for source in why["sources"]]
    assert why["rulebook"] == page.welcome["rules"]["in_force"]["digest"]


async def test_why_tells_the_cue_of_a_stance(place: Place) -> None:
    async with place.page() as page:
        message = await page.say(DENIED)
        why = await page.ask(type="explain", message=message["id"])
    (claim,) = why["claims"]
    assert claim["stance"] == "denies"
    assert not claim["answered"]
    assert any("never" in line for line in claim["because"])
    cues = [each["name"] for words in why["concepts"] for each in words["seen"] if each["is_cue"]]
    assert "plain-denial" in cues
    assert why["lines"] == why["sources"] == []


async def test_why_tells_near_misses(place: Place) -> None:
    async with place.page() as page:
        message = await page.say("zinc cured my cold, garlic is for pasta")
        why = await page.ask(type="explain", message=message["id"])
    assert why["decision"] == "silent"
    assert why["near"]
    assert all(miss["why_not"] and miss["rule"] for miss in why["near"])


async def test_an_answer_carries_the_topic(place: Place) -> None:
    async with place.page() as page:
        first = await page.say("what about garlic")
        second = await page.say("it knocked my cold right out", answers=first["id"])
    assert second["answers"] == {"id": first["id"], "member": first["member"], "excerpt": "what about garlic"}
    assert second["decision"] == "reply"


async def test_long_answered_messages_are_shortened(place: Place) -> None:
    async with place.page() as page:
        first = await page.say("a\n\n" + "word " * 100)
        second = await page.say("yes", answers=first["id"])
    assert second["answers"]["excerpt"].startswith("a word word")
    assert second["answers"]["excerpt"].endswith("…")
    assert len(second["answers"]["excerpt"]) <= 90


async def test_the_cooldown_holds_and_can_be_switched_off_and_on(place: Place) -> None:
    async with place.page() as page:
        member = page.welcome["members"][1]["id"]
        assert page.welcome["cooldown"] is True
        await page.say(CLAIM)
        assert (await page.say(CLAIM, member=member))["reason"] == "cool-down"
        await page.ask(type="cooldown", on=False)
        assert page.events[-1] == {"type": "cooldown", "on": False}
        assert (await page.say(CLAIM, member=member))["decision"] == "reply"
        await page.ask(type="cooldown", on=True)
        assert (await page.say(CLAIM, member=member))["reason"] == "cool-down"
        place.clock.forward(days=3)
        assert (await page.say(CLAIM, member=member))["decision"] == "reply"


async def test_the_cooldown_is_on_again_after_a_restart(serve: Serve) -> None:
    async with serve() as place, place.page() as page:
        await page.ask(type="cooldown", on=False)
    async with serve() as place, place.page() as page:
        assert page.welcome["cooldown"] is True


async def test_without_a_cooldown_there_is_none_to_switch_on(serve: Serve) -> None:
    async with serve(room_cooldown_seconds=0, member_cooldown_seconds=0) as place, place.page() as page:
        assert page.welcome["cooldown"] is False
        await page.ask(type="cooldown", on=True)
        assert page.events[-1] == {"type": "cooldown", "on": False}


async def test_a_cleared_room_begins_anew(place: Place) -> None:
    async with place.page() as page:
        await page.say(CLAIM)
        assert (await page.ask(type="clear"))["type"] == "done"
        welcome = page.events[-1]
        assert welcome["type"] == "welcome"
        assert welcome["messages"] == []
        member = welcome["members"][0]["id"]
        assert (await page.say(CLAIM, member=member))["decision"] == "reply"
        refused = await page.ask(type="say", member=page.me, text="still here?")
        assert refused["says"] == "This member is no longer in the room."


async def test_members_join_up_to_a_limit_and_once_each(place: Place) -> None:
    async with place.page() as page:
        done = await page.ask(type="join", name="  Ada ")
        assert page.events[-1]["member"] == {"id": done["made"], "name": "Ada", "tone": 4}
        assert (await page.say("hello", member=done["made"]))["member"] == done["made"]
        assert "already a member" in (await page.ask(type="join", name="Ada"))["says"]
        there = len(page.welcome["members"]) + 1
        for number in range(MEMBERS_KEPT - there):
            assert (await page.ask(type="join", name=f"Guest {number}"))["type"] == "done"
        assert "at most 12 members" in (await page.ask(type="join", name="Late"))["says"]


@pytest.mark.parametrize(
    ("request_", "says"),
    [
        ({"type": "say", "member": "nobody", "text": "x"}, "This member is no longer in the room."),
        ({"type": "edit", "message": "none", "text": "x"}, "This message is no longer there."),
        ({"type": "delete", "message": "none"}, "This message is no longer there."),
        ({"type": "explain", "message": "none"}, "This message is no longer there."),
        (
            {"type": "vote", "reply": "none", "member": "nobody", "vote": "helpful"},
            "This member is no longer",
        ),
    ],
)
async def test_what_is_not_there_is_refused(place: Place, request_: dict[str, str], says: str) -> None:
    async with place.page() as page:
        answer = await page.ask(**request_)
        assert answer["type"] == "refused"
        assert says in answer["says"]


async def test_an_answer_to_a_message_that_is_gone_is_refused(place: Place) -> None:
    async with place.page() as page:
        answer = await page.ask(type="say", member=page.me, text="x", answers="gone")
        assert answer["says"] == "This message is no longer there."


async def test_the_oldest_messages_go_first(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.studio.room.MESSAGES_KEPT", 3)
    async with place.page() as page:
        messages = [(await page.say(f"message {number}"))["id"] for number in range(5)]
        assert [event["message"] for event in page.events if event["type"] == "gone"] == messages[:2]
    async with place.page() as page:
        assert [message["id"] for message in page.welcome["messages"]] == messages[2:]


async def test_faults_and_a_new_rulebook_reach_the_page_while_it_is_open(place: Place) -> None:
    fault = Fault(Path("claims/colds.yaml"), 12, 5, "`cutof` is not known here.", "Did you mean `cutoff`?")
    async with place.page() as page:
        place.studio.report_faults([fault])
        rules = (await page.next("rules"))["rules"]
        assert rules["faults"] == [
            {
                "path": "claims/colds.yaml",
                "line": 12,
                "column": 5,
                "problem": "`cutof` is not known here.",
                "instead": "Did you mean `cutoff`?",
            }
        ]
        assert rules["in_force"] == page.welcome["rules"]["in_force"]
        async with place.page() as late:
            assert late.welcome["rules"] == rules
        place.studio.report_rulebook(place.checker.rulebook.source)
        assert (await page.next("rules"))["rules"]["faults"] == []
