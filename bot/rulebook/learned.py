"""What was learned from examples: learned.yaml is the moderators', learned.json the program's."""

from __future__ import annotations

import json
from pathlib import Path

from bot.errors import Fault
from bot.rulebook.check import CheckError, check_json
from bot.rulebook.entries import Entry, read_one
from bot.rulebook.faults import fault_of
from bot.rulebook.model import WEIGHTS, Learned, Status, Weights
from bot.rulebook.yaml_source import parse_yaml

LEARNED = "learned.yaml"
_LARGEST = 4_000_000
_INSTEAD = "Take the file away and run `caveat-bot learn` again, or write `status: off` in learned.yaml."


def read_learned(folder: Path, faults: list[Fault]) -> Entry[Learned] | None:
    """Read how likeness is used.

    Args:
        folder: the folder of rules.
        faults: takes every fault found.

    Returns:
        what learned.yaml says; None where there is none.
    """
    path = folder / LEARNED
    return read_one(path, Learned, faults) if path.exists() else None


def read_weights(folder: Path, learned: Entry[Learned] | None, faults: list[Fault]) -> Weights | None:
    """Read the weights, unless likeness is off.

    Args:
        folder: the folder of rules.
        learned: how likeness is used.
        faults: takes every fault found.

    Returns:
        the weights; None where nothing was learned yet, or where they are not used.
    """
    path = folder / WEIGHTS
    if learned is None or learned.value is None or learned.value.status is Status.OFF or not path.exists():
        return None
    try:
        if path.stat().st_size > _LARGEST:
            faults.append(Fault(path, 1, 1, "the file is larger than 4 MB.", _INSTEAD))
            return None
        text = path.read_text(encoding="utf-8")
        return check_json(Weights, text)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        faults.append(Fault(path, 1, 1, f"the file cannot be read: {reason}.", "Check who may read it."))
    except CheckError as error:
        faults.extend(_not_json(text, path) or _placed(error, text, path))
    except (ValueError, RecursionError):  # no UTF-8, or brackets without end
        faults.append(Fault(path, 1, 1, "this is not JSON.", _INSTEAD))
    return None


def _not_json(text: str, path: Path) -> list[Fault]:
    """Tell where a text stops being JSON, if it does. Asked of wrong ones only: it reads all of it at once,
    and nothing else can go on meanwhile."""
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        return [Fault(path, error.lineno, error.colno, f"this is not JSON: {error.msg}.", _INSTEAD)]
    except RecursionError:  # brackets without end
        return [Fault(path, 1, 1, "this is not JSON.", _INSTEAD)]
    return []


def _placed(error: CheckError, text: str, path: Path) -> list[Fault]:
    """Tell where the weights are wrong: JSON is YAML, so its nodes know their places."""
    node = parse_yaml(text, path, [])
    if node is None:
        return [Fault(path, 1, 1, "these are no weights.", _INSTEAD)]
    found = [fault_of(detail, node, Weights) for detail in error.details]
    return [Fault(path, max(1, one.line), max(1, one.column), one.problem, _INSTEAD) for one in found]
