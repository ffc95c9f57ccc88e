"""Discord's markdown: what is set aside, what is read."""

from __future__ import annotations

import pytest

from bot.text.model import AsideKind, TokenKind
from bot.text.reader import read

CODE, QUOTE, LINK = AsideKind.CODE, AsideKind.QUOTE, AsideKind.LINK
MENTION, TIMESTAMP = AsideKind.MENTION, AsideKind.TIMESTAMP
MENTIONS = [(MENTION, mention) for mention in ("<@1>", "<@!2>", "<@&3>", "<#4>", "</c d:5>")]


@pytest.mark.parametrize(
    ("raw", "texts", "asides"),
    [
        ("`code` ok", ["ok"], [(CODE, "`code`")]),
        ("``a ` b`` ok", ["ok"], [(CODE, "``a ` b``")]),
        ("```py\nx\n``` ok", ["ok"], [(CODE, "```py\nx\n```")]),
        ("a stray ` here", ["a", "stray", "here"], []),
        ("> quoted\nmine", ["mine"], [(QUOTE, "> quoted")]),
        (">not quoted", ["not", "quoted"], []),
        ("mine\n>>> all\nof it", ["mine"], [(QUOTE, ">>> all\nof it")]),
        ("```\n> in code\n``` mine", ["mine"], [(CODE, "```\n> in code\n```")]),
        ("> `x` said\nmine", ["mine"], [(QUOTE, "> `x` said")]),
        ("see https://a.example/b.", ["see"], [(LINK, "https://a.example/b")]),
        ("(https://a.example/b_(c))", [], [(LINK, "https://a.example/b_(c))")]),
        ("<https://a.example> ok", ["ok"], [(LINK, "<https://a.example>")]),
        ("www.a.example, ok", ["ok"], [(LINK, "www.a.example")]),
        ("kratom.com/shop?x=1 ok", ["ok"], [(LINK, "kratom.com/shop?x=1")]),
        ("me@kratom.com ok", ["ok"], [(LINK, "me@kratom.com")]),
        ("[it **works**](https://a.example/b_(c)) ok", ["it", "works", "ok"], [(LINK, "](https://a.example/b_(c))")]),
        ("[kratom] (cures)", ["kratom", "cures"], []),
        ("<@1> <@!2> <@&3> <#4> </c d:5> ok", ["ok"], MENTIONS),
        ("@everyone @here ok", ["ok"], [(MENTION, "@everyone"), (MENTION, "@here")]),
        ("<t:1700000000:R> <t:1> ok", ["ok"], [(TIMESTAMP, "<t:1700000000:R>"), (TIMESTAMP, "<t:1>")]),
        ("**on** __to__ ~~it~~ ||no|| *so* _up_ ***go***", ["on", "to", "it", "no", "so", "up", "go"], []),
        ("kra**tom** __kra__tom", ["kratom", "kratom"], []),
        ("\\*kratom\\*", ["kratom"], []),
        ("# Head\n-# small\n- one\n* two\n1. three", ["head", "small", "one", "two", "three"], []),
        ("__kratom.cures__ it", ["kratom", "cures", "it"], []),
    ],
)  # fmt: skip
def test_asides_and_words(raw: str, texts: list[str], asides: list[tuple[AsideKind, str]]) -> None:
    reading = read(raw)
    assert [token.text for token in reading.tokens] == texts
    assert [(aside.kind, raw[aside.start : aside.end]) for aside in reading.asides] == asides


def test_emphasis_keeps_the_spans() -> None:
    raw = "**kra**tom __cures__"
    assert [raw[token.start : token.end] for token in read(raw).tokens] == ["kra**tom", "cures"]


def test_custom_emoji_give_their_names() -> None:
    raw = "<:kratom_leaf:123> <a:GoodVibes:45> ok"
    assert [(token.text, raw[token.start : token.end]) for token in read(raw).tokens] == [
        ("kratom", "<:kratom"),
        ("leaf", "leaf:123>"),
        ("good", "<a:Good"),
        ("vibes", "Vibes:45>"),
        ("ok", "ok"),
    ]
    assert [token.kind for token in read(raw).tokens][:4] == [TokenKind.EMOJI] * 4
