from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.errors import SettingsError, StoreError
from bot.matching.compile import CompiledRulebook, compile_rulebook
from bot.replies.checker import Checker
from bot.replies.model import Action, Form, Hold, Reply, Silent, SpeakingSettings, Vote
from bot.replies.rulebooks import OneRulebook
from bot.rulebook.model import Status
from bot.store.sqlite import SQLiteStore
from tests.replies.conversing import (
    DENIED,
    EMERGENCY,
    HARMLESS,
    HEADACHE,
    QUESTION,
    Clock,
    answered,
    checker_with,
)
from tests.replies.samples import incoming, rule, small_rulebook


@pytest.mark.parametrize(
    ("text", "action", "form"),
    [
        (HEADACHE, Action.SEND, Form.FULL),
        (QUESTION, Action.SEND, Form.SHORT),
        (EMERGENCY, Action.SEND, Form.EMERGENCY),
        (DENIED, Action.NOTHING, None),
        ("good morning", Action.NOTHING, None),
        ("", Action.NOTHING, None),
    ],
)
async def test_a_message_goes_all_the_way_through(
    checker: Checker, text: str, action: Action, form: Form | None
) -> None:
    outcome = await checker.message(incoming(text))
    assert outcome.action is action
    assert (outcome.composed.form if outcome.composed else None) is form
    assert outcome.tell_moderators is (form is Form.EMERGENCY)
    assert outcome.reading.raw == text
    alone = checker.check(text)
    assert alone.action is outcome.action
    assert alone.findings.found == outcome.findings.found
    assert alone.findings.emergency == outcome.findings.emergency


async def test_a_message_that_is_handed_over_twice_is_answered_once(
    store: SQLiteStore, clock: Clock, checker: Checker
) -> None:
    outcomes = await asyncio.gather(*(checker.message(incoming(HEADACHE)) for _ in range(8)))
    assert [outcome.action for outcome in outcomes].count(Action.SEND) == 1
    assert {outcome.decision for outcome in outcomes if outcome.action is Action.NOTHING} == {
        Hold("already answered")
    }
    after_a_restart = checker_with(store, clock)
    assert (await after_a_restart.message(incoming(HEADACHE))).decision == Hold("already answered")


async def test_two_messages_at_once_in_a_room_get_one_reply(checker: Checker) -> None:
    outcomes = await asyncio.gather(
        *(checker.message(incoming(HEADACHE, message=f"m{n}", author=f"a{n}")) for n in range(5))
    )
    assert sorted(outcome.action.value for outcome in outcomes) == ["nothing"] * 4 + ["send"]


async def test_one_members_messages_at_once_in_two_rooms_get_one_reply(checker: Checker) -> None:
    outcomes = await asyncio.gather(
        *(checker.message(incoming(HEADACHE, message=room, room=room)) for room in ("r1", "r2"))
    )
    assert sorted(outcome.action.value for outcome in outcomes) == ["nothing", "send"]


@pytest.mark.parametrize(
    ("room", "author", "server", "hours", "speaks"),
    [
        ("r1", "a2", "s1", 0.4, False),
        ("r1", "a2", "s1", 0.5, True),
        ("r2", "a1", "s1", 23.9, False),
        ("r2", "a1", "s1", 24, True),
        ("r2", "a2", "s1", 0, True),
        ("r1", "a1", "s2", 0, True),
    ],
)
async def test_cool_downs_hold_by_room_and_by_member(
    checker: Checker, clock: Clock, room: str, author: str, server: str, hours: float, speaks: bool
) -> None:
    await answered(checker, incoming(HEADACHE))
    clock.go_on(hours=hours)
    outcome = await checker.message(incoming(HEADACHE, message="m2", room=room, author=author, server=server))
    assert outcome.action is (Action.SEND if speaks else Action.NOTHING)
    if not speaks:
        assert outcome.decision == Hold("cool-down")


async def test_a_reply_that_could_not_be_sent_holds_nobody_back(checker: Checker) -> None:
    message = incoming(HEADACHE)
    outcome = await checker.message(message)
    await checker.unsent(message, outcome)
    assert (await checker.message(incoming(HEADACHE, message="m2"))).action is Action.SEND
    assert (await checker.message(replace(message, room="r2", author="a2"))).action is Action.SEND


