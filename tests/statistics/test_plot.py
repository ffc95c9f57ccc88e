"""The picture: of the right size, not empty, readable, and drawn only where matplotlib is."""

from __future__ import annotations

import struct
import subprocess
import sys
from datetime import timedelta
from io import BytesIO
from itertools import combinations

import pytest
from matplotlib.colors import to_rgb
from matplotlib.image import imread

from bot.plotting import PlotError, can_plot
from bot.statistics.plot import FAINT, GROUND, INK, LOOKS, VOTE_LOOKS, draw
from bot.statistics.table import tabulate
from bot.store.model import KeptCount
from tests.statistics.samples import LAST, statistics


def colours_in(picture: bytes) -> set[tuple[int, ...]]:
    """Every colour that at least 300 dots have."""
    dots = (imread(BytesIO(picture), format="png")[..., :3] * 255).round().astype(int).reshape(-1, 3)
    counts: dict[tuple[int, ...], int] = {}
    for dot in map(tuple, dots.tolist()):
        counts[dot] = counts.get(dot, 0) + 1
    return {dot for dot, count in counts.items() if count >= 300}


def rgb(colour: str) -> tuple[int, ...]:
    return tuple(round(part * 255) for part in to_rgb(colour))


def luminance(colour: str) -> float:
    """Relative luminance, as WCAG 2 defines it."""
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in to_rgb(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_the_picture_has_its_size_and_shows_what_happened() -> None:
    picture = draw(statistics(), title="Caveat bot, 3 weeks")
    assert picture.startswith(b"\x89PNG\r\n")
    assert struct.unpack(">II", picture[16:24]) == (1500, 1125)
    # Two families with replies or holds, all of the votes, letters, and the ground.
    expected = {
        rgb(LOOKS[0][0]),
        rgb(LOOKS[1][0]),
        rgb(VOTE_LOOKS["not-what-i-said"][0]),
        rgb(INK),
        rgb(GROUND),
    }
    assert expected <= colours_in(picture)


@pytest.mark.parametrize("weeks", [1, 104])
def test_where_nothing_happened_there_are_axes_and_no_bars(weeks: int) -> None:
    picture = draw(tabulate((), last=LAST, weeks=weeks), title="nothing")
    assert rgb(FAINT) in colours_in(picture)
    assert rgb(LOOKS[-1][0]) not in colours_in(picture)


def test_many_families_are_drawn_together() -> None:
    counts = [
        KeptCount(LAST - timedelta(weeks=week), f"family-{name:02}", kind, "", 40 - name)
        for name in range(30)
        for week in range(104)
        for kind in ("reply", "voted")
    ]
    assert {rgb(colour) for colour, _ in LOOKS} <= colours_in(
        draw(tabulate(counts, last=LAST, weeks=6), title="$")
    )


def test_letters_and_bars_stand_out_from_the_ground() -> None:
    assert contrast(INK, GROUND) > 7
    assert [colour for colour, _ in (*LOOKS, *VOTE_LOOKS.values()) if contrast(colour, GROUND) < 3] == []


def test_bars_differ_by_more_than_their_colour() -> None:
    assert len({hatch for _, hatch in LOOKS[:-1]}) == len(LOOKS) - 1
    assert len({hatch for _, hatch in VOTE_LOOKS.values()}) == len(VOTE_LOOKS)
    assert all(one != other for one, other in combinations([colour for colour, _ in LOOKS], 2))


def test_without_matplotlib_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    assert can_plot()
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    assert not can_plot()
    with pytest.raises(PlotError, match="caveat-bot\\[evaluate\\]"):
        draw(statistics(), title="a")


def test_matplotlib_is_imported_only_to_draw() -> None:
    program = "import sys, bot.app, bot.gateway.client, bot.cli.stats; print('matplotlib' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True)
    assert told.stdout == "False\n"
