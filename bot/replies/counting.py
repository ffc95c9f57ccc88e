"""For which claim family a message counts that was not answered, in the figures by week."""

from __future__ import annotations

from collections.abc import Sequence

from bot.matching.model import Finding
from bot.replies.decide import by_importance, is_backed
from bot.replies.model import Hold, Incoming, Outcome
from bot.rulebook.model import Rulebook
from bot.store.interface import CountStore

_COUNTED_ELSEWHERE = frozenset({"shadow", "already answered"})
"""Reasons of holds whose messages are counted when their findings in shadow, or their reply, are kept."""


def weightiest(findings: Sequence[Finding], rulebook: Rulebook) -> str | None:
    """Tell for which family findings count.

    Args:
        findings: what was found.
        rulebook: tells which family is the more important.

    Returns:
        the family that would be answered first; None where nobody stands behind any claim.
    """
    priority = tuple(family.id for family in rulebook.families)
    ordered = by_importance([finding for finding in findings if is_backed(finding)], priority)
    return ordered[0].family if ordered else None


async def count_hold(incoming: Incoming, outcome: Outcome, rulebook: Rulebook, store: CountStore) -> None:
    """Count a new message that was held, for the family that would have been answered first.

    Edits are not to be counted: nothing is kept by which to tell that their message was counted before.

    Args:
        incoming: the message.
        outcome: what came of it; what is no hold is passed over.
        rulebook: the rules of its server.
        store: where it is counted.

    Raises:
        StoreError: the store failed.
    """
    decision, findings = outcome.decision, outcome.findings
    if not isinstance(decision, Hold) or decision.reason in _COUNTED_ELSEWHERE:
        return
    live = [finding for finding in findings.found if finding.status == "live"]
    family = findings.emergency.family if findings.emergency is not None else weightiest(live, rulebook)
    if family is not None:
        await store.count_hold(
            server=incoming.server, family=family, reason=decision.reason, at=incoming.sent_at
        )
