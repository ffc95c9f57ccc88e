"""One gate for every change: refused with places, shown before it counts, confirmed whole, undone."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from bot.errors import RulebookError
from bot.matching.engine import find
from bot.moderation.changes import (
    AddExample,
    AddUnless,
    Change,
    EditRule,
    NewRule,
    ResetRule,
    RollBack,
    SetCutoff,
    SetFamilyStatus,
    SetRuleStatus,
    WholeOverlay,
)
from bot.moderation.model import Conflict, Effect, Proposal, Provenance, Refusal
from bot.proof import Proven, prove
from bot.rulebook.model import FiringExample, SilentExample, Status, TodoExample, Unless
from bot.rulebook.yaml_writer import write_rule
from bot.store.model import KeptVersion
from bot.text.reader import read
from tests.moderation.desk import HOUR, NOW, TONIC, Desk, opened

RELIEF = "garlic-cures-colds"


async def refused(desk: Desk, change: str | Change, *, by: str = "mia") -> Refusal:
    outcome = await desk.moderation.propose("s1", change, by=by, why="because")
    assert isinstance(outcome, Refusal)
    return outcome


def found(desk: Desk, text: str, server: str = "s1") -> list[tuple[str, str]]:
    findings = find(read(text), desk.rulebooks.of(server)).found
    return [(finding.rule, finding.status) for finding in findings]


async def test_a_new_rule_speaks_on_its_server_alone(desk: Desk) -> None:
    version = await desk.confirmed(NewRule(TONIC))
    assert (version.number, version.author, version.saved, version.why) == (1, "mia", NOW, "because")
    assert "+  - id: our-tonic" in version.difference
    assert version.digest == desk.rulebooks.of("s1").source.digest
    assert found(desk, "garlic tonic!") == [("our-tonic", "live")]
    assert found(desk, "garlic tonic!", "s2") == []
    assert desk.kinds() == ["OverlayChanged"]


async def test_a_proposal_changes_nothing(desk: Desk) -> None:
    proposal = await desk.moderation.propose("s1", NewRule(TONIC), by="mia", why="x")
    assert isinstance(proposal, Proposal)
    assert (proposal.rules, proposal.seen) == (("our-tonic",), 0)
    assert found(desk, "garlic tonic!") == []
    assert await desk.moderation.newest("s1") is None


@pytest.mark.parametrize(
    ("change", "place", "problem"),
    [
        (NewRule(TONIC.replace("<garlic>", "<garlik>")), "rule.yaml:4:13", "the concept `garlik`"),
        (NewRule(TONIC.replace("family", "famly")), "rule.yaml:3:3", "`famly` is not a key"),
        (NewRule(TONIC.replace("our-tonic", RELIEF)), "rule.yaml:2:7", "is already there"),
        (NewRule(TONIC.replace("garlic tonic for", "tonic for")), "rule.yaml:6:13", "should fire"),
        (EditRule("our-tonik", TONIC), "command:1:1", "there is no rule `our-tonik`"),
        (EditRule(RELIEF, TONIC), "rule.yaml:2:7", f"but `{RELIEF}` is being edited"),
        (WholeOverlay("families: {mood: off}"), "overlay.yaml:1:12", "the family `mood`"),
        (WholeOverlay("&a [*a]"), "overlay.yaml:1:1", "is an anchor"),
        (SetFamilyStatus("mood", Status.OFF), "command:1:1", "there is no family `mood`"),
        (SetRuleStatus("mood", Status.OFF), "command:1:1", "there is no rule `mood`"),
        (SetCutoff(RELIEF, 59), "command:1:1", "59 is no cut-off"),
        (SetCutoff(RELIEF, 84), "command:1:1", "nothing would change"),
        (ResetRule("nothing"), "command:1:1", "there is no rule `nothing`"),
        (RollBack(7), "command:1:1", "there is no version 7"),
        (
            AddExample(RELIEF, FiringExample(text="zinc is nice")),
            "overlay.yaml:5:11",
            "should fire on “zinc is nice”",
        ),
        (
            AddExample(RELIEF, SilentExample(text="garlic cured my cold", because="no")),
            "overlay.yaml:5:11",
            "should stay silent",
        ),
    ],
)
async def test_what_is_wrong_is_told_with_its_place(
    desk: Desk, change: Change, place: str, problem: str
) -> None:
    told = str(await refused(desk, change))
    assert place in told
    assert problem in told
    assert await desk.moderation.newest("s1") is None


async def test_what_was_typed_and_refused_is_kept(desk: Desk) -> None:
    typed = TONIC.replace("family", "famly")
    refusal = await refused(desk, NewRule(typed))
    assert refusal.draft is not None
    assert (refusal.draft.text, refusal.draft.about) == (typed, "new rule")
    assert "famly" in refusal.draft.problem
    assert await desk.moderation.drafts("s1", "mia") == (refusal.draft,)
    await desk.moderation.drop_draft(refusal.draft)
    assert await desk.moderation.drafts("s1", "mia") == ()
    chosen = await refused(desk, SetCutoff(RELIEF, 59))
    assert chosen.draft is None


@pytest.mark.parametrize(
    ("phrase", "example", "share"),
    [
        ("<garlic>", "garlic it is", "[merely mentions garlic] 3 of 4 (75.0 %)"),
        ("<common-cold>", "i have a cold", "[ordinary chat] 2 of 100 (2.0 %)"),
        ("see", "see this", "[ordinary chat] 96 of 100 (96.0 %)"),
    ],
)
async def test_a_rule_that_matches_everything_is_refused_with_its_share(
    desk: Desk, phrase: str, example: str, share: str
) -> None:
    text = TONIC.replace("<garlic> tonic", phrase).replace("garlic tonic for the win", example)
    refusal = await refused(desk, NewRule(text))
    first = refusal.faults[0]
    assert (first.path.name, first.line, first.column) == ("rule.yaml", 4, 13)
    assert share in first.problem
    assert "Add what is said of it" in first.instead
    (breadth,) = refusal.breadth
    assert breadth.rule == "our-tonic"


async def test_an_emoji_as_an_id_is_refused_with_what_to_write_instead(desk: Desk) -> None:
    refusal = await refused(desk, NewRule(TONIC.replace("our-tonic", "🧄")))
    first = refusal.faults[0]
    assert (first.path.name, first.line, first.column) == ("rule.yaml", 2, 7)
    assert "`🧄` is not a good id" in first.problem
    assert "Use small letters, digits and hyphens" in first.instead
    assert refusal.draft is not None


async def test_a_word_that_reaches_too_far_is_refused_too(desk: Desk) -> None:
    refusal = await refused(
        desk, "families: {garlic-safe: live}\nlexicon: {garlic: {words: [see]}}\n" + OWN_SEE
    )
    assert "would fire on messages that claim nothing" in refusal.faults[0].problem


OWN_SEE = """
own_rules:
  - id: near
    family: cold-relief
    phrases: ["<garlic> you at"]
    examples:
      fires: [garlic you at]
      silent: [{text: hello, because: chat}]
