"""Hits on disk: put in order without holding all in memory, and kept so that a run can be gone on with.

It is one SQLite file. A run's progress is written with what was found in one transaction, so that an
interruption at any moment leaves the last whole state. It holds ids and rules of messages in which something
was found, and the few samples that the report will show; no other text.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from bot.backtest.model import Change, Hit, Key, Looked, Sample
from bot.backtest.running import time_of
from bot.errors import ResumeError, StoreError
from bot.matching.model import Finding, Findings, Stance

CHECKPOINT = 8
"""Chunks after which the state is written."""
_OURS = 0x43426274
"""Marks the file as ours ("CBbt")."""
_FORM = 1
_TABLES = """
    CREATE TABLE state (name TEXT PRIMARY KEY, value TEXT NOT NULL);
    CREATE TABLE hits (at REAL, number INTEGER NOT NULL, content TEXT NOT NULL);
"""


class Ledger:
    """A record on disk; see `bot.backtest.running.Record`.

    Args:
        path: the file to go on with, or to begin; None for one that is gone with the program.
        run: what makes up the run; a file that was begun with something else is refused. Each value is told
            apart by its name: "the rules", "the settings".

    Raises:
        ResumeError: the file is not one of ours, or belongs to another run.
        StoreError: it cannot be read or written.
    """

    def __init__(self, path: Path | None, *, run: dict[str, str]) -> None:
        self._path = path
        self.chunks = 0
        self.digest = ""
        self.samples: tuple[Sample, ...] = ()
        with self._translated():
            if path is not None:
                _make_private(path)
            self._database = sqlite3.connect("" if path is None else path, isolation_level=None)
        try:
            with self._translated():
                self._open(run)
        except BaseException:
            self._database.close()
            raise

    def __enter__(self) -> Ledger:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._database.close()

    def keep(self, looked: Looked, samples: Callable[[], Iterable[Sample]]) -> None:
        """See `Record.keep`.

        Raises:
            StoreError: the file cannot be written.
        """
        with self._translated():
            self._database.executemany(
                "INSERT INTO hits VALUES (?, ?, ?)",
                ((time_of(hit), hit.number, _packed(hit)) for hit in looked.hits),
            )
            self.chunks += 1
            self.digest = looked.digest
            if self.chunks % CHECKPOINT == 0:
                self._checkpoint(samples())

    def in_order(self) -> Iterator[Hit]:
        """See `Record.in_order`.

        Raises:
            StoreError: the file cannot be read.
        """
        with self._translated():
            for number, content in self._database.execute(
                "SELECT number, content FROM hits ORDER BY at, number"
            ):
                yield _unpacked(number, content)

    def discard(self) -> None:
        """Remove the file; the run is through."""
        with self._translated():
            self._database.close()
            if self._path is not None:
                self._path.unlink(missing_ok=True)

    def _open(self, run: dict[str, str]) -> None:
        mark = self._database.execute("PRAGMA application_id").fetchone()[0]
        tables = self._database.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()[0]
        if mark != _OURS and tables:
            raise ResumeError(f"{self._path} is not the state of a back-test; name another file")
        if not tables:
            self._database.executescript(f"BEGIN;{_TABLES}PRAGMA application_id = {_OURS};COMMIT;")
            self._database.execute("BEGIN")
            self._set({"form": _FORM, "run": run})
            self._checkpoint(())
            return
        state = self._state()
        self._require_same(state, run)
        self.chunks, self.digest = int(state["chunks"]), str(state["digest"])
        self.samples = tuple(_sample(packed) for packed in state["samples"])
        self._database.execute("BEGIN")

    def _state(self) -> dict[str, Any]:
        try:
            state = {
                name: json.loads(value)
                for name, value in self._database.execute("SELECT name, value FROM state")
            }
        except ValueError as error:
            raise ResumeError(f"{self._path} is damaged; delete it to begin anew") from error
        if state.get("form") != _FORM or not {"run", "chunks", "digest", "samples"} <= state.keys():
            raise ResumeError(
                f"{self._path} was written by another version of the program; delete it to begin anew"
            )
        return state

    def _require_same(self, state: dict[str, Any], run: dict[str, str]) -> None:
        changed = [name for name in run if state["run"].get(name) != run[name]]
        if changed:
            raise ResumeError(
                f"{self._path} belongs to another back-test: changed since then: {', '.join(changed)}. "
                "Delete it to begin anew, or name another file"
            )

    def _checkpoint(self, samples: Iterable[Sample]) -> None:
        packed = [_packed_sample(sample) for sample in samples]
        self._set({"chunks": self.chunks, "digest": self.digest, "samples": packed})
        self._database.execute("COMMIT")
        self._database.execute("BEGIN")

    def _set(self, values: dict[str, object]) -> None:
        self._database.executemany(
            "INSERT OR REPLACE INTO state VALUES (?, ?)",
            ((name, json.dumps(value)) for name, value in values.items()),
        )

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            name = self._path or "the temporary file of the back-test"
            if isinstance(error, sqlite3.DatabaseError) and "not a database" in str(error):
                raise ResumeError(f"{name} is not the state of a back-test; name another file") from error
            raise StoreError(f"{name} cannot be read or written: {error}") from error


def _make_private(path: Path) -> None:
    """Make a new file that nobody else can read: it will hold samples."""
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def _packed(hit: Hit) -> str:
    sent_at = hit.sent_at.isoformat() if hit.sent_at else None
    found = [
        [[_row(one) for one in findings.found], _row(findings.emergency) if findings.emergency else None]
        for findings in hit.found
    ]
    return json.dumps([hit.server, hit.room, hit.author, sent_at, hit.parents, hit.roles, found])


def _unpacked(number: int, content: str) -> Hit:
    server, room, author, sent_at, parents, roles, found = json.loads(content)
    return Hit(
        number=number,
        server=server,
        room=room,
        author=author,
        sent_at=datetime.fromisoformat(sent_at) if sent_at else None,
        parents=tuple(parents),
        roles=tuple(roles),
        found=tuple(
            Findings(tuple(_finding(row) for row in rows), emergency=_finding(last) if last else None)
            for rows, last in found
        ),
    )


def _row(finding: Finding) -> list[object]:
    return [
        finding.rule,
        finding.family,
        finding.stance.value,
        finding.score,
        finding.start,
        finding.end,
        finding.status,
        finding.matched,
        finding.phrase,
        finding.because,
    ]


def _finding(row: list[Any]) -> Finding:
    rule, family, stance, score, start, end, status, matched, phrase, because = row
    return Finding(rule, family, Stance(stance), score, start, end, matched, phrase, status, tuple(because))


def _packed_sample(sample: Sample) -> list[object]:
    return [
        sample.key.change,
        sample.key.rule,
        sample.rank,
        sample.number,
        sample.id,
        sample.room_name,
        sample.sent_at.isoformat() if sample.sent_at else None,
        sample.text,
        [_row(finding) for finding in sample.findings],
        sample.cut,
    ]


def _sample(packed: list[Any]) -> Sample:
    change, rule, rank, number, identity, room_name, sent_at, text, findings, cut = packed
    return Sample(
        key=Key(Change(change) if change else None, rule),
        rank=rank,
        number=number,
        id=identity,
        room_name=room_name,
        sent_at=datetime.fromisoformat(sent_at) if sent_at else None,
        text=text,
        findings=tuple(_finding(row) for row in findings),
        cut=cut,
    )
