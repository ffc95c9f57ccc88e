"""From a vote to a near miss to a mended rule, and what becomes of the rule's other replies."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.moderation.changes import EditRule, NewRule, ResetRule, RollBack, SetCutoff, SetRuleStatus
from bot.moderation.model import Conflict, Refusal
from bot.moderation.notices import RepairDone, RuleQuieted, sentence
from bot.moderation.repair import Handed, Missing, Posts
from bot.moderation.review import Advice, Approved, Settled
from bot.proof import Proven
from bot.replies.model import Composed, Incoming, SpeakingSettings
from bot.replies.settings_form import values_of
from bot.rulebook.model import Status
from bot.store.model import KeptFinding, KeptReply, KeptVersion
from bot.store.reviews import MISREAD, Fate, KeptReview, ReviewState
from tests.moderation.desk import HOUR, NOW, TONIC, Desk, opened

RULE = "garlic-cures-colds"
SALMON = "i love cold garlic cured salmon"
CLAIM = "garlic cured my cold"


def finding(matched: str | None = SALMON, rule: str = RULE, family: str = "cold-relief") -> KeptFinding:
    return KeptFinding(rule, family, "asserts", 100.0, "<garlic> <tames> <common-cold>", matched)


async def posted(desk: Desk, reply: str, *findings: KeptFinding, hours_ago: int = 1) -> KeptReply:
    """Keep a reply as if it had been sent."""
    kept = KeptReply(
        reply=reply,
        message=f"m-{reply}",
        server="s1",
        room="r1",
        author="ann",
        form="full",
        findings=findings or (finding(),),
        caveats=("stomach",),
        sources=(),
        digest="d" * 64,
        created=NOW - hours_ago * HOUR,
    )
    await desk.store.keep_reply(kept)
    return kept


async def objected(desk: Desk, reply: str = "p1", vote: str = MISREAD, member: str = "bob") -> KeptReview:
    await desk.store.vote(reply=reply, member=member, vote=vote, at=NOW)
    entry = await desk.reviews.next("s1")
    assert entry is not None
    return entry


@dataclass
class Wall(Posts):
    """What stands on a surface: messages by id, and what was done about replies."""

    messages: dict[str, str | Missing] = field(default_factory=dict)
    withdrawn: list[str] = field(default_factory=list)
    corrected: dict[str, Composed] = field(default_factory=dict)
    answers: dict[str, Handed] = field(default_factory=dict)

    async def in_turn(self, room: str, work: Callable[[], Awaitable[None]]) -> None:
        await work()

    async def message(self, *, server: str, room: str, message: str) -> Incoming | Missing:
        said = self.messages.get(message, Missing.UNREACHABLE)
        return said if isinstance(said, Missing) else Incoming(message, server, room, "ann", said, NOW)

    async def withdraw(self, *, room: str, reply: str) -> Handed:
        self.withdrawn.append(reply)
        return self.answers.get(reply, Handed.DONE)

    async def correct(self, *, room: str, reply: str, composed: Composed) -> Handed:
        self.corrected[reply] = composed
        return self.answers.get(reply, Handed.DONE)


async def test_the_draft_is_the_near_miss_with_what_silences_it(desk: Desk) -> None:
    desk.past.texts = ("we love cold cures with garlic", "soup")
    await posted(desk, "p1")
    draft = await desk.reviews.draft(await objected(desk))
    assert (draft.advice, draft.text, draft.is_whole) == (Advice.UNLESS, SALMON, False)
    assert draft.proposal is not None
    assert "cured salmon" in draft.amendment
    assert f'silent:\n        - {{text: "{SALMON}"' in draft.amendment
    assert str(draft.proposal.preview) == "+0 messages, −0, of the last 2 here"
    assert await desk.moderation.newest("s1") is None
    assert len(desk.past.asked) == 1


async def test_an_approved_draft_is_a_version_by_the_moderator(desk: Desk) -> None:
    await posted(desk, "p1")
    draft = await desk.reviews.draft(await objected(desk))
    outcome = await desk.reviews.approve(draft, by="mia")
    assert isinstance(outcome, Approved)
    assert outcome.version is not None
    assert (outcome.version.author, outcome.version.number) == ("mia", 1)
    assert SALMON not in outcome.version.why
    assert await desk.reviews.count("s1") == 0
    entry = await desk.reviews.entry("s1", draft.entry.entry)
    assert entry is not None
    assert (entry.state, entry.decider, entry.version) == (ReviewState.APPROVED, "mia", 1)
    assert await desk.reviews.entry("s2", draft.entry.entry) is None
    again = await desk.reviews.approve(draft, by="noa")
    assert isinstance(again, Settled)


@pytest.mark.parametrize(
    ("found", "whole", "advice"),
    [
        (finding(CLAIM), None, Advice.TODO),
        (finding("soup for all"), None, Advice.ALREADY),
        (finding(None), None, Advice.NO_WORDS),
        (finding(None), SALMON, Advice.UNLESS),
        (finding(), "x" * 500, Advice.NO_WORDS),
        (finding(CLAIM), "garlic cured my cold heart, poets say", Advice.UNLESS),
        (finding(rule="like-examples"), None, Advice.NO_RULE),
        (finding(rule="long-gone"), None, Advice.NO_RULE),
    ],
)
async def test_what_a_draft_advises(
    desk: Desk, found: KeptFinding, whole: str | None, advice: Advice
) -> None:
    await posted(desk, "p1", found)
    draft = await desk.reviews.draft(await objected(desk), whole=whole)
    assert draft.advice is advice
    assert (draft.proposal is None) == (advice in (Advice.NO_RULE, Advice.NO_WORDS))
    assert isinstance(await desk.reviews.approve(draft, by="mia"), Approved)
    assert await desk.reviews.count("s1") == 0


async def test_an_own_rule_is_amended_too(desk: Desk) -> None:
    await desk.confirmed(NewRule(TONIC))
    await posted(desk, "p1", finding("garlic sauna tonic", "our-tonic"))
    draft = await desk.reviews.draft(await objected(desk))
    outcome = await desk.reviews.approve(draft, by="mia")
    assert isinstance(outcome, Approved)
    assert outcome.version is not None
    assert "own_rules" in outcome.version.text
    assert "garlic sauna" in outcome.version.text


AMENDED = """
rules:
  garlic-cures-colds:
    unless: [{phrase: cured salmon, because: food}]
    examples: {silent: [{text: garlic cured salmon against the cold, because: food}]}
