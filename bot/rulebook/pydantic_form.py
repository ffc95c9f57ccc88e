"""The model of `rules/` in the form in which pydantic checks it, and writes its JSON Schema.

Values are structs, which cost a bot next to nothing to make, to keep and to read back. Pydantic, which tells
all that is wrong with what people write and not only the first of it, is there only while something is
checked: its models are made of the structs' annotations, so that the two cannot part.
"""

from __future__ import annotations

from functools import lru_cache, partial, reduce
from operator import or_
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from msgspec import NODEFAULT, Meta, Struct, structs
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    FiniteFloat,
    StringConstraints,
    TypeAdapter,
    create_model,
)

from bot.described import meaning_of
from bot.rulebook.part import STRIPPED

_CONFIG = ConfigDict(extra="forbid", from_attributes=True)


@lru_cache
def adapter_of(annotation: Any, *, described: bool = False) -> TypeAdapter[Any]:  # noqa: ANN401  # any
    """Give what checks values of an annotation.

    Args:
        annotation: a struct, or an annotation made of structs: `tuple[Rule, ...]`.
        described: whether the texts below the fields are wanted, for a JSON Schema.
    """
    return TypeAdapter(_form(annotation, described))


def _form(annotation: Any, described: bool) -> Any:  # noqa: ANN401  # annotations have no type
    """Turn an annotation into one that pydantic knows."""
    origin, parts = get_origin(annotation), get_args(annotation)
    if isinstance(annotation, type) and issubclass(annotation, Struct):
        return _form_of_struct(annotation, described)
    if origin is Annotated:
        marks = [mark for one in parts[1:] for mark in (_marks(one) if isinstance(one, Meta) else (one,))]
        return Annotated[(_form(parts[0], described), *marks)]
    if origin in (Union, UnionType):
        return reduce(or_, (part if part is NoneType else _form(part, described) for part in parts))
    if annotation is float:
        return FiniteFloat
    if origin is None or origin is Literal:
        return annotation
    return origin[tuple(part if part is Ellipsis else _form(part, described) for part in parts)]


def _marks(meta: Meta) -> tuple[Any, ...]:
    """Give what msgspec says of a value as pydantic says it."""
    strips = (meta.extra or {}).get(STRIPPED)
    if meta.pattern is not None or strips:
        return (
            StringConstraints(
                pattern=meta.pattern,
                strip_whitespace=strips,
                min_length=meta.min_length,
                max_length=meta.max_length,
            ),
        )
    return (Field(ge=meta.ge, le=meta.le, min_length=meta.min_length, max_length=meta.max_length),)


@lru_cache
def _form_of_struct(kind: type[Struct], described: bool) -> Any:  # noqa: ANN401  # an annotation
    fields: dict[str, Any] = {
        one.name: (_form(one.type, described), _field(kind, one, described)) for one in structs.fields(kind)
    }
    model = create_model(kind.__name__, __config__=_CONFIG, __doc__=kind.__doc__, **fields)
    return Annotated[model, AfterValidator(partial(_made, kind))]


def _field(kind: type[Struct], one: structs.FieldInfo, described: bool) -> Any:  # noqa: ANN401  # pydantic's
    told: dict[str, Any] = {"description": meaning_of(kind, one.name) or None} if described else {}
    default = one.default
    if isinstance(default, Struct):
        return Field(default_factory=lambda: default, **told)
    if default is not NODEFAULT:
        return Field(default=default, **told)
    if one.default_factory is not NODEFAULT:
        return Field(default_factory=one.default_factory, **told)
    return Field(**told)


def _made(kind: type[Struct], checked: BaseModel) -> Struct:
    return kind(**{name: getattr(checked, name) for name in kind.__struct_fields__})
