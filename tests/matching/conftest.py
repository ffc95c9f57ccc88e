"""A small rulebook about garlic and colds, and a way to look at a message with it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.matching.compile import CompiledRulebook, compile_rulebook
from bot.matching.engine import find
from bot.matching.model import Findings
from bot.rulebook.load import load_rulebook
from bot.text.reader import read

SMALL_RULES = Path(__file__).parents[1] / "small_rules"

Look = Callable[..., Findings]


@pytest.fixture(scope="session")
def garlic() -> CompiledRulebook:
    return compile_rulebook(load_rulebook(SMALL_RULES))


@pytest.fixture(scope="session")
def look(garlic: CompiledRulebook) -> Look:
    def looked(text: str, *context: str) -> Findings:
        return find(read(text), garlic, [read(said) for said in context], explained=True)

    return looked
