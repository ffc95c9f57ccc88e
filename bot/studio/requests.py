"""What the page may ask of the room: one JSON object a request, checked before anything is done with it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Annotated, Any

from msgspec import Meta, Struct

from bot.errors import CaveatBotError
from bot.replies.model import Vote
from bot.rulebook.check import CheckError, check_json
from bot.rulebook.model import Status
from bot.rulebook.part import STRIPPED
from bot.statistics.table import MOST_WEEKS, USUAL_WEEKS

TEXT_LIMIT = 4000
"""The longest message in characters: what Discord lets a member with Nitro write."""

NAME_LIMIT = 24
"""The longest name of a member in characters."""

RULE_LIMIT = 20_000
"""The longest rule in characters: four times the longest that is shipped."""

WHY_LIMIT = 500
"""The longest reason for a change in characters: as much as is kept of it."""

LONGEST_SHADOW = 14 * 24
"""Hours for which a changed rule may be in shadow before it speaks, at most."""

_NOT_BLANK = r"\S"
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


class RequestError(CaveatBotError):
    """A request of the page was refused; the message says why, for whoever sits before it.

    Args:
        says: one sentence.
        ticket: the request's ticket where it could be read, so that the page knows which one was refused.
    """

    exit_code = 65

    def __init__(self, says: str, *, ticket: int | None = None) -> None:
        self.ticket = ticket
        super().__init__(says)


Ident = Annotated[str, Meta(pattern=r"^[a-z0-9-]{1,64}$")]
MessageText = Annotated[str, Meta(max_length=TEXT_LIMIT, pattern=_NOT_BLANK)]
MemberName = Annotated[str, Meta(min_length=1, max_length=NAME_LIMIT, extra={STRIPPED: True})]

RuleId = Annotated[str, Meta(pattern=r"^[a-z0-9-]{1,60}$")]
RuleText = Annotated[str, Meta(max_length=RULE_LIMIT, pattern=_NOT_BLANK)]
Why = Annotated[str, Meta(max_length=WHY_LIMIT)]
VersionNumber = Annotated[int, Meta(ge=0, le=2**53)]


class Request(Struct, frozen=True, kw_only=True):
    """The base of every request: unknown keys are refused."""

    ticket: Annotated[int, Meta(ge=0, le=2**53)]
    """A number of the page's choosing; the answer carries it back."""


class Say(Request, frozen=True, kw_only=True):
    """Write a message."""

    member: Ident
    text: MessageText
    answers: Ident | None = None


class Edit(Request, frozen=True, kw_only=True):
    """Change a message's text."""

    message: Ident
    text: MessageText


class Delete(Request, frozen=True, kw_only=True):
    """Delete a message; its reply goes with it."""

    message: Ident


class Cast(Request, frozen=True, kw_only=True):
    """Press one of a reply's buttons; the same button again takes the vote back."""

    reply: Ident
    member: Ident
    vote: Vote


class Explain(Request, frozen=True, kw_only=True):
    """Ask why a message got its reply, or none."""

    message: Ident


class Join(Request, frozen=True, kw_only=True):
    """Add a member."""

    name: MemberName


class Clear(Request, frozen=True, kw_only=True):
    """Begin again in an empty room."""


class Cooldown(Request, frozen=True, kw_only=True):
    """Switch the cool-down on or off."""

    on: bool


class ShowStatistics(Request, frozen=True, kw_only=True):
    """Show what came of the rules, week by week."""

    weeks: Annotated[int, Meta(ge=1, le=MOST_WEEKS)] = USUAL_WEEKS
    """How many, the current one included."""
    family: Annotated[str, Meta(max_length=60)] | None = None
    """The only claim family to look at."""


class RuleRequest(Request, frozen=True, kw_only=True):
    """The base of what a moderator asks."""

    member: Ident
    """As whom."""


class ListRules(RuleRequest, frozen=True, kw_only=True):
    """List the rules of the room."""


class OpenRule(RuleRequest, frozen=True, kw_only=True):
    """Open a rule, to read and edit it."""

    rule: RuleId


class _Try(RuleRequest, frozen=True, kw_only=True):
    """The base of what asks for a change. Nothing is changed before it is confirmed."""

    why: Why = ""
    seen: VersionNumber | None = None
    """The version that was seen; without it the newest is meant."""


class TryRule(_Try, frozen=True, kw_only=True):
    """Find out what another text of a rule would do; without a rule, that of a new one."""

    rule: RuleId | None = None
    text: RuleText


