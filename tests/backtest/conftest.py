"""The small rulebook on garlic and colds, and one that differs from it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.backtest.model import Books, Plan
from bot.replies.model import SpeakingSettings
from bot.rulebook.load import load_rulebook
from bot.rulebook.model import Rulebook
from tests.backtest.samples import SMALL_RULES


@pytest.fixture(scope="session")
def garlic() -> Rulebook:
    return load_rulebook(SMALL_RULES)


@pytest.fixture(scope="session")
def other_rules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same rules, but one is live and one has another name and knows no prevention."""
    folder = tmp_path_factory.mktemp("other") / "rules"
    shutil.copytree(SMALL_RULES, folder)
    safe = folder / "claims" / "garlic-safe.yaml"
    safe.write_text(safe.read_text().replace("  status: shadow\n", ""))
    cold = folder / "claims" / "cold-relief.yaml"
    text = cold.read_text().replace("<tames> <common-cold>", "<cures> <common-cold>")
    cold.write_text(text.replace("id: garlic-cures-colds", "id: garlic-heals"))
    return folder


@pytest.fixture(scope="session")
def other(other_rules: Path) -> Rulebook:
    return load_rulebook(other_rules)


@pytest.fixture(scope="session")
def plan(garlic: Rulebook) -> Plan:
    return Plan(Books(garlic), SpeakingSettings(), samples=2)


@pytest.fixture(scope="session")
def comparing(garlic: Rulebook, other: Rulebook) -> Plan:
    return Plan(Books(other, garlic), SpeakingSettings(), samples=2)
