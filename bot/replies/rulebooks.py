"""Where the checker gets a server's rules from."""

from __future__ import annotations

from typing import Protocol

from bot.matching.compile import CompiledRulebook


class RulebookSource(Protocol):
    """Gives the rules in force. What it gives may be another one from one message to the next."""

    @property
    def base(self) -> CompiledRulebook:
        """The rules that every server starts from."""
        ...

    def of(self, server: str) -> CompiledRulebook:
        """The rules in force on a server."""
        ...


class OneRulebook(RulebookSource):
    """The same rules for every server: for the command line, and wherever servers have no rules of their own.

    Args:
        rulebook: the rules, made ready.
    """

    def __init__(self, rulebook: CompiledRulebook) -> None:
        self._rulebook = rulebook

    @property
    def base(self) -> CompiledRulebook:
        """See `RulebookSource.base`."""
        return self._rulebook

    def of(self, server: str) -> CompiledRulebook:
        """See `RulebookSource.of`."""
        return self._rulebook

    def use(self, rulebook: CompiledRulebook) -> None:
        """Put other rules in force; messages that are being answered keep the rules they began with."""
        self._rulebook = rulebook
