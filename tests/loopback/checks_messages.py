"""What is wrong with a message: text, embeds, mentions, reference, attachments.

The figures are those of Discord's documentation on messages, embeds and allowed mentions.
"""

from __future__ import annotations

import re
from typing import Any

from tests.loopback.checks import Faults, Inspection, Path
from tests.loopback.checks_components import check_components
from tests.loopback.messages import MessageFlag
from tests.loopback.problems import Json

LONGEST_CONTENT = 2000
MOST_EMBEDS = 10
MOST_EMBED_CHARACTERS = 6000
LONGEST_NONCE = 25

_EDITABLE = {"content", "embeds", "flags", "allowed_mentions", "components", "attachments"}
# discord.py writes `tts` into every body, also into edits, where Discord leaves it aside.
_EDIT_KEYS = _EDITABLE | {"tts", "sticker_ids", "poll"}
_KEYS = _EDITABLE | {
    "tts",
    "sticker_ids",
    "poll",
    "nonce",
    "enforce_nonce",
    "message_reference",
    "username",
    "avatar_url",
    "thread_name",
    "applied_tags",
}
_EMBED_KEYS = {
    "title",
    "type",
    "description",
    "url",
    "timestamp",
    "color",
    "footer",
    "image",
    "thumbnail",
    "video",
    "provider",
    "author",
    "fields",
    "flags",
}
_EMBED_PARTS: dict[str, tuple[set[str], dict[str, tuple[int, bool]]]] = {
    "footer": ({"text", "icon_url", "proxy_icon_url"}, {"text": (2048, True)}),
    "author": ({"name", "url", "icon_url", "proxy_icon_url"}, {"name": (256, True)}),
    "image": ({"url", "proxy_url", "height", "width"}, {}),
    "thumbnail": ({"url", "proxy_url", "height", "width"}, {}),
}
_MENTION_KINDS = ("users", "roles", "everyone")
LONGEST_DESCRIPTION = 1024
"""How many characters the description of a file may have."""
_LINK = re.compile(r"(?:https?|attachment|discord)://\S+")


def check_message(body: Any) -> Faults:
    """Find what is wrong with a new message."""
    inspection = Inspection()
    if inspection.object((), body, _KEYS):
        inspect_message(inspection, (), body, is_edit=False)
        inspection.text(("nonce",), _as_text(body.get("nonce")), most=LONGEST_NONCE)
        reference = body.get("message_reference")
        if reference is not None:
            _inspect_reference(inspection, ("message_reference",), reference)
    return inspection.faults


def check_message_edit(body: Any) -> Faults:
    """Find what is wrong with the change of a message."""
    inspection = Inspection()
    if inspection.object((), body, _EDIT_KEYS):
        inspect_message(inspection, (), body, is_edit=True)
    return inspection.faults


def check_bulk_delete(body: Any) -> Faults:
    """Find what is wrong with a list of messages to delete."""
    inspection = Inspection()
    if inspection.object((), body, {"messages"}):
        ids = inspection.items(("messages",), body.get("messages"), least=2, most=100)
        inspection.unique(("messages",), ids, "SET_TYPE_ALREADY_CONTAINS_VALUE", "No message twice.")
    return inspection.faults


def check_private_channel(body: Any) -> Faults:
    """Find what is wrong with the request for a direct-message channel."""
    inspection = Inspection()
    if inspection.object((), body, {"recipient_id"}):
        snowflake(inspection, ("recipient_id",), body.get("recipient_id"))
    return inspection.faults


def inspect_message(inspection: Inspection, path: Path, body: Json, *, is_edit: bool) -> None:
    """Look through the parts that all messages share.

    Args:
        inspection: takes the faults.
        path: where the message stands in the body.
        body: the message.
        is_edit: whether it changes one that stands; its kind of components is then not in the body.
    """
    inspection.text((*path, "content"), body.get("content"), most=LONGEST_CONTENT)
    _inspect_embeds(inspection, (*path, "embeds"), body.get("embeds"))
    for number, file in enumerate(inspection.items((*path, "attachments"), body.get("attachments"), most=10)):
        described = file.get("description") if isinstance(file, dict) else None
        inspection.text((*path, "attachments", number, "description"), described, most=LONGEST_DESCRIPTION)
    if body.get("allowed_mentions") is not None:
        _inspect_mentions(inspection, (*path, "allowed_mentions"), body["allowed_mentions"])
    inspection.number((*path, "flags"), body.get("flags"), least=0, most=(1 << 31) - 1)
    flags = body.get("flags")
    newer: bool | None = bool((flags if isinstance(flags, int) else 0) & MessageFlag.IS_COMPONENTS_V2)
    if is_edit and flags is None:
        newer = None
    if newer:
        for key in ("content", "embeds", "poll", "sticker_ids"):
            if body.get(key):
                code = "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2"
                inspection.add((*path, key), code, f"The {key!r} field cannot be used with components v2.")
    components = (*path, "components")
    check_components(inspection, components, body.get("components"), newer=newer)


