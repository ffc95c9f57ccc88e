"""Laying a server's changes over the base: one rulebook, or every fault with its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeVar

from msgspec.structs import replace

from bot.errors import Fault, RulebookError
from bot.rulebook.crosscheck import Sources, crosscheck
from bot.rulebook.entries import Entries, Entry, find_duplicates, unknown_id
from bot.rulebook.faults import suggest
from bot.rulebook.language import Language
from bot.rulebook.load import assemble
from bot.rulebook.loaded import LoadedRulebook
from bot.rulebook.model import LOUDNESS, Caveat, Concept, Learned, Rule, Status
from bot.rulebook.overlay import LIKENESS_RULE, CaveatWording, RuleChange, WrittenOverlay
from bot.rulebook.part import RulebookPart
from bot.rulebook.phrase import PhraseError, parse_phrase
from bot.rulebook.yaml_source import ListNode, MappingNode, Node

PartT = TypeVar("PartT", bound=RulebookPart)

_ADDED = frozenset(("words", "verbs", "exactly", "unless"))


def apply(base: LoadedRulebook, overlay: WrittenOverlay) -> LoadedRulebook:
    """Lay a server's changes over the base.

    Args:
        base: the rules that every server starts from.
        overlay: the changes.

    Returns:
        the rulebook, checked as a whole, with where everything in it was written; its examples are not run
        here. Where nothing is changed it has the digest of the base.

    Raises:
        RulebookError: the changes hold faults, or do not fit the base; all faults are told.
    """
    if overlay.value.is_empty:
        return base
    sources = base.sources
    faults = [*_unfit(overlay, sources)]
    if faults:
        raise RulebookError(list(dict.fromkeys(faults)))
    laid = replace(
        sources,
        concepts=_concepts(sources.concepts, overlay),
        rules=_rules(sources.rules, overlay),
        caveats=_caveats(sources.caveats, overlay.value.caveats),
        languages=_languages(sources.languages, overlay.value.caveats),
        learned=_learned(sources.learned, overlay.value.rules.get(LIKENESS_RULE)),
    )
    faults = [*crosscheck(laid, of_folder=False), *_unused(overlay, sources, laid)]
    if faults:
        raise RulebookError(list(dict.fromkeys(faults)))
    kept = base.rulebook
    return LoadedRulebook(assemble(laid, kept.weights, kept.classes, kept.encoder), base.folder, laid)


def _unfit(overlay: WrittenOverlay, sources: Sources) -> Iterator[Fault]:
    """Find what the changes name that is not there, or is there already."""
    yield from find_duplicates(Entries(overlay.own_rules), "rule")
    yield from _unfit_rules(overlay, sources)
    for name in overlay.value.families:
        place = overlay.place_of("families", name)
        yield from unknown_id(place, name, "family", sources.families, "the base")
    for name in overlay.value.caveats:
        place = overlay.place_of("caveats", name)
        yield from unknown_id(place, name, "caveat", sources.caveats, "the base")
    yield from _unfit_words(overlay, sources.concepts)


def _unfit_rules(overlay: WrittenOverlay, sources: Sources) -> Iterator[Fault]:
    known, replaced = sources.rules.known, set(overlay.value.replaces)
    own = {entry.id for entry in overlay.own_rules}
    for entry in overlay.own_rules:
        if entry.id in known and entry.id not in replaced:
            problem = f"the rule `{entry.id}` is already in the base."
            instead = (
                f"Give this one another id, or write `replaces: [{entry.id}]` to put it in the other's place."
            )
            yield entry.place.fault(problem, instead)
        if entry.id == LIKENESS_RULE:
            yield entry.place.fault(f"`{entry.id}` stands for likeness.", "Give the rule another id.")
    for name in overlay.value.replaces:
        place = overlay.place_of("replaces", name)
        if name not in own:
            yield place.fault(
                f"there is no own rule `{name}`.", "Write it under `own_rules`, or take this id away."
            )
        elif name not in known:
            yield place.fault(f"the base has no rule `{name}`.", "Take this id away; the own rule stays.")
    for name, change in overlay.rules.items():
        if name in own:
            yield change.place.fault(
                f"`{name}` is an own rule.", "Change it where it stands, under `own_rules`."
            )
        elif name == LIKENESS_RULE:
            yield from _unfit_likeness(change, sources.learned)
        else:
            yield from unknown_id(change.place, name, "rule", sources.rules, "the base")


def _unfit_likeness(change: Entry[RuleChange], learned: Entry[Learned] | None) -> Iterator[Fault]:
    value = change.value
    if value is not None and (value.unless or value.examples != RuleChange().examples):
        yield change.place.fault(
            "likeness has no phrases and no examples.", "Write only `status` and `cutoff`."
        )
    if learned is None or learned.value is None or learned.value.status is Status.OFF:
        yield change.place.fault("likeness is off in the base.", "Take this away.")


def _unfit_words(overlay: WrittenOverlay, concepts: Entries[Concept]) -> Iterator[Fault]:
    known = concepts.known
    for name, entry in overlay.lexicon.items():
        keys = entry.node.entries if isinstance(entry.node, MappingNode) else ()
        for key, _ in keys:
            if name in known and key.text not in _ADDED:
                problem = f"`{name}` is a concept of the base, and its `{key.text}` cannot be changed."
                yield key.place.fault(problem, "Write only `words`, `verbs`, `exactly` and `unless`.")


def _unused(overlay: WrittenOverlay, base: Sources, laid: Sources) -> Iterator[Fault]:
    """Find own concepts that nothing names: most often the name of one of the base, misspelt."""
    texts = [text for rule in laid.rules.values for text in rule.phrases]
    texts += [other.phrase for rule in laid.rules.values for other in rule.unless]
    for concept in laid.concepts.values:
        texts += [*concept.phrases, *concept.unless]
    named = {name for text in texts for name in _named(text)}
    known = base.concepts.ids
    for name, entry in overlay.lexicon.items():
        if name not in base.concepts.known and name not in named:
            problem = f"`{name}` is no concept of the base, and no phrase names it."
            yield entry.place.fault(problem, suggest(name, known) or f"Name it in a phrase: `<{name}>`.")


def _named(text: str) -> tuple[str, ...]:
    try:
        return parse_phrase(text).concepts
    except PhraseError:
        return ()


def _concepts(base: Entries[Concept], overlay: WrittenOverlay) -> Entries[Concept]:
    known = base.known
    changed = [_with_words(entry, overlay.lexicon.get(entry.id)) for entry in base]
    own = [entry for name, entry in overlay.lexicon.items() if name not in known]
    return Entries((*changed, *own), base.whole)


def _with_words(entry: Entry[Concept], added: Entry[Concept] | None) -> Entry[Concept]:
    if added is None or added.value is None or entry.value is None:
        return entry
    more = {key: (*getattr(entry.value, key), *getattr(added.value, key)) for key in sorted(_ADDED)}
    return replace(entry, node=_joined(entry.node, added.node), value=replace(entry.value, **more))


def _rules(base: Entries[Rule], overlay: WrittenOverlay) -> Entries[Rule]:
    """Give all rules: an own one that replaces stands where the other stood, as the order decides ties."""
    families = overlay.value.families
    own = {entry.id: _quieted(entry, families) for entry in overlay.own_rules}
    known = base.known
    laid = [
        own[entry.id] if entry.id in own else _changed(entry, overlay.rules.get(entry.id), families)
        for entry in base
    ]
    return Entries((*laid, *(entry for name, entry in own.items() if name not in known)), base.whole)


def _quieted(entry: Entry[Rule], families: Mapping[str, Status]) -> Entry[Rule]:
    """Let a family that is off or in shadow hold for an own rule."""
    if entry.value is None:
        return entry
    status = families.get(entry.value.family, Status.LIVE)
    if LOUDNESS[status] >= LOUDNESS[entry.value.status]:
        return entry
    return replace(entry, value=replace(entry.value, status=status))


def _changed(
    entry: Entry[Rule], change: Entry[RuleChange] | None, families: Mapping[str, Status]
) -> Entry[Rule]:
    rule = entry.value
    if rule is None:
        return entry
    update: dict[str, object] = {"status": _status_of(rule, families)}
    node = entry.node
    if change is not None and change.value is not None:
        wanted = change.value
        node = _joined(entry.node, change.node)
        update["status"] = wanted.status or update["status"]
        update["cutoff"] = wanted.cutoff or rule.cutoff
        update["unless"] = (*rule.unless, *wanted.unless)
        update["examples"] = replace(
            rule.examples,
            **{
                key: (*getattr(rule.examples, key), *getattr(wanted.examples, key))
                for key in ("fires", "silent", "todo")
            },
        )
    if all(getattr(rule, key) == value for key, value in update.items()):
        return entry
    return replace(entry, node=node, value=replace(rule, **update))


def _status_of(rule: Rule, families: Mapping[str, Status]) -> Status:
    wanted = families.get(rule.family)
    if wanted is None or rule.status is Status.OFF:
        return rule.status
    return wanted


def _caveats(base: Entries[Caveat], wordings: Mapping[str, CaveatWording]) -> Entries[Caveat]:
    return Entries(tuple(_reworded(entry, wordings.get(entry.id)) for entry in base), base.whole)


def _reworded(entry: Entry[Caveat], wording: CaveatWording | None) -> Entry[Caveat]:
    if wording is None or entry.value is None:
        return entry
    said = {"says": wording.says or entry.value.says, "short": wording.short or entry.value.short}
    return replace(entry, value=replace(entry.value, **said))


def _languages(base: Entries[Language], wordings: Mapping[str, CaveatWording]) -> Entries[Language]:
    """Let a server's own wording of a caveat stand in every language: it is what the server wants said."""
    return Entries(tuple(_own_words(entry, wordings) for entry in base), base.whole) if wordings else base


