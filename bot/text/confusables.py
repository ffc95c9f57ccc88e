"""Look-alike letters, by the table of Unicode Technical Standard 39 (https://www.unicode.org/reports/tr39/)."""

from __future__ import annotations

import json
import unicodedata
from functools import cache, lru_cache
from importlib import resources

from bot.text.letters import fold_letter


@cache
def _table() -> dict[str, list[dict[str, str]]]:
    """The table as `confusable-homoglyphs` ships it: character → the characters it is mistaken for."""
    file = resources.files("confusable_homoglyphs").joinpath("confusables.json")
    table: dict[str, list[dict[str, str]]] = json.loads(file.read_text(encoding="utf-8"))
    return table


def _listed(character: str) -> str:
    for entry in _table().get(character, ()):
        folded = "".join(fold_letter(part) for part in entry["c"])
        if folded.isascii() and folded.isalpha():
            return folded
    return ""


@lru_cache(maxsize=4096)
def lookalike(character: str) -> str:
    """The Latin letters that a letter of another script is mistaken for.

    Small Cyrillic к, м, н and т are listed only beside small capitals or not at all, while their capitals
    are listed beside K, M, H and T; so the other case is asked too.

    Args:
        character: one character outside of ASCII.

    Returns:
        small Latin letters, or "" where nothing Latin looks like it.
    """
    found = _listed(character)
    if found in {"", "l"}:
        found = _listed(character.lower()) or found
    if not found and unicodedata.category(character) == "Ll":
        upper = character.upper()
        found = _listed(upper) if len(upper) == 1 else ""
    return found
