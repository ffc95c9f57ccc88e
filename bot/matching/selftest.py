"""Running the examples that rules carry, so that a rulebook is proved before it goes live."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from bot.matching.compile import EMERGENCY, CompiledRulebook
from bot.matching.engine import find
from bot.matching.model import SPEAKING, Finding, Findings
from bot.rulebook.model import Examples, FiringExample, SilentExample, Status, TodoExample
from bot.text.unread import Unread


class ExampleFailure(Struct, frozen=True):
    """An example that does not hold.

    Args:
        rule: id of the rule.
        section: `fires`, `silent` or `todo`.
        number: its place in that list, from 0.
        text: the example.
        problem: what happened instead.
    """

    rule: str
    section: str
    number: int
    text: str
    problem: str


class ExampleReport(Struct, frozen=True):
    """What came of running all examples.

    Args:
        checked: how many were run.
        failures: those that do not hold.
        todo_open: known misses that still are; what only likeness or another rule sets right is among them.
        todo_done: known misses that hold now, whether likeness is on or off, and can be moved up.
    """

    checked: int
    failures: tuple[ExampleFailure, ...]
    todo_open: tuple[ExampleFailure, ...]
    todo_done: tuple[ExampleFailure, ...]

    @property
    def holds(self) -> bool:
        """Whether every firing and silent example holds."""
        return not self.failures


def check_examples(
    compiled: CompiledRulebook, *, progress: Callable[[int, int], None] | None = None
) -> ExampleReport:
    """Run every example of every rule, of those that are off as well as can be told.

    Args:
        compiled: the rulebook, made ready.
        progress: called with how many examples are done and how many there are.

    Returns:
        the report.
    """
    owners = [
        (rule.id, rule.family, rule.examples)
        for rule in compiled.source.rules
        if rule.status is not Status.OFF
    ]
    if compiled.source.emergency is not None:
        owners.append((EMERGENCY, EMERGENCY, compiled.source.emergency.examples))
    runs = [run for owner in owners for run in _runs(*owner)]
    failures: list[ExampleFailure] = []
    still: list[ExampleFailure] = []
    done: list[ExampleFailure] = []
    by_rules = replace(compiled, likeness=None)
    for number, run in enumerate(runs, start=1):
        problem = run.problem(compiled)
        if not problem and run.section == "todo":
            problem = run.problem(by_rules)
        if run.section == "todo":
            (still if problem else done).append(run.failure(problem or "it holds now"))
        elif problem:
            failures.append(run.failure(problem))
        if progress is not None:
            progress(number, len(runs))
    return ExampleReport(len(runs), tuple(failures), tuple(still), tuple(done))


class _Run(Struct, frozen=True):
    rule: str
    family: str
    section: str
    number: int
    example: FiringExample | SilentExample | TodoExample

    def failure(self, problem: str) -> ExampleFailure:
        return ExampleFailure(self.rule, self.section, self.number, self.example.text, problem)

    def problem(self, compiled: CompiledRulebook) -> str:
        text, marked = unmark(self.example.text)
        reading, context = Unread(text), tuple(map(Unread, self.example.context))
        found = self._own(find(reading, compiled, context))
        if self._wants_silence():
            if not found:
                return ""
            first = found[0]
            return f"it fires on “{first.matched}” (phrase {first.phrase}, {first.stance.value})."
        if not found:
            explained = find(reading, compiled, context, explained=True)
            return "it does not fire" + _nearest(explained, self.family)
        return self._firing_problem(found, text, marked)

    def _wants_silence(self) -> bool:
        if isinstance(self.example, TodoExample):
            return self.example.want == "silent"
        return isinstance(self.example, SilentExample)

    def _own(self, findings: Findings) -> list[Finding]:
        if self.rule == EMERGENCY:
            return [findings.emergency] if findings.emergency is not None else []
        silent = self._wants_silence()
        return [
            finding
            for finding in findings.found
            if finding.stance in SPEAKING
            and (finding.rule == self.rule if silent else finding.family == self.family)
        ]

    def _firing_problem(self, found: Sequence[Finding], text: str, marked: tuple[int, int] | None) -> str:
        stance = getattr(self.example, "stance", found[0].stance.value)
        if self.rule != EMERGENCY and stance not in {finding.stance.value for finding in found}:
            return f"its stance is {found[0].stance.value}, not {stance}."
        if marked is not None and marked not in {(finding.start, finding.end) for finding in found}:
            return f"it matches “{found[0].matched}”, not “{text[marked[0] : marked[1]]}”."
        if self.rule != EMERGENCY and all(finding.rule != self.rule for finding in found):
            return f"the rule {found[0].rule} answers it first."
        return ""


def _nearest(findings: Findings, family: str) -> str:
    for finding in findings.found:
        if finding.family == family:
            return f": the stance of “{finding.matched}” is {finding.stance.value}."
    for miss in findings.near:
        if miss.family == family:
            return f": “{miss.matched}” came near, but {miss.why_not}."
    seen = ", ".join(f"<{hit.concept}>" for hit in findings.concepts if not hit.concept.startswith("cue:"))
    return f"; the concepts seen are {seen}." if seen else "; no concept was seen in it."


def _runs(rule: str, family: str, examples: Examples) -> list[_Run]:
    return [
        *(_Run(rule, family, "fires", number, example) for number, example in enumerate(examples.fires)),
        *(_Run(rule, family, "silent", number, example) for number, example in enumerate(examples.silent)),
        *(_Run(rule, family, "todo", number, example) for number, example in enumerate(examples.todo)),
    ]


def unmark(text: str) -> tuple[str, tuple[int, int] | None]:
    """Take the marks «…» out of an example.

    Args:
        text: the example as it was written.

    Returns:
        the message, and the stretch between the marks in characters; None where there are none.
    """
    start, end = text.find("«"), text.find("»")
    if start < 0 or end < start:
        return text, None
    return text[:start] + text[start + 1 : end] + text[end + 1 :], (start, end - 1)
