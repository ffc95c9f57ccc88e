"""A server's changes: read with places, laid over a base, and written again."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import Fault, RulebookError
from bot.matching.likeness import LIKE_EXAMPLES
from bot.rulebook.check import check
from bot.rulebook.load import load_with_places
from bot.rulebook.loaded import LoadedRulebook
from bot.rulebook.model import Rule, Status
from bot.rulebook.overlay import (
    LIKENESS_RULE,
    LONGEST_OVERLAY,
    MOST_OVERLAY_ITEMS,
    Overlay,
    read_overlay,
    read_rule,
)
from bot.rulebook.overlaying import apply
from bot.rulebook.yaml_writer import write_overlay, write_rule
from bot.shipped import rules_folder

SMALL_RULES = Path(__file__).parents[1] / "small_rules"
OWN = """
own_rules:
  - id: our-tonic
    family: cold-relief
    phrases: [<garlic> tonic]
    examples:
      fires: [garlic tonic for the win]
      silent: [{text: gin and tonic, because: a drink}]
"""


@pytest.fixture(scope="module")
def base() -> LoadedRulebook:
    return load_with_places(SMALL_RULES)


def rule_of(loaded: LoadedRulebook, name: str) -> Rule:
    return next(rule for rule in loaded.rulebook.rules if rule.id == name)


def faults_of(base: LoadedRulebook, text: str) -> list[Fault]:
    with pytest.raises(RulebookError) as caught:
        apply(base, read_overlay(text))
    return list(caught.value.faults)


@pytest.mark.parametrize("text", ["", "\n", "# nothing yet\n", "families: {}\n"])
def test_without_changes_it_is_the_base(base: LoadedRulebook, text: str) -> None:
    assert apply(base, read_overlay(text)).rulebook.digest == base.rulebook.digest


@pytest.mark.parametrize(
    ("text", "relief", "safe"),
    [
        ("families: {cold-relief: off}", "off", "shadow"),
        ("families: {cold-relief: shadow, garlic-safe: live}", "shadow", "live"),
        ("families: {cold-relief: off}\nrules: {garlic-cures-colds: {status: live}}", "live", "shadow"),
        ("rules: {garlic-is-harmless: {status: live}}", "live", "live"),
        ("rules:\n  garlic-cures-colds:\n    status: off\n", "off", "shadow"),
    ],
)
def test_a_rule_goes_before_its_family(base: LoadedRulebook, text: str, relief: str, safe: str) -> None:
    laid = apply(base, read_overlay(text))
    assert rule_of(laid, "garlic-cures-colds").status == relief
    assert rule_of(laid, "garlic-is-harmless").status == safe


def test_a_quiet_family_holds_for_own_rules(base: LoadedRulebook) -> None:
    laid = apply(base, read_overlay("families: {cold-relief: shadow}" + OWN))
    assert rule_of(laid, "our-tonic").status is Status.SHADOW


def test_what_is_not_changed_follows_the_base(base: LoadedRulebook) -> None:
    change = """
rules:
  garlic-cures-colds:
    cutoff: 92
    unless: [{phrase: <garlic> cured ham, because: food}]
    examples: {silent: [{text: garlic cured ham and a cold beer, because: food}]}
"""
    laid, before = (
        rule_of(apply(base, read_overlay(change)), "garlic-cures-colds"),
        rule_of(base, "garlic-cures-colds"),
    )
    assert (laid.cutoff, laid.phrases) == (92, before.phrases)
    assert laid.unless[:-1] == before.unless
    assert laid.examples.silent[:-1] == before.examples.silent
    assert laid.examples.fires == before.examples.fires


def test_what_was_added_to_a_rule_has_a_place_of_its_own(base: LoadedRulebook) -> None:
    change = "rules:\n  garlic-cures-colds:\n    examples:\n      fires: [garlic cured my cold]\n"
    laid = apply(base, read_overlay(change))
    place = laid.place_of_rule("garlic-cures-colds", "examples", "fires", 3)
    assert (place.path.name, place.line, place.column) == ("overlay.yaml", 4, 15)
    first = laid.place_of_rule("garlic-cures-colds", "examples", "fires", 0)
    assert first == base.place_of_rule("garlic-cures-colds", "examples", "fires", 0)


def test_words_are_added_and_own_concepts_join(base: LoadedRulebook) -> None:
    text = """
lexicon:
  garlic: {words: [stinking rose], exactly: [glc], unless: [garlic press]}
  tonic: {words: [tonic, elixir]}
