"""From a folder to a rulebook: what is read, its digest, and what happens to folders that are not right."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.errors import Fault, RulebookError
from bot.rulebook.load import load_rulebook, load_with_places
from bot.rulebook.model import Role, Status

Faults = Callable[[], list[Fault]]


def edit(path: Path, old: str, new: str) -> None:
    """Replace a text that is certainly there."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_everything_is_read(rules: Path) -> None:
    rulebook = load_rulebook(rules)
    assert rulebook.concepts["garlic"].role is Role.TOPIC
    assert rulebook.concepts["cures"].verbs == ("cure", "heal", "stop", "knock ... out")
    assert rulebook.pronouns == ("it", "that", "this")
    assert [cue.id for cue in rulebook.cues][:2] == ["plain-denial", "question-mark"]
    assert [family.id for family in rulebook.families] == ["cold-relief", "garlic-safe"]
    assert [rule.id for rule in rulebook.rules] == ["garlic-cures-colds", "garlic-is-harmless"]
    assert rulebook.rules[1].status is Status.SHADOW
    assert [caveat.id for caveat in rulebook.caveats] == ["little-known", "stomach"]
    assert rulebook.evidence[0].year == 2014
    assert rulebook.documents[0].sections[1].title == "What to know"
    assert rulebook.emergency is not None


def test_a_firing_example_may_be_only_a_text(rules: Path) -> None:
    first, second, third = load_rulebook(rules).rules[0].examples.fires
    assert (first.text, first.stance) == ("«garlic cured my cold» overnight", "asserts")
    assert second.stance == "asks"
    assert third.context == ("what about garlic",)


def test_signs_of_an_emergency_may_be_missing(rules: Path) -> None:
    (rules / "emergency.yaml").unlink()
    assert load_rulebook(rules).emergency is None


def test_the_lexicon_may_be_spread_over_a_folder(rules: Path) -> None:
    whole = load_rulebook(rules)
    (rules / "lexicon").mkdir()
    (rules / "lexicon.yaml").rename(rules / "lexicon" / "remedies.yaml")
    assert load_rulebook(rules).digest == whole.digest
    (rules / "lexicon.yaml").write_text("honey:\n  words: [honey]\n", encoding="utf-8")
    assert set(load_rulebook(rules).concepts) == {"honey", *whole.concepts}


def test_a_concept_in_two_files_is_told(rules: Path, faults_of: Faults) -> None:
    (rules / "lexicon").mkdir()
    (rules / "lexicon" / "metals.yaml").write_text("zinc:\n  words: [zinc]\n", encoding="utf-8")
    (fault,) = faults_of()
    assert "the concept `zinc` is already there: lexicon.yaml, line 11." in fault.problem
    assert fault.path.name == "metals.yaml"


def test_a_status_needs_no_quotes(rules: Path) -> None:
    edit(rules / "claims" / "garlic-safe.yaml", "status: shadow", "status: off")
    assert load_rulebook(rules).rules[1].status is Status.OFF


def test_the_digest_is_that_of_the_content(rules: Path) -> None:
    before = load_rulebook(rules).digest
    lexicon = rules / "lexicon.yaml"
    lexicon.write_text(
        "# a comment changes nothing\n" + lexicon.read_text(encoding="utf-8"), encoding="utf-8"
    )
    assert load_rulebook(rules).digest == before
    edit(lexicon, "sniffles", "snuffles")
    assert load_rulebook(rules).digest != before


def test_hidden_and_other_files_among_the_claims_are_passed_over(rules: Path) -> None:
    for name in (".cold-relief.yaml.swp", "#cold-relief.yaml#", "notes.txt"):
        (rules / "claims" / name).write_text("not: [yaml", encoding="utf-8")
    assert len(load_rulebook(rules).rules) == 2


def test_a_file_with_the_wrong_ending_is_told(rules: Path, faults_of: Faults) -> None:
    (rules / "claims" / "mood.yml").write_text("[]", encoding="utf-8")
    (fault,) = faults_of()
    assert "does not end in .yaml" in fault.problem
    assert "mood.yaml" in fault.instead


def test_places_of_rules(rules: Path) -> None:
    loaded = load_with_places(rules)
    place = loaded.place_of_rule("garlic-cures-colds", "examples", "silent", 1)
    assert (place.path.name, place.line, place.column) == ("cold-relief.yaml", 17, 9)
    place = loaded.place_of_rule("garlic-cures-colds", "examples", "fires", 1, "text")
    assert (place.line, place.column) == (13, 16)
    assert loaded.place_of_rule("emergency", "examples", "fires", 0).line == 10
    assert loaded.place_of_rule("nobody").path == rules
    place = loaded.place_of_rule("garlic-cures-colds", "caveats", 3)
    assert (place.line, place.column) == (1, 3)


def test_all_faults_of_all_files_come_at_once_and_in_order(rules: Path, faults_of: Faults) -> None:
    edit(rules / "lexicon.yaml", "role: topic", "role: topics")
    edit(rules / "caveats.yaml", "short: Hardly", "shrt: Hardly")
    edit(rules / "claims" / "cold-relief.yaml", "within: 14", "within: 99")
    edit(rules / "claims" / "cold-relief.yaml", "<common-cold>", "<comon-cold>")
    (rules / "cues.yaml").write_text("cues: [", encoding="utf-8")
    (rules / "evidence.yaml").unlink()
    faults = faults_of()
    assert [fault.path.name for fault in faults] == [
        "caveats.yaml",
        "caveats.yaml",
        "cold-relief.yaml",
        "cues.yaml",
        "evidence.yaml",
        "lexicon.yaml",
    ]


def test_ids_of_an_unreadable_file_are_not_called_unknown(rules: Path, faults_of: Faults) -> None:
    for name in ("lexicon", "families", "caveats", "evidence", "documents"):
        (rules / f"{name}.yaml").write_text("- 'never closed\n", encoding="utf-8")
    assert {fault.problem for fault in faults_of()} == {"a quotation mark that was opened is never closed."}


def test_ids_of_a_faulty_entry_are_not_called_unknown(rules: Path, faults_of: Faults) -> None:
    edit(rules / "caveats.yaml", "short: Hardly studied for colds.", "short: 12")
    (fault,) = faults_of()
    assert fault.problem == "`12` without quotes is a number."


@pytest.mark.parametrize(
    "name", ["lexicon.yaml", "cues.yaml", "families.yaml", "caveats.yaml", "evidence.yaml", "documents.yaml"]
)
def test_a_missing_file_is_told(rules: Path, faults_of: Faults, name: str) -> None:
    (rules / name).unlink()
    faults = faults_of()
    assert [(fault.path.name, fault.problem) for fault in faults] == [(name, "the file is missing.")]


def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(RulebookError, match="the folder of rules is missing"):
        load_rulebook(tmp_path / "nowhere")


def test_a_missing_folder_of_claims_is_told(rules: Path, faults_of: Faults) -> None:
    shutil.rmtree(rules / "claims")
    (fault,) = faults_of()
    assert fault.problem == "the folder of claims is missing."


def test_a_folder_of_claims_that_may_not_be_read(
    monkeypatch: pytest.MonkeyPatch, faults_of: Faults, rules: Path
) -> None:
    def refuse(self: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", refuse)
    told = {str(fault) for fault in faults_of() if fault.path == rules / "claims"}
    assert told == {
        f"{rules / 'claims'}:1:1: the folder cannot be read: permission denied. Check who may read it."
    }
