"""The forms of words: spelling rules and irregular verbs."""

from __future__ import annotations

import pytest

from bot.matching.inflection import noun_forms, verb_forms


@pytest.mark.parametrize(
    ("word", "forms"),
    [
        ("cure", {"cure", "cures", "cured", "curing"}),
        ("help", {"help", "helps", "helped", "helping", "helpin"}),
        ("stop", {"stop", "stops", "stopped", "stopping"}),
        ("fix", {"fix", "fixes", "fixed", "fixing"}),
        ("try", {"try", "tries", "tried", "trying"}),
        ("destroy", {"destroy", "destroys", "destroyed", "destroying"}),
        ("take", {"take", "takes", "took", "taken", "taking"}),
        ("free", {"free", "frees", "freed", "freeing"} - {"freed"}),
    ],
)
def test_a_verb_is_written_once_and_found_in_all_its_forms(word: str, forms: set[str]) -> None:
    assert forms <= verb_forms(word)


@pytest.mark.parametrize(
    ("word", "forms"),
    [
        ("migraine", {"migraine", "migraines"}),
        ("remedy", {"remedy", "remedies", "remedys"}),
        ("flush", {"flush", "flushes"}),
        ("illness", {"illness", "illnesses"}),
        ("meds", {"meds"}),
    ],
)
def test_a_noun_is_found_in_plural_and_possessive(word: str, forms: set[str]) -> None:
    assert forms <= noun_forms(word)