async def test_tells_the_reply_that_stands(checker: Checker) -> None:
    assert await checker.reply_to(server="s1", message="m1") is None
    await answered(checker, incoming(HEADACHE))
    assert await checker.reply_to(server="s1", message="m1") == "reply to m1"
    await checker.withdrawn(reply="reply to m1")
    assert await checker.reply_to(server="s1", message="m1") is None


async def test_a_reply_that_nobody_reports_holds_others_back_for_a_minute_only(
    checker: Checker, clock: Clock
) -> None:
    await checker.message(incoming(HEADACHE))
    clock.go_on(seconds=59)
    assert (await checker.message(incoming(HEADACHE, message="m2"))).decision == Hold("cool-down")
    clock.go_on(seconds=2)
    assert (await checker.message(incoming(HEADACHE, message="m3"))).action is Action.SEND


async def test_what_was_said_before_supplies_the_topic(checker: Checker) -> None:
    assert (await checker.message(incoming("it cured my migraine", message="m0"))).action is Action.NOTHING
    await checker.message(incoming("kratom?", message="m1", author="a2"))
    assert (await checker.message(incoming("it cured my migraine", message="m2"))).action is Action.SEND


async def test_the_message_that_is_answered_supplies_the_topic(checker: Checker) -> None:
    outcome = await checker.message(incoming("it cured my migraine", answers="has anybody tried kratom?"))
    assert outcome.action is Action.SEND


async def test_a_deleted_message_supplies_no_topic(checker: Checker) -> None:
    await checker.message(incoming("kratom?", message="m1", author="a2"))
    await checker.deleted(server="s1", room="r1", message="m1")
    assert (await checker.message(incoming("it cured my migraine", message="m2"))).action is Action.NOTHING


async def test_bots_are_neither_answered_nor_listened_to(checker: Checker) -> None:
    outcome = await checker.message(incoming("kratom is harmless", author="bot", is_bot=True))
    assert outcome.decision == Silent("bot")
    assert (await checker.edited(incoming(HEADACHE, is_bot=True))).decision == Silent("bot")
    assert (await checker.message(incoming("it cured my migraine", message="m2"))).action is Action.NOTHING


async def test_one_member_is_given_the_emergency_lines_once_in_ten_minutes(
    checker: Checker, clock: Clock
) -> None:
    await answered(checker, incoming(EMERGENCY))
    again = await checker.message(incoming(EMERGENCY, message="m2"))
    assert again.decision == Hold("emergency answered")
    assert not again.tell_moderators
    assert (await answered(checker, incoming(EMERGENCY, message="m3", author="a2"))).action is Action.SEND
    assert (await answered(checker, incoming(EMERGENCY, message="m4", room="r2"))).action is Action.SEND
    clock.go_on(minutes=10)
    assert (await checker.message(incoming(EMERGENCY, message="m5"))).action is Action.SEND


async def test_a_server_has_settings_of_its_own(checker: Checker) -> None:
    assert await checker.settings_of("s1") == SpeakingSettings()
    own = SpeakingSettings(
        exempt_rooms=frozenset({"r1"}), answers_questions=False, emergency_lines=("Ring the night desk.",)
    )
    await checker.save_settings("s1", own)
    assert await checker.settings_of("s1") == own
    assert (await checker.message(incoming(HEADACHE))).decision == Hold("exempt room")
    question = await checker.message(incoming(QUESTION, message="m2", room="r2"))
    assert question.decision == Hold("questions off")
    emergency = await checker.message(incoming(EMERGENCY, message="m3"))
    assert emergency.composed is not None
    assert emergency.composed.caveats[0].says == "Ring the night desk."
    assert (await checker.message(incoming(HEADACHE, message="m4", server="s2"))).action is Action.SEND
    with pytest.raises(SettingsError, match="room_cooldown"):
        await checker.save_settings("s1", replace(own, room_cooldown=-1))


