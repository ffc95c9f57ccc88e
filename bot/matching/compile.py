"""Making a rulebook ready for matching. Compiled once for each distinct content and shared."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from bot.matching.encoder import Encoder
from bot.matching.gate import Gate, gate_of
from bot.matching.lexicon import OPENER, PRONOUN, Lexicon, LexiconBuilder
from bot.matching.likeness import Likeness, likeness_from
from bot.matching.phrases import CompiledPhrase
from bot.matching.rarest import rarest_two
from bot.matching.sharing import same_object
from bot.matching.skim import Skim, skim_of
from bot.rulebook.model import (
    LOUDNESS,
    Concept,
    Cue,
    CueCategory,
    Emergency,
    Role,
    Rule,
    Rulebook,
    Status,
    Unless,
)
from bot.text.reader import read

EMERGENCY = "emergency"

PhraseIndex = Mapping[str, Mapping[str, tuple[tuple[int, int], ...]]]
"""For a concept and another one, the places of phrases: the rule's, and the phrase's within it."""


class CompiledRule(Struct, frozen=True):
    """A rule made ready.

    Args:
        id: its id.
        family: its claim family.
        status: `live` or `shadow`.
        cutoff: the score from which it fires, 0–100.
        phrases: its phrases.
        unless: other meanings, each with the reason.
        gives_way_to: families beside which it keeps quiet.
        only_asked: whether it counts only as a question.
    """

    id: str
    family: str
    status: str
    cutoff: float
    phrases: tuple[CompiledPhrase, ...]
    unless: tuple[tuple[CompiledPhrase, str], ...]
    gives_way_to: frozenset[str] = frozenset()
    only_asked: bool = False


class CompiledRulebook(Struct, frozen=True, eq=False, weakref=True):
    """A rulebook made ready.

    Args:
        source: the rulebook it was made from.
        lexicon: its lexicon.
        rules: its rules, without those that are off.
        by_concept: the phrases by two concepts without which they cannot match.
        topics: ids of the concepts that a conversation can be about.
        judged_topics: ids of those of which a message must speak for likeness to add to what rules find.
        themes: ids of the concepts that can be carried over beside a topic.
        rivals: ids of the other remedies.
        cues: the cues that part nothing.
        turns: ids of the cues that part a clause.
        negations: the single words that deny, for claims that are denials themselves ("not addictive").
        emergency: the signs of an emergency.
        skim: tells which words may stand in a message, before it is read.
        gate: tells whether a message with these words is worth a closer look.
        likeness: the second opinion on what the rules find; None where nothing was learned, or it is off.
    """

    source: Rulebook
    lexicon: Lexicon
    rules: tuple[CompiledRule, ...]
    by_concept: PhraseIndex
    topics: tuple[str, ...]
    judged_topics: tuple[str, ...]
    themes: tuple[str, ...]
    rivals: tuple[str, ...]
    cues: tuple[Cue, ...]
    turns: tuple[str, ...]
    negations: frozenset[str]
    emergency: CompiledRule | None
    skim: Skim
    gate: Gate
    likeness: Likeness | None


def compile_rulebook(rulebook: Rulebook, *, like: CompiledRulebook | None = None) -> CompiledRulebook:
    """Make a rulebook ready.

    Args:
        rulebook: a checked rulebook.
        like: a rulebook that is ready and mostly the same, such as the base of a server's own. What both have
            is not made twice, and memory holds it once.

    Returns:
        the compiled one. It finds the same with `like` as without.
    """
    source = like.source if like is not None else None
    builder = LexiconBuilder(like.lexicon if like is not None else None)
    for name, concept in rulebook.concepts.items():
        known = source.concepts.get(name) if source is not None else None
        builder.add_concept(name, concept, is_known=concept == known)
    cues = {cue.id: cue for cue in source.cues} if source is not None else {}
    for cue in rulebook.cues:
        builder.add_cue(cue, is_known=cue == cues.get(cue.id))
    builder.add_concept(PRONOUN, Concept(exactly=rulebook.pronouns))
    builder.add_concept(OPENER, Concept(exactly=rulebook.openers))
    rules = _compile_rules(rulebook, builder, like)
    emergency = _compile_emergency(rulebook.emergency, builder) if rulebook.emergency else None
    by_role: dict[Role, list[str]] = defaultdict(list)
    for name, concept in rulebook.concepts.items():
        by_role[concept.role].append(name)
    lexicon = builder.build()
    gate = gate_of(
        phrases=(phrase for rule in rules for phrase in rule.phrases),
        emergency=emergency.phrases if emergency is not None else (),
        asked_about=_asked_about(rulebook) or by_role[Role.TOPIC],
        lexicon=lexicon,
        like=like.gate if like is not None else None,
    )
    return CompiledRulebook(
        source=rulebook,
        lexicon=lexicon,
        rules=rules,
        by_concept=_index(rules, like.by_concept if like is not None else {}),
        topics=tuple(by_role[Role.TOPIC]),
        judged_topics=(rulebook.learned.topics if rulebook.learned else ()) or tuple(by_role[Role.TOPIC]),
        themes=tuple(by_role[Role.THEME]),
        rivals=tuple(by_role[Role.RIVAL]),
        cues=tuple(cue for cue in rulebook.cues if cue.category is not CueCategory.TURNS),
        turns=tuple(cue.id for cue in rulebook.cues if cue.category is CueCategory.TURNS),
        negations=frozenset(_negations(rulebook)),
        emergency=emergency,
        skim=skim_of(lexicon.vocabulary, gate.pairs, like.skim if like is not None else None),
        gate=gate,
        likeness=_likeness(rulebook, lexicon.vocabulary.words, like),
    )


def restated(compiled: CompiledRulebook, rulebook: Rulebook) -> CompiledRulebook | None:
    """Make a rulebook ready that has the words of another one, in a moment and sharing its memory.

    Args:
        compiled: a rulebook that is ready.
        rulebook: one with the same words and phrases, that may have other statuses, cut-offs, examples and
            wordings of caveats.

    Returns:
        the compiled one; None where the words differ, or where a rule speaks that is off in the other.
    """
    source = compiled.source
    ready = {rule.id: rule for rule in compiled.rules}
    before = {rule.id: rule for rule in source.rules}
    wanted = [rule for rule in rulebook.rules if rule.status is not Status.OFF]
    if (
        any(getattr(source, part) != getattr(rulebook, part) for part in _WORDS)
        or _asked_about(source) != _asked_about(rulebook)
        or not all(rule.id in ready and _matches_alike(before[rule.id], rule) for rule in wanted)
    ):
        return None
    rules = tuple(_restated_rule(ready[rule.id], rule) for rule in wanted)
    return replace(
        compiled,
        source=rulebook,
        rules=rules,
        by_concept=_index(rules, compiled.by_concept),
        likeness=_likeness(rulebook, compiled.lexicon.vocabulary.words, compiled),
    )


def _likeness(rulebook: Rulebook, words: Collection[str], like: CompiledRulebook | None) -> Likeness | None:
    """Make likeness ready; an encoder that another rulebook has already is opened once for both."""
    known = like.likeness.encoder if like is not None and like.likeness is not None else None
    encoder = None
    if rulebook.encoder is not None:
        encoder = known if known is not None and known.file == rulebook.encoder else Encoder(rulebook.encoder)
    return likeness_from(
        rulebook.learned, rulebook.weights, _loudest(rulebook), rulebook.rules, words=words, encoder=encoder
    )


def _restated_rule(known: CompiledRule, rule: Rule) -> CompiledRule:
    if (known.status, known.cutoff) == (rule.status.value, rule.cutoff):
        return known
    return replace(known, status=rule.status.value, cutoff=rule.cutoff)


_WORDS = ("concepts", "cues", "pronouns", "openers", "emergency")
_STATED = frozenset(("status", "cutoff", "examples", "caveats", "evidence", "asks", "note"))


def _matches_alike(one: Rule, other: Rule) -> bool:
    if one is other:
        return True
    fields = set(Rule.__struct_fields__) - _STATED
    return all(getattr(one, name) == getattr(other, name) for name in fields)


def _loudest(rulebook: Rulebook) -> dict[str, Status]:
    """Give for each family that has rules the status of the loudest of them."""
    found: dict[str, Status] = {}
    for rule in rulebook.rules:
        found[rule.family] = max(found.get(rule.family, Status.OFF), rule.status, key=LOUDNESS.__getitem__)
    return found


def _negations(rulebook: Rulebook) -> Iterator[str]:
    for cue in rulebook.cues:
        if cue.category is CueCategory.DENIES and not cue.echoes:
            for text in cue.words:
                tokens = read(text).tokens
                if len(tokens) == 1:
                    yield tokens[0].text


def _asked_about(rulebook: Rulebook) -> tuple[str, ...]:
    """Give the topics for which likeness is asked; none stands for all of them."""
    return rulebook.learned.topics if rulebook.learned is not None else ()


def _compile_rules(
    rulebook: Rulebook, builder: LexiconBuilder, like: CompiledRulebook | None
) -> tuple[CompiledRule, ...]:
    """Make ready the rules that are not off; what another rulebook has of the same words is taken over."""
    ready = {rule.id: rule for rule in like.rules} if like is not None else {}
    before = {rule.id: rule for rule in like.source.rules} if like is not None else {}
    compiled: list[CompiledRule] = []
    for rule in rulebook.rules:
        if rule.status is Status.OFF:
            continue
        known = ready.get(rule.id)
        if known is None or not _matches_alike(before[rule.id], rule):
            compiled.append(_compile_rule(rule, builder))
            continue
        for phrase in (*known.phrases, *(phrase for phrase, _ in known.unless)):
            builder.adopt(phrase)
        compiled.append(_restated_rule(known, rule))
    return tuple(compiled)


def _compile_rule(rule: Rule, builder: LexiconBuilder) -> CompiledRule:
    return CompiledRule(
        id=rule.id,
        family=rule.family,
        status=rule.status.value,
        cutoff=rule.cutoff,
        phrases=tuple(builder.phrase(text, within=rule.within) for text in rule.phrases),
        unless=_compile_unless(rule.unless, builder),
        gives_way_to=frozenset(rule.gives_way_to),
        only_asked=rule.only == "asks",
    )


def _compile_emergency(emergency: Emergency, builder: LexiconBuilder) -> CompiledRule:
    return CompiledRule(
        id=EMERGENCY,
        family=EMERGENCY,
        status=Status.LIVE.value,
        cutoff=90,
        phrases=tuple(builder.phrase(text, gap=3, within=12) for text in emergency.phrases),
        unless=_compile_unless(emergency.unless, builder),
    )


def _compile_unless(
    unless: tuple[Unless, ...], builder: LexiconBuilder
) -> tuple[tuple[CompiledPhrase, str], ...]:
    return tuple((builder.exclusion(one.phrase), one.because) for one in unless)


def _index(rules: tuple[CompiledRule, ...], known: PhraseIndex) -> PhraseIndex:
    """List each phrase under the concepts of the two items that fewest phrases share.

    What another rulebook lists alike is shared.
    """
    places = [(rule_at, at) for rule_at, rule in enumerate(rules) for at in range(len(rule.phrases))]
    rarest = rarest_two([phrase for rule in rules for phrase in rule.phrases])
    index: dict[str, dict[str, list[tuple[int, int]]]] = defaultdict(lambda: defaultdict(list))
    for place, (names, others) in zip(places, rarest, strict=True):
        for name in names:
            for other in others or (name,):
                index[name][other].append(place)
    return {
        name: same_object({other: tuple(listed) for other, listed in others.items()}, known.get(name))
        for name, others in index.items()
    }
