"""The collector rests as long as anybody needs it to, and is then as it was."""

from __future__ import annotations

import gc

import pytest

from bot.collector import pass_over, resting


def test_it_rests_until_the_last_one_is_done() -> None:
    with resting():
        with resting():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


def test_it_goes_on_after_an_error() -> None:
    with pytest.raises(ValueError, match="x"), resting():
        raise ValueError("x")
    assert gc.isenabled()


def test_one_that_was_off_stays_off() -> None:
    gc.disable()
    try:
        with resting():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_what_lives_is_passed_over() -> None:
    try:
        pass_over()
        assert gc.get_freeze_count() > 0
    finally:
        gc.unfreeze()
