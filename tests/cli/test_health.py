"""`caveat-bot health`, asked of servers that are well, unwell, silent or something else."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from bot.cli.health import UnwellError, ask, health_address
from bot.errors import SettingsError
from bot.settings import Settings

HEALTH = {
    "ok": True,
    "rulebook": {"digest": "0", "rules": 60, "faults": 0},
    "store": "reachable",
    "discord": {"state": "not used", "latency_ms": None},
}


@contextmanager
def answering(status: int, body: bytes) -> Iterator[str]:
    """Serve one answer to whoever asks, on a free port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/healthz"
        server.shutdown()
        thread.join()


def test_a_bot_that_is_well() -> None:
    with answering(200, json.dumps(HEALTH).encode()) as address:
        assert ask(address) == "well: 60 rules, store reachable, Discord not used"


def test_faults_in_the_folder_are_told() -> None:
    faulty = {**HEALTH, "rulebook": {"digest": "0", "rules": 60, "faults": 2}}
    with answering(200, json.dumps(faulty).encode()) as address:
        assert "60 rules (2 faults in their folder" in ask(address)


def test_a_bot_that_is_not_well() -> None:
    unwell = {**HEALTH, "ok": False, "store": "unreachable"}
    with (
        answering(503, json.dumps(unwell).encode()) as address,
        pytest.raises(UnwellError, match=r"not well: .* store unreachable"),
    ):
        ask(address)


@pytest.mark.parametrize(
    ("status", "body"), [(200, b"<html>"), (404, b"Not found"), (200, b"[]"), (200, b"{}")]
)
def test_something_else_that_answers(status: int, body: bytes) -> None:
    with answering(status, body) as address, pytest.raises(UnwellError, match="is not this bot"):
        ask(address)


def test_nobody_answers() -> None:
    with answering(200, b"") as address:
        pass
    with pytest.raises(UnwellError, match="no bot answers"):
        ask(address)


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:8080/healthz"),
        ("0.0.0.0", "http://127.0.0.1:8080/healthz"),  # noqa: S104
        ("::", "http://[::1]:8080/healthz"),
        ("::1", "http://[::1]:8080/healthz"),
        ("bot.example.org", "http://bot.example.org:8080/healthz"),
    ],
)
def test_where_it_asks(host: str, address: str) -> None:
    assert health_address(Settings(host=host, port=8080)) == address


def test_a_port_that_the_bot_chose_is_not_known() -> None:
    with pytest.raises(SettingsError, match="set PORT"):
        health_address(Settings(port=0))
