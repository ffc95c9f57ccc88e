from __future__ import annotations

import asyncio

import pytest

from bot.replies.checker import Checker
from bot.replies.model import Action, Hold
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
from tests.replies.samples import incoming


async def test_an_edit_of_a_reply_that_failed_leaves_the_reply_as_it_was(checker: Checker) -> None:
    await answered(checker, incoming(HEADACHE))
    edit = incoming(HARMLESS)
    await checker.unsent(edit, await checker.edited(edit))
    assert await checker.reply_to(server="s1", message="m1") == "reply to m1"
    again = await checker.edited(incoming(HARMLESS + " they say"))
    assert (again.action, again.reply) == (Action.EDIT, "reply to m1")


@pytest.mark.parametrize(
    ("before", "after", "action"),
    [
        (HEADACHE, HEADACHE, Action.NOTHING),
        (HEADACHE, HEADACHE + " yesterday", Action.NOTHING),
        (HEADACHE, "never mind", Action.WITHDRAW),
        (HEADACHE, DENIED, Action.WITHDRAW),
        (HEADACHE, HARMLESS, Action.EDIT),
        (HEADACHE, QUESTION, Action.EDIT),
        (HEADACHE, EMERGENCY, Action.EDIT),
        (EMERGENCY, "never mind", Action.NOTHING),
        (EMERGENCY, HEADACHE, Action.NOTHING),
        (EMERGENCY, EMERGENCY + " please", Action.NOTHING),
        ("good morning", HEADACHE, Action.SEND),
        ("good morning", "good evening", Action.NOTHING),
        (DENIED, HEADACHE, Action.SEND),
    ],
)
async def test_an_edit_changes_what_it_has_to(
    checker: Checker, before: str, after: str, action: Action
) -> None:
    await answered(checker, incoming(before))
    outcome = await checker.edited(incoming(after))
    assert outcome.action is action
    assert outcome.reply == ("reply to m1" if action in (Action.EDIT, Action.WITHDRAW) else None)
    assert (outcome.composed is not None) is (action in (Action.EDIT, Action.SEND))
    assert outcome.tell_moderators is (after == EMERGENCY)


async def test_an_edit_after_a_restart_finds_the_reply_that_stands(
    store: SQLiteStore, clock: Clock, checker: Checker
) -> None:
    await answered(checker, incoming(HEADACHE))
    after_a_restart = checker_with(store, clock)
    assert (await after_a_restart.edited(incoming(HEADACHE))).action is Action.NOTHING
    outcome = await after_a_restart.edited(incoming("never mind"))
    assert (outcome.action, outcome.reply) == (Action.WITHDRAW, "reply to m1")


async def test_an_edited_reply_is_explained_as_it_stands_now(checker: Checker) -> None:
    await answered(checker, incoming(HEADACHE))
    outcome = await checker.edited(incoming(HARMLESS))
    await checker.sent(incoming(HARMLESS), outcome, reply="reply to m1")
    explanation = await checker.explain(reply="reply to m1")
    assert explanation is not None
    assert "natural-safe" in explanation.lines[0]
    assert "migraine" not in " ".join(explanation.lines)


async def test_a_claim_that_comes_back_after_it_was_taken_out_is_answered_again(checker: Checker) -> None:
    await answered(checker, incoming(HEADACHE))
    assert (await checker.edited(incoming("never mind"))).action is Action.WITHDRAW
    await checker.withdrawn(reply="reply to m1")
    assert (await checker.edited(incoming(HEADACHE))).action is Action.SEND


async def test_a_reply_that_a_moderator_removed_does_not_come_back(checker: Checker) -> None:
    await answered(checker, incoming(HEADACHE))
    await checker.withdrawn(reply="reply to m1")
    assert (await checker.edited(incoming(HEADACHE + " yesterday"))).decision == Hold("already answered")


async def test_a_withdrawn_reply_frees_the_room_for_others(checker: Checker) -> None:
    await answered(checker, incoming(HEADACHE))
    await checker.withdrawn(reply="reply to m1")
    assert (await checker.message(incoming(HEADACHE, message="m2", author="a2"))).action is Action.SEND


async def test_an_edit_waits_for_a_reply_that_is_being_sent(checker: Checker) -> None:
    message = incoming(HEADACHE)
    outcome = await checker.message(message)
    edit = asyncio.create_task(checker.edited(incoming("never mind")))
    await asyncio.sleep(0)
    await checker.sent(message, outcome, reply="late")
    assert ((await edit).action, (await edit).reply) == (Action.WITHDRAW, "late")


async def test_a_deletion_waits_for_a_reply_that_is_being_sent(checker: Checker) -> None:
    message = incoming(HEADACHE)
    outcome = await checker.message(message)
    deletion = asyncio.create_task(checker.deleted(server="s1", room="r1", message="m1"))
    await asyncio.sleep(0)
    await checker.sent(message, outcome, reply="late")
    assert await deletion == "late"


async def test_a_deletion_does_not_wait_for_ever(checker: Checker) -> None:
    await checker.message(incoming(HEADACHE))
    assert await checker.deleted(server="s1", room="r1", message="m1") is None


async def test_a_deleted_message_takes_its_reply_along_once(checker: Checker) -> None:
    await answered(checker, incoming(HEADACHE))
    assert await checker.deleted(server="s1", room="r1", message="m1") == "reply to m1"
    await checker.withdrawn(reply="reply to m1")
    assert await checker.deleted(server="s1", room="r1", message="m1") is None
    assert await checker.deleted(server="s1", room="r1", message="unknown") is None
