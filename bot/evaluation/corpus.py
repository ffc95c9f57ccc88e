"""The labelled messages: reading them, telling every fault of them at once, and splitting them in two."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from enum import StrEnum
from pathlib import Path

from msgspec import Struct

from bot.errors import CorpusError, Fault
from bot.matching.model import SPEAKING, Stance

NO_STANCE = "none"
"""The stance of a message in which nothing is said about any claim."""
STANCES = (*(stance.value for stance in Stance), NO_STANCE)
KEYS = ("id", "text", "context", "claims", "stance", "kind")
ENDING = ".jsonl"


class Part(StrEnum):
    """Which messages are measured."""

    TUNE = "tune"
    HOLD = "hold"
    ALL = "all"


class Labelled(Struct, frozen=True):
    """One message with its label.

    Args:
        id: its id; its hash decides whether it is tuned on.
        text: the message as it was typed.
        context: what was said just before, oldest first.
        claims: ids of the claim families in it.
        stance: who stands behind them: a `Stance`, or `none`.
        kind: what sort of message it is, for the table by kind.
    """

    id: str
    text: str
    context: tuple[str, ...]
    claims: frozenset[str]
    stance: str
    kind: str

    @property
    def due(self) -> frozenset[str]:
        """The families that should be answered; none where the claims are denied, warned of or quoted."""
        return self.claims if self.stance in SPEAKING else frozenset()


def part_of(identity: str) -> Part:
    """Tell to which part a message belongs, for good: by the SHA-256 of its id.

    Args:
        identity: the message's id.

    Returns:
        `hold` for about three messages in ten, else `tune`.
    """
    digest = int(hashlib.sha256(identity.encode()).hexdigest(), 16)
    return Part.HOLD if digest % 10 >= 7 else Part.TUNE


def only(messages: Iterable[Labelled], part: Part) -> list[Labelled]:
    """Take the messages of one part, in order."""
    return [message for message in messages if part in (Part.ALL, part_of(message.id))]


def load_corpus(paths: Iterable[Path], *, families: Collection[str]) -> list[Labelled]:
    """Read labelled messages.

    Args:
        paths: files of one JSON object a line, or folders, of which every such file is taken.
        families: ids of the claim families that there are.

    Returns:
        the messages, in the order of the files and lines; empty lines are passed over.

    Raises:
        CorpusError: a file cannot be read, holds a line that is not right, or an id comes twice; every fault
            is told with file, line and column. Also where there is no message at all.
    """
    reader = _Reader(families)
    given = list(paths)
    for path in given:
        for file in _files(path):
            reader.read(file)
    if not reader.faults and not reader.messages and given:
        reader.faults.append(Fault(given[0], 1, 1, "there is no labelled message.", f"Name a {ENDING} file."))
    if reader.faults:
        raise CorpusError(reader.faults)
    return reader.messages


def _files(path: Path) -> list[Path]:
    return sorted(path.rglob(f"*{ENDING}")) if path.is_dir() else [path]


class _LineError(Exception):
    def __init__(self, problem: str, instead: str = "", column: int = 1) -> None:
        super().__init__(problem)
        self.problem, self.instead, self.column = problem, instead, column


class _Reader:
    """Reads file after file; keeps messages and faults."""

    def __init__(self, families: Collection[str]) -> None:
        self.messages: list[Labelled] = []
        self.faults: list[Fault] = []
        self._families = families
        self._places: dict[str, str] = {}

    def read(self, path: Path) -> None:
        try:
            lines = path.read_bytes().split(b"\n")
        except OSError as error:
            self.faults.append(Fault(path, 1, 1, f"it cannot be read: {error.strerror or error}."))
            return
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                self._take(_message(_decoded(line, first=number == 1), self._families), f"{path}:{number}")
            except _LineError as error:
                self.faults.append(Fault(path, number, error.column, error.problem, error.instead))

    def _take(self, message: Labelled, place: str) -> None:
        if message.id in self._places:
            raise _LineError(f"the id {message.id} stands at {self._places[message.id]} already.")
        self._places[message.id] = place
        self.messages.append(message)


def _decoded(line: bytes, *, first: bool) -> object:
    try:
        return json.loads(line.decode("utf-8-sig" if first else "utf-8"))
    except UnicodeDecodeError as error:
        raise _LineError(f"it is not UTF-8: byte {error.start + 1} cannot be read.") from error
    except json.JSONDecodeError as error:
        raise _LineError(f"it is not JSON: {error.msg}.", column=error.colno) from error
    except (ValueError, RecursionError) as error:
        raise _LineError(f"it is not JSON: {error}.") from error


def _message(value: object, families: Collection[str]) -> Labelled:
    if not isinstance(value, dict):
        raise _LineError("it is no JSON object.", 'Write {"id": …, "text": …, "claims": […], …}.')
    for key in value:
        if key not in KEYS:
            raise _LineError(f"the key {key} is not known.", f"Known are {', '.join(KEYS)}.")
    stance = _text(value, "stance")
    if stance not in STANCES:
        raise _LineError(f"the stance {stance} is not known.", f"Known are {', '.join(STANCES)}.")
    return Labelled(
        id=_text(value, "id"),
        text=_text(value, "text"),
        context=tuple(_context(value.get("context", []))),
        claims=_claims(value, families),
        stance=stance,
        kind=_text(value, "kind"),
    )


def _text(value: Mapping[str, object], key: str) -> str:
    found = value.get(key)
    if not isinstance(found, str) or not found:
        raise _LineError(f"{key} is missing." if key not in value else f"{key} should be text.")
    return found


def _claims(value: Mapping[str, object], families: Collection[str]) -> frozenset[str]:
    claims = value.get("claims")
    if not isinstance(claims, list) or not all(isinstance(claim, str) for claim in claims):
        raise _LineError("claims should be a list of claim families.", "Write [] where there is none.")
    for claim in claims:
        if claim not in families:
            raise _LineError(f"the claim family {claim} is not known.", f"Known are {', '.join(families)}.")
    if len(set(claims)) < len(claims):
        raise _LineError("claims names a family twice.")
    return frozenset(claims)


def _context(value: object) -> Iterator[str]:
    wrong = _LineError(
        "context should be a list of objects with author and text.", 'Write [{"author": "a", "text": "…"}].'
    )
    if not isinstance(value, list):
        raise wrong
    for earlier in value:
        if not isinstance(earlier, dict) or not isinstance(earlier.get("text"), str):
            raise wrong
        yield earlier["text"]
