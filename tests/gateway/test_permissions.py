"""The invite link asks for what is needed and for nothing else."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import discord

from bot.gateway.client import needed_intents
from bot.gateway.permissions import NEEDED_PERMISSIONS, invite_link, needed_permissions


def test_the_link_names_the_application_its_permissions_and_scopes() -> None:
    link = urlsplit(invite_link(123456789012345678))
    query = parse_qs(link.query)
    assert (link.scheme, link.hostname, link.path) == ("https", "discord.com", "/oauth2/authorize")
    assert query["client_id"] == ["123456789012345678"]
    assert query["scope"] == ["bot applications.commands"]
    assert discord.Permissions(int(query["permissions"][0])) == needed_permissions()


def test_the_permissions_are_these_five_each_with_its_reason() -> None:
    asked = {name for name, is_asked in needed_permissions() if is_asked}
    # discord.py knows View Channels by two names, of which it lists the older one.
    assert asked == {
        "read_messages",
        "send_messages",
        "send_messages_in_threads",
        "embed_links",
        "read_message_history",
    }
    assert all(permission.reason for permission in NEEDED_PERMISSIONS)
    assert len({permission.label for permission in NEEDED_PERMISSIONS}) == len(asked)


def test_the_only_privileged_intent_is_message_content() -> None:
    asked = {name for name, is_asked in needed_intents() if is_asked}
    assert asked == {"guilds", "guild_messages", "message_content"}
