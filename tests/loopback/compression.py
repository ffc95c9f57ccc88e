"""Transport compression of the gateway: none, zlib-stream or, where Python can, zstd-stream."""

from __future__ import annotations

import importlib
import zlib
from typing import Any, Protocol


class Compressor(Protocol):
    """Turns one gateway message into what goes over the wire, remembering what went before."""

    def __call__(self, text: str) -> str | bytes:
        """Return a text frame or a binary one."""


def compressor_for(asked: str | None) -> Compressor | None:
    """Return the compressor that a client asks for with `compress=` in the gateway's address.

    Args:
        asked: the value in the query string.

    Returns:
        the compressor; none if it is unknown or cannot be had in this Python.
    """
    if asked is None:
        return lambda text: text
    if asked == "zlib-stream":
        return _zlib_stream()
    if asked == "zstd-stream":
        return _zstd_stream()
    return None


def _zlib_stream() -> Compressor:
    stream = zlib.compressobj()

    def compress(text: str) -> bytes:
        return stream.compress(text.encode()) + stream.flush(zlib.Z_SYNC_FLUSH)

    return compress


def _zstd_stream() -> Compressor | None:
    try:
        zstd: Any = importlib.import_module("compression.zstd")
    except ImportError:
        return None
    stream = zstd.ZstdCompressor()

    def compress(text: str) -> bytes:
        compressed: bytes = stream.compress(text.encode(), mode=stream.FLUSH_BLOCK)
        return compressed

    return compress
