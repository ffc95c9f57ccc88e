"""What holds for whole families, as a list tells it."""

from __future__ import annotations

import pytest

from bot.errors import RulebookError
from bot.moderation.listing import family_statuses
from bot.proof import Proven
from bot.rulebook.model import Status


@pytest.mark.parametrize(
    ("text", "colds", "safe"),
    [
        # One rule of the second family is in shadow in the base.
        ("", Status.LIVE, None),
        ("families: {cold-relief: off}", Status.OFF, None),
        ("families: {cold-relief: shadow, garlic-safe: live}", Status.SHADOW, Status.LIVE),
        ("rules: {garlic-cures-colds: {status: off}}", Status.LIVE, None),
    ],
)
def test_a_family_has_one_status_where_it_has_one(
    base: Proven, text: str, colds: Status, safe: Status | None
) -> None:
    statuses = family_statuses(text, base.loaded.rulebook)
    assert statuses == {"cold-relief": colds, "garlic-safe": safe}


def test_changes_with_faults_are_refused(base: Proven) -> None:
    with pytest.raises(RulebookError, match="famlies"):
        family_statuses("famlies: {}", base.loaded.rulebook)
