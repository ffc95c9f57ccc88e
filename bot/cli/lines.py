"""The filter: one JSON object a line in, one a line out, in the same order, whatever a line holds."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import BinaryIO

from msgspec import Struct

from bot.matching.model import Finding
from bot.replies.model import Hold, Outcome, Reply

LONGEST_LINE = 1 << 20
"""Bytes of one line that are read at most: enough for a long message and fifty more as context."""

Check = Callable[[str, tuple[str, ...]], Outcome]
Identity = str | int | None


class LineError(Exception):
    """A line is not what the filter takes.

    Args:
        problem: what is wrong, for whoever made the line.
        identity: the line's id, where it could be read.
    """

    def __init__(self, problem: str, identity: Identity = None) -> None:
        super().__init__(problem)
        self.identity = identity


class Request(Struct, frozen=True):
    """One line that was understood: its id, the message, and what was said just before, oldest first."""

    identity: Identity
    text: str
    context: tuple[str, ...]


def read_lines(stream: BinaryIO) -> Iterator[bytes | None]:
    """Read lines without ever holding more than the longest one allowed.

    Args:
        stream: where they come from.

    Returns:
        each line without its line break, as it comes in; None in place of one that is too long.
    """
    while line := stream.readline(LONGEST_LINE + 1):
        if len(line) <= LONGEST_LINE or line.endswith(b"\n"):
            yield line.rstrip(b"\r\n")
            continue
        while line and not line.endswith(b"\n"):
            line = stream.readline(LONGEST_LINE)
        yield None


def answer(line: bytes | None, number: int, check: Check) -> str:
    """Answer one line.

    Args:
        line: the line; None where it was too long.
        number: which one it is, from 1, for the error's text.
        check: checks a message with what was said before it.

    Returns:
        one JSON object on one line, without a line break: a result, or an error.
    """
    try:
        request = parse(line, first=number == 1)
    except LineError as error:
        return _json({"id": error.identity, "error": f"line {number}: {error}"})
    try:
        return _json(result(request.identity, check(request.text, request.context)))
    except Exception as error:  # noqa: BLE001  # one message must not end the filter for those behind it
        return _json({"id": request.identity, "error": f"line {number}: the check failed: {error!r}"})


def parse(line: bytes | None, *, first: bool = False) -> Request:
    """Understand one line.

    Args:
        line: the line; None where it was too long.
        first: whether it is the first, which may begin with a byte order mark.

    Returns:
        the request.

    Raises:
        LineError: it is not a JSON object with an `id`, a `text` and, if any, a `context`.
    """
    if line is None:
        raise LineError(f"longer than {LONGEST_LINE} bytes")
    try:
        value = json.loads(line.decode("utf-8-sig" if first else "utf-8"), parse_constant=_refuse_constant)
    except UnicodeDecodeError as error:
        raise LineError(f"not UTF-8: byte {error.start + 1} cannot be read") from error
    except json.JSONDecodeError as error:
        if not line.strip():
            raise LineError("empty") from error
        raise LineError(f"not JSON: {error.msg} at column {error.colno}") from error
    except RecursionError as error:
        raise LineError("not JSON: nested too deeply") from error
    except ValueError as error:
        raise LineError(f"not JSON: {error}") from error
    return _request(value)


def result(identity: Identity, outcome: Outcome) -> dict[str, object]:
    """Put an outcome in the form of the filter's output.

    Args:
        identity: the line's id.
        outcome: what came of its message.

    Returns:
        the object: id, decision, reason, findings, and `emergency` where there is one. A finding's `start`
        and `end` count characters (Unicode code points) of the text, from 0, `end` exclusive.
    """
    given: dict[str, object] = {
        "id": identity,
        "decision": decision_name(outcome),
        "reason": outcome.decision.reason,
        "findings": [_finding(finding) for finding in outcome.findings.found],
    }
    if outcome.findings.emergency is not None:
        given["emergency"] = True
    return given


def decision_name(outcome: Outcome) -> str:
    """Name what was decided: reply, hold or silent."""
    if isinstance(outcome.decision, Reply):
        return "reply"
    return "hold" if isinstance(outcome.decision, Hold) else "silent"


def _finding(finding: Finding) -> dict[str, object]:
    return {
        "rule": finding.rule,
        "family": finding.family,
        "stance": finding.stance.value,
        "score": round(finding.score, 1),
        "start": finding.start,
        "end": finding.end,
        "matched": finding.matched,
        "phrase": finding.phrase,
    }


def _request(value: object) -> Request:
    if not isinstance(value, dict):
        raise LineError(f"should be an object with id and text, is {_kind(value)}")
    identity = value.get("id")
    if not isinstance(identity, str | int) or isinstance(identity, bool):
        raise LineError("id is missing" if "id" not in value else f"id should be text, is {_kind(identity)}")
    if not isinstance(value.get("text"), str):
        problem = "is missing" if "text" not in value else f"should be text, is {_kind(value['text'])}"
        raise LineError(f"text {problem}", identity)
    return Request(identity, value["text"], tuple(_context(value.get("context"), identity)))


def _context(value: object, identity: Identity) -> Iterator[str]:
    if value is None:
        return
    if not isinstance(value, list):
        raise LineError(f"context should be a list, is {_kind(value)}", identity)
    for place, earlier in enumerate(value, 1):
        if not isinstance(earlier, dict) or not isinstance(earlier.get("text"), str):
            raise LineError(f"context entry {place} should be an object with author and text", identity)
        if not isinstance(earlier.get("author", ""), str):
            raise LineError(f"context entry {place}: author should be text", identity)
        yield earlier["text"]


def _kind(value: object) -> str:
    names = {
        bool: "true or false",
        int: "a number",
        float: "a number",
        str: "text",
        list: "a list",
        dict: "an object",
    }
    return names.get(type(value), "null")


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is not a JSON number")


def _json(value: dict[str, object]) -> str:
    return json.dumps(value, allow_nan=False)
