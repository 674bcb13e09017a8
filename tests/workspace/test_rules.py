"""What the workspace refuses of a message or a view, and where it says the fault is."""

from typing import Any

import pytest

from bot.workspace.rules import message_faults, view_faults


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def option(text: str) -> dict[str, Any]:
    return {"text": plain(text), "value": text}


def button(action: str = "go", **more: Any) -> dict[str, Any]:
    return {"type": "button", "text": plain("Go"), "action_id": action, **more}


def section(text: str = "Hello", **more: Any) -> dict[str, Any]:
    return {"type": "section", "text": plain(text), **more}


def field(element: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "input", "label": plain("Name"), "element": {"action_id": "typed", **element}, **more}


def modal(*blocks: Any, **more: Any) -> dict[str, Any]:
    return {"type": "modal", "title": plain("Form"), "submit": plain("Send"), "blocks": list(blocks), **more}


ELEMENTS = [
    {"type": "plain_text_input", "multiline": True, "min_length": 2, "max_length": 3_000, "initial_value": "abc"},
    {"type": "static_select", "options": [option("a")], "initial_option": option("a"), "placeholder": plain("x")},
    {"type": "static_select", "option_groups": [{"label": plain("g"), "options": [option("a")]}]},
    {"type": "multi_static_select", "options": [option("a")], "max_selected_items": 1},
    {"type": "checkboxes", "options": [option("a")], "initial_options": [option("a")]},
    {"type": "radio_buttons", "options": [option("a"), option("b")], "initial_option": option("a")},
    {"type": "datepicker", "initial_date": "2026-01-31"},
    {"type": "timepicker", "initial_time": "10:00"},
    {"type": "datetimepicker", "initial_date_time": 1_800_000_000},
    {"type": "email_text_input"},
    {"type": "url_text_input"},
    {"type": "number_input", "is_decimal_allowed": False, "min_value": "1", "max_value": "5"},
    {"type": "users_select", "initial_user": "U1"},
    {"type": "multi_users_select", "initial_users": ["U1"]},
    {"type": "conversations_select", "filter": {"include": ["private"], "exclude_bot_users": True}},
    {"type": "channels_select"},
]


@pytest.mark.parametrize("element", ELEMENTS, ids=lambda element: element["type"])
def test_every_field_that_a_form_may_have_is_taken(element):
    assert view_faults(modal(field(element, hint=plain("h"), optional=True))) == []


RICH = {
    "type": "rich_text",
    "elements": [
        {
            "type": "rich_text_section",
            "elements": [
                {"type": "text", "text": "x", "style": {"bold": True}},
                {"type": "link", "url": "https://x.example", "text": "y"},
                {"type": "user", "user_id": "U1"},
                {"type": "emoji", "name": "wave"},
            ],
        },
        {
            "type": "rich_text_list",
            "style": "ordered",
            "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "x"}]}],
        },
    ],
}
IMAGE = {"type": "image", "image_url": "https://x.example/a.png", "alt_text": "a tree"}


@pytest.mark.parametrize(
    "block",
    [
        section(fields=[plain("a"), {"type": "mrkdwn", "text": "*b*"}], accessory=IMAGE),
        {"type": "actions", "elements": [button(style="danger"), button("other", url="https://x.example")]},
        {"type": "actions", "elements": [{"type": "overflow", "action_id": "more", "options": [option("a")]}]},
        {"type": "context", "elements": [plain("a"), IMAGE]},
        {"type": "header", "text": plain("a")},
        {"type": "divider"},
        {"type": "markdown", "text": "**a**"},
        IMAGE,
        RICH,
    ],
    ids=lambda block: block["type"],
)
def test_every_block_that_a_message_may_have_is_taken(block):
    assert message_faults("Hello", [block]) == []


