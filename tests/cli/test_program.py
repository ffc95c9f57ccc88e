"""The program from outside: exit codes, one readable line, no traceback, output for other programs."""

from __future__ import annotations

import json
import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from bot import __version__

Program = Callable[..., subprocess.CompletedProcess[bytes]]

CLAIM = b'{"id": "%d", "text": "kratom totally cured my migraines, no side effects"}\n'


def test_version(program: Program) -> None:
    assert program("--version").stdout.decode().strip() == f"caveat-bot {__version__}"


@pytest.mark.parametrize(
    "arguments",
    [[], ["--help"], ["check", "--help"], ["run", "-h"], ["rules", "--help"], ["rules", "check", "--help"]],
)
def test_help_is_there(program: Program, arguments: list[str]) -> None:
    shown = program(*arguments)
    assert b"Usage: caveat-bot" in shown.stdout + shown.stderr
    assert max(len(line) for line in shown.stdout.decode().splitlines() or [""]) <= 120


@pytest.mark.parametrize(
    ("arguments", "environment", "code", "told"),
    [
        (["chekc", "a"], {}, 2, "No such command"),
        (["check", "--loud", "a"], {}, 2, "No such option"),
        (["check", "--jsonl", "nowhere.jsonl"], {}, 2, "nowhere.jsonl cannot be read"),
        (["check", "--jsonl", "--context", "a"], {}, 2, "--context and --verbose"),
        (["check", "a", "--rules", "nowhere"], {}, 78, "no folder of rules at nowhere"),
        (["check", "a"], {"RULES_DIR": "nowhere"}, 78, "no folder of rules at nowhere"),
        (["check", "a"], {"PORT": "eighty"}, 78, "PORT: "),
        (["rules", "check", "--rules", "."], {}, 65, "families.yaml:1:1: "),
        (["check", "a", "--rules", "."], {}, 65, "families.yaml:1:1: "),
        (["run"], {"LOG_LEVEL": "loud"}, 78, "LOG_LEVEL: "),
        (["run", "--rules", "nowhere"], {}, 78, "no folder of rules at nowhere"),
        (["health"], {"PORT": "1"}, 69, "no bot answers"),
        (["health"], {"PORT": "0"}, 78, "set PORT"),
        (["rules", "copy", "."], {}, 78, "holds something already"),
        (["rules", "verify-sources", "--documents", "nowhere"], {}, 65, "nowhere"),
    ],
)
def test_what_goes_wrong_ends_in_one_readable_line(
    program: Program, tmp_path: Path, arguments: list[str], environment: dict[str, str], code: int, told: str
) -> None:
    (tmp_path / "something").write_text("", encoding="utf-8")
    ended = program(*arguments, **environment)
    assert ended.returncode == code, ended.stderr.decode()
    assert told in ended.stderr.decode()
    assert b"Traceback" not in ended.stderr
    assert ended.stdout == b""


@pytest.mark.parametrize(
    ("environment", "code", "told"),
    [
        ({"HOST": "256.0.0.1"}, 69, "set HOST to 127.0.0.1"),
        ({"HOST": "192.0.2.1"}, 69, "no such address"),
        ({"DATA_DIR": "something"}, 69, "something"),
        ({"DISCORD_TOKEN": "not a token"}, 78, "DISCORD_TOKEN holds characters"),
        (
            {"DISCORD_TOKEN": "token", "DISCORD_API_URL": "http://127.0.0.1:1/api/v10"},
            69,
            "cannot be reached",
        ),
    ],
)
def test_a_start_that_fails_ends_in_one_readable_line(
    program: Program, tmp_path: Path, small_rules: str, environment: dict[str, str], code: int, told: str
) -> None:
    (tmp_path / "something").write_text("", encoding="utf-8")
    ended = program("run", **{"PORT": "0", "RULES_DIR": small_rules, **environment})
    last = ended.stderr.decode().splitlines()[-1]
    assert ended.returncode == code, ended.stderr.decode()
    assert last.startswith("caveat-bot: ")
    assert told in last
    assert b"Traceback" not in ended.stderr


def test_check_reads_a_message_from_a_pipe(program: Program) -> None:
    shown = program("check", given=b"kratom totally cured my migraines")
    assert shown.returncode == 0
    assert "«kratom totally cured my migraines»" in shown.stdout.decode()


def test_check_takes_what_is_not_text(program: Program) -> None:
    shown = program("check", given=b"kratom cured my migraines \xff\xed\xa0\x80\x00")
    assert shown.returncode == 0
    assert b"reply: claim" in shown.stdout


def test_output_in_a_pipe_is_plain(program: Program) -> None:
    shown = program("check", "kratom totally cured my migraines", NO_COLOR="")
    assert b"\x1b" not in shown.stdout


