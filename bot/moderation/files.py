"""The gate in front of the files of the base, while the bot runs."""

from __future__ import annotations

from bot.errors import RulebookError
from bot.moderation.fitting import Fitted
from bot.moderation.gate import examine
from bot.moderation.ordinary import OrdinaryChat
from bot.proof import Proven, prove_loaded
from bot.rulebook.load import LoadedRulebook
from bot.rulebook.overlay import NO_CHANGES


class FileGate:
    """Lets files of rules go live that hold no fault and pass the gate of every change.

    What is loaded first has nothing to be compared with: only its examples are run.

    Args:
        chat: the bank of ordinary chat.
    """

    def __init__(self, chat: OrdinaryChat) -> None:
        self._chat = chat
        self._last: Proven | None = None

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
        proven = prove_loaded(loaded)
        if self._last is not None:
            found = examine(_as_it_is(self._last), _as_it_is(proven), self._chat)
            if found.faults:
                raise RulebookError(found.faults)
        self._last = proven
        return proven


def _as_it_is(proven: Proven) -> Fitted:
    return Fitted(proven, NO_CHANGES, proven.loaded, proven.rulebook, proven.rulebook)
