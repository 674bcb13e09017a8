"""Slack's own Web API client against the workspace: what it takes, and what it refuses in Slack's words."""

import json

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook import WebhookClient

from bot.workspace.state import RESPONSE_SECONDS
from tests.workspace.conftest import DEPUTY, OFFICE, TEACHER, web_client
from tests.workspace.test_rules import button, section

STAFFROOM, GENERAL, SLT = "C0STAFFROOM", "C0GENERAL", "C0SLT"


def refusal(call, *arguments, **named):
    """Slack's word for why a call was refused."""
    with pytest.raises(SlackApiError) as refused:
        call(*arguments, **named)
    return refused.value.response["error"]


@pytest.fixture
def slack(wide):
    return web_client(wide)


def test_the_token_says_who_the_bot_is(wide, slack):
    answer = slack.auth_test()
    assert (answer["team_id"], answer["user_id"], answer["bot_id"]) == ("T0TREES", "U0GUIDANCE", "B0GUIDANCE")
    assert refusal(web_client(wide, "xoxb-wrong").auth_test) == "invalid_auth"
    assert refusal(web_client(wide, wide.tokens.app).auth_test) == "not_allowed_token_type"
    assert refusal(slack.apps_connections_open, app_token=wide.tokens.bot) == "not_allowed_token_type"
    assert slack.apps_connections_open(app_token=wide.tokens.app)["url"].startswith("ws://127.0.0.1:")


def test_every_answer_says_what_the_token_may_do_and_what_the_method_takes(wide, slack):
    answer = slack.auth_test()
    assert set(answer.headers["x-oauth-scopes"].split(",")) == wide.hub.manifest.scopes
    assert "x-accepted-oauth-scopes" not in answer.headers
    assert slack.users_info(user="U0TEACHER").headers["x-accepted-oauth-scopes"] == "users:read"
    opened = slack.apps_connections_open(app_token=wide.tokens.app)
    assert opened.headers["x-oauth-scopes"] == "connections:write"
    with pytest.raises(SlackApiError) as refused:
        web_client(wide, "xoxb-wrong").auth_test()
    assert refused.value.response["error"] == "invalid_auth"
    assert "x-oauth-scopes" not in refused.value.response.headers, "of a token that is not known, nothing is said"


def test_a_free_plan_has_no_user_groups(wide, slack):
    wide.hub.state.has_groups = False
    assert refusal(slack.usergroups_users_list, usergroup="S0SLT") == "plan_upgrade_required"
    assert refusal(slack.usergroups_list) == "plan_upgrade_required"


def test_an_unknown_method_is_refused_and_shown_on_the_page(wide, slack):
    assert refusal(slack.api_call, "chat.shout") == "unknown_method"
    [problem] = wide.person(TEACHER).page["problems"]
    assert (problem["method"], problem["error"]) == ("chat.shout", "unknown_method")


@pytest.mark.parametrize(
    ("method", "arguments", "scope"),
    [
        ("users.info", {"user": "U0TEACHER"}, "users:read"),
        ("users.list", {}, "users:read"),
        ("usergroups.list", {}, "usergroups:read"),
        ("usergroups.users.list", {"usergroup": "S0SLT"}, "usergroups:read"),
        ("conversations.open", {"users": "U0TEACHER"}, "im:write"),
        ("conversations.info", {"channel": "C0SLT"}, "groups:read"),
        ("conversations.info", {"channel": "C0STAFFROOM"}, "channels:read"),
        ("conversations.members", {"channel": "C0SLT"}, "groups:read"),
        ("conversations.list", {"types": "private_channel"}, "groups:read"),
        ("users.conversations", {}, "channels:read"),
        ("conversations.history", {"channel": "C0SLT"}, "groups:history"),
    ],
)
def test_a_method_whose_scope_the_manifest_lacks_is_refused(narrow, method, arguments, scope):
    with pytest.raises(SlackApiError) as refused:
        web_client(narrow).api_call(method, params=arguments)
    answer = refused.value.response
    assert (answer["error"], answer["needed"]) == ("missing_scope", scope)
    assert answer["provided"] == "app_mentions:read,chat:write,commands,im:history"