async def test_a_rule_can_leave_questions_alone(store: SQLiteStore, clock: Clock) -> None:
    quiet = rule("quiet", "headache-relief", "<kratom> <cures> <headache>", asks="silent")
    checker = checker_with(store, clock, small_rulebook(rules=[quiet]))
    assert (await checker.message(incoming(QUESTION))).decision == Hold("questions off")
    assert (await checker.message(incoming(HEADACHE, message="m2"))).action is Action.SEND


async def test_rules_in_shadow_are_recorded_and_never_sent(store: SQLiteStore, clock: Clock) -> None:
    shadow = rule("trial", "headache-relief", "<kratom> <cures> <headache>", status=Status.SHADOW)
    checker = checker_with(store, clock, small_rulebook(rules=[shadow]))
    assert (await checker.message(incoming(HEADACHE))).decision == Hold("shadow")
    assert await checker.privacy_of("a1") == {"replies": 0, "matched words": 1, "votes": 0}
    await checker.save_settings("s1", SpeakingSettings(exempt_rooms=frozenset({"r2"})))
    await checker.message(incoming(HEADACHE, message="m2", room="r2", author="a2"))
    assert (await checker.privacy_of("a2"))["matched words"] == 0


async def test_votes_are_taken_changed_and_taken_back(checker: Checker) -> None:
    await answered(checker, incoming(HEADACHE), reply="r")
    assert await checker.vote(reply="r", member="b", vote=Vote.HELPFUL) is Vote.HELPFUL
    assert await checker.vote(reply="r", member="b", vote=Vote.NOT_WHAT_I_SAID) is Vote.NOT_WHAT_I_SAID
    assert await checker.vote(reply="r", member="b", vote=Vote.NOT_WHAT_I_SAID) is None
    with pytest.raises(StoreError):
        await checker.vote(reply="unknown", member="b", vote=Vote.HELPFUL)


async def test_explains_after_a_restart_and_after_the_words_expired(
    store: SQLiteStore, clock: Clock, checker: Checker
) -> None:
    await answered(checker, incoming("well, " + HEADACHE + " last week"), reply="r")
    later = checker_with(store, clock, small_rulebook(digest="second"))
    explanation = await later.explain(reply="r")
    assert explanation is not None
    assert explanation.lines[0].startswith(f"“{HEADACHE}” was read as")
    assert "The rules have been changed since then." in explanation.lines
    assert explanation.sources
    clock.go_on(days=31)
    assert await later.expire(keep=timedelta(days=30)) == 2
    expired = await later.explain(reply="r")
    assert expired is not None
    assert "migraine" not in " ".join(expired.lines)
    assert await later.explain(reply="unknown") is None


async def test_a_member_is_forgotten_in_memory_and_in_the_store(checker: Checker) -> None:
    await answered(checker, incoming(HEADACHE))
    assert (await checker.privacy_of("a1"))["replies"] == 1
    assert await checker.forget("a1") == 2
    assert set((await checker.privacy_of("a1")).values()) == {0}
    outcome = await checker.message(incoming("it fixed my migraine", message="m2", room="r1"))
    assert outcome.action is Action.NOTHING
    assert outcome.findings.found == ()


async def test_new_rules_are_in_force_at_once(store: SQLiteStore, clock: Clock) -> None:
    rulebooks = OneRulebook(compile_rulebook(small_rulebook()))
    checker = checker_with(store, clock, rulebooks=rulebooks)
    rulebooks.use(compile_rulebook(small_rulebook(rules=[rule("only", "mood", "<kratom> <harmless>")])))
    assert checker.rulebook.source.rules[0].id == "only"
    assert (await checker.message(incoming(HEADACHE))).action is Action.NOTHING


class OfTwoServers(OneRulebook):
    """Lets the server s2 have rules of its own."""

    def of(self, server: str) -> CompiledRulebook:
        own = small_rulebook(rules=[rule("only", "natural-safe", "<kratom> <harmless>")], digest="own")
        return compile_rulebook(own) if server == "s2" else self.base


