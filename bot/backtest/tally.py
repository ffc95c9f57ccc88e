"""Adding up what was found, what was due and what would have been said."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable

from msgspec import Struct, field

from bot.backtest.chunks import Census, Room, week_of
from bot.backtest.model import Change, Hit, Key, Plan, Sample, caught, change_of, every
from bot.backtest.replay import Replay
from bot.matching.model import Findings
from bot.replies.model import Decision, Hold, Reply
from bot.rulebook.model import Rulebook

SEVERAL = "several"
"""The family of what finds claims of several: likeness to known examples."""


class Figures(Struct):
    """How many messages.

    Args:
        found: in which something was found, whoever stands behind it, in shadow or live.
        due: that would be answered, were it not for cool-downs.
        replied: that would have been answered.
    """

    found: int = 0
    due: int = 0
    replied: int = 0


class Side(Struct):
    """What one rulebook makes of the messages.

    Args:
        digest: the rulebook's digest.
        total: of all messages.
        rules: by rule.
        families: by family.
        family_of: the family of each rule that found something.
        stances: messages by family and stance.
        decisions: messages in which something was found, by what was decided: "reply: claim", "hold:
            cool-down", "silent: denied".
        rooms: by room.
        weeks: by week.
        weeks_of_families: by week and family.
    """

    digest: str
    total: Figures = field(default_factory=Figures)
    rules: defaultdict[str, Figures] = field(default_factory=lambda: defaultdict(Figures))
    families: defaultdict[str, Figures] = field(default_factory=lambda: defaultdict(Figures))
    family_of: dict[str, str] = field(default_factory=dict)
    stances: Counter[tuple[str, str]] = field(default_factory=Counter)
    decisions: Counter[str] = field(default_factory=Counter)
    rooms: defaultdict[Room, Figures] = field(default_factory=lambda: defaultdict(Figures))
    weeks: defaultdict[str, Figures] = field(default_factory=lambda: defaultdict(Figures))
    weeks_of_families: defaultdict[tuple[str, str], Figures] = field(
        default_factory=lambda: defaultdict(Figures)
    )


class Difference(Struct):
    """What changes from the rules that were compared with to those that are tested.

    Args:
        changes: messages by kind of change.
        by_rule: messages by kind of change and rules.
        replies_more: messages that would now have been answered and were not.
        replies_fewer: messages that would have been answered and now were not.
    """

    changes: Counter[Change] = field(default_factory=Counter)
    by_rule: Counter[Key] = field(default_factory=Counter)
    replies_more: int = 0
    replies_fewer: int = 0


class Shown(Struct, frozen=True):
    """A sample with what would have been decided about it."""

    sample: Sample
    decision: str


class Report(Struct, frozen=True):
    """All that a back-test tells.

    Args:
        census: what was read.
        tested: what the tested rules make of it.
        against: what the other rules make of it.
        difference: what changes; None where nothing was compared.
        samples: messages to look at, by change and rule, then in their order.
    """

    census: Census
    tested: Side
    against: Side | None
    difference: Difference | None
    samples: tuple[Shown, ...]


def report_of(hits: Iterable[Hit], plan: Plan, *, census: Census, samples: Collection[Sample]) -> Report:
    """Add up a back-test.

    Args:
        hits: the messages in which something was found, in the order in which they were sent.
        plan: the rules and the settings.
        census: what was read.
        samples: the messages that are shown.

    Returns:
        the report.
    """
    books = plan.books.all()
    sides = [_Adding(book, plan, census.room_of) for book in books]
    difference = Difference() if len(books) == 2 else None
    shown = {sample.number for sample in samples}
    decided: dict[int, str] = {}
    for hit in hits:
        decisions = [
            side.add(hit, findings, week_of(hit.sent_at))
            for side, findings in zip(sides, hit.found, strict=True)
        ]
        if hit.number in shown:
            decided[hit.number] = decision_text(decisions[0])
        if difference is not None:
            _compare(difference, hit, decisions)
    return Report(
        census=census,
        tested=sides[0].side,
        against=sides[1].side if difference is not None else None,
        difference=difference,
        samples=tuple(Shown(one, decided[one.number]) for one in sorted(samples, key=_order)),
    )


def decision_text(decision: Decision) -> str:
    """Name a decision with its reason: "reply: claim"."""
    name = "reply" if isinstance(decision, Reply) else "hold" if isinstance(decision, Hold) else "silent"
    return f"{name}: {decision.reason}"


def _order(sample: Sample) -> tuple[str, str, int]:
    return (sample.key.change or "", sample.key.rule, sample.number)


def _compare(difference: Difference, hit: Hit, decisions: list[Decision]) -> None:
    change = change_of(*hit.found)
    if change is not None and change.change is not None:
        difference.changes[change.change] += 1
        difference.by_rule[change] += 1
    new, old = (isinstance(decision, Reply) for decision in decisions)
    difference.replies_more += new and not old
    difference.replies_fewer += old and not new


class _Adding:
    """Adds up one rulebook's side."""

    def __init__(self, book: Rulebook, plan: Plan, room_of: Callable[[str, str], Room]) -> None:
        self.side = Side(book.digest)
        self._replay = Replay(rulebook=book, settings=plan.settings)
        self._room_of = room_of

    def add(self, hit: Hit, findings: Findings, week: str) -> Decision:
        decision = self._replay.decide(hit, findings)
        if not findings.found and findings.emergency is None:
            return decision
        side = self.side
        side.decisions[decision_text(decision)] += 1
        due = caught(findings)
        said = decision.findings if isinstance(decision, Reply) else ()
        for figures in (side.total, side.rooms[self._room_of(hit.server, hit.room)], side.weeks[week]):
            _count(figures, due=bool(due), replied=bool(said))
        rules_due, rules_said = {one.rule for one in due}, {one.rule for one in said}
        families_due, families_said = {one.family for one in due}, {one.family for one in said}
        for one in every(findings):
            if side.family_of.setdefault(one.rule, one.family) != one.family:
                side.family_of[one.rule] = SEVERAL
        for rule in {one.rule for one in every(findings)}:
            _count(side.rules[rule], due=rule in rules_due, replied=rule in rules_said)
        for family in {one.family for one in every(findings)}:
            for figures in (side.families[family], side.weeks_of_families[week, family]):
                _count(figures, due=family in families_due, replied=family in families_said)
        side.stances.update({(one.family, one.stance.value) for one in every(findings)})
        return decision


def _count(figures: Figures, *, due: bool, replied: bool) -> None:
    figures.found += 1
    figures.due += due
    figures.replied += replied
