"""Seeing concepts: laying the lexicon over the tokens of a message."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from heapq import heapify, heappop, heappush

from msgspec import Struct

from bot.matching.lexicon import CUE, Derivation, Entry, Lexicon, Opening
from bot.matching.phrases import Hit, Match, PhraseSet, lay
from bot.rulebook.model import Role
from bot.text.model import Reading, Token, TokenKind

_WIDEST_GAP = 4
_EXACT = 100.0
_SCORE_OF_JOINED_WORDS = 95.0
_SHORTEST_JOINED = 6
_MOST_TOKENS = 700
_MOST_HITS_OF_A_CONCEPT = 40


class _Arc(Struct, frozen=True):
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


def see(reading: Reading, lexicon: Lexicon, stretches: Sequence[tuple[int, int]]) -> dict[str, list[Hit]]:
    """Find every concept in a message.

    Args:
        reading: the message.
        lexicon: the lexicon made ready.
        stretches: the stretches of tokens (first, behind the last) that a composed concept may not cross.

    Returns:
        the hits by concept, in the order they stand; only the first 700 tokens are looked at.
    """
    tokens = reading.tokens[:_MOST_TOKENS]
    arcs = _arcs(tokens, lexicon)
    found = [*_of_kinds(tokens, lexicon), *_of_entries(arcs, lexicon)]
    hits: dict[str, list[Hit]] = defaultdict(list)
    for hit in _longest(found, lexicon):
        if len(hits[hit.concept]) < _MOST_HITS_OF_A_CONCEPT:
            hits[hit.concept].append(hit)
    for listed in hits.values():
        listed.sort(key=lambda hit: (hit.first, -hit.last))
    _derive_all(hits, lexicon, stretches)
    return hits


def _derive_all(hits: dict[str, list[Hit]], lexicon: Lexicon, stretches: Sequence[tuple[int, int]]) -> None:
    """Derive what can come to something, in order; what is derived may wake what comes after it."""
    seen = set(hits)
    queued = {place for name in seen & lexicon.woken_by.keys() for place in lexicon.woken_by[name]}
    waiting = list(queued)
    heapify(waiting)
    while waiting:
        derivation = lexicon.derivations[heappop(waiting)]
        was_seen = derivation.concept in seen
        _derive(hits, seen, derivation, stretches)
        if not was_seen and derivation.concept in seen:
            for place in lexicon.woken_by.get(derivation.concept, ()):
                if place not in queued:
                    queued.add(place)
                    heappush(waiting, place)


def _arcs(tokens: Sequence[Token], lexicon: Lexicon) -> list[list[_Arc]]:
    vocabulary = lexicon.vocabulary
    onward = _onward(tokens)
    arcs: list[list[_Arc]] = []
    for index, token in enumerate(tokens):
        arcs.append(
            [
                _Arc(candidate.word, index + 1, onward[index + 1], candidate.score)
                for candidate in vocabulary.candidates(token.text, token.readings)
                if not _is_picture(token)
            ]
        )
    for index in range(len(tokens) - 1):
        joined = tokens[index].text + tokens[index + 1].text
        if (
            len(joined) >= _SHORTEST_JOINED
            and joined in vocabulary.words
            and (not arcs[index] or not arcs[index + 1])
            and tokens[index + 1].before in {"", "-"}
        ):
            arcs[index].append(_Arc(joined, index + 2, onward[index + 2], _SCORE_OF_JOINED_WORDS))
    return arcs


def _is_picture(token: Token) -> bool:
    """Tell whether a token is an emoji that is named by one word; a picture of a herb praises no herb."""
    is_shorter_than_its_name = token.end - token.start < len(token.text)
    return token.kind is TokenKind.EMOJI and is_shorter_than_its_name and "_" not in token.text


def _onward(tokens: Sequence[Token]) -> list[int]:
    """Give for each place the next one without an emoji, so that emoji part no fixed phrase."""
    onward = list(range(len(tokens) + 1))
    for index in range(len(tokens) - 1, -1, -1):
        if tokens[index].kind is TokenKind.EMOJI:
            onward[index] = onward[index + 1]
    return onward


def _of_kinds(tokens: Sequence[Token], lexicon: Lexicon) -> Iterable[Hit]:
    if not lexicon.kinds:
        return
    for index, token in enumerate(tokens):
        if token.kind is not TokenKind.WORD:
            for name in lexicon.kinds.get(token.kind.value, ()):
                yield Hit(name, index, index + 1, 1 << index, 100.0, token.kind.value)


def _of_entries(arcs: Sequence[Sequence[_Arc]], lexicon: Lexicon) -> Iterable[Hit]:
    words = {arc.word for starting in arcs for arc in starting}
    for index, starting in enumerate(arcs):
        for arc in starting:
            opening = lexicon.entries.get(arc.word)
            if opening is None:
                continue
            mask = ((1 << arc.end) - 1) & ~((1 << index) - 1)
            for entry in opening.alone:
                if not entry.exact or arc.score == _EXACT:
                    yield Hit(entry.concept, index, arc.end, mask, arc.score, entry.text)
            for entry in (*opening.gapped, *_continued(opening, arcs, arc)):
                if (not entry.exact or arc.score == _EXACT) and _is_complete(entry, words):
                    yield from _walk(entry, arcs, index, arc)


def _is_complete(entry: Entry, words: set[str]) -> bool:
    """Tell whether a message has a word for each place of an entry."""
    return all(item is None or not item.isdisjoint(words) for item in entry.items)


def _continued(opening: Opening, arcs: Sequence[Sequence[_Arc]], first: _Arc) -> Iterable[Entry]:
    if opening.by_second:
        for start in _places_behind(first, 0, len(arcs)):
            for arc in arcs[start]:
                yield from opening.by_second.get(arc.word, ())


def _places_behind(arc: _Arc, room: int, last: int) -> Iterable[int]:
    """Give the places at which the next word may stand; emoji take up no room."""
    return range(arc.end, min(arc.onward + room + 1, last))


def _walk(entry: Entry, arcs: Sequence[Sequence[_Arc]], first: int, arc: _Arc) -> Iterable[Hit]:
    mask = ((1 << arc.end) - 1) & ~((1 << first) - 1)
    score, room, literal = arc.score, 0, True
    for item in entry.items[1:]:
        if item is None:
            room = _WIDEST_GAP
            continue
        step = _next(item, arcs, arc, room, exact=entry.exact)
        if step is None:
            return
        start, following = step
        literal = literal and start <= arc.onward
        mask |= ((1 << following.end) - 1) & ~((1 << start) - 1)
        score, arc, room = score + following.score, following, 0
    words = sum(1 for item in entry.items if item is not None)
    yield Hit(entry.concept, first, arc.end, mask, score / words, entry.text, literal)


def _next(
    item: frozenset[str], arcs: Sequence[Sequence[_Arc]], before: _Arc, room: int, *, exact: bool
) -> tuple[int, _Arc] | None:
    for start in _places_behind(before, room, len(arcs)):
        for arc in arcs[start]:
            if arc.word in item and (arc.score == _EXACT or not exact):
                return start, arc
    return None


def _longest(found: Iterable[Hit], lexicon: Lexicon) -> list[Hit]:
    """Drop what only stands inside a longer name: the "pain" of "pain in my head" is no pain elsewhere."""
    best: dict[tuple[str, int], Hit] = {}
    for hit in found:
        key = (hit.concept, hit.mask)
        if key not in best or best[key].score < hit.score:
            best[key] = hit
    names = {
        hit.mask
        for hit in best.values()
        if hit.literal
        and hit.last - hit.first > 1
        and lexicon.roles.get(hit.concept, Role.PLAIN) is not Role.PLAIN
    }
    cues = {
        hit.mask
        for hit in best.values()
        if hit.literal and hit.concept.startswith(CUE) and hit.concept not in lexicon.placed
    }
    return [
        hit for hit in best.values() if not _inside(hit.mask, cues if hit.concept.startswith(CUE) else names)
    ]


def _inside(mask: int, longer: Iterable[int]) -> bool:
    return any(other != mask and other & mask == mask for other in longer)


def _derive(
    hits: dict[str, list[Hit]],
    seen: set[str],
    derivation: Derivation,
    stretches: Sequence[tuple[int, int]],
) -> None:
    """Add what other concepts build, then take away what is another meaning."""
    name = derivation.concept
    # It may be built from itself, too: where it is not seen yet, nothing comes of that.
    seen.add(name)
    for match in _laid(derivation.built_by, hits, seen, stretches):
        text = match.phrase.text
        _add(hits, Hit(name, match.first, match.last, match.mask, match.score, text, literal=False))
    if hits.get(name):
        barred = 0
        for match in _laid(derivation.taken_by, hits, seen, stretches):
            barred |= match.mask
        hits[name] = [hit for hit in hits[name] if not hit.mask & barred]
    if not hits.get(name):
        seen.discard(name)


def _laid(
    phrases: PhraseSet,
    hits: Mapping[str, Sequence[Hit]],
    seen: AbstractSet[str],
    stretches: Sequence[tuple[int, int]],
) -> Iterable[Match]:
    for phrase in phrases.worth_trying(seen):
        for first, last in stretches:
            yield from lay(phrase, hits, first=first, last=last)


def _add(hits: dict[str, list[Hit]], hit: Hit) -> None:
    listed = hits.setdefault(hit.concept, [])
    if len(listed) < _MOST_HITS_OF_A_CONCEPT and all(other.mask != hit.mask for other in listed):
        listed.append(hit)
        listed.sort(key=lambda other: (other.first, -other.last))
