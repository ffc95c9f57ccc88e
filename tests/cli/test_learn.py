"""`caveat-bot learn` from outside: what it writes and tells, and how it ends."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import ROOT

Program = Callable[..., subprocess.CompletedProcess[bytes]]

SORTS: tuple[tuple[tuple[str, ...], list[str], str], ...] = (
    (("sneezes vanished, thanks garlic", "garlic chased my sneezes off"), ["cold-relief"], "asserts"),
    (("planted garlic today", "garlic soup for lunch", "out of garlic again"), [], "none"),
)


@pytest.fixture
def rules(tmp_path: Path, small_rules: str) -> Path:
    lines = [
        json.dumps(
            {
                "id": f"{text}-{copy}".replace(" ", "-"),
                "text": text,
                "claims": claims,
                "stance": stance,
                "kind": "plain",
            }
        )
        for texts, claims, stance in SORTS
        for text in texts
        for copy in range(20)
    ]
    (tmp_path / "corpus.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return Path(shutil.copytree(small_rules, tmp_path / "rules"))


def test_what_it_learns_is_used_at_once(program: Program, rules: Path) -> None:
    ended = program("learn", "corpus.jsonl", "--rules", "rules")
    assert (ended.returncode, ended.stderr) == (0, b"")
    told = ended.stdout.decode()
    assert "written: rules/learned.json" in told
    assert "learned from " in told
    assert "in use  due  70, family  30: precision 1.000, recall 1.000" in told
    settings = rules / "learned.yaml"
    assert "status: shadow" in settings.read_text(encoding="utf-8")
    settings.write_text("status: live\ndue: 40\nfamily: 30\n", encoding="utf-8")
    shown = program("check", "my sneezes vanished, good old garlic", "--rules", "rules").stdout.decode()
    assert "like-examples" in shown
    assert "known examples" in shown


def test_again_writes_the_same_and_leaves_settings_alone(program: Program, rules: Path) -> None:
    program("learn", "corpus.jsonl", "--rules", "rules")
    first = (rules / "learned.json").read_bytes()
    (rules / "learned.yaml").write_text("status: off\ndue: 77\n", encoding="utf-8")
    told = program("learn", "corpus.jsonl", "--rules", "rules").stdout.decode()
    assert (rules / "learned.json").read_bytes() == first
    assert (rules / "learned.yaml").read_text(encoding="utf-8") == "status: off\ndue: 77\n"
    assert "in use  due  77, family  30:" in told


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["corpus.jsonl", "--part", "hold"], 78, "nothing is learned from the part hold"),
        (["corpus.jsonl", "--part", "all"], 78, "nothing is learned from the part all"),
        (["corpus.jsonl", "--part", "half"], 2, "--part"),
        (["nowhere.jsonl"], 2, "nowhere.jsonl"),
        (["bad.jsonl"], 65, "bad.jsonl:1:1: it is no JSON object."),
    ],
)
def test_what_goes_wrong_ends_in_one_readable_line(
    program: Program, rules: Path, arguments: list[str], code: int, told: str
) -> None:
    (rules.parent / "bad.jsonl").write_text("[]", encoding="utf-8")
    ended = program("learn", *arguments, "--rules", "rules")
    assert ended.returncode == code, ended.stderr.decode()
    assert told in ended.stderr.decode()
    assert b"Traceback" not in ended.stderr
    assert not (rules / "learned.json").exists()


def test_a_place_that_cannot_be_written_is_told(program: Program, rules: Path) -> None:
    (rules / "learned.json").mkdir()
    ended = program("learn", "corpus.jsonl", "--rules", "rules")
    assert ended.returncode == 78
    assert b"learned.json cannot be written" in ended.stderr


def test_without_scikit_learn_it_says_what_to_install(program: Program, rules: Path) -> None:
    (rules.parent / "without" / "sklearn").mkdir(parents=True)
    (rules.parent / "without" / "sklearn" / "__init__.py").write_text("raise ImportError", encoding="utf-8")
    path = os.pathsep.join((str(rules.parent / "without"), str(ROOT)))
    ended = program("learn", "corpus.jsonl", "--rules", "rules", PYTHONPATH=path)
    assert ended.returncode == 78
    assert "pip install 'caveat-bot[learn]'" in ended.stderr.decode()
    assert b"Traceback" not in ended.stderr
    assert not (rules / "learned.json").exists()


def test_without_scikit_learn_the_rest_works(program: Program, rules: Path) -> None:
    program("learn", "corpus.jsonl", "--rules", "rules")
    (rules / "learned.yaml").write_text("status: live\ndue: 40\n", encoding="utf-8")
    (rules.parent / "without" / "sklearn").mkdir(parents=True)
    (rules.parent / "without" / "sklearn" / "__init__.py").write_text("raise ImportError", encoding="utf-8")
    path = os.pathsep.join((str(rules.parent / "without"), str(ROOT)))
    ended = program("check", "my sneezes vanished, good old garlic", "--rules", "rules", PYTHONPATH=path)
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert b"like-examples" in ended.stdout
