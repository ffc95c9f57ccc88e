from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.matching.model import Finding, Findings, Stance
from bot.replies.model import Action, Form, Outcome, Reply, Silent
from bot.studio.shown import pieces_of
from bot.text.model import Reading


def finding(start: int, end: int, raw: str) -> Finding:
    return Finding("rule", "family", Stance.ASSERTS, 90, start, end, raw[start:end], "phrase")


def outcome(raw: str, found: list[Finding], answered: list[Finding], emergency: Finding | None) -> Outcome:
    decision = Reply(tuple(answered), Form.FULL, "claim") if answered else Silent("no claim")
    findings = Findings(found=tuple(found), emergency=emergency)
    return Outcome(Action.NOTHING, decision, None, None, Reading(raw=raw), findings)


def test_overlapping_marks_give_way_to_the_weightier_one() -> None:
    raw = "0123456789"
    seen, answered, urgent = finding(0, 6, raw), finding(4, 8, raw), finding(7, 10, raw)
    pieces = pieces_of(outcome(raw, [seen, answered], [answered], urgent))
    assert [(piece.text, piece.mark) for piece in pieces] == [
        ("0123", "seen"),
        ("456", "answered"),
        ("789", "emergency"),
    ]


def test_two_claims_side_by_side_stay_marked() -> None:
    raw = "abcdef"
    both = [finding(0, 2, raw), finding(4, 6, raw)]
    pieces = pieces_of(outcome(raw, both, both, None))
    assert [(piece.text, piece.mark) for piece in pieces] == [
        ("ab", "answered"),
        ("cd", ""),
        ("ef", "answered"),
    ]


@settings(max_examples=80)
@given(st.text(max_size=40), st.lists(st.tuples(st.integers(0, 45), st.integers(0, 45)), max_size=5))
def test_the_pieces_are_the_message(raw: str, spans: list[tuple[int, int]]) -> None:
    found = [finding(min(span), max(span), raw) for span in spans]
    pieces = pieces_of(outcome(raw, found, found[:1], found[-1] if len(found) > 2 else None))
    assert "".join(piece.text for piece in pieces) == raw
    assert all(piece.text for piece in pieces)
