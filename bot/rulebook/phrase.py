"""How a phrase is written: `<kratom> <relieves> <headache>`, `<headache> & <kratom>`, `works|helps always`.

A phrase is a row of items with spaces between them. An item is a `<concept>` of the lexicon, a plain word, or
several of these with `|` between them, of which one is enough. `...` leaves room for up to four words. Items
stand in the order in which they are written; `&` cuts a phrase into groups that may come in any order."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

MOST_ITEMS = 8
GAP_WORDS = 4

_BRACKET = re.compile(r"[<>]")
_PIECE = re.compile(r"\S+")
_CONCEPT = re.compile(r"<([a-z0-9]+(?:-[a-z0-9]+)*)>")
_LOOSE_CONCEPT = re.compile(r"<\s*([^<>|]*?)\s*>")


class PhraseError(ValueError):
    """A phrase that cannot be read.

    Args:
        offset: where in the phrase, in characters from 0.
        problem: what is wrong, in words for a moderator.
        instead: what to write instead.
    """

    def __init__(self, offset: int, problem: str, instead: str) -> None:
        super().__init__(f"{problem} {instead}")
        self.offset = offset
        self.problem = problem
        self.instead = instead


class Item(Struct, frozen=True):
    """One place in a phrase: any of these concepts or any of these words, the words as they were typed."""

    concepts: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


class Gap(Struct, frozen=True):
    """Room for up to this many words."""

    words: int = GAP_WORDS


class Phrase(Struct, frozen=True):
    """A phrase that was read.

    Args:
        groups: within a group the items stand in this order; the groups may come in any order.
    """

    groups: tuple[tuple[Item | Gap, ...], ...]

    @property
    def items(self) -> tuple[Item, ...]:
        """All items of all groups, without the gaps."""
        return tuple(item for group in self.groups for item in group if isinstance(item, Item))

    @property
    def concepts(self) -> tuple[str, ...]:
        """All concepts it names, in order, each as often as it is named."""
        return tuple(concept for item in self.items for concept in item.concepts)


def parse_phrase(text: str) -> Phrase:
    """Read a phrase.

    Args:
        text: as a moderator wrote it.

    Returns:
        its groups of items; words are kept as they were typed.

    Raises:
        PhraseError: it cannot be read.
    """
    if not text.strip():
        raise PhraseError(0, "the phrase is empty.", "Write words or <concepts>, or take the line away.")
    _refuse_bad_brackets(text)
    groups: list[list[Item | Gap]] = [[]]
    last = 0
    for piece in _PIECE.finditer(text):
        if piece.group() == "&":
            _close(groups[-1], last if groups[-1] else piece.start())
            groups.append([])
        elif piece.group() in ("...", "…"):
            _open_gap(groups[-1], piece.start())
        else:
            groups[-1].append(_item(piece.group(), piece.start()))
        last = piece.start()
    _close(groups[-1], last)
    phrase = Phrase(tuple(tuple(group) for group in groups))
    if len(phrase.items) > MOST_ITEMS:
        problem = f"the phrase has {len(phrase.items)} items; at most {MOST_ITEMS} are allowed."
        raise PhraseError(
            0, problem, "Keep the words that carry the claim; room between them is allowed anyway."
        )
    return phrase


def _refuse_bad_brackets(text: str) -> None:
    """Refuse `<kratom`, `kratom>`, `<>` and `<Side Effects>` before the text is cut at its spaces."""
    opened = -1
    for found in _BRACKET.finditer(text):
        offset = found.start()
        if found.group() == "<":
            if opened >= 0:
                raise PhraseError(opened, "this `<` is never closed.", "Write the concept as <name>.")
            opened = offset
        else:
            if opened < 0:
                raise PhraseError(offset, "this `>` has no `<` before it.", "Write the concept as <name>.")
            opened = -1
    if opened >= 0:
        raise PhraseError(opened, "this `<` is never closed.", "Write the concept as <name>.")
    for found in _LOOSE_CONCEPT.finditer(text):
        if not _CONCEPT.fullmatch(found.group()):
            name = re.sub(r"[^a-z0-9]+", "-", found.group(1).lower()).strip("-")
            instead = f"Write <{name}>." if name else "Write the name of a concept between them."
            problem = (
                f"`{found.group()}` is not the name of a concept: small letters, digits and hyphens only."
            )
            raise PhraseError(found.start(), problem, instead)


def _item(piece: str, offset: int) -> Item:
    concepts: list[str] = []
    words: list[str] = []
    for start, choice in _choices(piece, offset):
        if not choice:
            problem = "`|` has nothing on one side."
            raise PhraseError(start, problem, "Write `a|b` without spaces, or take the `|` away.")
        concept = _CONCEPT.fullmatch(choice)
        if concept:
            concepts.append(concept.group(1))
        elif "<" in choice or ">" in choice:
            raise PhraseError(start, f"`{choice}` joins a concept and a word.", "Put a space between them.")
        elif choice in ("...", "…", "&"):
            raise PhraseError(
                start, f"`{choice}` cannot be one of several.", "Let it stand alone, with spaces around."
            )
        else:
            words.append(choice)
    return Item(tuple(concepts), tuple(words))


def _choices(piece: str, offset: int) -> Iterator[tuple[int, str]]:
    start = offset
    for choice in piece.split("|"):
        yield start, choice
        start += len(choice) + 1


def _open_gap(group: list[Item | Gap], offset: int) -> None:
    if not group:
        raise PhraseError(offset, "`...` has no word before it.", "Take it away: there is room anyway.")
    if isinstance(group[-1], Gap):
        raise PhraseError(offset, "`...` stands twice in a row.", "Once leaves room for four words.")
    group.append(Gap())


def _close(group: list[Item | Gap], offset: int) -> None:
    if not group:
        raise PhraseError(
            offset, "`&` has nothing on one side.", "Write words or <concepts> on both sides of it."
        )
    if isinstance(group[-1], Gap):
        raise PhraseError(offset, "`...` has no word behind it.", "Take it away: there is room anyway.")
