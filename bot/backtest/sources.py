"""Finding the files of an export: single files, folders, and zip files, which are read like folders."""

from __future__ import annotations

import gzip
import io
import os
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Protocol

from msgspec import Struct

from bot.errors import Fault

GZIP = b"\x1f\x8b"
ZIP = b"PK\x03\x04"
READ_ERRORS = (OSError, EOFError, zlib.error, zipfile.BadZipFile, RuntimeError, NotImplementedError)
"""What the standard library raises while a file, packed or not, is read."""
BUFFER = 1 << 16
"""Bytes that are read ahead."""
_INDEX = "index.json"
_CHANNEL = "channel.json"
_MESSAGES = ("messages.json", "messages.csv")
_LONGEST_BESIDE = 1 << 24
"""Bytes that are read at most of a file beside the messages."""


class Tree(Protocol):
    """A folder, or a zip file that stands for one. Names are relative, with slashes."""

    path: Path

    def names(self) -> Sequence[str]:
        """Every file in it, in order."""

    def size(self, name: str) -> int:
        """How many bytes a file holds."""

    def open(self, name: str) -> BinaryIO:
        """Open a file to read its bytes."""


class Source(Struct, frozen=True):
    """One file that may hold messages.

    Args:
        path: how it is named in faults; for a file in a zip file its name follows the zip file's.
        size: its bytes, as they are stored.
        named: whether it was named by itself, rather than found in a folder.
        tree: what it lies in.
        name: its name in the tree.
    """

    path: Path
    size: int
    named: bool
    tree: Tree
    name: str

    def open(self, *, count: Callable[[int], None] | None = None) -> io.BufferedReader:
        """Open it; what is packed with gzip is unpacked.

        Args:
            count: told how many bytes were read each time, as they are stored.

        Raises:
            OSError: it cannot be opened; what reading raises stands in `READ_ERRORS`.
        """
        raw: io.BufferedReader = io.BufferedReader(_Counted(self.tree.open(self.name), count), BUFFER)
        if raw.peek(2)[:2] == GZIP:
            return io.BufferedReader(gzip.GzipFile(fileobj=raw), BUFFER)
        return raw

    def beside(self, name: str) -> bytes | None:
        """Read a small file that lies beside it; None where there is none, or it cannot be read.

        Args:
            name: its name; "../" leads to the folder above.
        """
        wanted = os.path.normpath(PurePosixPath(self.name).parent / name).replace(os.sep, "/")
        with suppress(*READ_ERRORS, KeyError, ValueError), self.tree.open(wanted) as file:
            return file.read(_LONGEST_BESIDE)
        return None


class _Counted(io.RawIOBase):
    """Tells how much of a stream was read."""

    def __init__(self, stream: BinaryIO, count: Callable[[int], None] | None) -> None:
        self._stream = stream
        self._count = count

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override,unused-ignore]
        data = self._stream.read(len(buffer))
        buffer[: len(data)] = data
        if self._count is not None:
            self._count(len(data))
        return len(data)

    def close(self) -> None:
        self._stream.close()
        super().close()


class _Folder:
    """A folder on disk."""

    def __init__(self, path: Path, unreadable: Callable[[OSError], None] | None = None) -> None:
        self.path = path
        self._unreadable = unreadable

    def names(self) -> Sequence[str]:
        found = []
        for folder, folders, files in os.walk(self.path, onerror=self._unreadable):
            folders.sort()
            for file in files:
                path = Path(folder) / file
                if path.is_file():
                    found.append(path.relative_to(self.path).as_posix())
        return sorted(found)

    def size(self, name: str) -> int:
        return (self.path / name).stat().st_size

    def open(self, name: str) -> BinaryIO:
        return (self.path / name).open("rb")


class _Zip:
    """A zip file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = zipfile.ZipFile(path)

    def names(self) -> Sequence[str]:
        return sorted({info.filename for info in self._file.infolist() if not info.is_dir()})

    def size(self, name: str) -> int:
        return self._file.getinfo(name).file_size

    def open(self, name: str) -> BinaryIO:
        return self._file.open(name)  # type: ignore[return-value]


def sources_of(paths: Sequence[Path], faults: list[Fault]) -> list[Source]:
    """Find every file that may hold messages.

    Args:
        paths: files, folders and zip files, as they were named.
        faults: what cannot be read is added to it.

    Returns:
        the files in the order in which they were named, in a folder by their names. A folder that holds
        Discord's data package gives its messages only; hidden files are left out.
    """
    return [source for path in paths for source in _sources(path, faults)]


def _sources(path: Path, faults: list[Fault]) -> Iterator[Source]:
    try:
        if path.is_dir():
            yield from _in_tree(_Folder(path, lambda error: faults.append(_unreadable(path, error))))
        elif _is_zip(path):
            yield from _in_tree(_Zip(path))
        else:
            parent = _Folder(path.parent)
            yield Source(path, path.stat().st_size, named=True, tree=parent, name=path.name)
    except READ_ERRORS as error:
        instead = "Copy it anew, or unpack it and name the folder." if _is_named_zip(path) else ""
        faults.append(Fault(path, 1, 1, f"it cannot be read: {reason_of(error)}.", instead))


def _unreadable(path: Path, error: OSError) -> Fault:
    return Fault(Path(error.filename or path), 1, 1, f"it cannot be read: {reason_of(error)}.")


def _is_zip(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == ZIP


def _is_named_zip(path: Path) -> bool:
    return path.suffix.lower() == ".zip"


def _in_tree(tree: Tree) -> Iterator[Source]:
    names = [name for name in tree.names() if not _is_hidden(name)]
    everything = set(names)
    packages = {
        str(PurePosixPath(name).parent)
        for name in names
        if PurePosixPath(name).name == _INDEX and _has_channels(PurePosixPath(name).parent, names)
    }
    roots = {str(PurePosixPath(package).parent) for package in packages}
    for name in names:
        if _is_inside(name, packages):
            if PurePosixPath(name).name not in _MESSAGES or _other_form(name) in everything:
                continue
        elif _is_inside(name, roots - {"."}) or ("." in roots and packages):
            continue
        yield Source(tree.path / name, tree.size(name), named=False, tree=tree, name=name)


def _other_form(name: str) -> str:
    """Name the better form of a package's messages, where this is the older one."""
    path = PurePosixPath(name)
    return str(path.with_name(_MESSAGES[0])) if path.name == _MESSAGES[1] else ""


def _has_channels(folder: PurePosixPath, names: Sequence[str]) -> bool:
    return any(
        PurePosixPath(name).name == _CHANNEL and PurePosixPath(name).parent.parent == folder for name in names
    )


def _is_inside(name: str, folders: set[str]) -> bool:
    return any(str(parent) in folders for parent in PurePosixPath(name).parents)


def _is_hidden(name: str) -> bool:
    return any(part.startswith(".") or part == "__MACOSX" for part in PurePosixPath(name).parts)


def reason_of(error: BaseException) -> str:
    """Say in a few words why something cannot be read."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror.lower()
    if isinstance(error, EOFError | zlib.error | zipfile.BadZipFile | gzip.BadGzipFile):
        return f"it is cut off or damaged ({error or type(error).__name__})"
    return str(error) or type(error).__name__
