"""What every part of `rules/` is made of: frozen values, ids and texts."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from functools import lru_cache
from typing import Annotated, Any

from msgspec import NODEFAULT, Meta, Struct
from msgspec.structs import asdict, fields

STRIPPED = "stripped"
"""Marks a text of which spaces at its ends are left out."""

Identifier = Annotated[str, Meta(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
Text = Annotated[str, Meta(min_length=1, max_length=400, extra={STRIPPED: True})]


class RulebookPart(Struct, frozen=True):
    """The base of every part: frozen, and an unknown key is a fault.

    What stands in an annotation (the shape of an id, the length of a list) is held against what people write
    by `bot.rulebook.check`; whoever makes a part of values that nobody typed need not check them again.
    """


def plain(part: RulebookPart, *, without: frozenset[str] = frozenset()) -> dict[str, Any]:
    """Give a part as what JSON and YAML know, without what is at its default.

    Args:
        part: the part.
        without: names of fields to leave out.

    Returns:
        keys with texts, numbers, lists and further keys.
    """
    defaults = _defaults(type(part))
    return {
        name: _plain(value)
        for name, value in asdict(part).items()
        if name not in without and value != defaults.get(name, NODEFAULT)
    }


@lru_cache
def _defaults(kind: type[RulebookPart]) -> Mapping[str, Any]:
    """Give what fields are where nothing is written; those that must be written are not among them."""
    made = {one.name: one.default_factory() for one in fields(kind) if callable(one.default_factory)}
    return made | {one.name: one.default for one in fields(kind) if one.default is not NODEFAULT}


def _plain(value: Any) -> Any:  # noqa: ANN401  # whatever a part may hold
    if isinstance(value, RulebookPart):
        return plain(value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, tuple):
        return [_plain(inner) for inner in value]
    return value
