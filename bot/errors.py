"""Every error the product raises on purpose.

    CaveatBotError                  something the reader of the message can act on
    ├── SettingsError               a setting is missing or wrong                     (exit 78)
    ├── RulebookError               the rules hold faults; `faults` lists all of them (exit 65)
    ├── CorpusError                 labelled messages hold faults; `faults` lists all (exit 65)
    ├── ExportError                 exported messages hold faults; `faults` lists them (exit 65)
    ├── ResumeError                 a back-test cannot be gone on with                (exit 65)
    ├── WorkerError                 a process that helps with the work has died       (exit 69)
    ├── SourceError                 a document is missing or does not match           (exit 65)
    ├── StoreError                  the database cannot be used                       (exit 74)
    │   ├── StoreUnavailableError   its folder or server cannot be reached            (exit 69)
    │   ├── NewerVersionError       rules were saved meanwhile; see bot/store/model.py (exit 74)
    │   └── StoreTooNewError        it was written by a newer program                 (exit 78)
    ├── DiscordError                Discord refused or cannot be reached              (exit 69)
    │   ├── TokenError              the token is missing or wrong                     (exit 78)
    │   └── IntentError             an intent is not switched on                      (exit 78)
    ├── StudioError                 the page cannot be served                         (exit 69)
    └── PlotError                   a plot cannot be drawn; see bot/plotting.py       (exit 69)

Exit codes are those of BSD sysexits.h: 65 data, 69 unavailable, 74 input/output, 78 configuration.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct


class CaveatBotError(Exception):
    """The base of all errors that end in one readable line instead of a traceback."""

    exit_code = 70


class SettingsError(CaveatBotError):
    """A setting is missing or wrong."""

    exit_code = 78


class Fault(Struct, frozen=True, order=True):
    """One thing that is wrong in a file that people edit.

    Args:
        path: the file.
        line: its line, from 1.
        column: its column in characters, from 1.
        problem: what is wrong, in words for a moderator.
        instead: what to write instead; empty where there is nothing to suggest.
    """

    path: Path
    line: int
    column: int
    problem: str
    instead: str = ""

    def in_file(self, path: Path) -> Fault:
        """Give the same fault as one of another file, for a text that was read from there."""
        return Fault(path, self.line, self.column, self.problem, self.instead)

    def __str__(self) -> str:
        hint = f" {self.instead}" if self.instead else ""
        return f"{self.path}:{self.line}:{self.column}: {self.problem}{hint}"


class RulebookError(CaveatBotError):
    """The rules hold faults. All faults are told in one go.

    Args:
        faults: every fault found, in the order of file, line and column.
    """

    exit_code = 65

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(sorted(faults))
        super().__init__("\n".join(str(fault) for fault in self.faults))


class CorpusError(CaveatBotError):
    """The labelled messages hold faults. All faults are told in one go.

    Args:
        faults: every fault found, in the order of file, line and column.
    """

    exit_code = 65

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(sorted(faults))
        super().__init__("\n".join(str(fault) for fault in self.faults))


class ExportError(CaveatBotError):
    """Exported messages hold faults. What could be read was read.

    Args:
        faults: the faults that are told, in the order of file, line and column.
        untold: how many more there are.
    """

    exit_code = 65

    def __init__(self, faults: Sequence[Fault], *, untold: int = 0) -> None:
        self.faults = tuple(sorted(faults))
        more = [f"and {untold} more faults"] if untold else []
        super().__init__("\n".join([*(str(fault) for fault in self.faults), *more]))


class ResumeError(CaveatBotError):
    """A back-test cannot be gone on with: its messages, rules or settings are others now."""

    exit_code = 65


class WorkerError(CaveatBotError):
    """A process that helps with the work has died."""

    exit_code = 69


class SourceError(CaveatBotError):
    """A document that a caveat rests on is missing or does not hold the cited sentence."""

    exit_code = 65


class StoreError(CaveatBotError):
    """The database cannot be used."""

    exit_code = 74


class StoreUnavailableError(StoreError):
    """The database's folder or server cannot be reached or written."""

    exit_code = 69


class StoreTooNewError(StoreError):
    """The database was written by a newer program than this one."""

    exit_code = 78


class DiscordError(CaveatBotError):
    """Discord refused a request or cannot be reached."""

    exit_code = 69


class TokenError(DiscordError):
    """The token is missing, or Discord does not know it."""

    exit_code = 78


class IntentError(DiscordError):
    """An intent that the bot needs is not switched on in Discord's developer portal."""

    exit_code = 78


class StudioError(CaveatBotError):
    """The page cannot be served, for example because its port is taken."""

    exit_code = 69
