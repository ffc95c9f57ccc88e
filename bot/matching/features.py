"""What likeness weighs: a message taken apart into features, each with the place where it stands."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from bot.matching.lexicon import CUE, EXCLUSION, WORD
from bot.matching.model import SPEAKING, Finding
from bot.matching.phrases import Hit
from bot.matching.stance import TURNING, SeenCue
from bot.matching.vocabulary import Vocabulary
from bot.rulebook.model import Role
from bot.rulebook.word_classes import WordClasses
from bot.text.model import Clause, Reading

Stretch = tuple[int, int]
"""Index of the first token and index behind the last; (0, 0) for what stands in no place."""
Features = Mapping[str, Stretch]

THEN = ">"
"""Stands between what was said before and what was said then."""
QUOTATION = '"'
"""Stands for every kind of quotation mark."""
_MOST_BEFORE = 2
_MOST_WORDS_BEFORE = 40
_NOWHERE = (0, 0)
_MOST_TOKENS = 300
_DENIED_WORDS = 4
"""How many words behind a denial count as denied, after the window of NegEx (Chapman et al. 2001)."""
_LONGEST = 6

_IN_WORDS: dict[str, Callable[[str], str]] = {
    "w": str,
    "b": str,
    "s": lambda name: name.replace(" _ ", " … "),
    "c": lambda name: f"<{name.removeprefix(CUE)}>",
    "k": lambda name: f"a cue that {name}",
    "v": lambda name: f"<{name}> before",
    "f": lambda name: f"the rules found {name}",
    "d": lambda name: f"{name}, denied",
    "l": lambda name: f"{name} at the end",
    "o": lambda name: f"{name} at the beginning",
    "m": lambda name: f"a word like {name}",
    "n": lambda name: f"a word like {name}",
    "q": lambda _: "a question mark",
}


class Seen(Struct, frozen=True):
    """What was seen in a message before it is weighed.

    Args:
        reading: the message; its first 300 tokens are weighed.
        hits: the concepts and cues seen in it.
        cues: the cues that stand where they count.
        found: what the rules found, of those that the weights know.
        conversation: ids of the topics and themes named before.
        follows: whether something was said before.
        clauses: those of its clauses that are weighed.
    """

    reading: Reading
    hits: Mapping[str, Sequence[Hit]]
    cues: Sequence[SeenCue]
    found: Sequence[Finding]
    conversation: Sequence[str]
    follows: bool
    clauses: Sequence[Clause]


class Described(Struct, frozen=True):
    """A message as likeness learns from it.

    Args:
        features: what is weighed.
        said: what an encoder reads.
    """

    features: frozenset[str]
    said: tuple[str, ...]


def features_of(
    seen: Seen, *, vocabulary: Vocabulary, classes: WordClasses | None, negations: Collection[str]
) -> dict[str, Stretch]:
    """Take a message apart into what is weighed.

    Args:
        seen: the message with all that was seen in it.
        vocabulary: all words of the rulebook; a misspelt one counts as the one that was meant.
        classes: which words are alike; None where there are none.
        negations: the single words that deny.

    Returns:
        each feature with the stretch of tokens where it stands first.
    """
    words = words_of(seen.reading, vocabulary)
    clauses = [replace(one, last=min(one.last, len(words))) for one in seen.clauses if one.first < len(words)]
    found: dict[str, Stretch] = {}
    for features in (
        _of_words(words, clauses, classes),
        _of_clauses(words, clauses, negations),
        _of_form(words, clauses, seen.reading),
        _of_what_was_seen(seen),
    ):
        for feature, stretch in features:
            found.setdefault(feature, stretch)
    return found


def words_of(reading: Reading, vocabulary: Vocabulary) -> list[str]:
    """Give the first 300 words of a message, a misspelt word of the rulebook as the one that was meant."""
    return [
        meant[0].word if (meant := vocabulary.candidates(token.text, token.readings)) else token.text
        for token in reading.tokens[:_MOST_TOKENS]
    ]


def new_words(reading: Reading, vocabulary: Vocabulary, new: Collection[str]) -> tuple[int, ...]:
    """Give the indexes of the tokens that are such words."""
    return tuple(at for at, word in enumerate(words_of(reading, vocabulary)) if word in new)


def said_of(
    reading: Reading, clauses: Sequence[Clause], context: Sequence[Reading], vocabulary: Vocabulary
) -> tuple[str, ...]:
    """Write out for an encoder what was said: what stands before, a mark, and the message with its marks.

    Args:
        reading: the message.
        clauses: those of its clauses that are written out.
        context: what was said before, oldest first; the last two messages are written out.
        vocabulary: all words of the rulebook.
    """
    said: list[str] = []
    for earlier in context[-_MOST_BEFORE:]:
        said += (
            *_with_marks(earlier, earlier.clauses, words_of(earlier, vocabulary)[:_MOST_WORDS_BEFORE]),
            THEN,
        )
    return (*said, *_with_marks(reading, clauses, words_of(reading, vocabulary)))


def _with_marks(reading: Reading, clauses: Sequence[Clause], words: Sequence[str]) -> Iterable[str]:
    """Give the words of clauses with their quotation marks and what ends each."""
    opened = {quotation.first for quotation in reading.quotations}
    closed = {quotation.last for quotation in reading.quotations}
    for clause in clauses:
        for at in range(clause.first, min(clause.last, len(words))):
            if at in opened:
                yield QUOTATION
            yield words[at]
            if at + 1 in closed:
                yield QUOTATION
        if clause.ending.strip():
            yield clause.ending.strip()


def telling_clauses(
    reading: Reading,
    hits: Mapping[str, Sequence[Hit]],
    cues: Iterable[SeenCue],
    found: Iterable[Finding],
    roles: Mapping[str, Role],
) -> Sequence[Clause]:
    """Give the clauses that are about the subject, and what lies between them.

    Args:
        reading: the message.
        hits: the concepts and cues seen in it.
        cues: the cues that stand where they count.
        found: what the rules found.
        roles: the concepts' roles.

    Returns:
        from the first to the last clause with a topic, theme, rival, finding, or a cue that may turn a claim
        from there; all of them where there is none such.
    """
    places = {
        hit.first
        for name in hits.keys() & roles.keys()
        if roles[name] is not Role.PLAIN
        for hit in hits[name]
    }
    places.update(seen.hit.first for seen in cues if seen.hit is not None and seen.cue.category in TURNING)
    starts = {finding.start for finding in found}
    places.update(at for at, token in enumerate(reading.tokens) if token.start in starts)
    clauses = reading.clauses
    telling = [at for at, one in enumerate(clauses) if any(one.first <= place < one.last for place in places)]
    return clauses[telling[0] : telling[-1] + 1] if telling else clauses


def in_words(feature: str) -> str:
    """Say what a feature is, for a moderator: a word as it is, a concept as it stands in a phrase."""
    kind, _, name = feature.partition("=")
    say = _IN_WORDS.get(kind)
    return "how the message is built" if say is None else say(name)


def _of_words(
    words: Sequence[str], clauses: Sequence[Clause], classes: WordClasses | None
) -> Iterable[tuple[str, Stretch]]:
    alike = classes.of_word if classes is not None else {}
    for clause in clauses:
        for at in range(clause.first, clause.last):
            word = words[at]
            yield f"w={word}", (at, at + 1)
            if word in alike:
                fine, coarse = alike[word]
                yield f"n={fine}", (at, at + 1)
                yield f"m={coarse}", (at, at + 1)
            if at > clause.first:
                yield f"b={words[at - 1]} {word}", (at - 1, at + 1)
            if at > clause.first + 1:
                yield f"s={words[at - 2]} _ {word}", (at - 2, at + 1)


def _of_clauses(
    words: Sequence[str], clauses: Sequence[Clause], negations: Collection[str]
) -> Iterable[tuple[str, Stretch]]:
    """Give the words behind a denial, and of several clauses those of the first and of the last."""
    for clause in clauses:
        reach = 0
        for at in range(clause.first, clause.last):
            if words[at] in negations:
                reach = _DENIED_WORDS
            elif reach:
                reach -= 1
                yield f"d={words[at]}", (at, at + 1)
    if len(clauses) > 1:
        for kind, clause in (("o", clauses[0]), ("l", clauses[-1])):
            for at in range(clause.first, clause.last):
                yield f"{kind}={words[at]}", (at, at + 1)


def _of_form(
    words: Sequence[str], clauses: Sequence[Clause], reading: Reading
) -> Iterable[tuple[str, Stretch]]:
    first, last = (clauses[0].first, clauses[-1].last) if clauses else (0, 0)
    for at in range(first, min(first + 2, last)):
        yield f"{at - first}={words[at]}", (at, at + 1)
    if last > first:
        yield f"$={words[last - 1]}", (last - 1, last)
    marks = "".join(clause.ending for clause in clauses)
    if "?" in marks:
        yield "q", _NOWHERE
        if "?" in clauses[0].ending:
            yield "q at the beginning", _NOWHERE
        if "?" in clauses[-1].ending:
            yield "q at the end", _NOWHERE
    if "!" in marks:
        yield "!", _NOWHERE
    if reading.quotations:
        yield "quotation", _NOWHERE
    for aside in reading.asides:
        yield f"aside={aside.kind.value}", _NOWHERE
    yield f"length={min(_LONGEST, int(math.log2(last - first + 1)))}", _NOWHERE


def _of_what_was_seen(seen: Seen) -> Iterable[tuple[str, Stretch]]:
    first, last = (seen.clauses[0].first, seen.clauses[-1].last) if seen.clauses else (0, 0)
    for name, listed in seen.hits.items():
        if name.startswith((WORD, EXCLUSION)):
            continue
        for hit in listed:
            if first <= hit.first < last:
                yield f"c={name}", (hit.first, hit.last)
                break
    for cue in seen.cues:
        yield f"k={cue.cue.category.value}", _NOWHERE
    for name in seen.conversation:
        yield f"v={name}", _NOWHERE
    if seen.follows:
        yield "follows", _NOWHERE
    for finding in seen.found:
        yield f"f={finding.family}", _NOWHERE
        yield f"f={finding.family}, {finding.stance.value}", _NOWHERE
        yield f"stance={finding.stance.value}", _NOWHERE
        if finding.stance in SPEAKING:
            yield "found", _NOWHERE