"""


async def test_an_example_that_changes_its_owner_is_refused_with_both_named(desk: Desk) -> None:
    own = TONIC.replace("cold-relief", "garlic-safe")
    safe = "- id: harmless\n  family: cold-relief\n" + "\n".join(own.splitlines()[3:])
    text = safe.replace("<garlic> tonic", "<garlic> is harmless").replace(
        "garlic tonic for", "garlic is harmless for"
    )
    refusal = await refused(desk, NewRule(text))
    (fault,) = refusal.faults
    assert "“garlic is harmless”, an example of the rule `garlic-is-harmless` (garlic-safe)" in fault.problem
    assert "would be answered by the rule `harmless` (cold-relief)" in fault.problem
    assert (fault.path.name, fault.line) == ("rule.yaml", 3)


async def test_what_else_would_be_answered_is_remarked(desk: Desk) -> None:
    text = TONIC.replace("our-tonic", "dogs").replace("cold-relief", "garlic-safe")
    text = text.replace("<garlic> tonic", "<garlic> cured my").replace(
        "garlic tonic for", "garlic cured my car for"
    )
    proposal = await desk.moderation.propose("s1", NewRule(text), by="mia", why="x")
    assert isinstance(proposal, Proposal)
    assert any("garlic-cures-colds" in remark and "`dogs`" in remark for remark in proposal.remarks)


async def test_the_preview_tells_what_would_have_changed(desk: Desk) -> None:
    desk.past.texts = [
        "garlic tonic rules",
        "hi",
        "my garlic tonic",
        "garlic cured my cold",
        "tonic",
        "it rocks",
    ]
    proposal = await desk.moderation.propose("s1", NewRule(TONIC), by="mia", why="x")
    assert isinstance(proposal, Proposal)
    assert str(proposal.preview) == "+3 messages, −0, of the last 6 here"
    first, _, carried = proposal.preview.changed
    assert (first.effect, first.before, first.after) == (Effect.ADDED, (), ("cold-relief",))
    assert [first.message.text[start:end] for start, end in first.spans] == ["garlic tonic"]
    assert first.message.room == "r1"
    assert carried.message.text == "tonic"
    assert desk.past.asked == [("s1", 500)]
    desk.past.texts = ["garlic cured my cold"]
    off = await desk.moderation.propose("s1", SetFamilyStatus("cold-relief", Status.OFF), by="mia", why="x")
    assert isinstance(off, Proposal)
    assert str(off.preview) == "+0 messages, −1, of the last 1 here"


async def test_without_a_history_the_preview_says_so(desk: Desk) -> None:
    desk.moderation.look_back_with(None)
    proposal = await desk.moderation.propose("s1", NewRule(TONIC), by="mia", why="x")
    assert isinstance(proposal, Proposal)
    assert str(proposal.preview) == "no recent messages to try it on"


async def test_of_two_moderators_the_second_sees_the_firsts_change(desk: Desk) -> None:
    mine, theirs = [
        await desk.moderation.propose("s1", change, by=by, why="x", seen=0)
        for by, change in (("mia", NewRule(TONIC)), ("noa", SetFamilyStatus("cold-relief", Status.OFF)))
    ]
    assert isinstance(mine, Proposal)
    assert isinstance(theirs, Proposal)
    saved = await desk.moderation.confirm(mine)
    conflict = await desk.moderation.confirm(theirs)
    assert isinstance(conflict, Conflict)
    assert conflict.newer == saved
    assert "our-tonic" in conflict.newer.difference
    late = await desk.moderation.propose("s1", "families: {cold-relief: off}", by="noa", why="x", seen=0)
    assert isinstance(late, Conflict)
    assert late.draft is not None
    assert late.draft.text == "families: {cold-relief: off}"
    again = await desk.moderation.propose("s1", theirs.change, by="noa", why="x", seen=1)
    assert isinstance(again, Proposal)
    both = await desk.moderation.confirm(again)
    assert isinstance(both, KeptVersion)
    assert "our-tonic" in both.text
    assert "cold-relief: off" in both.text


async def test_both_at_the_same_moment(desk: Desk) -> None:
    proposals = [
        await desk.moderation.propose("s1", SetFamilyStatus("cold-relief", status), by="mia", why="x")
        for status in (Status.OFF, Status.SHADOW)
    ]
    outcomes = await asyncio.gather(
        *(desk.moderation.confirm(one) for one in proposals if isinstance(one, Proposal))
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Conflict", "KeptVersion"]


async def test_a_rule_is_edited_and_put_back(desk: Desk) -> None:
    shown = await desk.moderation.show("s1", RELIEF)
    assert shown is not None
    assert (shown.line.provenance, shown.base_text) == (Provenance.BASE, "")
    wider = shown.text.replace("<garlic> <tames> <common-cold>", "<garlic> <tames> <common-cold>|throat")
    version = await desk.confirmed(EditRule(RELIEF, wider))
    assert f"replaces: [{RELIEF}]" in version.text
    replaced = await desk.moderation.show("s1", RELIEF)
    assert replaced is not None
    assert (replaced.line.provenance, replaced.text, replaced.base_text) == (
        Provenance.REPLACED,
        wider,
        shown.text,
    )
    assert found(desk, "garlic cured my throat") == [(RELIEF, "live")]
    await desk.confirmed(ResetRule(RELIEF))
    assert await desk.moderation.show("s1", RELIEF) == shown
    assert await desk.moderation.export("s1") == ""


async def test_an_edit_that_only_adds_goes_on_following_the_base(desk: Desk) -> None:
    shown = await desk.moderation.show("s1", RELIEF)
    assert shown is not None
    text = shown.text.replace("cutoff: 84", "cutoff: 80\n  status: shadow")
    version = await desk.confirmed(EditRule(RELIEF, text))
    assert version.text == f"rules:\n  {RELIEF}: {{status: shadow, cutoff: 80}}\n"
    changed = await desk.moderation.show("s1", RELIEF)
    assert changed is not None
    assert changed.line.provenance is Provenance.CHANGED


async def test_every_plain_change(desk: Desk) -> None:
    await desk.confirmed(NewRule(TONIC))
    await desk.confirmed(SetRuleStatus("our-tonic", Status.SHADOW))
    assert found(desk, "garlic tonic!") == [("our-tonic", "shadow")]
    await desk.confirmed(SetCutoff("our-tonic", 95))
    await desk.confirmed(AddExample("our-tonic", FiringExample(text="my garlic tonic")))
    await desk.confirmed(AddExample("our-tonic", TodoExample(text="that brew", want="fires")))
    more = AddUnless(
        "our-tonic",
        Unless(phrase="<garlic> tonic water", because="a drink"),
        SilentExample(text="garlic tonic water", because="a drink"),
    )
    await desk.confirmed(more)
    await desk.confirmed(AddExample(RELIEF, SilentExample(text="garlic and a cold beer", because="a drink")))
    await desk.confirmed(SetRuleStatus(RELIEF, Status.OFF))
    await desk.confirmed(SetFamilyStatus("garlic-safe", Status.LIVE))
    lines = {line.id: line for line in await desk.moderation.list_rules("s1")}
    assert [(line.status.value, line.provenance.value) for line in lines.values()] == [
        ("off", "changed"),
        ("shadow", "own"),
        ("live", "changed"),
    ]
    assert lines["our-tonic"].cutoff == 95
    assert found(desk, "garlic tonic water") == []
    assert found(desk, "garlic cured my cold") == []
    await desk.confirmed(SetRuleStatus(RELIEF, Status.LIVE))
    assert found(desk, "garlic cured my cold") == [(RELIEF, "live")]
    text = await desk.moderation.export("s1")
    assert "status: off" not in text
    await desk.confirmed("")
    assert desk.rulebooks.of("s1") is desk.rulebooks.base
    await desk.confirmed(text)
    assert await desk.moderation.export("s1") == text


async def test_an_own_rule_cannot_speak_in_a_quiet_family(desk: Desk) -> None:
    await desk.confirmed(NewRule(TONIC))
    await desk.confirmed(SetFamilyStatus("cold-relief", Status.OFF))
    refusal = await refused(desk, SetRuleStatus("our-tonic", Status.LIVE))
    assert "the family `cold-relief` is `off` here" in str(refusal)


async def test_history_diff_and_rollback(desk: Desk) -> None:
    await desk.confirmed(NewRule(TONIC))
    await desk.confirmed(SetFamilyStatus("garlic-safe", Status.OFF), by="noa")
    third = await desk.confirmed(RollBack(1))
    assert third.number == 3
    history = await desk.moderation.history("s1")
    assert [(version.number, version.author) for version in history] == [(3, "mia"), (2, "noa"), (1, "mia")]
    assert history[0].text == history[2].text
    assert await desk.moderation.diff("s1", 1, 3) == ""
    difference = await desk.moderation.diff("s1", 1, 2)
    assert difference.startswith("--- version 1\n+++ version 2\n")
    assert "+  garlic-safe: off" in difference
    assert "-own_rules:" in await desk.moderation.diff("s1", 1, 0)
    with pytest.raises(RulebookError, match="no version 9"):
        await desk.moderation.diff("s1", 1, 9)
    await desk.confirmed(RollBack(0))
    assert desk.rulebooks.of("s1") is desk.rulebooks.base


async def test_a_version_that_no_longer_passes_cannot_come_back_and_stays(desk: Desk, base: Proven) -> None:
    await desk.confirmed(NewRule(TONIC))
    await desk.confirmed(ResetRule("our-tonic"))
    loaded = base.loaded
    less = replace(
        loaded.sources, families=replace(loaded.sources.families, entries=loaded.sources.families.entries[1:])
    )
    await desk.rulebooks.use_base(replace(base, loaded=replace(loaded, written=less)))
    refusal = await refused(desk, RollBack(1))
    assert "the family `cold-relief` is not in" in str(refusal)
    assert len(await desk.moderation.history("s1")) == 2


async def test_new_rules_may_be_in_shadow_first(desk: Desk, tmp_path: Path, base: Proven) -> None:
    proposal = await desk.moderation.propose("s1", NewRule(TONIC), by="mia", why="x")
    assert isinstance(proposal, Proposal)
    version = await desk.moderation.confirm(proposal, shadow_for=6 * HOUR)
    assert isinstance(version, KeptVersion)
    assert version.trials == {"our-tonic": NOW + 6 * HOUR}
    assert found(desk, "garlic tonic!") == [("our-tonic", "shadow")]
    shown = await desk.moderation.show("s1", "our-tonic")
    assert shown is not None
    assert (shown.line.status, shown.line.trial_until) == (Status.SHADOW, NOW + 6 * HOUR)
    desk.clock.now += 2 * HOUR
    await desk.rulebooks.look()
    other = await desk.confirmed(SetFamilyStatus("garlic-safe", Status.OFF))
    assert other.trials == version.trials
    assert found(desk, "garlic tonic!") == [("our-tonic", "shadow")]
    desk.clock.now += 5 * HOUR
    async with opened(tmp_path / "caveat.db", base, desk.clock) as restarted:
        assert found(restarted, "garlic tonic!") == [("our-tonic", "live")]
    await desk.rulebooks.look()
    assert found(desk, "garlic tonic!") == [("our-tonic", "live")]
    assert desk.kinds()[-1] == "TrialEnded"


async def test_a_trial_is_resumed_after_a_restart_and_ended_by_hand(
    desk: Desk, tmp_path: Path, base: Proven
) -> None:
    proposal = await desk.moderation.propose("s1", NewRule(TONIC), by="mia", why="x")
    assert isinstance(proposal, Proposal)
    await desk.moderation.confirm(proposal, shadow_for=6 * HOUR)
    async with opened(tmp_path / "caveat.db", base, desk.clock) as restarted:
        assert found(restarted, "garlic tonic!") == [("our-tonic", "shadow")]
        ended = await restarted.confirmed(SetRuleStatus("our-tonic", Status.LIVE))
        assert (ended.trials, ended.difference) == ({}, "")
        assert found(restarted, "garlic tonic!") == [("our-tonic", "live")]


async def test_a_trial_ends_with_its_rule(desk: Desk) -> None:
    proposal = await desk.moderation.propose("s1", NewRule(TONIC), by="mia", why="x")
    assert isinstance(proposal, Proposal)
    await desk.moderation.confirm(proposal, shadow_for=6 * HOUR)
    gone = await desk.confirmed(ResetRule("our-tonic"))
    assert gone.trials == {}
    desk.clock.now += 7 * HOUR
    await desk.rulebooks.look()
    assert "TrialEnded" not in desk.kinds()


@pytest.mark.parametrize("shadow_for", [timedelta(), timedelta(days=-1), timedelta(days=15)])
async def test_a_trial_has_its_bounds(desk: Desk, shadow_for: timedelta) -> None:
    proposal = await desk.moderation.propose("s1", NewRule(TONIC), by="mia", why="x")
    assert isinstance(proposal, Proposal)
    with pytest.raises(ValueError, match="14 days"):
        await desk.moderation.confirm(proposal, shadow_for=shadow_for)


async def test_a_proposal_is_examined_again_where_the_base_has_changed(desk: Desk, base: Proven) -> None:
    proposal = await desk.moderation.propose("s1", NewRule(TONIC), by="mia", why="x")
    assert isinstance(proposal, Proposal)
    loaded = base.loaded
    less = replace(
        loaded.sources, families=replace(loaded.sources.families, entries=loaded.sources.families.entries[1:])
    )
    await desk.rulebooks.use_base(replace(base, loaded=replace(loaded, written=less)))
    outcome = await desk.moderation.confirm(proposal)
    assert isinstance(outcome, Refusal)
    await desk.rulebooks.use_base(replace(base))
    assert isinstance(await desk.moderation.confirm(proposal), KeptVersion)


async def test_an_exported_rule_can_be_offered_to_the_base(desk: Desk, rules: Path) -> None:
    await desk.confirmed(NewRule(TONIC))
    shown = await desk.moderation.show("s1", "our-tonic")
    assert shown is not None
    with (rules / "claims" / "cold-relief.yaml").open("a", encoding="utf-8") as file:
        file.write(shown.text)
    proven = prove(rules)
    offered = next(rule for rule in proven.loaded.rulebook.rules if rule.id == "our-tonic")
    assert write_rule(offered) == shown.text


async def test_comments_are_not_kept_and_that_is_said(desk: Desk) -> None:
    text = "# for a while\nfamilies: {garlic-safe: off}\n"
    proposal = await desk.moderation.propose("s1", text, by="mia", why="x")
    assert isinstance(proposal, Proposal)
    assert any("Comments are not kept" in remark for remark in proposal.remarks)
