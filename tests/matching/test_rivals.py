"""Other remedies keep what is said of them."""

from __future__ import annotations

import pytest

from bot.matching.compile import compile_rulebook
from bot.matching.engine import find
from bot.rulebook.model import Cue, CueCategory, Direction
from bot.text.reader import read
from tests.matching.small_rulebooks import rule_of, rulebook_of

BETTER = Cue(
    id="better", category=CueCategory.COMPARES, words=("than", "instead of"), direction=Direction.FORWARD
)
SURELY = Cue(id="surely", category=CueCategory.ASSERTS, words=("surely",))
RULEBOOK = compile_rulebook(
    rulebook_of(rule_of("<garlic> <cures> <cold>", "<garlic> & <cold> gone"), cues=[BETTER, SURELY])
)


@pytest.mark.parametrize(
    "text",
    [
        "garlic and zinc cured my cold",
        "garlic is nice. zinc cured my cold",
        "garlic? surely zinc cured my cold",
        "garlic tea, zinc and it cured my cold",
        "my cold with zinc is gone and i like garlic",
    ],
)
def test_what_is_said_of_another_remedy_is_not_found(text: str) -> None:
    findings = find(read(text), RULEBOOK, explained=True)
    assert findings.found == ()
    assert any("it is said of" in miss.why_not for miss in findings.near)


@pytest.mark.parametrize(
    "text",
    [
        "zinc and garlic cured my cold",
        "garlic cured my cold, zinc did not",
        "garlic instead of zinc cured my cold",
        "garlic beats zinc hands down it really cured my cold",
        "zinc is bad. garlic cured my cold",
    ],
)
def test_what_is_said_of_the_topic_beside_another_remedy_is_found(text: str) -> None:
    assert [finding.family for finding in find(read(text), RULEBOOK).found] == ["cold-relief"]


def test_the_near_miss_names_the_other_remedy() -> None:
    (miss,) = find(read("garlic and ZINC cured my cold"), RULEBOOK, explained=True).near
    assert miss.why_not == "it is said of “ZINC”"
