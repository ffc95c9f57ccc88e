"""What is written in a message word by word: laying the entries of the lexicon over its tokens."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from operator import or_
from typing import NamedTuple

from bot.matching.lexicon import CUE, Entry, Lexicon
from bot.rulebook.model import Role
from bot.text.model import Token, TokenKind

_WIDEST_GAP = 4
_EXACT = 100.0
_SCORE_OF_JOINED_WORDS = 95.0
_SHORTEST_JOINED = 6


Place = tuple[int, int, int, float, str, bool]
"""Where a concept is written: first token, behind the last, mask, score, entry, and whether it is literal.

What they mean stands at `Hit`. A message has a hundred and needs few, so none is an object of its own.
"""
Written = dict[str, dict[int, Place]]
"""For each concept its places, by the tokens that they cover, one bit each."""


class _Arc(NamedTuple):
    """A lexicon word that may stand from one token to another.

    Args:
        word: the word.
        end: index behind its last token.
        onward: where reading goes on: there, or behind the emoji that stand there.
        score: how like it is, 0–100.
    """

    word: str
    end: int
    onward: int
    score: float


_Arcs = Sequence[Sequence[_Arc]]


def written_in(tokens: Sequence[Token], lexicon: Lexicon) -> Written:
    """Find every concept that is written in a message.

    Args:
        tokens: its tokens.
        lexicon: the lexicon made ready.

    Returns:
        the concepts, each with a place at least. What only stands inside a longer name is left out: the
        "pain" of "pain in my head" is no pain elsewhere.
    """
    search = _Search(_arcs(tokens, lexicon), lexicon)
    search.for_kinds(tokens)
    search.for_entries()
    return search.longest()


def _arcs(tokens: Sequence[Token], lexicon: Lexicon) -> list[list[_Arc]]:
    candidates, words = lexicon.vocabulary.candidates, lexicon.vocabulary.words
    onward = _onward(tokens)
    arcs = [
        [
            _Arc(candidate.word, behind, onward[behind], candidate.score)
            for candidate in candidates(token.text, token.readings)
            if token.kind is not TokenKind.EMOJI or not _is_picture(token)
        ]
        for behind, token in enumerate(tokens, 1)
    ]
    for index in range(len(tokens) - 1):
        following = tokens[index + 1]
        if following.before in {"", "-"} and (not arcs[index] or not arcs[index + 1]):
            joined = tokens[index].text + following.text
            if len(joined) >= _SHORTEST_JOINED and joined in words:
                arcs[index].append(_Arc(joined, index + 2, onward[index + 2], _SCORE_OF_JOINED_WORDS))
    return arcs


def _is_picture(token: Token) -> bool:
    """Tell whether an emoji is named by one word; a picture of a herb praises no herb."""
    is_shorter_than_its_name = token.end - token.start < len(token.text)
    return is_shorter_than_its_name and "_" not in token.text


def _onward(tokens: Sequence[Token]) -> Sequence[int]:
    """Give for each place the next one without an emoji, so that emoji part no fixed phrase."""
    onward = list(range(len(tokens) + 1))
    for index in range(len(tokens) - 1, -1, -1):
        if tokens[index].kind is TokenKind.EMOJI:
            onward[index] = onward[index + 1]
    return onward


class _Search:
    """Searches the words of a message for entries.

    Args:
        arcs: for each token the lexicon's words that may begin with it.
        lexicon: the lexicon made ready.
    """

    def __init__(self, arcs: _Arcs, lexicon: Lexicon) -> None:
        self._arcs = arcs
        self._lexicon = lexicon
        self._words = {arc.word for starting in arcs for arc in starting}
        self._found: defaultdict[str, dict[int, Place]] = defaultdict(dict)
        self._of_several: set[str] = set()

    def for_kinds(self, tokens: Sequence[Token]) -> None:
        """Add the concepts that stand for a whole kind of token."""
        kinds = self._lexicon.kinds
        for index, token in enumerate(tokens):
            if token.kind is not TokenKind.WORD:
                mask, kind = 1 << index, token.kind.value
                for name in kinds.get(kind, ()):
                    self._found[name][mask] = (index, index + 1, mask, _EXACT, kind, True)

    def for_entries(self) -> None:
        """Add the concepts of all entries that stand in the message."""
        openings, found = self._lexicon.entries, self._found
        for index, starting in enumerate(self._arcs):
            for arc in starting:
                word, end, _, score = arc
                opening = openings.get(word)
                if opening is None:
                    continue
                mask = (1 << end) - (1 << index)
                for entry in opening.alone:
                    if score == _EXACT or not entry.exact:
                        places = found[entry.concept]
                        if mask not in places or places[mask][3] < score:
                            places[mask] = (index, end, mask, score, entry.text, True)
                if end > index + 1:
                    self._of_several.update(entry.concept for entry in opening.alone)
                if opening.gapped:
                    self._walk_all(opening.gapped, index, arc)
                if opening.by_second:
                    self._continue(opening.by_second, index, arc)

    def _continue(self, by_second: Mapping[str, Sequence[Entry]], index: int, arc: _Arc) -> None:
        """Add the entries of several words that go on with what stands next; emoji part no words."""
        reached = range(arc.end, min(arc.onward + 1, len(self._arcs)))
        for start in reached:
            for following in self._arcs[start]:
                entries = by_second.get(following.word)
                if entries is not None:
                    if len(reached) == len(self._arcs[start]) == 1:
                        self._go_on(entries, index, arc, following)
                    else:
                        self._walk_all(entries, index, arc)

    def _go_on(self, entries: Sequence[Entry], index: int, arc: _Arc, following: _Arc) -> None:
        """Add entries of which the second word can only be the following one: most need no more."""
        longer = []
        for entry in entries:
            if len(entry.items) > 2:
                third = entry.items[2]
                if third is None or not third.isdisjoint(self._words):
                    longer.append(entry)
            elif not entry.exact or arc.score == following.score == _EXACT:
                mask = (1 << following.end) - (1 << index)
                score = (arc.score + following.score) / 2
                self._add(entry, (index, following.end, mask, score, entry.text, True))
        if longer:
            self._walk_all(longer, index, arc)

    def _walk_all(self, entries: Sequence[Entry], index: int, arc: _Arc) -> None:
        for entry in entries:
            if (arc.score == _EXACT or not entry.exact) and _is_complete(entry, self._words):
                place = _walk(entry, self._arcs, index, arc)
                if place is not None:
                    self._add(entry, place)

    def _add(self, entry: Entry, place: Place) -> None:
        """Note a place; of several ways to read the same tokens the likest counts, of equals the first."""
        places = self._found[entry.concept]
        mask, score = place[2:4]
        if mask not in places or places[mask][3] < score:
            places[mask] = place
        self._of_several.add(entry.concept)

    def longest(self) -> Written:
        """Give what was found without what only stands inside a longer name, or, of cues, a longer cue."""
        found, lexicon = self._found, self._lexicon
        names: set[int] = set()
        cues: set[int] = set()
        for concept in self._of_several:
            longer = [
                mask
                for first, last, mask, _, _, literal in found[concept].values()
                if literal and last - first > 1
            ]
            if concept.startswith(CUE):
                if concept not in lexicon.placed:
                    cues.update(longer)
            elif lexicon.roles.get(concept, Role.PLAIN) is not Role.PLAIN:
                names.update(longer)
        return _longest(found, names, cues) if names or cues else found


def _is_complete(entry: Entry, words: set[str]) -> bool:
    """Tell whether a message has a word for each place of an entry behind those that are seen to be there."""
    return not any(item is not None and item.isdisjoint(words) for item in entry.items[2:])


def _places_behind(arc: _Arc, room: int, last: int) -> range:
    """Give the places at which the next word may stand; emoji take up no room."""
    return range(arc.end, min(arc.onward + room + 1, last))


def _walk(entry: Entry, arcs: _Arcs, first: int, arc: _Arc) -> Place | None:
    """Go from word to word of an entry that begins with an arc; None where one of them is missing."""
    mask = (1 << arc.end) - (1 << first)
    score, words, room, literal = arc.score, 1, 0, True
    for item in entry.items[1:]:
        if item is None:
            room = _WIDEST_GAP
            continue
        step = _next(item, arcs, arc, room, exact=entry.exact)
        if step is None:
            return None
        start, following = step
        literal = literal and start <= arc.onward
        mask |= (1 << following.end) - (1 << start)
        score, words, arc, room = score + following.score, words + 1, following, 0
    return first, arc.end, mask, score / words, entry.text, literal


def _next(
    item: frozenset[str], arcs: _Arcs, before: _Arc, room: int, *, exact: bool
) -> tuple[int, _Arc] | None:
    for start in _places_behind(before, room, len(arcs)):
        for arc in arcs[start]:
            if arc.word in item and (arc.score == _EXACT or not exact):
                return start, arc
    return None


def _longest(found: Written, names: Iterable[int], cues: Iterable[int]) -> Written:
    covered_by_names, covered_by_cues = reduce(or_, names, 0), reduce(or_, cues, 0)
    kept: Written = {}
    for concept, places in found.items():
        is_cue = concept.startswith(CUE)
        covered = covered_by_cues if is_cue else covered_by_names
        for mask in places:
            if mask & covered:
                left = _standing_apart(places, cues if is_cue else names)
                break
        else:
            left = places
        if left:
            kept[concept] = left
    return kept


def _standing_apart(places: Mapping[int, Place], longer: Iterable[int]) -> dict[int, Place]:
    return {
        mask: place
        for mask, place in places.items()
        if not any(other & mask == mask and other != mask for other in longer)
    }
