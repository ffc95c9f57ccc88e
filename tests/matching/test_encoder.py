"""The encoder that comes with the rules, as it is run; and files that are none."""

from __future__ import annotations

import logging
import shutil
from pathlib import Path

import pytest
from msgspec.structs import replace

from bot.errors import Fault, RulebookError
from bot.keeping.tables import from_bytes, to_bytes
from bot.matching.compile import CompiledRulebook, compile_rulebook
from bot.matching.encoder import Encoder
from bot.matching.engine import describe
from bot.matching.likeness import ASKED, DUE, REPORTED, Likeness
from bot.proof import prove
from bot.rulebook.encoder_file import ENCODER, EncoderFile, read_encoder
from bot.rulebook.load import load_rulebook
from bot.rulebook.model import Status
from bot.shipped import rules_folder
from bot.text.reader import read

RULES = rules_folder(None)


@pytest.fixture(scope="module")
def rulebook() -> CompiledRulebook:
    return compile_rulebook(load_rulebook(RULES))


@pytest.fixture(scope="module")
def encoder(rulebook: CompiledRulebook) -> Encoder:
    assert rulebook.likeness is not None
    assert rulebook.likeness.encoder is not None
    return rulebook.likeness.encoder


def said(text: str, rulebook: CompiledRulebook, *context: str) -> tuple[str, ...]:
    described = describe(read(text), rulebook, [read(earlier) for earlier in context])
    assert described is not None
    return described.said


def test_what_is_read_is_what_was_said_before_and_then(rulebook: CompiledRulebook) -> None:
    words = said("it kiled mine. you?", rulebook, "anyone tried kratom for migraines?")
    assert words[:6] == ("anyone", "tried", "kratom", "for", "migraines", "?")
    assert words[6:] == (">", "it", "killed", "mine", ".", "you", "?")


@pytest.mark.parametrize(
    ("text", "likely", "unlikely"),
    [
        (
            "kratom took my migraine away within the hour",
            {DUE, "headache-relief"},
            {ASKED, "legal-everywhere"},
        ),
        ("does kratom help with anxiety?", {DUE, ASKED, "mood"}, {REPORTED, "headache-relief"}),
        ("my cousin says kratom is legal in Ohio", {DUE, REPORTED, "legal-everywhere"}, {ASKED, "mood"}),
        ("kratom did nothing whatsoever for my migraine", set(), {DUE}),
        ("sure, kratom cures everything, and pigs can fly", set(), {DUE}),
    ],
)
def test_it_tells_what_is_claimed(
    encoder: Encoder, rulebook: CompiledRulebook, text: str, likely: set[str], unlikely: set[str]
) -> None:
    odds = encoder.judge(said(text, rulebook))
    assert {head for head in likely if odds[head] <= 0} == set()
    assert {head for head in unlikely if odds[head] >= 0} == set()


def test_it_knows_every_family(encoder: Encoder, rulebook: CompiledRulebook) -> None:
    heads = encoder.judge(["kratom"]).keys()
    assert heads == {DUE, ASKED, REPORTED, *(family.id for family in rulebook.source.families)}


def test_the_same_is_told_again_and_after_it_was_kept(encoder: Encoder, rulebook: CompiledRulebook) -> None:
    words = said("kratom took my migraine away", rulebook)
    assert encoder.judge(words) == encoder.judge(words)
    kept = from_bytes(to_bytes(encoder))
    assert isinstance(kept, Encoder)
    assert kept.judge(words) == encoder.judge(words)


def test_nothing_that_is_said_is_too_long(encoder: Encoder) -> None:
    assert encoder.judge(["kratom"] * 5000).keys() == encoder.judge([]).keys()


def likeness_of(rulebook: CompiledRulebook) -> Likeness:
    assert rulebook.likeness is not None
    return rulebook.likeness


def test_odds_are_put_together_by_the_share(rulebook: CompiledRulebook) -> None:
    weights = likeness_of(rulebook)
    described = describe(read("kratom took my migraine away"), rulebook)
    assert described is not None
    dues = [
        replace(weights, share=share).judge(described.features, {DUE: -4.0}).due for share in (0.0, 0.5, 1.0)
    ]
    assert dues[0] == weights.judge(described.features).due
    assert dues[0] > dues[1] > dues[2]
    assert dues[2] == pytest.approx(0.018, abs=0.001)


def test_a_servers_own_rulebook_shares_the_encoder(rulebook: CompiledRulebook) -> None:
    rules = [
        replace(rule, status=Status.SHADOW) if not at else rule
        for at, rule in enumerate(rulebook.source.rules)
    ]
    other = replace(rulebook.source, rules=tuple(rules), digest="d" * 64)
    own = compile_rulebook(other, like=rulebook)
    assert likeness_of(own).encoder is likeness_of(rulebook).encoder


def test_a_broken_file_keeps_the_rules_out_and_says_so(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(RULES, tmp_path / "rules"))
    (folder / ENCODER).write_bytes((folder / ENCODER).read_bytes()[:5000])
    with pytest.raises(RulebookError, match=r"encoder\.onnx:1:1: this is no encoder that can be used"):
        prove(folder)


def test_one_that_is_gone_leaves_the_weights_alone_and_says_so_once(
    rulebook: CompiledRulebook, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    broken = replace(likeness_of(rulebook), encoder=Encoder(EncoderFile(tmp_path / "gone.onnx", "d" * 64)))
    with caplog.at_level(logging.WARNING):
        assert broken.encoded(["kratom"]) is None
        assert broken.encoded(["kratom"]) is None
    assert caplog.text.count("this is no encoder that can be used") == 1


def test_a_file_that_is_too_large_or_cannot_be_read_is_told(tmp_path: Path) -> None:
    faults: list[Fault] = []
    assert read_encoder(tmp_path, faults) is None
    assert faults == []
    with (tmp_path / ENCODER).open("wb") as file:
        file.truncate(64_000_001)
    assert read_encoder(tmp_path, faults) is None
    (tmp_path / ENCODER).unlink()
    (tmp_path / ENCODER).mkdir()
    assert read_encoder(tmp_path, faults) is None
    assert [fault.problem for fault in faults] == [
        "the file is larger than 64 MB.",
        "the file cannot be read: is a directory.",
    ]
