"""Languages to answer in: what is read, what is refused and where, and whose wording wins."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.errors import Fault
from bot.rulebook.load import load_rulebook, load_with_places
from bot.rulebook.overlay import read_overlay
from bot.rulebook.overlaying import apply
from tests.rulebook.small_language import SPANISH, add_spanish
from tests.rulebook.test_load import edit

Faults = Callable[[], list[Fault]]

# what stands there, what is put in its place, line, column, the problem, part of what to write instead
BROKEN = [
    ("  stomach:\n", "  stomac:\n", 13, 3, "the caveat `stomac` is not in caveats.yaml.", "mean `stomach`?"),
    (
        "  stomach:\n",
        "  stomac:\n",
        10,
        3,
        "the caveat `stomach` is not worded in this language.",
        "Add it under `caveats`: `stomach: {says: […], short: …}`.",
    ),
    (
        "  garlic-safe:\n",
        "  garlic-save:\n",
        6,
        3,
        "the family `garlic-save` is not in families.yaml",
        "mean",
    ),
    (
        "  garlic-safe:\n",
        "  garlic-save:\n",
        3,
        3,
        "the family `garlic-safe` is not worded in this language.",
        "`garlic-safe: {opening: […], asked: […]}`",
    ),
    (
        "  e-one-trial:",
        "  e-two-trials:",
        17,
        3,
        "the line of evidence `e-two-trials` is not in evidence.yaml",
        "",
    ),
    (
        "  e-one-trial:",
        "  e-two-trials:",
        17,
        3,
        "the line of evidence `e-one-trial` is not worded",
        "evidence",
    ),
    (
        "emergency: [Llama ya al número de emergencias.]\n",
        "",
        1,
        1,
        "the lines of emergency.yaml are not worded in this language.",
        "Add `emergency: […]`.",
    ),
    ("  why: ¿Por qué?\n", "", 21, 3, "`why` is missing", "Add `why: …`."),
    ("  why:", "  wy:", 24, 3, "`wy` is not a key that is known here.", "Did you mean `why`?"),
    ("¿Por qué?", "a" * 81, 24, 8, "the text is too long: at most 80 characters are allowed.", "Shorten it."),
    ("Puede sentar mal.", "a" * 401, 15, 12, "at most 400 characters are allowed.", "Shorten it."),
    (
        "Puede sentar mal.",
        "Más en www.example.org",
        15,
        12,
        "`www.` would be a link.",
        "the sources are added",
    ),
    ("Información general.", '"Ver https://example.org"', 19, 12, "`://` would be a link.", ""),
    ("Información general.", '"[aquí](x)"', 19, 12, "`](` would be a link.", ""),
    ("Puede sentar mal.", "Hola @everyone", 15, 12, "`@` would name somebody or a channel.", "in words"),
    ("¿Por qué?", '"<#123>"', 24, 8, "`<#` would name somebody or a channel.", "in words"),
    ("Puede sentar mal.", '"{name} puede"', 15, 12, "`{name}` does not stand in the English wording.", "out"),
    ("Voto retirado.", '"{vote} fuera"', 29, 20, "`{vote}` does not stand in the English wording.", "out"),
    ("name: español\n", "", 1, 1, "`name` is missing", "Add `name: …`."),
    ("Poco estudiado.", "12", 12, 12, "`12` without quotes is a number.", '"12"'),
    (
        '["Crudo puede sentar mal al estómago.", "Hay estómagos que no lo llevan bien."]',
        "[Una]",
        14,
        11,
        "the list is too short: at least 2 entries",
        "",
    ),
]


@pytest.mark.parametrize(("old", "new", "line", "column", "problem", "instead"), BROKEN)
def test_a_fault_is_told_where_it_is_with_what_to_write(
    rules: Path, faults_of: Faults, old: str, new: str, line: int, column: int, problem: str, instead: str
) -> None:
    edit(add_spanish(rules), old, new)
    found = [fault for fault in faults_of() if problem in fault.problem]
    assert [(fault.path.name, fault.line, fault.column) for fault in found] == [("es.yaml", line, column)]
    assert instead in found[0].instead


@pytest.mark.parametrize(
    ("name", "problem", "instead"),
    [
        ("en.yaml", "English needs no file", "take this file away"),
        ("Spanish.yaml", "`Spanish` is not the code of a language.", "es.yaml, pt-br.yaml"),
        ("es_MX.yaml", "`es_MX` is not the code of a language.", "es.yaml, pt-br.yaml"),
        ("es.yml", "its name does not end in .yaml", "Rename it to es.yaml."),
    ],
)
def test_a_file_is_named_after_its_language(
    rules: Path, faults_of: Faults, name: str, problem: str, instead: str
) -> None:
    add_spanish(rules).rename(rules / "languages" / name)
    (fault,) = faults_of()
    assert fault.path.name == name
    assert problem in fault.problem
    assert instead in fault.instead


def test_a_placeholder_of_the_english_wording_must_stand_in_every_language(
    rules: Path, faults_of: Faults
) -> None:
    edit(rules / "caveats.yaml", "short: Hardly studied for colds.", 'short: "{what} is hardly studied."')
    spanish = add_spanish(rules)
    (fault,) = faults_of()
    assert (fault.path.name, fault.line, fault.column) == ("es.yaml", 12, 12)
    assert fault.problem == "`{what}` stands in the English wording and not here."
    edit(spanish, "short: Poco estudiado.", 'short: "{what}: poco estudiado."')
    assert load_rulebook(rules).languages["es"].caveats["little-known"].short.startswith("{what}")


def test_without_the_folder_there_is_only_english(rules: Path) -> None:
    assert load_rulebook(rules).languages == {}


def test_an_unreadable_english_file_makes_no_id_unknown_in_a_language(rules: Path, faults_of: Faults) -> None:
    add_spanish(rules)
    (rules / "caveats.yaml").write_text("- 'never closed\n", encoding="utf-8")
    assert [fault.path.name for fault in faults_of()] == ["caveats.yaml"]


def test_without_signs_of_an_emergency_no_lines_are_needed(rules: Path) -> None:
    add_spanish(rules, SPANISH.replace("emergency: [Llama ya al número de emergencias.]\n", ""))
    (rules / "emergency.yaml").unlink()
    assert load_rulebook(rules).languages["es"].emergency == ()


def test_another_wording_is_another_rulebook(rules: Path) -> None:
    english = load_rulebook(rules)
    spanish = add_spanish(rules)
    first = load_rulebook(rules)
    edit(spanish, "Poco estudiado.", "Muy poco estudiado.")
    assert len({english.digest, first.digest, load_rulebook(rules).digest}) == 3
    assert first.languages["es"].name == "español"


def test_a_servers_own_wording_wins_in_every_language_and_only_where_it_is_written(rules: Path) -> None:
    add_spanish(rules)
    base = load_with_places(rules)
    laid = apply(base, read_overlay("caveats:\n  stomach: {short: Mind your stomach.}\n")).rulebook
    spanish, before = laid.languages["es"].caveats, base.rulebook.languages["es"].caveats
    assert spanish["stomach"].short == "Mind your stomach."
    assert spanish["stomach"].says == before["stomach"].says
    assert spanish["little-known"] == before["little-known"]
    assert base.rulebook.languages["es"].caveats["stomach"].short == "Puede sentar mal."


def test_own_rules_of_a_server_leave_the_languages_as_they_are(rules: Path) -> None:
    add_spanish(rules)
    base = load_with_places(rules)
    laid = apply(base, read_overlay("rules:\n  garlic-cures-colds: {cutoff: 90}\n")).rulebook
    assert laid.languages == base.rulebook.languages
