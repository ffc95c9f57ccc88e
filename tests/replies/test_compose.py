from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.matching.model import Stance
from bot.replies.compose import CLOSINGS, ELSEWHERE, HELP, compose
from bot.replies.model import Composed, Form, Reply
from bot.replies.text_form import LONGEST, render_text
from tests.replies.samples import finding, rule, small_rulebook

RULEBOOK = small_rulebook()
AMOUNT = re.compile(r"\d\s*(g|mg|grams?|tbsp|tsp|capsules?)\b", re.IGNORECASE)


def composed(*families: str, form: Form = Form.FULL, variant: int = 0) -> Composed:
    stance = Stance.ASKS if form is Form.SHORT else Stance.ASSERTS
    reply = Reply(tuple(finding(family, stance=stance) for family in families), form, "claim")
    return compose(reply, RULEBOOK, variant=variant)


@pytest.mark.parametrize(
    ("families", "caveats"),
    [
        (("quality-uniform",), ["quality"]),
        (("headache-relief",), ["individual-response", "more-research", "consult"]),
        (("natural-safe", "headache-relief"), ["side-effects", "individual-response", "dependence"]),
        (("headache-relief", "natural-safe"), ["individual-response", "side-effects", "more-research"]),
        (("quality-uniform", "natural-safe"), ["quality", "side-effects", "dependence"]),
        (("natural-safe", "natural-safe"), ["side-effects", "dependence"]),
    ],
)
def test_families_take_turns_up_to_three_caveats(families: tuple[str, ...], caveats: list[str]) -> None:
    reply = composed(*families)
    assert [line.caveat for line in reply.caveats] == caveats
    assert reply.families == tuple(dict.fromkeys(families))


def test_a_rule_can_have_caveats_and_evidence_of_its_own() -> None:
    own = rule("own", "headache-relief", "<kratom>", caveats=("quality", "dependence"), evidence=("e-two",))
    rulebook = small_rulebook(rules=[own])
    reply = Reply((finding("headache-relief", rule="own"),), Form.FULL, "claim")
    content = compose(reply, rulebook, variant=0)
    assert [line.caveat for line in content.caveats] == ["quality", "dependence"]
    assert content.evidence is not None
    assert content.evidence.caveat == "e-two"
    assert content.evidence.citations[0].label == "Another study, Another publisher"


@pytest.mark.parametrize(
    ("family", "caveat", "labels"),
    [
        ("natural-safe", "side-effects", ["Second document, Care"]),
        ("natural-safe", "dependence", ["First document, Beginning", "Second document, Start"]),
        ("headache-relief", "individual-response", ["First document, Middle", "Second document, Start"]),
        ("quality-uniform", "quality", ["First document, End"]),
    ],
)
def test_each_caveat_cites_document_and_section(family: str, caveat: str, labels: list[str]) -> None:
    line = next(line for line in composed(family).caveats if line.caveat == caveat)
    assert [citation.label for citation in line.citations] == labels


def test_a_line_before_the_first_section_is_cited_by_the_title_alone() -> None:
    rulebook = replace(
        RULEBOOK,
        caveats=tuple(replace(known, statements=known.statements[-1:]) for known in RULEBOOK.caveats),
    )
    reply = Reply((finding("natural-safe"),), Form.FULL, "claim")
    assert compose(reply, rulebook, variant=0).caveats[1].citations[0].label == "Third document"


def test_the_line_from_elsewhere_is_marked_and_linked() -> None:
    evidence = composed("natural-safe", "headache-relief").evidence
    assert evidence is not None
    assert evidence.says == f"{ELSEWHERE} One study looked at something else."
    assert evidence.citations[0].label == "A study, A publisher, 2020"
    assert evidence.citations[0].link == "https://example.org/study"
    assert composed("natural-safe").evidence is None


def test_the_short_form_has_two_short_caveats_from_different_documents() -> None:
    reply = composed("natural-safe", "headache-relief", form=Form.SHORT)
    assert reply.opening.startswith("Asked about natural-safe")
    assert [line.says for line in reply.caveats] == [
        "The caveat side-effects in short.",
        "The caveat individual-response in short.",
    ]
    assert [[citation.label for citation in line.citations] for line in reply.caveats] == [
        ["Second document, Care"],
        ["First document, Middle"],
    ]
    assert reply.evidence is None


def test_equal_variants_give_equal_words_and_neighbours_differ() -> None:
    replies = [composed("headache-relief", variant=variant) for variant in range(40)]
    assert replies == [composed("headache-relief", variant=variant) for variant in range(40)]
    assert all(one != other for one, other in pairwise(replies))


def test_every_combination_of_wordings_is_reached() -> None:
    # Three openings, three caveats of two wordings each, and the closings.
    combinations = 3 * 2**3 * len(CLOSINGS)
    assert (
        len({composed("headache-relief", variant=variant) for variant in range(combinations)}) == combinations
    )


@pytest.mark.parametrize(
    ("own_lines", "has_emergency", "said"),
    [
        ((), True, ["Call now.", "Stay there."]),
        (("Ring the night desk.",), True, ["Ring the night desk."]),
        (("One.", "Two.", "Three.", "Four."), True, ["One.", "Two.", "Three. Four."]),
        ((), False, [HELP]),
    ],
)
def test_an_emergency_gets_its_lines_and_nothing_else(
    own_lines: tuple[str, ...], has_emergency: bool, said: list[str]
) -> None:
    reply = Reply((finding("emergency"),), Form.EMERGENCY, "emergency")
    content = compose(reply, small_rulebook(emergency=has_emergency), variant=5, emergency_lines=own_lines)
    assert [line.says for line in content.caveats] == said
    assert (content.opening, content.evidence, content.closing) == ("", None, "")
    assert render_text(content) == "\n".join(said)


FAMILIES = st.lists(
    st.sampled_from(["headache-relief", "natural-safe", "quality-uniform"]), min_size=1, max_size=5
)


@settings(max_examples=120, deadline=None)
@given(
    families=FAMILIES,
    form=st.sampled_from([Form.FULL, Form.SHORT]),
    variant=st.integers(0, 2**32 - 1),
    matched=st.text(min_size=1),
)
def test_whatever_is_answered_the_reply_is_short_sourced_and_holds_no_word_of_the_member(
    families: list[str], form: Form, variant: int, matched: str
) -> None:
    matched = f"⟦{matched}⟧"
    reply = Reply(tuple(finding(family, matched=matched) for family in families), form, "claim")
    content = compose(reply, RULEBOOK, variant=variant)
    text = render_text(content)
    names = [line.caveat for line in content.caveats]
    assert 1 <= len(names) == len(set(names)) <= (3 if form is Form.FULL else 2)
    assert all(1 <= len(line.citations) <= 2 for line in content.caveats)
    assert matched not in text
    assert not AMOUNT.search(text)
    assert len(text) <= LONGEST


@settings(max_examples=80, deadline=None)
@given(st.lists(st.text(min_size=1, max_size=900), min_size=1, max_size=5))
def test_no_line_of_a_server_can_mention_anybody_or_grow_too_long(lines: list[str]) -> None:
    reply = Reply((finding("emergency"),), Form.EMERGENCY, "emergency")
    content = compose(reply, RULEBOOK, variant=0, emergency_lines=[*lines, "@everyone <@&123>"])
    assert len(content.caveats) <= 3
    assert "@" not in render_text(content)
    assert len(render_text(content)) <= LONGEST
