"""A back-test gives what the bot would have done, wherever messages are cut and whoever looks at them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.backtest import chunks, replay, running
from bot.backtest.chunks import Census, chunks_of
from bot.backtest.looking import look
from bot.backtest.model import Books, Change, Chunk, Looked, Message, Placed, Plan, Skip
from bot.backtest.pool import pooled
from bot.backtest.report import Reading, as_json
from bot.backtest.running import ChangedInputError, InMemory, backtest, compiled, here
from bot.backtest.tally import Report
from bot.errors import WorkerError
from bot.matching.compile import compile_rulebook
from bot.replies.checker import Checker
from bot.replies.context import MOST_IN_ROOM
from bot.replies.model import Action, Incoming, SpeakingSettings
from bot.replies.rulebooks import OneRulebook
from bot.rulebook.model import Rulebook
from bot.store.sqlite import SQLiteStore
from tests.backtest.samples import NOON, conversation


def told(report: Report) -> str:
    return json.dumps(as_json(report, Reading()), sort_keys=True)


def message(text: str, *, minute: float = 0, **changes: object) -> Message:
    plain = Message(text, server="s", room="r", author="a", sent_at=NOON + timedelta(minutes=minute))
    return replace(plain, **changes)


class Clock:
    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now


async def live_replies(
    messages: Sequence[Message], garlic: Rulebook, speaking: SpeakingSettings, store: SQLiteStore
) -> list[str]:
    """The ids of the messages to which the bot itself would have replied, one after the other."""
    clock = Clock()
    checker = Checker(
        rulebooks=OneRulebook(compile_rulebook(garlic)), store=store, clock=clock, defaults=speaking
    )
    texts = {one.id: one.text for one in messages}
    replied = []
    for one in messages:
        assert one.sent_at is not None
        assert one.id is not None
        clock.now = one.sent_at
        incoming = Incoming(
            id=one.id,
            server=one.server,
            room=one.room,
            author=one.author or "",
            text=one.text,
            sent_at=one.sent_at,
            answers=texts[one.answers] or None if one.answers else None,
        )
        outcome = await checker.message(incoming)
        if outcome.action is Action.SEND:
            replied.append(one.id)
            await checker.sent(incoming, outcome, reply=f"r{one.id}")
    return replied


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("size", [7, 500])
async def test_it_replies_where_the_bot_itself_would_have(
    tmp_path: Path, garlic: Rulebook, seed: int, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replay, "_TIDY_EVERY", size)
    messages = conversation(150, seed=seed, rooms=("kitchen", "garden", "hall"))
    speaking = SpeakingSettings(room_cooldown=900, member_cooldown=3600)
    async with SQLiteStore.open(tmp_path / "a.db") as store:
        expected = await live_replies(messages, garlic, speaking, store)
    report = backtest(messages, Plan(Books(garlic), speaking, samples=200), size=size)
    shown = {one.sample.id for one in report.samples if one.decision.startswith("reply")}
    assert shown == set(expected)
    assert report.tested.total.replied == len(expected) > 5


@given(
    count=st.integers(1, 60),
    seed=st.integers(0, 1000),
    size=st.integers(1, 70),
    pause=st.sampled_from([1, 60, 900]),
    newest_first=st.booleans(),
)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_it_does_not_matter_where_messages_are_cut(
    comparing: Plan, count: int, seed: int, size: int, pause: int, newest_first: bool
) -> None:
    rooms, size = (("a",), max(size, MOST_IN_ROOM)) if newest_first else (("a", "b"), size)
    messages = [
        # Messages of the same second would come in another order when the export is turned round.
        replace(one, answers=None, sent_at=one.sent_at and one.sent_at + timedelta(microseconds=place))
        for place, one in enumerate(conversation(count, seed=seed, rooms=rooms, pause=pause))
    ]
    given_messages = messages[::-1] if newest_first else messages
    cut = backtest(given_messages, comparing, size=size)
    whole = backtest(given_messages, comparing, size=1000)
    assert told(cut) == told(whole)
    if newest_first:
        turned = as_json(backtest(messages, comparing, size=1000), Reading())
        assert as_json(whole, Reading())["tested"] == turned["tested"]


def test_two_processes_give_what_one_gives(comparing: Plan) -> None:
    messages = conversation(240, rooms=("kitchen", "garden"))
    alone, together = (
        backtest(messages, comparing, size=25, look_at=pooled(comparing.books, samples=2, jobs=jobs))
        for jobs in (1, 2)
    )
    assert told(alone) == told(together) == told(backtest(messages, comparing))
    assert alone.tested.total.replied > 0


def test_a_topic_is_carried_over_the_cut(plan: Plan) -> None:
    messages = [message("what about garlic"), message("it knocked my cold right out", minute=2)]
    for size in (1, 2):
        assert backtest(messages, plan, size=size).tested.rules["garlic-cures-colds"].due == 1
        assert backtest(messages[::-1], plan, size=size).tested.rules["garlic-cures-colds"].due == 1
    late = [messages[0], message("it knocked my cold right out", minute=11)]
    assert backtest(late, plan).tested.total.found == 0
    elsewhere = [messages[0], message("it knocked my cold right out", minute=2, room="other", author="b")]
    assert backtest(elsewhere, plan).tested.total.found == 0


def test_the_answered_message_supplies_the_topic(plan: Plan) -> None:
    asked = message("what about garlic", id="1", author="b")
    answer = message("it knocked my cold right out", minute=500, id="2", answers="1")
    report = backtest([asked, answer], plan)
    assert (report.tested.total.due, report.census.answered_unknown) == (1, 0)
    report = backtest([answer], plan)
    assert (report.tested.total.due, report.census.answered_unknown) == (0, 1)


def test_bots_are_no_context_and_empty_messages_keep_their_place(plan: Plan) -> None:
    topic = message("what about garlic", author="b")
    claim = message("it knocked my cold right out", minute=3)
    bots = [message("noise", minute=1 + n / 9, author="bot", skip=Skip.BOT) for n in range(5)]
    pictures = [message("", minute=1 + n / 9, author="c", skip=Skip.EMPTY) for n in range(2)]
    assert backtest([topic, *bots, claim], plan).tested.total.due == 1
    assert backtest([topic, *pictures, claim], plan).tested.total.due == 0
    report = backtest([topic, *bots, *pictures, claim], plan)
    assert (report.census.messages, dict(report.census.skipped)) == (2, {Skip.BOT: 5, Skip.EMPTY: 2})


@pytest.mark.parametrize(
    ("second", "decisions"),
    [
        ({"minute": 29, "author": "b"}, {"reply: claim": 1, "hold: cool-down": 1}),
        ({"minute": 31, "author": "b"}, {"reply: claim": 2}),
        ({"minute": 31}, {"reply: claim": 1, "hold: cool-down": 1}),
        ({"minute": 1, "author": "b", "room": "other"}, {"reply: claim": 2}),
        ({"minute": 1, "author": "b", "server": "other"}, {"reply: claim": 2}),
        ({"minute": 60, "room": "other"}, {"reply: claim": 1, "hold: cool-down": 1}),
        ({"minute": 60 * 24, "room": "other"}, {"reply: claim": 2}),
        ({"sent_at": None}, {"reply: claim": 2}),
        ({"minute": 31, "author": None}, {"reply: claim": 2}),
    ],
)
def test_cool_downs_count_as_the_messages_were_sent(
    plan: Plan, second: dict[str, object], decisions: dict[str, int]
) -> None:
    minute = second.pop("minute", 0)
    assert isinstance(minute, int)
    messages = [message("garlic cured my cold"), message("garlic cured my cold", minute=minute, **second)]
    for order in (messages, messages[::-1]):
        assert dict(backtest(order, plan).tested.decisions) == decisions


def test_exempt_rooms_and_roles_are_left_alone(garlic: Rulebook) -> None:
    speaking = SpeakingSettings(exempt_rooms=frozenset({"p"}), exempt_roles=frozenset({"x"}))
    messages = [
        message("garlic cured my cold", parents=("p",)),
        message("garlic cured my cold", roles=("y", "x")),
    ]
    report = backtest(messages, Plan(Books(garlic), speaking))
    assert dict(report.tested.decisions) == {"hold: exempt room": 1, "hold: exempt role": 1}
    assert (report.tested.total.due, report.tested.total.replied) == (2, 0)


def test_figures_go_by_rule_family_room_and_week(plan: Plan) -> None:
    messages = [
        message("garlic cured my cold", room_name="küche"),
        message("garlic never cured my cold", minute=60 * 24 * 7),
        message("garlic is harmless", minute=1, room="other"),
        message("i ate garlic and cant breathe", minute=2),
        message("see you at eight", sent_at=None),
    ]
    report = backtest(messages, plan)
    given_figures = as_json(report, Reading(files=1))
    tested = given_figures["tested"]
    assert isinstance(tested, dict)
    assert {name: tested[name] for name in ("found", "due", "replied")} == {
        "found": 4,
        "due": 2,
        "replied": 2,
    }
    assert tested["rules"]["garlic-is-harmless"] == {
        "family": "garlic-safe",
        "found": 1,
        "due": 0,
        "replied": 0,
    }
    assert tested["families"]["cold-relief"]["stances"] == {"asserts": 1, "denies": 1}
    assert tested["decisions"] == {
        "hold: shadow": 1,
        "reply: claim": 1,
        "reply: emergency": 1,
        "silent: denied": 1,
    }
    assert [(room["room"], room["messages"], room["found"]) for room in tested["rooms"]] == [
        ("other", 1, 1),
        ("r", 4, 3),
    ]
    assert {week: row["found"] for week, row in tested["weeks"].items()} == {
        "2024-04-29": 3,
        "2024-05-06": 1,
        "unknown": 0,
    }
    assert tested["weeks"]["2024-05-06"]["families"] == {"cold-relief": {"found": 1, "due": 0, "replied": 0}}


def test_two_rulebooks_are_compared(comparing: Plan) -> None:
    messages = [
        message("garlic is harmless", id="new"),
        message("garlic prevents colds", id="lost", minute=1),
        message("garlic cured my cold", id="moved", minute=120, author="b"),
        message("garlic never cured my cold", id="same", minute=3),
    ]
    report = backtest(messages, comparing)
    difference = report.difference
    assert difference is not None
    assert dict(difference.changes) == dict.fromkeys(Change, 1)
    assert {(key.change, key.rule) for key in difference.by_rule} == {
        (Change.NEWLY_CAUGHT, "garlic-is-harmless"),
        (Change.NO_LONGER_CAUGHT, "garlic-cures-colds"),
        (Change.CHANGED_OWNER, "garlic-cures-colds → garlic-heals"),
    }
    assert (difference.replies_more, difference.replies_fewer) == (1, 1)
    samples = {shown.sample.key.change: shown.sample for shown in report.samples}
    for change, identity, words in (
        (Change.NEWLY_CAUGHT, "new", "garlic is harmless"),
        (Change.NO_LONGER_CAUGHT, "lost", "garlic prevents colds"),
        (Change.CHANGED_OWNER, "moved", "garlic cured my cold"),
    ):
        sample = samples[change]
        assert sample.id == identity
        assert {sample.text[finding.start : finding.end] for finding in sample.findings} == {words}


def test_the_same_rules_differ_in_nothing(garlic: Rulebook) -> None:
    report = backtest(conversation(100), Plan(Books(garlic, garlic), SpeakingSettings()))
    assert report.difference is not None
    assert not report.difference.changes
    assert told(report).count('"change": "') == 0


def test_samples_are_few_and_always_the_same(garlic: Rulebook) -> None:
    messages = conversation(400)
    few, more, none = (
        backtest(messages, Plan(Books(garlic), SpeakingSettings(), samples=count), size=30)
        for count in (2, 5, 0)
    )
    chosen = [(shown.sample.key.rule, shown.sample.number) for shown in few.samples]
    assert len(chosen) == len(set(chosen)) == 2 * len({rule for rule, _ in chosen}) == 6
    assert set(chosen) < {(shown.sample.key.rule, shown.sample.number) for shown in more.samples}
    assert none.samples == ()
    assert none.tested == few.tested


def test_a_long_message_is_shown_around_the_matched_words(plan: Plan) -> None:
    text = "well, " * 400 + "garlic cured my cold" + ", yes" * 400
    (shown,) = backtest([message(text)], plan).samples
    (finding,) = shown.sample.findings
    assert shown.sample.cut
    assert len(shown.sample.text) == 600
    assert shown.sample.text[finding.start : finding.end] == "garlic cured my cold"


def test_hits_hold_no_words(plan: Plan) -> None:
    record = InMemory()
    backtest(conversation(50), plan, record=record)
    hits = list(record.in_order())
    assert hits
    assert "cold" not in repr(hits).replace("garlic-cures-colds", "").replace("cold-relief", "")


def test_chunks_stay_within_their_bounds() -> None:
    messages = [message("x" * 100_000, minute=n) for n in range(20)]
    chunks = list(chunks_of(messages, census=Census(), size=10))
    assert max(len(chunk.messages) for chunk in chunks) == 6
    assert sum(len(chunk.messages) for chunk in chunks) == 20
    assert all(not chunk.around for chunk in chunks)


def test_what_is_around_a_chunk_is_no_more_than_a_conversation_remembers() -> None:
    messages = [message(f"{n}", minute=n / 100) for n in range(600)]
    second = list(chunks_of(messages, census=Census(), size=200))[1]
    assert [placed.number for placed in second.around] == list(range(176, 200))


def test_rooms_beyond_many_are_counted_together(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chunks, "MOST_COUNTED_ROOMS", 2)
    messages = [message("garlic cured my cold", room=room, author=room) for room in "abcdcab"]
    report = backtest(messages, plan)
    assert dict(report.census.rooms) == {("s", "a"): 2, ("s", "b"): 2, chunks.OTHER_ROOMS: 3}
    assert report.tested.rooms[chunks.OTHER_ROOMS].replied == 2


def test_samples_are_kept_of_so_many_keys_only(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "MOST_KEYS", 1)
    report = backtest(
        [message("garlic is harmless"), message("garlic cured my cold", minute=1)], plan, size=1
    )
    assert [shown.sample.key.rule for shown in report.samples] == ["garlic-is-harmless"]


def test_a_process_that_dies_is_told(plan: Plan) -> None:
    books = replace(plan.books, tested="no rulebook")
    with pytest.raises(WorkerError, match="--jobs"):
        backtest(conversation(20), plan, size=5, look_at=pooled(books, samples=1, jobs=2))


def test_a_record_with_other_messages_is_refused(plan: Plan) -> None:
    record = InMemory()
    backtest(conversation(30), plan, record=record, size=10)
    for others in (conversation(30, seed=9), conversation(9), []):
        with pytest.raises(ChangedInputError):
            backtest(others, plan, record=record, size=10)


def test_results_come_in_order_and_the_source_is_closed_on_failure(plan: Plan) -> None:
    closed = []

    def breaking(chunks: Iterator[Chunk]) -> Iterator[Looked]:
        try:
            yield from here(compiled(plan.books), samples=1)(chunks)
        finally:
            closed.append(True)

    class Full(InMemory):
        def keep(self, looked: Looked, samples: object) -> None:
            assert looked.number == 0
            raise RuntimeError("the disk is full")

    with pytest.raises(RuntimeError, match="full"):
        backtest(conversation(30), plan, record=Full(), look_at=breaking, size=5)
    assert closed == [True]


@given(st.lists(st.text(max_size=80), min_size=1, max_size=8))
@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_text_can_be_looked_at(comparing: Plan, texts: list[str]) -> None:
    placed = tuple(Placed(n, message(text, minute=n)) for n, text in enumerate(texts))
    looked = look(Chunk(0, placed, (), ""), compiled(comparing.books), samples=2)
    assert looked.messages == len(texts)
