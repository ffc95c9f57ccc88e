from __future__ import annotations

import pytest

from .browser import chromium


@pytest.mark.parametrize(
    ("required", "ends"), [("", pytest.skip.Exception), ("1", pytest.fail.Exception)], ids=["skips", "fails"]
)
def test_without_chromium_the_page_is_left_out_unless_it_is_required(
    monkeypatch: pytest.MonkeyPatch, required: str, ends: type[BaseException]
) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setenv("CAVEAT_REQUIRE_BROWSER", required)
    with pytest.raises(ends, match="no Chromium on this machine"):
        chromium()
