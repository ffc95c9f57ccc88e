"""The review queue and repairs."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.replies.model import Vote
from bot.store.migrations import MIGRATIONS
from bot.store.model import KeptReply
from bot.store.reviews import MISREAD, OBJECTIONS, Fate, KeptRepair, ReviewState, RuleFigures
from bot.store.sqlite import SQLiteStore
from tests.store.test_sqlite import NOW, kept

RULE = "rule-of-headache-relief"
DAY = timedelta(days=1)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "caveat.db"


@pytest.fixture
async def store(path: Path) -> AsyncIterator[SQLiteStore]:
    async with SQLiteStore.open(path) as opened:
        yield opened


async def vote(store: SQLiteStore, vote: str, *, reply: str = "r1", member: str = "bob") -> None:
    await store.vote(reply=reply, member=member, vote=vote, at=NOW)


async def figures(store: SQLiteStore, rule: str = RULE) -> RuleFigures:
    return await store.rule_figures(server="server", rule=rule, since=NOW - DAY)


async def begun(store: SQLiteStore, server: str = "server") -> KeptRepair | None:
    return await store.begin_repair(
        server=server, rules=[RULE], by="mia", at=NOW, since=NOW - DAY, certain=["sure"]
    )


async def approve(store: SQLiteStore, entry: int) -> bool:
    return await store.decide_review(entry=entry, state=ReviewState.APPROVED, by="mia", at=NOW, version=3)


async def keep(store: SQLiteStore, *replies: KeptReply) -> None:
    for reply in replies:
        await store.keep_reply(reply)


def test_the_votes_are_those_that_members_have() -> None:
    assert set(OBJECTIONS) == {Vote.NOT_HELPFUL.value, Vote.NOT_WHAT_I_SAID.value}
    assert Vote.NOT_WHAT_I_SAID.value == MISREAD


async def test_an_objection_opens_an_entry_with_the_matched_words(store: SQLiteStore) -> None:
    await keep(store, kept())
    await vote(store, "helpful", member="ann")
    assert await store.next_review(server="server") is None
    await vote(store, MISREAD)
    entry = await store.next_review(server="server")
    assert entry is not None
    assert entry.reply == kept()
    assert (entry.votes, entry.opened) == ({"helpful": 1, MISREAD: 1}, NOW)
    assert (entry.state, entry.is_misread, entry.decided) == (ReviewState.OPEN, True, None)
    assert await store.review(entry=entry.entry) == entry
    assert await store.next_review(server="another") is None
    assert (await store.count_reviews(server="server"), await store.count_reviews(server="x")) == (1, 0)


CASTS = st.lists(st.tuples(st.sampled_from(["ann", "bob"]), st.sampled_from(list(Vote))), max_size=8)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(casts=CASTS)
async def test_an_entry_is_open_for_as_long_as_an_objection_stands(
    store: SQLiteStore, casts: list[tuple[str, Vote]]
) -> None:
    number = f"r-{await store.count_reviews(server='server')}-{hash(tuple(casts))}"
    await keep(store, kept(number, message=number, server=number))
    standing: dict[str, Vote] = {}
    for member, cast in casts:
        await vote(store, cast.value, reply=number, member=member)
        if standing.get(member) is cast:
            del standing[member]
        else:
            standing[member] = cast
    objected = any(cast.value in OBJECTIONS for cast in standing.values())
    assert await store.count_reviews(server=number) == int(objected)
    for member in ("ann", "bob"):
        await store.forget(member=member)
    assert await store.count_reviews(server=number) == 0


async def test_what_was_decided_stays_decided(store: SQLiteStore) -> None:
    await keep(store, kept())
    await vote(store, MISREAD)
    entry = await store.next_review(server="server")
    assert entry is not None
    assert await approve(store, entry.entry)
    assert not await approve(store, entry.entry)
    await vote(store, MISREAD)
    await vote(store, MISREAD, member="eve")
    again = await store.review(entry=entry.entry)
    assert again is not None
    assert (again.decider, again.decided, again.version) == ("mia", NOW, 3)
    assert again.state is ReviewState.APPROVED
    assert await store.count_reviews(server="server") == 0
    assert (await store.privacy_of(member="mia"))["reviews"] == 1
    await store.forget(member="mia")
    forgotten = await store.review(entry=entry.entry)
    assert forgotten is not None
    assert forgotten.decider is None


async def test_the_queue_is_gone_through_in_a_circle(store: SQLiteStore) -> None:
    seen = []
    for number in range(3):
        await keep(store, kept(f"r{number}", message=f"m{number}"))
        await vote(store, "not-helpful", reply=f"r{number}")
    after = 0
    for _ in range(4):
        entry = await store.next_review(server="server", after=after)
        assert entry is not None
        seen.append(entry.reply.reply)
        after = entry.entry
    assert seen == ["r0", "r1", "r2", "r0"]


async def test_the_words_of_an_entry_expire_with_those_of_its_reply(store: SQLiteStore) -> None:
    await keep(store, kept(created=NOW - 31 * DAY))
    await vote(store, MISREAD)
    await store.expire(now=NOW, keep=30 * DAY)
    entry = await store.next_review(server="server")
    assert entry is not None
    assert [finding.matched for finding in entry.reply.findings] == [None]


async def test_a_rules_figures(store: SQLiteStore) -> None:
    await keep(store, *(kept(f"r{number}", message=f"m{number}") for number in range(5)))
    await keep(
        store,
        kept("old", message="m8", created=NOW - 2 * DAY),
        kept("cry", message="m9", form="emergency"),
        kept("far", message="m10", server="another"),
        kept("mood", "mood", message="m11"),
    )
    for reply in ("r0", "r1", "old", "cry", "far", "mood"):
        await vote(store, MISREAD, reply=reply)
    await vote(store, MISREAD, reply="r1", member="eve")
    await vote(store, "not-helpful", reply="r2")
    assert await figures(store) == RuleFigures(replies=5, misread=2, voters=2)
    entry = await store.next_review(server="server", after=1)
    assert entry is not None
    assert entry.reply.reply == "r1"
    await store.decide_review(entry=entry.entry, state=ReviewState.DISMISSED, by="mia", at=NOW)
    assert await figures(store) == RuleFigures(replies=5, misread=1, voters=1)
    assert await figures(store, "nothing") == RuleFigures(0, 0, 0)


async def test_a_repair_finds_what_stands_and_goes_on_after_a_restart(store: SQLiteStore, path: Path) -> None:
    await keep(
        store,
        kept("new", message="m1"),
        kept("newest", message="m2", created=NOW + timedelta(hours=1)),
        kept("sure", message="m3", created=NOW - 9 * DAY),
        kept("old", message="m4", created=NOW - 9 * DAY),
        kept("mood", "mood", message="m5"),
        kept("cry", message="m6", form="emergency"),
        kept("gone", message="m7"),
    )
    await store.withdraw(reply="gone", at=NOW)
    assert await begun(store, "x") is None
    repair = await begun(store)
    assert repair is not None
    assert (repair.left, repair.certain) == (("newest", "new", "sure"), frozenset(("sure",)))
    await store.note_fate(repair=repair.repair, reply="newest", fate=Fate.WITHDRAWN)
    async with SQLiteStore.open(path) as again:
        (left,) = await again.open_repairs()
        assert (left.left, left.fates) == (("new", "sure"), {Fate.WITHDRAWN: 1})
        assert (left.rules, left.member, left.begun, left.ended) == ((RULE,), "mia", NOW, None)
        for reply in left.left:
            await again.note_fate(repair=left.repair, reply=reply, fate=Fate.KEPT)
        done = await again.end_repair(repair=left.repair, at=NOW)
        assert done is not None
        assert (done.fates, done.ended, done.left) == ({Fate.WITHDRAWN: 1, Fate.KEPT: 2}, NOW, ())
        assert await again.end_repair(repair=left.repair, at=NOW) is None
        assert await again.open_repairs() == ()
    assert (await store.privacy_of(member="mia"))["repairs"] == 1
    await store.forget(member="mia")
    assert "repairs" not in await store.privacy_of(member="mia")
    assert await store.expire(now=NOW + 31 * DAY, keep=30 * DAY) > 0


async def test_an_older_database_gets_its_queue(path: Path) -> None:
    async with SQLiteStore.open(path, migrations=MIGRATIONS[:6]) as older:
        assert await older.settings_of(server="s1") is None
    async with SQLiteStore.open(path) as store:
        await keep(store, kept())
        await vote(store, MISREAD)
        assert await store.count_reviews(server="server") == 1
