"""All of it in small: it runs, and writes what it promises. No time is ever asserted."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bench.__main__ import PARTS, main
from bench.contenders import CONTENDERS
from bench.ours import CHATTER, CLAIMS, COLD, WARM
from bench.yardstick import DISCORD

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which a quick run left its results."""
    folder = tmp_path_factory.mktemp("bench")
    done = subprocess.run(
        [sys.executable, "-m", "bench", "--quick", "--out", str(folder)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="module")
def results(folder: Path) -> dict[str, Any]:
    written: dict[str, Any] = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    return written


pytestmark = pytest.mark.timeout(300)


def test_every_way_is_measured_or_says_why_not(results: dict[str, Any]) -> None:
    names = {DISCORD, WARM, CHATTER, CLAIMS, COLD, *(one.name for one in CONTENDERS)}
    for size in results["look"]:
        assert {row["name"] for row in size["rows"]} == names
        assert [row["name"] for row in size["rows"] if (row["micros"] is None) != bool(row["problem"])] == []


def test_every_measured_way_has_all_its_figures(results: dict[str, Any]) -> None:
    rows = [row for size in results["look"] for row in size["rows"] if row["micros"]]
    least = {CLAIMS: 20}
    assert [row for row in rows if row["micros"]["mean"] <= 0] == []
    assert [row for row in rows if row["micros"]["messages"] < least.get(row["name"], 50)] == []
    others = [row for row in rows if row["name"] not in {DISCORD, CHATTER, CLAIMS}]
    assert [row["name"] for row in others if not row["built"] or not row["quality"]] == []
    assert [row["name"] for row in others if not 0 <= row["quality"]["recall"] <= 1] == []


def test_slow_messages_are_measured_over_length(results: dict[str, Any]) -> None:
    worst = results["worst"]
    lengths = worst["ordinary"].keys()
    assert {*worst["kinds"][0]["micros"]} == {*lengths}
    assert (
        [len(one["message"]) for one in worst["found"]] == [one["length"] for one in worst["found"]] == [2000]
    )


def test_the_whole_bot_answers(results: dict[str, Any]) -> None:
    (load,) = results["bot"]
    assert load["rate"] > 0
    assert load["replies"] > 0
    assert load["p50"] <= load["p99"]
    assert load["lag_p99"] <= load["lag_most"]


def test_start_and_memory_are_there(results: dict[str, Any]) -> None:
    assert results["start"]["imports"]
    assert results["start"]["starts"]
    assert (results["servers"]["servers"], results["servers"]["rulebooks"]) == (1000, 2)


def test_every_bar_says_whether_it_is_met(results: dict[str, Any]) -> None:
    named = " ".join(bar["name"] for bar in results["bars"])
    for what in (
        "caches off",
        "p99",
        "partial_ratio",
        "of one with",
        "slowest",
        "growth",
        "start",
        "one more server",
    ):
        assert what in named
    assert [bar for bar in results["bars"] if not isinstance(bar["is_met"], bool)] == []


def test_the_plot_is_a_picture(folder: Path) -> None:
    assert (folder / "look.png").read_bytes().startswith(b"\x89PNG")


def test_an_unknown_part_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["lok"])
    assert f"there is no part lok; there are {', '.join(PARTS)}" in capsys.readouterr().err


def test_too_few_lines_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["look", "--lines", "10"])
    assert "--lines has to be 1000 or more" in capsys.readouterr().err
