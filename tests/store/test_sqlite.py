from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.errors import StoreError
from bot.store.model import KeptFinding, KeptReply, KeptSource, KeptSpoken
from bot.store.sqlite import SQLiteStore

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=400)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "caveat.db"


@pytest.fixture
async def store(path: Path) -> AsyncIterator[SQLiteStore]:
    async with SQLiteStore.open(path) as opened:
        yield opened


def found(family: str = "headache-relief", matched: str = "kratom cured my migraine") -> KeptFinding:
    return KeptFinding("rule-of-" + family, family, "asserts", 93.5, "<kratom>", matched, ("a reason",))


def kept(
    reply: str = "r1",
    *families: str,
    message: str = "m1",
    room: str = "room",
    server: str = "server",
    author: str = "ann",
    form: str = "full",
    created: datetime = NOW,
) -> KeptReply:
    return KeptReply(
        reply=reply,
        message=message,
        server=server,
        room=room,
        author=author,
        form=form,
        findings=tuple(found(family) for family in families or ("headache-relief",)),
        caveats=("consult", "dependence"),
        sources=(KeptSource("First document, Middle"), KeptSource("A study", "https://example.org")),
        digest="d" * 64,
        created=created,
    )


async def spoken(
    store: SQLiteStore, *, member: str = "ann", room: str = "room", besides: str = ""
) -> KeptSpoken:
    return await store.spoken(server="server", room=room, member=member, since=LONG_AGO, besides=besides)


def rows(path: Path, sql: str) -> list[tuple[object, ...]]:
    """What another program sees in the file."""
    connection = sqlite3.connect(path)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


async def test_a_reply_comes_back_as_it_was_kept(store: SQLiteStore) -> None:
    reply = kept("r1", "headache-relief", "natural-safe", "headache-relief")
    await store.keep_reply(reply)
    assert await store.reply(reply="r1") == reply
    assert await store.reply_to(server="server", message="m1") == reply
    assert reply.families == ("headache-relief", "natural-safe")
    assert await store.reply(reply="unknown") is None
    assert await store.reply_to(server="another", message="m1") is None


async def test_replies_outlive_a_restart(path: Path) -> None:
    async with SQLiteStore.open(path) as store:
        await store.keep_reply(kept())
    async with SQLiteStore.open(path) as store:
        assert await store.reply(reply="r1") == kept()


async def test_an_edited_reply_keeps_its_time_and_its_votes(store: SQLiteStore) -> None:
    await store.keep_reply(kept())
    await store.vote(reply="r1", member="bob", vote="helpful", at=NOW)
    await store.keep_reply(replace(kept("r1", "mood"), form="short", created=NOW + MINUTE))
    again = await store.reply(reply="r1")
    assert again == replace(kept("r1", "mood"), form="short")
    assert await store.votes_on(reply="r1") == {"helpful": 1}


async def test_a_withdrawn_reply_stands_no_more_but_is_still_explained(store: SQLiteStore) -> None:
    await store.keep_reply(kept())
    await store.withdraw(reply="r1", at=NOW + MINUTE)
    await store.withdraw(reply="r1", at=NOW + 2 * MINUTE)
    await store.withdraw(reply="unknown", at=NOW)
    assert await store.reply_to(server="server", message="m1") is None
    assert await store.reply(reply="r1") == replace(kept(), withdrawn=NOW + MINUTE)


async def test_a_message_is_claimed_once_until_it_is_given_back(store: SQLiteStore) -> None:
    assert await store.claim(message="m1", at=NOW)
    assert not await store.claim(message="m1", at=NOW)
    assert await store.claim(message="m2", at=NOW)
    await store.release(message="m1")
    assert await store.claim(message="m1", at=NOW)


async def test_of_many_who_claim_at_once_one_wins(store: SQLiteStore) -> None:
    claims = await asyncio.gather(*(store.claim(message="m1", at=NOW) for _ in range(20)))
    assert sum(claims) == 1


async def test_of_two_processes_that_claim_at_once_one_wins(path: Path) -> None:
    async with SQLiteStore.open(path) as one, SQLiteStore.open(path) as other:
        claims = await asyncio.gather(
            *(store.claim(message=f"m{n}", at=NOW) for n in range(10) for store in (one, other))
        )
    assert sum(claims) == 10


async def test_tells_what_was_said_in_a_room_and_to_a_member(store: SQLiteStore) -> None:
    await store.keep_reply(kept("r1", "mood", "legal", message="m1", created=NOW))
    await store.keep_reply(kept("r2", "mood", message="m2", author="bob", created=NOW + MINUTE))
    await store.keep_reply(kept("r3", "proven", message="m3", room="other", created=NOW + 2 * MINUTE))
    await store.keep_reply(kept("r4", "quality", message="m4", server="another"))
    assert await spoken(store) == KeptSpoken(
        in_room={"mood": NOW + MINUTE, "legal": NOW},
        to_member={"mood": NOW, "legal": NOW, "proven": NOW + 2 * MINUTE},
    )


