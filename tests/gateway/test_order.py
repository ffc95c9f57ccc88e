"""Work is done room by room, in order; nothing that goes wrong stops what comes after."""

from __future__ import annotations

import asyncio
import logging

import pytest

from bot.gateway.order import InOrder, Work


class Diary:
    """Notes what was done, and lets a piece of work wait for its gate."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.gate = asyncio.Event()

    def work(self, name: str, *, waits: bool = False) -> Work:
        async def run() -> None:
            if waits:
                await self.gate.wait()
            self.done.append(name)

        return run


async def test_one_room_keeps_its_order_while_another_goes_on() -> None:
    order, diary = InOrder(), Diary()
    order.put(1, diary.work("first", waits=True))
    order.put(1, diary.work("second"))
    order.put(2, diary.work("elsewhere"))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert diary.done == ["elsewhere"]
    diary.gate.set()
    assert await order.finish(seconds=30) == 0
    assert diary.done == ["elsewhere", "first", "second"]


async def test_a_room_takes_work_again_after_it_was_idle() -> None:
    order, diary = InOrder(), Diary()
    order.put(1, diary.work("first"))
    for _ in range(5):
        await asyncio.sleep(0)
    assert diary.done == ["first"]
    order.put(1, diary.work("second"))
    await order.finish(seconds=30)
    assert diary.done == ["first", "second"]


async def test_too_much_is_refused_but_what_must_be_done_is_taken() -> None:
    order, diary = InOrder(limit=2), Diary()
    taken = [order.put(1, diary.work(str(number), waits=True)) for number in range(4)]
    assert taken == [True, True, False, False]
    assert order.put(1, diary.work("deletion"), must=True)
    diary.gate.set()
    await order.finish(seconds=30)
    assert diary.done == ["0", "1", "deletion"]


async def test_work_that_fails_is_logged_and_the_next_is_done(caplog: pytest.LogCaptureFixture) -> None:
    order, diary = InOrder(), Diary()

    async def fail() -> None:
        raise LookupError("broken")

    order.put(7, fail)
    order.put(7, diary.work("next"))
    with caplog.at_level(logging.ERROR):
        await order.finish(seconds=30)
    assert diary.done == ["next"]
    assert [record.getMessage() for record in caplog.records] == ["channel 7: a message could not be handled"]


async def test_what_does_not_end_is_given_up_and_nothing_new_is_taken() -> None:
    order, diary = InOrder(), Diary()
    order.put(1, diary.work("stuck", waits=True))
    order.put(2, diary.work("done"))
    assert await order.finish(seconds=0.01) == 1
    assert diary.done == ["done"]
    assert not order.put(3, diary.work("late"), must=True)


async def test_finishing_waits_for_answers_beside_the_rooms() -> None:
    order, diary = InOrder(), Diary()

    async def answer() -> None:
        with order.beside():
            await diary.gate.wait()
            diary.done.append("answered")

    answering = asyncio.create_task(answer())
    await asyncio.sleep(0)
    finishing = asyncio.create_task(order.finish(seconds=30))
    await asyncio.sleep(0)
    assert not finishing.done()
    diary.gate.set()
    assert await finishing == 0
    assert diary.done == ["answered"]
    await answering
