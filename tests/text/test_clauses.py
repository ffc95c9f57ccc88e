"""Where clauses end, what stands before a token, what is in quotation marks."""

from __future__ import annotations

import pytest

from bot.text.reader import read


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("it works", [("it works", "")]),
        ("it works.", [("it works", ".")]),
        ("does it work?", [("does it work", "?")]),
        ("what?! no", [("what", "?!"), ("no", "")]),
        ("one; two", [("one", ";"), ("two", "")]),
        ("one\ntwo", [("one", "\n"), ("two", "")]),
        ("one.\n\ntwo", [("one", "."), ("two", "")]),
        ("taking kratom. kills my migraines", [("taking kratom", "."), ("kills my migraines", "")]),
        ("kratom.kills it", [("kratom", "."), ("kills it", "")]),
        ("kratom.i love it", [("kratom", "."), ("i love it", "")]),
        ("well... maybe", [("well maybe", "")]),
        ("well... Maybe", [("well", "..."), ("maybe", "")]),
        ("well… maybe…", [("well maybe", "...")]),
        ("i.e. this, e.g. that", [("ie this eg that", "")]),
        ("in the U.S. it is", [("in the us it is", "")]),
        ("approx. half, etc. and so on", [("approx half etc and so on", "")]),
        ("took 5 oz. of it", [("took 5oz of it", "")]),
        ("took 5g. it works", [("took 5g", "."), ("it works", "")]),
        ("3.5 hours", [("3.5 hours", "")]),
        ("works ;) for me :(", [("works for me", "")]),
        ("works (?) for me", [("works for me", "")]),
        ("see https://a.example/b.c?d=1. then", [("see", "."), ("then", "")]),
        ("kratom。works？yes", [("kratom", "."), ("works", "?"), ("yes", "")]),
        ("!!! kratom", [("kratom", "")]),
        ("ok.\n!", [("ok", ".")]),
    ],
)
def test_clauses(raw: str, expected: list[tuple[str, str]]) -> None:
    reading = read(raw)
    found = [
        (" ".join(token.text for token in reading.tokens[clause.first : clause.last]), clause.ending)
        for clause in reading.clauses
    ]
    assert found == expected


@pytest.mark.parametrize(
    ("raw", "before"),
    [
        ("a, word", ["", ","]),
        ("a — word", ["", "—"]),
        ("(word) here", ["(", ")"]),
        ("well... maybe", ["", "..."]),
        ("lab-tested", ["", "-"]),
        ("**bold** word", ["", ""]),
        ("yes. no", ["", "."]),
        ("one :) two", ["", ""]),
        ("one https://a.example two", ["", ""]),
    ],
)
def test_punctuation_before(raw: str, before: list[str]) -> None:
    assert [token.before for token in read(raw).tokens] == before


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ('he said "kratom cures" it', ["kratom cures"]),
        ("“kratom cures” it", ["kratom cures"]),
        ("„kratom cures“ it", ["kratom cures"]),
        ("«kratom cures» it", ["kratom cures"]),
        ("‘no way’ man", ["no way"]),
        ("'yes it's' man", ["yes its"]),
        ("don't say it isn't", []),
        ('5" pipe and "kratom cures"', ["kratom cures"]),
        ('a stray " here', []),
        ('"one" and "two"', ["one", "two"]),
        ('"' + "word " * 80 + '"', []),
        ("'cause " + "word " * 30 + "headaches' end", []),
        ('""', []),
    ],
)
def test_quotations(raw: str, expected: list[str]) -> None:
    reading = read(raw)
    found = [
        " ".join(token.text for token in reading.tokens[quotation.first : quotation.last])
        for quotation in reading.quotations
    ]
    assert found == expected
