"""What is there is documented, and what is documented is there."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import cast, get_args

import click
import pytest
from discord import app_commands
from msgspec import Meta
from msgspec.structs import FieldInfo, fields

from bot import errors
from bot.cli import cli
from bot.described import meaning_of
from bot.gateway.permissions import NEEDED_PERMISSIONS, needed_permissions
from bot.gateway.review import Reviewing, review_command
from bot.gateway.rules.desk import RulesDesk
from bot.gateway.rules.group import SECTIONS, Section, rules_group
from bot.replies.settings_form import SettingsForm
from bot.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


def commands(group: click.Command, name: str) -> Iterator[tuple[str, click.Command]]:
    """Give every command with its full name, groups left out."""
    if not isinstance(group, click.Group):
        yield name, group
        return
    context = click.Context(group)
    for child in group.list_commands(context):
        found = group.get_command(context, child)
        assert found is not None
        yield from commands(found, f"{name} {child}")


COMMANDS = dict(commands(cli, "caveat-bot"))


@pytest.mark.parametrize("name", Settings.__struct_fields__)
def test_every_setting_stands_in_the_readme_as_it_is(name: str) -> None:
    field = next(one for one in fields(Settings) if one.name == name)
    default = "" if field.default is None else f"`{field.default}`"
    assert f"| `{name.upper()}` | {default} | {meaning_of(Settings, name)} |" in README


REVIEW_SETTINGS = {
    field.name: field for field in fields(SettingsForm) if field.name.startswith(("alarm_", "repair_"))
}


def test_every_setting_of_reviews_stands_in_the_readme_as_it_is() -> None:
    table = README.split("<!-- server settings", 1)[1].split("\n\n", 1)[0]
    told = set(re.findall(r"^\| `([a-z_]+)` \| `(\w+)` \| ([0-9–]*) ?\| .{20,} \|$", table, re.M))
    assert told == {(name, str(field.default), _range(field)) for name, field in REVIEW_SETTINGS.items()}


def _range(field: FieldInfo) -> str:
    limits = [mark for mark in get_args(field.type) if isinstance(mark, Meta)]
    return "–".join(f"{limit.ge}–{limit.le}" for limit in limits)


def test_the_readme_names_no_setting_that_is_not_there() -> None:
    table = README.split("<!-- settings", 1)[1].split("\n\n", 1)[0]
    assert {name.lower() for name in re.findall(r"^\| `([A-Z_]+)`", table, re.M)} == set(
        Settings.__struct_fields__
    )


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_stands_in_the_readme(name: str) -> None:
    assert re.search(rf"{re.escape(name)}\b", README) or name == "caveat-bot run"
    assert "make run" in README


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_says_what_it_does(name: str) -> None:
    command = COMMANDS[name]
    assert command.help
    silent = [
        parameter.name
        for parameter in command.params
        if isinstance(parameter, click.Option) and not parameter.help
    ]
    assert silent == []


def moderators_commands() -> set[str]:
    reviews = Section(lambda _: (review_command(cast("Reviewing", object())),))
    group = rules_group(cast("RulesDesk", object()), (*SECTIONS, reviews))
    return {
        f"/{command.qualified_name}"
        for command in group.walk_commands()
        if isinstance(command, app_commands.Command)
    }


def test_every_command_of_moderators_stands_in_the_readme_and_no_other() -> None:
    assert set(re.findall(r"^\| `(/rules [a-z -]+)` \|", README, re.M)) == moderators_commands()


def test_the_documents_name_no_command_that_is_not_there() -> None:
    named = re.findall(r"caveat-bot ((?:rules )?[a-z-]+)", "\n".join(_code(README) + _code(CONTRIBUTING)))
    known = {name.removeprefix("caveat-bot ") for name in COMMANDS}
    assert {name for name in named if name not in known and name.split()[0] not in known} == set()


def _code(text: str) -> list[str]:
    return [
        line
        for block in re.findall(r"```sh\n(.*?)```", text, re.S)
        for line in block.splitlines()
        if line.startswith("caveat-bot")
    ]


def test_every_make_target_stands_in_the_contributors_guide() -> None:
    targets = re.findall(r"^([a-z]+):.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)
    assert [target for target in targets if f"make {target}" not in CONTRIBUTING and target != "help"] == []


def test_every_exit_code_is_told_in_the_help_and_the_readme() -> None:
    raised = {
        error.exit_code
        for error in vars(errors).values()
        if isinstance(error, type)
        and issubclass(error, errors.CaveatBotError)
        and error is not errors.CaveatBotError
    }
    told = {int(code) for code in re.findall(r"^\| (\d+) \|", README, re.M)}
    assert raised | {0, 2, 130} == told
    assert told == {int(code) for code in re.findall(r"^\s+(\d+) ", cli.epilog or "", re.M)}


@pytest.mark.parametrize("permission", NEEDED_PERMISSIONS, ids=lambda permission: str(permission.flag))
def test_every_permission_stands_in_the_readme_with_its_reason(permission: object) -> None:
    assert f"| {getattr(permission, 'label')} | {getattr(permission, 'reason')} |" in README  # noqa: B009


def test_the_invite_link_asks_for_these_permissions() -> None:
    assert f"scope=bot+applications.commands&permissions={needed_permissions().value}\n" in README


def test_every_dependency_has_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    names = {re.split(r"[<>=]", requirement)[0] for requirement in project["project"]["dependencies"]}
    assert names == set(re.findall(r"^\| ([\w.-]+) \| [^|]{20,} \|$", CONTRIBUTING, re.M)) - {"package"}


@pytest.mark.parametrize(
    "page", sorted([*ROOT.glob("*.md"), *(ROOT / "rules").glob("*.md")]), ids=lambda page: page.name
)
def test_links_within_the_project_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text(encoding="utf-8"))
    assert [link for link in links if "://" not in link and not (page.parent / link).exists()] == []
