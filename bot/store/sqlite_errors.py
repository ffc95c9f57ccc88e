"""The one place where errors of SQLite become errors of ours."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.errors import StoreError, StoreUnavailableError

_UNAVAILABLE = {
    sqlite3.SQLITE_CANTOPEN: "cannot be opened; set DATA_DIR to a folder that may be written",
    sqlite3.SQLITE_READONLY: "may not be written; check the rights of the file and of its folder",
    sqlite3.SQLITE_PERM: "may not be used; check the rights of the file and of its folder",
    sqlite3.SQLITE_AUTH: "may not be used; check the rights of the file and of its folder",
    sqlite3.SQLITE_BUSY: "is locked by another program; close that program or try again",
    sqlite3.SQLITE_LOCKED: "is locked by another program; close that program or try again",
    sqlite3.SQLITE_FULL: "cannot grow, because the disk is full",
}
_UNUSABLE = {
    sqlite3.SQLITE_NOTADB: "is not an SQLite database; move that file away or set another DATA_DIR",
    sqlite3.SQLITE_CORRUPT: "is damaged; put a backup in its place",
    sqlite3.SQLITE_IOERR: "could not be read or written, because the disk reported an error",
}


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn every error of SQLite, aiosqlite and the file system into one readable sentence.

    Args:
        path: the database's file, for the sentence.

    Raises:
        StoreUnavailableError: it cannot be reached, written or locked.
        StoreError: anything else is wrong with it.
    """
    try:
        yield
    except sqlite3.Error as error:
        raise _translation(path, error) from error
    except OSError as error:
        reason = (error.strerror or "unknown error").lower()
        raise StoreUnavailableError(
            f"the database {path} cannot be opened ({reason}); set DATA_DIR to a folder that may be written"
        ) from error
    except UnicodeEncodeError as error:
        raise StoreError(f"the database {path} cannot keep an id with broken characters") from error
    except ValueError as error:
        # aiosqlite tells a closed connection in this way.
        raise StoreError(f"the database {path} is closed") from error


def _translation(path: Path, error: sqlite3.Error) -> StoreError:
    # Errors raised by the sqlite3 module itself carry no code; the low byte is the code without its details.
    code = getattr(error, "sqlite_errorcode", None)
    primary = code & 0xFF if isinstance(code, int) else sqlite3.SQLITE_ERROR
    if primary in _UNAVAILABLE:
        return StoreUnavailableError(f"the database {path} {_UNAVAILABLE[primary]}")
    return StoreError(f"the database {path} {_UNUSABLE.get(primary, f'cannot be used: {error}')}")