@pytest.mark.parametrize(
    ("block", "path", "says"),
    [
        ({"type": "nonsense"}, "", "unsupported type: nonsense"),
        ("Hello", "", "must be an object with a type"),
        ({"type": None}, "", "must be an object with a type"),
        ({"type": "actions", "elements": [{"type": "buttom"}]}, "/elements/0", "unsupported type: buttom"),
        ({"type": "actions", "elements": []}, "/elements", "must not be empty"),
        ({"type": "actions", "elements": button()}, "/elements", "must be a list"),
        ({"type": "actions", "elements": [button(colour="red")]}, "/elements/0", "no such property: colour"),
        ({"type": "actions", "elements": [button(f"a{n}") for n in range(26)]}, "/elements", "between 1 and 25"),
        ({"type": "actions", "elements": [button("a" * 256)]}, "/elements/0/action_id", "between 1 and 255"),
        ({"type": "actions", "elements": [button(value="x" * 2_001)]}, "/elements/0/value", "between 1 and 2000"),
        ({"type": "actions", "elements": [button(text=plain("x" * 76))]}, "/elements/0/text", "between 1 and 75"),
        ({"type": "actions", "elements": [button("a"), button("a")]}, "/elements/1/action_id", "stands 2 times"),
        (section("x" * 3_001), "/text/text", "between 1 and 3000"),
        (section(""), "/text/text", "between 1 and 3000"),
        ({"type": "section", "text": "bare"}, "/text", "must be a text object"),
        ({"type": "section", "text": [plain("x")]}, "/text", "must not be a list"),
        ({"type": "section"}, "", "At least one of"),
        (section(build=True), "", "no such property: build"),
        (section(fields=[plain("x")] * 11), "/fields", "at most 10 fields"),
        (section(fields=[plain("x" * 2_001)]), "/fields", "of 2000 characters"),
        ({"type": "header", "text": {"type": "mrkdwn", "text": "x"}}, "/text", "Only plain_text"),
        ({"type": "header", "text": plain("x" * 151)}, "/text", "between 1 and 150"),
        ({"type": "context", "elements": [plain("x")] * 11}, "/elements", "between 1 and 10"),
        ({"type": "image", "image_url": "https://x.example"}, "/alt_text", "required"),
        (
            {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": []}]},
            "/elements/0/elements",
            "",
        ),
        (field({"type": "radio_buttons", "options": [option(str(n)) for n in range(11)]}), "/element/options", "10"),
        (
            field({"type": "radio_buttons", "options": [option("a")], "initial_option": option("b")}),
            "/element",
            "aren't",
        ),
        (field({"type": "datepicker", "initial_date": "31 January"}), "/element/initial_date", "does not match"),
        (field({"type": "number_input", "is_decimal_allowed": False, "min_value": 1}), "/element/min_value", "number"),
        (field({"type": "plain_text_input", "max_length": 3_001}), "/element/max_length", "3000"),
        (field(button()), "/element", "Expected types"),
    ],
)
def test_a_fault_in_a_block_is_named_with_its_path(block, path, says):
    [fault] = message_faults("Hello", [block])
    assert fault.path == f"/blocks/0{path}"
    assert says in fault.says
    assert str(fault) == f"[ERROR] {fault.says} [json-pointer:/blocks/0{path}]"


@pytest.mark.parametrize(
    ("text", "blocks", "path", "says"),
    [
        ("", [section()], "/text", "no fallback text"),
        (None, [section()], "/text", "no fallback text"),
        ("x" * 4_001, None, "/text", "4001 characters"),
        ("x", [section(str(n)) for n in range(51)], "/blocks", "51 blocks"),
        ("x", [], "/blocks", "0 blocks"),
        ("x", section(), "/blocks", "must be a list of blocks"),
        ("x", [section("x" * 2_900)] * 5, "/blocks", "characters in all"),
        ("x", [section("a", block_id="b"), section("b", block_id="b")], "/blocks/1/block_id", "stands 2 times"),
    ],
)
def test_a_fault_in_a_message_as_a_whole(text, blocks, path, says):
    [fault] = message_faults(text, blocks)
    assert (fault.path, says in fault.says) == (path, True)


@pytest.mark.parametrize(
    ("view", "path"),
    [
        (modal(field({"type": "plain_text_input"}), submit=None), "/view/submit"),
        (modal(section(), title=plain("x" * 25)), "/view/title"),
        (modal(section(), title=None), "/view/title"),
        (modal(section(), close={"type": "mrkdwn", "text": "x"}), "/view/close"),
        (modal(section(), submit=plain("")), "/view/submit"),
        (modal(section(), private_metadata="x" * 3_001), "/view/private_metadata"),
        (modal(section(), callback_id="x" * 256), "/view/callback_id"),
        (modal(section(), colour="red"), "/view"),
        (modal(*[section(str(n)) for n in range(101)]), "/view/blocks"),
        (modal({"type": "markdown", "text": "x"}), "/view/blocks/0"),
        ({"type": "home", "blocks": []}, "/view/blocks"),
        ({"type": "panel", "blocks": [section()]}, "/view/type"),
        ("nonsense", "/view/type"),
    ],
)
def test_a_fault_in_a_view(view, path):
    [fault] = view_faults(view)
    assert fault.path == path


@pytest.mark.parametrize("kind", ["modal", "home"])
def test_a_view_may_be_much_longer_than_a_message_and_no_longer_than_slack_takes(kind):
    def view(characters: int) -> dict[str, Any]:
        blocks = [section("x" * 2_500, block_id=str(n)) for n in range(characters // 2_500)]
        return modal(*blocks) if kind == "modal" else {"type": "home", "blocks": blocks}

    assert view_faults(view(225_000)) == []
    [fault] = view_faults(view(250_000))
    assert (fault.path, "of at most 250000" in fault.says) == ("/view", True)


def test_a_home_tab_needs_no_submit_button():
    assert view_faults({"type": "home", "blocks": [field({"type": "plain_text_input"})]}) == []