def snowflake(inspection: Inspection, path: Path, value: Any) -> None:
    """Check that a value is an id; discord.py writes ids as numbers too, which Discord takes."""
    if value is None:
        inspection.required(path)
    elif isinstance(value, bool) or not re.fullmatch(r"\d{1,20}", str(value)):
        inspection.add(path, "NUMBER_TYPE_COERCE", f'Value "{value}" is not snowflake.')


def _inspect_embeds(inspection: Inspection, path: Path, embeds: Any) -> None:
    total = 0
    for number, embed in enumerate(inspection.items(path, embeds, most=MOST_EMBEDS)):
        where = (*path, number)
        if inspection.object(where, embed, _EMBED_KEYS):
            _inspect_embed(inspection, where, embed)
            total += _characters(embed)
    if total > MOST_EMBED_CHARACTERS:
        sentence = f"Embed size exceeds maximum size of {MOST_EMBED_CHARACTERS}"
        inspection.add(path, "MAX_EMBED_SIZE_EXCEEDED", sentence)


def _inspect_embed(inspection: Inspection, path: Path, embed: Json) -> None:
    inspection.text((*path, "title"), embed.get("title"), most=256)
    inspection.text((*path, "description"), embed.get("description"), most=4096)
    inspection.number((*path, "color"), embed.get("color"), least=0, most=0xFFFFFF)
    _inspect_link(inspection, (*path, "url"), embed.get("url"))
    for name, (keys, texts) in _EMBED_PARTS.items():
        part = embed.get(name)
        if part is None or not inspection.object((*path, name), part, keys):
            continue
        for key, (most, required) in texts.items():
            inspection.text((*path, name, key), part.get(key), least=1, most=most, required=required)
        for key in ("url", "icon_url"):
            _inspect_link(inspection, (*path, name, key), part.get(key))
    fields = inspection.items((*path, "fields"), embed.get("fields"), most=25)
    for number, one in enumerate(fields):
        where = (*path, "fields", number)
        if inspection.object(where, one, {"name", "value", "inline"}):
            inspection.text((*where, "name"), one.get("name"), least=1, most=256, required=True)
            inspection.text((*where, "value"), one.get("value"), least=1, most=1024, required=True)
    if not (_characters(embed) or embed.get("image") or embed.get("thumbnail")):
        inspection.add(path, "BASE_TYPE_REQUIRED", "An embed needs something in it.")


def _inspect_link(inspection: Inspection, path: Path, link: Any) -> None:
    if link is None:
        return
    if not isinstance(link, str) or not _LINK.fullmatch(link):
        inspection.add(path, "URL_TYPE_INVALID_URL", "Not a well formed URL.")
    elif len(link) > 2048:
        inspection.add(path, "BASE_TYPE_MAX_LENGTH", "Must be 2048 or fewer in length.")


def _characters(embed: Json) -> int:
    texts = [embed.get("title"), embed.get("description")]
    for part, key in (("footer", "text"), ("author", "name")):
        inside = embed.get(part)
        texts.append(inside.get(key) if isinstance(inside, dict) else None)
    fields = embed.get("fields")
    for one in fields if isinstance(fields, list) else []:
        texts += [one.get("name"), one.get("value")] if isinstance(one, dict) else []
    return sum(len(text.strip()) for text in texts if isinstance(text, str))


def _inspect_mentions(inspection: Inspection, path: Path, mentions: Any) -> None:
    if not inspection.object(path, mentions, {"parse", "users", "roles", "replied_user"}):
        return
    parse = inspection.items((*path, "parse"), mentions.get("parse"), most=len(_MENTION_KINDS))
    for number, kind in enumerate(parse):
        if kind not in _MENTION_KINDS:
            sentence = f"Value must be one of {set(_MENTION_KINDS)}."
            inspection.add((*path, "parse", number), "BASE_TYPE_CHOICES", sentence)
    for kind in ("users", "roles"):
        named = inspection.items((*path, kind), mentions.get(kind), most=100)
        for number, one in enumerate(named):
            snowflake(inspection, (*path, kind, number), one)
        if named and kind in parse:
            sentence = f'parse:["{kind}"] and {kind}: [ids...] are mutually exclusive.'
            inspection.add(path, "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", sentence)
    if not isinstance(mentions.get("replied_user"), bool | None):
        inspection.add((*path, "replied_user"), "BOOLEAN_TYPE_CONVERT", "Must be either true or false.")


def _inspect_reference(inspection: Inspection, path: Path, reference: Any) -> None:
    known = {"type", "message_id", "channel_id", "guild_id", "fail_if_not_exists"}
    if inspection.object(path, reference, known):
        snowflake(inspection, (*path, "message_id"), reference.get("message_id"))
        inspection.number((*path, "type"), reference.get("type"), least=0, most=0)


def _as_text(nonce: Any) -> Any:
    return str(nonce) if isinstance(nonce, int) else nonce
