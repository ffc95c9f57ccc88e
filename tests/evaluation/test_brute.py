"""The comparison with whole phrases, on the rules about garlic."""

from __future__ import annotations

import pytest
from rapidfuzz import fuzz

from bot.evaluation.brute import SCORERS, compare, phrases_of, strongest
from bot.evaluation.corpus import Labelled
from bot.evaluation.scoring import figures, tally, total
from bot.matching.compile import CompiledRulebook
from tests.evaluation.samples import label


@pytest.fixture
def messages() -> list[Labelled]:
    return [
        label("Garlic cured my cold overnight", "cold-relief"),
        label("garlic cured my cold overnght, wow", "cold-relief"),
        label("garlic never cured my cold", stance="denies", kind="denied"),
        label("see you at eight then", stance="none", kind="chat"),
    ]


def test_the_phrases_are_the_live_rules_firing_examples(garlic: CompiledRulebook) -> None:
    phrases = phrases_of(garlic.source)
    assert [(phrase.text, phrase.family) for phrase in phrases] == [
        ("garlic cured my cold overnight", "cold-relief"),
        ("does garlic cure a cold?", "cold-relief"),
        ("it knocked my cold right out", "cold-relief"),
    ]


@pytest.mark.parametrize("scorer", SCORERS)
def test_the_cutoff_is_the_best_on_these_messages(
    garlic: CompiledRulebook, messages: list[Labelled], scorer: str
) -> None:
    baseline = compare(messages, phrases_of(garlic.source), scorer=scorer)
    assert baseline.best is not None
    assert baseline.best.f1 == max(point.f1 for point in baseline.curve)
    assert all(point.cutoff >= 60 for point in baseline.curve)
    counted = figures(total(tally(one) for one in baseline.judged))
    assert counted["reply", "precision"] == pytest.approx(baseline.best.precision)
    assert counted["reply", "recall"] == pytest.approx(baseline.best.recall)
    assert counted["stance", "accuracy"] is None


def test_the_score_is_the_nearest_phrases(garlic: CompiledRulebook, messages: list[Labelled]) -> None:
    phrases = phrases_of(garlic.source)
    baseline = compare(messages[:2], phrases, scorer="partial_ratio")
    nearest = [
        max(fuzz.partial_ratio(message.text.lower(), phrase.text) for phrase in phrases)
        for message in messages
    ]
    assert [point.cutoff for point in baseline.curve] == [
        pytest.approx(score) for score in sorted(nearest[:2], reverse=True)
    ]


def test_the_stronger_scorer_is_taken_and_progress_told(
    garlic: CompiledRulebook, messages: list[Labelled]
) -> None:
    told: list[tuple[int, int]] = []
    baseline = strongest(messages, garlic.source, progress=lambda done, of: told.append((done, of)))
    made = [compare(messages, phrases_of(garlic.source), scorer=scorer) for scorer in SCORERS]
    assert baseline in made
    assert baseline.best is not None
    assert baseline.best.f1 == max(one.best.f1 for one in made if one.best)
    assert told == [(done, 8) for done in range(1, 9)]


def test_where_nothing_is_near_nothing_is_given(garlic: CompiledRulebook) -> None:
    baseline = compare([label("zzz")], phrases_of(garlic.source), scorer="token_set_ratio")
    assert (baseline.best, baseline.curve) == (None, ())
    assert not baseline.judged[0].given
