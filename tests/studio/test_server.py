from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiohttp import ClientSession, WSServerHandshakeError

from bot.errors import StudioError
from bot.studio.pages import FOLDER, TYPES, read_page

from .conftest import Place, Serve

FILES = sorted(path.name for path in FOLDER.iterdir())


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as other:
        yield int(other.getsockname()[1])


@pytest.mark.parametrize("name", ["", *FILES])
async def test_every_file_of_the_page_is_served_with_its_type_and_guards(place: Place, name: str) -> None:
    async with place.http.get(place.url + name) as response:
        assert response.status == 200
        assert response.headers["Content-Type"] == TYPES[Path(name or "index.html").suffix]
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Referrer-Policy"] == "no-referrer"
        policy = response.headers["Content-Security-Policy"].split("; ")
        assert {"default-src 'none'", "frame-ancestors 'none'", "script-src 'self'", "style-src 'self'"} <= {
            *policy
        }
        assert "unsafe" not in response.headers["Content-Security-Policy"]
        tag = response.headers["ETag"]
    async with place.http.get(place.url + name, headers={"If-None-Match": tag}) as response:
        assert response.status == 304
        assert await response.read() == b""


@pytest.mark.parametrize("name", FILES)
def test_the_page_takes_nothing_from_elsewhere(name: str) -> None:
    text = (FOLDER / name).read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
    assert "http://" not in text
    assert "https://" not in text
    assert "innerHTML" not in text
    assert "style=" not in text


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "nothing.js", 404),
        ("GET", "page/index.html", 404),
        ("GET", "%2e%2e/server.py", 404),
        ("GET", "..%2fserver.py", 404),
        ("GET", "server.py", 404),
        ("POST", "", 405),
        ("POST", "live", 405),
        ("DELETE", "healthz", 405),
        ("GET", "live", 403),
    ],
)
async def test_everything_else_is_refused_with_the_same_guards(
    place: Place, method: str, path: str, status: int
) -> None:
    async with place.http.request(method, place.url + path) as response:
        assert response.status == status
        assert "Content-Security-Policy" in response.headers


@pytest.mark.parametrize(
    ("path", "status"), [("", 421), ("main.js", 421), ("live", 421), ("healthz", 200), ("metrics", 200)]
)
async def test_a_rebound_name_gets_no_room(place: Place, path: str, status: int) -> None:
    async with place.http.get(place.url + path, headers={"Host": "rebound.example:8080"}) as response:
        assert response.status == status


@pytest.mark.parametrize("origin", [None, "null", "http://elsewhere.example", "http://localhost:1"])
async def test_a_foreign_page_may_not_join(place: Place, origin: str | None) -> None:
    headers = {} if origin is None else {"Origin": origin}
    with pytest.raises(WSServerHandshakeError) as caught:
        await place.http.ws_connect(place.url + "live", headers=headers)
    assert caught.value.status == 403


async def test_without_the_room_only_health_and_metrics_are_served(serve: Serve) -> None:
    async with serve(with_room=False) as place:
        statuses = {}
        for path in ("", "main.js", "live", "statistics.csv", "healthz", "metrics"):
            async with place.http.get(place.url + path) as response:
                statuses[path] = response.status
        place.studio.report_faults([])
        place.studio.report_rulebook(place.checker.rulebook.source)
    closed = dict.fromkeys(("", "main.js", "live", "statistics.csv"), 404)
    assert statuses == closed | {"healthz": 200, "metrics": 200}


async def test_a_taken_port_is_told_in_one_sentence(serve: Serve, taken_port: int) -> None:
    with pytest.raises(StudioError, match=r"another program has that port; set PORT") as caught:
        async with serve(port=taken_port):
            pass
    assert str(taken_port) in str(caught.value)
    assert "\n" not in str(caught.value)
    assert caught.value.exit_code == 69


@pytest.mark.parametrize(
    ("host", "says"),
    [
        ("192.0.2.1", "this machine has no such address; set HOST to 127.0.0.1"),
        ("no.such.name.invalid", "HOST is no address or name of this machine"),
        ("a" * 70 + ".invalid", "HOST is no address or name of this machine"),
        ("nul\0l", "HOST is no address or name of this machine"),
        (" ", "HOST is empty"),
    ],
)
async def test_an_address_that_cannot_be_served_is_told_in_one_sentence(
    serve: Serve, host: str, says: str
) -> None:
    with pytest.raises(StudioError, match=says) as caught:
        async with serve(host=host):
            pass
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("host", "shown"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("0.0.0.0", "localhost"),  # noqa: S104 - as in a container
        ("localhost", "localhost"),
    ],
)
async def test_the_url_can_be_opened(serve: Serve, host: str, shown: str) -> None:
    async with serve(host=host) as place:
        assert place.url.startswith(f"http://{shown}:")
        async with place.http.get(place.url) as response:
            assert response.status == 200


async def test_the_port_is_free_again_afterwards(serve: Serve) -> None:
    async with serve() as place:
        port = int(place.url.rstrip("/").rsplit(":", 1)[1])
        async with place.page() as page:
            await page.say("hello")
    async with serve(port=port) as place, ClientSession() as session, session.get(place.url) as response:
        assert response.status == 200


def test_a_page_without_its_files_is_a_studio_error(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "missing"):
        with pytest.raises(StudioError, match="install the program anew"):
            read_page(folder)