def test_the_filter_keeps_the_order_and_ends_well(program: Program) -> None:
    lines = [
        CLAIM % 1,
        b"nonsense\n",
        b"\n",
        CLAIM % 4,
        b'{"id": "5", "text": "\\ud800"}\n',
        CLAIM.strip() % 6,
    ]
    ended = program("check", "--jsonl", given=b"".join(lines))
    answers = [json.loads(line) for line in ended.stdout.splitlines()]
    assert ended.returncode == 0
    assert [answer["id"] for answer in answers] == ["1", None, None, "4", "5", "6"]
    assert ["error" in answer for answer in answers] == [False, True, True, False, False, False]


def test_the_filter_reads_a_file(program: Program, tmp_path: Path) -> None:
    (tmp_path / "messages.jsonl").write_bytes(CLAIM % 1 + CLAIM % 2)
    ended = program("check", "--jsonl", "messages.jsonl")
    assert [json.loads(line)["id"] for line in ended.stdout.splitlines()] == ["1", "2"]
    assert ended.stderr == b""


def test_the_filter_answers_each_line_at_once(tmp_path: Path, clean_environment: dict[str, str]) -> None:
    with filtering(tmp_path, clean_environment) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for number in range(3):
            process.stdin.write(CLAIM % number)
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["id"] == str(number)
        process.stdin.close()
        assert process.wait() == 0


def test_a_reader_that_leaves_gets_no_complaint(tmp_path: Path, clean_environment: dict[str, str]) -> None:
    with filtering(tmp_path, clean_environment) as process:
        assert process.stdout is not None
        process.stdout.close()
        _, complaint = process.communicate(CLAIM % 1 * 50)
        assert process.returncode == 141
        assert complaint == b""


def test_settings_can_be_saved_and_read_again(program: Program, tmp_path: Path) -> None:
    shown = program("settings", PORT="9090", DISCORD_TOKEN="very.secret.token")
    assert b"very.secret.token" not in shown.stdout
    (tmp_path / ".env").write_bytes(shown.stdout)
    again = program("settings")
    assert b"\nPORT=9090\n" in again.stdout
    assert again.returncode == 0


def test_rules_are_copied_and_found_sound(program: Program, tmp_path: Path) -> None:
    copied = program("rules", "copy", "mine")
    assert copied.returncode == 0, copied.stderr.decode()
    assert (tmp_path / "mine" / "families.yaml").is_file()
    shown = program("check", "kratom totally cured my migraines", "--rules", "mine")
    assert b"reply: claim" in shown.stdout


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_run_serves_and_stops_cleanly(
    tmp_path: Path, clean_environment: dict[str, str], small_rules: str, how: signal.Signals
) -> None:
    with running(tmp_path, {**clean_environment, "RULES_DIR": small_rules}) as (process, port):
        asked = subprocess.run(
            [sys.executable, "-m", "bot", "health"],
            env={**clean_environment, "PORT": port},
            capture_output=True,
            check=False,
        )
        assert asked.stdout.startswith(b"well: 2 rules, store reachable, Discord not used")
        process.send_signal(how)
        _, log = process.communicate()
        assert process.returncode == 0, log.decode()
        assert b"Traceback" not in log
    assert (tmp_path / "data" / "caveat.sqlite3").is_file()


def test_a_taken_port_is_told(
    program: Program, tmp_path: Path, clean_environment: dict[str, str], small_rules: str
) -> None:
    with running(tmp_path, {**clean_environment, "RULES_DIR": small_rules}) as (_, port):
        second = program("run", PORT=port, DATA_DIR="other", RULES_DIR=small_rules)
    assert second.returncode == 69
    assert b"set PORT to another one" in second.stderr


def test_a_database_of_a_newer_program_is_told(program: Program, tmp_path: Path, small_rules: str) -> None:
    (tmp_path / "data").mkdir()
    with closing(sqlite3.connect(tmp_path / "data" / "caveat.sqlite3")) as database, database:
        database.execute("CREATE TABLE migrations (place INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE)")
        database.execute("INSERT INTO migrations (name) VALUES ('from the future')")
    ended = program("run", PORT="0", RULES_DIR=small_rules)
    assert ended.returncode == 78
    assert b"newer version" in ended.stderr


def test_an_interruption_ends_with_its_code(tmp_path: Path, clean_environment: dict[str, str]) -> None:
    with filtering(tmp_path, clean_environment) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(CLAIM % 1)
        process.stdin.flush()
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert process.wait() == 130


@contextmanager
def running(folder: Path, environment: dict[str, str]) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """Run the bot on a free port, which is given, until the context ends."""
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "run"],
        cwd=folder,
        env={**environment, "PORT": "0"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline().decode()
            address = re.search(r"http://127\.0\.0\.1:(\d+)/", line)
            assert address is not None, line
            yield process, address[1]
        finally:
            process.terminate()


def filtering(folder: Path, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    """Start the filter, with pipes on all sides."""
    return subprocess.Popen(
        [sys.executable, "-m", "bot", "check", "--jsonl"],
        cwd=folder,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
