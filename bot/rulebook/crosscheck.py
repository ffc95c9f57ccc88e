"""What no single entry can know: whether the ids that it names are there, whether concepts form a circle."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from msgspec import Struct

from bot.errors import Fault
from bot.rulebook.entries import CueFile, Entries, Entry, find_duplicates, unknown_id
from bot.rulebook.language import Language
from bot.rulebook.language_files import check_languages
from bot.rulebook.model import Caveat, Concept, Document, Emergency, Evidence, Family, Learned, Role, Rule
from bot.rulebook.phrase import Phrase, PhraseError, parse_phrase
from bot.rulebook.place import Place

_OPEN, _CLOSED = "«", "»"


class Sources(Struct, frozen=True):
    """Everything in `rules/` as it was read, before it is known to fit together."""

    concepts: Entries[Concept]
    cues: Entry[CueFile] | None
    families: Entries[Family]
    rules: Entries[Rule]
    caveats: Entries[Caveat]
    evidence: Entries[Evidence]
    documents: Entries[Document]
    languages: Entries[Language]
    emergency: Entry[Emergency] | None = None
    learned: Entry[Learned] | None = None


def crosscheck(sources: Sources, *, of_folder: bool = True) -> Iterator[Fault]:
    """Check that everything fits together.

    Args:
        sources: all entries.
        of_folder: whether the rules all come from a folder, in which a file is a family's home. Without one,
            phrases that reach too far are left to the gate, which measures how far.

    Yields:
        every fault, in no special order.
    """
    yield from find_duplicates(sources.concepts, "concept")
    yield from find_duplicates(sources.families, "family")
    yield from find_duplicates(sources.rules, "rule")
    yield from find_duplicates(sources.caveats, "caveat")
    yield from find_duplicates(sources.evidence, "line of evidence")
    yield from find_duplicates(sources.documents, "document")
    yield from _check_concepts(sources.concepts)
    yield from _check_cues(sources)
    yield from _check_families(sources)
    yield from _check_rules(sources)
    if of_folder:
        yield from _check_homes(sources.rules)
        yield from _check_reach(sources)
        yield from _check_languages(sources)
    yield from _check_caveats(sources)
    yield from _check_documents(sources.documents)
    if sources.emergency is not None and sources.emergency.value is not None:
        emergency = sources.emergency
        yield from _check_phrases(emergency, "phrases", sources.emergency.value.phrases, sources.concepts)
        yield from _check_unless(emergency, sources.emergency.value, sources.concepts)
        yield from _check_marks(emergency, sources.emergency.value)
    if sources.learned is not None and sources.learned.value is not None:
        for index, name in enumerate(sources.learned.value.topics):
            place = sources.learned.place_of("topics", index)
            yield from unknown_id(place, name, "concept", sources.concepts, "the lexicon")


def _check_concepts(concepts: Entries[Concept]) -> Iterator[Fault]:
    for entry in concepts:
        concept = entry.value
        if concept is None:
            continue
        if not any((concept.words, concept.verbs, concept.exactly, concept.phrases, concept.kinds)):
            problem = f"the concept `{entry.id}` has nothing by which it can be seen."
            yield entry.place.fault(problem, "Give it `words`, `verbs`, `exactly`, `phrases` or `kinds`.")
        yield from _check_phrases(entry, "phrases", concept.phrases, concepts)
        yield from _check_phrases(entry, "unless", concept.unless, concepts)
        for field in ("words", "verbs", "exactly"):
            yield from _check_literals(entry, field, getattr(concept, field))
    yield from _find_circles(concepts)


def _check_literals(entry: Entry[Concept], field: str, texts: Sequence[str]) -> Iterator[Fault]:
    for index, text in enumerate(texts):
        place = entry.place_of(field, index)
        if "<" in text or ">" in text:
            yield place.fault(
                f"`{field}` holds plain words only, no <concepts>.", "Write it under `phrases`."
            )
        elif "|" in text:
            yield place.fault(f"`|` means nothing in `{field}`.", "Write each word as an entry of its own.")
        elif "..." in text and field == "exactly":
            yield place.fault("`...` means nothing in `exactly`.", "Write it under `words`.")
        elif "..." in text:
            yield from _gap_faults(place, text)


def _gap_faults(place: Place, text: str) -> Iterator[Fault]:
    pieces = text.split()
    if "..." in (pieces[0], pieces[-1]) or any("..." in piece and piece != "..." for piece in pieces):
        yield place.fault("`...` stands alone between two words.", "Write `knock ... out`.")


def _find_circles(concepts: Entries[Concept]) -> Iterator[Fault]:
    """Find concepts built from themselves: follow what each is built from until the trail meets itself."""
    uses = {entry.id: _concepts_of(entry.value) for entry in concepts if entry.value is not None}
    places = {entry.id: entry.place for entry in concepts}
    finished: set[str] = set()
    for start in uses:
        trail: list[str] = []
        pending = [iter((start,))]
        while pending:
            name = next(pending[-1], None)
            if name is None:
                pending.pop()
                finished.update(trail[-1:])
                del trail[-1:]
            elif name in trail:
                circle = " → ".join([*trail[trail.index(name) :], name])
                problem = f"concepts are built from each other in a circle: {circle}."
                yield places[name].fault(problem, "Take one of them out of the other's `phrases`.")
            elif name in uses and name not in finished:
                trail.append(name)
                pending.append(iter(uses[name]))


def _concepts_of(concept: Concept) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for text in concept.phrases:
        phrase = _parsed(text)
        found.update(dict.fromkeys(phrase.concepts if phrase else ()))
    return tuple(found)


def _parsed(text: str) -> Phrase | None:
    try:
        return parse_phrase(text)
    except PhraseError:
        return None


def _check_cues(sources: Sources) -> Iterator[Fault]:
    file = sources.cues
    if file is None or file.value is None:
        return
    first: dict[str, Place] = {}
    for index, cue in enumerate(file.value.cues):
        place = file.place_of("cues", index, "id")
        if cue.id in first:
            problem = f"the cue `{cue.id}` is already there: line {first[cue.id].line}."
            yield place.fault(problem, "Give this one another id, or remove one of them.")
        first.setdefault(cue.id, place)
        for field, texts in (("words", cue.words), ("unless", cue.unless)):
            for position, text in enumerate(texts):
                where = file.place_of("cues", index, field, position)
                yield from _phrase_faults(where, text, sources.concepts)


def _check_families(sources: Sources) -> Iterator[Fault]:
    ruled = {rule.family for rule in sources.rules.values} | {
        entry.place.path.stem for entry in sources.rules
    }
    for entry in sources.families:
        if sources.rules.whole and entry.id and entry.id not in ruled:
            problem = f"the family `{entry.id}` has no rule."
            yield entry.place.fault(problem, f"Write one in claims/{entry.id}.yaml, or take the family away.")
        if entry.value is not None:
            yield from _check_answers(entry, entry.value, sources)


def _check_answers(
    entry: Entry[Family] | Entry[Rule], value: Family | Rule, sources: Sources
) -> Iterator[Fault]:
    """Check the caveats and lines of evidence that a family or rule names."""
    for index, name in enumerate(value.caveats):
        yield from unknown_id(
            entry.place_of("caveats", index), name, "caveat", sources.caveats, "caveats.yaml"
        )
    for index, name in enumerate(value.evidence):
        place = entry.place_of("evidence", index)
        yield from unknown_id(place, name, "line of evidence", sources.evidence, "evidence.yaml")
    for field in ("caveats", "evidence"):
        for name, times in Counter(getattr(value, field)).items():
            if times > 1:
                problem = f"`{name}` stands {times} times in `{field}`."
                yield entry.place_of(field).fault(problem, "Leave it once.")


def _check_rules(sources: Sources) -> Iterator[Fault]:
    for entry in sources.rules:
        rule = entry.value
        if rule is None:
            continue
        yield from unknown_id(
            entry.place_of("family"), rule.family, "family", sources.families, "families.yaml"
        )
        for index, name in enumerate(rule.gives_way_to):
            place = entry.place_of("gives_way_to", index)
            yield from unknown_id(place, name, "family", sources.families, "families.yaml")
        yield from _check_answers(entry, rule, sources)
        yield from _check_phrases(entry, "phrases", rule.phrases, sources.concepts)
        yield from _check_unless(entry, rule, sources.concepts)
        yield from _check_marks(entry, rule)


def _check_homes(rules: Entries[Rule]) -> Iterator[Fault]:
    for entry in rules:
        home = entry.place.path.stem
        if entry.value is not None and entry.value.family != home:
            problem = f"the rule's family is `{entry.value.family}`, but the file is that of `{home}`."
            instead = f"Move the rule to claims/{entry.value.family}.yaml, or write `family: {home}`."
            yield entry.place_of("family").fault(problem, instead)


def _check_reach(sources: Sources) -> Iterator[Fault]:
    """Refuse a phrase that would answer every message about the topic."""
    topics = {entry.id for entry in sources.concepts if entry.value and entry.value.role is Role.TOPIC}
    for entry in sources.rules:
        for index, text in enumerate(entry.value.phrases if entry.value else ()):
            phrase = _parsed(text)
            if phrase and len(phrase.items) == 1 and topics.intersection(phrase.concepts):
                problem = f"`{text}` alone would fire on every message that names it."
                instead = "Add what is said of it: `<kratom> <relieves> <headache>`."
                yield entry.place_of("phrases", index).fault(problem, instead)


def _check_phrases(
    entry: Entry[Concept] | Entry[Rule] | Entry[Emergency],
    field: str,
    texts: Sequence[str],
    concepts: Entries[Concept],
) -> Iterator[Fault]:
    first: dict[str, Place] = {}
    for index, text in enumerate(texts):
        place = entry.place_of(field, index)
        if text in first:
            problem = f"the same phrase stands on line {first[text].line}."
            yield place.fault(problem, "Take this one away.")
        first.setdefault(text, place)
        yield from _phrase_faults(place, text, concepts)


def _phrase_faults(place: Place, text: str, concepts: Entries[Concept]) -> Iterator[Fault]:
    try:
        phrase = parse_phrase(text)
    except PhraseError as error:
        yield place.fault(f"in `{text}`: {error.problem}", error.instead)
        return
    for name in dict.fromkeys(phrase.concepts):
        if concepts.whole and name not in concepts.known:
            yield from unknown_id(place, name, "concept", concepts, "the lexicon")


def _check_unless(
    entry: Entry[Rule] | Entry[Emergency], value: Rule | Emergency, concepts: Entries[Concept]
) -> Iterator[Fault]:
    for index, other in enumerate(value.unless):
        yield from _phrase_faults(entry.place_of("unless", index, "phrase"), other.phrase, concepts)


def _check_marks(entry: Entry[Rule] | Entry[Emergency], value: Rule | Emergency) -> Iterator[Fault]:
    for index, example in enumerate(value.examples.fires):
        text = example.text
        marks = [letter for letter in text if letter in (_OPEN, _CLOSED)]
        if marks not in ([], [_OPEN, _CLOSED]):
            place = entry.place_of("examples", "fires", index, "text")
            problem = "the marks « and » do not belong together."
            yield place.fault(
                problem, "Put « before and » behind the words that must match, once; or leave both out."
            )


def _check_caveats(sources: Sources) -> Iterator[Fault]:
    starts = {
        document.id: document.sections[0].line for document in sources.documents.values if document.sections
    }
    for entry in sources.caveats:
        for index, statement in enumerate(entry.value.statements if entry.value else ()):
            place = entry.place_of("statements", index, "at")
            letter, line, _ = statement.at.split(":")
            yield from unknown_id(place, letter, "document", sources.documents, "documents.yaml")
            if letter in starts and int(line) < starts[letter]:
                problem = f"line {line} of document {letter} lies before its first section."
                yield place.fault(
                    problem, "Correct the place, or let the first section begin earlier in documents.yaml."
                )


def _check_languages(sources: Sources) -> Iterator[Fault]:
    yield from check_languages(
        sources.languages,
        families=sources.families,
        caveats=sources.caveats,
        evidence=sources.evidence,
        emergency=sources.emergency,
    )


def _check_documents(documents: Entries[Document]) -> Iterator[Fault]:
    for entry in documents:
        sections = entry.value.sections if entry.value else ()
        for index, (before, after) in enumerate(pairwise(sections), start=1):
            if after.line <= before.line:
                place = entry.place_of("sections", index, "line")
                problem = f"this section begins at line {after.line}, the one before at {before.line}."
                yield place.fault(problem, "Put the sections in the order of the document.")
