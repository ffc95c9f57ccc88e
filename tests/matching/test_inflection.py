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
        ("free", {"free", "frees", "freed", "freeing"}),
        ("die", {"die", "dies", "died", "dying"}),
        ("mimic", {"mimic", "mimics", "mimicked", "mimicking"}),
        ("control", {"control", "controls", "controlled", "controlling"}),
        ("throb", {"throb", "throbs", "throbbed", "throbbing"}),
        ("cancel", {"canceled", "cancelled", "canceling", "cancelling"}),
        ("quit", {"quit", "quits", "quitting"}),
        ("fight", {"fight", "fights", "fought", "fighting", "fightin"}),
        ("get", {"get", "gets", "got", "gotten", "getting", "gettin"}),
        ("undo", {"undo", "undoes", "undid", "undone", "undoing"}),
        ("have", {"have", "has", "had", "having"}),
        ("be", {"be", "am", "is", "are", "was", "were", "been", "being"}),
    ],
)
def test_a_verb_is_written_once_and_found_in_all_its_forms(word: str, forms: set[str]) -> None:
    assert forms <= verb_forms(word)


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("scrap", "scraping"),
        ("win", "wining"),
        ("heal", "healling"),
        ("show", "showwing"),
        ("fix", "fixxed"),
        ("throb", "throbed"),
        ("see", "seed"),
    ],
)
def test_no_form_is_that_of_another_word(word: str, other: str) -> None:
    assert other not in verb_forms(word)


@pytest.mark.parametrize(
    ("word", "forms"),
    [
        ("migraine", {"migraine", "migraines"}),
        ("remedy", {"remedy", "remedies", "remedys"}),
        ("flush", {"flush", "flushes"}),
        ("illness", {"illness", "illnesses"}),
        ("meds", {"meds"}),
        ("tooth", {"tooth", "teeth"}),
        ("person", {"person", "persons", "people"}),
    ],
)
def test_a_noun_is_found_in_plural_and_possessive(word: str, forms: set[str]) -> None:
    assert forms <= noun_forms(word)
