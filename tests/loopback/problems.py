"""Refusals in the words and numbers of Discord's API."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass
class ApiError(Exception):
    """An answer that is not a success.

    Args:
        status: the HTTP status.
        code: Discord's own code in the body.
        message: Discord's sentence.
        errors: for 50035, the faults by the place where they stand.
    """

    status: int
    code: int
    message: str
    errors: Json = field(default_factory=dict)

    @property
    def is_avoidable(self) -> bool:
        """Whether the bot is to blame, and not the state of things or a moderator who changed it."""
        return self.code in _AVOIDABLE and "message_reference" not in self.errors

    def places(self) -> list[tuple[str, str]]:
        """Return where in the body something is wrong, and what; the whole body is ""."""
        return _flat(self.errors, "") or [("", self.message)]

    def body(self) -> Json:
        """Return the answer's body."""
        body: Json = {"message": self.message, "code": self.code}
        if self.errors:
            body["errors"] = self.errors
        return body


def unauthorized() -> ApiError:
    """The token is missing or wrong."""
    return ApiError(401, 0, "401: Unauthorized")


def not_found() -> ApiError:
    """There is no such route."""
    return ApiError(404, 0, "404: Not Found")


def unknown(what: str) -> ApiError:
    """There is no such thing; `what` is in Discord's words, for example "Message"."""
    return ApiError(404, _UNKNOWN[what], f"Unknown {what}")


def missing_access() -> ApiError:
    """The bot cannot see the channel."""
    return ApiError(403, 50001, "Missing Access")


def missing_permissions() -> ApiError:
    """The bot sees the channel but may not do this there."""
    return ApiError(403, 50013, "Missing Permissions")


def empty_message() -> ApiError:
    """A message with nothing in it."""
    return ApiError(400, 50006, "Cannot send an empty message")


def invalid_form(faults: dict[tuple[str | int, ...], list[tuple[str, str]]]) -> ApiError:
    """The body is wrong.

    Args:
        faults: for each place in the body, the codes and sentences of what is wrong there.

    Returns:
        the answer with faults nested as Discord nests them.
    """
    errors: Json = {}
    for path, found in faults.items():
        node = errors
        for part in path:
            node = node.setdefault(str(part), {})
        node.setdefault("_errors", []).extend({"code": code, "message": message} for code, message in found)
    return ApiError(400, 50035, "Invalid Form Body", errors)


def _flat(errors: Json, where: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for key, value in errors.items():
        if key == "_errors":
            found += [(where, str(one["message"])) for one in value]
        else:
            found += _flat(value, f"{where}.{key}" if where else key)
    return found


_AVOIDABLE = (40005, 40060, 50006, 50035, 50109)
"""Too large, answered twice, empty, wrong form, no JSON."""
_UNKNOWN = {
    "Account": 10001,
    "Application": 10002,
    "Channel": 10003,
    "Guild": 10004,
    "Member": 10007,
    "Message": 10008,
    "User": 10013,
    "Emoji": 10014,
    "Webhook": 10015,
    "interaction": 10062,
    "application command": 10063,
}
