"""Other statuses and cut-offs without compiling the words again."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from bot.matching.compile import CompiledRulebook, compile_rulebook, restated
from bot.matching.engine import find
from bot.rulebook.load import load_rulebook
from bot.rulebook.model import Concept, Rulebook, Status
from bot.text.reader import read

SMALL_RULES = Path(__file__).parents[1] / "small_rules"


@pytest.fixture(scope="module")
def compiled() -> CompiledRulebook:
    return compile_rulebook(load_rulebook(SMALL_RULES))


def changed(rulebook: Rulebook, rule: str, **update: object) -> Rulebook:
    rules = tuple(replace(known, **update) if known.id == rule else known for known in rulebook.rules)
    return replace(rulebook, rules=rules)


@pytest.mark.parametrize(
    ("update", "text"),
    [
        ({"status": Status.OFF}, "garlic cured my cold"),
        ({"status": Status.SHADOW}, "garlic cured my cold"),
        ({"cutoff": 100}, "garlc cured my cold"),
        ({"note": "more"}, "garlic cured my cold, garlic is harmless"),
    ],
)
def test_it_finds_what_a_rulebook_compiled_anew_finds(
    compiled: CompiledRulebook, update: dict[str, object], text: str
) -> None:
    wanted = changed(compiled.source, "garlic-cures-colds", **update)
    again, anew = restated(compiled, wanted), compile_rulebook(wanted)
    assert again is not None
    assert find(read(text), again).found == find(read(text), anew).found
    assert again.lexicon is compiled.lexicon
    assert again.source is wanted
    assert again.by_concept == anew.by_concept


@pytest.mark.parametrize(
    "update", [{"phrases": ("<garlic> rocks",)}, {"within": 5}, {"only": "asks"}, {"id": "another"}]
)
def test_other_words_are_compiled_anew(compiled: CompiledRulebook, update: dict[str, object]) -> None:
    assert restated(compiled, changed(compiled.source, "garlic-cures-colds", **update)) is None


def test_other_concepts_are_compiled_anew(compiled: CompiledRulebook) -> None:
    concepts = {**compiled.source.concepts, "more": Concept(words=("more",))}
    assert restated(compiled, replace(compiled.source, concepts=concepts)) is None


def test_a_rule_that_was_off_is_compiled_anew(compiled: CompiledRulebook) -> None:
    off = restated(compiled, changed(compiled.source, "garlic-cures-colds", status=Status.OFF))
    assert off is not None
    assert restated(off, compiled.source) is None
