"""Commands, buttons, menus and modals, from the member's hand to the bot and back."""

from __future__ import annotations

from collections.abc import Callable

import discord
import pytest
from discord import app_commands

from tests.loopback import Channel, Guild, InteractionFailedError, LoopbackDiscord, Member, Permission
from tests.loopback.conftest import Client, Connect, intents, running
from tests.loopback.interactions import CallbackKind
from tests.loopback.messages import MessageFlag


class Talkative(Client):
    """A client with one of each kind of command and component."""

    def __init__(self) -> None:
        super().__init__(intents=intents())
        group = app_commands.Group(name="caveat", description="About caveats")
        group.command(name="why", description="Why a reply was sent")(why)
        group.command(name="about", description="What this is")(about)
        self.tree.add_command(group)
        self.tree.command(name="find", description="Find a family")(find)
        self.tree.command(name="think", description="Answer later")(think)
        self.tree.command(name="settings", description="Change settings")(settings)
        self.tree.context_menu(name="Explain")(explain)
        self.tree.context_menu(name="Privacy")(privacy)

    async def setup_hook(self) -> None:
        self.add_view(Votes())
        await self.tree.sync()


class Reason(discord.ui.Modal, title="Not what I said"):
    """A modal with one text."""

    told: discord.ui.TextInput[Reason] = discord.ui.TextInput(
        label="What did you mean?", custom_id="told", min_length=3, max_length=100
    )

    async def on_submit(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_message(f"noted: {self.told.value}", ephemeral=True)


class Votes(discord.ui.View):
    """Buttons that outlive the program."""

    def __init__(self) -> None:
        super().__init__(timeout=None)

    @discord.ui.button(label="Helpful", custom_id="helpful")
    async def helpful(self, interaction: discord.Interaction, button: discord.ui.Button[Votes]) -> None:
        await interaction.response.send_message("thank you", ephemeral=True)
        await interaction.followup.send("and more", ephemeral=True)

    @discord.ui.button(label="Change", custom_id="change")
    async def change(self, interaction: discord.Interaction, button: discord.ui.Button[Votes]) -> None:
        await interaction.response.edit_message(content="changed", view=None)

    @discord.ui.button(label="Later", custom_id="later")
    async def later(self, interaction: discord.Interaction, button: discord.ui.Button[Votes]) -> None:
        await interaction.response.defer()
        await interaction.edit_original_response(content="changed later")

    @discord.ui.button(label="Not what I said", custom_id="modal")
    async def modal(self, interaction: discord.Interaction, button: discord.ui.Button[Votes]) -> None:
        await interaction.response.send_modal(Reason())

    @discord.ui.button(label="Never", custom_id="never")
    async def never(self, interaction: discord.Interaction, button: discord.ui.Button[Votes]) -> None:
        """Do not answer."""

    @discord.ui.select(custom_id="menu", options=[discord.SelectOption(label=name) for name in "ab"])
    async def menu(self, interaction: discord.Interaction, select: discord.ui.Select[Votes]) -> None:
        await interaction.response.send_message("chosen: " + ", ".join(select.values))


async def why(interaction: discord.Interaction, message: str) -> None:
    assert interaction.guild is not None
    assert interaction.app_permissions.send_messages
    await interaction.response.send_message(f"why {message} in {interaction.guild.name}", ephemeral=True)


async def about(interaction: discord.Interaction) -> None:
    await interaction.response.send_message("a bot", view=Votes())


@app_commands.describe(family="which", who="for whom", times="how often")
async def find(
    interaction: discord.Interaction,
    family: str,
    who: discord.Member | None = None,
    times: app_commands.Range[int, 1, 3] = 1,
) -> None:
    await interaction.response.send_message(f"{family} {who and who.display_name} {times}")


async def complete(interaction: discord.Interaction, current: str) -> list[app_commands.Choice[str]]:
    names = ("headache-relief", "headache-cause", "natural-safe")
    return [app_commands.Choice(name=name, value=name) for name in names if name.startswith(current)]


find = app_commands.autocomplete(family=complete)(find)


async def think(interaction: discord.Interaction) -> None:
    await interaction.response.defer(ephemeral=True, thinking=True)
    await interaction.edit_original_response(content="thought")


@app_commands.default_permissions(manage_guild=True)
async def settings(interaction: discord.Interaction) -> None:
    await interaction.response.send_message("settings")


async def explain(interaction: discord.Interaction, message: discord.Message) -> None:
    await interaction.response.send_message(f"you asked about: {message.content}", ephemeral=True)


async def privacy(interaction: discord.Interaction, member: discord.Member) -> None:
    await interaction.response.send_message(f"about {member.name}", ephemeral=True)


@pytest.fixture
def guild(loopback: LoopbackDiscord) -> Guild:
    return loopback.create_guild("Leaf Lounge")


@pytest.fixture
def channel(guild: Guild) -> Channel:
    return guild.create_channel("general")


@pytest.fixture
def ana(guild: Guild) -> Member:
    return guild.create_member("ana")


async def test_a_slash_command_is_answered_in_private(
    loopback: LoopbackDiscord, connect: Connect, channel: Channel, ana: Member
) -> None:
    await connect(Talkative())
    answer = await ana.slash(channel, "/caveat why", {"message": "123"})
    assert (answer.text, answer.is_ephemeral) == ("why 123 in Leaf Lounge", True)
    assert (answer.command_name, answer.answered_with) == ("caveat why", CallbackKind.MESSAGE)
    assert channel.messages == []
    assert loopback.violations == []


async def test_options_and_completion_reach_the_bot(
    loopback: LoopbackDiscord, connect: Connect, channel: Channel, ana: Member
) -> None:
    await connect(Talkative())
    choices = await ana.autocomplete(channel, "/find", "family", "headache")
    assert [choice["value"] for choice in choices] == ["headache-relief", "headache-cause"]
    answer = await ana.slash(channel, "/find", {"family": "natural-safe", "who": ana, "times": 2})
    assert (answer.text, answer.is_ephemeral) == ("natural-safe ana 2", False)
    assert [message.content for message in channel.messages] == ["natural-safe ana 2"]
    assert loopback.violations == []


@pytest.mark.parametrize(
    ("command", "options", "error"),
    [
        ("/nothing", {}, LookupError),
        ("/caveat nothing", {}, LookupError),
        ("/caveat", {}, ValueError),
        ("/caveat why", {}, ValueError),
        ("/caveat about", {"more": "x"}, ValueError),
        ("/find", {"family": 3}, ValueError),
        ("/find", {"family": "a", "times": 4}, ValueError),
        ("/find", {"family": "a", "times": True}, ValueError),
        ("/settings", {}, LookupError),
    ],
)
async def test_what_discord_would_not_let_a_member_send_is_an_error(
    connect: Connect,
    channel: Channel,
    ana: Member,
    command: str,
    options: dict[str, object],
    error: type[Exception],
) -> None:
    await connect(Talkative())
    with pytest.raises(error):
        await ana.slash(channel, command, options)


async def test_a_command_for_moderators_is_shown_to_them(
    connect: Connect, guild: Guild, channel: Channel
) -> None:
    await connect(Talkative())
    role = guild.create_role("moderators", permissions=Permission.MANAGE_GUILD)
    ben = guild.create_member("ben", roles=[role])
    assert (await ben.slash(channel, "/settings")).text == "settings"


async def test_an_answer_that_takes_thought_is_waited_for(
    loopback: LoopbackDiscord, connect: Connect, channel: Channel, ana: Member
) -> None:
    await connect(Talkative())
    answer = await ana.slash(channel, "/think")
    assert (answer.answered_with, answer.text) == (CallbackKind.DEFERRED_MESSAGE, "thought")
    assert answer.is_ephemeral
    assert answer.message is not None
    assert MessageFlag.LOADING not in answer.message.flags
    assert loopback.violations == []


async def test_context_menus_work_on_messages_and_members(
    loopback: LoopbackDiscord, connect: Connect, channel: Channel, ana: Member
) -> None:
    await connect(Talkative())
    message = ana.say(channel, "the claim")
    assert (await ana.use_on_message(message, "Explain")).text == "you asked about: the claim"
    assert (await ana.use_on_member(channel, ana, "Privacy")).text == "about ana"
    assert loopback.violations == []


async def test_a_command_works_in_direct_messages(connect: Connect, ana: Member) -> None:
    await connect(Talkative())
    answer = await ana.slash(ana.private_channel, "/caveat about")
    assert answer.text.startswith("a bot")


@pytest.fixture
async def votes(connect: Connect, channel: Channel, ana: Member) -> discord.Message:
    client = await connect(Talkative())
    room = client.get_channel(channel.id)
    assert isinstance(room, discord.TextChannel)
    return await room.send("a caveat", view=Votes())


async def test_a_button_answers_in_private_with_a_follow_up(
    loopback: LoopbackDiscord, votes: discord.Message, channel: Channel, ana: Member
) -> None:
    message = channel.stored[votes.id]
    answer = await ana.press(message, message.button("Helpful")["custom_id"])
    assert (answer.text, answer.is_ephemeral) == ("thank you", True)
    await loopback.wait_until(lambda: bool(answer.followups))
    assert [followup.text for followup in answer.followups] == ["and more"]
    assert len(channel.messages) == 1
    assert loopback.violations == []


async def test_a_button_changes_its_message(
    loopback: LoopbackDiscord, votes: discord.Message, channel: Channel, ana: Member
) -> None:
    message = channel.stored[votes.id]
    await ana.press(message, "later")
    await loopback.wait_until(lambda: message.content == "changed later")
    answer = await ana.press(message, "change")
    assert (answer.answered_with, answer.message) == (CallbackKind.UPDATE, message)
    assert (message.content, message.buttons) == ("changed", [])


async def test_a_menu_hands_over_what_was_chosen(
    votes: discord.Message, channel: Channel, ana: Member
) -> None:
    answer = await ana.choose(channel.stored[votes.id], "menu", ["b"])
    assert answer.text == "chosen: b"


async def test_a_modal_is_shown_filled_in_and_answered(
    loopback: LoopbackDiscord, votes: discord.Message, channel: Channel, ana: Member
) -> None:
    shown = await ana.press(channel.stored[votes.id], "modal")
    assert shown.modal is not None
    assert shown.modal["title"] == "Not what I said"
    answer = await ana.submit(shown, {"told": "something else"})
    assert (answer.text, answer.is_ephemeral) == ("noted: something else", True)
    assert loopback.violations == []
    for values, error in (({"told": "x"}, ValueError), ({}, ValueError), ({"other": "x"}, LookupError)):
        with pytest.raises(error):
            await ana.submit(shown, values)


async def test_buttons_survive_a_restart(loopback: LoopbackDiscord, channel: Channel, ana: Member) -> None:
    async with running(Talkative(), loopback.token) as first:
        room = first.get_channel(channel.id)
        assert isinstance(room, discord.TextChannel)
        sent = await room.send("a caveat", view=Votes())
    async with running(Talkative(), loopback.token):
        answer = await ana.press(channel.stored[sent.id], "helpful")
        await loopback.wait_until(lambda: bool(answer.followups))
    assert answer.text == "thank you"


async def test_a_button_that_cannot_be_pressed_is_an_error(
    loopback: LoopbackDiscord, votes: discord.Message, guild: Guild, channel: Channel, ana: Member
) -> None:
    message = channel.stored[votes.id]
    with pytest.raises(LookupError, match="no component"):
        await ana.press(message, "missing")
    message.button("Change")["disabled"] = True
    with pytest.raises(LookupError, match="cannot be used"):
        await ana.press(message, "change")
    answer = await ana.press(message, "helpful")
    await loopback.wait_until(lambda: bool(answer.followups))
    assert answer.message is not None
    with pytest.raises(LookupError, match="does not see"):
        await guild.create_member("ben").press(answer.message, "helpful")


async def test_an_answer_that_never_comes_is_a_violation(
    point_at: Callable[[LoopbackDiscord], None],
) -> None:
    async with LoopbackDiscord(interaction_window=0.2) as loopback:
        point_at(loopback)
        guild = loopback.create_guild()
        channel, ana = guild.create_channel("general"), guild.create_member("ana")
        async with running(Talkative(), loopback.token) as client:
            room = client.get_channel(channel.id)
            assert isinstance(room, discord.TextChannel)
            sent = await room.send("a caveat", view=Votes())
            with pytest.raises(InteractionFailedError, match="'never' was not answered"):
                await ana.press(channel.stored[sent.id], "never")
            late = loopback.interactions.all[0]
            path = f"/interactions/{late.id}/{late.token}/callback"
            with pytest.raises(discord.NotFound) as refused:
                await client.http.request(discord.http.Route("POST", path), json={"type": 6})
    assert refused.value.code == 10062
    assert len(loopback.violations) == 1


async def test_a_second_answer_is_refused(
    loopback: LoopbackDiscord, connect: Connect, channel: Channel, ana: Member
) -> None:
    client = await connect(Talkative())
    first = await ana.slash(channel, "/caveat about")
    path = f"/interactions/{first.id}/{first.token}/callback"
    body = {"type": 4, "data": {"content": "again"}}
    with pytest.raises(discord.HTTPException) as refused:
        await client.http.request(discord.http.Route("POST", path), json=body)
    assert refused.value.code == 40060
    assert len(loopback.violations) == 1


async def test_commands_keep_their_ids_when_they_are_sent_again(
    loopback: LoopbackDiscord, connect: Connect, guild: Guild
) -> None:
    client = await connect(Talkative())
    before = {command.name: command.id for command in await client.tree.fetch_commands()}
    assert set(before) == {"caveat", "find", "think", "settings", "Explain", "Privacy"}
    again = await client.tree.sync()
    assert {command.name: command.id for command in again} == before
    client.tree.copy_global_to(guild=discord.Object(guild.id))
    own = await client.tree.sync(guild=discord.Object(guild.id))
    assert {command.guild_id for command in own} == {guild.id}
    await again[0].edit(description="Another description")
    await again[1].delete()
    left = {command.name: command.description for command in await client.tree.fetch_commands()}
    assert left[again[0].name] == "Another description"
    assert again[1].name not in left
    assert loopback.violations == []
