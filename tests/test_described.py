"""The texts below the fields of a model are read when somebody asks for them."""

from __future__ import annotations

from msgspec import Struct

from bot.described import meaning_of


class Kind(Struct):
    """What the model below is made from."""

    plain: int = 0
    told: int = 0
    """What all of them
    have."""


class Model(Kind):
    """A model."""

    own: str = ""
    """What this one has."""
    bare: str = ""


def test_the_text_below_a_field_is_its_meaning() -> None:
    assert meaning_of(Model, "own") == "What this one has."
    assert meaning_of(Model, "told") == "What all of them\nhave."


def test_a_field_without_a_text_has_no_meaning() -> None:
    assert [meaning_of(Model, name) for name in ("plain", "bare", "nothing")] == ["", "", ""]
