"""`caveat-bot backtest` from outside: what it shows and writes, and how it ends."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

Program = Callable[..., subprocess.CompletedProcess[bytes]]

RULES = str(Path(__file__).parents[1] / "small_rules")
NOON = datetime(2024, 5, 1, 12, 0, tzinfo=UTC)
SAID = (
    "what about garlic",
    "it knocked my cold right out \x1b[31m🤧",
    "garlic cured my cold",
    "garlic never cured my cold",
    "garlic is harmless",
    "see you at eight",
    "",
)


def exported(count: int, *, channel: str = "küche") -> dict[str, object]:
    messages = [
        {
            "id": str(n),
            "type": "Default",
            "timestamp": (NOON + timedelta(minutes=3 * n)).isoformat(),
            "content": SAID[n % len(SAID)],
            "author": {"id": str(n % 5), "isBot": n % 11 == 10},
        }
        for n in range(count)
    ]
    return {
        "guild": {"id": "1", "name": "Köche"},
        "channel": {"id": channel, "name": channel},
        "messages": messages,
    }


def written(path: Path, count: int) -> Path:
    path.write_text(json.dumps(exported(count), indent=2), encoding="utf-8")
    return path


@pytest.fixture
def export(tmp_path: Path) -> str:
    return written(tmp_path / "export.json", 70).name


@pytest.fixture
def other_rules(tmp_path: Path) -> str:
    folder = tmp_path / "other"
    shutil.copytree(RULES, folder)
    safe = folder / "claims" / "garlic-safe.yaml"
    safe.write_text(safe.read_text().replace("  status: shadow\n", ""))
    return "other"


def test_it_shows_figures_and_samples(program: Program, export: str) -> None:
    shown = program("backtest", export, "--rules", RULES, "--samples", "100")
    text = shown.stdout.decode()
    assert (shown.returncode, shown.stderr) == (0, b"")
    for told in (
        "54 messages in 1 file, 2024-05-01 to 2024-05-01",
        "passed over: 6 bot, 10 empty",
        "found in 35, due an answer 17, replies 4 (74.1 per 1,000 messages)",
        "cold-relief",
        "garlic-is-harmless",
        "hold: cool-down",
        "hold: shadow",
        "silent: denied",
        "küche",
        "2024-04-29",
        "«garlic cured my cold»",
        "«garlic never cured my cold»",
        "it «knocked my cold right out» ␛[31m🤧",
        "→ reply: claim",
    ):
        assert told in text, told
    assert "\x1b" not in text


def test_two_rulebooks_are_compared(program: Program, export: str, other_rules: str) -> None:
    for rules, against, change in (
        (other_rules, RULES, "+9 messages, −0"),
        (RULES, other_rules, "+0 messages, −9"),
    ):
        text = program("backtest", export, "--rules", rules, "--against", against).stdout.decode()
        assert f"{change}, 0 changed owner" in text
        assert ("newly caught" in text, "no longer caught" in text) == (rules == "other", rules == RULES)
        assert "«garlic is harmless»" in text


def test_everything_is_written(program: Program, export: str, other_rules: str, tmp_path: Path) -> None:
    files = ("--json", "a.json", "--csv", "a.csv", "--plot", "a.png", "--samples", "1")
    shown = program("backtest", export, "--rules", other_rules, "--against", RULES, *files)
    assert shown.returncode == 0, shown.stderr.decode()
    given = json.loads((tmp_path / "a.json").read_bytes())
    assert given["read"]["messages"] == 54
    assert given["difference"]["newly_caught"] == 9
    assert len([sample for sample in given["samples"] if sample["change"]]) == 1
    assert (tmp_path / "a.csv").read_text().startswith("rules,by,name,within,messages,found,due,replied\n")
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("option", ["--json", "--csv"])
def test_figures_may_go_to_the_output_alone(program: Program, export: str, option: str) -> None:
    shown = program("backtest", export, "--rules", RULES, option, "-")
    assert shown.stdout.startswith({"--json": b"{", "--csv": b"rules,"}[option])
    assert b"messages in" not in shown.stdout


def test_processes_change_nothing(program: Program, tmp_path: Path) -> None:
    written(tmp_path / "a.json", 1200)
    written(tmp_path / "b.json", 700)
    alone, together = (
        program("backtest", "a.json", "b.json", "--rules", RULES, "--jobs", jobs, "--json", "-")
        for jobs in ("1", "2")
    )
    assert (together.returncode, together.stderr) == (0, b"")
    assert alone.stdout == together.stdout
    assert json.loads(alone.stdout)["tested"]["replied"] > 10


def test_a_cut_export_is_told_and_the_rest_counts(program: Program, export: str, tmp_path: Path) -> None:
    data = (tmp_path / export).read_bytes()
    (tmp_path / "cut.json").write_bytes(data[: len(data) // 2])
    ended = program("backtest", "cut.json", export, "--rules", RULES)
    assert ended.returncode == 65
    assert b"messages in 2 files" in ended.stdout
    assert b"1 fault, told at the end" in ended.stdout
    line = data[: len(data) // 2].count(b"\n") + 1
    assert f"caveat-bot: cut.json:{line}:" in ended.stderr.decode()
    assert "it ends in the middle; it is cut off" in ended.stderr.decode()
    assert len(ended.stderr.splitlines()) == 1


def test_an_interrupted_run_goes_on(
    program: Program, clean_environment: dict[str, str], tmp_path: Path
) -> None:
    written(tmp_path / "a.json", 12_000)
    arguments = ["backtest", "a.json", "--rules", RULES, "--json", "-", "--jobs", "2"]
    with subprocess.Popen(
        [sys.executable, "-m", "bot", *arguments, "--resume", "state"],
        cwd=tmp_path,
        env=clean_environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as process:
        state = tmp_path / "state"
        while process.poll() is None and not (state.exists() and state.stat().st_size > 20_000):
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        _, complaint = process.communicate(timeout=60)
    assert process.returncode == 130, complaint.decode()
    assert complaint.strip() == b"interrupted; the same command goes on where it was (state)"
    assert state.exists()
    other = program(*arguments, "--resume", "state", "--samples", "9")
    assert other.returncode == 65
    assert b"state belongs to another back-test: changed since then: --samples." in other.stderr
    gone_on = program(*arguments, "--resume", "state")
    assert (gone_on.returncode, gone_on.stderr) == (0, b"")
    assert gone_on.stdout == program(*arguments).stdout
    assert not state.exists()


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        ([], 2, "Missing argument"),
        (["nowhere.json"], 2, "nowhere.json"),
        (["export.json", "--jobs", "0"], 2, "--jobs"),
        (["export.json", "--json", "-", "--csv", "-"], 2, "cannot both"),
        (["export.json", "--rules", "nowhere"], 78, "no folder of rules"),
        (["export.json", "--against", "nowhere"], 78, "no folder of rules"),
        (["export.json", "--against", "empty"], 65, "families.yaml:1:1: "),
        (["export.json", "--rules", RULES, "--json", "no/where.json"], 78, "cannot be written"),
        (["export.json", "--rules", RULES, "--plot", "no/where.png"], 69, "cannot be written"),
        (["export.json", "--rules", RULES, "--resume", "no/where"], 74, "cannot be read or written"),
        (["export.json", "--rules", RULES, "--resume", "notes"], 65, "is not the state of a back-test"),
        (["notes", "--rules", RULES], 65, "notes:1:1: it is no export of a known kind."),
        (["empty", "--rules", RULES], 65, "empty:1:1: there is no message to look at."),
    ],
)
def test_what_goes_wrong_ends_in_one_readable_line(
    program: Program, export: str, tmp_path: Path, arguments: list[str], code: int, told: str
) -> None:
    assert (tmp_path / export).is_file()
    (tmp_path / "notes").write_text("garlic " * 100, encoding="utf-8")
    (tmp_path / "empty").mkdir()
    ended = program("backtest", *arguments)
    assert ended.returncode == code, ended.stderr.decode()
    assert told in ended.stderr.decode()
    assert b"Traceback" not in ended.stderr
    assert ended.stdout == b""
