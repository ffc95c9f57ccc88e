"""Files of rules pass the same gate as every other change."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import RulebookError
from bot.moderation.files import FileGate
from bot.rulebook.load import load_with_places
from tests.moderation.desk import CHAT, TONIC


@pytest.fixture
def gate(rules: Path) -> FileGate:
    gate = FileGate(CHAT)
    gate(load_with_places(rules))
    return gate


def add(rules: Path, text: str, family: str = "cold-relief") -> None:
    with (rules / "claims" / f"{family}.yaml").open("a", encoding="utf-8") as file:
        file.write(text)


def test_a_good_change_goes_live(gate: FileGate, rules: Path) -> None:
    add(rules, TONIC)
    assert "our-tonic" in [rule.id for rule in gate(load_with_places(rules)).rulebook.rules]


def test_a_rule_that_reaches_too_far_stays_out(gate: FileGate, rules: Path) -> None:
    text = TONIC.replace("<garlic> tonic", "see").replace("garlic tonic for the win", "see this")
    add(rules, text)
    with pytest.raises(RulebookError, match=r"96 of 100 \(96\.0 %\)") as caught:
        gate(load_with_places(rules))
    assert caught.value.faults[0].path == rules / "claims" / "cold-relief.yaml"


def test_an_example_that_changes_its_owner_stays_out(gate: FileGate, rules: Path) -> None:
    add(
        rules,
        TONIC.replace("<garlic> tonic", "<garlic> is harmless").replace("garlic tonic", "garlic is harmless"),
    )
    with pytest.raises(RulebookError, match="an example of the rule `garlic-is-harmless`"):
        gate(load_with_places(rules))
    (rules / "claims" / "cold-relief.yaml").write_text(
        (rules / "claims" / "cold-relief.yaml").read_text(encoding="utf-8").split("\n- id: our-tonic")[0]
        + "\n",
        encoding="utf-8",
    )
    assert gate(load_with_places(rules)).report.holds
