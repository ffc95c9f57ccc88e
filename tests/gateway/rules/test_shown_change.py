"""What is refused, as it is shown: within Discord's limits, whatever was typed and however much is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import Fault
from bot.gateway.rendering import MESSAGE_LIMIT, length
from bot.gateway.rules.shown_change import refusal_said
from bot.moderation.model import Refusal

RULE = Path("rule.yaml")
faults = st.builds(
    Fault,
    st.sampled_from([RULE, Path("command"), Path("claims/colds.yaml")]),
    st.integers(1, 12),
    st.integers(1, 400),
    st.text(min_size=1, max_size=1500),
    st.text(max_size=1500),
)


@given(st.lists(faults, min_size=1, max_size=12), st.text(max_size=3000))
async def test_any_faults_in_any_text_fit_and_close_their_blocks(found: list[Fault], typed: str) -> None:
    said = refusal_said(Refusal("s1", tuple(found)), typed=typed, seen=None)
    assert length(said.text) <= MESSAGE_LIMIT
    assert said.text.count("```") % 2 == 0


@pytest.mark.parametrize(("count", "untold"), [(1, None), (4, None), (9, "… and 5 more")])
async def test_faults_that_are_not_shown_are_counted(count: int, untold: str | None) -> None:
    found = tuple(Fault(RULE, 1, column, "wrong") for column in range(1, count + 1))
    said = refusal_said(Refusal("s1", found), typed="- id: x", seen=None)
    assert (untold in said.text) if untold else ("more" not in said.text)
