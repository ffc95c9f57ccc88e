from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.replies.model import Vote
from bot.studio.requests import Cast, RequestError, Say, parse_request

SAY = {"type": "say", "ticket": 1, "member": "a", "text": "hello"}


@pytest.mark.parametrize(
    ("raw", "says", "ticket"),
    [
        ("", "This is not JSON.", None),
        ("hello", "This is not JSON.", None),
        ("[" * 50_000, "This is not JSON.", None),
        ("[]", "A request is a JSON object.", None),
        ("null", "A request is a JSON object.", None),
        ("{}", "The room does not know this kind of request.", None),
        ('{"type": "shout", "ticket": 3}', "The room does not know this kind of request.", 3),
        ('{"type": {}, "ticket": 3}', "The room does not know this kind of request.", 3),
        ({"type": "clear"}, "The request lacks ticket.", None),
        ({"type": "clear", "ticket": True}, "ticket is wrong", None),
        ({"type": "clear", "ticket": -1}, "ticket is wrong", -1),
        ({"type": "clear", "ticket": 1, "now": 1}, "a key that the room does not know: now.", 1),
        ({**SAY, "colour": "red"}, "a key that the room does not know: colour.", 1),
        ({**SAY, "text": ""}, "The message is empty.", 1),
        ({**SAY, "text": " \n\t "}, "The message is empty.", 1),
        ({**SAY, "text": "a" * 4001}, "A message may hold at most 4,000 characters.", 1),
        ({**SAY, "text": 7}, "text is wrong", 1),
        ({**SAY, "member": "../x"}, "member is wrong", 1),
        ({**SAY, "member": None}, "member is wrong", 1),
        ({"type": "say", "ticket": 1, "member": "a"}, "The request lacks text.", 1),
        ({"type": "join", "ticket": 1, "name": "   "}, "The name is empty.", 1),
        ({"type": "join", "ticket": 1, "name": "n" * 25}, "A name may hold at most 24 characters.", 1),
        ({"type": "vote", "ticket": 1, "reply": "r", "member": "a", "vote": "fine"}, "vote is wrong", 1),
        ({"type": "cooldown", "ticket": 1, "on": "yes"}, "on is wrong", 1),
    ],
)
def test_bad_requests_are_refused_in_one_sentence(raw: object, says: str, ticket: int | None) -> None:
    with pytest.raises(RequestError) as caught:
        parse_request(raw if isinstance(raw, str) else json.dumps(raw))
    assert says in str(caught.value)
    assert caught.value.ticket == ticket
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("a" * 4000, "a" * 4000),
        ("  two\nlines  ", "  two\nlines  "),
        ("half \ud83d a face", "half \ufffd a face"),
        ("whole 😀 face", "whole 😀 face"),
        ("nul \0 and \u202e marks", "nul \0 and \u202e marks"),
    ],
)
def test_whatever_a_member_types_is_kept(text: str, kept: str) -> None:
    request = parse_request(json.dumps({**SAY, "text": text}))
    assert isinstance(request, Say)
    assert request.text == kept


def test_a_vote_is_one_of_three() -> None:
    raw = json.dumps({"type": "vote", "ticket": 0, "reply": "r", "member": "m", "vote": "not-what-i-said"})
    assert parse_request(raw) == Cast(ticket=0, reply="r", member="m", vote=Vote.NOT_WHAT_I_SAID)


@settings(max_examples=150)
@given(st.text() | st.dictionaries(st.text(), st.none() | st.integers() | st.text()).map(json.dumps))
def test_nothing_makes_the_parser_fall_over(raw: str) -> None:
    with pytest.raises(RequestError):
        parse_request(raw)
