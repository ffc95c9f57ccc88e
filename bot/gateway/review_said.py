"""An entry of the review queue, a draft and what came of it, in words for a moderator. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from bot.gateway.rendering import MESSAGE_LIMIT, shortened
from bot.gateway.rules.words import fitting_code, plain
from bot.moderation.model import Conflict, Effect, Preview, Refusal
from bot.moderation.review import Advice, Approved, Draft, Settled
from bot.replies.model import Vote
from bot.store.reviews import ReviewState

NOTHING_OPEN = "Nothing is waiting here: nobody objects to a reply that you have not decided about yet."
DRAFTED_ANEW = "-# The draft was made anew, as I no longer had the one that you saw. Please look at it again."
DISMISSED = "Dismissed: the reply was right, and these votes do not count against its rule."
MESSAGES_SHOWN = 3
"""So many recent messages are shown that would be answered in another way."""
YAML_LIMIT = 900
"""Characters of the YAML that are shown; the form shows all of it."""
FAULTS_SHOWN = 5
"""So many faults are told at once."""

_VOTES = {
    Vote.NOT_WHAT_I_SAID.value: "not what I said",
    Vote.NOT_HELPFUL.value: "not helpful",
    Vote.HELPFUL.value: "helpful",
}
_ADVICE = {
    Advice.UNLESS: "Keep it as an example that must stay silent, and leave out what these words mean.",
    Advice.CUTOFF: "Keep it as an example that must stay silent, and ask for a closer match.",
    Advice.ALREADY: (
        "By themselves these words are not answered any more. Keep them as an example, so that it stays so."
    ),
    Advice.TODO: (
        "I found nothing that silences this and keeps every example. Keep it as a known miss (`todo`), or "
        "edit it yourself."
    ),
    Advice.TYPED: "What you typed:",
    Advice.NO_RULE: (
        "There is no rule here that an example could be added to. Approving it takes the reply back where it "
        "is not what somebody said."
    ),
    Advice.NO_WORDS: (
        "The matched words are not kept any more, or too long for an example. “Whole message” looks the "
        "message up; approving without it changes no rule."
    ),
}


def entry_said(draft: Draft, *, waiting: int, whole_link: str, is_anew: bool = False) -> str:
    """Show an entry with its draft.

    Args:
        draft: the draft.
        waiting: how many entries are open.
        whole_link: the address of the message.
        is_anew: whether the draft was lost and made again.

    Returns:
        a text within Discord's limit. Members' words in it have no effect.
    """
    lines = [*_head(draft, waiting, whole_link), *_proposed(draft)]
    if is_anew:
        lines.append(DRAFTED_ANEW)
    return shortened("\n".join(lines), limit=MESSAGE_LIMIT)


def approved_said(draft: Draft, outcome: Approved | Refusal | Conflict | Settled) -> str:
    """Tell what came of an approval.

    Args:
        draft: what was approved.
        outcome: what was done, or why nothing was.
    """
    if isinstance(outcome, Approved):
        said = "**Approved.** No rule was changed."
        if outcome.version is not None:
            said = f"**Approved.** Version {outcome.version.number} of this server's rules is in force."
        if outcome.repair is not None:
            count = len(outcome.repair.left)
            replies = "1 reply is" if count == 1 else f"{count} replies are"
            said += (
                f"\n{replies} looked at again, one by one; what became of them is told in the moderators' "
                "channel."
            )
        return said
    if isinstance(outcome, Settled):
        return settled_said(outcome)
    return shortened("\n".join(_outcome(outcome)), limit=MESSAGE_LIMIT)


def settled_said(settled: Settled) -> str:
    """Tell that an entry is not open any more."""
    entry = settled.entry
    if entry is None:
        return "Whoever objected has taken that back meanwhile, so there is nothing left to decide."
    did = "approved" if entry.state is ReviewState.APPROVED else "dismissed"
    by = f" by <@{entry.decider}>" if entry.decider is not None and entry.decider.isdigit() else ""
    return f"This was {did}{by} meanwhile."


def _head(draft: Draft, waiting: int, whole_link: str) -> Iterator[str]:
    entry, finding = draft.entry, draft.finding
    reply = f"https://discord.com/channels/{entry.reply.server}/{entry.reply.room}/{entry.reply.reply}"
    others = f" · {waiting} waiting" if waiting > 1 else ""
    yield (
        f"**Review {entry.entry}** · rule `{finding.rule}` · [the message](<{whole_link}>) · "
        f"[the reply](<{reply}>){others}"
    )
    words = f"“{plain(finding.matched)}”" if finding.matched is not None else "no longer kept"
    yield f"Matched words: {shortened(words, limit=400)}"
    if len(entry.reply.findings) > 1:
        yield f"-# Claim {draft.place + 1} of {len(entry.reply.findings)} in this reply."
    votes = [f"{entry.votes[vote]} × {said}" for vote, said in _VOTES.items() if entry.votes.get(vote)]
    yield f"Votes: {', '.join(votes) or 'none any more'}"


def _proposed(draft: Draft) -> Iterator[str]:
    yield _ADVICE[draft.advice]
    if draft.is_whole:
        yield "-# This is the whole message. It is kept as an example only if you approve."
    if draft.amendment:
        yield fitting_code(draft.amendment, "yaml", limit=YAML_LIMIT)
    if draft.outcome is not None:
        yield from _outcome(draft.outcome) if draft.proposal is None else _preview(draft.proposal.preview)


def _preview(preview: Preview) -> Iterator[str]:
    yield f"Every example of every rule holds. What else would change: {preview}."
    for one in preview.changed[:MESSAGES_SHOWN]:
        mark = {Effect.ADDED: "+", Effect.REMOVED: "−", Effect.MOVED: "±"}[one.effect]
        yield f"-# {mark} {shortened(plain(one.message.text), limit=120)}"
    if len(preview.changed) > MESSAGES_SHOWN:
        yield f"-# … and {len(preview.changed) - MESSAGES_SHOWN} more"


def _outcome(outcome: object) -> Iterator[str]:
    if isinstance(outcome, Refusal):
        yield "**This does not pass the gate:**"
        for fault in outcome.faults[:FAULTS_SHOWN]:
            said = " ".join(part for part in (fault.problem, fault.instead) if part)
            yield f"- `{fault.path.name}:{fault.line}:{fault.column}` {shortened(plain(said), limit=300)}"
        if len(outcome.faults) > FAULTS_SHOWN:
            yield f"-# … and {len(outcome.faults) - FAULTS_SHOWN} more"
    elif isinstance(outcome, Conflict):
        yield (
            f"**The rules were changed meanwhile:** version {outcome.newer.number} is newer, and this was "
            "not put in force. “Look again” makes the draft anew on top of it."
        )