def _own_words(entry: Entry[Language], wordings: Mapping[str, CaveatWording]) -> Entry[Language]:
    if entry.value is None:
        return entry
    said = dict(entry.value.caveats)
    for name, wording in wordings.items():
        if (there := said.get(name)) is not None:
            own = {"says": wording.says or there.says, "short": wording.short or there.short}
            said[name] = replace(there, **own)
    return replace(entry, value=replace(entry.value, caveats=said))


def _learned(base: Entry[Learned] | None, change: RuleChange | None) -> Entry[Learned] | None:
    if base is None or base.value is None or change is None:
        return base
    update = {"status": change.status or base.value.status, "due": change.cutoff or base.value.due}
    return replace(base, value=replace(base.value, **update))


def _joined(base: Node, added: Node) -> Node:
    """Join what was written in two places, so that each part still knows where it stands."""
    if isinstance(base, ListNode) and isinstance(added, ListNode):
        return ListNode(base.place, (*base.items, *added.items))
    if not isinstance(base, MappingNode) or not isinstance(added, MappingNode):
        return added
    there = {key.text for key, _ in base.entries}
    entries = [
        (key, value if (other := added.get(key.text)) is None else _joined(value, other))
        for key, value in base.entries
    ]
    entries += [(key, value) for key, value in added.entries if key.text not in there]
    return MappingNode(base.place, tuple(entries))
