"""What is wrong with a message's components: rows of buttons and menus, and the newer kinds.

The figures are those of Discord's component reference.
"""

from __future__ import annotations

from typing import Any

from tests.loopback.checks import Inspection, Path
from tests.loopback.messages import walk_components
from tests.loopback.problems import Json

ROW, BUTTON, TEXT_SELECT, SECTION, TEXT, THUMBNAIL, GALLERY, FILE, SEPARATOR, CONTAINER = (
    1, 2, 3, 9, 10, 11, 12, 13, 14, 17,
)  # fmt: skip
SELECTS = (3, 5, 6, 7, 8)
LINK_STYLE, PREMIUM_STYLE = 5, 6
MOST_ROWS, MOST_BUTTONS, MOST_COMPONENTS, MOST_TEXT = 5, 5, 40, 4000

_BASE = {"type", "id"}
_SELECT = _BASE | {"custom_id", "placeholder", "min_values", "max_values", "disabled", "required"}
KEYS: dict[int, set[str]] = {
    ROW: _BASE | {"components"},
    BUTTON: _BASE | {"style", "label", "emoji", "custom_id", "url", "sku_id", "disabled"},
    TEXT_SELECT: _SELECT | {"options"},
    5: _SELECT | {"default_values"},
    6: _SELECT | {"default_values"},
    7: _SELECT | {"default_values"},
    8: _SELECT | {"default_values", "channel_types"},
    SECTION: _BASE | {"components", "accessory"},
    TEXT: _BASE | {"content"},
    THUMBNAIL: _BASE | {"media", "description", "spoiler"},
    GALLERY: _BASE | {"items"},
    FILE: _BASE | {"file", "spoiler", "name", "size"},
    SEPARATOR: _BASE | {"divider", "spacing"},
    CONTAINER: _BASE | {"components", "accent_color", "spoiler"},
}
_IN_CONTAINER = (ROW, SECTION, TEXT, GALLERY, FILE, SEPARATOR)
_AT_TOP = (*_IN_CONTAINER, CONTAINER)


def check_components(inspection: Inspection, path: Path, components: Any, *, newer: bool | None) -> None:
    """Look through a message's components.

    Args:
        inspection: takes the faults.
        path: where they stand in the body.
        components: the list.
        newer: whether the message has the flag for components v2; none where the body does not say.
    """
    top = inspection.items(path, components, most=MOST_ROWS if newer is False else MOST_COMPONENTS)
    allowed = (ROW,) if newer is False else _AT_TOP
    for number, component in enumerate(top):
        _inspect(inspection, (*path, number), component, allowed)
    everything = walk_components([one for one in top if isinstance(one, dict)])
    if len(everything) > MOST_COMPONENTS and newer is not False:
        sentence = f"The total number of components exceeds the maximum of {MOST_COMPONENTS}."
        inspection.add(path, "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED", sentence)
    written = [one["content"] for one in everything if isinstance(one.get("content"), str)]
    if sum(map(len, written)) > MOST_TEXT:
        sentence = f"The displayable text exceeds the maximum of {MOST_TEXT}."
        inspection.add(path, "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", sentence)
    custom_ids = [one["custom_id"] for one in everything if one.get("custom_id")]
    duplicated = "Component custom id cannot be duplicated"
    inspection.unique(path, custom_ids, "COMPONENT_CUSTOM_ID_DUPLICATED", duplicated)
    ids = [one["id"] for one in everything if one.get("id")]
    inspection.unique(path, ids, "COMPONENT_ID_DUPLICATED", "Component id cannot be duplicated")


def _inspect(inspection: Inspection, path: Path, component: Any, allowed: tuple[int, ...]) -> None:
    kind = component.get("type") if isinstance(component, dict) else None
    if kind not in allowed:
        choices = ", ".join(map(str, allowed))
        sentence = f'Value of field "type" must be one of ({choices}).'
        inspection.add((*path, "type"), "UNION_TYPE_CHOICES", sentence)
        return
    inspection.object(path, component, KEYS[kind])
    if kind == ROW:
        _inspect_row(inspection, path, component)
    elif kind == SECTION:
        _inspect_section(inspection, path, component)
    elif kind == CONTAINER:
        inside = inspection.items((*path, "components"), component.get("components"), least=1, most=40)
        for number, one in enumerate(inside):
            _inspect(inspection, (*path, "components", number), one, _IN_CONTAINER)
        inspection.number((*path, "accent_color"), component.get("accent_color"), least=0, most=0xFFFFFF)
    elif kind == GALLERY:
        inspection.items((*path, "items"), component.get("items"), least=1, most=10)
    elif kind == TEXT:
        content = component.get("content")
        inspection.text((*path, "content"), content, least=1, most=MOST_TEXT, required=True)


