from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.matching.model import Finding, Findings, Stance
from bot.replies.decide import decide
from bot.replies.model import Decision, Form, Hold, Incoming, Reply, Silent, SpeakingSettings, Spoken
from tests.replies.samples import NOW, finding, incoming

EMERGENCY = finding("emergency", rule="emergency", matched="cant breathe")
AN_HOUR_AGO = NOW - timedelta(hours=1)


def decided(
    *found: Finding,
    message: Incoming | None = None,
    emergency: Finding | None = None,
    speaking: SpeakingSettings | None = None,
    spoken: Spoken | None = None,
    priority: tuple[str, ...] = (),
    unasked: frozenset[str] = frozenset(),
) -> Decision:
    return decide(
        Findings(found=found, emergency=emergency),
        message or incoming(),
        settings=speaking or SpeakingSettings(),
        spoken=spoken or Spoken(),
        now=NOW,
        priority=priority,
        unasked=unasked,
    )


@pytest.mark.parametrize(
    ("stances", "expected"),
    [
        ((), Silent("no claim")),
        ((Stance.DENIES,), Silent("denied")),
        ((Stance.WARNS,), Silent("warned")),
        ((Stance.QUOTES,), Silent("quoted")),
        ((Stance.DENIES, Stance.WARNS), Silent("denied")),
    ],
)
def test_is_silent_where_nobody_stands_behind_a_claim(stances: tuple[Stance, ...], expected: Silent) -> None:
    assert decided(*(finding(stance=stance) for stance in stances)) == expected


@pytest.mark.parametrize(
    ("stances", "form", "reason", "answered"),
    [
        ((Stance.ASSERTS,), Form.FULL, "claim", 1),
        ((Stance.REPORTS,), Form.FULL, "claim", 1),
        ((Stance.ASKS,), Form.SHORT, "question", 1),
        ((Stance.ASKS, Stance.ASSERTS), Form.FULL, "claim", 2),
        ((Stance.ASKS, Stance.DENIES), Form.SHORT, "question", 1),
        ((Stance.ASSERTS, Stance.QUOTES), Form.FULL, "claim", 1),
    ],
)
def test_answers_claims_in_full_and_questions_shortly(
    stances: tuple[Stance, ...], form: Form, reason: str, answered: int
) -> None:
    decision = decided(*(finding(stance=stance) for stance in stances))
    assert isinstance(decision, Reply)
    assert (decision.form, decision.reason, len(decision.findings)) == (form, reason, answered)


@pytest.mark.parametrize(
    ("message", "speaking", "reason"),
    [
        (incoming(), SpeakingSettings(exempt_rooms=frozenset({"r1"})), "exempt room"),
        (incoming(parents=("c1", "k1")), SpeakingSettings(exempt_rooms=frozenset({"k1"})), "exempt room"),
        (incoming(roles=frozenset({"x"})), SpeakingSettings(exempt_roles=frozenset({"x"})), "exempt role"),
    ],
)
def test_holds_back_where_it_is_exempt(message: Incoming, speaking: SpeakingSettings, reason: str) -> None:
    assert decided(finding(), message=message, speaking=speaking) == Hold(reason)
    others = incoming(room="r2", parents=("c2",), roles=frozenset({"y"}))
    assert isinstance(decided(finding(), message=others, speaking=speaking), Reply)


def test_an_exemption_is_not_told_where_there_is_no_claim() -> None:
    assert decided(speaking=SpeakingSettings(exempt_rooms=frozenset({"r1"}))) == Silent("no claim")


def test_shadow_findings_are_held_and_never_said() -> None:
    assert decided(finding(status="shadow")) == Hold("shadow")
    decision = decided(finding(status="shadow"), finding("quality-uniform"))
    assert isinstance(decision, Reply)
    assert [answered.family for answered in decision.findings] == ["quality-uniform"]


@pytest.mark.parametrize(
    ("speaking", "unasked"),
    [
        (SpeakingSettings(answers_questions=False), frozenset[str]()),
        (SpeakingSettings(), frozenset({"quiet"})),
    ],
)
def test_questions_can_be_turned_off(speaking: SpeakingSettings, unasked: frozenset[str]) -> None:
    question = finding(rule="quiet", stance=Stance.ASKS)
    assert decided(question, speaking=speaking, unasked=unasked) == Hold("questions off")
    claim = finding("natural-safe", rule="quiet")
    decision = decided(question, claim, speaking=speaking, unasked=unasked)
    assert isinstance(decision, Reply)
    assert decision.findings == (claim,)


