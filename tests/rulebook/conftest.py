"""A small, complete and valid folder of rules that each test may break."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.errors import Fault, RulebookError
from bot.rulebook.load import load_rulebook

SMALL_RULES = Path(__file__).parents[1] / "small_rules"


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """A copy of the small rules."""
    return Path(shutil.copytree(SMALL_RULES, tmp_path / "rules"))


@pytest.fixture
def faults_of(rules: Path) -> Callable[[], list[Fault]]:
    """Give all faults of the copy."""

    def load() -> list[Fault]:
        with pytest.raises(RulebookError) as caught:
            load_rulebook(rules)
        return list(caught.value.faults)

    return load