async def test_a_withdrawn_reply_frees_the_room_but_not_the_member(store: SQLiteStore) -> None:
    await store.keep_reply(kept("r1", "mood"))
    await store.withdraw(reply="r1", at=NOW)
    assert await spoken(store) == KeptSpoken(in_room={}, to_member={"mood": NOW})


async def test_what_was_said_leaves_out_the_message_itself_and_what_is_old(store: SQLiteStore) -> None:
    await store.keep_reply(kept("r1", "mood", message="m1"))
    await store.keep_reply(kept("r2", "legal", message="m2", created=LONG_AGO - MINUTE))
    assert await spoken(store, besides="m1") == KeptSpoken()


@pytest.mark.parametrize(
    ("member", "room", "emergency"), [("ann", "room", NOW), ("bob", "room", None), ("ann", "other", None)]
)
async def test_emergency_lines_are_remembered_by_member_and_room(
    store: SQLiteStore, member: str, room: str, emergency: datetime | None
) -> None:
    await store.keep_reply(kept("r1", "emergency", form="emergency"))
    await store.keep_reply(kept("r2", "mood", message="m2", created=NOW + MINUTE))
    assert (await spoken(store, member=member, room=room)).emergency == emergency


async def test_times_of_other_zones_are_the_same_times(store: SQLiteStore) -> None:
    east = NOW.astimezone(timezone(timedelta(hours=9)))
    await store.keep_reply(kept("r1", "mood", created=east))
    assert (await spoken(store)).in_room == {"mood": NOW}


@pytest.mark.parametrize(
    ("votes", "stands", "counted"),
    [
        (["helpful"], "helpful", {"helpful": 1}),
        (["helpful", "helpful"], None, {}),
        (["helpful", "not-helpful"], "not-helpful", {"not-helpful": 1}),
        (["helpful", "not-helpful", "helpful"], "helpful", {"helpful": 1}),
        (["helpful", "helpful", "helpful"], "helpful", {"helpful": 1}),
    ],
)
async def test_votes_are_cast_changed_and_taken_back(
    store: SQLiteStore, votes: list[str], stands: str | None, counted: dict[str, int]
) -> None:
    await store.keep_reply(kept())
    for vote in votes:
        result = await store.vote(reply="r1", member="bob", vote=vote, at=NOW)
    assert result == stands
    assert await store.votes_on(reply="r1") == counted


async def test_each_member_has_one_vote(store: SQLiteStore) -> None:
    await store.keep_reply(kept())
    for member, vote in (("bob", "helpful"), ("cid", "helpful"), ("dan", "not-helpful")):
        await store.vote(reply="r1", member=member, vote=vote, at=NOW)
    assert await store.votes_on(reply="r1") == {"helpful": 2, "not-helpful": 1}


async def test_nobody_votes_on_an_unknown_reply(store: SQLiteStore) -> None:
    with pytest.raises(StoreError, match="not in the database"):
        await store.vote(reply="unknown", member="bob", vote="helpful", at=NOW)
    assert await store.claim(message="after", at=NOW), "the failed vote left a transaction open"


async def test_settings_are_saved_in_place_of_those_before(store: SQLiteStore, path: Path) -> None:
    assert await store.settings_of(server="server") is None
    await store.save_settings(server="server", values={"room_cooldown": 5}, at=NOW)
    await store.save_settings(server="server", values={"exempt_rooms": ["1"], "lines": []}, at=NOW)
    assert await store.settings_of(server="server") == {"exempt_rooms": ["1"], "lines": []}
    assert await store.settings_of(server="another") is None
    [(written,)] = rows(path, "SELECT settings FROM server_settings")
    assert json.loads(str(written)) == {"exempt_rooms": ["1"], "lines": []}


@pytest.mark.parametrize("written", ["not json", "[1]"])
async def test_the_database_itself_refuses_settings_that_are_no_json_object(
    store: SQLiteStore, path: Path, written: str
) -> None:
    connection = sqlite3.connect(path)
    with pytest.raises(sqlite3.IntegrityError):
        connection.execute("INSERT INTO server_settings VALUES ('server', ?, 'now')", (written,))
    connection.close()


async def test_matched_words_expire_and_replies_stay(store: SQLiteStore) -> None:
    await store.keep_reply(kept("old", message="m1", created=NOW - timedelta(days=31)))
    await store.keep_reply(kept("new", message="m2", created=NOW - timedelta(days=29)))
    await store.keep_shadow(
        [found("mood"), found("legal")], message="m3", server="server", room="room", author="ann", at=LONG_AGO
    )
    await store.claim(message="m1", at=NOW - timedelta(days=31))
    await store.claim(message="m2", at=NOW)
    assert await store.expire(now=NOW, keep=timedelta(days=30)) == 4
    old, new = await store.reply(reply="old"), await store.reply(reply="new")
    assert old is not None
    assert new is not None
    assert (old.findings[0].matched, old.findings[0].because) == (None, ())
    assert (old.findings[0].rule, old.findings[0].score) == ("rule-of-headache-relief", 93.5)
    assert new.findings[0].matched == "kratom cured my migraine"
    assert not await store.claim(message="m2", at=NOW)
    assert await store.expire(now=NOW, keep=timedelta(days=30)) == 0


