"""Scripted failures and rate limits: what goes wrong between the bot and Discord."""

from __future__ import annotations

import fnmatch
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.loopback.problems import Json


@dataclass(slots=True)
class Fault:
    """A failure that the next requests to a route meet.

    Args:
        route: a method and a route or path, `*` standing for anything: "POST /channels/*/messages".
        status: the status answered instead; none to answer as usual, which makes sense with a delay.
        times: how many requests meet it.
        retry_after: for 429, after how many seconds to try again.
        is_global: for 429, whether it is the limit over all routes.
        delay: how long the answer takes, in seconds.
        performed: whether the request is carried out before its failure is answered.
        code: Discord's code in the answer.
        message: Discord's sentence in the answer.
        cut: whether the connection is cut instead of an answer.
    """

    route: str
    status: int | None = None
    times: int = 1
    retry_after: float = 0.05
    is_global: bool = False
    delay: float = 0.0
    performed: bool = False
    code: int = 0
    message: str = ""
    cut: bool = False

    def body(self) -> Json:
        """Return the answer's body."""
        if self.status == 429:
            body: Json = {"message": "You are being rate limited.", "retry_after": self.retry_after}
            return body | {"global": self.is_global, "code": self.code}
        return {"message": self.message or f"{self.status}: scripted by the test", "code": self.code}

    def headers(self) -> dict[str, str]:
        """Return the answer's own headers."""
        if self.status != 429:
            return {}
        headers = {"Retry-After": str(max(1, round(self.retry_after)))}
        headers["X-RateLimit-Scope"] = "global" if self.is_global else "user"
        return headers | ({"X-RateLimit-Global": "true"} if self.is_global else {})


class FaultScript:
    """The failures that are still to come."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Add a failure behind those for the same route."""
        self._faults.append(fault)

    @property
    def is_spent(self) -> bool:
        """Whether every scripted failure was met."""
        return not self._faults

    def next_for(self, method: str, route: str, path: str) -> Fault | None:
        """Take the failure that a request meets, or none."""
        for fault in self._faults:
            if any(fnmatch.fnmatchcase(f"{method} {where}", fault.route) for where in (route, path)):
                fault.times -= 1
                if fault.times <= 0:
                    self._faults.remove(fault)
                return fault
        return None


@dataclass(frozen=True, slots=True)
class RateLimit:
    """How many requests a bucket takes in how many seconds."""

    requests: int
    seconds: float


GENEROUS = RateLimit(1000, 1.0)
"""So wide that no test waits for it; give the server narrower ones to test against."""


@dataclass(slots=True)
class _Bucket:
    limit: RateLimit
    used: int = 0
    resets_at: float = 0.0


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a bucket says of one request: whether it may pass, and the headers that tell the rest."""

    passes: bool
    retry_after: float
    headers: dict[str, str] = field(default_factory=dict)


class RateLimits:
    """The buckets of all routes, each by the guild, channel or webhook it concerns.

    Args:
        limits: by "METHOD /route"; other routes are generous.
    """

    def __init__(self, limits: Mapping[str, RateLimit]) -> None:
        self._limits = dict(limits)
        self._buckets: dict[tuple[str, str], _Bucket] = {}

    def take(self, key: str, major: str, *, now: float, epoch: float) -> Allowance:
        """Count a request.

        Args:
            key: "METHOD /route".
            major: the ids that part one bucket from another.
            now: the time of a clock that only goes forward, in seconds.
            epoch: the time since 1970, in seconds, for the header.

        Returns:
            whether the request passes, and its headers.
        """
        limit = self._limits.get(key, GENEROUS)
        bucket = self._buckets.setdefault((key, major), _Bucket(limit))
        if now >= bucket.resets_at:
            bucket.used, bucket.resets_at = 0, now + limit.seconds
        bucket.used += 1
        reset_after = bucket.resets_at - now
        headers = {
            "X-RateLimit-Limit": str(limit.requests),
            "X-RateLimit-Remaining": str(max(0, limit.requests - bucket.used)),
            "X-RateLimit-Reset": f"{epoch + reset_after:.3f}",
            "X-RateLimit-Reset-After": f"{reset_after:.3f}",
            "X-RateLimit-Bucket": hashlib.sha256(key.encode()).hexdigest()[:32],
        }
        return Allowance(bucket.used <= limit.requests, reset_after, headers)
