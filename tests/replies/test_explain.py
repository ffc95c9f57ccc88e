from __future__ import annotations

import pytest
from msgspec.structs import replace

from bot.matching.likeness import LIKE_EXAMPLES
from bot.matching.model import Stance
from bot.matching.opinion import LIKENESS
from bot.replies.compose import compose
from bot.replies.explain import MOST_CLAIMS, explain
from bot.replies.kept import kept_reply
from bot.replies.model import Citation, Form, Reply
from bot.store.model import KeptReply
from tests.replies.samples import NOW, finding, incoming, small_rulebook

RULEBOOK = small_rulebook()


def kept(stance: Stance = Stance.ASSERTS, form: Form = Form.FULL, claims: int = 1) -> KeptReply:
    family = "emergency" if form is Form.EMERGENCY else "headache-relief"
    reply = Reply(tuple(finding(family, stance=stance, start=n) for n in range(claims)), form, "claim")
    composed = compose(reply, RULEBOOK, variant=0)
    return kept_reply(incoming(), reply, composed, reply="r", digest=RULEBOOK.digest, now=NOW)


def test_tells_words_family_rule_score_and_reason() -> None:
    assert explain(kept(), RULEBOOK).lines == (
        "“kratom cured my migraine” was read as: what is said of headache-relief, said as a claim.",
        "The rule “rule-of-headache-relief” looks for “<kratom> <cures> <headache>”; it fits with 95 of 100.",
        "a reason",
        "So a reply with its sources was sent.",
    )


def test_tells_the_sources_once_each() -> None:
    assert explain(kept(), RULEBOOK).sources == (
        Citation("First document, Middle"),
        Citation("Second document, Start"),
        Citation("First document, Beginning"),
        Citation("A study, A publisher, 2020", "https://example.org/study"),
    )


@pytest.mark.parametrize(
    ("reply", "line"),
    [
        (kept(Stance.ASKS, Form.SHORT), "As it was a question, the reply was a short one."),
        (kept(form=Form.EMERGENCY), "“kratom cured my migraine” can be signs of an emergency."),
        (replace(kept(), digest="older"), "The rules have been changed since then."),
        (replace(kept(), withdrawn=NOW), "The reply was withdrawn on 2026-11-22."),
        (kept(claims=MOST_CLAIMS + 2), "2 more of the same message counted too."),
    ],
)
def test_tells_what_is_special(reply: KeptReply, line: str) -> None:
    assert line in explain(reply, RULEBOOK).lines


def test_tells_that_words_are_no_longer_kept() -> None:
    reply = kept()
    expired = replace(reply, findings=(replace(reply.findings[0], matched=None, because=()),))
    lines = explain(expired, RULEBOOK).lines
    assert lines[0] == (
        "Words that are no longer kept were read as: what is said of headache-relief, said as a claim."
    )
    assert "kratom cured" not in " ".join(lines)


def test_a_family_that_is_gone_is_told_by_its_id() -> None:
    other = replace(RULEBOOK, families=())
    assert "was read as: headache-relief, said" in explain(kept(), other).lines[0]


def test_tells_that_no_rule_found_it_but_examples_read_alike() -> None:
    reply = kept()
    alike = replace(reply.findings[0], rule=LIKE_EXAMPLES, phrase=LIKENESS)
    lines = explain(replace(reply, findings=(alike,)), RULEBOOK).lines
    assert lines[1] == "No rule found it, but it reads like known examples: likely to 95 of 100."
