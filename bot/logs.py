"""How the program logs: one line an event on standard error, as text or as JSON. Never a member's words."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Literal


class JsonFormatter(logging.Formatter):
    """One JSON object a line: at, level, logger, message, and the traceback where there is one."""

    def format(self, record: logging.LogRecord) -> str:
        """Put one record on one line."""
        entry = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            entry["traceback"] = self.formatException(record.exc_info)
        return json.dumps(entry)


def start_logging(*, level: str, form: Literal["text", "json"]) -> None:
    """Send the log to standard error.

    The libraries that speak much (discord.py, aiohttp) are heard from warnings on, and fully at `debug`.

    Args:
        level: debug, info, warning or error.
        form: text for people, json for a log collector.
    """
    handler = logging.StreamHandler(sys.stderr)
    if form == "json":
        handler.setFormatter(JsonFormatter())
    else:
        handler.setFormatter(
            logging.Formatter(
                "%(asctime)s %(levelname)-7s %(name)s: %(message)s", datefmt="%Y-%m-%d %H:%M:%S"
            )
        )
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    if level != "debug":
        for chatty in ("discord", "aiohttp", "watchfiles"):
            logging.getLogger(chatty).setLevel(max(logging.WARNING, logging.getLogger().level))
