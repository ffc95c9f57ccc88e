"""`caveat-bot evaluate` from outside: what it shows and writes, and how it ends."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Program = Callable[..., subprocess.CompletedProcess[bytes]]

RULES = str(Path(__file__).parents[1] / "small_rules")
LABELLED: tuple[tuple[str, str, list[str], str, str], ...] = (
    ("a1", "garlic cured my cold", ["cold-relief"], "asserts", "plain"),
    ("a2", "does garlic cure a cold?", ["cold-relief"], "asks", "question"),
    ("a3", "garlic never cured my cold", [], "denies", "denied"),
    ("a4", "see you at eight", [], "none", "chat"),
    ("a5", "tune: the stinking rose did it", ["cold-relief"], "asserts", "slang"),
    ("a", "hold: the stinking rose did it", ["cold-relief"], "asserts", "slang"),
)


@pytest.fixture
def corpus(tmp_path: Path) -> str:
    """A folder with labelled messages, as it is named from the folder that the program runs in."""
    (tmp_path / "corpus").mkdir()
    keys = ("id", "text", "claims", "stance", "kind")
    lines = [json.dumps(dict(zip(keys, values, strict=True))) for values in LABELLED]
    (tmp_path / "corpus" / "messages.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return "corpus"


def test_it_shows_figures_kinds_and_misses(program: Program, corpus: str) -> None:
    shown = program("evaluate", corpus, "--rules", RULES, "--against", "brute", "--robustness")
    text = shown.stdout.decode()
    assert (shown.returncode, shown.stderr) == (0, b"")
    for told in (
        "all (n=6)",
        "tune (n=",
        "hold (n=",
        "brute force (",
        "reply when due: precision",
        "1.000 (1.000 to 1.000)",
        "No false alarm in 1 chat messages",
        "cold-relief",
        "denied",
        "a typo in each content word",
        "made a question",
        "tune: the stinking rose did it",
        "no reply where one is due",
        "--show-hold",
    ):
        assert told in text, told
    assert "hold: the stinking rose did it" not in text
    assert "\x1b" not in text


def test_misses_of_hold_are_shown_where_asked_for(program: Program, corpus: str) -> None:
    shown = program("evaluate", corpus, "--rules", RULES, "--show-hold").stdout.decode()
    assert "hold: the stinking rose did it" in shown
    assert "--show-hold" not in shown


def test_the_same_messages_give_the_same_figures(program: Program, corpus: str) -> None:
    first, second = (program("evaluate", corpus, "--rules", RULES, "--robustness").stdout for _ in range(2))
    assert first == second != b""


def test_json_and_plot_are_written(program: Program, corpus: str, tmp_path: Path) -> None:
    shown = program(
        "evaluate", corpus, "--rules", RULES, "--json", "a.json", "--plot", "a.png", "--misses", "0"
    )
    assert shown.returncode == 0, shown.stderr.decode()
    assert json.loads((tmp_path / "a.json").read_bytes())["figures"]["messages"] == 6
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")
    assert b"misses" not in shown.stdout


def test_json_may_go_to_the_output_alone(program: Program, corpus: str) -> None:
    shown = program("evaluate", corpus, "--rules", RULES, "--json", "-", "--part", "hold")
    given = json.loads(shown.stdout)
    assert given["figures"]["messages"] < 6
    assert given["parts"] == {}


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        ([], 2, "Missing argument"),
        (["nowhere.jsonl"], 2, "nowhere.jsonl"),
        (["corpus", "--part", "half"], 2, "--part"),
        (["corpus", "--rules", "nowhere"], 78, "no folder of rules"),
        (["corpus", "--rules", RULES, "--json", "no/where.json"], 78, "cannot be written"),
        (["corpus", "--rules", RULES, "--plot", "no/where.png"], 69, "cannot be written"),
        (["bad.jsonl", "--rules", RULES], 65, "bad.jsonl:1:1: it is no JSON object."),
        (["empty", "--rules", RULES], 65, "there is no labelled message"),
    ],
)
def test_what_goes_wrong_ends_in_one_readable_line(
    program: Program, corpus: str, tmp_path: Path, arguments: list[str], code: int, told: str
) -> None:
    assert (tmp_path / corpus).is_dir()
    (tmp_path / "bad.jsonl").write_text("[]", encoding="utf-8")
    (tmp_path / "empty").mkdir()
    ended = program("evaluate", *arguments)
    assert ended.returncode == code, ended.stderr.decode()
    assert told in ended.stderr.decode()
    assert b"Traceback" not in ended.stderr
    assert ended.stdout == b""
