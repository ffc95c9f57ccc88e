"""Whether each citation still points at the sentence it was drawn from.

The product holds no sentence of the documents. It holds places and, for each, the SHA-256 of the sentence
there, so that anyone who has the documents can check them.
"""

from __future__ import annotations

import hashlib
import re
from enum import StrEnum
from pathlib import Path

from msgspec import Struct

from bot.errors import SourceError
from bot.rulebook.model import Caveat, Document, Rulebook, Statement

# A sentence ends at . ! or ? followed by white space and a capital letter. What begins with a digit is
# therefore part of the sentence before it.
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=\S)")


class Verdict(StrEnum):
    """What came of checking one citation."""

    OK = "ok"
    MISMATCH = "mismatch"
    MISSING_SENTENCE = "missing sentence"
    MISSING_FILE = "missing file"


class CitationCheck(Struct, frozen=True):
    """One citation and what came of checking it.

    Args:
        caveat: id of the caveat that rests on it.
        at: document, line and sentence.
        file: the document's file.
        verdict: what came of it.
        found: the SHA-256 of the sentence that stands there; empty where there is none.
    """

    caveat: str
    at: str
    file: Path
    verdict: Verdict
    found: str = ""

    def __str__(self) -> str:
        told = {
            Verdict.OK: "matches",
            Verdict.MISMATCH: f"does not match: the sentence there has SHA-256 {self.found}",
            Verdict.MISSING_SENTENCE: f"points at a sentence that {self.file.name} does not have",
            Verdict.MISSING_FILE: f"cannot be checked: {self.file} is not there or is not text",
        }
        return f"{self.caveat}: {self.at} {told[self.verdict]}"


class SourceReport(Struct, frozen=True):
    """All citations, in the order of the caveats.

    Args:
        citations: each citation with what came of it.
    """

    citations: tuple[CitationCheck, ...]

    @property
    def faults(self) -> tuple[CitationCheck, ...]:
        """The citations that do not hold."""
        return tuple(citation for citation in self.citations if citation.verdict is not Verdict.OK)

    @property
    def statements(self) -> int:
        """How many different statements are cited."""
        return len({citation.at for citation in self.citations})

    def require(self) -> None:
        """Insist that every citation holds.

        Raises:
            SourceError: one does not; all are told.
        """
        if self.faults:
            raise SourceError("\n".join(str(citation) for citation in self.faults))


def verify_sources(rulebook: Rulebook, documents: Path) -> SourceReport:
    """Check every citation of every caveat.

    Args:
        rulebook: the rulebook.
        documents: the folder that holds the documents' files.

    Returns:
        each citation with what came of it.

    Raises:
        SourceError: there is no such folder.
    """
    if not documents.is_dir():
        raise SourceError(f"{documents}: there is no such folder; name the one that holds the documents.")
    files = {document.id: document for document in rulebook.documents}
    lines = {document.id: _lines_of(documents / document.file) for document in rulebook.documents}
    checks = [
        _check(caveat, statement, documents, files, lines)
        for caveat in rulebook.caveats
        for statement in caveat.statements
    ]
    return SourceReport(tuple(checks))


def digest_of(path: Path, line: int, sentence: int) -> str:
    """Give the SHA-256 of a sentence, for a new citation.

    Args:
        path: the document's file.
        line: its line, from 1.
        sentence: the sentence on that line, from 1.

    Returns:
        the digest of the sentence in UTF-8 without white space around it, as 64 hexadecimal digits.

    Raises:
        SourceError: the file cannot be read, or has no such sentence.
    """
    lines = _lines_of(path)
    if lines is None:
        raise SourceError(f"{path}: the file is not there or is not text.")
    found = _digest(lines, line, sentence)
    if not found:
        raise SourceError(f"{path}: there is no sentence {sentence} on line {line}.")
    return found


def sentences_of(line: str) -> tuple[str, ...]:
    """Cut a line of a document into its sentences.

    Args:
        line: the line.

    Returns:
        its sentences without white space around them; a line without text has none.
    """
    stripped = line.strip()
    if not stripped:
        return ()
    sentences: list[str] = []
    start = 0
    for end in _SENTENCE_END.finditer(stripped):
        if stripped[end.end()].isupper():
            sentences.append(stripped[start : end.start()])
            start = end.end()
    return (*sentences, stripped[start:])


def _lines_of(path: Path) -> tuple[str, ...] | None:
    try:
        return tuple(path.read_text(encoding="utf-8-sig").split("\n"))
    except (OSError, UnicodeDecodeError):
        return None


def _digest(lines: tuple[str, ...], line: int, sentence: int) -> str:
    sentences = sentences_of(lines[line - 1]) if 0 < line <= len(lines) else ()
    if not 0 < sentence <= len(sentences):
        return ""
    return hashlib.sha256(sentences[sentence - 1].encode()).hexdigest()


def _check(
    caveat: Caveat,
    statement: Statement,
    folder: Path,
    files: dict[str, Document],
    lines: dict[str, tuple[str, ...] | None],
) -> CitationCheck:
    letter, line, sentence = statement.at.split(":")
    file = folder / files[letter].file
    content = lines[letter]
    if content is None:
        return CitationCheck(caveat.id, statement.at, file, Verdict.MISSING_FILE)
    found = _digest(content, int(line), int(sentence))
    if not found:
        return CitationCheck(caveat.id, statement.at, file, Verdict.MISSING_SENTENCE)
    verdict = Verdict.OK if found == statement.sha256 else Verdict.MISMATCH
    return CitationCheck(caveat.id, statement.at, file, verdict, found)
