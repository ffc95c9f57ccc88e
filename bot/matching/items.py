"""The words of one way to write a concept, each with its forms."""

from __future__ import annotations

from collections.abc import Callable

from bot.matching.inflection import noun_forms, verb_forms
from bot.text.reader import read

Items = tuple[frozenset[str] | None, ...]
"""The words of an entry in order, each with its forms; None is a gap of up to four words."""


def is_composed(text: str) -> bool:
    """Tell whether a text needs a phrase's syntax; anything else is words that stand side by side."""
    return any(mark in text for mark in "<&|")


def items_of(text: str) -> Items:
    """Give the words of a text as they stand; `...` is a gap."""
    items: list[frozenset[str] | None] = []
    for index, part in enumerate(text.split("...")):
        if index:
            items.append(None)
        items.extend(frozenset((token.text,)) for token in read(part).tokens)
    return tuple(items)


def noun_items(text: str) -> Items:
    """Give the words of a text of which the last one is bent like a noun."""
    return _bent(items_of(text), -1, noun_forms)


def verb_items(text: str) -> Items:
    """Give the words of a text of which the first one is bent like a verb."""
    return _bent(items_of(text), 0, verb_forms)


def _bent(items: Items, at: int, forms: Callable[[str], frozenset[str]]) -> Items:
    """Put a word's forms in its place; English bends a noun's last word and a verb's first."""
    if not items:
        return items
    bent = list(items)
    bent[at] = frozenset(form for word in items[at] or () for form in forms(word))
    return tuple(bent)
