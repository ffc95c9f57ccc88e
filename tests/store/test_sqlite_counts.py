"""What is counted by week: replies, holds, messages in shadow, and votes on replies."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.store.migrations import MIGRATIONS
from bot.store.model import KeptCount, KeptFinding, KeptReply, week_of
from bot.store.sqlite import SQLiteStore

MONDAY = date(2026, 11, 16)
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
WEEK = timedelta(weeks=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
BEFORE_COUNTS = next(place for place, step in enumerate(MIGRATIONS) if step.name == "weekly counts")


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SQLiteStore]:
    async with SQLiteStore.open(tmp_path / "caveat.db") as opened:
        yield opened


def found(family: str) -> KeptFinding:
    return KeptFinding("rule-of-" + family, family, "asserts", 93.5, "<kratom>", "some words")


def kept(reply: str, *families: str, server: str = "s1", created: datetime = NOW) -> KeptReply:
    findings = tuple(found(family) for family in families)
    return KeptReply(
        reply, "to " + reply, server, "room", "ann", "full", findings, ("consult",), (), "d" * 64, created
    )


async def counted(
    store: SQLiteStore, *, server: str | None = "s1", since: date = MONDAY
) -> list[tuple[str, str, str, int]]:
    """What was counted, with the week left out."""
    rows = await store.counts(server=server, since=since)
    return [(row.family, row.kind, row.reason, row.count) for row in rows]


@pytest.mark.parametrize(
    ("time", "monday"),
    [
        (datetime(2026, 11, 22, 23, 59, 59, tzinfo=UTC), MONDAY),
        (datetime(2026, 11, 23, tzinfo=UTC), MONDAY + WEEK),
        (datetime(2026, 11, 23, 1, tzinfo=timezone(timedelta(hours=2))), MONDAY),
        (datetime(2027, 1, 1, tzinfo=UTC), date(2026, 12, 28)),
    ],
)
def test_a_week_begins_on_monday_in_utc(time: datetime, monday: date) -> None:
    assert week_of(time) == monday


@given(st.integers(0, 7_000_000_000_000_000).map(lambda us: EPOCH + timedelta(microseconds=us)))
def test_the_database_and_the_program_mean_the_same_week(time: datetime) -> None:
    with closing(sqlite3.connect(":memory:")) as database:
        asked = "SELECT date(?, 'weekday 0', '-6 days')"
        told = database.execute(asked, (time.isoformat(timespec="microseconds"),)).fetchone()[0]
    assert told == week_of(time).isoformat()
    assert week_of(time).isocalendar()[:2] == time.isocalendar()[:2]


async def test_a_reply_counts_once_and_for_its_weightiest_family(store: SQLiteStore) -> None:
    await store.keep_reply(kept("r1", "mood", "legal"))
    await store.keep_reply(kept("r1", "mood"))
    await store.keep_reply(kept("r2", "mood"))
    await store.keep_reply(kept("r3"))
    await store.withdraw(reply="r2", at=NOW)
    assert await counted(store) == [("mood", "reply", "", 2)]


async def test_an_edit_moves_a_reply_to_another_family_in_its_own_week(store: SQLiteStore) -> None:
    await store.keep_reply(kept("r1", "mood", created=NOW - WEEK))
    await store.keep_reply(kept("r1", "legal", "mood"))
    assert await store.counts(server="s1", since=MONDAY - WEEK) == (
        KeptCount(MONDAY - WEEK, "legal", "reply", "", 1),
    )


async def test_holds_are_counted_by_reason_server_and_week(store: SQLiteStore) -> None:
    for server, reason, at in (
        ("s1", "cool-down", NOW),
        ("s1", "cool-down", NOW),
        ("s1", "exempt room", NOW),
        ("s2", "cool-down", NOW),
        ("s1", "cool-down", NOW - WEEK),
    ):
        await store.count_hold(server=server, family="mood", reason=reason, at=at)
    assert await counted(store) == [("mood", "hold", "cool-down", 2), ("mood", "hold", "exempt room", 1)]
    assert await counted(store, server=None) == [
        ("mood", "hold", "cool-down", 3),
        ("mood", "hold", "exempt room", 1),
    ]
    assert len(await store.counts(server="s1", since=MONDAY - WEEK)) == 3
    assert await counted(store, server="nowhere") == []


async def test_a_message_in_shadow_counts_once(store: SQLiteStore) -> None:
    for message, family in (("m1", "mood"), ("m1", "mood"), ("m2", None), ("m3", "legal")):
        await store.keep_shadow(
            [found("mood")], message=message, server="s1", room="r", author="ann", at=NOW, family=family
        )
    assert await counted(store) == [("legal", "shadow", "", 1), ("mood", "shadow", "", 1)]


async def test_votes_belong_to_the_week_and_family_of_their_reply(store: SQLiteStore) -> None:
    await store.keep_reply(kept("r1", "mood", "legal", created=NOW - WEEK))
    await store.keep_reply(kept("r2", "mood"))
    await store.keep_reply(kept("r3", "mood"))
    for reply, member, vote in (
        ("r1", "ann", "helpful"),
        ("r2", "ann", "not-what-i-said"),
        ("r2", "bob", "not-what-i-said"),
        ("r3", "ann", "helpful"),
        ("r3", "bob", "not-helpful"),
    ):
        await store.vote(reply=reply, member=member, vote=vote, at=NOW)
    assert await counted(store) == [
        ("mood", "reply", "", 2),
        ("mood", "vote", "helpful", 1),
        ("mood", "vote", "not-helpful", 1),
        ("mood", "vote", "not-what-i-said", 2),
        ("mood", "voted", "", 2),
        ("mood", "voted", "helpful", 1),
        ("mood", "voted", "not-helpful", 1),
        ("mood", "voted", "not-what-i-said", 1),
    ]
    earlier = await store.counts(server="s1", since=MONDAY - WEEK)
    assert [row.kind for row in earlier if row.week < MONDAY] == ["reply", "vote", "voted", "voted"]


async def test_erasing_a_member_takes_votes_and_leaves_counts(store: SQLiteStore, tmp_path: Path) -> None:
    await store.keep_reply(kept("r1", "mood"))
    await store.vote(reply="r1", member="ann-the-member", vote="helpful", at=NOW)
    await store.keep_shadow(
        [found("mood")], message="m1", server="s1", room="r", author="ann-the-member", at=NOW, family="mood"
    )
    await store.forget(member="ann-the-member")
    await store.expire(now=NOW + 52 * WEEK, keep=timedelta(days=30))
    assert await counted(store) == [("mood", "reply", "", 1), ("mood", "shadow", "", 1)]
    with closing(sqlite3.connect(tmp_path / "caveat.db")) as database:
        columns = [row[1] for row in database.execute("PRAGMA table_info(weekly_counts)")]
    assert columns == ["server", "week", "family", "kind", "reason", "count"]


async def test_what_an_older_program_kept_is_counted_when_it_is_brought_up_to_date(tmp_path: Path) -> None:
    path = tmp_path / "older.db"
    async with SQLiteStore.open(path, migrations=MIGRATIONS[:BEFORE_COUNTS]):
        pass
    with closing(sqlite3.connect(path)) as older, older:
        for reply, created in (("r1", NOW), ("r2", NOW), ("r3", NOW - WEEK)):
            older.execute(
                "INSERT INTO replies VALUES (?, ?, 's1', 'room', NULL, 'full', '[]', '[]', 'd', ?, NULL)",
                (reply, reply, created.isoformat(timespec="microseconds")),
            )
            for place, family in enumerate(("mood", "legal")):
                older.execute(
                    "INSERT INTO findings VALUES (?, ?, 'rule', ?, 'asserts', 90, 'a', NULL, NULL)",
                    (reply, place, family),
                )
        for place, (family, stance) in enumerate((("mood", "denies"), ("legal", "asks"), ("mood", "asks"))):
            older.execute(
                "INSERT INTO shadow_findings VALUES "
                "('s1', 'm', ?, 'room', NULL, 'rule', ?, ?, 90, 'a', NULL, NULL, ?)",
                (place, family, stance, NOW.isoformat(timespec="microseconds")),
            )
    async with SQLiteStore.open(path) as store:
        assert await counted(store, since=MONDAY) == [("legal", "shadow", "", 1), ("mood", "reply", "", 2)]
        # A reply from before is moved as any other.
        await store.keep_reply(replace(kept("r1", "legal")))
        assert ("mood", "reply", "", 1) in await counted(store, since=MONDAY)
