"""Who stands behind a claim: small sets of cues, and sentences with the stance that they give."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import pytest

from bot.matching.compile import compile_rulebook
from bot.matching.engine import find
from bot.matching.model import Findings
from bot.rulebook.check import check
from bot.rulebook.model import Concept, Cue, CueCategory, Direction, Position
from bot.text.reader import read
from tests.matching.small_rulebooks import CONCEPTS, rule_of, rulebook_of

SUPPOSED = "supposed"
RULES = (
    rule_of("<garlic> & <cures> <cold>", "<cures> <cold> & <garlic>"),
    rule_of("<garlic> & no <harm>", "<garlic> & not <harm>", id="garlic-is-safe", family="safe"),
)
HARM = {"harm": Concept(words=("harm", "harmful"))}


def judged(text: str, cues: Sequence[Cue]) -> Findings:
    rulebook = rulebook_of(*RULES, concepts={**CONCEPTS, **HARM}, cues=cues, openers=("so", "and"))
    return find(read(text), compile_rulebook(rulebook), explained=True)


def stance(text: str, *cues: Cue) -> str:
    """Give the stance of the one claim in a text."""
    findings = judged(text, cues)
    if not findings.found and any("only supposed" in miss.why_not for miss in findings.near):
        return SUPPOSED
    (finding,) = findings.found
    return finding.stance.value


def cue(category: CueCategory, *words: str, **rest: object) -> Cue:
    return check(Cue, {"id": category.value, "category": category, "words": words, **rest})


def denying(*words: str, **rest: object) -> Cue:
    return cue(CueCategory.DENIES, *words, **rest)


@pytest.mark.parametrize(
    ("direction", "within", "text", "expected"),
    [
        (Direction.FORWARD, 3, "never garlic cures colds", "denies"),
        (Direction.FORWARD, 3, "never my old garlic cures colds", "asserts"),
        (Direction.FORWARD, 4, "never my old garlic cures colds", "denies"),
        (Direction.FORWARD, 9, "garlic cures colds never", "asserts"),
        (Direction.FORWARD, 9, "never. garlic cures colds", "asserts"),
        (Direction.BACKWARD, 3, "garlic cures colds never", "denies"),
        (Direction.BACKWARD, 2, "garlic cures colds never", "denies"),
        (Direction.BACKWARD, 1, "garlic cures colds never", "asserts"),
        (Direction.BACKWARD, 9, "never garlic cures colds", "asserts"),
        (Direction.BACKWARD, 9, "garlic cures colds. never", "asserts"),
        (Direction.BOTH, 3, "never garlic cures colds", "denies"),
        (Direction.BOTH, 3, "garlic cures colds never", "denies"),
        (Direction.BOTH, 1, "never garlic cures colds never", "asserts"),
        (Direction.CLAUSE, 1, "garlic and so on and so on cures colds never", "denies"),
        (Direction.CLAUSE, 9, "garlic cures colds. never", "asserts"),
        (Direction.MESSAGE, 4, "garlic cures colds. never", "denies"),
        (Direction.MESSAGE, 4, "never! garlic cures colds", "denies"),
        (Direction.MESSAGE, 4, "garlic cures colds. we had rain again never", "denies"),
        (Direction.MESSAGE, 4, "garlic cures colds. we had rain for days never", "asserts"),
        (Direction.MESSAGE, 4, "never. we had rain again. garlic cures colds", "denies"),
        (Direction.MESSAGE, 4, "never. we had rain for days. garlic cures colds", "asserts"),
    ],
)
def test_a_cue_reaches_as_far_and_where_it_says(
    direction: Direction, within: int, text: str, expected: str
) -> None:
    assert stance(text, denying("never", direction=direction, within=within)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("never bought tea and garlic cures colds", "asserts"),
        ("never bought tea but garlic cures colds", "asserts"),
        ("never bought tea or garlic cures colds", "denies"),
        ("and garlic never cures colds", "denies"),
    ],
)
def test_stopping_and_turning_words_end_a_reach(text: str, expected: str) -> None:
    cues = (denying("never", within=12), cue(CueCategory.STOPS, "and"), cue(CueCategory.TURNS, "but"))
    assert stance(text, *cues) == expected


@pytest.mark.parametrize(
    ("text", "category", "expected"),
    [
        ("never liked tea, garlic cures colds", CueCategory.DENIES, "asserts"),
        ("never liked tea — garlic cures colds", CueCategory.DENIES, "asserts"),
        ("never (garlic cures colds)", CueCategory.DENIES, "asserts"),
        ("never liked tea garlic cures colds", CueCategory.DENIES, "denies"),
        ("never liked tea, garlic cures colds", CueCategory.WARNS, "asserts"),
        ("never liked tea, garlic cures colds", CueCategory.REPORTS, "reports"),
    ],
)
def test_a_comma_ends_the_reach_of_a_denial(text: str, category: CueCategory, expected: str) -> None:
    assert stance(text, cue(category, "never", within=12)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("is garlic curing colds", "asks"),
        ("garlic is curing colds", "asserts"),
        ("so is garlic curing colds", "asks"),
        ("and so is garlic curing colds", "asks"),
        ("tea is garlic curing colds", "asserts"),
        ("tea and is garlic curing colds", "asserts"),
        ("nice. is garlic curing colds", "asks"),
        ("garlic, is it curing colds", "asserts"),
        ("garlic, is it curing colds?", "asks"),
        ("garlic, do you think it cures colds", "asks"),
        ("garlic do you think it cures colds", "asserts"),
    ],
)
def test_a_start_is_where_the_clause_begins_openers_aside(text: str, expected: str) -> None:
    assert (
        stance(text, cue(CueCategory.ASKS, "is", "do you think", direction="clause", at="start")) == expected
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("garlic cures colds or nah", "asks"),
        ("garlic cures colds or nah lol", "asks"),
        ("garlic cures colds or nah i guess", "asserts"),
        ("or nah garlic cures colds", "asserts"),
    ],
)
def test_an_end_is_the_last_of_the_clause_one_word_aside(text: str, expected: str) -> None:
    assert stance(text, cue(CueCategory.ASKS, "or nah", direction="clause", at=Position.END)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("no garlic cures colds", "denies"),
        ("no doubt garlic cures colds", "asserts"),
        ("no doubt no garlic cures colds", "denies"),
        ("no such doubt garlic cures colds", "denies"),
    ],
)
def test_what_only_looks_like_a_cue_is_none(text: str, expected: str) -> None:
    assert stance(text, denying("no", unless=("no doubt",))) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("garlic doesnt cure colds", "denies"),
        ("i doubt garlic cures colds", "denies"),
        ("i doubt garlic doesnt cure colds", "asserts"),
        ("aint no garlic that cures colds", "denies"),
        ("doesnt garlic cure colds?", "asks"),
        ("who doubts that garlic cures colds?", "denies"),
        ("no way. doesnt garlic cure colds?", "denies"),
    ],
)
def test_a_denial_said_twice_is_one_and_a_rejected_one_is_none(text: str, expected: str) -> None:
    cues = (
        denying("doesnt", "aint", "no"),
        cue(CueCategory.REJECTS, "doubt", "doubts"),
        denying("no way", id="outright", direction="message", within=30),
        cue(CueCategory.ASKS, "?", direction="clause"),
    )
    assert stance(text, *cues) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("who needs pills when garlic cures colds?", "asserts"),
        ("who needs pills when garlic doesnt cure colds?", "asserts"),
        ("who knows if garlic cures colds?", "asks"),
        ("who needs pills when garlic cures colds", "asserts"),
    ],
)
def test_a_question_that_asserts_asks_nothing(text: str, expected: str) -> None:
    cues = (
        cue(CueCategory.ASKS, "?", direction="clause"),
        cue(CueCategory.ASSERTS, "who needs", direction="clause"),
        denying("doesnt"),
    )
    assert stance(text, *cues) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("garlic cures colds?", "asks"),
        ("garlic cures colds?!", "asks"),
        ("garlic cures colds. right?", "asserts"),
        ("garlic cures colds, anyone else?", "asserts"),
        ("garlic cures colds anyone else?", "asks"),
        ("anyone else, garlic cures colds?", "asks"),
        ("what cures colds? garlic.", "asserts"),
        ("garlic. what cures colds?", "asks"),
    ],
)
def test_a_question_mark_asks_about_the_claim_it_ends(text: str, expected: str) -> None:
    cues = (
        cue(CueCategory.ASKS, "?", direction="clause"),
        cue(CueCategory.ASKS, "anyone else", id="anyone", direction="forward"),
    )
    assert stance(text, *cues) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("garlic does no harm", "asserts"),
        ("garlic is not harmful", "asserts"),
        ("garlic is not harmful at all", "asserts"),
        ("nah garlic is not harmful", "denies"),
        ("garlic cures colds not at all", "denies"),
        ("garlic cures no colds", "asserts"),
    ],
)
def test_a_claim_that_is_a_denial_itself_is_not_denied_by_its_own_words(text: str, expected: str) -> None:
    cues = (
        denying("no", "not", "nah"),
        denying("at all", id="echo", direction="backward", echoes=True),
    )
    assert stance(text, *cues) == expected


RANKED = (
    (CueCategory.QUOTES, "quotes"),
    (CueCategory.WARNS, "warns"),
    (CueCategory.DENIES, "denies"),
    (CueCategory.ASKS, "asks"),
    (CueCategory.SUPPOSES, SUPPOSED),
    (CueCategory.REPORTS, "reports"),
)


@pytest.mark.parametrize(
    ("higher", "lower", "expected"),
    [
        (higher, lower, expected)
        for (higher, expected), (lower, _) in itertools.combinations(RANKED, 2)
        # A question is not denied by its own "not": "doesn't it cure colds?"
        if (higher, lower) != (CueCategory.DENIES, CueCategory.ASKS)
    ],
)
def test_the_stance_that_silences_more_goes_first(
    higher: CueCategory, lower: CueCategory, expected: str
) -> None:
    first, second = cue(higher, "aye", direction="clause"), cue(lower, "oh", direction="clause")
    assert stance("aye oh garlic cures colds", first, second) == expected
    assert stance("oh aye garlic cures colds", second, first) == expected


def test_a_mark_asks_less_than_words_do() -> None:
    cues = (cue(CueCategory.ASKS, "does", "?", direction="clause"), cue(CueCategory.SUPPOSES, "if"))
    assert stance("if garlic cures colds?", *cues) == SUPPOSED
    assert stance("does anyone know if garlic cures colds?", *cues) == "asks"


@pytest.mark.parametrize(("category", "expected"), RANKED)
def test_each_cue_gives_its_stance(category: CueCategory, expected: str) -> None:
    assert stance("aye garlic cures colds", cue(category, "aye")) == expected
    assert stance("garlic cures colds", cue(category, "aye")) == "asserts"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“garlic cures colds”", "quotes"),
        ("he wrote “garlic cures colds” on it", "quotes"),
        ("“garlic” cures colds", "asserts"),
        ("they say “garlic cures colds”", "reports"),
    ],
)
def test_words_in_quotation_marks_are_somebody_elses(text: str, expected: str) -> None:
    assert stance(text, cue(CueCategory.REPORTS, "they say")) == expected


def test_what_is_only_supposed_is_a_near_miss_that_says_so() -> None:
    findings = judged("if garlic cured colds", [cue(CueCategory.SUPPOSES, "if")])
    assert findings.found == ()
    assert [miss.why_not for miss in findings.near] == ["it is only supposed: “if” supposes"]


@pytest.mark.parametrize(
    ("text", "because"),
    [
        ("garlic never cures colds", ("“never” denies",)),
        ("garlic cures colds?", ("the mark at the end asks",)),
        ("“garlic cures colds”", ("it stands in quotation marks",)),
        ("garlic cures colds", ()),
        ("GARLIC DOES NOT EVER NEVER CURE COLDS", ("“never” denies", "“not” denies")),
    ],
)
def test_the_finding_says_which_cue_gave_its_stance(text: str, because: tuple[str, ...]) -> None:
    (finding,) = judged(text, [denying("never", "not"), cue(CueCategory.ASKS, "?")]).found
    assert finding.because == because