"""


@pytest.mark.parametrize(
    ("typed", "place", "problem"),
    [
        (AMENDED.replace("silent", "silnt"), "overlay.yaml:5:16", "`silnt` is not a key"),
        (AMENDED.replace("garlic-cures", "garlic-cure"), "overlay.yaml:1:1", "nothing is added to the rule"),
        (AMENDED + "families: {cold-relief: off}", "overlay.yaml:3:3", "only the rule"),
        (
            AMENDED.replace("unless", "status: off\n    unless"),
            "overlay.yaml:3:3",
            "the status is not changed",
        ),
        (AMENDED.replace("cured salmon", "cured"), "", "should fire"),
        ("", "overlay.yaml:1:1", "nothing is added to the rule"),
        ("rules: [", "overlay.yaml", ""),
    ],
)
async def test_what_is_typed_wrong_is_told_and_kept(desk: Desk, typed: str, place: str, problem: str) -> None:
    await posted(desk, "p1")
    draft = await desk.reviews.draft(await objected(desk))
    refused = await desk.reviews.amended(draft, typed, by="mia")
    assert isinstance(refused.outcome, Refusal)
    assert place in str(refused.outcome)
    assert problem in str(refused.outcome)
    assert refused.amendment == typed
    kept = await desk.moderation.drafts("s1", "mia")
    assert [one.text for one in kept] == ([typed] if typed else [])


async def test_what_a_moderator_types_goes_through_the_same_gate(desk: Desk) -> None:
    await posted(desk, "p1")
    draft = await desk.reviews.draft(await objected(desk))
    typed = await desk.reviews.amended(draft, AMENDED, by="mia")
    outcome = await desk.reviews.approve(typed, by="mia")
    assert isinstance(outcome, Approved)
    assert outcome.version is not None
    assert "because: food" in outcome.version.text


async def test_of_two_moderators_the_second_sees_the_first(desk: Desk) -> None:
    await posted(desk, "p1")
    draft = await desk.reviews.draft(await objected(desk))
    await desk.confirmed(SetCutoff(RULE, 90))
    outcome = await desk.reviews.approve(draft, by="mia")
    assert isinstance(outcome, Conflict)
    assert outcome.newer.number == 1
    assert await desk.reviews.count("s1") == 1


async def test_a_dismissed_entry_changes_nothing(desk: Desk) -> None:
    await posted(desk, "p1")
    entry = await objected(desk)
    assert await desk.reviews.dismiss(entry, by="mia") is None
    settled = await desk.reviews.dismiss(entry, by="noa")
    assert settled is not None
    assert settled.entry is not None
    assert settled.entry.decider == "mia"
    assert await desk.moderation.newest("s1") is None
    assert await desk.store.open_repairs() == ()


async def repaired(desk: Desk, wall: Wall) -> dict[Fate, int]:
    """Do all that is noted, and give what was told of it."""
    await desk.repairs.catch_up(wall)
    done = [notice for notice in desk.heard if isinstance(notice, RepairDone)]
    assert len(done) == 1
    assert await desk.store.open_repairs() == ()
    return dict(done[0].repair.fates)


async def test_an_approval_looks_at_the_rules_other_replies_again(desk: Desk) -> None:
    both = (finding(), finding("garlic is harmless", "mood-rule", "garlic-safe"))
    await posted(desk, "p1", hours_ago=90)
    await posted(desk, "same", finding(SALMON))
    await posted(desk, "right", finding(CLAIM))
    await posted(desk, "both", *both)
    await posted(desk, "old", hours_ago=25)
    await posted(desk, "lost")
    await posted(desk, "deleted")
    await posted(desk, "taken")
    entry = await objected(desk)
    outcome = await desk.reviews.approve(await desk.reviews.draft(entry), by="mia")
    assert isinstance(outcome, Approved)
    assert outcome.repair is not None
    assert len(outcome.repair.left) == 7
    said: dict[str, str | Missing] = {f"m-{name}": SALMON for name in ("p1", "same", "both", "taken")}
    wall = Wall(said | {"m-right": CLAIM, "m-deleted": Missing.GONE})
    wall.answers["taken"] = Handed.GONE
    assert await repaired(desk, wall) == {
        Fate.WITHDRAWN: 3,
        Fate.CORRECTED: 1,
        Fate.KEPT: 1,
        Fate.FAILED: 1,
        Fate.GONE: 1,
    }
    assert sorted(wall.withdrawn) == ["deleted", "p1", "same", "taken"]
    assert list(wall.corrected) == ["both"]
    assert wall.corrected["both"].families == ("garlic-safe",)
    kept = await desk.store.reply(reply="both")
    assert kept is not None
    assert (kept.findings, kept.withdrawn) == (both[1:], None)
    assert await desk.store.reply_to(server="s1", message="m-same") is None
    told = sentence(next(notice for notice in desk.heard if isinstance(notice, RepairDone)))
    assert "3 withdrawn, 1 corrected, 1 left as they are, 1 already gone, 1 could not" in told


async def test_not_helpful_alone_withdraws_nothing(desk: Desk) -> None:
    await posted(desk, "p1")
    entry = await objected(desk, vote="not-helpful")
    outcome = await desk.reviews.approve(await desk.reviews.draft(entry), by="mia")
    assert isinstance(outcome, Approved)
    assert outcome.repair is None


async def test_what_another_program_rolled_back_is_looked_at_with_the_rules_as_they_are_by_then(
    desk: Desk, base: Proven, tmp_path: Path
) -> None:
    await desk.confirmed(NewRule(TONIC))
    await posted(desk, "p1", finding("garlic tonic", "our-tonic"))
    async with opened(tmp_path / "caveat.db", base, desk.clock) as other:
        await other.confirmed(RollBack(0))
    # This program has not looked for versions since.
    assert "our-tonic" in {line.id for line in await desk.moderation.list_rules("s1")}
    assert await repaired(desk, Wall({"m-p1": "garlic tonic for the win"})) == {Fate.WITHDRAWN: 1}


async def test_a_surface_leaves_the_replies_of_other_surfaces_to_them(desk: Desk) -> None:
    await posted(desk, "p1")
    await desk.repairs.begin("s1", [RULE], by="mia", certain=["p1"])

    class Elsewhere(Wall):
        def serves(self, server: str) -> bool:
            return server == "s2"

    elsewhere = Elsewhere({"m-p1": SALMON})
    await desk.repairs.catch_up(elsewhere)
    assert elsewhere.withdrawn == []
    (left,) = await desk.store.open_repairs()
    assert (left.left, left.fates) == (("p1",), {})
    assert await repaired(desk, Wall(elsewhere.messages)) == {Fate.WITHDRAWN: 1}


async def test_a_repair_goes_on_where_it_ended(desk: Desk) -> None:
    for name in ("p1", "p2", "p3"):
        await posted(desk, name)
    await desk.repairs.begin("s1", [RULE], by="mia", certain=["p1", "p2", "p3"])
    (begun,) = await desk.store.open_repairs()

    class Broken(Wall):
        async def withdraw(self, *, room: str, reply: str) -> Handed:
            if len(self.withdrawn) == 1:
                raise ConnectionError("the program ends here")
            return await super().withdraw(room=room, reply=reply)

    wall = Broken({f"m-{name}": SALMON for name in ("p1", "p2", "p3")})
    with pytest.raises(ConnectionError):
        await desk.repairs.catch_up(wall)
    (left,) = await desk.store.open_repairs()
    assert set(left.left) == set(begun.left) - set(wall.withdrawn)
    after = Wall(wall.messages)
    assert await repaired(desk, after) == {Fate.WITHDRAWN: 3}
    assert set(after.withdrawn) == set(left.left)


@pytest.mark.parametrize(
    ("hours", "left"),
    [(24, {"new"}), (0, set()), (48, {"new", "old"})],
)
async def test_the_window_is_a_setting(desk: Desk, hours: int, left: set[str]) -> None:
    await posted(desk, "new", hours_ago=1)
    await posted(desk, "old", hours_ago=40)
    values = values_of(SpeakingSettings(repair_hours=hours))
    await desk.store.save_settings(server="s1", values=values, at=NOW)
    repair = await desk.repairs.begin("s1", [RULE], by=None)
    assert set(repair.left if repair else ()) == left


async def test_a_rollback_looks_at_the_replies_of_what_it_takes_away(desk: Desk) -> None:
    await desk.confirmed(NewRule(TONIC))
    await posted(desk, "tonic", finding("garlic tonic", "our-tonic"))
    await posted(desk, "unreachable", finding("garlic tonic", "our-tonic"))
    await posted(desk, "other", finding(CLAIM))
    await desk.confirmed(RollBack(0))
    (repair,) = await desk.store.open_repairs()
    assert (repair.rules, repair.member) == (("our-tonic",), "mia")
    # What the rule is gone for needs no message to be known.
    assert await repaired(desk, Wall({"m-tonic": "garlic tonic!"})) == {Fate.WITHDRAWN: 2}


async def test_taking_a_change_back_looks_again_and_other_changes_do_not(desk: Desk) -> None:
    line = await desk.moderation.show("s1", RULE)
    assert line is not None
    await desk.confirmed(EditRule(RULE, line.text.replace("within: 14", "within: 60")))
    await posted(desk, "p1")
    await desk.confirmed(SetRuleStatus(RULE, Status.OFF))
    assert await desk.store.open_repairs() == ()
    await desk.confirmed(ResetRule(RULE))
    (repair,) = await desk.store.open_repairs()
    assert repair.rules == (RULE,)


async def told_wrong(
    desk: Desk, replies: int, wrong: int, *, members: Sequence[str] = ("bob", "eve")
) -> None:
    for number in range(replies):
        await posted(desk, f"q{number}")
    for number in range(wrong):
        member = members[number % len(members)]
        await desk.store.vote(reply=f"q{number}", member=member, vote=MISREAD, at=NOW)


async def test_a_rule_with_many_false_alarms_drops_to_shadow_by_itself(desk: Desk) -> None:
    await told_wrong(desk, 10, 5)
    (version,) = await desk.watch.look("q0")
    assert (version.author, version.number) == ("the bot", 1)
    assert "5 of its 10 replies" in version.why
    (line,) = [line for line in await desk.moderation.list_rules("s1") if line.id == RULE]
    assert line.status is Status.SHADOW
    told = [notice for notice in desk.heard if isinstance(notice, RuleQuieted)]
    assert [notice.rule for notice in told] == [RULE]
    assert "go back to the one before it" in sentence(told[0])
    assert await desk.watch.look("q0") == ()


async def test_a_moderator_who_lets_it_speak_again_is_not_overruled(desk: Desk) -> None:
    await told_wrong(desk, 10, 5)
    await desk.watch.look("q0")
    desk.clock.now = NOW + HOUR
    await desk.confirmed(RollBack(0))
    assert await desk.watch.look("q0") == ()
    desk.clock.now = NOW + 2 * HOUR
    for number in range(10):
        kept = await posted(desk, f"new{number}")
        await desk.store.withdraw(reply=kept.reply, at=NOW)
        await desk.store._connection.execute(
            "UPDATE replies SET created = ? WHERE reply = ?",
            ((NOW + 2 * HOUR).isoformat(timespec="microseconds"), kept.reply),
        )
        await desk.store._connection.commit()
        await desk.store.vote(reply=kept.reply, member=f"b{number}", vote=MISREAD, at=NOW)
    assert len(await desk.watch.look("new0")) == 1


@pytest.mark.parametrize(
    ("settings", "replies", "wrong", "members"),
    [
        (SpeakingSettings(), 10, 4, ("bob", "eve")),
        (SpeakingSettings(), 9, 9, ("bob", "eve")),
        (SpeakingSettings(), 10, 9, ("bob",)),
        (SpeakingSettings(alarm_shadow=False), 10, 9, ("bob", "eve")),
    ],
)
async def test_when_a_rule_goes_on_speaking(
    desk: Desk, settings: SpeakingSettings, replies: int, wrong: int, members: Sequence[str]
) -> None:
    await desk.store.save_settings(server="s1", values=values_of(settings), at=NOW)
    await told_wrong(desk, replies, wrong, members=members)
    assert await desk.watch.look("q0") == ()
    assert await desk.watch.look("unknown") == ()


async def test_votes_are_watched_beside_everything_else(desk: Desk) -> None:
    await told_wrong(desk, 10, 6)
    async with desk.watch:
        desk.watch.voted("q0")
        # pytest's own time limit ends a wait in vain.
        while "RuleQuieted" not in desk.kinds():
            await desk.store.votes_on(reply="q0")
    assert isinstance(await desk.moderation.newest("s1"), KeptVersion)
