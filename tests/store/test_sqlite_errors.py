from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from bot.errors import StoreError, StoreUnavailableError
from bot.store.sqlite_errors import translated


def sqlite_error(kind: type[sqlite3.Error], code: int | None) -> sqlite3.Error:
    error = kind("as SQLite says it")
    if code is not None:
        error.sqlite_errorcode = code
    return error


@pytest.mark.parametrize(
    ("error", "kind", "says"),
    [
        (sqlite_error(sqlite3.OperationalError, sqlite3.SQLITE_CANTOPEN), StoreUnavailableError, "DATA_DIR"),
        (sqlite_error(sqlite3.OperationalError, sqlite3.SQLITE_READONLY), StoreUnavailableError, "rights"),
        (
            sqlite_error(sqlite3.OperationalError, sqlite3.SQLITE_READONLY_DBMOVED),
            StoreUnavailableError,
            "rights",
        ),
        (
            sqlite_error(sqlite3.OperationalError, sqlite3.SQLITE_BUSY_SNAPSHOT),
            StoreUnavailableError,
            "locked",
        ),
        (sqlite_error(sqlite3.OperationalError, sqlite3.SQLITE_FULL), StoreUnavailableError, "disk is full"),
        (sqlite_error(sqlite3.OperationalError, sqlite3.SQLITE_IOERR_READ), StoreError, "disk reported"),
        (sqlite_error(sqlite3.DatabaseError, sqlite3.SQLITE_CORRUPT), StoreError, "damaged"),
        (sqlite_error(sqlite3.IntegrityError, sqlite3.SQLITE_CONSTRAINT), StoreError, "as SQLite says it"),
        (sqlite_error(sqlite3.ProgrammingError, None), StoreError, "as SQLite says it"),
        (PermissionError(13, "Permission denied"), StoreUnavailableError, "permission denied"),
        (OSError(), StoreUnavailableError, "unknown error"),
        (ValueError("no active connection"), StoreError, "closed"),
    ],
)
def test_every_foreign_error_becomes_one_sentence_of_ours(
    error: Exception, kind: type[StoreError], says: str
) -> None:
    with pytest.raises(StoreError, match=says) as told, translated(Path("caveat.db")):
        raise error
    assert type(told.value) is kind
    assert told.value.__cause__ is error
    assert "\n" not in str(told.value)
    assert "caveat.db" in str(told.value)


def test_errors_of_ours_pass_as_they_are() -> None:
    ours = StoreError("as it is")
    with pytest.raises(StoreError) as told, translated(Path("caveat.db")):
        raise ours
    assert told.value is ours
