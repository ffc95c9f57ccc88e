"""A server's own rules from the shell: out, in, listed, and back."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Program = Callable[..., subprocess.CompletedProcess[bytes]]

OWN = """\
families:
  garlic-safe: off

own_rules:
  - id: our-tonic
    family: cold-relief
    phrases:
      - "<garlic> tonic"
    examples:
      fires:
        - {text: "garlic tonic for the win"}
      silent:
        - {text: "gin and tonic", because: "a drink"}
"""


@pytest.fixture
def own(tmp_path: Path) -> Path:
    path = tmp_path / "own.yaml"
    path.write_text(OWN, encoding="utf-8")
    return path


def test_out_and_in_and_back(program: Program, small_rules: str, own: Path, tmp_path: Path) -> None:
    where = {"RULES_DIR": small_rules}
    told = program("rules", "import", "s1", str(own), "--why", "for us", **where)
    assert told.returncode == 0, told.stderr.decode()
    assert "Version 1 is in force on s1." in told.stdout.decode()
    assert "+  - id: our-tonic" in told.stdout.decode()
    assert program("rules", "export", "s1", **where).stdout.decode() == OWN
    written = program("rules", "export", "s1", "again.yaml", **where)
    assert written.stdout.decode() == "written: again.yaml\n"
    assert (tmp_path / "again.yaml").read_text(encoding="utf-8") == OWN
    one = program("rules", "export", "s1", "--rule", "our-tonic", **where).stdout.decode()
    assert one.startswith("- id: our-tonic\n  family: cold-relief\n")
    back = program("rules", "rollback", "s1", "0", "--why", "no more", **where)
    assert back.returncode == 0
    assert program("rules", "export", "s1", **where).stdout == b""
    listed = program("rules", "history", "s1", **where).stdout.decode().splitlines()
    assert [line.split()[0] for line in listed[1:]] == ["2", "1"]
    assert "in force" in listed[1]
    assert "no more" in listed[1]
    assert "no changes of its own" in program("rules", "history", "s2", **where).stdout.decode()


@pytest.mark.parametrize(
    ("content", "code", "told"),
    [
        (b"families: {garlic-saef: off}", 65, "bad.yaml:1:12: the family `garlic-saef` is not in the base."),
        (
            OWN.replace("garlic tonic for", "tonic for").encode(),
            65,
            "bad.yaml:11:11: the rule our-tonic should",
        ),
        (b"replaces: [" + b"a, " * 200_000, 65, "characters; at most"),
        (b"\xff", 78, "is not UTF-8 text"),
        (None, 78, "cannot be read"),
        (b"", 65, "nothing would change"),
    ],
)
def test_what_does_not_pass_the_gate_stays_out(
    program: Program, small_rules: str, tmp_path: Path, content: bytes | None, code: int, told: str
) -> None:
    if content is not None:
        (tmp_path / "bad.yaml").write_bytes(content)
    outcome = program("rules", "import", "s1", "bad.yaml", "--why", "x", RULES_DIR=small_rules)
    assert outcome.returncode == code
    assert told in outcome.stderr.decode()
    assert b"Traceback" not in outcome.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["rules", "rollback", "s1", "7", "--why", "x"], 65, "there is no version 7"),
        (["rules", "rollback", "s1", "-1", "--why", "x"], 2, "No such option"),
        (["rules", "rollback", "s1", "0"], 2, "--why"),
        (["rules", "export", "s1", "--rule", "nothing"], 2, "no rule 'nothing'"),
        (["rules", "export", "s1", "nowhere/a.yaml"], 78, "cannot be written"),
    ],
)
def test_what_goes_wrong_is_told(
    program: Program, small_rules: str, arguments: list[str], code: int, told: str
) -> None:
    outcome = program(*arguments, RULES_DIR=small_rules)
    assert outcome.returncode == code
    assert told in outcome.stderr.decode()
