"""Who may talk to the page, and how fast; and what the browser may do with what it gets."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

OPEN_PATHS = frozenset({"/healthz", "/metrics"})
"""Paths that any host may ask for: they hold nothing of the room, and probes come under container names."""

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
"""Sent with every answer: nothing from elsewhere, nothing inline, no frames."""


def host_is_ours(host: str | None, *, served: str) -> bool:
    """Whether a request's Host names this machine rather than some site that points here.

    DNS rebinding needs a name under the attacker's control. Addresses, `localhost` and the name the page is
    served under cannot be rebound.

    Args:
        host: the Host header, with or without a port.
        served: the HOST setting.

    Returns:
        whether the request may be answered.
    """
    name = _name_of(host)
    if name is None:
        return False
    return name == "localhost" or name.endswith(".localhost") or name == served.lower() or _is_address(name)


def origin_is_ours(origin: str | None, *, host: str | None) -> bool:
    """Whether the page that opened a connection is this one: browsers always say which page it was.

    Args:
        origin: the Origin header.
        host: the Host header.

    Returns:
        whether both name the same host and port.
    """
    if origin is None or host is None:
        return False
    scheme, _, authority = origin.partition("://")
    return scheme in {"http", "https"} and authority.lower() == host.lower()


def _name_of(host: str | None) -> str | None:
    try:
        return urlsplit(f"//{host}").hostname if host else None
    except ValueError:
        return None


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def guarded(*, served: str) -> Middleware:
    """A middleware that refuses foreign hosts and puts the protective headers on every answer.

    Args:
        served: the HOST setting.
    """

    @web.middleware
    async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.path not in OPEN_PATHS and not host_is_ours(request.headers.get("Host"), served=served):
            return web.Response(status=421, text="This host is not served here.\n", headers=HEADERS)
        try:
            response = await handler(request)
        except web.HTTPException as error:
            error.headers.update(HEADERS)
            raise
        if not response.prepared:
            response.headers.update(HEADERS)
        return response

    return guard


class Pace:
    """How fast one connection may ask: a token bucket.

    Args:
        burst: how many requests may come at once.
        each_second: how many are regained in a second.
        now: seconds on a clock that only goes forward.
    """

    def __init__(self, *, burst: int, each_second: float, now: Callable[[], float]) -> None:
        self._burst = float(burst)
        self._each_second = each_second
        self._now = now
        self._left = float(burst)
        self._seen = now()

    def allows(self) -> bool:
        """Whether one more request may be carried out now; counts it if so."""
        moment = self._now()
        self._left = min(self._burst, self._left + (moment - self._seen) * self._each_second)
        self._seen = moment
        if self._left < 1:
            return False
        self._left -= 1
        return True
