"""Every limit of Discord's, one body just inside and one just outside."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.loopback.checks import Check, Faults
from tests.loopback.checks_commands import (
    check_command,
    check_command_change,
    check_commands,
    is_command_name,
)
from tests.loopback.checks_interactions import check_callback
from tests.loopback.checks_messages import (
    check_bulk_delete,
    check_message,
    check_message_edit,
    check_private_channel,
)
from tests.loopback.rest_channels import check_thread

Json = dict[str, Any]
V2 = 1 << 15


def embed(**parts: Any) -> Json:
    return {"embeds": [{"title": "t", **parts}]}


def field(name: str = "n", value: str = "v", **more: Any) -> Json:
    return {"name": name, "value": value, **more}


def button(number: int = 0, **more: Any) -> Json:
    return {"type": 2, "style": 1, "label": "a", "custom_id": f"id{number}", **more}


def link(**more: Any) -> Json:
    return {"type": 2, "style": 5, "label": "a", "url": "https://example.org", **more}


def row(*components: Json, **more: Any) -> Json:
    return {"type": 1, "components": list(components), **more}


def menu(number: int = 0, **more: Any) -> Json:
    return {"type": 3, "custom_id": f"menu{number}", "options": [{"label": "a", "value": "a"}], **more}


def text(content: str = "a") -> Json:
    return {"type": 10, "content": content}


def classic(*rows: Json) -> Json:
    return {"content": "a", "components": list(rows)}


def newer(*components: Json, **more: Any) -> Json:
    return {"flags": V2, "components": list(components), **more}


def modal(*components: Json, **more: Any) -> Json:
    return {"type": 9, "data": {"custom_id": "m", "title": "t", "components": list(components), **more}}


def entry(number: int = 0, **more: Any) -> Json:
    return {"type": 4, "custom_id": f"in{number}", "style": 1, "label": "l", **more}


def label(component: Json, **more: Any) -> Json:
    return {"type": 18, "label": "l", "component": component, **more}


def bare(number: int = 0, **more: Any) -> Json:
    return {"type": 4, "custom_id": f"in{number}", "style": 1, **more}


def choices(count: int, **more: Any) -> Json:
    return {"type": 8, "data": {"choices": [{"name": "n", "value": str(i), **more} for i in range(count)]}}


def answer(**data: Any) -> Json:
    return {"type": 4, "data": data}


def command(**parts: Any) -> Json:
    return {"name": "caveat", "description": "d", "type": 1, **parts}


def option(name: str = "o", **parts: Any) -> Json:
    return {"type": 3, "name": name, "description": "d", **parts}


INSIDE: list[tuple[Check, Any]] = [
    (check_message, {"content": "x" * 2000}),
    (check_message, {"content": " " * 50 + "x" * 2000 + " " * 50}),
    (check_message, embed(title="x" * 256)),
    (check_message, embed(description="x" * 4096)),
    (check_message, embed(fields=[field()] * 25)),
    (check_message, embed(fields=[field("x" * 256, "x" * 1024)])),
    (check_message, embed(footer={"text": "x" * 2048})),
    (check_message, embed(author={"name": "x" * 256})),
    (check_message, {"embeds": [{"description": "x" * 600}] * 10}),
    (check_message, {"content": "a", "nonce": "x" * 25}),
    (check_message, {"content": "a", "attachments": [{"id": 0, "description": "x" * 1024}]}),
    (check_message, {"content": "a", "allowed_mentions": {"parse": []}}),
    (check_message, {"content": "a", "allowed_mentions": {"parse": ["roles"], "users": ["1"]}}),
    (check_message, {"content": "a", "message_reference": {"message_id": 5}}),
    (check_message, classic(*[row(*[button(5 * r + b) for b in range(5)]) for r in range(5)])),
    (check_message, classic(row(button(label="x" * 80, custom_id="x" * 100)))),
    (check_message, classic(row(link()), row(menu()))),
    (check_message, newer(*[text()] * 40)),
    (check_message, newer(text("x" * 4000))),
    (check_message, newer({"type": 17, "components": [text(), row(button())]})),
    (check_message, newer({"type": 9, "components": [text()] * 3, "accessory": button()})),
    (check_message_edit, {"content": "a", "tts": False}),
    (check_message_edit, {"components": [text()]}),
    (check_callback, answer(content="x" * 2000, flags=64, tts=False)),
    (check_callback, {"type": 5}),
    (check_callback, {"type": 5, "data": {"flags": 64}}),
    (check_callback, {"type": 6}),
    (check_callback, choices(25)),
    (check_callback, modal(*[row(entry(i, label="x" * 45, value="x" * 4000)) for i in range(5)])),
    (check_callback, modal(label(bare(), description="x" * 100), title="x" * 45)),
    (check_callback, modal(text(), label(menu()))),
    (check_command, command(description="x" * 100, name="x" * 32)),
    (check_command, command(options=[option(f"o{i}") for i in range(25)])),
    (check_command, command(options=[option(choices=[{"name": "n", "value": "v"}] * 25)])),
    (check_command, {"name": "Show Why", "type": 3}),
    (check_commands, [command(name=f"c{i}") for i in range(100)]),
    (check_commands, [command(), {"name": "caveat", "type": 3}]),
    (check_command_change, {"description": "d"}),
    (check_bulk_delete, {"messages": ["1", "2"]}),
    (check_private_channel, {"recipient_id": 5}),
    (check_thread, {"name": "x" * 100}),
]

OUTSIDE: list[tuple[Check, Any, str]] = [
    (check_message, [], ""),
    (check_message, None, ""),
    (check_message, {"contents": "a"}, "contents"),
    (check_message, {"content": 5}, "content"),
    (check_message, {"content": "x" * 2001}, "content"),
    (
        check_message,
        {"content": "a", "attachments": [{"id": 0, "description": "x" * 1025}]},
        "attachments.0.description",
    ),
    (check_message, {"content": "a", "nonce": "x" * 26}, "nonce"),
    (check_message, embed(title="x" * 257), "embeds.0.title"),
    (check_message, embed(description="x" * 4097), "embeds.0.description"),
    (check_message, embed(fields=[field()] * 26), "embeds.0.fields"),
    (check_message, embed(fields=[field("x" * 257)]), "embeds.0.fields.0.name"),
    (check_message, embed(fields=[field("")]), "embeds.0.fields.0.name"),
    (check_message, embed(fields=[field("  ")]), "embeds.0.fields.0.name"),
    (check_message, embed(fields=[field(value="x" * 1025)]), "embeds.0.fields.0.value"),
    (check_message, embed(fields=[field(value="")]), "embeds.0.fields.0.value"),
    (check_message, embed(fields=[field(wide=True)]), "embeds.0.fields.0.wide"),
    (check_message, embed(footer={"text": "x" * 2049}), "embeds.0.footer.text"),
    (check_message, embed(footer={"text": ""}), "embeds.0.footer.text"),
    (check_message, embed(author={"name": "x" * 257}), "embeds.0.author.name"),
    (check_message, embed(url="leaf"), "embeds.0.url"),
    (check_message, embed(url="https://e.org/" + "x" * 2048), "embeds.0.url"),
    (check_message, embed(color=1 << 24), "embeds.0.color"),
    (check_message, embed(colour=1), "embeds.0.colour"),
    (check_message, {"embeds": [{"description": "x" * 4000}, {"description": "x" * 2001}]}, "embeds"),
    (check_message, {"embeds": [{"title": "t"}] * 11}, "embeds"),
    (check_message, {"embeds": [{}]}, "embeds.0"),
    (check_message, {"allowed_mentions": {"parse": ["people"]}}, "allowed_mentions.parse.0"),
    (check_message, {"allowed_mentions": {"parse": ["users"], "users": ["1"]}}, "allowed_mentions"),
    (check_message, {"allowed_mentions": {"users": ["ana"]}}, "allowed_mentions.users.0"),
    (check_message, {"allowed_mentions": {"users": ["1"] * 101}}, "allowed_mentions.users"),
    (check_message, {"allowed_mentions": {"replied_user": "no"}}, "allowed_mentions.replied_user"),
    (check_message, {"allowed_mentions": {"everyone": False}}, "allowed_mentions.everyone"),
    (check_message, {"message_reference": {}}, "message_reference.message_id"),
    (check_message, {"message_reference": {"message_id": "x"}}, "message_reference.message_id"),
    (check_message, classic(*[row(button(i)) for i in range(6)]), "components"),
    (check_message, classic(row(*[button(i) for i in range(6)])), "components.0.components"),
    (check_message, classic(row()), "components.0.components"),
    (check_message, classic(row(button(), menu())), "components.0.components"),
    (check_message, classic(row(button(custom_id="x" * 101))), "components.0.components.0.custom_id"),
    (check_message, classic(row(button(custom_id=""))), "components.0.components.0.custom_id"),
    (check_message, classic(row(button(), button())), "components"),
    (check_message, classic(row(button(label="x" * 81))), "components.0.components.0.label"),
    (check_message, classic(row(button(label=None))), "components.0.components.0"),
    (check_message, classic(row(button(style=7))), "components.0.components.0.style"),
    (check_message, classic(row(button(url="https://e.org"))), "components.0.components.0.url"),
    (check_message, classic(row(button(size=1))), "components.0.components.0.size"),
    (check_message, classic(row(link(custom_id="a"))), "components.0.components.0.custom_id"),
    (check_message, classic(row(link(url=None))), "components.0.components.0.url"),
    (check_message, classic(row(menu(options=[]))), "components.0.components.0.options"),
    (
        check_message,
        classic(row(menu(options=[{"label": "a", "value": "a"}] * 2))),
        "components.0.components.0.options",
    ),
    (check_message, classic(row(menu(placeholder="x" * 151))), "components.0.components.0.placeholder"),
    (check_message, classic(button()), "components.0.type"),
    (check_message, classic(text()), "components.0.type"),
    (check_message, newer(text(), content="a"), "content"),
    (check_message, newer(text(), embeds=[{"title": "t"}]), "embeds"),
    (check_message, newer(*[text()] * 41), "components"),
    (check_message, newer(*[{"type": 17, "components": [text()] * 13}] * 3), "components"),
    (check_message, newer(text("x" * 2500), text("x" * 1501)), "components"),
    (check_message, newer(text("")), "components.0.content"),
    (check_message, newer({"type": 17, "components": []}), "components.0.components"),
    (check_message, newer({"type": 17, "components": [{"type": 17}]}), "components.0.components.0.type"),
    (check_message, newer({"type": 9, "components": [text()]}), "components.0.accessory"),
    (
        check_message,
        newer({"type": 9, "components": [text()] * 4, "accessory": button()}),
        "components.0.components",
    ),
    (check_message_edit, {"nonce": "1"}, "nonce"),
    (check_message_edit, {"content": "x" * 2001}, "content"),
    (check_callback, {"type": 3}, "type"),
    (check_callback, {"type": 4}, "data"),
    (check_callback, answer(content="x" * 2001), "data.content"),
    (check_callback, answer(message_reference={}), "data.message_reference"),
    (
        check_callback,
        answer(components=[row(button(label="x" * 81))]),
        "data.components.0.components.0.label",
    ),
    (check_callback, {"type": 5, "data": {"content": "a"}}, "data.content"),
    (check_callback, choices(26), "data.choices"),
    (check_callback, choices(1, name="x" * 101), "data.choices.0.name"),
    (check_callback, choices(1, value="x" * 101), "data.choices.0.value"),
    (check_callback, modal(row(entry()), title="x" * 46), "data.title"),
    (check_callback, modal(row(entry()), custom_id=""), "data.custom_id"),
    (check_callback, modal(*[row(entry(i)) for i in range(6)]), "data.components"),
    (check_callback, modal(), "data.components"),
    (check_callback, modal(row(entry(), entry(1))), "data.components.0.components"),
    (check_callback, modal(row(entry()), row(entry())), "data.components"),
    (check_callback, modal(row(entry(label="x" * 46))), "data.components.0.components.0.label"),
    (check_callback, modal(row(bare())), "data.components.0.components.0.label"),
    (check_callback, modal(row(entry(value="x" * 4001))), "data.components.0.components.0.value"),
    (check_callback, modal(row(entry(style=3))), "data.components.0.components.0.style"),
    (check_callback, modal(row(entry(max_length=4001))), "data.components.0.components.0.max_length"),
    (check_callback, modal(row(button())), "data.components.0.components.0.type"),
    (check_callback, modal(label(bare(), label="x" * 46)), "data.components.0.label"),
    (check_callback, modal(label(bare(), description="x" * 101)), "data.components.0.description"),
    (check_callback, modal(button()), "data.components.0.type"),
    (check_command, command(name="Caveat"), "name"),
    (check_command, command(name="two words"), "name"),
    (check_command, command(name="x" * 33), "name"),
    (check_command, command(name=""), "name"),
    (check_command, command(description=""), "description"),
    (check_command, command(description="x" * 101), "description"),
    (check_command, command(aliases=[]), "aliases"),
    (check_command, {"name": "Show", "type": 3, "description": "d"}, "description"),
    (check_command, command(options=[option(f"o{i}") for i in range(26)]), "options"),
    (check_command, command(options=[option(), option()]), "options"),
    (check_command, command(options=[option("a"), option("b", required=True)]), "options"),
    (check_command, command(options=[option("a"), option("b", type=1)]), "options"),
    (check_command, command(options=[option("Big")]), "options.0.name"),
    (check_command, command(options=[option(description="")]), "options.0.description"),
    (check_command, command(options=[option(type=12)]), "options.0.type"),
    (
        check_command,
        command(options=[option(choices=[{"name": "n", "value": "v"}] * 26)]),
        "options.0.choices",
    ),
    (
        check_command,
        command(options=[option(choices=[{"name": "n", "value": "v"}], autocomplete=True)]),
        "options.0.autocomplete",
    ),
    (check_command, command(options=[option(type=2, options=[option(type=2)])]), "options.0.options.0.type"),
    (
        check_command,
        command(options=[option(str(i), choices=[{"name": "x" * 100, "value": "x"}] * 25) for i in range(4)]),
        "",
    ),
    (check_command_change, {"name": "Bad Name"}, "name"),
    (check_commands, [command(name=f"c{i}") for i in range(101)], ""),
    (check_commands, [command(), command()], ""),
    (check_commands, [{"name": f"c{i}", "type": 3} for i in range(16)], ""),
    (check_bulk_delete, {"messages": ["1"]}, "messages"),
    (check_bulk_delete, {"messages": ["1", "1"]}, "messages"),
    (check_bulk_delete, {"messages": [str(i) for i in range(101)]}, "messages"),
    (check_private_channel, {}, "recipient_id"),
    (check_thread, {"name": ""}, "name"),
    (check_thread, {"name": "x" * 101}, "name"),
]


def places(faults: Faults) -> set[str]:
    return {".".join(str(part) for part in path) for path in faults}


@pytest.mark.parametrize(("check", "body"), INSIDE)
def test_what_discord_takes_passes(check: Check, body: Any) -> None:
    assert check(body) == {}


@pytest.mark.parametrize(("check", "body", "where"), OUTSIDE)
def test_what_discord_refuses_is_found_where_it_stands(check: Check, body: Any, where: str) -> None:
    assert where in places(check(body))


@pytest.mark.parametrize(
    ("name", "allowed"),
    [
        ("caveat", True),
        ("why-not", True),
        ("it's", True),
        ("größe", True),
        ("名前", True),
        ("ชื่อ", True),
        ("नाम", True),
        ("a1_b", True),
        ("Caveat", False),
        ("ÄRGER", False),
        ("a b", False),
        ("a.b", False),
        ("🌿", False),
        ("", False),
    ],
)
def test_names_of_commands(name: str, allowed: bool) -> None:
    assert is_command_name(name) is allowed


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 30) | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


def replaced(body: Any, choose: Callable[[list[Any]], Any], other: Any) -> Any:
    """Return a body in which something, anywhere in it, is something else."""
    keys: list[Any] = []
    if isinstance(body, dict):
        keys = list(body)
    elif isinstance(body, list):
        keys = list(range(len(body)))
    key = choose([None, *keys])
    if key is None:
        return other
    copy = dict(body) if isinstance(body, dict) else list(body)
    copy[key] = replaced(body[key], choose, other)
    return copy


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_no_body_breaks_a_check(data: st.DataObject) -> None:
    check, body = data.draw(st.sampled_from(INSIDE))
    changed = replaced(body, lambda keys: data.draw(st.sampled_from(keys)), data.draw(JSON))
    for path, found in check(changed).items():
        assert isinstance(path, tuple)
        assert all(code and sentence for code, sentence in found)
