"""Holding what was written against the model of `rules/`: everything that is wrong, and where in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar, cast

from msgspec import Struct

if TYPE_CHECKING:
    from pydantic import TypeAdapter
    from pydantic_core import ErrorDetails

KindT = TypeVar("KindT", bound=Struct)


class CheckError(ValueError):
    """What was written does not fit the model.

    Args:
        details: everything that is wrong, as pydantic tells it: kind, place, message, limits.
    """

    def __init__(self, details: Sequence[ErrorDetails]) -> None:
        self.details = tuple(details)
        super().__init__("; ".join(f"{_place(one)}: {one['msg']}" for one in details))


def check(kind: type[KindT], values: object) -> KindT:
    """Make a value of what was given.

    Args:
        kind: what it should be: a part of `rules/`, or another Struct whose annotations tell what fits.
        values: its fields by name.

    Raises:
        CheckError: something does not fit; all of it is told.
    """
    return cast("KindT", _checked(kind, lambda adapter: adapter.validate_python(values)))


def check_json(kind: type[KindT], text: str) -> KindT:
    """Make a value of JSON: there numbers and texts are held apart, and lists make tuples.

    Args:
        kind: what it should be.
        text: the JSON.

    Raises:
        CheckError: something does not fit; all of it is told.
    """
    return cast("KindT", _checked(kind, lambda adapter: adapter.validate_json(text, strict=True)))


def fits(annotation: object, value: object) -> bool:
    """Tell whether a value fits an annotation: `fits(Identifier, "side-effects")`."""
    try:
        _checked(annotation, lambda adapter: adapter.validate_python(value))
    except CheckError:
        return False
    return True


def _checked(annotation: object, look: Callable[[TypeAdapter[Any]], object]) -> object:
    # A tenth of a second that a start takes only where something has to be checked: what was kept is not.
    from pydantic import ValidationError  # noqa: PLC0415

    from bot.rulebook.pydantic_form import adapter_of  # noqa: PLC0415

    try:
        return look(adapter_of(annotation))
    except ValidationError as error:
        raise CheckError(error.errors(include_url=False)) from error


def _place(detail: ErrorDetails) -> str:
    return ".".join(map(str, detail["loc"]))
