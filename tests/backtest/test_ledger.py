"""Hits on disk: nothing is lost on the way, and an interrupted run goes on where it was."""

from __future__ import annotations

import json
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.backtest.ledger import CHECKPOINT, Ledger
from bot.backtest.model import Chunk, Looked, Message, Plan
from bot.backtest.report import Reading, as_json
from bot.backtest.running import ChangedInputError, InMemory, Look, backtest, compiled, here
from bot.errors import ResumeError, StoreError
from tests.backtest.samples import conversation

RUN = {"the rules": "1", "the exports": "a"}
SIZE = 10


def told(messages: list[Message], plan: Plan, **options: object) -> str:
    return json.dumps(as_json(backtest(messages, plan, size=SIZE, **options), Reading()))  # type: ignore[arg-type]


def stopping(plan: Plan, after: int, seen: list[int]) -> Look:
    """Look at chunks until Ctrl-C is pressed."""

    def look_at(chunks: Iterator[Chunk]) -> Iterator[Looked]:
        for place, looked in enumerate(here(compiled(plan.books), samples=plan.samples)(chunks)):
            if place == after:
                raise KeyboardInterrupt
            seen.append(looked.number)
            yield looked

    return look_at


def test_hits_come_back_as_in_memory(comparing: Plan) -> None:
    messages = conversation(300, rooms=("a", "b\ud800"))[::-1]
    memory = InMemory()
    backtest(messages, comparing, record=memory, size=SIZE)
    with Ledger(None, run=RUN) as ledger:
        backtest(messages, comparing, record=ledger, size=SIZE)
        assert list(ledger.in_order()) == list(memory.in_order())


def test_an_interrupted_run_goes_on_where_it_was(tmp_path: Path, comparing: Plan) -> None:
    messages, file = conversation(400), tmp_path / "state"
    whole = told(messages, comparing)
    seen: list[int] = []
    for after in (CHECKPOINT * 2 + 3, CHECKPOINT - 1, CHECKPOINT + 1):
        with Ledger(file, run=RUN) as ledger, pytest.raises(KeyboardInterrupt):
            backtest(messages, comparing, record=ledger, look_at=stopping(comparing, after, seen), size=SIZE)
    with Ledger(file, run=RUN) as ledger:
        assert ledger.chunks == CHECKPOINT * 3
        assert told(messages, comparing, record=ledger) == whole
        ledger.discard()
    assert not file.exists()
    assert seen.count(0) == 1


def test_other_messages_are_refused(tmp_path: Path, plan: Plan) -> None:
    messages, file = conversation(400), tmp_path / "state"
    with Ledger(file, run=RUN) as ledger, pytest.raises(KeyboardInterrupt):
        backtest(messages, plan, record=ledger, look_at=stopping(plan, 20, []), size=SIZE)
    messages[3] = messages[4]
    with Ledger(file, run=RUN) as ledger, pytest.raises(ChangedInputError):
        backtest(messages, plan, record=ledger, size=SIZE)


def test_another_run_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "state"
    with Ledger(file, run=RUN):
        pass
    with pytest.raises(ResumeError, match="changed since then: the rules\\. Delete it"):
        Ledger(file, run=RUN | {"the rules": "2"})
    with Ledger(file, run=RUN) as ledger:
        assert ledger.chunks == 0


@pytest.mark.parametrize(
    ("content", "problem"),
    [(b"my only notes" * 100, "not the state of a back-test"), (b"SQLite format 3\0" + b"\1" * 200, "state")],
)
def test_a_file_that_is_not_ours_is_left_alone(tmp_path: Path, content: bytes, problem: str) -> None:
    file = tmp_path / "state"
    file.write_bytes(content)
    with pytest.raises((ResumeError, StoreError), match=problem):
        Ledger(file, run=RUN)
    assert file.read_bytes() == content


def test_a_database_that_is_not_ours_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "state"
    with closing(sqlite3.connect(file)) as database:
        database.execute("CREATE TABLE replies (reply TEXT)")
    before = file.read_bytes()
    with pytest.raises(ResumeError, match="name another file"):
        Ledger(file, run=RUN)
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM state WHERE name = 'samples'",
        "UPDATE state SET value = '2' WHERE name = 'form'",
        "UPDATE state SET value = '{' WHERE name = 'digest'",
    ],
)
def test_a_state_that_cannot_be_understood_is_told(tmp_path: Path, change: str) -> None:
    file = tmp_path / "state"
    with Ledger(file, run=RUN):
        pass
    with closing(sqlite3.connect(file)) as database, database:
        database.execute(change)
    with pytest.raises(ResumeError, match="delete it to begin anew"):
        Ledger(file, run=RUN)


def test_a_folder_that_is_missing_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be read or written"):
        Ledger(tmp_path / "missing" / "state", run=RUN)


def test_nobody_else_can_read_the_state(tmp_path: Path, plan: Plan) -> None:
    file = tmp_path / "state"
    with Ledger(file, run=RUN) as ledger:
        backtest(conversation(100), plan, record=ledger, size=SIZE)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_the_state_holds_no_text_but_samples(tmp_path: Path, plan: Plan) -> None:
    file = tmp_path / "state"
    with Ledger(file, run=RUN) as ledger:
        report = backtest(conversation(200), plan, record=ledger, size=SIZE)
    with closing(sqlite3.connect(file)) as database:
        (hits,) = database.execute("SELECT group_concat(content) FROM hits").fetchone()
        (samples,) = database.execute("SELECT value FROM state WHERE name = 'samples'").fetchone()
    assert "my cold" not in hits
    assert len(json.loads(samples)) == len(report.samples)
