"""What a member writes into a modal, as the interaction carries it."""

from __future__ import annotations

from collections.abc import Mapping

from tests.loopback.messages import walk_components
from tests.loopback.problems import Json

TEXT_INPUT = 4
SELECTS = (3, 5, 6, 7, 8)
LONGEST_INPUT = 4000


def submission(modal: Json, values: Mapping[str, str]) -> Json:
    """Write the data of a modal's submission.

    Args:
        modal: as the bot sent it.
        values: what is written, by the custom id of each input.

    Returns:
        the interaction's data.

    Raises:
        LookupError: the modal has no such input.
        ValueError: Discord would not let this be sent.
    """
    inputs = {str(one["custom_id"]) for one in walk_components(modal["components"]) if "custom_id" in one}
    strange = set(values) - inputs
    if strange:
        raise LookupError(f"the modal has no input {sorted(strange)}; there are {sorted(inputs)}")
    components = [_filled(component, values) for component in modal["components"]]
    return {"custom_id": modal["custom_id"], "components": components}


def _filled(component: Json, values: Mapping[str, str]) -> Json:
    filled: Json = {"type": component["type"], "id": component.get("id", 0)}
    if "components" in component:
        return {**filled, "components": [_filled(inside, values) for inside in component["components"]]}
    if "component" in component:
        return {**filled, "component": _filled(component["component"], values)}
    if component["type"] == TEXT_INPUT:
        return {**filled, "custom_id": component["custom_id"], "value": _text(component, values)}
    if component["type"] in SELECTS:
        chosen = values.get(component["custom_id"])
        return {**filled, "custom_id": component["custom_id"], "values": [chosen] if chosen else []}
    return filled


def _text(component: Json, values: Mapping[str, str]) -> str:
    name = component["custom_id"]
    text = values.get(name, component.get("value") or "")
    if not text and component.get("required", True):
        raise ValueError(f"the input {name!r} has to be filled in")
    smallest, biggest = component.get("min_length") or 0, component.get("max_length") or LONGEST_INPUT
    if text and not smallest <= len(text) <= biggest:
        raise ValueError(f"the input {name!r} takes {smallest} to {biggest} characters")
    return text
