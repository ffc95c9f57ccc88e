"""Forms that moderators fill in. What is sent back is read from Discord's data, so that a restart between
opening and sending loses nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal

import discord
from msgspec import Struct

from bot.gateway.rendering import length, shortened
from bot.moderation.changes import AddExample
from bot.moderation.moderation import LONGEST_WHY
from bot.rulebook.check import check
from bot.rulebook.model import FiringExample, SilentExample, TodoExample

FORM_LIMIT = 4000
"""Characters that a field of a form takes."""
TITLE_LIMIT = 45
"""Characters that Discord takes in a form's title."""
EXAMPLE_LIMIT = 400
"""Characters of an example and of its reason."""

Kind = Literal["fires", "silent", "todo-fires", "todo-silent"]
KINDS: Mapping[str, str] = {
    "fires": "must be answered by this rule",
    "silent": "must not be answered by it",
    "todo-fires": "should be answered and is not yet",
    "todo-silent": "should not be answered and still is",
}
"""The kinds of examples, as they are offered."""

_FORM_ID = re.compile(
    r"caveat:form:(?:(?P<text>rule|overlay):(?P<seen>\d*):(?P<rule>[a-z0-9-]*)"
    r"|example:(?P<kind>[a-z-]+):(?P<of>[a-z0-9-]+)|(?P<lines>emergency))"
)

TEMPLATE = """- id: what-it-says
  family: {family}
  status: live
  phrases:
    - "{phrase}"
  examples:
    fires:
      - a message that must be answered
    silent:
      - {{text: a message that must not be answered, because: why not}}
"""


class Submitted(Struct, frozen=True):
    """A form that was sent.

    Args:
        about: "rule", "overlay", "example" or "emergency".
        values: what was typed, by field.
        seen: the number of the version that was seen when it was opened; None: the newest is meant.
        rule: the id of the rule; empty for a new one.
        kind: the kind of example.
    """

    about: str
    values: Mapping[str, str]
    seen: int | None = None
    rule: str = ""
    kind: str = ""


def fits(text: str) -> bool:
    """Tell whether a text fits into a form."""
    return length(text) <= FORM_LIMIT


def text_form(
    about: Literal["rule", "overlay"], text: str, *, rule: str = "", seen: int | None, why: str = ""
) -> discord.ui.Modal:
    """Make the form that holds YAML.

    Args:
        about: one rule, or all changes of the server.
        text: the YAML.
        rule: the id of the rule; empty for a new one.
        seen: the number of the version that the moderator sees; None: the newest.
        why: the reason, where one was typed already.

    Returns:
        the form.
    """
    title = rule or ("A new rule" if about == "rule" else "All changes of this server")
    form = _form(title, f"{about}:{'' if seen is None else seen}:{rule}")
    form.add_item(_field("The YAML, as in rules/claims/", "text", text, most=FORM_LIMIT, long=True))
    form.add_item(_field("Why? (for the history)", "why", why, most=LONGEST_WHY, required=False))
    return form


def example_form(example: AddExample) -> discord.ui.Modal:
    """Make the form that holds an example, as it was typed before."""
    given = example.example
    form = _form(f"An example for {example.rule}", f"example:{kind_of(example)}:{example.rule}")
    form.add_item(_field("The message", "message", given.text, most=EXAMPLE_LIMIT, long=True))
    because = getattr(given, "because", "")
    form.add_item(_field("Why must it stay silent?", "because", because, most=EXAMPLE_LIMIT, required=False))
    context = given.context[0] if given.context else ""
    form.add_item(
        _field("The message just before", "context", context, most=EXAMPLE_LIMIT, required=False, long=True)
    )
    return form


def emergency_form(lines: tuple[str, ...]) -> discord.ui.Modal:
    """Make the form that holds a server's own emergency lines, one a line."""
    form = _form("Emergency lines of this server", "emergency")
    form.add_item(
        _field(
            "Up to 3 lines; empty: those of the rules",
            "text",
            "\n".join(lines),
            most=1300,
            required=False,
            long=True,
        )
    )
    return form


def submitted(data: Mapping[str, Any]) -> Submitted | None:
    """Read what was sent.

    Args:
        data: the data of the interaction, as Discord sends it.

    Returns:
        the form; None where it is none of these.
    """
    match = _FORM_ID.fullmatch(str(data.get("custom_id")))
    if match is None:
        return None
    values = dict(_values(data.get("components")))
    if match["text"]:
        seen = int(match["seen"]) if match["seen"] else None
        return Submitted(match["text"], values, seen, match["rule"])
    if match["kind"]:
        return Submitted("example", values, rule=match["of"], kind=match["kind"])
    return Submitted("emergency", values)


def example_of(rule: str, kind: str, *, message: str, because: str, context: str) -> AddExample:
    """Make the change that adds an example.

    Args:
        rule: the id of the rule.
        kind: one of `KINDS`.
        message: the example.
        because: why it must stay silent.
        context: the message just before; may be empty.

    Raises:
        ValueError: it cannot be read as an example; the message says why.
    """
    before = (context.strip(),) if context.strip() else ()
    if kind == "fires":
        return AddExample(rule, check(FiringExample, {"text": message, "context": before}))
    if kind == "silent":
        if not because.strip():
            raise ValueError("Say in `because` why it must stay silent, for the moderator who comes after.")
        return AddExample(
            rule, check(SilentExample, {"text": message, "because": because, "context": before})
        )
    want: Literal["fires", "silent"] = "fires" if kind == "todo-fires" else "silent"
    return AddExample(rule, check(TodoExample, {"text": message, "want": want, "context": before}))


def kind_of(example: AddExample) -> str:
    """The kind of an example, one of `KINDS`."""
    given = example.example
    if isinstance(given, TodoExample):
        return f"todo-{given.want}"
    return "fires" if isinstance(given, FiringExample) else "silent"


def example_from_draft(rule: str, text: str) -> AddExample | None:
    """Read an example that `typed_text` wrote into a draft; None where it is none."""
    try:
        kept = json.loads(text)
        (section, given), *_ = kept.items()
        kind = f"todo-{given['want']}" if section == "todo" else section
        return example_of(
            rule,
            kind,
            message=given["text"],
            because=given.get("because", ""),
            context=next(iter(given.get("context", ())), ""),
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _form(title: str, form_id: str) -> discord.ui.Modal:
    return discord.ui.Modal(
        title=shortened(title, limit=TITLE_LIMIT), custom_id=f"caveat:form:{form_id}", timeout=None
    )


def _field(
    label: str, name: str, value: str, *, most: int, required: bool = True, long: bool = False
) -> discord.ui.TextInput[Any]:
    style = discord.TextStyle.paragraph if long else discord.TextStyle.short
    shown = value if long else " ".join(value.split())
    return discord.ui.TextInput(
        label=label,
        custom_id=name,
        style=style,
        default=shortened(shown, limit=most) or None,
        max_length=most,
        required=required,
    )


def _values(components: object) -> Iterator[tuple[str, str]]:
    """Give what was typed, by field, in whatever rows or labels the fields lie."""
    for component in components if isinstance(components, list) else ():
        if isinstance(component, dict):
            if isinstance(component.get("custom_id"), str) and isinstance(component.get("value"), str):
                yield component["custom_id"], component["value"]
            yield from _values(component.get("components"))
            yield from _values([component.get("component")])
