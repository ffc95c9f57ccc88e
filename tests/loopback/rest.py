"""The way of a REST request: read, fail as scripted, authorise, limit, validate, answer, record."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aiohttp import BodyPartReader, web

from tests.loopback.faults import Fault
from tests.loopback.problems import ApiError, invalid_form, not_found, unauthorized, unknown
from tests.loopback.recording import Recorded, Violation

if TYPE_CHECKING:
    from tests.loopback.checks import Check
    from tests.loopback.places import Channel
    from tests.loopback.server import LoopbackDiscord

MAJOR = ("channel_id", "guild_id", "webhook_id", "interaction_id")
"""The parameters that part one rate-limit bucket from another."""


@dataclass(frozen=True, slots=True)
class UploadedFile:
    """A file that came with a request."""

    field: str
    name: str
    content: bytes
    kind: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What a route answers: a body, or nothing with status 204."""

    body: Any = None
    status: int = 200


@dataclass(slots=True)
class Call:
    """A request as a route gets it."""

    discord: LoopbackDiscord
    parameters: dict[str, str]
    query: dict[str, str]
    body: Any = None
    files: list[UploadedFile] = field(default_factory=list)

    def number(self, name: str) -> int:
        """Return a parameter that is an id.

        Raises:
            ApiError: it is not a number.
        """
        text = self.parameters[name]
        if not re.fullmatch(r"\d{1,20}", text):
            fault = ("NUMBER_TYPE_COERCE", f'Value "{text}" is not snowflake.')
            raise invalid_form({(name,): [fault]})
        return int(text)

    def channel(self) -> Channel:
        """Return the channel that the path names.

        Raises:
            ApiError: there is none.
        """
        channel = self.discord.world.channels.get(self.number("channel_id"))
        if channel is None:
            raise unknown("Channel")
        return channel


Handler = Callable[[Call], Awaitable[Answer]]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A route.

    Args:
        method: its method.
        route: its pattern, without the address of the API.
        handler: answers it.
        check: finds what is wrong with a body.
        needs_token: whether only the bot may use it.
    """

    method: str
    route: str
    handler: Handler
    check: Check | None = None
    needs_token: bool = True


class RestApi:
    """Serves endpoints.

    Args:
        discord: the loopback Discord they belong to.
    """

    def __init__(self, discord: LoopbackDiscord) -> None:
        self._discord = discord

    def add_to(self, app: web.Application, endpoints: list[Endpoint], *, prefix: str) -> None:
        """Add routes to an application, and a last one that answers 404 to everything else."""
        for endpoint in endpoints:
            app.router.add_route(endpoint.method, prefix + endpoint.route, self._serving(endpoint))
        missing = Endpoint("*", "/{rest:.*}", _no_such_route)
        app.router.add_route("*", prefix + missing.route, self._serving(missing))

    def _serving(self, endpoint: Endpoint) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def serve(request: web.Request) -> web.StreamResponse:
            return await self._serve(endpoint, request)

        return serve

    async def _serve(self, endpoint: Endpoint, request: web.Request) -> web.StreamResponse:
        path = request.path.removeprefix(self._discord.prefix)
        body, files = await _read(request)
        call = Call(self._discord, dict(request.match_info), dict(request.query), body, files)
        fault = self._discord.faults.next_for(request.method, endpoint.route, path)
        headers = {"Via": "1.1 loopback"}
        if fault is not None and fault.delay:
            await asyncio.sleep(fault.delay)
        if fault is not None and fault.status is not None and not fault.performed:
            answer = _failed(fault, headers)
        else:
            answer = await self._answer(endpoint, call, request, headers)
            if fault is not None and fault.performed:
                answer = _failed(fault, headers)
        names = tuple(file.name for file in files)
        moment = self._discord.world.now()
        self._discord.recorder.add(
            Recorded(
                request.method,
                endpoint.route,
                path,
                call.query,
                body,
                names,
                answer.status,
                answer.body,
                moment,
            )
        )
        if fault is not None and fault.cut and request.transport is not None:
            request.transport.abort()
        return _written(answer, headers)

    async def _answer(
        self, endpoint: Endpoint, call: Call, request: web.Request, headers: dict[str, str]
    ) -> Answer:
        try:
            if endpoint.needs_token and request.headers.get("Authorization") != f"Bot {self._discord.token}":
                raise unauthorized()
            limited = self._limit(endpoint, call, request.method, headers)
            if limited is not None:
                return limited
            self._validate(endpoint, call)
            return await endpoint.handler(call)
        except ApiError as error:
            if error.is_avoidable:
                self._blame(endpoint, call, error)
            return Answer(error.body(), error.status)

    def _limit(self, endpoint: Endpoint, call: Call, method: str, headers: dict[str, str]) -> Answer | None:
        major = "/".join(call.parameters[name] for name in MAJOR if name in call.parameters)
        allowance = self._discord.rate_limits.take(
            f"{method} {endpoint.route}",
            major,
            now=asyncio.get_running_loop().time(),
            epoch=self._discord.world.now().timestamp(),
        )
        headers.update(allowance.headers)
        if allowance.passes:
            return None
        return _failed(Fault(endpoint.route, 429, retry_after=allowance.retry_after), headers)

    def _validate(self, endpoint: Endpoint, call: Call) -> None:
        if endpoint.check is None and call.body is None:
            return
        if isinstance(call.body, str):
            raise ApiError(400, 50109, "The request body contains invalid JSON.")
        faults = endpoint.check(call.body) if endpoint.check is not None else {}
        if not faults and self._discord.schema is not None:
            faults = self._discord.schema.faults(endpoint.method, endpoint.route, call.body)
        if faults:
            raise invalid_form(faults)

    def _blame(self, endpoint: Endpoint, call: Call, error: ApiError) -> None:
        key = f"{endpoint.method} {endpoint.route}"
        for where, message in error.places():
            self._discord.violations.append(Violation(key, where, message, call.body))


async def _no_such_route(call: Call) -> Answer:
    call.discord.recorder.violations.append(
        Violation("*", call.parameters["rest"], "the loopback knows no such route", call.body)
    )
    raise not_found()


def _failed(fault: Fault, headers: dict[str, str]) -> Answer:
    headers.update(fault.headers())
    return Answer(fault.body(), fault.status or 500)


def _written(answer: Answer, headers: dict[str, str]) -> web.Response:
    if answer.body is None:
        return web.Response(status=204 if answer.status == 200 else answer.status, headers=headers)
    content = json.dumps(answer.body).encode()
    return web.Response(body=content, status=answer.status, headers=headers, content_type="application/json")


async def _read(request: web.Request) -> tuple[Any, list[UploadedFile]]:
    if request.content_type.startswith("multipart/"):
        return await _read_multipart(request)
    content = await request.read()
    if not content:
        return None, []
    try:
        return json.loads(content), []
    except ValueError:
        return content.decode(errors="replace"), []


async def _read_multipart(request: web.Request) -> tuple[Any, list[UploadedFile]]:
    body: Any = None
    files: list[UploadedFile] = []
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader):
            continue
        content = bytes(await part.read(decode=True))
        if part.name == "payload_json":
            body = json.loads(content)
        else:
            kind = part.headers.get("Content-Type", "application/octet-stream")
            files.append(UploadedFile(part.name or "", part.filename or "", content, kind))
    return body, files