def test_a_direct_conversation_is_read_with_the_scope_for_it_alone(narrow):
    assert web_client(narrow).conversations_history(channel="D0TEACHER")["messages"] == []


def test_people_groups_and_channels_can_be_looked_up(slack):
    assert slack.users_info(user="U0DEPUTY1")["user"]["real_name"] == DEPUTY
    assert {TEACHER, DEPUTY, OFFICE} <= {one["real_name"] for one in slack.users_list()["members"]}
    assert [group["handle"] for group in slack.usergroups_list()["usergroups"]] == ["slt"]
    assert slack.usergroups_users_list(usergroup="S0SLT")["users"] == ["U0DEPUTY1", "U0DEPUTY2"]
    assert slack.conversations_open(users="U0TEACHER")["channel"]["id"] == "D0TEACHER"
    assert set(slack.conversations_members(channel=SLT)["members"]) >= {"U0DEPUTY1", "U0EXECHEAD", "U0GUIDANCE"}
    found = slack.conversations_info(channel=SLT)["channel"]
    assert (found["is_private"], found["is_archived"], found["is_ext_shared"]) == (True, False, False)
    assert {one["id"] for one in slack.users_conversations()["channels"]} == {STAFFROOM, "C0MERCIAN"}
    kinds = "public_channel,private_channel,im"
    assert {GENERAL, SLT, "D0TEACHER"} <= {one["id"] for one in slack.conversations_list(types=kinds)["channels"]}
    assert refusal(slack.users_info, user="U0NOBODY") == "user_not_found"
    assert refusal(slack.usergroups_users_list, usergroup="S0NONE") == "no_such_subteam"
    assert refusal(slack.conversations_list, types="secret") == "invalid_types"


def test_a_message_is_posted_changed_linked_listed_and_taken_back(wide, slack):
    posted = slack.chat_postMessage(channel="U0TEACHER", text="Hello", blocks=[section()])
    assert posted["channel"] == "D0TEACHER"
    assert posted["message"]["blocks"][0]["block_id"]
    seen = wide.person(TEACHER).replies()
    assert [(one["text"], one["edited"]) for one in seen] == [("Hello", False)]
    slack.chat_update(channel="D0TEACHER", ts=posted["ts"], text="Good morning")
    [now] = wide.person(TEACHER).replies()
    assert (now["text"], now["blocks"], now["edited"]) == ("Good morning", None, True)
    link = slack.chat_getPermalink(channel="D0TEACHER", message_ts=posted["ts"])["permalink"]
    assert link.endswith(f"/archives/D0TEACHER/p{posted['ts'].replace('.', '')}")
    assert [one["text"] for one in slack.conversations_history(channel="D0TEACHER")["messages"]] == ["Good morning"]
    slack.chat_delete(channel="D0TEACHER", ts=posted["ts"])
    assert wide.person(TEACHER).replies() == []
    assert refusal(slack.chat_update, channel="D0TEACHER", ts=posted["ts"], text="x") == "message_not_found"


def test_a_conversations_history_is_as_long_as_asked_and_keeps_the_names_of_blocks(wide, slack):
    blocks = [section(block_id="notice-7f3a"), {"type": "actions", "block_id": "row", "elements": [button()]}]
    times = [slack.chat_postMessage(channel="U0TEACHER", text=str(n), blocks=blocks)["ts"] for n in range(4)]

    def said(**asked) -> list[str]:
        return [one["text"] for one in slack.conversations_history(channel="D0TEACHER", **asked)["messages"]]

    assert said() == ["3", "2", "1", "0"]
    assert said(oldest=times[1]) == ["3", "2"]
    assert said(oldest=times[1], latest=times[3], inclusive=True) == ["3", "2", "1"]
    assert said(latest=times[1]) == ["0"]
    assert slack.conversations_history(channel="D0TEACHER", limit=2)["has_more"]
    [kept] = slack.conversations_history(channel="D0TEACHER", oldest=times[2], limit=1)["messages"]
    assert [one["block_id"] for one in kept["blocks"]] == ["notice-7f3a", "row"]
    assert kept["bot_id"] == "B0GUIDANCE"
    assert refusal(slack.conversations_history, channel="D0TEACHER", oldest="yesterday") == "invalid_ts_oldest"


