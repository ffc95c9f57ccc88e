from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.errors import Fault, StoreError
from bot.replies.model import SpeakingSettings

from .conftest import Place, Serve


@dataclass
class Connection:
    is_ready: bool
    latency: float | None


async def health(place: Place) -> tuple[int, dict[str, Any]]:
    async with place.http.get(place.url + "healthz") as response:
        assert response.headers["Cache-Control"] == "no-store"
        return response.status, await response.json()


async def test_a_sound_program(place: Place) -> None:
    rulebook = place.checker.rulebook.source
    assert await health(place) == (
        200,
        {
            "ok": True,
            "rulebook": {"digest": rulebook.digest, "rules": len(rulebook.rules), "faults": 0},
            "store": "reachable",
            "discord": {"state": "not used", "latency_ms": None},
        },
    )


@pytest.mark.parametrize(
    ("connection", "status", "shown"),
    [
        (Connection(True, 0.0421), 200, {"state": "connected", "latency_ms": 42.1}),
        (Connection(True, None), 200, {"state": "connected", "latency_ms": None}),
        (Connection(False, 0.1), 503, {"state": "not connected", "latency_ms": None}),
    ],
)
async def test_discord(serve: Serve, connection: Connection, status: int, shown: dict[str, Any]) -> None:
    async with serve(with_room=False, discord=connection) as place:
        got, told = await health(place)
    assert got == status
    assert told["discord"] == shown
    assert told["ok"] is (status == 200)


async def test_a_broken_folder_is_told_and_is_no_illness(place: Place) -> None:
    place.studio.report_faults([Fault(Path("claims/x.yaml"), 1, 1, "wrong.")] * 2)
    status, told = await health(place)
    assert (status, told["rulebook"]["faults"]) == (200, 2)
    place.studio.report_rulebook(place.checker.rulebook.source)
    assert (await health(place))[1]["rulebook"]["faults"] == 0


async def test_a_store_that_fails(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fails(server: str) -> SpeakingSettings:
        raise StoreError(f"no settings of {server}")

    monkeypatch.setattr(place.checker, "settings_of", fails)
    status, told = await health(place)
    assert (status, told["ok"], told["store"]) == (503, False, "unreachable")


async def test_a_store_that_never_answers(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.studio.health.PATIENCE", 0.0)
    status, told = await health(place)
    assert (status, told["store"]) == (503, "unreachable")
