"""A clock to set, a checker to talk to, and messages of every kind."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.matching.compile import compile_rulebook
from bot.replies.checker import Checker
from bot.replies.model import Action, Incoming, Outcome, SpeakingSettings
from bot.replies.rulebooks import OneRulebook, RulebookSource
from bot.rulebook.model import Rulebook
from bot.store.sqlite import SQLiteStore
from tests.replies.samples import NOW, small_rulebook

HEADACHE = "kratom cured my migraine"
HARMLESS = "kratom is harmless"
QUESTION = "does kratom cure migraine?"
DENIED = "kratom never cured my migraine"
EMERGENCY = "i took kratom and cant breathe"


@dataclass
class Clock:
    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def go_on(self, **by: float) -> None:
        self.now += timedelta(**by)


def checker_with(
    store: SQLiteStore,
    clock: Clock,
    rulebook: Rulebook | None = None,
    *,
    rulebooks: RulebookSource | None = None,
) -> Checker:
    return Checker(
        rulebooks=rulebooks or OneRulebook(compile_rulebook(rulebook or small_rulebook())),
        store=store,
        clock=clock,
        defaults=SpeakingSettings(),
        patience=0.05,
    )


async def answered(checker: Checker, message: Incoming, *, reply: str = "") -> Outcome:
    """Hand over a message and report its reply as sent, as a surface does."""
    outcome = await checker.message(message)
    if outcome.action is Action.SEND:
        await checker.sent(message, outcome, reply=reply or f"reply to {message.id}")
    return outcome
