"""The whole bot as a process of its own, with a watch on its event loop; started by `throughput.py`.

Settings come from the environment, as for `caveat-bot run`. When it is told to stop (SIGTERM) it writes one
JSON object to standard output: how long its event loop was late, in milliseconds.
"""

from __future__ import annotations

import asyncio
import json
import sys
from contextlib import suppress
from time import perf_counter

from bot.app import run
from bot.logs import start_logging
from bot.settings import load_settings

EVERY = 0.005
"""How often the event loop is asked to wake, in seconds."""


async def _watch(late: list[tuple[float, float]]) -> None:
    while True:
        started = perf_counter()
        await asyncio.sleep(EVERY)
        now = perf_counter()
        late.append((now, (now - started - EVERY) * 1e3))


async def _main() -> None:
    settings = load_settings()
    start_logging(level=settings.log_level, form=settings.log_format)
    late: list[tuple[float, float]] = []
    watching = asyncio.create_task(_watch(late))
    try:
        await run(settings, announce=lambda _: None)
    finally:
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching
        json.dump({"late": late}, sys.stdout)


if __name__ == "__main__":
    asyncio.run(_main())
