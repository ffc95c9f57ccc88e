"""For each server the rulebook in force: the base, or the base with the server's changes laid over it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from types import TracebackType
from typing import TYPE_CHECKING, Self

from msgspec import Struct
from msgspec.structs import replace

from bot.errors import Fault, RulebookError, StoreError
from bot.matching.compile import CompiledRulebook
from bot.moderation.difference import gone, new_or_changed
from bot.moderation.notices import (
    BaseChanged,
    BaseMended,
    BaseRefused,
    Notices,
    OverlayChanged,
    OverlayFitsAgain,
    OverlaySetAside,
    TrialEnded,
)
from bot.moderation.workshop import Workshop
from bot.proof import Proven
from bot.store.interface import VersionStore
from bot.store.model import KeptVersion

if TYPE_CHECKING:
    from bot.moderation.fitting import Fitted
    from bot.moderation.model import Preview

LOOK_EVERY = 15.0
"""Seconds between two looks for versions that another program saved and for trials that are over."""

_logger = logging.getLogger(__name__)


class _Standing(Struct, frozen=True):
    """What holds on one server.

    Args:
        version: the newest version.
        fitted: it, laid over the base; None while it is set aside.
        compiled: what is in force.
        trials: ids of the rules that are in shadow for some time.
    """

    version: KeptVersion
    fitted: Fitted | None
    compiled: CompiledRulebook
    trials: frozenset[str] = frozenset()


class Rulebooks:
    """Holds the rulebook of every server, and swaps it whole, without a pause.

    Used with `async with`: entering lays every server's newest changes over the base; until it is left,
    versions that another program saves, and trials that end, are seen by themselves. Whatever takes time runs
    in a thread; until it is done, the rules before stay in force.

    Args:
        base: the rules that every server starts from.
        store: keeps the versions.
        clock: the time now, with time zone.
        notices: tells what happens.
        look_every: seconds between two looks.
    """

    def __init__(
        self,
        *,
        base: Proven,
        store: VersionStore,
        clock: Callable[[], datetime],
        notices: Notices,
        look_every: float = LOOK_EVERY,
    ) -> None:
        self._base = base
        self._store = store
        self._clock = clock
        self._notices = notices
        self._look_every = look_every
        self._workshop = Workshop()
        self._standing: dict[str, _Standing] = {}
        self._turn = asyncio.Lock()
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        """Lay every server's newest changes over the base.

        Raises:
            StoreError: the store cannot be used.
        """
        await self.look()
        self._task = asyncio.create_task(self._watch(), name="watch servers' rules")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the watching."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    @property
    def base(self) -> CompiledRulebook:
        """The rules that every server starts from."""
        return self._base.rulebook

    @property
    def proven_base(self) -> Proven:
        """The same, with where everything in it was written."""
        return self._base

    def of(self, server: str) -> CompiledRulebook:
        """The rules in force on a server."""
        standing = self._standing.get(server)
        return standing.compiled if standing is not None else self._base.rulebook

    def trials_of(self, server: str) -> dict[str, datetime]:
        """The rules that are in shadow for some time on a server, each with when that ends."""
        standing = self._standing.get(server)
        if standing is None:
            return {}
        return {rule: standing.version.trials[rule] for rule in sorted(standing.trials)}

    async def fitted(self, server: str) -> Fitted:
        """What is in force on a server, with the places in its YAML and without regard to trials."""
        standing = self._standing.get(server)
        if standing is not None and standing.fitted is not None:
            return standing.fitted
        return await self.fit("")

    async def fit(self, text: str) -> Fitted:
        """Lay changes over the base, to look at them.

        Args:
            text: the changes, as YAML.

        Raises:
            RulebookError: they hold faults, or do not fit the base.
        """
        return await asyncio.to_thread(self._fit, text, self._base)

    async def would_be(self, server: str, base: Proven) -> CompiledRulebook:
        """Give the rules that a server would have on another base; trials are left out.

        Args:
            server: the server.
            base: the base, proved.
        """
        standing = self._standing.get(server)
        if standing is None:
            return base.rulebook
        try:
            return (await asyncio.to_thread(self._fit, standing.version.text, base)).require().compiled
        except RulebookError:
            return base.rulebook

    def _fit(self, text: str, base: Proven) -> Fitted:
        from bot.moderation.fitting import fit  # noqa: PLC0415  # 30 ms, for servers with own rules only
        from bot.rulebook.overlay import read_overlay  # noqa: PLC0415  # the same

        return fit(base, read_overlay(text), self._workshop)

    @property
    def workshop(self) -> Workshop:
        """Makes rulebooks ready, each distinct content once."""
        return self._workshop

    async def adopt(self, version: KeptVersion, fitted: Fitted) -> None:
        """Put a version in force that was just saved.

        Args:
            version: the version.
            fitted: it, laid over the base.
        """
        async with self._turn:
            standing = self._standing.get(version.server)
            if standing is None or standing.version.number < version.number:
                if fitted.base is not self._base:
                    await self._lay(version)
                else:
                    await self._stand(version, fitted)
        await self._notices.tell(OverlayChanged(version.server, version))

    async def use_base(self, base: Proven, previews: Mapping[str, Preview] | None = None) -> None:
        """Put another base in force, and lay every server's changes over it anew.

        Changes that do not fit any more are kept and set aside; their servers have the base's rules.

        Args:
            base: the base, proved.
            previews: for each server that was looked at what the base does to its recent messages.
        """
        async with self._turn:
            before, self._base = self._base.rulebook.source, base
            source = base.rulebook.source
            changed = (*new_or_changed(before, source), *gone(before, source))
            words = before.concepts != source.concepts
            notice = BaseChanged(source.digest, len(source.rules), changed, words, previews or {})
            await self._notices.tell(notice)
            for standing in tuple(self._standing.values()):
                await self._lay(standing.version)

    async def refuse_base(self, faults: tuple[Fault, ...]) -> None:
        """Tell that files of the base hold faults, or with none that they are mended.

        Args:
            faults: the faults.
        """
        await self._notices.tell(BaseRefused(faults) if faults else BaseMended())

    async def look(self) -> None:
        """Take over versions that another program saved, and end the trials that are over.

        Raises:
            StoreError: the store cannot be used.
        """
        async with self._turn:
            for version in await self._store.newest_versions():
                standing = self._standing.get(version.server)
                if standing is None or standing.version.number < version.number:
                    await self._lay(version)
            for standing in tuple(self._standing.values()):
                await self._end_trials(standing)

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(self._look_every)
            try:
                await self.look()
            except StoreError as error:
                _logger.warning("servers' rules could not be looked up: %s", error)
            except Exception:
                # Whatever goes wrong with one server, the next look must still come.
                _logger.exception("servers' rules could not be looked up")

    async def _lay(self, version: KeptVersion) -> None:
        """Put a version in force or, where it does not fit, set it aside."""
        try:
            fitted = (await self.fit(version.text)).require()
        except RulebookError as error:
            await self._set_aside(version, error.faults)
            return
        if version.set_aside is not None:
            await self._note(version, None)
            version = replace(version, set_aside=None)
            await self._stand(version, fitted)
            await self._notices.tell(OverlayFitsAgain(version.server, version))
        else:
            await self._stand(version, fitted)

    async def _set_aside(self, version: KeptVersion, faults: tuple[Fault, ...]) -> None:
        reason = "\n".join(map(str, faults))
        told = version.set_aside == reason
        version = replace(version, set_aside=reason)
        self._standing[version.server] = _Standing(version, None, self._base.rulebook)
        if not told:
            await self._note(version, reason)
            await self._notices.tell(OverlaySetAside(version.server, version, faults))

    async def _note(self, version: KeptVersion, reason: str | None) -> None:
        try:
            await self._store.set_aside(server=version.server, number=version.number, reason=reason)
        except StoreError as error:
            # What holds in memory is right; the next start finds out the same.
            _logger.warning("it could not be noted whether a server's rules fit: %s", error)

    async def _stand(self, version: KeptVersion, fitted: Fitted) -> None:
        trials = self._open_trials(version)
        compiled = fitted.compiled
        if trials:
            from bot.moderation.fitting import on_trial  # noqa: PLC0415  # see _fit

            compiled = await asyncio.to_thread(on_trial, compiled, trials, self._workshop)
        self._standing[version.server] = _Standing(version, fitted, compiled, trials)

    def _open_trials(self, version: KeptVersion) -> frozenset[str]:
        now = self._clock()
        return frozenset(rule for rule, until in version.trials.items() if until > now)

    async def _end_trials(self, standing: _Standing) -> None:
        over = standing.trials - self._open_trials(standing.version)
        if over and standing.fitted is not None:
            await self._stand(standing.version, standing.fitted)
            await self._notices.tell(TrialEnded(standing.version.server, tuple(sorted(over))))