def _inspect_row(inspection: Inspection, path: Path, row: Json) -> None:
    inside = inspection.items((*path, "components"), row.get("components"), least=1, most=MOST_BUTTONS)
    kinds = [one.get("type") if isinstance(one, dict) else None for one in inside]
    if any(kind in SELECTS for kind in kinds) and len(kinds) > 1:
        sentence = "A menu takes a row of its own."
        inspection.add((*path, "components"), "COMPONENT_LAYOUT_WIDTH_EXCEEDED", sentence)
    for number, one in enumerate(inside):
        where = (*path, "components", number)
        _inspect(inspection, where, one, (BUTTON, *SELECTS))
        if kinds[number] == BUTTON:
            inspect_button(inspection, where, one)
        elif kinds[number] in SELECTS:
            inspect_select(inspection, where, one)


def _inspect_section(inspection: Inspection, path: Path, section: Json) -> None:
    inside = inspection.items((*path, "components"), section.get("components"), least=1, most=3)
    for number, one in enumerate(inside):
        _inspect(inspection, (*path, "components", number), one, (TEXT,))
    accessory, where = section.get("accessory"), (*path, "accessory")
    if accessory is None:
        inspection.required(where)
        return
    _inspect(inspection, where, accessory, (BUTTON, THUMBNAIL))
    if isinstance(accessory, dict) and accessory.get("type") == BUTTON:
        inspect_button(inspection, where, accessory)


def inspect_button(inspection: Inspection, path: Path, button: Json) -> None:
    """Look through a button."""
    style = button.get("style")
    if style not in range(1, 7):
        sentence = "Value must be one of {1, 2, 3, 4, 5, 6}."
        inspection.add((*path, "style"), "BASE_TYPE_CHOICES", sentence)
        return
    inspection.text((*path, "label"), button.get("label"), most=80)
    if style != PREMIUM_STYLE and not button.get("label") and not button.get("emoji"):
        inspection.add(path, "BUTTON_COMPONENT_INVALID", "A button needs a label or an emoji.")
    needed = "url" if style == LINK_STYLE else "sku_id" if style == PREMIUM_STYLE else "custom_id"
    for key in ("custom_id", "url", "sku_id"):
        if key != needed and button.get(key) is not None:
            sentence = f"A button of style {style} has no {key}."
            inspection.add((*path, key), "BUTTON_COMPONENT_INVALID", sentence)
    longest = 512 if needed == "url" else 100
    inspection.text((*path, needed), _as_text(button.get(needed)), least=1, most=longest, required=True)


def inspect_select(inspection: Inspection, path: Path, select: Json) -> None:
    """Look through a select menu."""
    inspection.text((*path, "custom_id"), select.get("custom_id"), least=1, most=100, required=True)
    inspection.text((*path, "placeholder"), select.get("placeholder"), most=150)
    inspection.number((*path, "min_values"), select.get("min_values"), least=0, most=25)
    inspection.number((*path, "max_values"), select.get("max_values"), least=1, most=25)
    if select.get("type") != TEXT_SELECT:
        return
    options = inspection.items((*path, "options"), select.get("options"), least=1, most=25)
    for number, option in enumerate(options):
        where = (*path, "options", number)
        if inspection.object(where, option, {"label", "value", "description", "emoji", "default"}):
            for key in ("label", "value"):
                inspection.text((*where, key), option.get(key), least=1, most=100, required=True)
            inspection.text((*where, "description"), option.get("description"), most=100)
    values = [option.get("value") for option in options if isinstance(option, dict)]
    duplicated = "The specified option value is already used"
    inspection.unique((*path, "options"), values, "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", duplicated)


def _as_text(value: Any) -> Any:
    return str(value) if isinstance(value, int) else value