class TryStatus(_Try, frozen=True, kw_only=True):
    """Find out what a rule off, in shadow or live would do."""

    rule: RuleId
    status: Status


class TryFamily(_Try, frozen=True, kw_only=True):
    """Find out what a whole claim family off, in shadow or live would do."""

    family: RuleId
    status: Status


class TryVersion(_Try, frozen=True, kw_only=True):
    """Find out what an earlier version would do; 0 is the base as it is."""

    number: VersionNumber


class Confirm(RuleRequest, frozen=True, kw_only=True):
    """Put in force what was tried, for some hours in shadow first if asked."""

    key: Ident
    shadow_hours: Annotated[int, Meta(ge=1, le=LONGEST_SHADOW)] | None = None


class ListVersions(RuleRequest, frozen=True, kw_only=True):
    """List versions of the room's changes, those before a number or the newest."""

    before: Annotated[int, Meta(ge=1, le=2**53)] | None = None


AnyTry = TryRule | TryStatus | TryFamily | TryVersion
"""What asks for a change."""

AnyRuleRequest = ListRules | OpenRule | AnyTry | Confirm | ListVersions
"""What a moderator may ask."""

AnyRequest = Say | Edit | Delete | Cast | Explain | Join | Clear | Cooldown | ShowStatistics | AnyRuleRequest

_KINDS: Mapping[str, type[AnyRequest]] = {
    "say": Say,
    "edit": Edit,
    "delete": Delete,
    "vote": Cast,
    "explain": Explain,
    "join": Join,
    "clear": Clear,
    "cooldown": Cooldown,
    "statistics": ShowStatistics,
    "rules": ListRules,
    "rule": OpenRule,
    "try-rule": TryRule,
    "try-status": TryStatus,
    "try-family": TryFamily,
    "try-version": TryVersion,
    "confirm": Confirm,
    "versions": ListVersions,
}
"""What a request may be, by its key `type`."""


def parse_request(raw: str) -> AnyRequest:
    """Read a request.

    A lone surrogate, which JSON can carry and UTF-8 cannot, is read as U+FFFD.

    Args:
        raw: the text of one WebSocket message.

    Returns:
        the request.

    Raises:
        RequestError: it is no JSON object or no request that the room knows; the sentence says what is wrong.
    """
    try:
        data = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise RequestError("This is not JSON.") from error
    if not isinstance(data, dict):
        raise RequestError("A request is a JSON object.")
    ticket = data.get("ticket")
    known = ticket if isinstance(ticket, int) and not isinstance(ticket, bool) else None
    kind = _KINDS.get(str(data.pop("type", "")))
    if kind is None:
        raise RequestError("The room does not know this kind of request.", ticket=known)
    try:
        return check_json(kind, json.dumps({_whole(key): _whole(value) for key, value in data.items()}))
    except CheckError as error:
        raise RequestError(_sentence(kind, error), ticket=known) from error


def _whole(value: Any) -> Any:  # noqa: ANN401 - whatever JSON can hold
    return _LONE_SURROGATE.sub("\ufffd", value) if isinstance(value, str) else value


def _sentence(kind: type[Request], error: CheckError) -> str:
    """The first fault in words: a page that sends more than one has lost its way at the first."""
    fault = error.details[0]
    wrong, place = fault["type"], ".".join(map(str, fault["loc"]))[:60]
    if place == "weeks" and wrong != "missing":
        return f"Weeks are a whole number from 1 to {MOST_WEEKS}, for example {USUAL_WEEKS}."
    if kind is TryRule and place == "text":
        place = "rule's text"
    known = {
        ("string_too_long", "rule's text"): f"A rule may hold at most {RULE_LIMIT:,} characters.",
        ("string_pattern_mismatch", "rule's text"): "The rule is empty.",
        ("string_too_long", "why"): f"A reason may hold at most {WHY_LIMIT} characters.",
        ("string_too_long", "text"): f"A message may hold at most {TEXT_LIMIT:,} characters.",
        ("string_too_long", "name"): f"A name may hold at most {NAME_LIMIT} characters.",
        ("string_pattern_mismatch", "text"): "The message is empty.",
        ("string_too_short", "name"): "The name is empty.",
        ("extra_forbidden", place): f"The request has a key that the room does not know: {place}.",
        ("missing", place): f"The request lacks {place}.",
    }
    return known.get((wrong, place), f"The request's {place} is wrong: {fault['msg']}.")
