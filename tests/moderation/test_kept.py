"""What is kept of what was typed, and how a rule differs from the base."""

from __future__ import annotations

import json

from bot.moderation.changes import AddExample, NewRule, SetCutoff
from bot.moderation.model import Proposal, Refusal
from bot.rulebook.model import SilentExample
from bot.rulebook.part import plain
from tests.moderation.desk import TONIC, Desk, Past

RELIEF = "garlic-cures-colds"


async def test_what_was_typed_is_kept_once_until_it_is_confirmed(desk: Desk) -> None:
    proposal = await desk.moderation.propose("s1", NewRule(TONIC), by="mia", why="x")
    assert isinstance(proposal, Proposal)
    first = await desk.moderation.keep(proposal)
    kept = await desk.moderation.keep(proposal)
    assert first is not None
    assert kept is not None
    assert (kept.text, kept.about, kept.problem) == (TONIC, "new rule", "not confirmed yet")
    assert await desk.moderation.drafts("s1", "mia") == (kept,)
    by_program = await desk.moderation.propose("s1", NewRule(TONIC), by=None, why="x")
    assert isinstance(by_program, Proposal)
    assert await desk.moderation.keep(by_program) is None


async def test_an_example_is_kept_with_all_its_parts(desk: Desk) -> None:
    example = SilentExample(text="garlic cured my cold", because="no", context=("hm “so”",))
    refusal = await desk.moderation.propose("s1", AddExample(RELIEF, example), by="mia", why="x")
    assert isinstance(refusal, Refusal)
    assert refusal.draft is not None
    assert refusal.draft.about == "example of garlic-cures-colds"
    assert json.loads(refusal.draft.text) == {"silent": plain(example)}


async def test_a_change_can_be_tried_on_another_past(desk: Desk) -> None:
    past = Past(["garlic tonic again"])
    proposal = await desk.moderation.propose("s1", NewRule(TONIC), by="mia", why="x", history=past)
    assert isinstance(proposal, Proposal)
    assert str(proposal.preview) == "+1 message, −0, of the last 1 here"
    assert desk.past.asked == []


async def test_a_rule_is_compared_with_the_base(desk: Desk) -> None:
    assert await desk.moderation.diff_of_rule("s1", RELIEF) == ""
    assert await desk.moderation.diff_of_rule("s1", "no-such-rule") is None
    await desk.confirmed(SetCutoff(RELIEF, 92))
    await desk.confirmed(NewRule(TONIC))
    assert "-  cutoff: 84\n+  cutoff: 92" in (await desk.moderation.diff_of_rule("s1", RELIEF) or "")
    assert "+- id: our-tonic" in (await desk.moderation.diff_of_rule("s1", "our-tonic") or "")
