"""Routes with which a bot answers interactions: the callback, its message, and follow-ups."""

from __future__ import annotations

import asyncio

from tests.loopback.checks_interactions import check_callback
from tests.loopback.checks_messages import check_message, check_message_edit
from tests.loopback.interaction_payloads import callback_payload, metadata
from tests.loopback.interactions import CallbackKind, Interaction, InteractionKind
from tests.loopback.messages import Message, MessageFlag, MessageKind
from tests.loopback.payloads import message_payload
from tests.loopback.problems import ApiError, Json, invalid_form, unknown
from tests.loopback.rest import Answer, Call, Endpoint
from tests.loopback.rest_messages import (
    apply_edit,
    compose,
    numbered,
    require_content,
    set_allowed_mentions,
)
from tests.loopback.world import answer

_FITTING = {
    InteractionKind.COMMAND: (CallbackKind.MESSAGE, CallbackKind.DEFERRED_MESSAGE, CallbackKind.MODAL),
    InteractionKind.COMPONENT: tuple(set(CallbackKind) - {CallbackKind.PONG, CallbackKind.AUTOCOMPLETE}),
    InteractionKind.AUTOCOMPLETE: (CallbackKind.AUTOCOMPLETE,),
    InteractionKind.MODAL_SUBMIT: (
        CallbackKind.MESSAGE,
        CallbackKind.DEFERRED_MESSAGE,
        CallbackKind.DEFERRED_UPDATE,
        CallbackKind.UPDATE,
    ),
}


def interaction_endpoints() -> list[Endpoint]:
    """Return the routes; a token in the path stands for the bot's own."""
    callback = "/interactions/{interaction_id}/{interaction_token}/callback"
    webhook = "/webhooks/{webhook_id}/{webhook_token}"
    endpoints = [
        Endpoint("POST", callback, _callback, check_callback, needs_token=False),
        Endpoint("POST", webhook, _follow_up, check_message, needs_token=False),
    ]
    for message in ("@original", "{message_id}"):
        route = f"{webhook}/messages/{message}"
        endpoints += [
            Endpoint("GET", route, _get, needs_token=False),
            Endpoint("PATCH", route, _edit, check_message_edit, needs_token=False),
            Endpoint("DELETE", route, _delete, needs_token=False),
        ]
    return endpoints


async def _callback(call: Call) -> Answer:
    interaction = call.discord.interactions.by_token(call.parameters["interaction_token"])
    if interaction is None or interaction.expired or interaction.id != call.number("interaction_id"):
        raise unknown("interaction")
    if interaction.answered_with is not None:
        raise ApiError(400, 40060, "Interaction has already been acknowledged.")
    kind = CallbackKind(int(call.body["type"]))
    if kind not in _FITTING[interaction.kind]:
        fault = ("UNION_TYPE_CHOICES", f"An interaction of type {interaction.kind} cannot be answered so.")
        raise invalid_form({("type",): [fault]})
    message = _carry_out(call, interaction, kind, call.body.get("data") or {})
    interaction.answered_with = kind
    interaction.answered_after = asyncio.get_running_loop().time() - interaction.began
    interaction.answered.set()
    if kind is not CallbackKind.DEFERRED_MESSAGE:
        interaction.settled.set()
    if call.query.get("with_response") in {"1", "true"}:
        return Answer(callback_payload(interaction, message))
    return Answer()


def _carry_out(call: Call, interaction: Interaction, kind: CallbackKind, data: Json) -> Message | None:
    if kind in {CallbackKind.MESSAGE, CallbackKind.DEFERRED_MESSAGE}:
        interaction.message = _post(call, interaction, data, loading=kind is CallbackKind.DEFERRED_MESSAGE)
        return interaction.message
    if kind is CallbackKind.AUTOCOMPLETE:
        interaction.choices = list(data.get("choices") or [])
    elif kind is CallbackKind.MODAL:
        interaction.modal = {**data, "components": numbered(data["components"])}
    elif interaction.source is not None:
        interaction.message = interaction.source
        if kind is CallbackKind.UPDATE:
            _change(call, interaction.source, data)
        return interaction.source
    return None


def _post(call: Call, interaction: Interaction, data: Json, *, loading: bool = False) -> Message:
    world = call.discord.world
    if loading:
        message = Message(world.make_id(), interaction.channel, world.bot, "", world.now())
        message.application_id = call.discord.application_id
        message.flags = MessageFlag.LOADING | (MessageFlag(data.get("flags") or 0) & MessageFlag.EPHEMERAL)
    else:
        message = compose(call, interaction.channel, data)
        set_allowed_mentions(call, message, data)
    message.webhook_id = call.discord.application_id
    message.interaction_metadata = metadata(interaction)
    message.interaction_token = interaction.token
    message.shown_to = interaction.member.user if message.is_ephemeral else None
    if interaction.source is not None:
        answer(message, interaction.source)
    elif interaction.data.get("target_id"):
        message.kind = MessageKind.CONTEXT_MENU_COMMAND
    else:
        message.kind = MessageKind.SLASH_COMMAND
    return world.post(message)


def _change(call: Call, message: Message, body: Json) -> None:
    apply_edit(call, message, body)
    message.edited_at = call.discord.world.now()
    call.discord.world.announce_message("MESSAGE_UPDATE", message)


def _answered(call: Call) -> Interaction:
    if call.number("webhook_id") != call.discord.application_id:
        raise unknown("Webhook")
    interaction = call.discord.interactions.by_token(call.parameters["webhook_token"])
    if interaction is None:
        raise ApiError(401, 50027, "Invalid Webhook Token")
    if interaction.answered_with is None:
        raise unknown("Webhook")
    return interaction


async def _follow_up(call: Call) -> Answer:
    interaction = _answered(call)
    thinking = interaction.message
    if thinking is not None and MessageFlag.LOADING in thinking.flags:
        _fill(call, interaction, thinking, call.body)
        return Answer(message_payload(thinking))
    message = _post(call, interaction, call.body)
    if interaction.message is not None and interaction.source is None:
        answer(message, interaction.message)
    interaction.followups.append(message)
    call.discord.recorder.stir()
    return Answer(message_payload(message))


def _fill(call: Call, interaction: Interaction, message: Message, body: Json) -> None:
    wanted = MessageFlag(int(body.get("flags") or 0)) & MessageFlag.IS_COMPONENTS_V2
    message.flags = (message.flags & ~MessageFlag.LOADING) | wanted
    _change(call, message, body)
    require_content(message, body)
    interaction.settled.set()


def _named(call: Call) -> tuple[Interaction, Message]:
    interaction = _answered(call)
    if "message_id" not in call.parameters:
        message = interaction.message
    else:
        asked = call.number("message_id")
        own = [one for one in (interaction.message, *interaction.followups) if one is not None]
        message = next((one for one in own if one.id == asked), None)
    if message is None or message.deleted:
        raise unknown("Message")
    return interaction, message


async def _get(call: Call) -> Answer:
    return Answer(message_payload(_named(call)[1]))


async def _edit(call: Call) -> Answer:
    interaction, message = _named(call)
    if MessageFlag.LOADING in message.flags:
        _fill(call, interaction, message, call.body or {})
    else:
        _change(call, message, call.body or {})
    return Answer(message_payload(message))


async def _delete(call: Call) -> Answer:
    _, message = _named(call)
    call.discord.world.forget_messages(message.channel, [message])
    return Answer()
