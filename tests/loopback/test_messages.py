"""Messages, their events and what may be done with them, through the real client."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import discord
import pytest
from jsonschema import Draft202012Validator

from tests.loopback import Channel, Guild, LoopbackDiscord, Member, Permission
from tests.loopback.conftest import Client, Connect
from tests.loopback.schema import PUBLISHED


@pytest.fixture
def guild(loopback: LoopbackDiscord) -> Guild:
    return loopback.create_guild("Leaf Lounge")


@pytest.fixture
def channel(guild: Guild) -> Channel:
    return guild.create_channel("general")


@pytest.fixture
def ana(guild: Guild) -> Member:
    return guild.create_member("ana")


def in_client(client: Client, channel: Channel) -> discord.TextChannel:
    found = client.get_channel(channel.id)
    assert isinstance(found, discord.TextChannel)
    return found


async def test_a_message_makes_the_round_trip(
    loopback: LoopbackDiscord, connect: Connect, channel: Channel, ana: Member
) -> None:
    client = await connect()
    waiting = client.expect("message")
    question = ana.say(channel, "does it help?")
    heard: discord.Message = await waiting
    assert (heard.content, heard.author.name, heard.author.bot) == ("does it help?", "ana", False)
    assert heard.created_at.tzinfo is not None
    assert isinstance(heard.author, discord.Member)
    sent = await heard.reply("not proven", mention_author=False)
    reply = await loopback.wait_for_reply(question)
    assert (reply.content, reply.id, reply.pings_nobody) == ("not proven", sent.id, True)
    assert sent.type is discord.MessageType.reply
    assert sent.application_id == loopback.application_id
    assert loopback.violations == []


async def test_everything_a_bot_sends_is_taken(
    loopback: LoopbackDiscord, connect: Connect, channel: Channel, ana: Member
) -> None:
    client = await connect()
    embed = discord.Embed(
        title="Caveat", description="Not proven.", colour=0x336699, url="https://example.org"
    )
    embed.add_field(name="Source", value="A review", inline=False)
    embed.set_footer(text="General information")
    embed.set_author(name="Caveat", url="https://example.org")
    embed.set_thumbnail(url="https://example.org/leaf.png")
    view = discord.ui.View(timeout=None)
    view.add_item(discord.ui.Button(label="Helpful", custom_id="helpful"))
    view.add_item(discord.ui.Button(label="Source", url="https://example.org/source"))
    view.add_item(discord.ui.Select(custom_id="why", options=[discord.SelectOption(label="a", value="1")]))
    room = in_client(client, channel)
    message = ana.say(channel, "claim")
    reference = discord.MessageReference(
        message_id=message.id, channel_id=channel.id, fail_if_not_exists=False
    )
    sent = await room.send(
        "hello",
        embed=embed,
        view=view,
        reference=reference,
        allowed_mentions=discord.AllowedMentions.none(),
        silent=True,
        nonce="abc",
        file=discord.File(io.BytesIO(b"leaf"), "leaf.txt"),
    )
    standing = channel.stored[sent.id]
    assert [button["label"] for button in standing.buttons] == ["Helpful", "Source"]
    assert standing.attachments[0]["filename"] == "leaf.txt"
    assert sent.embeds[0].fields[0].value == "A review"
    assert "Not proven." in standing.text
    await sent.edit(content="changed", embed=None, view=None, attachments=[])
    assert (standing.content, standing.embeds, standing.components) == ("changed", [], [])
    assert loopback.violations == []


async def test_the_newer_components_are_taken(
    loopback: LoopbackDiscord, connect: Connect, channel: Channel
) -> None:
    client = await connect()
    view = discord.ui.LayoutView(timeout=None)
    button: discord.ui.Button[discord.ui.LayoutView] = discord.ui.Button(label="Why?", custom_id="why")
    container: discord.ui.Container[discord.ui.LayoutView] = discord.ui.Container(
        discord.ui.TextDisplay("**Not proven.**"),
        discord.ui.Separator(),
        discord.ui.Section("A source", accessory=button),
        accent_colour=0x336699,
    )
    view.add_item(container)
    view.add_item(discord.ui.ActionRow(discord.ui.Button(label="Helpful", custom_id="helpful")))
    sent = await in_client(client, channel).send(view=view)
    standing = channel.stored[sent.id]
    assert [one["custom_id"] for one in standing.buttons] == ["why", "helpful"]
    assert standing.button("Helpful")["custom_id"] == "helpful"
    with pytest.raises(LookupError, match="no button"):
        standing.button("Missing")
    await sent.edit(view=view)
    with pytest.raises(discord.HTTPException):
        await sent.edit(content="text beside newer components")
    assert len(loopback.violations) == 1


async def test_edits_deletions_and_link_previews_are_told(
    loopback: LoopbackDiscord, connect: Connect, channel: Channel, ana: Member
) -> None:
    client = await connect()
    waiting = client.expect("message")
    message = ana.say(channel, "first")
    await waiting
    waiting = client.expect("message_edit")
    ana.edit(message, "second")
    before, after = await waiting
    assert (before.content, after.content, after.edited_at is not None) == ("first", "second", True)
    waiting = client.expect("raw_message_edit")
    loopback.world.resolve_link(message, url="https://example.org", title="Example")
    raw = await waiting
    assert raw.data["content"] == "second"
    assert raw.message.embeds[0].title == "Example"
    waiting = client.expect("raw_message_delete")
    ana.delete(message)
    assert (await waiting).message_id == message.id
    others = [ana.say(channel, text) for text in "ab"]
    waiting = client.expect("raw_bulk_message_delete")
    channel.bulk_delete(others)
    assert (await waiting).message_ids == {other.id for other in others}


async def test_a_forwarded_message_carries_what_was_forwarded(
    connect: Connect, guild: Guild, channel: Channel, ana: Member
) -> None:
    elsewhere = guild.create_channel("elsewhere")
    client = await connect()
    waiting = client.expect("message", lambda message: message.channel.id == channel.id)
    ana.say(channel, "", forward_of=ana.say(elsewhere, "the claim"))
    heard: discord.Message = await waiting
    assert heard.content == ""
    assert heard.message_snapshots[0].content == "the claim"
    assert heard.reference is not None
    assert heard.reference.type is discord.MessageReferenceType.forward


async def test_a_reply_shows_what_it_answers_until_that_is_deleted(
    connect: Connect, channel: Channel, ana: Member, guild: Guild
) -> None:
    ben = guild.create_member("ben")
    client = await connect()
    first = ana.say(channel, "kratom?")
    waiting = client.expect("message", lambda message: message.content == "yes")
    second = ben.say(channel, "yes", reply_to=first)
    heard: discord.Message = await waiting
    assert heard.reference is not None
    assert isinstance(heard.reference.resolved, discord.Message)
    assert heard.reference.resolved.content == "kratom?"
    assert [user.id for user in heard.mentions] == [ana.id]
    ana.delete(first)
    fetched = await in_client(client, channel).fetch_message(second.id)
    assert fetched.reference is not None
    assert isinstance(fetched.reference.resolved, discord.DeletedReferencedMessage)


async def test_webhooks_and_other_bots_are_bots(connect: Connect, guild: Guild, channel: Channel) -> None:
    other = guild.create_member("helper", is_bot=True)
    client = await connect()
    waiting = client.expect("message")
    channel.webhook_says("from outside", name="Feed")
    heard = await waiting
    assert (heard.webhook_id is not None, heard.author.bot, heard.author.name) == (True, True, "Feed")
    waiting = client.expect("message")
    other.say(channel, "beep")
    assert (await waiting).author.bot


async def test_private_messages_go_both_ways(
    loopback: LoopbackDiscord, connect: Connect, ana: Member
) -> None:
    client = await connect()
    waiting = client.expect("message")
    ana.say(ana.private_channel, "hello?")
    heard = await waiting
    assert isinstance(heard.channel, discord.DMChannel)
    await heard.channel.send("hello!")
    await loopback.wait_for_message(ana.private_channel)
    user = await client.fetch_user(ana.id)
    await user.send("again")
    assert [message.content for message in ana.private_channel.messages] == ["hello?", "hello!", "again"]
    ana.user.takes_private_messages = False
    with pytest.raises(discord.Forbidden) as refused:
        await user.send("no?")
    assert refused.value.code == 50007


async def test_history_is_paged(connect: Connect, channel: Channel, ana: Member) -> None:
    said = [ana.say(channel, str(number)) for number in range(120)]
    room = in_client(await connect(), channel)
    assert [message.content async for message in room.history(limit=3)] == ["119", "118", "117"]
    before = [message.content async for message in room.history(limit=2, before=said[50])]
    after = [message.content async for message in room.history(limit=2, after=said[50])]
    around = [message.content async for message in room.history(limit=3, around=said[50])]
    assert (before, after, sorted(around)) == (["49", "48"], ["51", "52"], ["49", "50", "51"])
    assert len([message async for message in room.history(limit=None)]) == 120


async def test_reactions_go_both_ways(connect: Connect, channel: Channel, ana: Member) -> None:
    client = await connect()
    message = ana.say(channel, "look")
    waiting = client.expect("raw_reaction_add")
    ana.react(message, "👍")
    assert (await waiting).user_id == ana.id
    fetched = await in_client(client, channel).fetch_message(message.id)
    await fetched.add_reaction("🌿")
    assert set(message.reactions) == {"👍", "🌿"}
    assert client.user is not None
    await fetched.remove_reaction("🌿", client.user)
    waiting = client.expect("raw_reaction_remove")
    ana.unreact(message, "👍")
    await waiting
    assert not any(message.reactions.values())


async def test_threads_are_told_and_spoken_in(
    loopback: LoopbackDiscord, connect: Connect, guild: Guild, channel: Channel, ana: Member
) -> None:
    client = await connect()
    waiting = client.expect("thread_create")
    thread = guild.create_thread(channel, "a thread", owner=ana)
    told: discord.Thread = await waiting
    assert (told.name, told.parent_id, told.owner_id) == ("a thread", channel.id, ana.id)
    heard = client.expect("message")
    claim = ana.say(thread, "in here")
    await (await heard).reply("a caveat")
    assert (await loopback.wait_for_reply(claim)).channel is thread
    thread.archive()
    await told.send("awake again")
    assert not thread.archived
    thread.archive(locked=True)
    with pytest.raises(discord.Forbidden) as refused:
        await told.send("locked")
    assert refused.value.code == 160005


async def test_a_thread_is_made_by_the_bot(connect: Connect, channel: Channel, guild: Guild) -> None:
    room = in_client(await connect(), channel)
    made = await room.create_thread(name="caveats", type=discord.ChannelType.public_thread)
    assert guild.channels[made.id].name == "caveats"


async def test_an_enforced_nonce_sends_once(connect: Connect, channel: Channel) -> None:
    room = in_client(await connect(), channel)
    first = await room.send("once", nonce="n1")
    second = await room.send("once", nonce="n1")
    assert (first.id == second.id, len(channel.messages)) == (True, 1)


@pytest.mark.parametrize(
    ("text", "allowed", "pinged"),
    [
        ("hi {ana}", None, {"ana"}),
        ("hi {ana}", discord.AllowedMentions.none(), set()),
        ("hi {ana}", discord.AllowedMentions(users=[discord.Object(1)]), set()),
        ("hi {role}", None, set()),
        ("hi {loud}", None, {"loud"}),
        ("hi @everyone", None, {"everyone"}),
        ("hi @here", discord.AllowedMentions(everyone=False), set()),
    ],
)
async def test_only_who_may_be_pinged_is(
    connect: Connect,
    guild: Guild,
    channel: Channel,
    ana: Member,
    text: str,
    allowed: discord.AllowedMentions | None,
    pinged: set[str],
) -> None:
    role, loud = guild.create_role("quiet"), guild.create_role("loud", mentionable=True)
    room = in_client(await connect(), channel)
    if "everyone" not in pinged and "role" in text:
        channel.set_overwrite(guild.everyone, deny=Permission.MENTION_EVERYONE)
    written = text.format(ana=ana.mention, role=f"<@&{role.id}>", loud=f"<@&{loud.id}>")
    sent = await room.send(written, allowed_mentions=allowed or discord.utils.MISSING)
    message = channel.stored[sent.id]
    found = {user.name for user in message.mentions} | {one.name for one in message.mention_roles}
    assert found | ({"everyone"} if message.mention_everyone else set()) == pinged
    assert message.pings_nobody is not bool(pinged)


async def test_what_is_written_keeps_to_the_published_form(
    loopback: LoopbackDiscord, connect: Connect, channel: Channel, ana: Member
) -> None:
    if loopback.schema is None:
        pytest.skip(f"{PUBLISHED.name} is not beside this checkout")
    room = in_client(await connect(), channel)
    first = ana.say(channel, "claim", attachments=["leaf.png"])
    ana.say(channel, "", forward_of=first)
    await room.send("caveat", embed=discord.Embed(title="t"), reference=await room.fetch_message(first.id))
    schema = {"$ref": "#/components/schemas/MessageResponse", "components": loopback.schema.components}
    validator = Draft202012Validator(schema)
    written = [request.answer for request in loopback.requests if "/messages" in request.route]
    _ = [message async for message in room.history()]
    for message in [*written, *loopback.requests[-1].answer]:
        assert [error.message for error in validator.iter_errors(message)] == []


async def test_times_come_from_the_clock() -> None:
    moment = datetime(2026, 1, 2, 3, 4, 5, 678000, tzinfo=UTC)
    async with LoopbackDiscord(clock=lambda: moment) as server:
        guild = server.create_guild()
        channel, ana = guild.create_channel("general"), guild.create_member("ana")
        ids = [ana.say(channel, text).id for text in "abc"]
    assert ids == sorted(set(ids))
    assert discord.utils.snowflake_time(ids[0]) == moment
