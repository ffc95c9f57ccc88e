"""The bank of ordinary chat: shipped, large enough, and left in peace by the shipped rules."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import RulebookError
from bot.moderation.ordinary import BANK_FILE, OrdinaryChat, load_ordinary_chat
from bot.proof import prove
from bot.shipped import rules_file, rules_folder


@pytest.fixture(scope="module")
def shipped() -> OrdinaryChat:
    return load_ordinary_chat(rules_file(None, BANK_FILE))


def test_the_shipped_bank_is_large_enough(shipped: OrdinaryChat) -> None:
    chat, *mentions = shipped.sections.values()
    assert len(chat) >= 600
    assert sum(map(len, mentions)) >= 190
    every = [message.casefold() for messages in shipped.sections.values() for message in messages]
    assert len(set(every)) == len(every)
    assert max(map(len, every)) < 90


def test_no_shipped_rule_reaches_too_far(shipped: OrdinaryChat) -> None:
    hits = shipped.hits(prove(rules_folder(None)).rulebook)
    for rule, by_section in hits.items():
        for name, share in shipped.shares(by_section).items():
            assert share.value <= shipped.most[name], (rule, name, share.samples)
    section = next(iter(shipped.sections))
    assert [rule for rule, by_section in hits.items() if section in by_section] == []


def test_a_folder_without_a_bank_has_the_shipped_one(tmp_path: Path) -> None:
    assert rules_file(tmp_path, BANK_FILE) == rules_folder(None) / BANK_FILE
    (tmp_path / BANK_FILE).touch()
    assert rules_file(tmp_path, BANK_FILE) == tmp_path / BANK_FILE


@pytest.mark.parametrize(
    ("content", "line", "problem"),
    [
        (b"", 1, "there is no section"),
        (b"# only a remark\n", 1, "there is no section"),
        (b"hello\n[a, at most 1 %]\n", 1, "stands in no section"),
        (b"[a, at most 1 %]\n\n[b, at most 2.5 %]\nhi\n", 1, "one without messages"),
        (b"[a, at most 100 %]\nhi\n", 1, "stands in no section"),
        (b"\xff\xfe", 1, "cannot be read"),
        (None, 1, "cannot be read"),
    ],
)
def test_a_bank_that_is_none_is_told(tmp_path: Path, content: bytes | None, line: int, problem: str) -> None:
    path = tmp_path / BANK_FILE
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(RulebookError, match=problem) as caught:
        load_ordinary_chat(path)
    assert caught.value.faults[0].line == line


def test_sections_and_shares_are_read(tmp_path: Path) -> None:
    path = tmp_path / BANK_FILE
    path.write_text("[a, at most 2.5 %]\nhi\n# no\n\n[b, at most 1 %]\nyo\nhey\n", encoding="utf-8")
    bank = load_ordinary_chat(path)
    assert bank.sections == {"a": ("hi",), "b": ("yo", "hey")}
    assert bank.most == {"a": 0.025, "b": 0.01}
    assert str(bank.shares({"b": [("yo", "<x>")]})["b"]) == "1 of 2 (50.0 %)"
