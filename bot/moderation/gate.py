"""The gate in front of every change: examples hold, none changes its owner, no rule reaches too far."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from bot.errors import Fault
from bot.matching.selftest import ExampleFailure
from bot.moderation.difference import new_or_changed
from bot.moderation.fitting import Fitted
from bot.moderation.model import Breadth
from bot.moderation.ordinary import OrdinaryChat
from bot.moderation.owners import Taken, taken_examples
from bot.proof import fault_of_example
from bot.rulebook.loaded import LoadedRulebook
from bot.rulebook.model import Status
from bot.rulebook.overlay import OVERLAY_FILE
from bot.rulebook.place import Place

_MOST_REMARKS = 5


class Examination(Struct, frozen=True):
    """What the gate found.

    Args:
        faults: why the change may not go in force; empty where it may.
        breadth: how far the new and changed rules reach, and any that reaches too far.
        rules: ids of the rules that are new or changed and would speak.
        remarks: what is worth knowing, in short sentences.
    """

    faults: tuple[Fault, ...]
    breadth: tuple[Breadth, ...]
    rules: tuple[str, ...]
    remarks: tuple[str, ...]


def examine(before: Fitted, after: Fitted, chat: OrdinaryChat) -> Examination:
    """Examine a change; it takes a second or two.

    Args:
        before: the server's rules as they are.
        after: as they would be.
        chat: the bank of ordinary chat.

    Returns:
        what speaks against it and what is worth knowing.
    """
    changed = new_or_changed(before.loaded.rulebook, after.loaded.rulebook)
    faults, breadth = _breadths(before, after, chat, changed)
    faults += [_of_example(after, failure, changed) for failure in after.failures]
    taken = list(taken_examples(before.awake, after.awake)) if after.awake is not before.awake else []
    faults += [_of_taken(after.loaded, one) for one in taken if one.first]
    speaking = {rule.id for rule in after.loaded.rulebook.rules if rule.status is Status.LIVE}
    return Examination(
        faults=tuple(dict.fromkeys(faults)),
        breadth=tuple(breadth),
        rules=tuple(rule for rule in changed if rule in speaking),
        remarks=tuple(_remarks([one for one in taken if not one.first])),
    )


def _of_example(after: Fitted, failure: ExampleFailure, changed: Sequence[str]) -> Fault:
    """Place an example that does not hold where the moderator can do something about it."""
    fault, overlay = fault_of_example(after.loaded, failure), after.overlay
    if after.loaded.folder not in fault.path.parents:
        return fault
    culprit = next((rule for rule in changed if f" {rule} " in f" {failure.problem} "), None)
    if failure.rule in overlay.rules:
        place = overlay.rules[failure.rule].place
    elif culprit is not None:
        place = after.loaded.place_of_rule(culprit, "phrases")
    else:
        place = overlay.place_of("lexicon", next(iter(overlay.lexicon), ""))
    instead = "Narrow what was changed, so that this example of the base holds again."
    return place.fault(fault.problem, instead)


def _of_taken(loaded: LoadedRulebook, taken: Taken) -> Fault:
    by = taken.by
    problem = (
        f"“{taken.text}”, an example of the rule `{taken.rule}` ({taken.family}), would be answered by "
        f"the rule `{by.rule}` ({by.family})."
    )
    instead = f"Narrow that rule, or let it give way: `gives_way_to: [{taken.family}]`."
    return _place_of_phrase(loaded, by.rule, by.phrase).fault(problem, instead)


def _place_of_phrase(loaded: LoadedRulebook, rule: str, phrase: str) -> Place:
    known = next((known for known in loaded.rulebook.rules if known.id == rule), None)
    if known is None:
        return Place(OVERLAY_FILE, 1, 1)
    where = known.phrases.index(phrase) if phrase in known.phrases else 0
    return loaded.place_of_rule(rule, "phrases", where)


def _breadths(
    before: Fitted, after: Fitted, chat: OrdinaryChat, changed: Sequence[str]
) -> tuple[list[Fault], list[Breadth]]:
    then, now = chat.hits(before.awake), chat.hits(after.awake)
    families = {rule.id: rule.family for rule in after.loaded.rulebook.rules}
    faults: list[Fault] = []
    breadth: list[Breadth] = []
    for rule in dict.fromkeys((*changed, *now)):
        hits = now.get(rule, {})
        shares = chat.shares(hits)
        grown = [name for name in shares if len(hits.get(name, ())) > len(then.get(rule, {}).get(name, ()))]
        broad = [name for name in grown if shares[name].value > chat.most[name]]
        if rule in changed or broad:
            breadth.append(Breadth(rule, families.get(rule, ""), shares))
        if broad:
            told = "; ".join(f"[{name}] {shares[name]}" for name in shares)
            sample = shares[broad[0]].samples[0]
            problem = (
                f"the rule `{rule}` would fire on messages that claim nothing: {told}; such as “{sample}”."
            )
            most = ", ".join(f"{100 * chat.most[name]:g} % of [{name}]" for name in broad)
            instead = f"Add what is said of it, so that it fires on at most {most}."
            place = _place_of_phrase(after.loaded, rule, _most_frequent(hits[broad[0]]))
            faults.append(place.fault(problem, instead))
    return faults, breadth


def _most_frequent(hits: Sequence[tuple[str, str]]) -> str:
    phrases = [phrase for _, phrase in hits]
    return max(phrases, key=phrases.count)


def _remarks(taken: Sequence[Taken]) -> Iterator[str]:
    for one in taken[:_MOST_REMARKS]:
        yield f"“{one.text}”, an example of `{one.rule}`, would also be answered by `{one.by.rule}`."
    if len(taken) > _MOST_REMARKS:
        yield f"So would {len(taken) - _MOST_REMARKS} more examples."
