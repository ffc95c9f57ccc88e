"""What the texts below the fields of a model say.

They are only wanted for faults, JSON Schemas and lists of settings, so they are read then, from the source.
"""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from msgspec import Struct


def meaning_of(model: type[Struct], name: str) -> str:
    """Give the text below a field.

    Args:
        model: the model.
        name: the field.

    Returns:
        the text without indentation; empty where there is none.
    """
    for kind in model.__mro__[: -len(Struct.__mro__)]:
        texts = _texts(kind.__module__).get(kind.__qualname__, {})
        if name in texts:
            return texts[name]
    return ""


@lru_cache
def _texts(module: str) -> dict[str, dict[str, str]]:
    """Read of each class of a module the text below each of its fields."""
    file = getattr(sys.modules.get(module), "__file__", None)
    if file is None:
        return {}
    tree = ast.parse(Path(file).read_text(encoding="utf-8"))
    return {node.name: dict(_texts_of(node)) for node in tree.body if isinstance(node, ast.ClassDef)}


def _texts_of(node: ast.ClassDef) -> Iterator[tuple[str, str]]:
    for field, below in zip(node.body, node.body[1:], strict=False):
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name):
            match below:
                case ast.Expr(value=ast.Constant(value=str() as text)):
                    yield field.target.id, inspect.cleandoc(text)
