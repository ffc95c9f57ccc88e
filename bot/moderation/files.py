"""The gate in front of the files of the base, while the bot runs."""

from __future__ import annotations

from pathlib import Path

from bot.collector import pass_over, resting
from bot.errors import RulebookError
from bot.keeping.folder import KeptRulebooks
from bot.moderation.ordinary import OrdinaryChat
from bot.proof import Proven, prove_loaded
from bot.rulebook.loaded import LoadedRulebook


class FileGate:
    """Lets files of rules go live that hold no fault and pass the gate of every change.

    What is loaded first has nothing to be compared with: only its examples are run, and not even these where
    the very same files were proved before.

    Args:
        chat: the bank of ordinary chat.
        kept: the rulebooks that were proved before.
    """

    def __init__(self, chat: OrdinaryChat, kept: KeptRulebooks | None = None) -> None:
        self._chat = chat
        self._kept = kept
        self._last: Proven | None = None
        self._found: Proven | None = None
        self._name = ""

    def load(self, folder: Path) -> LoadedRulebook:
        """Load a folder of rules, from what was kept where that is the same.

        Args:
            folder: the folder.

        Returns:
            the rules, to be handed to the gate.

        Raises:
            RulebookError: they hold faults.
        """
        self._found = None
        if self._kept is not None:
            # Named before the files are read, so that a change in between is never kept under this name.
            self._name = self._kept.name_of(folder)
            self._found = self._kept.find(folder, name=self._name)
        if self._found is not None:
            return self._found.loaded
        from bot.rulebook.load import load_with_places  # noqa: PLC0415  # 40 ms that a kept rulebook saves

        with resting():
            loaded = load_with_places(folder)
            pass_over()
        return loaded

    def __call__(self, loaded: LoadedRulebook) -> Proven:
        """Examine loaded rules; it takes a second or two.

        Args:
            loaded: the rules.

        Returns:
            the rules, made ready.

        Raises:
            RulebookError: an example does not hold or changed its owner, or a rule reaches too far; each is
                told with its place.
        """
        known = self._found is not None and self._found.loaded is loaded
        proven = self._found if self._found is not None and known else _proved(loaded)
        if self._last is not None:
            self._compare(self._last, proven)
        self._last = proven
        return proven

    def keep(self) -> None:
        """Keep what went live last, so that the next start is faster; it takes a second."""
        if self._kept is not None and self._last is not None and self._last is not self._found:
            self._kept.keep(self._last.loaded.folder, self._last, self._name)

    def _compare(self, before: Proven, after: Proven) -> None:
        from bot.moderation.fitting import Fitted  # noqa: PLC0415  # 20 ms at every start, for changes only
        from bot.moderation.gate import examine  # noqa: PLC0415  # the same
        from bot.rulebook.overlay import NO_CHANGES  # noqa: PLC0415  # the same

        old, new = (
            Fitted(one, NO_CHANGES, one.loaded, one.rulebook, one.rulebook) for one in (before, after)
        )
        found = examine(old, new, self._chat)
        if found.faults:
            raise RulebookError(found.faults)


def _proved(loaded: LoadedRulebook) -> Proven:
    with resting():
        proven = prove_loaded(loaded)
        pass_over()
    return proven
