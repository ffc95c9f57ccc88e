"""Packed rows are the rows they were made of."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rulebook.rows import Rows

NUMBERS = st.floats(allow_nan=False, allow_infinity=False)


@given(st.dictionaries(st.text(), st.lists(NUMBERS).map(tuple)))
def test_every_row_is_given_back(rows: dict[str, tuple[float, ...]]) -> None:
    packed = Rows.of(rows)
    assert packed == rows
    assert list(packed) == list(rows)
    assert len(packed) == len(rows)
    assert Rows(*packed.packed) == packed


def test_there_is_no_row_of_another_name() -> None:
    packed = Rows.of({"w=tea": (1.0, 0.0, 0.5)})
    assert "w=tea" in packed
    assert "w=coffee" not in packed
    assert packed.get("w=coffee") is None
    with pytest.raises(KeyError):
        packed["w=coffee"]