""" + OWN.replace("tonic]", "<tonic>]", 1)
    concepts = apply(base, read_overlay(text)).rulebook.concepts
    assert concepts["garlic"].words[-1] == "stinking rose"
    assert concepts["garlic"].exactly == ("glc",)
    assert concepts["garlic"].unless == ("garlic bread", "garlic press")
    assert concepts["garlic"].role == "topic"
    assert concepts["tonic"].words == ("tonic", "elixir")


def test_a_caveat_in_own_words_keeps_its_sources(base: LoadedRulebook) -> None:
    laid = apply(base, read_overlay("caveats: {stomach: {short: Mind your stomach.}}"))
    before = {caveat.id: caveat for caveat in base.rulebook.caveats}["stomach"]
    after = {caveat.id: caveat for caveat in laid.rulebook.caveats}["stomach"]
    assert after.short == "Mind your stomach."
    assert (after.says, after.statements) == (before.says, before.statements)


def test_an_own_rule_replaces_one_only_knowingly(base: LoadedRulebook) -> None:
    text = OWN.replace("our-tonic", "garlic-cures-colds")
    (fault,) = faults_of(base, text)
    assert "already in the base" in fault.problem
    assert "replaces: [garlic-cures-colds]" in fault.instead
    laid = apply(base, read_overlay(text + "replaces: [garlic-cures-colds]\n"))
    assert rule_of(laid, "garlic-cures-colds").phrases == ("<garlic> tonic",)
    assert [rule.id for rule in laid.rulebook.rules] == [rule.id for rule in base.rulebook.rules]


@pytest.mark.parametrize(
    ("text", "line", "column", "problem"),
    [
        ("families: {cold-releif: off}", 1, 12, "the family `cold-releif` is not in the base"),
        ("families: {cold-relief: of}", 1, 25, "`of` is not one of the words"),
        ("families:", 1, 1, "there is nothing behind"),
        ("families: [off]", 1, 11, "names with what is said of them"),
        ("rules: {garlic-cures: {status: off}}", 1, 9, "the rule `garlic-cures` is not in the base"),
        ("rules:\n  garlic-cures-colds: {cutof: 90}", 2, 24, "`cutof` is not a key"),
        ("rules:\n  garlic-cures-colds: {cutoff: 9}", 2, 32, "too small"),
        ('rules: {"🧄": {status: off}}', 1, 9, "`🧄` is not a good id"),
        (OWN.replace("our-tonic", '"🧄"'), 3, 9, "`🧄` is not a good id"),
        (OWN.replace("<garlic>", "<garlik>"), 5, 15, "the concept `garlik` is not in the lexicon"),
        (OWN.replace("cold-relief", "cold-feet"), 4, 13, "the family `cold-feet` is not in families.yaml"),
        (OWN + OWN.split("\n", 2)[2], 9, 9, "the rule `our-tonic` is already there"),
        (OWN.replace("our-tonic", LIKENESS_RULE), 3, 9, "stands for likeness"),
        (OWN + "rules: {our-tonic: {status: off}}", 9, 9, "`our-tonic` is an own rule"),
        ("replaces: [our-tonic]", 1, 12, "there is no own rule `our-tonic`"),
        (OWN + "replaces: [our-tonic]", 9, 12, "the base has no rule `our-tonic`"),
        ("rules: {like-examples: {status: off}}", 1, 9, "likeness is off in the base"),
        ("lexicon: {garlik: {words: [a]}}", 1, 11, "`garlik` is no concept of the base"),
        ("lexicon: {garlic: {role: rival}}", 1, 20, "its `role` cannot be changed"),
        ("lexicon: {garlic: {words: [<zinc>]}}", 1, 28, "plain words only"),
        ("lexicon: {garlic: {unless: [<zink>]}}", 1, 29, "the concept `zink` is not in the lexicon"),
        ("caveats: {stomac: {short: a}}", 1, 11, "the caveat `stomac` is not in the base"),
        ("caveats: {stomach: {statements: []}}", 1, 21, "`statements` is not a key"),
        ("wishes: []", 1, 1, "`wishes` is not a key"),
        ("- off", 1, 1, "the changes must stand under"),
        ("just words", 1, 1, "the changes must stand under"),
        ("a: &a [*a]", 1, 4, "is an anchor"),
        ("a: *a", 1, 4, "is an alias"),
        ("a: !!python/object x", 1, 4, "`!` has a meaning of its own"),
        ("families: {cold-relief: off", 1, 11, "a bracket"),
        ("\tfamilies: {}", 1, 1, "a tab"),
        ("x" * (LONGEST_OVERLAY + 1), 1, 1, "characters; at most"),
        ("replaces: [" + "a, " * (MOST_OVERLAY_ITEMS + 1) + "a]", 1, 1, "list items; at most"),
        ("replaces: " + "[" * 300 + "]" * 300, 1, 31, "nested too deeply"),
    ],
)
def test_every_fault_has_its_place(
    base: LoadedRulebook, text: str, line: int, column: int, problem: str
) -> None:
    found = [(fault.line, fault.column) for fault in faults_of(base, text) if problem in fault.problem]
    assert (line, column) in found


def test_a_million_examples_are_refused() -> None:
    text = OWN + "        - {text: a, because: b}\n" * 1_000_000
    with pytest.raises(RulebookError, match="characters; at most"):
        read_overlay(text)


def test_likeness_is_quieted_like_a_rule() -> None:
    assert LIKENESS_RULE == LIKE_EXAMPLES
    base = load_with_places(rules_folder(None))
    laid = apply(base, read_overlay("rules: {like-examples: {status: shadow, cutoff: 95}}")).rulebook
    assert laid.learned is not None
    assert (laid.learned.status, laid.learned.due) == (Status.SHADOW, 95)


@pytest.mark.parametrize("folder", [SMALL_RULES, rules_folder(None)], ids=["small", "shipped"])
def test_every_rule_is_written_as_it_was_read(folder: Path) -> None:
    for rule in load_with_places(folder).rulebook.rules:
        text = write_rule(rule)
        assert text.startswith(f"- id: {rule.id}\n")
        assert read_rule(text).value == rule


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "there is no rule here"),
        ("- id: a\n- id: b\n", "one rule is wanted here, not 2"),
        ("[]", "one rule is wanted here, not 0"),
        ("id: a", "`family` is missing"),
    ],
)
def test_one_rule_is_one_rule(text: str, problem: str) -> None:
    with pytest.raises(RulebookError, match=problem):
        read_rule(text)


FRAGMENTS = st.sampled_from(
    [
        *["families:", "rules:", "own_rules:", "replaces:", "lexicon:", "caveats:", "garlic", "cold-relief"],
        *[
            "garlic-cures-colds:",
            "  ",
            "    ",
            "- ",
            "\n",
            "\n",
            "\n  ",
            ": ",
            "{",
            "}",
            "[",
            "]",
            ", ",
            "off",
        ],
        *[
            "status: off",
            "cutoff: 90",
            "words: [a]",
            "id: x",
            "«",
            "🧄",
            "\t",
            '"',
            "'",
            "# ",
            "&a",
            "*a",
            "|",
        ],
        *[
            "short: a",
            "\u2028",
            "\r",
            "<garlic>",
            "no",
            "0x1",
            "~",
            "\ud800",
            "examples:",
            "fires:",
            "silent:",
        ],
    ]
)


@settings(max_examples=400, deadline=None)
@given(text=st.lists(FRAGMENTS | st.text(max_size=5), max_size=25).map("".join))
def test_no_text_is_too_wild(base: LoadedRulebook, text: str) -> None:
    try:
        laid = apply(base, read_overlay(text))
    except RulebookError as error:
        lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        for fault in error.faults:
            assert 1 <= fault.line <= len(lines)
            assert 1 <= fault.column <= len(lines[fault.line - 1]) + 1
            assert fault.problem
    else:
        assert laid.rulebook.families == base.rulebook.families


WORDS = st.text(min_size=1, max_size=12).filter(lambda text: text.strip() == text and not _surrogate(text))
NAMES = st.from_regex(r"[a-z0-9]{1,6}(-[a-z0-9]{1,4})?", fullmatch=True)


def _surrogate(text: str) -> bool:
    return any("\ud800" <= letter <= "\udfff" for letter in text)


@settings(max_examples=200, deadline=None)
@given(
    families=st.dictionaries(NAMES, st.sampled_from(Status), max_size=3),
    words=st.dictionaries(NAMES, st.lists(WORDS, min_size=1, max_size=4), max_size=3),
    said=st.dictionaries(NAMES, WORDS, max_size=3),
    note=st.text(max_size=20).filter(lambda text: not _surrogate(text)),
)
def test_what_is_written_reads_as_the_same(
    families: dict[str, Status], words: dict[str, list[str]], said: dict[str, str], note: str
) -> None:
    overlay = check(
        Overlay,
        {
            "families": families,
            "lexicon": {name: {"words": tuple(texts), "note": note} for name, texts in words.items()},
            "caveats": {name: {"short": text} for name, text in said.items()},
            "rules": {name: {"unless": ({"phrase": text, "because": text},)} for name, text in said.items()},
        },
    )
    text = write_overlay(overlay)
    assert read_overlay(text).value == overlay
    assert write_overlay(read_overlay(text).value) == text
