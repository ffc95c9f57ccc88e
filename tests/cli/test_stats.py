"""`caveat-bot stats` at a shell, on a database that a bot has written."""

from __future__ import annotations

import asyncio
import csv
import json
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.store.model import KeptFinding, KeptReply
from bot.store.sqlite import SQLiteStore

Program = Callable[..., subprocess.CompletedProcess[bytes]]

NOW = datetime.now(UTC)
EARLIER = NOW - timedelta(weeks=5)


def kept(reply: str, server: str, family: str, created: datetime) -> KeptReply:
    finding = KeptFinding("rule", family, "asserts", 90, "<kratom>", "some words")
    return KeptReply(reply, reply, server, "room", "ann", "full", (finding,), (), (), "d" * 64, created)


async def written(path: Path) -> None:
    async with SQLiteStore.open(path) as store:
        for place, (server, family, created) in enumerate(
            [("s1", "mood", NOW), ("s1", "mood", NOW), ("s1", "legal", EARLIER), ("s2", "mood", NOW)]
        ):
            await store.keep_reply(kept(f"r{place}", server, family, created))
        await store.vote(reply="r0", member="bob", vote="not-what-i-said", at=NOW)
        await store.vote(reply="r1", member="bob", vote="helpful", at=NOW)
        await store.count_hold(server="s1", family="mood", reason="cool-down", at=NOW)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "data" / "caveat.sqlite3"
    asyncio.run(written(path))
    return path


@pytest.mark.parametrize(
    ("arguments", "told", "row"),
    [
        ([], "4 replies", ["all", "4", "1", "0", "1/0/1", "1/2", "9%–91%"]),
        (["--server", "s1"], "3 replies", ["all", "3", "1", "0", "1/0/1", "1/2", "9%–91%"]),
        (["--server", "s1", "--weeks", "2"], "2 replies", ["mood", "2", "1", "0", "1/0/1", "1/2", "9%–91%"]),
        (["--family", "legal"], "1 reply", ["legal", "1", "0", "0", "–", "–"]),
        (["--server", "nowhere"], "0 replies", None),
    ],
)
@pytest.mark.usefixtures("database")
def test_it_shows_a_summary_and_a_table(
    program: Program, arguments: list[str], told: str, row: list[str] | None
) -> None:
    shown = program("stats", *arguments)
    assert (shown.returncode, shown.stderr) == (0, b"")
    lines = shown.stdout.decode().splitlines()
    assert told in lines[0]
    rows = [line.split() for line in lines]
    assert (row in rows) if row is not None else len(lines) == 1


@pytest.mark.usefixtures("database")
def test_json_csv_and_plot_are_written(program: Program, tmp_path: Path) -> None:
    shown = program("stats", "--json", "a.json", "--csv", "a.csv", "--plot", "a.png", "--server", "s1")
    assert shown.returncode == 0, shown.stderr.decode()
    assert json.loads((tmp_path / "a.json").read_bytes())["total"]["replies"] == 3
    with (tmp_path / "a.csv").open(encoding="utf-8", newline="") as file:
        assert sum(int(row["replies"]) for row in csv.DictReader(file)) == 3
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG\r\n")
    assert b"3 replies" in shown.stdout


@pytest.mark.usefixtures("database")
def test_one_of_json_and_csv_may_go_to_the_output_alone(program: Program) -> None:
    assert json.loads(program("stats", "--json", "-").stdout)["server"] is None
    assert program("stats", "--csv", "-").stdout.startswith(b"week,monday,family,")


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["--weeks", "0"], 2, "--weeks"),
        (["--weeks", "105"], 2, "--weeks"),
        (["--json", "-", "--csv", "-"], 2, "cannot both go to the output"),
        (["--json", "no/where.json"], 78, "cannot be written"),
        (["--plot", "no/where.png"], 69, "cannot be written"),
    ],
)
@pytest.mark.usefixtures("database")
def test_what_goes_wrong_ends_in_one_readable_line(
    program: Program, arguments: list[str], code: int, told: str
) -> None:
    ended = program("stats", *arguments)
    assert ended.returncode == code, ended.stderr.decode()
    assert told in ended.stderr.decode()
    assert b"Traceback" not in ended.stderr
    assert ended.stdout == b""


def test_where_no_bot_has_run_there_is_nothing_to_show_and_nothing_is_made(
    program: Program, tmp_path: Path
) -> None:
    ended = program("stats")
    assert ended.returncode == 69
    assert b"there is no database at data/caveat.sqlite3 yet" in ended.stderr
    assert not (tmp_path / "data").exists()
