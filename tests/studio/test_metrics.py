from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

import bot.studio
from bot.errors import Fault, StoreError
from bot.replies.model import Incoming
from bot.store.model import KeptReply
from bot.studio.metrics import Metrics

from .conftest import CLAIM, DENIED, EMERGENCY, QUESTION, SHADOW, Place, Serve
from .test_health import Connection

README = (Path(bot.studio.__file__).parent / "README.md").read_text(encoding="utf-8")
DOCUMENTED = {
    name: (kind, set(re.findall(r"`(\w+)`(?::|,| \||$)", labels)))
    for name, kind, labels in re.findall(r"^\| `(caveat_\w+)` \| (\w+) \|(.*?)\|", README, re.M)
}


async def samples(place: Place) -> dict[str, float]:
    """What /metrics tells, by name and labels."""
    async with place.http.get(place.url + "metrics") as response:
        assert response.status == 200
        assert response.headers["Content-Type"].startswith("text/plain")
        text = await response.text()
    return {
        f"{sample.name}{_labels(sample.labels)}": sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if not sample.name.endswith("_created")
    }


def _labels(labels: Mapping[str, str]) -> str:
    inside = ",".join(f"{name}={value}" for name, value in sorted(labels.items()))
    return f"{{{inside}}}" if inside else ""


def test_every_metric_is_documented_and_every_documented_one_is_there() -> None:
    there = {family.name: family.type for family in Metrics().registry.collect()}
    assert {name: kind for name, (kind, _) in DOCUMENTED.items()} == there


def test_two_programs_in_one_process_do_not_meet() -> None:
    one, other = Metrics(), Metrics()
    one.faults(3)
    assert b"caveat_rulebook_faults 3.0" in one.text()
    assert b"caveat_rulebook_faults 0.0" in other.text()


async def test_the_room_is_counted(place: Place) -> None:
    async with place.page() as page:
        claim = await page.say(CLAIM)
        await page.say(QUESTION, member=page.welcome["members"][1]["id"])
        await page.say(DENIED)
        await page.say(SHADOW)
        await page.say(EMERGENCY)
        reply = claim["reply"]["id"]
        for vote in ("helpful", "not-helpful", "not-helpful"):
            await page.ask(type="vote", reply=reply, member=page.me, vote=vote)
        await page.ask(type="edit", message=claim["id"], text=QUESTION)
        await page.ask(type="edit", message=claim["id"], text="never mind")
        told = await samples(place)
    expected = {
        "caveat_messages_read_total{kind=new}": 5,
        "caveat_messages_read_total{kind=edit}": 2,
        "caveat_replies_total{family=cold-relief,form=full}": 1,
        "caveat_replies_edited_total": 1,
        "caveat_replies_withdrawn_total": 1,
        "caveat_replies_unsent_total": 0,
        "caveat_holds_total{reason=cool-down}": 1,
        "caveat_holds_total{reason=shadow}": 1,
        "caveat_silent_total{reason=denied}": 1,
        "caveat_silent_total{reason=no claim}": 1,
        "caveat_emergencies_total": 1,
        "caveat_votes_total{vote=helpful}": 1,
        "caveat_votes_total{vote=not-helpful}": 1,
        "caveat_votes_total{vote=taken-back}": 1,
        "caveat_look_seconds_count": 7,
        "caveat_rulebook_rules": 2,
        "caveat_pages_open": 1,
        "caveat_discord_ready": 0,
    }
    assert {name: told.get(name) for name in expected} == expected
    assert any(name.startswith("caveat_replies_total") and "form=emergency" in name for name in told)
    digest = place.checker.rulebook.source.digest
    assert told[f"caveat_rulebook_info{{digest={digest}}}"] == 1
    assert not any(CLAIM in name for name in told)


async def test_faults_pages_and_discord_are_told(serve: Serve) -> None:
    async with serve(discord=Connection(True, 0.25)) as place:
        place.studio.report_faults([Fault(Path("x.yaml"), 1, 1, "wrong.")])
        async with place.page():
            pass
        told = await samples(place)
    assert told["caveat_rulebook_faults"] == 1
    assert told["caveat_pages_open"] == 0
    assert told["caveat_discord_ready"] == 1
    assert told["caveat_discord_latency_seconds"] == 0.25


async def test_replies_that_could_not_be_sent_and_failures_are_counted(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    incoming = Incoming(
        id="m", server="s", room="r", author="a", text=CLAIM, sent_at=place.clock(), is_bot=False
    )
    outcome = await place.checker.message(incoming)
    await place.checker.unsent(incoming, outcome)

    async def fails(kept: KeptReply) -> None:
        raise StoreError(f"the database is gone, and {kept.reply} with it")

    monkeypatch.setattr(place.checker._store, "keep_reply", fails)
    with pytest.raises(StoreError):
        await place.checker.sent(incoming, outcome, reply="x")
    told = await samples(place)
    assert told["caveat_replies_unsent_total"] == 1
    assert told["caveat_store_errors_total"] == 1
