"""What a YAML parser complains of, in words for somebody who has never seen YAML."""

from __future__ import annotations

import re
from typing import NamedTuple


class _Wording(NamedTuple):
    complaint: re.Pattern[str]
    problem: str
    instead: str
    at_beginning: bool


def _wording(complaint: str, problem: str, instead: str, *, at_beginning: bool = False) -> _Wording:
    return _Wording(re.compile(complaint), problem, instead, at_beginning)


# Each pattern covers the sentence of libyaml and that of PyYAML's own parser, as "context: problem". Earlier
# ones win.
_WORDINGS = (
    _wording(
        r"mapping values are not allowed",
        "there is a colon here where no key can stand.",
        "If it belongs to the text, put the whole text in quotes; otherwise check the indent.",
    ),
    _wording(
        r"quoted scalar.*(unexpected end of stream|document (indicator|separator))",
        "a quotation mark that was opened is never closed.",
        "Write the same quotation mark at the end of the text.",
        at_beginning=True,
    ),
    _wording(
        r"unknown escape character",
        "a backslash has a meaning of its own in double quotes.",
        "Write two backslashes, or use single quotes.",
    ),
    _wording(
        r"flow (sequence|mapping).*(expected|unexpected)",
        "a bracket `[` or `{` is not closed, or a comma is missing.",
        "Close it on the same line; text with a comma, colon, bracket or quotation mark in it needs quotes.",
        at_beginning=True,
    ),
    _wording(
        r"cannot start any token|expected (the )?node content",
        "a value cannot begin with this character.",
        "Put the whole text in quotes.",
    ),
    _wording(
        r"(scanning an (alias|anchor)|alphabetic or numeric character)",
        "`*` and `&` have a meaning of their own at the beginning of a value.",
        "Put the whole text in quotes.",
        at_beginning=True,
    ),
    _wording(
        r"(scanning a (tag|directive)|parsing a (tag|node).*tag|tag handle|%(YAML|TAG)|directive)",
        "`!` and `%` have a meaning of their own at the beginning of a value.",
        "Put the whole text in quotes.",
        at_beginning=True,
    ),
    _wording(
        r"block scalar",
        "`|` and `>` have a meaning of their own at the beginning of a value.",
        "Put the whole text in quotes.",
        at_beginning=True,
    ),
    _wording(
        r"block collection|block sequence|sequence entries are not allowed|'-' indicator",
        "this line does not fit into the list it stands in.",
        "Begin each entry with `- ` in the same column, and write nothing behind a closing quotation mark.",
    ),
    _wording(
        r"could not find expected ':'",
        "a key without a colon stands here.",
        "Write `key: value`; if it belongs to the text above, put that text in quotes.",
        at_beginning=True,
    ),
    _wording(
        r"block mapping|did not find expected key",
        "this line does not fit to the lines around it.",
        "Put keys that belong together in one column, and nothing behind a closing quotation mark.",
    ),
    _wording(
        r"document (start|indicator|separator)",
        "the file's content seems to end before this line.",
        "Put this line in the same column as the first one.",
    ),
)


class Explanation(NamedTuple):
    """What is wrong, what to write instead, and whether to look where the thing begins or where reading it
    failed."""

    problem: str
    instead: str
    at_beginning: bool = False


def explain_yaml_error(problem: str, context: str) -> Explanation:
    """Say what is wrong in a file that is not YAML.

    Args:
        problem: the parser's problem.
        context: what it was doing.

    Returns:
        what is wrong, what to write instead, and where to look.
    """
    complaint = f"{context}: {problem}"
    for wording in _WORDINGS:
        if wording.complaint.search(complaint):
            return Explanation(wording.problem, wording.instead, wording.at_beginning)
    instead = "Compare it with a line that works: its indent, quotes, colons and dashes."
    return Explanation("this line cannot be read.", instead)
