"""Whether a folder of rules may go live: it holds no fault, and every example of every rule holds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from msgspec import Struct

from bot.collector import resting
from bot.errors import Fault, RulebookError
from bot.matching.compile import CompiledRulebook, compile_rulebook
from bot.matching.selftest import ExampleFailure, ExampleReport, check_examples
from bot.rulebook.loaded import LoadedRulebook

_INSTEAD = {
    "fires": "Change the phrases or the concepts, or keep it under todo with `want: fires` as a known miss.",
    "silent": "Add an unless or a cue, or keep it under todo with `want: silent` as a known miss.",
}


class Proven(Struct, frozen=True):
    """A rulebook that may go live.

    Args:
        rulebook: the rulebook, made ready.
        report: what came of its examples; all firing and silent ones hold.
        loaded: the rulebook as it was read, with its places.
    """

    rulebook: CompiledRulebook
    report: ExampleReport
    loaded: LoadedRulebook


def prove(folder: Path, *, progress: Callable[[int, int], None] | None = None) -> Proven:
    """Load a folder of rules, make them ready and run their examples.

    Args:
        folder: the folder.
        progress: called with how many examples are done and how many there are.

    Returns:
        the rulebook and what came of its examples.

    Raises:
        RulebookError: the rules hold faults, or examples that do not hold; each is told with its place.
    """
    from bot.rulebook.load import load_with_places  # noqa: PLC0415  # a start with kept rules reads none: 40 ms for the readers

    return prove_loaded(load_with_places(folder), progress=progress)


def prove_loaded(loaded: LoadedRulebook, *, progress: Callable[[int, int], None] | None = None) -> Proven:
    """Make loaded rules ready and run their examples; arguments and errors are those of `prove`."""
    with resting():
        compiled = compile_rulebook(loaded.rulebook)
    if compiled.likeness is not None and compiled.likeness.encoder is not None:
        compiled.likeness.encoder.open()
    report = check_examples(compiled, progress=progress)
    if not report.holds:
        raise RulebookError([fault_of_example(loaded, failure) for failure in report.failures])
    return Proven(compiled, report, loaded)


def fault_of_example(loaded: LoadedRulebook, failure: ExampleFailure) -> Fault:
    """Say where an example stands that does not hold, what happens instead, and what to do about it.

    Args:
        loaded: the rules.
        failure: the example.

    Returns:
        the fault.
    """
    place = loaded.place_of_rule(failure.rule, "examples", failure.section, failure.number)
    wanted = "should fire" if failure.section == "fires" else "should stay silent"
    problem = f"the rule {failure.rule} {wanted} on “{failure.text}”: {failure.problem}"
    return Fault(place.path, place.line, place.column, problem, _INSTEAD[failure.section])