async def test_a_second_reading_in_shadow_replaces_the_first(store: SQLiteStore, path: Path) -> None:
    for families in (("mood", "legal"), ("quality",)):
        await store.keep_shadow(
            [found(family) for family in families], message="m", server="s", room="r", author="ann", at=NOW
        )
    assert rows(path, "SELECT family, author FROM shadow_findings") == [("quality", "ann")]


async def test_a_member_sees_and_erases_what_is_kept(store: SQLiteStore, path: Path) -> None:
    await store.keep_reply(kept("r1", "mood", "legal", message="m1"))
    await store.keep_reply(kept("r2", message="m2", author="bob"))
    await store.keep_shadow([found()], message="m3", server="server", room="room", author="ann", at=NOW)
    await store.vote(reply="r2", member="ann", vote="helpful", at=NOW)
    await store.vote(reply="r1", member="bob", vote="helpful", at=NOW)
    assert await store.privacy_of(member="ann") == {"replies": 1, "matched words": 3, "votes": 1}
    assert await store.forget(member="ann") == 5
    assert await store.privacy_of(member="ann") == {"replies": 0, "matched words": 0, "votes": 0}
    assert await store.privacy_of(member="bob") == {"replies": 1, "matched words": 1, "votes": 1}
    reply = await store.reply_to(server="server", message="m1")
    assert reply is not None
    assert reply.author is None
    assert reply.families == ("mood", "legal")
    assert (await spoken(store)).to_member == {}
    assert await store.forget(member="ann") == 0


async def test_nothing_of_a_forgotten_member_is_left_in_the_files(store: SQLiteStore, path: Path) -> None:
    await store.keep_reply(kept(author="ann-the-member"))
    await store.vote(reply="r1", member="ann-the-member", vote="helpful", at=NOW)
    await store.keep_shadow(
        [found()], message="m3", server="server", room="room", author="ann-the-member", at=NOW
    )
    tables = [str(name) for (name,) in rows(path, "SELECT name FROM sqlite_master WHERE type = 'table'")]
    await store.forget(member="ann-the-member")
    left = [row for table in tables for row in rows(path, f"SELECT * FROM {table}")]  # noqa: S608
    assert left
    assert "ann-the-member" not in str(left)
    assert "cured my migraine" not in str(left)
    content = b"".join(file.read_bytes() for file in path.parent.iterdir())
    assert b"rule-of-headache-relief" in content
    assert b"ann-the-member" not in content
    assert b"cured my migraine" not in content


async def test_findings_and_votes_go_with_their_reply(store: SQLiteStore, path: Path) -> None:
    await store.keep_reply(kept())
    await store.vote(reply="r1", member="bob", vote="helpful", at=NOW)
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA foreign_keys = ON")
    with connection:
        connection.execute("DELETE FROM replies")
    connection.close()
    assert rows(path, "SELECT * FROM findings") == rows(path, "SELECT * FROM votes") == []


async def test_a_cancelled_task_leaves_no_transaction_open(store: SQLiteStore) -> None:
    for turns in range(6):
        task = asyncio.create_task(store.keep_reply(kept(f"r{turns}", message=f"m{turns}")))
        for _ in range(turns):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])
        assert await store.claim(message=f"after {turns}", at=NOW)


async def test_a_closed_store_says_so(path: Path) -> None:
    async with SQLiteStore.open(path) as store:
        pass
    with pytest.raises(StoreError, match="is closed"):
        await store.claim(message="m1", at=NOW)


async def test_an_id_that_no_database_can_hold_is_refused_readably(store: SQLiteStore) -> None:
    with pytest.raises(StoreError, match="broken characters"):
        await store.claim(message="\ud800", at=NOW)
    assert await store.claim(message="m1", at=NOW)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    matched=st.text(alphabet=st.characters(codec=None), max_size=60), because=st.lists(st.text(), max_size=3)
)
def test_whatever_a_member_typed_can_be_kept(tmp_path: Path, matched: str, because: list[str]) -> None:
    async def through_the_store() -> KeptReply | None:
        async with SQLiteStore.open(tmp_path / "any.db") as store:
            finding = replace(found(matched=matched), because=tuple(because))
            await store.keep_reply(replace(kept(), findings=(finding,)))
            return await store.reply(reply="r1")

    reply = asyncio.run(through_the_store())
    assert reply is not None
    assert reply.findings[0].matched == matched.encode("utf-8", "replace").decode("utf-8")
    assert reply.findings[0].because == tuple(because)
