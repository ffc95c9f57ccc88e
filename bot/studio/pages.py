"""The files of the page, read once and served from memory: no path of a request ever reaches the disk."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from aiohttp import web
from msgspec import Struct

from bot.errors import StudioError

FOLDER = Path(__file__).parent / "page"
"""Where the page lies."""

TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
"""What is served, and as what. Other files in the folder are not."""


class PageFile(Struct, frozen=True):
    """A file of the page.

    Args:
        content: its bytes.
        kind: its content type.
        tag: its entity tag, so that an unchanged file is not sent again.
    """

    content: bytes
    kind: str
    tag: str


def read_page(folder: Path = FOLDER) -> Mapping[str, PageFile]:
    """Read the page.

    Args:
        folder: where it lies.

    Returns:
        for each path below the root ("" for the page itself), its file.

    Raises:
        StudioError: the files cannot be read.
    """
    try:
        files = {path.name: _page_file(path) for path in sorted(folder.iterdir()) if path.suffix in TYPES}
        return {**files, "": files["index.html"]}
    except (OSError, KeyError) as error:
        raise StudioError(f"the page's files in {folder} cannot be read; install the program anew") from error


def _page_file(path: Path) -> PageFile:
    content = path.read_bytes()
    return PageFile(content, TYPES[path.suffix], f'"{hashlib.sha256(content).hexdigest()[:20]}"')


def answer(request: web.Request, files: Mapping[str, PageFile]) -> web.Response:
    """Answer a request for one of the files.

    Args:
        request: the request.
        files: what `read_page` gave.

    Raises:
        HTTPNotFound: there is no such file.
    """
    file = files.get(request.match_info["name"])
    if file is None:
        raise web.HTTPNotFound(text="There is nothing here.\n")
    headers = {"ETag": file.tag, "Cache-Control": "no-cache", "Content-Type": file.kind}
    if file.tag in request.headers.get("If-None-Match", ""):
        return web.Response(status=304, headers=headers)
    return web.Response(body=file.content, headers=headers)
