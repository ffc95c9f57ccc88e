"""What becomes of messages in the figures by week: held, in shadow, answered."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.errors import StoreError
from bot.replies.checker import Checker
from bot.replies.counting import weightiest
from bot.replies.model import Action, Hold, SpeakingSettings, Vote
from bot.rulebook.model import Status
from bot.store.model import week_of
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

HEADACHES = "headache-relief"


async def counted(checker: Checker, clock: Clock) -> list[tuple[str, str, str, int]]:
    rows = await checker.counts_of("s1", since=week_of(clock.now))
    return [(row.family, row.kind, row.reason, row.count) for row in rows]


async def test_a_reply_and_a_claim_in_its_cool_down_are_counted(checker: Checker, clock: Clock) -> None:
    first = incoming(HEADACHE, message="m1")
    await answered(checker, first)
    await checker.message(incoming(HEADACHE, message="m2", author="bob"))
    await checker.message(incoming("good morning", message="m3"))
    await checker.message(incoming(DENIED, message="m4"))
    await checker.vote(reply="reply to m1", member="bob", vote=Vote.NOT_WHAT_I_SAID)
    assert await counted(checker, clock) == [
        (HEADACHES, "hold", "cool-down", 1),
        (HEADACHES, "reply", "", 1),
        (HEADACHES, "vote", "not-what-i-said", 1),
        (HEADACHES, "voted", "", 1),
        (HEADACHES, "voted", "not-what-i-said", 1),
    ]


@pytest.mark.parametrize(
    ("settings", "text", "reason"),
    [
        (SpeakingSettings(exempt_rooms=frozenset({"r1"})), HEADACHE, "exempt room"),
        (SpeakingSettings(exempt_roles=frozenset({"role"})), HEADACHE, "exempt role"),
        (SpeakingSettings(answers_questions=False), QUESTION, "questions off"),
    ],
)
async def test_each_hold_is_counted_with_its_reason(
    checker: Checker, clock: Clock, settings: SpeakingSettings, text: str, reason: str
) -> None:
    await checker.save_settings("s1", settings)
    held = await checker.message(incoming(text, roles=frozenset({"role"})))
    assert held.decision == Hold(reason)
    assert await counted(checker, clock) == [(HEADACHES, "hold", reason, 1)]


async def test_an_emergency_that_was_answered_already_is_counted_as_one(
    checker: Checker, clock: Clock
) -> None:
    await answered(checker, incoming(EMERGENCY, message="m1"))
    await checker.message(incoming(EMERGENCY, message="m2"))
    assert await counted(checker, clock) == [
        ("emergency", "hold", "emergency answered", 1),
        ("emergency", "reply", "", 1),
    ]


async def test_an_edit_and_a_message_that_comes_twice_count_no_hold(checker: Checker, clock: Clock) -> None:
    message = incoming(HEADACHE, message="m1")
    await answered(checker, message)
    await checker.message(message)
    await checker.message(incoming("good morning", message="m2", author="bob"))
    edited = await checker.edited(incoming(HEADACHE, message="m2", author="bob"))
    assert edited.decision == Hold("cool-down")
    assert await counted(checker, clock) == [(HEADACHES, "reply", "", 1)]


async def test_a_message_for_rules_in_shadow_is_counted_as_such_only(
    store: SQLiteStore, clock: Clock
) -> None:
    shadow = rule("trial", HEADACHES, "<kratom> <cures> <headache>", status=Status.SHADOW)
    checker = checker_with(store, clock, small_rulebook(rules=[shadow]))
    assert (await checker.message(incoming(HEADACHE, message="m1"))).decision == Hold("shadow")
    await checker.edited(incoming(HEADACHE + "!", message="m1"))
    await checker.message(incoming(DENIED, message="m2"))
    assert await counted(checker, clock) == [(HEADACHES, "shadow", "", 1)]


async def test_what_cannot_be_counted_changes_nothing_else(
    checker: Checker, store: SQLiteStore, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    await answered(checker, incoming(HEADACHE, message="m1"))

    async def fails(**_: object) -> None:
        raise StoreError("the disk is full")

    monkeypatch.setattr(store, "count_hold", fails)
    clock.go_on(minutes=1)
    held = await checker.message(incoming(HEADACHE, message="m2", author="bob"))
    assert held.decision == Hold("cool-down")
    assert checker.counts.errors == 1


async def test_the_weightiest_family_is_the_one_that_would_be_answered_first(checker: Checker) -> None:
    families = [family.id for family in checker.rulebook.source.families]
    found = checker.check(f"{HARMLESS}, and {HEADACHE}").findings.found
    assert len({finding.family for finding in found}) == 2
    expected = min((finding.family for finding in found), key=families.index)
    assert weightiest(found, checker.rulebook.source) == expected
    assert weightiest(found[::-1], checker.rulebook.source) == expected
    assert weightiest(checker.check(DENIED).findings.found, checker.rulebook.source) is None


async def test_weeks_before_are_left_out(checker: Checker, clock: Clock) -> None:
    outcome = await answered(checker, incoming(HEADACHE, message="m1"))
    assert outcome.action is Action.SEND
    later = clock.now + timedelta(weeks=1)
    assert await checker.counts_of("s1", since=week_of(later)) == ()
