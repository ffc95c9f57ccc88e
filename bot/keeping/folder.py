"""The folder in which proved rulebooks are kept between two starts."""

from __future__ import annotations

import hashlib
import logging
import os
import stat
import sys
import zlib
from collections.abc import Iterator
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING

from msgspec import Struct

from bot import __version__
from bot.collector import resting
from bot.keeping.tables import NotKeptError, from_bytes, to_bytes
from bot.matching.compile import CompiledRulebook
from bot.matching.selftest import ExampleReport
from bot.proof import Proven
from bot.rulebook.loaded import LoadedRulebook

if TYPE_CHECKING:
    from bot.rulebook.crosscheck import Sources

KEPT_FOLDER = "cache"
"""The name of the folder in the folder of data."""

_FORMAT = "caveat rulebook 1"
_SUFFIX = ".rulebook"
_MOST_KEPT = 3
_LARGEST = 256_000_000
_LARGEST_RULES = 64_000_000
_NO_LINK = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
_PROGRAM = Path(__file__).resolve().parent.parent
_WHAT_COMPILES = ("text", "rulebook", "matching", "keeping")

_logger = logging.getLogger(__name__)


class KeptRulebooks:
    """Keeps proved rulebooks in files, each under the digest of everything that it was made from.

    A file is only read where nobody else can have written it: it and its folder belong to whoever runs the
    program, and no other may write there. Whatever is wrong with it, the rules are read and proved instead.

    Args:
        folder: where the files lie, made when the first one is written; None keeps nothing.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def find(self, rules: Path, *, name: str = "") -> Proven | None:
        """Give what was kept of a folder of rules as it is now.

        Args:
            rules: the folder.
            name: what `name_of` gave just before; without it the folder is read for it.

        Returns:
            the rulebook, proved; None where it was not kept, or not of these very files and this program.
        """
        if self._folder is None:
            return None
        try:
            content = _read_own(self._folder / (name or _name_of(rules)))
            with resting():
                compiled, report, written = _unpacked(content)
        except (OSError, NotKeptError) as error:
            _logger.debug("no proved rulebook is kept: %s", error)
            return None
        return Proven(compiled, report, LoadedRulebook(compiled.source, rules, _Written(written)))

    def keep(self, rules: Path, proven: Proven, name: str) -> None:
        """Keep a proved rulebook. Where that does not work, the next start takes longer, and that is all.

        Args:
            rules: the folder that it was read from.
            proven: the rulebook.
            name: what `name_of` gave before the folder was read; what changed since then is not kept.
        """
        if self._folder is None:
            return
        try:
            if name != _name_of(rules):
                return
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            _write(self._folder / name, _packed(proven))
            _tidy(self._folder)
        except OSError as error:
            _logger.debug("the proved rulebook could not be kept: %s", error)

    @staticmethod
    def name_of(rules: Path) -> str:
        """Give the name under which a folder of rules is kept as it is now; empty where it cannot be read."""
        try:
            return _name_of(rules)
        except OSError:
            return ""


class _Written(Struct, frozen=True):
    """The places of a kept rulebook's entries, made when they are asked for."""

    content: bytes

    def __call__(self) -> Sources:
        from bot.rulebook.crosscheck import Sources  # noqa: PLC0415  # 30 ms, for faults and changes only

        found = from_bytes(zlib.decompress(self.content))
        if not isinstance(found, Sources):
            raise NotKeptError("these are no entries")
        return found


def _write(path: Path, content: bytes) -> None:
    # Whoever reads at the same time sees the old file or the new one, never half of it.
    with NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as file:
        try:
            file.write(content)
            file.close()
            Path(file.name).replace(path)
        except OSError:
            Path(file.name).unlink(missing_ok=True)
            raise


def _tidy(folder: Path) -> None:
    kept = sorted(folder.glob(f"*{_SUFFIX}"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in kept[_MOST_KEPT:]:
        with suppress(OSError):
            path.unlink()


def _packed(proven: Proven) -> bytes:
    written = zlib.compress(to_bytes(proven.loaded.sources), 1)
    content = to_bytes((proven.rulebook, proven.report, written))
    return zlib.crc32(content).to_bytes(4, "big") + content


def _unpacked(content: bytes) -> tuple[CompiledRulebook, ExampleReport, bytes]:
    body = memoryview(content)[4:]
    if zlib.crc32(body) != int.from_bytes(content[:4], "big"):
        raise NotKeptError("the file is damaged")
    found = from_bytes(body)
    match found:
        case (CompiledRulebook() as compiled, ExampleReport() as report, bytes() as written):
            return compiled, report, written
    raise NotKeptError("this is no rulebook")


def _read_own(path: Path) -> bytes:
    """Read a file that only whoever runs the program can have written."""
    _require_own(path.parent.stat())
    with os.fdopen(os.open(path, os.O_RDONLY | _NO_LINK), "rb") as file:
        status = os.fstat(file.fileno())
        _require_own(status)
        if not stat.S_ISREG(status.st_mode) or status.st_size > _LARGEST:
            raise NotKeptError("this is no file of ours")
        content: bytes = file.read()
    return content


def _require_own(status: os.stat_result) -> None:
    # Windows has no such owner and mode; there the folder lies in the user's own profile or data folder.
    if hasattr(os, "getuid") and (status.st_uid != os.getuid() or status.st_mode & 0o022):
        raise NotKeptError("others may have written it")


def _name_of(rules: Path) -> str:
    """Give a name that changes with the rules, the program and the interpreter."""
    digest = hashlib.sha256()
    for part in (_FORMAT, __version__, sys.version, sys.byteorder, str(rules.resolve()), *_stamps()):
        digest.update(f"{part}\0".encode("utf-8", "surrogatepass"))
    total = 0
    for path in sorted(rules.rglob("*")):
        if not path.is_file() or path.parent.name == "schema":
            continue
        content, told = b"", 0
        if path.suffix in (".yaml", ".json", ".txt"):
            content = path.read_bytes()
        else:
            # A language model is too large to be read at every start; what it is kept for is opened later.
            told = path.stat().st_mtime_ns
        total += len(content)
        if total > _LARGEST_RULES:
            raise OSError("the rules are too large to be kept")
        name = f"{path.relative_to(rules)}\0{path.stat().st_size}\0{told}\0"
        digest.update(name.encode("utf-8", "surrogatepass"))
        digest.update(content)
    return digest.hexdigest()[:40] + _SUFFIX


def _stamps() -> Iterator[str]:
    """Give what changes when the program is changed: size and time of the modules that make a rulebook."""
    for part in _WHAT_COMPILES:
        with os.scandir(_PROGRAM / part) as found:
            for one in sorted(found, key=lambda one: one.name):
                if one.name.endswith(".py"):
                    status = one.stat()
                    yield f"{one.name} {status.st_size} {status.st_mtime_ns}"
    words = find_spec("symspellpy")
    if words is not None and words.origin is not None:
        yield str(Path(words.origin).stat().st_mtime_ns)
