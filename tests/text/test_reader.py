"""Whole messages: what they come to, and what holds for every message."""

from __future__ import annotations

import pytest

from bot.text.reader import read


@pytest.mark.parametrize(
    ("raw", "texts"),
    [
        ("", []),
        ("   \n ", []),
        ("kratom totally cured my migraines", ["kratom", "totally", "cured", "my", "migraines"]),
        ("Don't STOP", ["dont", "stop"]),
        ("don’t stop", ["dont", "stop"]),
        ("Kratom's lab-tested", ["kratoms", "lab", "tested"]),
        ("kratom/kava", ["kratom", "kava"]),
        ("7-OH and 7-hydroxymitragynine, 7oh", ["7oh", "and", "7hydroxymitragynine", "7oh"]),
        ("k r a t o m", ["kratom"]),
        ("k  r a t o m", ["kratom"]),
        ("my k r a t o m  c u r e s  p a i n", ["my", "kratom", "cures", "pain"]),
        ("d.o.t.t.e.d k-r-a-t-o-m k_r_a_t_o_m k*r*a*t*o*m", ["dotted", "kratom", "kratom", "kratom"]),
        ("a b c", ["a", "b", "c"]),
        ("kr*tom kra***tom **kra**tom", ["krtom", "kratom", "kratom"]),
    ],
)
def test_canonical_texts(raw: str, texts: list[str]) -> None:
    assert [token.text for token in read(raw).tokens] == texts
