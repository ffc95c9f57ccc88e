"""The figures: what counts in each message, and what the counts of many messages amount to.

Every figure is a function of counts that add up over messages. So one resample of the bootstrap needs only
sums, and a figure of a part is the figure of the part's sums.

Precision, recall and F1 as in van Rijsbergen, Information Retrieval (1979), chapter 7. Micro: over all
decisions on families together. Macro: the plain mean over the families that the messages hold.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from msgspec import Struct

from bot.evaluation.corpus import Labelled
from bot.evaluation.looking import Looked

ORDINARY = frozenset(("chat", "chat-near"))
"""The kinds that are ordinary chat."""
PLAIN = frozenset(("plain",))
DISGUISED = frozenset(("obfuscated", "typo"))
"""The kinds whose words are obfuscated or misspelled."""
NOTHING = "nothing"
"""Stands in the confusion for no family."""

Key = tuple[str, ...]
Tally = Counter[Key]
Figures = Mapping[Key, float | None]

REPLY = ("reply",)
MICRO = ("families", "micro")
MACRO = ("families", "macro")
STANCE = ("stance", "accuracy")
ALARMS = ("chat", "alarms per 1000")
DISGUISE = ("disguise", "difference")


class Judged(Struct, frozen=True):
    """A label beside what was given for it.

    Args:
        kind: the message's kind.
        due: the families that should be answered.
        stance: the label's stance.
        given: the families that are answered.
        stances: the stances of what is answered; None where whoever answers knows no stance.
        alarmed: whether anything would be sent at all, emergency lines included.
    """

    kind: str
    due: frozenset[str]
    stance: str
    given: frozenset[str]
    stances: frozenset[str] | None
    alarmed: bool

    @property
    def right(self) -> bool:
        """Whether a reply comes just when one is due."""
        return bool(self.due) == bool(self.given)


def judged(looked: Looked) -> Judged:
    """Put a label beside what the engine gave for it."""
    message = looked.message
    return Judged(
        kind=message.kind,
        due=message.due,
        stance=message.stance,
        given=looked.families,
        stances=frozenset(finding.stance.value for finding in looked.answered),
        alarmed=bool(looked.answered) or looked.findings.emergency is not None,
    )


def judged_by_phrase(message: Labelled, family: str | None) -> Judged:
    """Put a label beside the one family that a comparison with whole phrases gave; None for no reply."""
    given = frozenset((family,)) if family is not None else frozenset[str]()
    return Judged(message.kind, message.due, message.stance, given, None, bool(given))


def tally(one: Judged) -> Tally:
    """Count what one message adds.

    Args:
        one: the label beside what was given.

    Returns:
        the counts; they add up over messages.
    """
    counts: Tally = Counter()
    if one.due or one.given:
        counts[*REPLY, _verdict(due=bool(one.due), given=bool(one.given))] += 1
    for family in one.due | one.given:
        counts["family", family, _verdict(due=family in one.due, given=family in one.given)] += 1
    if one.due and one.given and one.stances is not None:
        counts["stance", "right" if one.stance in one.stances else "wrong"] += 1
    counts["kind", one.kind, "messages"] += 1
    counts["kind", one.kind, "right"] += one.right
    counts["kind", one.kind, "exact"] += one.due == one.given
    if one.kind in ORDINARY:
        counts["chat", "messages"] += 1
        counts["chat", "alarms"] += one.alarmed
    for name, kinds in (("plain", PLAIN), ("disguised", DISGUISED)):
        if one.kind in kinds and one.due:
            counts[name, "due"] += 1
            counts[name, "replied"] += bool(one.given)
    return counts


def _verdict(*, due: bool, given: bool) -> str:
    if due:
        return "right" if given else "missed"
    return "wrong"


def total(tallies: Iterable[Tally]) -> Tally:
    """Add counts up."""
    summed: Tally = Counter()
    for counts in tallies:
        summed.update(counts)
    return summed


def figures(counts: Tally) -> Figures:
    """Work out every figure from summed counts.

    Args:
        counts: the sum of messages' counts.

    Returns:
        each figure by its name, shares between 0 and 1 (false alarms per 1,000 messages); None where nothing
        was there to measure it on.
    """
    given: dict[Key, float | None] = {}
    _put(given, REPLY, *_verdicts(counts, REPLY))
    families = sorted({key[1] for key in counts if key[0] == "family"})
    verdicts = {family: _verdicts(counts, ("family", family)) for family in families}
    right, wrong, missed = map(sum, zip((0, 0, 0), *verdicts.values(), strict=True))
    _put(given, MICRO, right, wrong, missed)
    for family, found in verdicts.items():
        _put(given, ("family", family), *found)
    # A family that no message holds has no recall; what was wrongly given for it counts in micro.
    held = [family for family, (right, _, missed) in verdicts.items() if right + missed]
    for measure in ("precision", "recall", "f1"):
        values = [given["family", family, measure] or 0.0 for family in held]
        given[*MACRO, measure] = sum(values) / len(values) if values else None
    given[STANCE] = share(counts["stance", "right"], counts["stance", "right"] + counts["stance", "wrong"])
    alarms = share(counts["chat", "alarms"], counts["chat", "messages"])
    given[ALARMS] = None if alarms is None else 1000 * alarms
    plain = share(counts["plain", "replied"], counts["plain", "due"])
    disguised = share(counts["disguised", "replied"], counts["disguised", "due"])
    given["plain", "recall"], given["disguised", "recall"] = plain, disguised
    given[DISGUISE] = None if plain is None or disguised is None else disguised - plain
    for kind in sorted({key[1] for key in counts if key[0] == "kind"}):
        for measure in ("right", "exact"):
            given["kind", kind, measure] = share(
                counts["kind", kind, measure], counts["kind", kind, "messages"]
            )
    return given


def _verdicts(counts: Tally, key: Key) -> tuple[int, int, int]:
    return counts[*key, "right"], counts[*key, "wrong"], counts[*key, "missed"]


def _put(given: dict[Key, float | None], key: Key, right: int, wrong: int, missed: int) -> None:
    given[*key, "precision"] = share(right, right + wrong)
    given[*key, "recall"] = share(right, right + missed)
    given[*key, "f1"] = share(2 * right, 2 * right + wrong + missed)


def share(some: int, of: int) -> float | None:
    """Divide; None where there is nothing to divide by."""
    return some / of if of else None


def confusion(all_judged: Iterable[Judged]) -> Counter[tuple[str, str]]:
    """Count what was given in place of what.

    Args:
        all_judged: labels beside what was given.

    Returns:
        for each pair (due, given) that is wrong, how many messages: a family that was missed with every
        family given without being due, or with `nothing` where there is none; and the other way round.
    """
    pairs: Counter[tuple[str, str]] = Counter()
    for one in all_judged:
        missed = sorted(one.due - one.given)
        wrong = sorted(one.given - one.due)
        pairs.update(
            (a, b) for a in missed or [NOTHING] for b in wrong or [NOTHING] if (a, b) != (NOTHING, NOTHING)
        )
    return pairs


def bound_of_none(messages: int) -> float | None:
    """Give the highest rate that is compatible with not one event, with 95 % confidence.

    The exact binomial bound (Clopper and Pearson 1934), near 3/n: where nothing happened, a bootstrap can
    only resample nothing.

    Args:
        messages: in how many messages there was none.

    Returns:
        the rate per 1,000; None where there were no messages.
    """
    return 1000 * (1 - 0.05 ** (1 / messages)) if messages else None
