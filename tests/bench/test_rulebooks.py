"""Rulebooks of any size: valid, of just that size, with as many sentences for those who know no concepts."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.rulebooks import MadeRulebook, make_rulebook
from bot.matching.compile import compile_rulebook
from bot.matching.engine import find
from bot.shipped import rules_folder
from bot.text.reader import read

SIZES = (20, 130, 900)


@pytest.fixture(scope="module", params=SIZES)
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> MadeRulebook:
    folder = tmp_path_factory.mktemp("rulebook") / "rules"
    return make_rulebook(rules_folder(None), folder, phrases=request.param, seed=2)


def test_it_has_as_many_phrases_as_were_asked_for(made: MadeRulebook) -> None:
    assert sum(len(rule.phrases) for rule in made.rulebook.rules) == made.phrases


def test_it_has_as_many_different_sentences_as_phrases(made: MadeRulebook) -> None:
    assert len(set(made.literals)) == made.phrases
    assert [text for text in made.literals if not text.strip() or set("<>|&") & set(text)] == []


def test_it_has_every_kind_of_concept(made: MadeRulebook) -> None:
    concepts = made.rulebook.concepts.values()
    assert all(
        any(getattr(one, field) for one in concepts) for field in ("words", "verbs", "exactly", "phrases")
    )
    assert {one.role.value for one in concepts} == {"topic", "theme", "rival", "plain"}


def test_it_finds_claims(made: MadeRulebook) -> None:
    compiled = compile_rulebook(made.rulebook)
    assert find(read("kratom every day for nine years and i'm healthy as a horse"), compiled).found


def test_the_same_seed_makes_the_same_rulebook(tmp_path: Path) -> None:
    first, again, other = (
        make_rulebook(rules_folder(None), tmp_path / name, phrases=700, seed=seed)
        for name, seed in (("first", 7), ("again", 7), ("other", 8))
    )
    assert first.rulebook.digest == again.rulebook.digest != other.rulebook.digest
    assert first.literals == again.literals != other.literals
