"""The shipped rules on a slice of the messages they are tuned on: no change may make them much worse unseen.

The floors guard against a step back; the figures themselves come from `caveat-bot evaluate tests/corpus`.
"""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from bot.evaluation.corpus import Part, load_corpus, only
from bot.evaluation.evaluation import Evaluation, Plan, evaluate
from bot.evaluation.looking import look_at_all
from bot.evaluation.scoring import ORDINARY, Key
from bot.matching.compile import compile_rulebook
from bot.rulebook.load import load_rulebook
from bot.shipped import rules_folder
from tests.evaluation.samples import CORPUS

EVERY = 16
"""Of the messages to tune on, every sixteenth is in the slice; likeness was learned from the same ones."""

FLOORS: dict[Key, float] = {
    ("reply", "precision"): 0.98,
    ("reply", "recall"): 0.93,
    ("families", "micro", "f1"): 0.95,
    ("stance", "accuracy"): 0.98,
}

KEPT = {
    "a typo in each content word": 0.90,
    "random case": 0.99,
    "look-alike letters": 0.99,
    "punctuation": 0.97,
    "emoji between words": 0.91,
    "markdown": 0.99,
    "a harmless sentence before": 0.98,
    "a harmless sentence after": 0.98,
    "negated": 0.85,
    "made a question": 0.94,
    "quoted and rejected": 0.97,
    "only quoted": 0.95,
}

# Thousands of messages are looked at, and each a dozen times more in changed form.
pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def evaluation() -> Evaluation:
    rulebook = compile_rulebook(load_rulebook(rules_folder(None)))
    families = [family.id for family in rulebook.source.families]
    messages = only(load_corpus([CORPUS], families=families), Part.TUNE)[::EVERY]
    return evaluate(messages, rulebook, Plan(Part.TUNE, robustness=True, against_brute=True, resamples=0))


@pytest.mark.parametrize(("key", "floor"), FLOORS.items(), ids=str)
def test_a_figure_stays_above_its_floor(evaluation: Evaluation, key: Key, floor: float) -> None:
    value = evaluation.main.figures[key].value
    assert value is not None
    assert value >= floor


def test_ordinary_chat_gets_no_reply(evaluation: Evaluation) -> None:
    assert evaluation.main.counts["chat", "messages"] > 40
    assert evaluation.main.counts["chat", "alarms"] == 0


def test_ordinary_chat_behind_talk_of_the_subject_is_mostly_left_alone() -> None:
    rulebook = compile_rulebook(load_rulebook(rules_folder(None)))
    families = [family.id for family in rulebook.source.families]
    chat = [one for one in load_corpus([CORPUS], families=families) if one.kind in ORDINARY]
    behind = [
        replace(one, context=("anyone tried kratom for migraines?",)) for one in chat if not one.context
    ]
    answered = [one for one in look_at_all(behind, rulebook) if one.answered]
    assert len(behind) > 1500
    assert len(answered) / len(behind) < 0.02


def test_a_claim_is_answered_in_the_company_of_ordinary_chat() -> None:
    rulebook = compile_rulebook(load_rulebook(rules_folder(None)))
    families = [family.id for family in rulebook.source.families]
    messages = only(load_corpus([CORPUS], families=families), Part.TUNE)
    chat = [one.text for one in messages if one.kind in ORDINARY and not one.context]
    claims = [one for one in messages if one.due and not one.context][::EVERY]
    behind = [
        replace(one, context=(chat[2 * at % len(chat)], chat[(2 * at + 1) % len(chat)]))
        for at, one in enumerate(claims)
    ]
    alone, beside = ([one.families for one in look_at_all(part, rulebook)] for part in (claims, behind))
    same = sum(mine == theirs for mine, theirs in zip(alone, beside, strict=True))
    assert len(claims) > 500
    assert same / len(claims) > 0.985


@pytest.mark.parametrize(("change", "floor"), KEPT.items(), ids=KEPT)
def test_a_changed_message_comes_out_as_it_should(evaluation: Evaluation, change: str, floor: float) -> None:
    assert evaluation.robustness is not None
    (held,) = [one for one in evaluation.robustness if one.change.name == change]
    assert held.messages > 20
    assert held.held / held.messages >= floor


@pytest.mark.parametrize("key", [("reply", "f1"), ("families", "micro", "f1")], ids=str)
def test_the_rules_do_better_than_brute_force(evaluation: Evaluation, key: Key) -> None:
    assert evaluation.baseline_column is not None
    ours, theirs = (column.figures[key].value for column in (evaluation.main, evaluation.baseline_column))
    assert ours is not None
    assert theirs is not None
    assert ours > theirs
