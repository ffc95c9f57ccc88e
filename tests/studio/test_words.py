from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import bot.replies
from bot.matching.model import Stance
from bot.replies import decide
from bot.replies.model import Form, Vote
from bot.studio.pages import FOLDER

WORDS = (FOLDER / "words.js").read_text(encoding="utf-8")
REPLIES = Path(bot.replies.__file__).parent


def known(name: str) -> set[str]:
    """The keys of a table in words.js."""
    table = re.search(rf"const {name} = {{(.*?)}};", WORDS, re.S)
    assert table is not None
    return set(re.findall(r'(?:^|[{,])\s*"?([\w -]+?)"?: "', table[1], re.M))


def reasons() -> Iterator[str]:
    """Every reason that is written in a decision, wherever replies are decided on."""
    for path in REPLIES.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"Hold", "Silent", "Reply"}:
                for inner in (part for argument in node.args for part in ast.walk(argument)):
                    if isinstance(inner, ast.Constant) and isinstance(inner.value, str):
                        yield inner.value


def test_the_page_has_a_sentence_for_every_reason() -> None:
    written = {*reasons(), *decide._SILENCE.values()}
    assert {"claim", "cool-down", "no claim", "exempt room", "exempt role"} <= written
    assert written == known("REASONS")


def test_the_page_has_words_for_every_stance_and_form() -> None:
    assert known("STANCES") == {stance.value for stance in Stance}
    assert known("FORMS") == {form.value for form in Form}
    assert known("DECISIONS") == {"reply", "hold", "silent"}


def test_the_page_has_a_button_for_every_vote() -> None:
    assert set(re.findall(r'\["([\w-]+)", "', (FOLDER / "reply.js").read_text(encoding="utf-8"))) == set(Vote)
