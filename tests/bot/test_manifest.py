"""The manifest asks for what the bot hears and does, and for nothing else."""

import ast
from pathlib import Path

import pytest
import yaml

from bot.listeners import ROUTES
from bot.workspace.web_api import METHODS
from tests.bot import slack_events as events

ROOT = Path(__file__).parents[2]
MANIFEST = yaml.safe_load((ROOT / "manifest.yml").read_text(encoding="utf-8"))
EVENTS = MANIFEST["settings"]["event_subscriptions"]["bot_events"]

SCOPE_OF_EVENT = {"app_mention": "app_mentions:read", "message.im": "im:history", "app_home_opened": None}
SCOPE_OF_METHOD = {name: method.scope for name, method in METHODS.items()} | {"conversations.history": "im:history"}
"""From Slack's reference of each event and method; we read the history of direct conversations only."""


def called_in_code():
    """Every method of Slack's that the bot's code calls; `auth.test` is Bolt's own call at the start too."""
    functions = {name.replace(".", "_"): name for name in METHODS}
    files = [file for file in (ROOT / "bot").rglob("*.py") if "workspace" not in file.parts]
    trees = [ast.parse(file.read_text(encoding="utf-8")) for file in files]
    called = {node.attr for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    return {functions[name] for name in called & functions.keys()} | {"auth.test"}


def names(kind):
    return {route.name for route in ROUTES if route.kind == kind}


def test_every_event_has_a_listener_and_every_listener_its_event():
    assert {name.partition(".")[0] for name in EVENTS} == names("event")


def test_every_command_has_a_listener_and_every_listener_its_command():
    commands = MANIFEST["features"]["slash_commands"]
    assert {command["command"] for command in commands} == names("command")
    assert all(command["should_escape"] is False for command in commands)


def test_every_shortcut_has_a_listener_and_every_listener_its_shortcut():
    shortcuts = MANIFEST["features"]["shortcuts"]
    assert {shortcut["callback_id"] for shortcut in shortcuts} == names("shortcut")
    assert {shortcut["type"] for shortcut in shortcuts} == {"global"}, "a message shortcut would carry a message to us"


def test_case_2_the_command_says_that_nothing_need_be_typed_after_it():
    [report] = [one for one in MANIFEST["features"]["slash_commands"] if one["command"] == "/report-contact"]
    assert report["usage_hint"] == "Just press Enter. A form opens; what you type here is not read"


@pytest.fixture
def methods(bot):
    """Every method of Slack's that the bot calls, in all its ways of answering."""
    answer = bot.ask("Can I accept a friend request from a pupil?")
    bot.press(answer, "Not my question")
    bot.reply_to(events.mention("Can I accept a friend request from a pupil?"))
    bot.reply_to(events.mention("a Year 9 pupil just added me on Snapchat"))
    bot.reply_to(events.command("help", bot.slack.origin))
    bot.receive(events.home_opened())
    bot.finish()
    return {call.method for call in bot.slack.calls}


def test_every_scope_is_needed_and_every_need_has_its_scope(methods):
    called = called_in_code()
    assert methods - {"response"} <= called
    needed = {SCOPE_OF_EVENT[name] for name in EVENTS} | {SCOPE_OF_METHOD[name] for name in called}
    needed |= {"commands"} if names("command") else set()
    assert set(MANIFEST["oauth_config"]["scopes"]["bot"]) == needed - {None}
    assert "user" not in MANIFEST["oauth_config"]["scopes"]


def test_one_workspace_over_socket_mode_with_buttons_and_both_tabs():
    settings, home = MANIFEST["settings"], MANIFEST["features"]["app_home"]
    assert settings["socket_mode_enabled"]
    assert settings["interactivity"]["is_enabled"]
    assert not settings["org_deploy_enabled"]
    assert not settings["token_rotation_enabled"]
    assert home == {"home_tab_enabled": True, "messages_tab_enabled": True, "messages_tab_read_only_enabled": False}
