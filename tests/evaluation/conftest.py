"""A small rulebook on another subject, made ready."""

from __future__ import annotations

import pytest

from bot.matching.compile import CompiledRulebook, compile_rulebook
from bot.rulebook.load import load_rulebook
from tests.evaluation.samples import SMALL_RULES


@pytest.fixture(scope="session")
def garlic() -> CompiledRulebook:
    """The rules on garlic and colds."""
    return compile_rulebook(load_rulebook(SMALL_RULES))
