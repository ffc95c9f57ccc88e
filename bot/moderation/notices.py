"""What whoever looks after the rules is told: in the log, in the page, in the moderators' channel."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct, field

from bot.errors import Fault
from bot.store.model import KeptVersion
from bot.store.reviews import Fate, KeptRepair

if TYPE_CHECKING:
    from bot.moderation.model import Preview

_logger = logging.getLogger(__name__)


class BaseChanged(Struct, frozen=True):
    """Other rules of the base are in force.

    Args:
        digest: the fingerprint of the base.
        rules: how many rules it has.
        changed: ids of the rules that are new, match or speak in another way, or are gone.
        words: whether words of the lexicon are others; any rule may rest on these.
        previews: for each server that was looked at what they do to its recent messages. Not for the log.
    """

    digest: str
    rules: int
    changed: tuple[str, ...] = ()
    words: bool = False
    previews: Mapping[str, Preview] = field(default_factory=dict)


class BaseRefused(Struct, frozen=True):
    """The files of the base were changed, but hold faults; the last good rules stay in force."""

    faults: tuple[Fault, ...]


class BaseMended(Struct, frozen=True):
    """The files of the base hold no faults any more."""


class OverlayChanged(Struct, frozen=True):
    """Another version of a server's changes is in force."""

    server: str
    version: KeptVersion


class OverlaySetAside(Struct, frozen=True):
    """A server's changes do not fit the base any more. They are kept; the server has the base's rules."""

    server: str
    version: KeptVersion
    faults: tuple[Fault, ...]


class OverlayFitsAgain(Struct, frozen=True):
    """A server's changes that were set aside fit again and are in force."""

    server: str
    version: KeptVersion


class TrialEnded(Struct, frozen=True):
    """Rules that were only recorded at first speak now."""

    server: str
    rules: tuple[str, ...]


class RuleQuieted(Struct, frozen=True):
    """A rule dropped to shadow by itself, because members call many of its replies false alarms."""

    server: str
    rule: str
    figures: str
    version: KeptVersion


class RepairDone(Struct, frozen=True):
    """The replies of rules that were mended or rolled back have been looked at again."""

    server: str
    repair: KeptRepair


class LanguageMissing(Struct, frozen=True):
    """Replies on a server are in English: the rules do not have the language that is set there.

    Args:
        server: the server.
        language: the code of the language.
    """

    server: str
    language: str


Notice = (
    BaseChanged
    | BaseRefused
    | BaseMended
    | OverlayChanged
    | OverlaySetAside
    | OverlayFitsAgain
    | TrialEnded
    | RuleQuieted
    | RepairDone
    | LanguageMissing
)
"""What there is to tell. `server` names the server that it concerns; without it, it concerns all."""


def sentence(notice: Notice) -> str:
    """Say a notice in plain words, with every fault on a line of its own.

    Args:
        notice: the notice.

    Returns:
        one line, and below it the faults with file, line and column.
    """
    match notice:
        case BaseChanged():
            said = f"Other rules are in force: {notice.rules} of them.{_new_ones(notice)}"
        case BaseRefused():
            said = "The rules were changed but not taken; the last good ones stay in force."
        case BaseMended():
            said = "The rules hold no faults any more."
        case OverlayChanged():
            said = f"Version {notice.version.number} of this server's changes is in force."
        case OverlaySetAside():
            number = notice.version.number
            said = (
                f"Version {number} of this server's changes does not fit the rules any more; it is set aside."
            )
        case OverlayFitsAgain():
            said = f"Version {notice.version.number} of this server's changes fits again and is in force."
        case TrialEnded():
            said = f"The time in shadow is over; these speak now: {', '.join(notice.rules)}."
        case RuleQuieted():
            said = (
                f"The rule `{notice.rule}` is only recorded from now on: {notice.figures} "
                f"That is version {notice.version.number}; go back to the one before it to undo this."
            )
        case RepairDone():
            said = f"Replies of {_named(notice.repair.rules)} were looked at again: {_fates(notice.repair)}."
        case LanguageMissing():
            said = (
                f"The rules have no language `{notice.language}` any more, so replies are in English. "
                "Set another with /rules settings language."
            )
    faults = notice.faults if isinstance(notice, BaseRefused | OverlaySetAside) else ()
    return "\n".join([said, *map(str, faults)])


MOST_NAMED = 5
"""So many rules are named in a sentence."""


def _new_ones(notice: BaseChanged) -> str:
    changed = f" New, changed or gone: {_named(notice.changed)}." if notice.changed else ""
    return f"{changed} Words of the lexicon are others." if notice.words else changed


def _named(rules: Sequence[str]) -> str:
    named = ", ".join(f"`{rule}`" for rule in rules[:MOST_NAMED])
    return f"{named} and {len(rules) - MOST_NAMED} more rules" if len(rules) > MOST_NAMED else named


def _fates(repair: KeptRepair) -> str:
    told = (
        (Fate.WITHDRAWN, "withdrawn"),
        (Fate.CORRECTED, "corrected"),
        (Fate.KEPT, "left as they are"),
        (Fate.GONE, "already gone"),
        (Fate.FAILED, "could not be looked at or changed"),
    )
    return ", ".join(f"{repair.fates.get(fate, 0)} {words}" for fate, words in told)


Listener = Callable[[Notice], Awaitable[None]]
"""Is told each notice as it comes."""


class Notices:
    """Tells every listener what happens to the rules; one that fails keeps no other from hearing."""

    def __init__(self) -> None:
        self._listeners: list[Listener] = []

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Let a listener be told from now on.

        Args:
            listener: is told.

        Returns:
            what ends it.
        """
        self._listeners.append(listener)

        def leave() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return leave

    async def tell(self, notice: Notice) -> None:
        """Tell a notice to everybody."""
        for listener in tuple(self._listeners):
            try:
                await listener(notice)
            except Exception:
                _logger.exception("a notice about the rules could not be passed on")