def test_a_message_changed_with_blocks_is_not_marked_as_edited(wide, slack):
    ts = slack.chat_postMessage(channel="U0TEACHER", text="Hello", blocks=[section()])["ts"]
    slack.chat_update(channel="D0TEACHER", ts=ts, text="Seen", blocks=[section("Seen", block_id="kept")])
    [now] = wide.person(TEACHER).replies()
    assert (now["text"], now["blocks"][0]["block_id"], now["edited"]) == ("Seen", "kept", False)


def test_where_the_bot_may_not_write_it_is_refused(wide, slack):
    person = wide.person(TEACHER)
    mine = person.say("Hello", "#staffroom")
    wide.do(wide.hub.change_channel, "C0MERCIAN", archived=True)
    assert refusal(slack.chat_postMessage, channel=GENERAL, text="x") == "not_in_channel"
    assert refusal(slack.chat_postMessage, channel="C0NONE", text="x") == "channel_not_found"
    assert refusal(slack.chat_postMessage, channel="C0MERCIAN", text="x") == "is_archived"
    assert refusal(slack.chat_postMessage, channel=STAFFROOM, text="x", thread_ts="1.2") == "thread_not_found"
    assert refusal(slack.chat_postMessage, channel="U0GUIDANCE", text="x") == "cannot_dm_bot"
    assert refusal(slack.chat_update, channel=STAFFROOM, ts=mine, text="x") == "cant_update_message"
    assert refusal(slack.chat_delete, channel=STAFFROOM, ts=mine) == "cant_delete_message"
    reply = slack.chat_postMessage(channel=STAFFROOM, text="x", thread_ts=mine)["ts"]
    assert refusal(slack.chat_postMessage, channel=STAFFROOM, text="x", thread_ts=reply) == "cannot_reply_to_message"
    wide.weather(set="deactivate", user="U0TEACHER")
    assert refusal(slack.chat_postMessage, channel="U0TEACHER", text="x") == "user_disabled"
    assert refusal(slack.conversations_open, users="U0TEACHER") == "user_disabled"
    assert slack.users_info(user="U0TEACHER")["user"]["deleted"]
    assert refusal(slack.conversations_open, users="U0GUIDANCE") == "cannot_dm_bot"
    assert refusal(slack.conversations_open, users="") == "users_list_not_supplied"


def test_somebody_becomes_a_guest_until_the_weather_is_fair_again(wide, slack):
    wide.weather(set="guest", user="U0DEPUTY1")
    assert slack.users_info(user="U0DEPUTY1")["user"]["is_restricted"]
    assert wide.person(DEPUTY).page["status"]["weather"] == [f"{DEPUTY} is a guest now"]
    assert slack.conversations_open(users="U0DEPUTY1")["ok"]
    wide.weather(set="clear")
    assert not slack.users_info(user="U0DEPUTY1")["user"]["is_restricted"]
    assert wide.person(DEPUTY).page["status"]["weather"] == []


def test_a_private_channel_without_the_bot_does_not_exist_for_it(wide, slack):
    wide.do(wide.hub.change_channel, SLT, members=("U0DEPUTY1",))
    assert refusal(slack.conversations_info, channel=SLT) == "channel_not_found"
    assert refusal(slack.chat_postMessage, channel=SLT, text="x") == "channel_not_found"


