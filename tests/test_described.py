"""The texts below the fields of a model are read when somebody asks for them."""

from __future__ import annotations

from pydantic import BaseModel

from bot.described import describe, meaning_of


class Kind(BaseModel):
    """What the models below are made from."""

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


def test_a_schema_tells_what_each_field_means() -> None:
    describe(Kind)
    properties = Model.model_json_schema()["properties"]
    assert properties["own"]["description"] == "What this one has."
    assert "description" not in properties["bare"]
    assert Model(own="x").own == "x"
