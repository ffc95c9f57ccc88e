"""What every part of `rules/` is made of: frozen values, ids and texts."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=400, strip_whitespace=True)]


class RulebookPart(BaseModel):
    """The base of every part: frozen, and an unknown key is a fault."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
