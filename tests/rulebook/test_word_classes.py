"""Classes of words as part of the rules: read, broken, changed, left out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.errors import Fault
from bot.rulebook.learned import LEARNED
from bot.rulebook.load import load_rulebook
from bot.rulebook.model import WEIGHTS
from bot.rulebook.word_classes import CLASSES, read_classes
from bot.shipped import rules_folder
from tests.rulebook.test_learned import TEXT

TWO = "# a remark\n\nbody: ache aches hurts\nbody: head skull\n"


def write(folder: Path, text: str | bytes) -> Path:
    (folder / CLASSES).write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def test_a_word_has_a_fine_and_a_coarse_class(tmp_path: Path) -> None:
    classes = read_classes(write(tmp_path, TWO), [])
    assert classes is not None
    assert classes.of_word == {
        "ache": ("ache", "body"),
        "aches": ("ache", "body"),
        "hurts": ("ache", "body"),
        "head": ("head", "body"),
        "skull": ("head", "body"),
    }


def test_other_classes_have_another_digest(tmp_path: Path) -> None:
    first = read_classes(write(tmp_path, TWO), [])
    second = read_classes(write(tmp_path, TWO + "food: tea\n"), [])
    assert first is not None
    assert second is not None
    assert first.digest != second.digest


def test_without_the_file_there_are_none(tmp_path: Path) -> None:
    faults: list[Fault] = []
    assert (read_classes(tmp_path, faults), faults) == (None, [])


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("body: ache\nhead skull\n", 2, "this line is no class of words."),
        ("# a remark\n\nbody:\n", 3, "this line is no class of words."),
        ("body: ache\nhead:   \n", 2, "this line is no class of words."),
        ("body:ache\n", 1, "this line is no class of words."),
        (": ache\n", 1, "this line is no class of words."),
        (b"body: \xff\n", 1, "this is not UTF-8."),
        (b" " * 4_000_001, 1, "the file is larger than 4 MB."),
    ],
    ids=["no colon", "no word", "only spaces", "no space", "no name", "no UTF-8", "too large"],
)
def test_a_fault_is_told_with_its_line(tmp_path: Path, text: str | bytes, line: int, problem: str) -> None:
    faults: list[Fault] = []
    assert read_classes(write(tmp_path, text), faults) is None
    assert [(one.path.name, one.line, one.problem) for one in faults] == [(CLASSES, line, problem)]
    assert "take it away" in faults[0].instead


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / CLASSES).mkdir()
    faults: list[Fault] = []
    assert read_classes(tmp_path, faults) is None
    assert faults[0].problem.startswith("the file cannot be read: ")


def with_weights(rules: Path, status: str = "live") -> Path:
    (rules / LEARNED).write_text(f"status: {status}\n", encoding="utf-8")
    (rules / WEIGHTS).write_text(TEXT, encoding="utf-8")
    return rules


def test_the_rulebook_holds_them_and_its_digest_tells_them_apart(rules: Path) -> None:
    bare = load_rulebook(with_weights(rules))
    first = load_rulebook(write(rules, TWO))
    second = load_rulebook(write(rules, TWO + "food: tea\n"))
    assert bare.classes is None
    assert first.classes is not None
    assert first.classes.of_word["skull"] == ("head", "body")
    assert len({bare.digest, first.digest, second.digest}) == 3


def test_the_rules_do_not_load_with_a_fault_in_them(
    rules: Path, faults_of: Callable[[], list[Fault]]
) -> None:
    write(with_weights(rules), "nonsense\n")
    assert [(fault.path.name, fault.line) for fault in faults_of()] == [(CLASSES, 1)]


def test_where_likeness_is_off_they_are_not_read(rules: Path) -> None:
    write(with_weights(rules, "off"), "nonsense\n")
    assert load_rulebook(rules).classes is None


def test_the_shipped_ones_are_a_thousand_classes_of_thirty_thousand_words() -> None:
    classes = read_classes(rules_folder(None), [])
    assert classes is not None
    fine = dict(classes.of_word.values())
    assert (len(classes.of_word), len(fine), len(set(fine.values()))) == (30_000, 1000, 300)
    assert all(classes.of_word[name][0] == name for name in fine)
