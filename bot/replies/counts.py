"""How often what happened, for /metrics and for whoever wonders why the bot says little."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType

from msgspec import Struct, field

from bot.errors import CaveatBotError
from bot.replies.model import Action, Hold, Outcome, Reply


class Counts(Struct, frozen=True):
    """A snapshot since the program's start.

    Args:
        messages: new messages and changed edits that were read.
        sent: replies decided on, by form.
        edited: replies that were changed after an edit.
        withdrawn: replies that were taken back after an edit.
        held: claims that were not answered, by reason.
        silent: messages without anything to answer, by reason.
        errors: times the store failed.
    """

    messages: int = 0
    sent: Mapping[str, int] = field(default_factory=dict)
    edited: int = 0
    withdrawn: int = 0
    held: Mapping[str, int] = field(default_factory=dict)
    silent: Mapping[str, int] = field(default_factory=dict)
    errors: int = 0

    @property
    def replies(self) -> int:
        """All replies decided on, of whatever form."""
        return sum(self.sent.values())


class Tally:
    """Counts as things happen; `counts` is a snapshot of it."""

    def __init__(self) -> None:
        self._messages = 0
        self._errors = 0
        self._actions: Counter[Action] = Counter()
        self._sent: Counter[str] = Counter()
        self._held: Counter[str] = Counter()
        self._silent: Counter[str] = Counter()

    @property
    def counts(self) -> Counts:
        """A snapshot, which later events don't change."""
        return Counts(
            messages=self._messages,
            sent=MappingProxyType(dict(self._sent)),
            edited=self._actions[Action.EDIT],
            withdrawn=self._actions[Action.WITHDRAW],
            held=MappingProxyType(dict(self._held)),
            silent=MappingProxyType(dict(self._silent)),
            errors=self._errors,
        )

    def note(self, outcome: Outcome) -> Outcome:
        """Count one outcome and hand it back."""
        self._messages += 1
        self._actions[outcome.action] += 1
        if isinstance(outcome.decision, Reply):
            if outcome.action is Action.SEND:
                self._sent[outcome.decision.form.value] += 1
        elif isinstance(outcome.decision, Hold):
            self._held[outcome.decision.reason] += 1
        else:
            self._silent[outcome.decision.reason] += 1
        return outcome

    def note_error(self) -> None:
        """Count an error that was dealt with on the spot."""
        self._errors += 1

    @contextmanager
    def failures(self) -> Iterator[None]:
        """Count an error of ours that passes through, and let it pass."""
        try:
            yield
        except CaveatBotError:
            self.note_error()
            raise