def test_an_ephemeral_message_reaches_one_member_only(wide, slack):
    slack.chat_postEphemeral(channel=STAFFROOM, user="U0TEACHER", text="For you")
    assert [one["ephemeral"] for one in wide.person(TEACHER).replies("#staffroom")] == [True]
    assert wide.person(OFFICE).replies("#staffroom") == []
    assert refusal(slack.chat_postEphemeral, channel=SLT, user="U0TEACHER", text="x") == "user_not_in_channel"
    wide.weather(set="deactivate", user="U0OFFICE")
    assert refusal(slack.chat_postEphemeral, channel=STAFFROOM, user="U0OFFICE", text="x") == "user_not_in_channel"


@pytest.mark.parametrize(
    ("message", "error", "path"),
    [
        ({"text": ""}, "no_text", "/text"),
        ({"blocks": [section()]}, "no_text", "/text"),
        ({"text": "x" * 4_001}, "msg_too_long", "/text"),
        ({"text": "x", "blocks": [{"type": "nonsense"}]}, "invalid_blocks", "/blocks/0"),
        ({"text": "x", "blocks": [section("x" * 2_900)] * 5}, "msg_blocks_too_long", "/blocks"),
        ({"text": "x", "blocks": "{"}, "invalid_blocks", "/blocks"),
    ],
)
def test_a_bad_message_is_refused_with_the_path_and_shown_on_the_page(wide, slack, message, error, path):
    with pytest.raises(SlackApiError) as refused:
        slack.api_call("chat.postMessage", json={"channel": STAFFROOM, **message})
    answer = refused.value.response
    assert answer["error"] == error
    assert answer["response_metadata"]["messages"][0].endswith(f"[json-pointer:{path}]")
    [problem] = wide.person(TEACHER).page["problems"]
    assert (problem["error"], problem["path"]) == (error, path)
    assert problem["detail"]


def test_a_missing_argument_is_named(slack):
    with pytest.raises(SlackApiError) as refused:
        slack.api_call("chat.postMessage", json={"text": "x"})
    assert refused.value.response["error"] == "invalid_arguments"
    assert refused.value.response["response_metadata"]["messages"] == ["[ERROR] missing required field: channel"]


class TestResponseAddress:
    @pytest.fixture
    def address(self, wide):
        return wide.do(wide.hub.response_url, "U0TEACHER", GENERAL)

    def test_takes_five_replies_for_one_person_where_the_bot_is_no_member(self, wide, address):
        hook = WebhookClient(address)
        for number in range(5):
            assert hook.send(text=f"Reply {number}").status_code == 200
        sixth = hook.send(text="Reply 5")
        assert (sixth.status_code, json.loads(sixth.body)["error"]) == (404, "used_url")
        assert [one["ephemeral"] for one in wide.person(TEACHER).replies("#general")] == [True] * 5
        assert wide.person(OFFICE).replies("#general") == []

    def test_lapses_after_half_an_hour(self, clock, address):
        clock.time += RESPONSE_SECONDS + 1
        late = WebhookClient(address).send(text="Too late")
        assert (late.status_code, json.loads(late.body)["error"]) == (404, "expired_url")

    def test_must_have_been_given(self, wide):
        assert WebhookClient(f"{wide.origin}/response/guess").send(text="x").status_code == 404

    def test_may_speak_to_everybody(self, wide, address):
        WebhookClient(address).send(text="For all", response_type="in_channel")
        assert [one["ephemeral"] for one in wide.person(OFFICE).replies("#general")] == [False]

    def test_may_replace_or_delete_the_message_that_was_clicked(self, wide, slack):
        ts = slack.chat_postMessage(channel=STAFFROOM, text="Old", blocks=[{"type": "actions", "elements": [button()]}])
        address = wide.do(wide.hub.response_url, "U0TEACHER", STAFFROOM, ts["ts"])
        WebhookClient(address).send(text="New", replace_original=True)
        assert [one["text"] for one in wide.person(OFFICE).replies("#staffroom")] == ["New"]
        WebhookClient(address).send(text="", delete_original=True)
        assert wide.person(OFFICE).replies("#staffroom") == []
