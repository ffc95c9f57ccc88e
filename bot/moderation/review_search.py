"""What would silence a rule on one message and on as little else as possible. Pure; it takes some seconds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from bot.matching.compile import CompiledRulebook, compile_rulebook
from bot.matching.engine import find
from bot.matching.model import SPEAKING, Finding
from bot.matching.selftest import check_examples, unmark
from bot.replies.context import Conversations
from bot.replies.model import Incoming
from bot.rulebook.model import Rule, Unless
from bot.rulebook.phrase import PhraseError, parse_phrase
from bot.text.model import Reading, Token, TokenKind
from bot.text.reader import read

LONGEST_PHRASE = 5
"""Words that a phrase under `unless` may have."""
MOST_PHRASES = 40
"""So many phrases are tried, short ones first."""
SHORTEST_TELLING = 3
"""Letters of the word by which a phrase can be told from a claim."""
ANOTHER_MEANING = "another meaning; a member said so"
"""The reason that is given for a phrase under `unless`."""


class Remedy(Struct, frozen=True):
    """One way to silence a rule on a message: one of the two.

    Args:
        unless: a phrase of other meaning.
        cutoff: another cut-off.
        lost: how many other recent messages the rule would not fire on any more.
    """

    unless: str | None
    cutoff: int | None
    lost: int

    @property
    def size(self) -> tuple[bool, int]:
        """How it comes among those that change as much: phrases before a cut-off, short ones first."""
        return self.unless is None, len(self.unless.split()) if self.unless else 0


def fires(text: str, rule: str, rulebook: CompiledRulebook) -> tuple[Finding, ...]:
    """Give what a rule would speak on in a message, looked at by itself."""
    return _fires(read(text), (), rule, rulebook)


def remedies(
    text: str, rule: str, rulebook: CompiledRulebook, lately: Sequence[Incoming], *, besides: str = ""
) -> tuple[Remedy, ...]:
    """Search what silences a rule on a message without silencing any of its firing examples.

    Phrases for `unless` are words of the message that stand together: one at least counts for the claim, and
    one, of three letters at least, is in no firing example of any rule, so that it can tell the two apart.
    The cut-off is the lowest one that silences the message.

    Args:
        text: the message, on which the rule must not speak.
        rule: id of the rule.
        rulebook: the server's rules with every rule awake.
        lately: recent messages of the server, oldest first.
        besides: id of the message itself, which does not count among these.

    Returns:
        the remedies, those first that change fewest recent messages, then the smallest.
    """
    written = next((known for known in rulebook.source.rules if known.id == rule), None)
    found = fires(text, rule, rulebook)
    if written is None or not found:
        return ()
    places = _said_lately(lately, rule, rulebook, besides)
    tried: list[Remedy] = []
    for unless, cutoff, trial in _trials(text, written, found, rulebook):
        if fires(text, rule, trial) or _loses_an_example(written, trial):
            continue
        lost = sum(not _fires(reading, context, rule, trial) for reading, context in places)
        tried.append(Remedy(unless, cutoff, lost))
    return tuple(sorted(tried, key=lambda remedy: (remedy.lost, remedy.size)))


def phrases_of(text: str, found: Sequence[Finding], rulebook: CompiledRulebook) -> tuple[str, ...]:
    """List the phrases of a message that could tell it from a claim.

    Args:
        text: the message.
        found: what the rule found in it.
        rulebook: the rules.

    Returns:
        at most `MOST_PHRASES` phrases, short ones first, in plain words as they stand there.
    """
    reading = read(text)
    counting = _counting(reading, found, rulebook)
    known = _known_words(rulebook) if found else frozenset()
    phrases: list[str] = []
    for length in range(2, LONGEST_PHRASE + 1):
        for clause in reading.clauses:
            for first in range(clause.first, clause.last - length + 1):
                place = range(first, first + length)
                tokens = [reading.tokens[at] for at in place]
                telling = any(at not in counting and _tells(reading.tokens[at], known) for at in place)
                if telling and counting & set(place) and _can_be_written(tokens):
                    phrases.append(" ".join(token.text for token in tokens))
    return tuple(dict.fromkeys(phrases))[:MOST_PHRASES]


def _trials(
    text: str, rule: Rule, found: Sequence[Finding], rulebook: CompiledRulebook
) -> Iterator[tuple[str | None, int | None, CompiledRulebook]]:
    """Give each phrase and cut-off with the rules as they would be; all phrases are made ready in one go."""
    phrases = phrases_of(text, found, rulebook)
    if phrases:
        more = tuple(Unless(phrase=phrase, because=ANOTHER_MEANING) for phrase in phrases)
        widened = replace(rule, unless=(*rule.unless, *more))
        rules = tuple(widened if known.id == rule.id else known for known in rulebook.source.rules)
        source = replace(rulebook.source, rules=rules, digest="on trial")
        ready = compile_rulebook(source)
        for place, phrase in enumerate(phrases, len(rule.unless)):
            yield phrase, None, _with_unless(ready, rule, place)
    cutoff = int(max(finding.score for finding in found)) + 1
    if cutoff <= 100:
        rules_now = tuple(replace(one, cutoff=cutoff) if one.id == rule.id else one for one in rulebook.rules)
        yield None, cutoff, replace(rulebook, rules=rules_now)


def _with_unless(ready: CompiledRulebook, rule: Rule, place: int) -> CompiledRulebook:
    """Of all phrases that were made ready keep the rule's own and one more."""
    count = len(rule.unless)
    return replace(
        ready,
        rules=tuple(
            replace(one, unless=(*one.unless[:count], one.unless[place])) if one.id == rule.id else one
            for one in ready.rules
        ),
    )


