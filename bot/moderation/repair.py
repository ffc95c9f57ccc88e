"""Replies that stand although their rule was wrong: looked at again, withdrawn or corrected, one by one."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial
from typing import Protocol

from msgspec.structs import replace

from bot.errors import CaveatBotError
from bot.matching.engine import find
from bot.matching.model import SPEAKING, Finding, Findings, Stance
from bot.moderation.notices import Notices, RepairDone
from bot.moderation.rulebooks import Rulebooks
from bot.replies.judge import composed_for, said_ids
from bot.replies.kept import kept_reply
from bot.replies.model import Composed, Form, Incoming, Reply, SpeakingSettings
from bot.replies.settings_form import settings_from
from bot.rulebook.model import Rulebook, Status
from bot.store.interface import Store
from bot.store.model import KeptFinding, KeptReply
from bot.store.reviews import Fate, KeptRepair
from bot.text.unread import Unread

PAUSE = 1.0
"""Seconds between two replies; Discord itself bounds how fast a channel's messages may be deleted."""
LOOK_EVERY = 15.0
"""Seconds between two looks for repairs that another program began."""

_logger = logging.getLogger(__name__)


class Missing(StrEnum):
    """Why there is no message to look at again."""

    GONE = "gone"
    UNREACHABLE = "unreachable"


class Handed(StrEnum):
    """What became of an edit or a deletion."""

    DONE = "done"
    GONE = "gone"
    REFUSED = "refused"


class Posts(Protocol):
    """What a surface can do about replies that it has sent."""

    def serves(self, server: str) -> bool:
        """Tell whether the replies on a server are this surface's; those of others are left to these."""
        return True

    async def in_turn(self, room: str, work: Callable[[], Awaitable[None]]) -> None:
        """Do some work when nothing else happens in a room, and wait for it."""
        ...

    async def message(self, *, server: str, room: str, message: str) -> Incoming | Missing:
        """Look up what a member wrote, as it stands now."""
        ...

    async def withdraw(self, *, room: str, reply: str) -> Handed:
        """Delete a reply."""
        ...

    async def correct(self, *, room: str, reply: str, composed: Composed) -> Handed:
        """Change a reply."""
        ...


def still_holding(
    kept: KeptReply, repair: KeptRepair, rulebook: Rulebook, found: Findings | None
) -> tuple[KeptFinding, ...] | None:
    """Tell which findings of a reply still hold after its rules were changed.

    What other rules found holds as long as they speak: it is known from the store alone, also where the talk
    that supplied its topic is long forgotten. What the changed rules found holds where the message, looked at
    with the rules as they are now, still makes a claim of that family.

    Args:
        kept: the reply.
        repair: which rules were changed, and whether it is certain that they were wrong about this reply.
        rulebook: the server's rules as they are now.
        found: what they find in the message as it stands now; None where it cannot be looked up.

    Returns:
        the findings; None where that cannot be told.
    """
    live = {rule.id for rule in rulebook.rules if rule.status is Status.LIVE}
    known = {rule.id for rule in rulebook.rules}
    is_certain = kept.reply in repair.certain
    claimed = {
        finding.family
        for finding in (found.found if found is not None else ())
        if finding.status == Status.LIVE and finding.stance in SPEAKING
    }
    holding = []
    for finding in kept.findings:
        if finding.rule not in repair.rules:
            if finding.rule in live or finding.rule not in known:
                holding.append(finding)
        elif is_certain or (found is None and finding.rule not in live):
            continue
        elif found is None:
            return None
        elif finding.family in claimed:
            holding.append(finding)
    return tuple(holding)


