from __future__ import annotations

import asyncio
import json

import pytest
from aiohttp import WSCloseCode, WSMsgType, WSServerHandshakeError

from bot.errors import StoreError
from bot.replies.model import Incoming, Outcome, SpeakingSettings
from bot.studio.audience import BURST, REQUEST_BYTES

from .conftest import CLAIM, Place, Serve


async def test_a_bad_request_is_answered_and_the_line_holds(place: Place) -> None:
    async with place.page() as page:
        await page.socket.send_str("{")
        assert await page.next("refused") == {"type": "refused", "ticket": None, "says": "This is not JSON."}
        await page.socket.send_bytes(b"\0\1")
        assert (await page.next("refused"))["says"] == "A request is text."
        assert (await page.say("still here"))["decision"] == "silent"


@pytest.mark.parametrize(
    "text",
    [
        "a" * 4000,
        "̷͈̍ẑ̵̠ä̶́l̷̈g̴̃o̵͝" * 150,
        "\u202egarlic cured my cold\u202c",
        "nul \0 garlic cured my cold",
        "half \ud83d garlic cured my cold",
        "😀" * 2000,
        "<script>alert(1)</script> garlic cured my cold",
        "((((" * 1000,
    ],
    ids=["long", "zalgo", "right-to-left", "nul", "lone surrogate", "emoji", "markup", "brackets"],
)
async def test_the_strangest_message_is_read_and_shown_whole(place: Place, text: str) -> None:
    async with place.page() as page:
        message = await page.say(text)
        shown = "".join(piece["text"] for piece in message["pieces"])
        assert shown == text.replace("\ud83d", "\ufffd")
        why = await page.ask(type="explain", message=message["id"])
        assert why["type"] == "why"


async def test_too_much_at_once_is_refused_and_nothing_breaks(place: Place) -> None:
    async with place.page() as page:
        answers = [await page.ask(type="explain", message="none") for _ in range(BURST + 10)]
        says = [answer["says"] for answer in answers]
        assert says[:BURST] == ["This message is no longer there."] * BURST
        assert "That was a lot at once. Wait a moment." in says[BURST:]


async def test_a_request_beyond_all_bounds_ends_the_line_of_that_page_only(place: Place) -> None:
    async with place.page() as other, place.page() as page:
        await page.socket.send_str(json.dumps({"type": "say", "text": "a" * REQUEST_BYTES}))
        end = await page.socket.receive()
        assert end.type is WSMsgType.CLOSE
        assert end.data == WSCloseCode.MESSAGE_TOO_BIG
        assert (await other.say("still here"))["decision"] == "silent"


async def test_a_failing_store_is_told_and_the_line_holds(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(incoming: Incoming) -> Outcome:
        raise StoreError(f"the database cannot take {incoming.id}")

    async with place.page() as page:
        with monkeypatch.context() as patch:
            patch.setattr(place.checker, "message", fails)
            answer = await page.ask(type="say", member=page.me, text=CLAIM)
            assert answer["type"] == "refused"
            assert "the database cannot take" in answer["says"]
        assert (await page.say(CLAIM))["decision"] == "reply"


async def test_a_page_waits_outside_while_the_store_fails(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(server: str) -> SpeakingSettings:
        raise StoreError(f"no settings of {server}")

    with monkeypatch.context() as patch:
        patch.setattr(place.checker, "settings_of", fails)
        origin = {"Origin": place.url.rstrip("/")}
        async with place.http.ws_connect(place.url + "live", headers=origin) as socket:
            assert (await socket.receive()).data == WSCloseCode.TRY_AGAIN_LATER
    async with place.page() as page:
        assert (await page.say(CLAIM))["decision"] == "reply"


async def test_only_so_many_pages_may_be_open(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.studio.audience.LISTENERS", 1)
    async with place.page():
        with pytest.raises(WSServerHandshakeError) as caught:
            async with place.page():
                pass
        assert caught.value.status == 503


async def test_a_page_that_cannot_keep_up_is_let_go(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.studio.audience.BACKLOG", 4)
    async with place.page() as slow:
        for _ in range(8):
            place.studio.report_rulebook(place.checker.rulebook.source)
        async with asyncio.timeout(20):
            while (event := await slow.socket.receive()).type is WSMsgType.TEXT:
                pass
        assert event.data == WSCloseCode.TRY_AGAIN_LATER
    async with place.page() as again:
        assert (await again.say("here I am"))["decision"] == "silent"


async def test_a_closing_room_says_goodbye(serve: Serve) -> None:
    async with serve() as place:
        async with place.page() as page, asyncio.timeout(20):
            await place.studio.__aexit__(None, None, None)
            end = await page.socket.receive()
        assert end.data == WSCloseCode.GOING_AWAY