def _loses_an_example(rule: Rule, trial: CompiledRulebook) -> bool:
    only = replace(trial.source, rules=(rule,), emergency=None)
    return bool(check_examples(replace(trial, source=only)).failures)


def _counting(reading: Reading, found: Sequence[Finding], rulebook: CompiledRulebook) -> set[int]:
    """Give the tokens that make up the claim: those of the concepts of its phrase, inside its words."""
    counting: set[int] = set()
    seen = find(reading, rulebook, explained=True).concepts
    for finding in found:
        concepts = set(parse_phrase(finding.phrase).concepts)
        counting |= {
            at
            for hit in seen
            if hit.concept in concepts
            for at in range(hit.first, hit.last)
            if finding.start <= reading.tokens[at].start < finding.end
        }
    return counting


def _known_words(rulebook: CompiledRulebook) -> frozenset[str]:
    """Give the words of all firing examples: they stand beside claims, so they cannot tell one apart."""
    return frozenset(
        token.text
        for rule in rulebook.source.rules
        for example in rule.examples.fires
        for token in read(unmark(example.text)[0]).tokens
    )


def _tells(token: Token, known: frozenset[str]) -> bool:
    """Whether a word can tell a message from a claim: "of" and "my" stand beside anything."""
    is_known = token.text in known or not known.isdisjoint(token.readings)
    return len(token.text) >= SHORTEST_TELLING and not is_known


def _can_be_written(tokens: Sequence[Token]) -> bool:
    if any(token.kind is not TokenKind.WORD for token in tokens):
        return False
    try:
        phrase = parse_phrase(" ".join(token.text for token in tokens))
    except PhraseError:
        return False
    return len(phrase.items) == len(tokens) and not phrase.concepts


Place = tuple[Reading, tuple[Reading, ...]]
"""A message and what was said just before."""


def _said_lately(
    lately: Sequence[Incoming], rule: str, rulebook: CompiledRulebook, besides: str
) -> list[Place]:
    """Give the recent messages on which the rule fires."""
    conversations = Conversations()
    places: list[Place] = []
    for message in lately:
        reading = read(message.text)
        answered = read(message.answers) if message.answers else None
        context = conversations.before(message, answered=answered)
        conversations.remember(message, reading)
        if message.id != besides and not message.is_bot and _fires(reading, context, rule, rulebook):
            places.append((reading, context))
    return places


def _fires(
    reading: Reading, context: Sequence[Reading], rule: str, rulebook: CompiledRulebook
) -> tuple[Finding, ...]:
    found = find(reading, rulebook, context).found
    return tuple(finding for finding in found if finding.rule == rule and finding.stance in SPEAKING)
