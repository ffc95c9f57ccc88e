"""Bodies held against Discord's published description of its API, where that lies beside the checkout."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from tests.loopback.checks import Faults
from tests.loopback.problems import Json

PUBLISHED = Path(__file__).parents[3] / "shared" / "discord-openapi.json"
"""Where the description lies: in a folder beside the checkout. It is no part of the project."""
_CODES = {
    "maxLength": "BASE_TYPE_MAX_LENGTH",
    "minLength": "BASE_TYPE_BAD_LENGTH",
    "maxItems": "BASE_TYPE_BAD_LENGTH",
    "minItems": "BASE_TYPE_BAD_LENGTH",
    "required": "BASE_TYPE_REQUIRED",
    "enum": "BASE_TYPE_CHOICES",
}


class DiscordSchema:
    """The published description of the API.

    Args:
        description: the OpenAPI document.

    Attributes:
        components: its named schemas, to which a `$ref` leads.
    """

    def __init__(self, description: Json) -> None:
        self._paths: Json = description["paths"]
        schemas: Json = {**description["components"]["schemas"]}
        # discord.py writes some ids as numbers, which Discord takes although this says text only.
        schemas["SnowflakeType"] = {"type": ["string", "integer"], "pattern": "^(0|[1-9][0-9]*)$"}
        # The description knows replies only, not the forwards that members make.
        schemas["MessageReferenceType"] = {"type": "integer", "enum": [0, 1]}
        self.components: Json = {"schemas": schemas}
        self._validators: dict[str, Draft202012Validator] = {}

    def faults(self, method: str, route: str, body: Any) -> Faults:
        """Find what is wrong with a request's body.

        Args:
            method: the request's method.
            route: its route, with the names of parameters as published.
            body: the JSON sent.

        Returns:
            the faults; none where nothing is published about the body.
        """
        schema = self._schema_of(method.lower(), route)
        if schema is None:
            return {}
        key = f"{method} {route}"
        if key not in self._validators:
            self._validators[key] = Draft202012Validator({**schema, "components": self.components})
        return _as_faults(self._validators[key].iter_errors(body))

    def _schema_of(self, method: str, route: str) -> Json | None:
        operation = self._paths.get(route, {}).get(method, {})
        content = operation.get("requestBody", {}).get("content", {})
        schema: Json | None = content.get("application/json", {}).get("schema")
        return schema


@lru_cache(maxsize=1)
def published_schema() -> DiscordSchema | None:
    """Return the published description; none where the file is not there."""
    if not PUBLISHED.is_file():
        return None
    return DiscordSchema(json.loads(PUBLISHED.read_text(encoding="utf-8")))


def _as_faults(errors: Iterable[ValidationError]) -> Faults:
    faults: Faults = {}
    for error in errors:
        nearest = _nearest(error)
        code = _CODES.get(str(nearest.validator), "BASE_TYPE_BAD_VALUE")
        faults.setdefault(tuple(nearest.absolute_path), []).append((code, nearest.message))
    return faults


def _nearest(error: ValidationError) -> ValidationError:
    """Return what is wrong in the alternative that was meant: the one whose `type` fits."""
    if not error.context:
        return error
    alternatives: dict[object, list[ValidationError]] = {}
    for inner in error.context:
        alternatives.setdefault(inner.schema_path[0], []).append(inner)

    def distance(found: list[ValidationError]) -> tuple[bool, int]:
        other_type = any(list(one.path)[:1] == ["type"] or one.validator == "type" for one in found)
        return other_type, len(found)

    return _nearest(min(alternatives.values(), key=distance)[0])