@pytest.mark.parametrize(
    ("seconds_ago", "in_room", "to_member", "speaks"),
    [
        (0, True, False, False),
        (1799, True, False, False),
        (1800, True, False, True),
        (1800, False, True, False),
        (86399, False, True, False),
        (86400, True, True, True),
    ],
)
def test_a_family_speaks_once_per_cool_down(
    seconds_ago: int, in_room: bool, to_member: bool, speaks: bool
) -> None:
    last = {"headache-relief": NOW - timedelta(seconds=seconds_ago)}
    spoken = Spoken(in_room=last if in_room else {}, to_member=last if to_member else {})
    decision = decided(finding(), spoken=spoken)
    assert isinstance(decision, Reply) if speaks else decision == Hold("cool-down")


def test_families_that_are_rested_are_answered_without_those_that_cool() -> None:
    spoken = Spoken(in_room={"headache-relief": NOW})
    decision = decided(finding(), finding("natural-safe"), spoken=spoken)
    assert isinstance(decision, Reply)
    assert [answered.family for answered in decision.findings] == ["natural-safe"]


def test_a_question_that_is_left_when_claims_cool_is_answered_shortly() -> None:
    spoken = Spoken(to_member={"headache-relief": NOW})
    decision = decided(finding(), finding("natural-safe", stance=Stance.ASKS), spoken=spoken)
    assert isinstance(decision, Reply)
    assert decision.form is Form.SHORT


def test_a_cool_down_of_nothing_never_holds() -> None:
    speaking = SpeakingSettings(room_cooldown=0, member_cooldown=0)
    last = {"headache-relief": NOW}
    assert isinstance(decided(finding(), speaking=speaking, spoken=Spoken(last, last)), Reply)
    while_it_waited = {"headache-relief": NOW + timedelta(seconds=1)}
    spoken = Spoken(while_it_waited, while_it_waited)
    assert isinstance(decided(finding(), speaking=speaking, spoken=spoken), Reply)


def test_findings_stand_in_order_of_importance() -> None:
    late = finding("quality-uniform", start=0)
    asked = finding("headache-relief", stance=Stance.ASKS, score=100, start=5)
    weak = finding("headache-relief", score=90, start=10)
    strong = finding("headache-relief", score=99, start=20)
    unlisted = finding("unlisted", start=1)
    decision = decided(late, asked, weak, strong, unlisted, priority=("headache-relief", "quality-uniform"))
    assert isinstance(decision, Reply)
    assert decision.findings == (strong, weak, asked, late, unlisted)


@pytest.mark.parametrize(
    ("message", "speaking", "spoken"),
    [
        (incoming(), SpeakingSettings(), Spoken()),
        (incoming(roles=frozenset({"x"})), SpeakingSettings(exempt_roles=frozenset({"x"})), Spoken()),
        (incoming(), SpeakingSettings(exempt_rooms=frozenset({"r1"})), Spoken()),
        (incoming(), SpeakingSettings(), Spoken({"emergency": NOW}, {"emergency": NOW})),
        (incoming(), SpeakingSettings(), Spoken(emergency=NOW - timedelta(minutes=10))),
    ],
)
def test_an_emergency_is_answered_first_and_alone(
    message: Incoming, speaking: SpeakingSettings, spoken: Spoken
) -> None:
    decision = decided(finding(), emergency=EMERGENCY, message=message, speaking=speaking, spoken=spoken)
    assert decision == Reply((EMERGENCY,), Form.EMERGENCY, "emergency")


def test_the_same_member_is_not_given_the_emergency_lines_twice_in_ten_minutes() -> None:
    spoken = Spoken(emergency=NOW - timedelta(minutes=9, seconds=59))
    assert decided(finding(), emergency=EMERGENCY, spoken=spoken) == Hold("emergency answered")


def test_bots_are_never_answered() -> None:
    assert decided(finding(), emergency=EMERGENCY, message=incoming(is_bot=True)) == Silent("bot")


FAMILIES = st.sampled_from(["headache-relief", "natural-safe", "quality-uniform"])
FINDINGS = st.builds(
    finding,
    FAMILIES,
    stance=st.sampled_from(Stance),
    score=st.floats(60, 100),
    start=st.integers(0, 4000),
    status=st.sampled_from(["live", "shadow"]),
)


@settings(max_examples=80, deadline=None)
@given(st.lists(FINDINGS, max_size=6), st.dictionaries(FAMILIES, st.just(AN_HOUR_AGO)), st.booleans())
def test_whatever_is_found_only_live_backed_rested_claims_are_answered(
    found: list[Finding], to_member: dict[str, object], answers: bool
) -> None:
    speaking = SpeakingSettings(answers_questions=answers)
    decision = decided(
        *found, speaking=speaking, spoken=Spoken(to_member=dict.fromkeys(to_member, AN_HOUR_AGO))
    )
    backed = {Stance.ASSERTS, Stance.REPORTS} | ({Stance.ASKS} if answers else set())
    expected = {
        each
        for each in found
        if each.status == "live" and each.stance in backed and each.family not in to_member
    }
    assert set(decision.findings if isinstance(decision, Reply) else ()) == expected
