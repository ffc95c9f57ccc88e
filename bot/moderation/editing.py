"""What a change makes of a server's changes so far. Pure."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from bot.errors import Fault, RulebookError
from bot.moderation.changes import (
    AddExample,
    AddUnless,
    AmendRule,
    Change,
    EditRule,
    NewRule,
    ResetRule,
    SetCutoff,
    SetFamilyStatus,
    SetRuleStatus,
    WholeOverlay,
)
from bot.rulebook.entries import Entry
from bot.rulebook.faults import suggest
from bot.rulebook.loaded import LoadedRulebook
from bot.rulebook.model import FiringExample, Rule, SilentExample, Status, TodoExample, Unless
from bot.rulebook.overlay import (
    LIKENESS_RULE,
    AddedExamples,
    Overlay,
    RuleChange,
    WrittenOverlay,
    read_overlay,
    read_rule,
)
from bot.rulebook.overlaying import apply
from bot.rulebook.yaml_writer import write_overlay

COMMAND = Path("command")
"""Stands for the file in faults of what was chosen, not typed."""


class Edited(Struct, frozen=True):
    """A server's changes after one more.

    Args:
        written: with the places of what was typed, for faults.
        value: as they are to be saved.
        woken: ids of the rules that are told to speak at once, whatever time in shadow is left to them.
        remarks: what else is worth knowing.
    """

    written: WrittenOverlay
    value: Overlay
    woken: frozenset[str] = frozenset()
    remarks: tuple[str, ...] = ()


def edited(change: Change, current: str, base: LoadedRulebook) -> Edited:
    """Make one more change to a server's changes.

    Args:
        change: what is asked; not a `RollBack`, whose text only the store knows.
        current: the server's changes so far, as YAML.
        base: the base.

    Returns:
        the changes.

    Raises:
        RulebookError: what was typed holds faults, or names what is not there.
    """
    if isinstance(change, WholeOverlay):
        written = read_overlay(change.text)
        return Edited(written, written.value, remarks=_comments(change.text))
    before = read_overlay(current)
    match change:
        case NewRule():
            done = _new(read_rule(change.text), before, base)
        case EditRule():
            done = _edited_rule(change, before, base)
        case SetFamilyStatus():
            done = _family(change, before, base)
        case SetRuleStatus():
            done = _again(_with_status(change, before, base), woken=_woken(change))
        case AddExample():
            done = _again(_with_more(change.rule, before, base, example=change.example))
        case AddUnless():
            more = _with_more(change.rule, before, base, example=change.example, unless=change.unless)
            done = _again(more)
        case AmendRule():
            done = _again(_amended(change, before, base))
        case SetCutoff():
            done = _again(_with_cutoff(change, before, base))
        case ResetRule():
            done = _again(_reset(change.rule, before.value, base))
        case _:
            raise ValueError(f"{change!r} is no change of a text")
    return done


def _again(value: Overlay, woken: frozenset[str] = frozenset()) -> Edited:
    """Read what was put together as it will be saved, so that faults have places in it."""
    return Edited(read_overlay(write_overlay(value)), value, woken)


def _woken(change: SetRuleStatus) -> frozenset[str]:
    return frozenset((change.rule,)) if change.status is Status.LIVE else frozenset()


def _comments(text: str) -> tuple[str, ...]:
    if any(line.lstrip().startswith("#") for line in text.splitlines()):
        return ("Comments are not kept; write what matters under `note:` of a rule.",)
    return ()


def _wrong(problem: str, instead: str = "") -> RulebookError:
    return RulebookError([Fault(COMMAND, 1, 1, problem, instead)])


def _own(overlay: Overlay, rule: str) -> Rule | None:
    return next((own for own in overlay.own_rules if own.id == rule), None)


def _of_base(base: LoadedRulebook, rule: str) -> Rule | None:
    return next((known for known in base.rulebook.rules if known.id == rule), None)


def _known(rule: str, overlay: Overlay, base: LoadedRulebook) -> None:
    """Insist that there is such a rule."""
    ids = [*(own.id for own in overlay.own_rules), *(known.id for known in base.rulebook.rules)]
    if rule not in ids and rule != LIKENESS_RULE:
        raise _wrong(f"there is no rule `{rule}`.", suggest(rule, ids))


def _new(entry: Entry[Rule], before: WrittenOverlay, base: LoadedRulebook) -> Edited:
    rule = _value(entry)
    if _own(before.value, rule.id) or _of_base(base, rule.id):
        instead = "Give this one another id, or edit the one that is there."
        raise RulebookError([entry.place.fault(f"the rule `{rule.id}` is already there.", instead)])
    value = replace(before.value, own_rules=(*before.value.own_rules, rule))
    return Edited(replace(before, value=value, own_rules=(*before.own_rules, entry)), value)


def _edited_rule(change: EditRule, before: WrittenOverlay, base: LoadedRulebook) -> Edited:
    entry = read_rule(change.text)
    rule, overlay = _value(entry), before.value
    _known(change.rule, overlay, base)
    if rule.id != change.rule:
        problem = f"the rule's id is `{rule.id}`, but `{change.rule}` is being edited."
        raise RulebookError([entry.place.fault(problem, "Leave the id as it is, or make a new rule.")])
    others = tuple(other for other in before.own_rules if other.id != rule.id)
    replaced = overlay.replaces
    if _of_base(base, rule.id) and rule.id not in replaced:
        replaced = (*replaced, rule.id)
    rules = {name: other for name, other in overlay.rules.items() if name != rule.id}
    value = replace(
        overlay, own_rules=(*(_value(other) for other in others), rule), replaces=replaced, rules=rules
    )
    written = replace(
        before,
        value=value,
        own_rules=(*others, entry),
        rules={name: other for name, other in before.rules.items() if name != rule.id},
    )
    return Edited(written, _smallest(written, rule, base))


def _smallest(written: WrittenOverlay, rule: Rule, base: LoadedRulebook) -> Overlay:
    """Write an edited rule of the base as a change to it, where that says the same: it goes on following the
    base."""
    known = _of_base(base, rule.id)
    difference = _difference(known, rule) if known is not None else None
    if difference is None:
        return written.value
    value = written.value
    smaller = replace(
        value,
        own_rules=tuple(own for own in value.own_rules if own.id != rule.id),
        replaces=tuple(name for name in value.replaces if name != rule.id),
        rules=value.rules | ({rule.id: difference} if difference != RuleChange() else {}),
    )
    try:
        same = apply(base, read_overlay(write_overlay(smaller))).rulebook == apply(base, written).rulebook
    except RulebookError:
        return value
    return smaller if same else value


def _difference(known: Rule, rule: Rule) -> RuleChange | None:
    """Give what a change can say of the difference between two rules; None where it cannot say all of it."""
    added = {}
    for key in ("fires", "silent", "todo"):
        old, new = getattr(known.examples, key), getattr(rule.examples, key)
        if new[: len(old)] != old:
            return None
        added[key] = new[len(old) :]
    if rule.unless[: len(known.unless)] != known.unless:
        return None
    change = RuleChange(
        status=rule.status if rule.status is not known.status else None,
        cutoff=rule.cutoff if rule.cutoff != known.cutoff else None,
        unless=rule.unless[len(known.unless) :],
        examples=AddedExamples(**added),
    )
    fields = ("status", "cutoff", "unless", "examples")
    told = replace(known, **{name: getattr(rule, name) for name in fields})
    return change if told == rule else None


def _family(change: SetFamilyStatus, before: WrittenOverlay, base: LoadedRulebook) -> Edited:
    ids = [family.id for family in base.rulebook.families]
    if change.family not in ids:
        raise _wrong(f"there is no family `{change.family}`.", suggest(change.family, ids))
    ruled = [rule for rule in base.rulebook.rules if rule.family == change.family]
    families = {name: status for name, status in before.value.families.items() if name != change.family}
    speaks = change.status is Status.LIVE and all(rule.status is not Status.SHADOW for rule in ruled)
    if not speaks:
        families[change.family] = change.status
    woken = {rule.id for rule in (*ruled, *before.value.own_rules) if rule.family == change.family}
    value = replace(before.value, families=families)
    return _again(value, frozenset(woken) if change.status is Status.LIVE else frozenset())


def _with_status(change: SetRuleStatus, before: WrittenOverlay, base: LoadedRulebook) -> Overlay:
    overlay = before.value
    _known(change.rule, overlay, base)
    own = _own(overlay, change.rule)
    if own is not None:
        return _checked_loudness(_with_own(overlay, replace(own, status=change.status)), change, own)
    known = overlay.rules.get(change.rule, RuleChange())
    without = _with_change(overlay, change.rule, replace(known, status=None))
    if change.rule != LIKENESS_RULE:
        laid = apply(base, read_overlay(write_overlay(without))).rulebook
        if any(rule.id == change.rule and rule.status is change.status for rule in laid.rules):
            return without
    return _with_change(overlay, change.rule, replace(known, status=change.status))


def _checked_loudness(overlay: Overlay, change: SetRuleStatus, own: Rule) -> Overlay:
    family = overlay.families.get(own.family, Status.LIVE)
    if change.status is Status.LIVE and family is not Status.LIVE:
        problem = f"the family `{own.family}` is `{family}` here, so the rule cannot speak."
        raise _wrong(problem, "Set the family live first.")
    return overlay


def _with_cutoff(change: SetCutoff, before: WrittenOverlay, base: LoadedRulebook) -> Overlay:
    overlay = before.value
    _known(change.rule, overlay, base)
    if not 60 <= change.cutoff <= 100:
        raise _wrong(f"{change.cutoff} is no cut-off.", "Choose a number from 60 to 100.")
    own = _own(overlay, change.rule)
    if own is not None:
        return _with_own(overlay, replace(own, cutoff=change.cutoff))
    known = overlay.rules.get(change.rule, RuleChange())
    rule = _of_base(base, change.rule)
    cutoff = None if rule is not None and rule.cutoff == change.cutoff else change.cutoff
    return _with_change(overlay, change.rule, replace(known, cutoff=cutoff))


def _with_more(
    rule: str,
    before: WrittenOverlay,
    base: LoadedRulebook,
    *,
    example: FiringExample | SilentExample | TodoExample | None = None,
    unless: Unless | None = None,
) -> Overlay:
    overlay = before.value
    _known(rule, overlay, base)
    own = _own(overlay, rule)
    known = own or overlay.rules.get(rule, RuleChange())
    examples = known.examples
    if example is not None:
        key = _SECTION[type(example)]
        examples = replace(examples, **{key: (*getattr(examples, key), example)})
    update = {"examples": examples, "unless": (*known.unless, *([unless] if unless else []))}
    if own is not None:
        return _with_own(overlay, replace(own, **update))
    return _with_change(overlay, rule, replace(overlay.rules.get(rule, RuleChange()), **update))


def _amended(change: AmendRule, before: WrittenOverlay, base: LoadedRulebook) -> Overlay:
    overlay = before.value
    _known(change.rule, overlay, base)
    more = _amendment(change)
    own = _own(overlay, change.rule)
    known = own or overlay.rules.get(change.rule, RuleChange())
    examples: dict[str, object] = {
        key: _joined(getattr(known.examples, key), getattr(more.examples, key)) for key in _SECTION.values()
    }
    update: dict[str, object] = {
        "examples": replace(known.examples, **examples),
        "unless": _joined(known.unless, more.unless),
    }
    if more.cutoff is not None:
        update["cutoff"] = more.cutoff
    if own is not None:
        return _with_own(overlay, replace(own, **update))
    changed = replace(overlay.rules.get(change.rule, RuleChange()), **update)
    return _with_change(overlay, change.rule, changed)


def _amendment(change: AmendRule) -> RuleChange:
    """Read what is to be added to a rule, and insist that it is that and nothing else."""
    written = read_overlay(change.text)
    more = written.value.rules.get(change.rule, RuleChange())
    place = written.place_of("rules", change.rule)
    if replace(written.value, rules={}) != Overlay() or len(written.value.rules) > 1:
        instead = "Change other things by themselves, with the commands for them."
        raise RulebookError([place.fault(f"only the rule `{change.rule}` is amended here.", instead)])
    if more == RuleChange():
        instead = f"Begin with `rules: {{{change.rule}: …}}`, and leave the id as it is."
        raise RulebookError([place.fault(f"nothing is added to the rule `{change.rule}`.", instead)])
    if more.status is not None:
        raise RulebookError([place.fault("the status is not changed here.", "Take the line away.")])
    return more


def _joined(known: tuple[object, ...], more: tuple[object, ...]) -> tuple[object, ...]:
    return (*known, *(one for one in more if one not in known))


_SECTION: dict[type, Literal["fires", "silent", "todo"]] = {
    FiringExample: "fires",
    SilentExample: "silent",
    TodoExample: "todo",
}


def _reset(rule: str, overlay: Overlay, base: LoadedRulebook) -> Overlay:
    _known(rule, overlay, base)
    return replace(
        overlay,
        own_rules=tuple(own for own in overlay.own_rules if own.id != rule),
        replaces=tuple(name for name in overlay.replaces if name != rule),
        rules={name: change for name, change in overlay.rules.items() if name != rule},
    )


def _with_own(overlay: Overlay, rule: Rule) -> Overlay:
    own = tuple(rule if known.id == rule.id else known for known in overlay.own_rules)
    return replace(overlay, own_rules=own)


def _with_change(overlay: Overlay, rule: str, change: RuleChange) -> Overlay:
    rules = {name: known for name, known in overlay.rules.items() if name != rule}
    return replace(overlay, rules=rules | ({rule: change} if change != RuleChange() else {}))


def _value(entry: Entry[Rule]) -> Rule:
    if entry.value is None:
        raise ValueError("this rule holds faults")
    return entry.value
