"""What members type for a message: links in all of Discord's forms, ids, and anything else."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.gateway.lookup import place_of


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ("https://discord.com/channels/1/2/3", (1, 2, 3)),
        ("  <https://discord.com/channels/1/2/3>  ", (1, 2, 3)),
        ("https://ptb.discord.com/channels/1/2/3", (1, 2, 3)),
        ("https://canary.discord.com/channels/1/2/3/", (1, 2, 3)),
        ("https://discordapp.com/channels/1/2/3", (1, 2, 3)),
        ("123456789012345678", (7, 8, 123456789012345678)),
        ("12", None),
        ("https://discord.com/channels/@me/2/3", None),
        ("https://discord.com.example.org/channels/1/2/3", None),
        ("https://discord.com/channels/1/2", None),
        ("look: https://discord.com/channels/1/2/3", None),
    ],
)
def test_links_and_ids_are_told_from_the_rest(typed: str, place: tuple[int, int, int] | None) -> None:
    assert place_of(typed, server=7, room=8) == place


@settings(max_examples=200, deadline=None)
@given(typed=st.text(max_size=200) | st.from_regex(r"https://discord\.com/channels/.{0,80}"))
def test_nothing_typed_is_an_error(typed: str) -> None:
    place = place_of(typed, server=7, room=8)
    assert place is None or all(number >= 0 for number in place)
