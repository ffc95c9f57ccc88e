"""What is wrong with the answer to an interaction: a message, choices or a modal.

The figures are those of Discord's documentation on receiving and responding.
"""

from __future__ import annotations

from typing import Any

from tests.loopback.checks import Faults, Inspection, Path
from tests.loopback.checks_components import inspect_select
from tests.loopback.checks_messages import inspect_message
from tests.loopback.messages import walk_components
from tests.loopback.problems import Json

_MESSAGE, _DEFERRED_MESSAGE, _DEFERRED_UPDATE, _UPDATE, _CHOICES, _MODAL = 4, 5, 6, 7, 8, 9
_KINDS = (1, _MESSAGE, _DEFERRED_MESSAGE, _DEFERRED_UPDATE, _UPDATE, _CHOICES, _MODAL)
_MESSAGE_KEYS = {
    "tts",
    "content",
    "embeds",
    "allowed_mentions",
    "flags",
    "components",
    "attachments",
    "poll",
}
_ROW, _TEXT_INPUT, _TEXT, _LABEL = 1, 4, 10, 18
_SELECTS = (3, 5, 6, 7, 8)
_INPUT_KEYS = {
    "type",
    "id",
    "custom_id",
    "style",
    "label",
    "min_length",
    "max_length",
    "required",
    "value",
    "placeholder",
}


def check_callback(body: Any) -> Faults:
    """Find what is wrong with the first answer to an interaction."""
    inspection = Inspection()
    if not inspection.object((), body, {"type", "data"}):
        return inspection.faults
    kind, data = body.get("type"), body.get("data")
    if kind not in _KINDS:
        sentence = f"Value must be one of {_KINDS}."
        inspection.add(("type",), "BASE_TYPE_CHOICES", sentence)
    elif kind in (_MESSAGE, _UPDATE):
        if data is None and kind == _MESSAGE:
            inspection.required(("data",))
        elif data is not None and inspection.object(("data",), data, _MESSAGE_KEYS):
            inspect_message(inspection, ("data",), data, is_edit=kind == _UPDATE)
    elif kind == _DEFERRED_MESSAGE and data is not None:
        inspection.object(("data",), data, {"flags"})
    elif kind == _CHOICES:
        _inspect_choices(inspection, ("data",), data)
    elif kind == _MODAL:
        _inspect_modal(inspection, ("data",), data)
    return inspection.faults


def _inspect_choices(inspection: Inspection, path: Path, data: Any) -> None:
    if not inspection.object(path, data, {"choices"}):
        return
    choices = inspection.items((*path, "choices"), data.get("choices"), most=25)
    for number, choice in enumerate(choices):
        inspect_choice(inspection, (*path, "choices", number), choice)


def inspect_choice(inspection: Inspection, path: Path, choice: Any) -> None:
    """Look through a choice of a command's option."""
    if inspection.object(path, choice, {"name", "name_localizations", "value"}):
        inspection.text((*path, "name"), choice.get("name"), least=1, most=100, required=True)
        if choice.get("value") is None:
            inspection.required((*path, "value"))
        elif isinstance(choice["value"], str):
            inspection.text((*path, "value"), choice["value"], most=100)


def _inspect_modal(inspection: Inspection, path: Path, data: Any) -> None:
    if not inspection.object(path, data, {"custom_id", "title", "components"}):
        return
    inspection.text((*path, "custom_id"), data.get("custom_id"), least=1, most=100, required=True)
    inspection.text((*path, "title"), data.get("title"), least=1, most=45, required=True)
    where = (*path, "components")
    components = inspection.items(where, data.get("components"), least=1, most=5)
    for number, component in enumerate(components):
        _inspect_modal_part(inspection, (*where, number), component)
    everything = walk_components([one for one in components if isinstance(one, dict)])
    custom_ids = [one["custom_id"] for one in everything if one.get("custom_id")]
    duplicated = "Component custom id cannot be duplicated"
    inspection.unique(where, custom_ids, "COMPONENT_CUSTOM_ID_DUPLICATED", duplicated)


def _inspect_modal_part(inspection: Inspection, path: Path, component: Any) -> None:
    kind = component.get("type") if isinstance(component, dict) else None
    if kind == _ROW:
        inspection.object(path, component, {"type", "id", "components"})
        inside = inspection.items((*path, "components"), component.get("components"), least=1, most=1)
        for number, one in enumerate(inside):
            _inspect_input(inspection, (*path, "components", number), one, in_label=False)
    elif kind == _LABEL:
        inspection.object(path, component, {"type", "id", "label", "description", "component"})
        inspection.text((*path, "label"), component.get("label"), least=1, most=45, required=True)
        inspection.text((*path, "description"), component.get("description"), most=100)
        _inspect_input(inspection, (*path, "component"), component.get("component"), in_label=True)
    elif kind == _TEXT:
        inspection.object(path, component, {"type", "id", "content"})
        inspection.text((*path, "content"), component.get("content"), least=1, most=4000, required=True)
    else:
        sentence = f'Value of field "type" must be one of ({_ROW}, {_TEXT}, {_LABEL}).'
        inspection.add((*path, "type"), "UNION_TYPE_CHOICES", sentence)


def _inspect_input(inspection: Inspection, path: Path, component: Any, *, in_label: bool) -> None:
    if in_label and isinstance(component, dict) and component.get("type") != _TEXT_INPUT:
        if component.get("type") in _SELECTS:
            inspect_select(inspection, path, component)
        return
    if not inspection.object(path, component, _INPUT_KEYS):
        return
    if component.get("type") != _TEXT_INPUT:
        sentence = f'Value of field "type" must be one of ({_TEXT_INPUT},).'
        inspection.add((*path, "type"), "UNION_TYPE_CHOICES", sentence)
        return
    _inspect_text_input(inspection, path, component, in_label=in_label)


def _inspect_text_input(inspection: Inspection, path: Path, component: Json, *, in_label: bool) -> None:
    inspection.text((*path, "custom_id"), component.get("custom_id"), least=1, most=100, required=True)
    label = component.get("label")
    if not in_label or label is not None:
        inspection.text((*path, "label"), label, least=1, most=45, required=not in_label)
    if component.get("style") not in (1, 2):
        inspection.add((*path, "style"), "BASE_TYPE_CHOICES", "Value must be one of {1, 2}.")
    inspection.text((*path, "value"), component.get("value"), most=4000)
    inspection.text((*path, "placeholder"), component.get("placeholder"), most=100)
    inspection.number((*path, "min_length"), component.get("min_length"), least=0, most=4000)
    inspection.number((*path, "max_length"), component.get("max_length"), least=1, most=4000)
