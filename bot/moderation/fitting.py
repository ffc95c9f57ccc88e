"""From a server's changes to a rulebook that is ready and proved. Pure; it takes a second or two."""

from __future__ import annotations

from collections.abc import Collection

from msgspec import Struct
from msgspec.structs import replace

from bot.errors import RulebookError
from bot.matching.compile import CompiledRulebook
from bot.matching.selftest import ExampleFailure, check_examples
from bot.moderation.workshop import Workshop
from bot.proof import Proven, fault_of_example
from bot.rulebook.digest import digest_of_rulebook
from bot.rulebook.loaded import LoadedRulebook
from bot.rulebook.model import LOUDNESS, Rule, Rulebook, Status
from bot.rulebook.overlay import WrittenOverlay
from bot.rulebook.overlaying import apply


class Fitted(Struct, frozen=True):
    """A server's changes, laid over the base and made ready.

    Args:
        base: the base.
        overlay: the changes, with where they stand.
        loaded: the rulebook, with where everything in it was written.
        compiled: the rulebook, made ready.
        awake: the same with every rule speaking that was only quieted here. Examples are proved on it, so
            that quieting a rule is always possible: other rules may rely on giving way to it.
        failures: the examples that do not hold.
    """

    base: Proven
    overlay: WrittenOverlay
    loaded: LoadedRulebook
    compiled: CompiledRulebook
    awake: CompiledRulebook
    failures: tuple[ExampleFailure, ...] = ()

    def require(self) -> Fitted:
        """Insist that every example holds.

        Raises:
            RulebookError: one does not; each is told with its place.
        """
        if self.failures:
            raise RulebookError([fault_of_example(self.loaded, failure) for failure in self.failures])
        return self


def fit(base: Proven, overlay: WrittenOverlay, workshop: Workshop) -> Fitted:
    """Lay changes over the base, make the rulebook ready and run its examples.

    Args:
        base: the base, proved.
        overlay: the changes.
        workshop: makes rulebooks ready.

    Returns:
        the rulebook, and which examples do not hold.

    Raises:
        RulebookError: the changes hold faults, or do not fit the base.
    """
    loaded = apply(base.loaded, overlay)
    awake = workshop.ready(_awake(loaded.rulebook, base, overlay), base.rulebook)
    compiled = workshop.ready(loaded.rulebook, awake)
    proved = awake is base.rulebook
    failures = () if proved else check_examples(awake).failures
    return Fitted(base, overlay, loaded, compiled, awake, failures)


def on_trial(compiled: CompiledRulebook, rules: Collection[str], workshop: Workshop) -> CompiledRulebook:
    """Let rules only be recorded that would speak.

    Args:
        compiled: the rulebook.
        rules: ids of these rules.
        workshop: makes rulebooks ready.

    Returns:
        the rulebook with these in shadow.
    """
    source = compiled.source
    quiet = [
        replace(rule, status=Status.SHADOW) if rule.id in rules and rule.status is Status.LIVE else rule
        for rule in source.rules
    ]
    return workshop.ready(_with_rules(source, quiet), compiled)


def _awake(rulebook: Rulebook, base: Proven, overlay: WrittenOverlay) -> Rulebook:
    written = {rule.id: rule.status for rule in base.loaded.rulebook.rules}
    written |= {rule.id: rule.status for rule in overlay.value.own_rules}
    woken = [
        rule
        if LOUDNESS[rule.status] >= LOUDNESS[written[rule.id]]
        else replace(rule, status=written[rule.id])
        for rule in rulebook.rules
    ]
    return _with_rules(rulebook, woken)


def _with_rules(rulebook: Rulebook, rules: list[Rule]) -> Rulebook:
    if tuple(rules) == rulebook.rules:
        return rulebook
    changed = replace(rulebook, rules=tuple(rules))
    return replace(changed, digest=digest_of_rulebook(changed))
