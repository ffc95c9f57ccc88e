"""The digest of a rulebook's content, so that equal rulebooks are compiled once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from bot.rulebook.encoder_file import EncoderFile
from bot.rulebook.model import Rulebook, Weights
from bot.rulebook.part import RulebookPart, plain
from bot.rulebook.rows import Rows
from bot.rulebook.word_classes import WordClasses

_FEATURES = frozenset(("features",))


def digest_of_rulebook(rulebook: Rulebook) -> str:
    """Give the SHA-256 of a rulebook's content, its own digest left out.

    It goes part by part: one text of the whole would take 60 ms, and hold up every other thread as long.

    Args:
        rulebook: the rulebook.
    """
    digest = hashlib.sha256()
    for name in Rulebook.__struct_fields__:
        if name != "digest":
            for text in _texts(name, getattr(rulebook, name)):
                digest.update(f"{text}\n".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def _texts(name: str, value: Any) -> Iterator[str]:  # noqa: ANN401  # any part of a rulebook
    """Give a part as lines of JSON, each with its place, so that no two rulebooks give the same lines."""
    if isinstance(value, Weights):
        yield f"{name} {json.dumps(plain(value, without=_FEATURES))}"
        yield from _texts(name, tuple(value.features))
        yield f"{name} {_digest_of_numbers(value.features)}"
    elif isinstance(value, RulebookPart):
        yield f"{name} {json.dumps(plain(value))}"
    elif isinstance(value, WordClasses | EncoderFile):
        yield f"{name} {value.digest}"
    elif isinstance(value, dict):
        for key in sorted(value):
            yield from _texts(f"{name} {json.dumps(key)}", value[key])
    elif isinstance(value, tuple):
        for part in value:
            yield from _texts(name, part)
    else:
        yield f"{name} {json.dumps(value)}"


def _digest_of_numbers(rows: Mapping[str, tuple[float, ...]]) -> str:
    """Give the SHA-256 of the numbers of all rows: as text they would be made in one go, 50 ms long."""
    packed = rows if isinstance(rows, Rows) else Rows.of(rows)
    digest = hashlib.sha256()
    for part in packed.packed[1:]:
        digest.update(part)
    return digest.hexdigest()
