"""The numbers of the room's statistics as a file to download."""

from __future__ import annotations

from aiohttp import web

from bot.errors import StoreError
from bot.statistics.report import as_csv
from bot.studio.figures import Bookkeeper, asked_in
from bot.studio.requests import RequestError


async def answer_numbers(request: web.Request, books: Bookkeeper) -> web.Response:
    """Answer a request for the numbers as CSV.

    Args:
        request: the request; its query may name `weeks` and `family`.
        books: looks them up.

    Raises:
        HTTPBadRequest: it asks for something that there is not; the text says what to ask instead.
        HTTPServiceUnavailable: the store failed.
    """
    try:
        statistics = await books.look_up(asked_in(request.query))
    except RequestError as error:
        raise web.HTTPBadRequest(text=f"{error}\n") from error
    except StoreError as error:
        raise web.HTTPServiceUnavailable(text=f"{error}\n") from error
    return web.Response(
        text=as_csv(statistics),
        content_type="text/csv",
        headers={"Cache-Control": "no-store", "Content-Disposition": 'attachment; filename="statistics.csv"'},
    )
