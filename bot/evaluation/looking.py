"""Looking at labelled messages the way the bot looks at them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct

from bot.evaluation.corpus import Labelled
from bot.matching.compile import CompiledRulebook
from bot.matching.engine import find
from bot.matching.model import SPEAKING, Finding, Findings
from bot.rulebook.model import Status
from bot.text.unread import Unread

Progress = Callable[[int, int], None]


class Looked(Struct, frozen=True):
    """A labelled message with what was found in it."""

    message: Labelled
    findings: Findings

    @property
    def answered(self) -> tuple[Finding, ...]:
        """The findings that are answered: of a live rule, and asserted, asked or reported."""
        return tuple(
            finding
            for finding in self.findings.found
            if finding.stance in SPEAKING and finding.status == Status.LIVE
        )

    @property
    def families(self) -> frozenset[str]:
        """The families that are answered."""
        return frozenset(finding.family for finding in self.answered)

    @property
    def score(self) -> float | None:
        """The highest score among what is answered, 0–100; None where nothing is."""
        return max((finding.score for finding in self.answered), default=None)

    @property
    def right(self) -> bool:
        """Whether a reply comes just when one is due."""
        return bool(self.message.due) == bool(self.answered)


def look(message: Labelled, rulebook: CompiledRulebook) -> Looked:
    """Read one message and what was said before it, and find its claims.

    Args:
        message: the message.
        rulebook: the rules, made ready.

    Returns:
        the message with its findings.
    """
    context = tuple(Unread(earlier) for earlier in message.context)
    reading = Unread(message.text)
    findings = find(reading, rulebook, context)
    if not message.due <= {finding.family for finding in findings.found}:
        # It is a miss, and whoever reads of it wants to know why.
        findings = find(reading, rulebook, context, explained=True)
    return Looked(message, findings)


def look_at_all(
    messages: Sequence[Labelled], rulebook: CompiledRulebook, *, progress: Progress | None = None
) -> list[Looked]:
    """Look at many messages, in order.

    Args:
        messages: the messages.
        rulebook: the rules, made ready.
        progress: called with how many are done and how many there are.

    Returns:
        each with its findings.
    """
    looked = []
    for done, message in enumerate(messages, 1):
        looked.append(look(message, rulebook))
        if progress is not None:
            progress(done, len(messages))
    return looked
