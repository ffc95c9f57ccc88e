"""What the page may ask of the room: one JSON object a request, checked before anything is done with it."""

from __future__ import annotations

import json
import re
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    TypeAdapter,
    ValidationError,
)

from bot.errors import CaveatBotError
from bot.replies.model import Vote
from bot.rulebook.model import Status
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


def _not_blank(text: str) -> str:
    if not text.strip():
        raise ValueError("is empty")
    return text


Ident = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,64}$")]
MessageText = Annotated[str, StringConstraints(max_length=TEXT_LIMIT), AfterValidator(_not_blank)]
MemberName = Annotated[
    str, StringConstraints(max_length=NAME_LIMIT, strip_whitespace=True), AfterValidator(_not_blank)
]

RuleId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,60}$")]
RuleText = Annotated[str, StringConstraints(max_length=RULE_LIMIT), AfterValidator(_not_blank)]
Why = Annotated[str, StringConstraints(max_length=WHY_LIMIT)]
VersionNumber = Annotated[int, Field(ge=0, le=2**53, strict=True)]


class Request(BaseModel):
    """The base of every request: unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    ticket: Annotated[int, Field(ge=0, le=2**53, strict=True)]
    """A number of the page's choosing; the answer carries it back."""


class Say(Request):
    """Write a message."""

    type: Literal["say"]
    member: Ident
    text: MessageText
    answers: Ident | None = None


class Edit(Request):
    """Change a message's text."""

    type: Literal["edit"]
    message: Ident
    text: MessageText


class Delete(Request):
    """Delete a message; its reply goes with it."""

    type: Literal["delete"]
    message: Ident


class Cast(Request):
    """Press one of a reply's buttons; the same button again takes the vote back."""

    type: Literal["vote"]
    reply: Ident
    member: Ident
    vote: Vote


class Explain(Request):
    """Ask why a message got its reply, or none."""

    type: Literal["explain"]
    message: Ident


class Join(Request):
    """Add a member."""

    type: Literal["join"]
    name: MemberName


class Clear(Request):
    """Begin again in an empty room."""

    type: Literal["clear"]


class Cooldown(Request):
    """Switch the cool-down on or off."""

    type: Literal["cooldown"]
    on: Annotated[bool, Field(strict=True)]


class ShowStatistics(Request):
    """Show what came of the rules, week by week."""

    type: Literal["statistics"]
    weeks: Annotated[int, Field(ge=1, le=MOST_WEEKS, strict=True)] = USUAL_WEEKS
    """How many, the current one included."""
    family: Annotated[str, StringConstraints(max_length=60)] | None = None
    """The only claim family to look at."""


class RuleRequest(Request):
    """The base of what a moderator asks."""

    member: Ident
    """As whom."""


class ListRules(RuleRequest):
    """List the rules of the room."""

    type: Literal["rules"]


class OpenRule(RuleRequest):
    """Open a rule, to read and edit it."""

    type: Literal["rule"]
    rule: RuleId


class _Try(RuleRequest):
    """The base of what asks for a change. Nothing is changed before it is confirmed."""

    why: Why = ""
    seen: VersionNumber | None = None
    """The version that was seen; without it the newest is meant."""


class TryRule(_Try):
    """Find out what another text of a rule would do; without a rule, that of a new one."""

    type: Literal["try-rule"]
    rule: RuleId | None = None
    text: RuleText


class TryStatus(_Try):
    """Find out what a rule off, in shadow or live would do."""

    type: Literal["try-status"]
    rule: RuleId
    status: Status


class TryFamily(_Try):
    """Find out what a whole claim family off, in shadow or live would do."""

    type: Literal["try-family"]
    family: RuleId
    status: Status


class TryVersion(_Try):
    """Find out what an earlier version would do; 0 is the base as it is."""

    type: Literal["try-version"]
    number: VersionNumber


class Confirm(RuleRequest):
    """Put in force what was tried, for some hours in shadow first if asked."""

    type: Literal["confirm"]
    key: Ident
    shadow_hours: Annotated[int, Field(ge=1, le=LONGEST_SHADOW, strict=True)] | None = None


class ListVersions(RuleRequest):
    """List versions of the room's changes, those before a number or the newest."""

    type: Literal["versions"]
    before: Annotated[int, Field(ge=1, le=2**53, strict=True)] | None = None


AnyTry = TryRule | TryStatus | TryFamily | TryVersion
"""What asks for a change."""

AnyRuleRequest = ListRules | OpenRule | AnyTry | Confirm | ListVersions
"""What a moderator may ask."""

AnyRequest = Say | Edit | Delete | Cast | Explain | Join | Clear | Cooldown | ShowStatistics | AnyRuleRequest

_ADAPTER: TypeAdapter[AnyRequest] = TypeAdapter(Annotated[AnyRequest, Field(discriminator="type")])


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
    try:
        return _ADAPTER.validate_python({_whole(key): _whole(value) for key, value in data.items()})
    except ValidationError as error:
        known = ticket if isinstance(ticket, int) and not isinstance(ticket, bool) else None
        raise RequestError(_sentence(error), ticket=known) from error


def _whole(value: Any) -> Any:  # noqa: ANN401 - whatever JSON can hold
    return _LONE_SURROGATE.sub("\ufffd", value) if isinstance(value, str) else value


def _sentence(error: ValidationError) -> str:
    """The first fault in words: a page that sends more than one has lost its way at the first."""
    fault = error.errors(include_url=False, include_context=False, include_input=False)[0]
    kind, place = fault["type"], ".".join(str(part) for part in fault["loc"][1:])[:60]
    if place == "weeks" and kind != "missing":
        return f"Weeks are a whole number from 1 to {MOST_WEEKS}, for example {USUAL_WEEKS}."
    if fault["loc"][:1] == ("try-rule",) and place == "text":
        place = "rule's text"
    known = {
        ("string_too_long", "rule's text"): f"A rule may hold at most {RULE_LIMIT:,} characters.",
        ("value_error", "rule's text"): "The rule is empty.",
        ("string_too_long", "why"): f"A reason may hold at most {WHY_LIMIT} characters.",
        ("string_too_long", "text"): f"A message may hold at most {TEXT_LIMIT:,} characters.",
        ("string_too_long", "name"): f"A name may hold at most {NAME_LIMIT} characters.",
        ("value_error", "text"): "The message is empty.",
        ("value_error", "name"): "The name is empty.",
        ("extra_forbidden", place): f"The request has a key that the room does not know: {place}.",
        ("missing", place): f"The request lacks {place}.",
        ("union_tag_invalid", place): "The room does not know this kind of request.",
        ("union_tag_not_found", place): "The room does not know this kind of request.",
    }
    return known.get((kind, place), f"The request's {place} is wrong: {fault['msg']}.")