async def test_each_server_has_its_own_rules(store: SQLiteStore, clock: Clock) -> None:
    rulebooks = OfTwoServers(compile_rulebook(small_rulebook()))
    checker = checker_with(store, clock, rulebooks=rulebooks)
    assert (await answered(checker, incoming(HEADACHE))).action is Action.SEND
    assert (await checker.message(incoming(HEADACHE, server="s2", message="m2"))).action is Action.NOTHING
    harmless = incoming(HARMLESS, server="s2", message="m3")
    assert (await answered(checker, harmless, reply="r3")).action is Action.SEND
    kept = await store.reply(reply="r3")
    assert kept is not None
    assert kept.digest == "own"
    explanation = await checker.explain(reply="r3")
    assert explanation is not None
    assert not any("have been changed" in line for line in explanation.lines)
    assert isinstance(checker.check(HEADACHE, server="s2").decision, Silent)
    assert isinstance(checker.check(HEADACHE).decision, Reply)
    assert checker.rulebook_of("s2").source.digest == "own"


async def test_counts_what_happened(checker: Checker) -> None:
    before = checker.counts
    await answered(checker, incoming(HEADACHE))
    await checker.message(incoming(HEADACHE, message="m2"))
    await checker.message(incoming("good morning", message="m3"))
    await checker.edited(incoming("good evening", message="m3"))
    await checker.edited(incoming("good evening", message="m3"))
    await checker.edited(incoming(HARMLESS))
    counts = checker.counts
    assert (before.messages, before.replies) == (0, 0)
    assert (counts.messages, counts.replies, counts.edited, counts.withdrawn) == (5, 1, 1, 0)
    assert dict(counts.sent) == {"full": 1}
    assert dict(counts.held) == {"cool-down": 1}
    assert dict(counts.silent) == {"no claim": 2}


async def test_wording_depends_on_the_message_alone(store: SQLiteStore, clock: Clock) -> None:
    checker = checker_with(store, clock)
    await checker.save_settings("s1", SpeakingSettings(room_cooldown=0, member_cooldown=0))
    first = [await checker.message(incoming(HEADACHE, message=str(n))) for n in range(8)]
    assert len({outcome.composed for outcome in first}) > 1
    elsewhere = await checker.message(incoming(HEADACHE, message="0", server="s2", author="a9"))
    assert elsewhere.decision == Hold("already answered")
    assert checker.check(HEADACHE) == checker.check(HEADACHE)


async def test_nothing_is_sent_where_the_store_fails(tmp_path: Path, clock: Clock) -> None:
    async with SQLiteStore.open(tmp_path / "closed.db") as closed:
        pass
    checker = checker_with(closed, clock)
    with pytest.raises(StoreError):
        await checker.message(incoming(HEADACHE))
    assert checker.counts.errors == 1
    assert (await checker.message(incoming("good morning"))).decision == Silent("no claim")


async def test_emergency_lines_are_sent_even_where_the_store_fails(tmp_path: Path, clock: Clock) -> None:
    async with SQLiteStore.open(tmp_path / "closed.db") as closed:
        pass
    checker = checker_with(closed, clock)
    outcome = await checker.message(incoming(EMERGENCY))
    assert (outcome.action, outcome.tell_moderators) == (Action.SEND, True)
    assert (await checker.message(incoming(EMERGENCY))).decision == Hold("already answered")
    assert (await checker.message(incoming(EMERGENCY, message="m2"))).decision == Hold("emergency answered")
    with pytest.raises(StoreError):
        await checker.sent(incoming(EMERGENCY), outcome, reply="r")


async def test_only_what_was_to_be_sent_can_be_reported_as_sent(checker: Checker) -> None:
    outcome = await checker.message(incoming("good morning"))
    with pytest.raises(ValueError, match="no reply"):
        await checker.sent(incoming("good morning"), outcome, reply="r")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(alphabet=st.characters(codec=None), max_size=200), claims=st.booleans())
def test_whatever_is_typed_is_read_answered_and_kept(tmp_path: Path, text: str, claims: bool) -> None:
    async def through() -> None:
        async with SQLiteStore.open(tmp_path / "any.db") as store:
            checker = checker_with(store, Clock())
            message = incoming(
                f"{HEADACHE}. {text}" if claims else text, message=repr(text), server=repr(text)
            )
            outcome = await answered(checker, message)
            if isinstance(outcome.decision, Reply):
                assert await checker.explain(reply=f"reply to {message.id}") is not None

    asyncio.run(through())
