from __future__ import annotations

import pytest

from bot.matching.compile import CompiledRulebook, compile_rulebook
from bot.replies.model import Form, Reply, Silent
from bot.rulebook.load import load_rulebook
from bot.shipped import rules_folder
from bot.studio.examples import EXAMPLES

from .conftest import Serve

TEXTS = {example.label: example.text for example in EXAMPLES}


@pytest.fixture(scope="module")
def shipped_rulebook() -> CompiledRulebook:
    return compile_rulebook(load_rulebook(rules_folder(None)))


@pytest.mark.parametrize(
    ("label", "form", "families"),
    [
        ("A claim", Form.FULL, {"headache-relief", "natural-safe"}),
        ("A question", Form.SHORT, {"headache-relief"}),
        ("No claim at all", None, set()),
        ("Typos and look-alikes", Form.FULL, {"not-addictive"}),
        ("Somebody else says so", Form.FULL, {"legal-everywhere"}),
        ("An emergency", Form.EMERGENCY, set()),
    ],
)
async def test_an_example_shows_what_it_says(
    serve: Serve, shipped_rulebook: CompiledRulebook, label: str, form: Form | None, families: set[str]
) -> None:
    async with serve(rulebook=shipped_rulebook) as place:
        decision = place.checker.check(TEXTS[label]).decision
    if form is None:
        assert isinstance(decision, Silent)
    else:
        assert isinstance(decision, Reply)
        assert decision.form is form
        assert families <= {finding.family for finding in decision.findings}


def test_every_example_is_tested() -> None:
    marks = test_an_example_shows_what_it_says.pytestmark  # type: ignore[attr-defined]
    assert {case[0] for case in marks[0].args[1]} == set(TEXTS)
