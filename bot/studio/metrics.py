"""What /metrics tells. Every metric stands in README.md beside this file; a test holds the two together."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info, generate_latest

from bot.errors import StoreError
from bot.replies.checker import Checker
from bot.replies.model import Action, Hold, Incoming, Outcome, Silent, SpeakingSettings, Vote
from bot.replies.rulebooks import RulebookSource
from bot.rulebook.model import Rulebook
from bot.store.interface import Store

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)
"""Upper bounds in seconds: a message takes milliseconds, a busy database may take more."""


class Metrics:
    """Counts and durations of one program, in a registry of its own.

    Args:
        now: seconds on a clock that only goes forward.
    """

    def __init__(self, *, now: Callable[[], float] = time.perf_counter) -> None:
        self._now = now
        self.registry = CollectorRegistry()
        count = partial(Counter, registry=self.registry, namespace="caveat")
        gauge = partial(Gauge, registry=self.registry, namespace="caveat")
        self._messages = count("messages_read", "Messages that were read.", ["kind"])
        self._replies = count("replies", "Replies sent, by their weightiest family.", ["family", "form"])
        self._edited = count("replies_edited", "Replies changed after an edit.")
        self._withdrawn = count("replies_withdrawn", "Replies taken back or deleted.")
        self._unsent = count("replies_unsent", "Replies that could not be sent.")
        self._holds = count("holds", "Claims that were not answered.", ["reason"])
        self._silent = count("silent", "Messages with nothing to answer.", ["reason"])
        self._emergencies = count("emergencies", "Messages with signs of an emergency.")
        self._votes = count("votes", "Buttons pressed below replies.", ["vote"])
        self._store_errors = count("store_errors", "Times the database failed.")
        self._look = Histogram(
            "look_seconds",
            "From message to decision.",
            registry=self.registry,
            namespace="caveat",
            buckets=BUCKETS,
        )
        self._faults = gauge("rulebook_faults", "Faults in the rules folder.")
        self._rules = gauge("rulebook_rules", "Rules in force.")
        self._rulebook = Info(
            "rulebook", "The rulebook in force.", registry=self.registry, namespace="caveat"
        )
        self._pages = gauge("pages_open", "Pages of the room that are open.")
        self._ready = gauge("discord_ready", "Whether Discord is connected.")
        self._latency = gauge("discord_latency_seconds", "Latency of Discord's heartbeat.")

    @contextmanager
    def looking(self) -> Iterator[None]:
        """Measure how long a message takes; count the database's failures on the way."""
        begin = self._now()
        with self.storing():
            yield
        self._look.observe(self._now() - begin)

    @contextmanager
    def storing(self) -> Iterator[None]:
        """Count the database's failures, and let them pass."""
        try:
            yield
        except StoreError:
            self._store_errors.inc()
            raise

    def looked(self, outcome: Outcome, *, kind: str) -> None:
        """Count a message and what was decided.

        Args:
            outcome: what came of it.
            kind: `new` or `edit`.
        """
        self._messages.labels(kind).inc()
        if isinstance(outcome.decision, Hold):
            self._holds.labels(outcome.decision.reason).inc()
        elif isinstance(outcome.decision, Silent):
            self._silent.labels(outcome.decision.reason).inc()
        if outcome.tell_moderators:
            self._emergencies.inc()

    def sent(self, outcome: Outcome) -> None:
        """Count a reply that a surface has sent or changed."""
        if outcome.action is Action.EDIT:
            self._edited.inc()
        elif outcome.composed is not None:
            family = next(iter(outcome.composed.families), "none")
            self._replies.labels(family, outcome.composed.form.value).inc()

    def unsent(self) -> None:
        """Count a reply that could not be sent."""
        self._unsent.inc()

    def withdrawn(self) -> None:
        """Count a reply that was taken back."""
        self._withdrawn.inc()

    def voted(self, stands: Vote | None) -> None:
        """Count a pressed button by what stands now: the vote, or `taken-back`."""
        self._votes.labels("taken-back" if stands is None else stands.value).inc()

    def rulebook(self, rulebook: Rulebook) -> None:
        """Tell which rulebook is in force; the folder is sound."""
        self._rulebook.info({"digest": rulebook.digest})
        self._rules.set(len(rulebook.rules))
        self._faults.set(0)

    def faults(self, count: int) -> None:
        """Tell how many faults the rules folder has."""
        self._faults.set(count)

    def pages(self, count: int) -> None:
        """Tell how many pages are open."""
        self._pages.set(count)

    def discord(self, *, ready: bool, latency: float | None) -> None:
        """Tell how Discord is doing: connected or not, and the heartbeat's latency in seconds."""
        self._ready.set(ready)
        self._latency.set(float("nan") if latency is None else latency)

    def text(self) -> bytes:
        """Everything in Prometheus' text format."""
        return generate_latest(self.registry)


class MeasuredChecker(Checker):
    """The checker that counts what goes through it, whatever surface asks.

    Args:
        metrics: where it counts.
        rulebooks: as for `Checker`, like all that follows.
        store: the memory that outlives a restart.
        clock: gives the time now, with time zone.
        defaults: when to speak on servers that have saved no settings.
    """

    def __init__(
        self,
        *,
        metrics: Metrics,
        rulebooks: RulebookSource,
        store: Store,
        clock: Callable[[], datetime],
        defaults: SpeakingSettings,
    ) -> None:
        super().__init__(rulebooks=rulebooks, store=store, clock=clock, defaults=defaults)
        self._metrics = metrics

    async def message(self, incoming: Incoming) -> Outcome:
        """As `Checker.message`, counted and measured."""
        with self._metrics.looking():
            outcome = await super().message(incoming)
        self._metrics.looked(outcome, kind="new")
        return outcome

    async def edited(self, incoming: Incoming) -> Outcome:
        """As `Checker.edited`, counted and measured."""
        with self._metrics.looking():
            outcome = await super().edited(incoming)
        self._metrics.looked(outcome, kind="edit")
        return outcome

    async def sent(self, incoming: Incoming, outcome: Outcome, *, reply: str) -> None:
        """As `Checker.sent`, counted."""
        self._metrics.sent(outcome)
        with self._metrics.storing():
            await super().sent(incoming, outcome, reply=reply)

    async def unsent(self, incoming: Incoming, outcome: Outcome) -> None:
        """As `Checker.unsent`, counted."""
        self._metrics.unsent()
        with self._metrics.storing():
            await super().unsent(incoming, outcome)

    async def withdrawn(self, *, reply: str) -> None:
        """As `Checker.withdrawn`, counted."""
        self._metrics.withdrawn()
        with self._metrics.storing():
            await super().withdrawn(reply=reply)

    async def vote(self, *, reply: str, member: str, vote: Vote) -> Vote | None:
        """As `Checker.vote`, counted."""
        with self._metrics.storing():
            stands = await super().vote(reply=reply, member=member, vote=vote)
        self._metrics.voted(stands)
        return stands