class Repairs:
    """Looks at replies again after their rules were mended or rolled back.

    What is to be done is noted in the store before anything is done, and each reply when it is done, so that
    another start goes on where the last one ended.

    Args:
        rulebooks: the rules in force.
        store: keeps replies and repairs.
        notices: tells when one is done.
        clock: the time now, with time zone.
        defaults: the settings of servers that have saved none.
        pause: seconds between two replies.
        look_every: seconds between two looks for repairs that another program began.
    """

    def __init__(
        self,
        *,
        rulebooks: Rulebooks,
        store: Store,
        notices: Notices,
        clock: Callable[[], datetime],
        defaults: SpeakingSettings | None = None,
        pause: float = PAUSE,
        look_every: float = LOOK_EVERY,
    ) -> None:
        self._rulebooks = rulebooks
        self._store = store
        self._notices = notices
        self._clock = clock
        self._defaults = defaults or SpeakingSettings()
        self._pause = pause
        self._look_every = look_every
        self._begun = asyncio.Event()

    async def begin(
        self, server: str, rules: Collection[str], *, by: str | None, certain: Sequence[str] = ()
    ) -> KeptRepair | None:
        """Note that the replies of rules are to be looked at again; a surface then does it.

        Args:
            server: the server.
            rules: ids of the rules that were changed.
            by: id of the moderator; None where a program asks.
            certain: ids of replies of which it is certain that the rules were wrong.

        Returns:
            the repair; None where no reply stands that it would concern.

        Raises:
            StoreError: the store failed.
        """
        now = self._clock()
        since = now - timedelta(hours=(await self._settings_of(server)).repair_hours)
        repair = await self._store.begin_repair(
            server=server, rules=rules, since=since, by=by, at=now, certain=certain
        )
        if repair is not None:
            self._begun.set()
        return repair

    async def keep_on(self, posts: Posts) -> None:
        """Do what is noted, and whatever is noted from now on, until cancelled.

        Args:
            posts: does it on a surface.
        """
        while True:
            self._begun.clear()
            try:
                await self.catch_up(posts)
            except CaveatBotError as error:
                _logger.warning("replies could not be looked at again: %s", error)
            except Exception:
                # One reply that goes wrong must not keep all later ones as they are.
                _logger.exception("replies could not be looked at again")
            try:
                async with asyncio.timeout(self._look_every):
                    await self._begun.wait()
            except TimeoutError:
                continue

    async def catch_up(self, posts: Posts) -> None:
        """Do what is noted so far; arguments as for `keep_on`.

        Raises:
            StoreError: the store failed.
        """
        repairs = [one for one in await self._store.open_repairs() if posts.serves(one.server)]
        if repairs:
            # Another program that began one saved its version first; without a look old rules would judge.
            await self._rulebooks.look()
        for repair in repairs:
            for reply in repair.left:
                await self._second_look(repair, reply, posts)
                await asyncio.sleep(self._pause)
            done = await self._store.end_repair(repair=repair.repair, at=self._clock())
            if done is not None:
                await self._notices.tell(RepairDone(done.server, done))

    async def _second_look(self, repair: KeptRepair, reply: str, posts: Posts) -> None:
        kept = await self._store.reply(reply=reply)
        if kept is None:
            await self._store.note_fate(repair=repair.repair, reply=reply, fate=Fate.GONE)
        else:
            await posts.in_turn(kept.room, partial(self._mend, repair, reply, posts))

    async def _mend(self, repair: KeptRepair, reply: str, posts: Posts) -> None:
        # Read again when it is its turn: an edit or a deletion may have come first.
        kept = await self._store.reply(reply=reply)
        if kept is None or kept.withdrawn is not None:
            fate = Fate.GONE
        else:
            fate = await self._fate(repair, kept, posts)
        await self._store.note_fate(repair=repair.repair, reply=reply, fate=fate)

    async def _fate(self, repair: KeptRepair, kept: KeptReply, posts: Posts) -> Fate:
        posted = await posts.message(server=kept.server, room=kept.room, message=kept.message)
        if posted is Missing.GONE:
            return await self._withdrawn(kept, posts)
        rulebook = self._rulebooks.of(kept.server)
        found = None
        if isinstance(posted, Incoming):
            answered = (Unread(posted.answers),) if posted.answers else ()
            found = await asyncio.to_thread(find, Unread(posted.text), rulebook, answered)
        holding = still_holding(kept, repair, rulebook.source, found)
        if holding is None:
            return Fate.FAILED
        if holding == kept.findings:
            return Fate.KEPT
        if not holding:
            return await self._withdrawn(kept, posts)
        return await self._corrected(kept, holding, posts)

    async def _withdrawn(self, kept: KeptReply, posts: Posts) -> Fate:
        handed = await posts.withdraw(room=kept.room, reply=kept.reply)
        if handed is Handed.REFUSED:
            return Fate.FAILED
        await self._store.withdraw(reply=kept.reply, at=self._clock())
        return Fate.WITHDRAWN if handed is Handed.DONE else Fate.GONE

    async def _corrected(self, kept: KeptReply, holding: tuple[KeptFinding, ...], posts: Posts) -> Fate:
        rulebook = self._rulebooks.of(kept.server).source
        decision = _decision(holding)
        settings = await self._settings_of(kept.server)
        composed = composed_for(decision, rulebook, settings, message=kept.message)
        says_the_same = (
            said_ids(composed) == kept.caveats
            and composed.form == kept.form
            and composed.families[:1] == kept.families[:1]
        )
        handed = Handed.DONE
        if not says_the_same:
            handed = await posts.correct(room=kept.room, reply=kept.reply, composed=composed)
        if handed is Handed.REFUSED:
            return Fate.FAILED
        if handed is Handed.GONE:
            await self._store.withdraw(reply=kept.reply, at=self._clock())
            return Fate.GONE
        about = Incoming(kept.message, kept.server, kept.room, kept.author or "", "", kept.created)
        again = kept_reply(
            about, decision, composed, reply=kept.reply, digest=rulebook.digest, now=kept.created
        )
        await self._store.keep_reply(replace(again, author=kept.author, findings=holding))
        return Fate.KEPT if says_the_same else Fate.CORRECTED

    async def _settings_of(self, server: str) -> SpeakingSettings:
        values = await self._store.settings_of(server=server)
        return settings_from(values) if values is not None else self._defaults


def _decision(holding: Sequence[KeptFinding]) -> Reply:
    findings = tuple(
        Finding(
            rule=kept.rule,
            family=kept.family,
            stance=Stance(kept.stance),
            score=kept.score,
            start=0,
            end=0,
            matched=kept.matched or "",
            phrase=kept.phrase,
            because=kept.because,
        )
        for kept in holding
    )
    if any(finding.stance is not Stance.ASKS for finding in findings):
        return Reply(findings, Form.FULL, "claim")
    return Reply(findings, Form.SHORT, "question")
