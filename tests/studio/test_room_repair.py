"""Replies in the room whose rules were rolled back: looked at again, withdrawn, corrected or left."""

from __future__ import annotations

import asyncio
from pathlib import Path

from bot.proof import Proven
from bot.store.model import KeptFinding, KeptReply
from bot.store.sqlite import SQLiteStore
from bot.studio.health import SERVER

from .conftest import CLAIM, SHADOW, Clock, Page, Place, Serve
from .test_rule_desk import FAMILY, OTHER, RULE, TONIC, confirmed, tried, with_tonic

SERVER_ID = "123456789012345678"


async def loosened(page: Page) -> None:
    """Let more be answered: first what is only recorded in the base, then tonics."""
    await confirmed(page, await page.ask(type="try-status", member=page.me, rule=OTHER, status="live"))
    await confirmed(page, await tried(page, await with_tonic(page)))


async def rolled_back(page: Page, *, to: int = 0, seen: int) -> str:
    """Go back to an earlier version, and give what is told once replies were looked at again."""
    member = page.welcome["members"][0]["id"]
    asked = await page.ask(type="try-version", member=member, number=to, seen=seen)
    assert asked["type"] == "proposed", asked
    assert (await page.ask(type="confirm", member=member, key=asked["key"]))["looks_again"]
    return await looked(page)


async def looked(page: Page) -> str:
    """What is told once replies were looked at again, whether it came before an answer or comes yet."""
    told = [event["says"] for event in page.events if event["type"] == "repaired"]
    says: str = told[-1] if told else (await page.next("repaired"))["says"]
    return says


async def test_replies_are_withdrawn_corrected_or_left_when_their_rule_is_rolled_back(
    moderated: Place,
) -> None:
    async with moderated.page() as page, moderated.page() as other:
        await page.ask(type="cooldown", on=False)
        await loosened(page)
        tonic = await page.say(TONIC)
        both = await page.say(f"{TONIC}. {SHADOW}!")
        left = await page.say(CLAIM)
        says = await rolled_back(page, to=1, seen=2)
        assert says.startswith(f"Replies of {RULE} were looked at again: 1 withdrawn, 1 corrected, 1 left")
        withdrawn = page.message(tonic["id"])
        assert (withdrawn["reply"], withdrawn["withdrawn"]) == (None, "rules")
        assert [piece["mark"] for piece in withdrawn["pieces"]] == [""]
        corrected = page.message(both["id"])
        assert corrected["reply"]["id"] == both["reply"]["id"]
        assert (corrected["reply"]["changed"], corrected["withdrawn"]) == ("rules", "")
        assert len(corrected["reply"]["caveats"]) < len(both["reply"]["caveats"])
        assert [piece["text"] for piece in corrected["pieces"] if piece["mark"] == "answered"] == [SHADOW]
        assert page.message(left["id"]) == left
        why = await page.ask(type="explain", message=both["id"])
        assert [claim["rule"] for claim in why["claims"] if claim["answered"]] == [OTHER]
        assert await looked(other) == says
    async with moderated.page() as again:
        shown = {message["id"]: message for message in again.welcome["messages"]}
        assert shown[tonic["id"]]["withdrawn"] == "rules"


async def test_a_family_switched_live_and_undone_takes_its_replies_along(moderated: Place) -> None:
    async with moderated.page() as page:
        live = await page.ask(type="try-family", member=page.me, family="garlic-safe", status="live")
        version = await confirmed(page, live)
        assert not version["looks_again"]
        said = await page.say(SHADOW)
        assert said["decision"] == "reply"
        assert "1 withdrawn" in await rolled_back(page, seen=1)
        assert page.message(said["id"])["withdrawn"] == "rules"
        # What was taken away does not come back by itself, and its buttons are gone with it.
        vote = await page.ask(type="vote", reply=said["reply"]["id"], member=page.me, vote="helpful")
    assert vote["says"] == "This reply is no longer there."


async def test_a_change_that_rolls_nothing_back_leaves_replies_alone(moderated: Place) -> None:
    async with moderated.page() as page:
        said = await page.say(CLAIM)
        asked = await page.ask(type="try-family", member=page.me, family=FAMILY, status="off")
        assert not (await confirmed(page, asked))["looks_again"]
        assert moderated.store is not None
        assert await moderated.store.open_repairs() == ()
    async with moderated.page() as again:
        assert again.welcome["messages"] == [said]


async def test_what_was_cleared_away_is_told_as_gone(moderated: Place) -> None:
    async with moderated.page() as page:
        await loosened(page)
        await page.say(TONIC)
        await page.ask(type="clear")
        page.welcome = next(event for event in page.events if event["type"] == "welcome")
        assert "0 withdrawn, 0 corrected, 0 left as they are, 1 already gone" in await rolled_back(
            page, seen=2
        )


async def test_a_message_that_was_deleted_has_no_reply_to_look_at(moderated: Place) -> None:
    async with moderated.page() as page:
        await loosened(page)
        deleted, other = await page.say(TONIC), await page.say(SHADOW)
        await page.ask(type="delete", message=deleted["id"])
        assert "1 withdrawn, 0 corrected, 0 left as they are, 0 already gone" in await rolled_back(
            page, seen=2
        )
        assert page.message(other["id"])["withdrawn"] == "rules"


async def test_what_was_begun_before_a_restart_is_ended_after_it(
    serve: Serve, base: Proven, tmp_path: Path
) -> None:
    async with serve(base=base) as place, place.page() as page:
        said = await page.say(CLAIM)
    async with SQLiteStore.open(tmp_path / "room.sqlite3") as store:
        # As the command line does it while the room is closed.
        now = Clock()()
        assert await store.begin_repair(server=SERVER, rules=[RULE], since=now, by=None, at=now) is not None
    async with serve(base=base) as place:
        assert place.store is not None
        async with asyncio.timeout(20):
            await place.repaired.wait()
        assert await place.store.open_repairs() == ()
        reply = await place.store.reply(reply=said["reply"]["id"])
        assert reply is not None
        assert reply.withdrawn is not None


async def test_the_room_leaves_the_replies_of_servers_to_discord(
    serve: Serve, base: Proven, tmp_path: Path
) -> None:
    async with SQLiteStore.open(tmp_path / "room.sqlite3") as store:
        now = Clock()()
        finding = KeptFinding(RULE, FAMILY, "asserts", 90, "<garlic> tonic")
        reply = KeptReply("90", "80", SERVER_ID, "70", "60", "full", (finding,), (), (), "digest", now)
        await store.keep_reply(reply)
        assert await store.begin_repair(server=SERVER_ID, rules=[RULE], since=now, by=None, at=now)
    async with serve(base=base) as place, place.page() as page:
        await loosened(page)
        await page.say(TONIC)
        assert "1 withdrawn" in await rolled_back(page, seen=2)
        assert place.store is not None
        (open_,) = await place.store.open_repairs()
    assert (open_.server, open_.left) == (SERVER_ID, ("90",))
