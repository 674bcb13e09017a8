"""A bot that sends every block and element there is, to see the page show them; a real Bolt app over Socket Mode."""

from pathlib import Path
from typing import Any

from slack_bolt import App, Args

from bot.app import web_client
from bot.workspace.client import Workspace
from tests.workspace.browser import live_form

MANIFEST = Path(__file__).with_name("kitchen.yml")
HOSTILE = "<img src=x onerror=\"document.title='hacked'\"><script>document.title='hacked'</script>"


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text, "emoji": True}


def mrkdwn(text: str) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": text}


def option(text: str, about: str | None = None) -> dict[str, Any]:
    more = {"description": plain(about)} if about else {}
    return {"text": plain(text), "value": text.lower().replace(" ", "-"), **more}


def section(text: str, **more: Any) -> dict[str, Any]:
    return {"type": "section", "text": mrkdwn(text), **more}


def element(kind: str, action_id: str, **more: Any) -> dict[str, Any]:
    return {"type": kind, "action_id": action_id, **more}


def field(
    label: str, name: str, kind: str, *, hint: str | None = None, optional: bool = False, **more: Any
) -> dict[str, Any]:
    """An input block whose action is called as its block is."""
    about = {"hint": plain(hint)} if hint else {}
    return {
        "type": "input",
        "block_id": name,
        "label": plain(label),
        "element": element(kind, name, **more),
        "optional": optional,
        **about,
    }


OPTIONS = [option("Mon"), option("Tue", "after lunch"), option("Wed")]
SURE = {"title": plain("Are you sure?"), "text": plain("This cannot be undone."), "confirm": plain("Do it")}
ASK = {**SURE, "deny": plain("Leave it"), "style": "danger"}

RICH = {
    "type": "rich_text",
    "elements": [
        {
            "type": "rich_text_section",
            "elements": [
                {"type": "text", "text": "Bold", "style": {"bold": True}},
                {"type": "text", "text": " and "},
                {"type": "text", "text": "code", "style": {"code": True}},
                {"type": "text", "text": " for "},
                {"type": "user", "user_id": "U0TEACHER"},
                {"type": "text", "text": " in "},
                {"type": "channel", "channel_id": "C0STAFFROOM"},
                {"type": "text", "text": " "},
                {"type": "emoji", "name": "tada"},
                {"type": "text", "text": " "},
                {"type": "link", "url": "https://example.org/policy", "text": "a link"},
            ],
        },
        {"type": "rich_text_list", "style": "bullet", "elements": [
            {"type": "rich_text_section", "elements": [{"type": "text", "text": "outer one"}]},
        ]},
        {"type": "rich_text_list", "style": "ordered", "indent": 1, "elements": [
            {"type": "rich_text_section", "elements": [{"type": "text", "text": "inner one"}]},
            {"type": "rich_text_section", "elements": [{"type": "text", "text": "inner two"}]},
        ]},
        {"type": "rich_text_list", "style": "bullet", "elements": [
            {"type": "rich_text_section", "elements": [{"type": "text", "text": "outer two"}]},
        ]},
        {"type": "rich_text_quote", "elements": [{"type": "text", "text": "Word for word."}]},
        {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "exactly   as typed"}]},
    ],
}  # fmt: skip

MARKS = (
    "*bold* _italic_ ~gone~ `code` <https://example.org|a link> <@U0TEACHER> <#C0STAFFROOM> <!here> :wave:\n"
    "&gt; quoted &amp; escaped &lt;b&gt;\n• one\n• two\n```pre  formatted```\n"
    "<!date^1767225600^{date_num}|then> <javascript:alert(1)|a bad link>"
)

SHOWN: list[dict[str, Any]] = [
    {"type": "header", "text": plain("Every block")},
    section(MARKS),
    {"type": "section", "fields": [mrkdwn("*Status*\nOpen"), mrkdwn("*Due*\nFriday")]},
    {"type": "divider"},
    {"type": "context", "elements": [mrkdwn("Small print"), plain("and more of it")]},
    {"type": "image", "image_url": "https://example.org/cat.png", "alt_text": "A cat on a mat"},
    RICH,
    {
        "type": "markdown",
        "text": f"## Heading\n\n**Strong**, *soft*, `code`\n\n1. first\n2. second\n\n> quoted\n\n{HOSTILE}",
    },
]

ACTIONS: list[dict[str, Any]] = [
    section(
        "Pick a day",
        block_id="pick",
        accessory=element("static_select", "day", options=OPTIONS, placeholder=plain("A day")),
    ),
    {"type": "actions", "block_id": "row", "elements": [
        element("button", "plain", text=plain("Plain"), value="p"),
        element("button", "sure", text=plain("Delete it"), style="danger", value="d", confirm=ASK),
        element("button", "away", text=plain("Read more"), style="primary", url="https://example.org/"),
        element("overflow", "more", options=OPTIONS),
        element("users_select", "who", placeholder=plain("A person")),
        element("conversations_select", "where", placeholder=plain("A conversation")),
        element("multi_static_select", "days", options=OPTIONS, placeholder=plain("Some days")),
        element("datepicker", "date", initial_date="2026-09-01"),
        element("timepicker", "time", initial_time="09:30"),
        element("radio_buttons", "one", options=OPTIONS),
        element("checkboxes", "many", options=OPTIONS),
    ]},
]  # fmt: skip

FORM: dict[str, Any] = {
    "type": "modal",
    "callback_id": "form",
    "title": plain("A form"),
    "submit": plain("Send"),
    "close": plain("Not now"),
    "blocks": [
        section("Please fill this in. Nothing is kept."),
        field("What happened?", "what", "plain_text_input", multiline=True, min_length=5, hint="In your own words"),
        field("A short name", "name", "plain_text_input", placeholder=plain("A word")),
        field("E-mail", "mail", "email_text_input", optional=True),
        field("Web address", "web", "url_text_input", optional=True),
        field("How many?", "number", "number_input", is_decimal_allowed=False, min_value="1", optional=True),
        field("On which day?", "day", "static_select", options=OPTIONS, optional=True),
        field("Which days?", "days", "multi_static_select", options=OPTIONS, optional=True),
        field("Who?", "who", "users_select", optional=True),
        field("When?", "date", "datepicker", initial_date="2026-09-01"),
        field("At what moment?", "moment", "datetimepicker", initial_date_time=1767225600, optional=True),
        field("How urgent?", "urgent", "radio_buttons", options=OPTIONS, initial_option=OPTIONS[0]),
        field("What else?", "else", "checkboxes", options=OPTIONS, optional=True),
        {"type": "actions", "block_id": "row", "elements": [element("button", "deeper", text=plain("One deeper"))]},
    ],
}  # fmt: skip


def small(title: str, *blocks: dict[str, Any]) -> dict[str, Any]:
    return {"type": "modal", "title": plain(title), "blocks": list(blocks)}


def deeper(level: int) -> dict[str, Any]:
    again = {"type": "actions", "elements": [element("button", "deeper", text=plain("One deeper still"))]}
    return small(f"Level {level}", section(f"This is level {level}."), *([again] if level < 3 else []))


class Kitchen:
    """The bot, and what it was sent."""

    def __init__(self, workspace: Workspace) -> None:
        self.actions: list[dict[str, Any]] = []
        self.submissions: list[dict[str, Any]] = []
        self.closed: list[dict[str, Any]] = []
        self.app = App(client=web_client(workspace.tokens.bot, workspace.api))
        live_form.register(self.app, self.actions, self.submissions, self.closed)
        for kind, name, listener in (
            ("command", "/form", self.form),
            ("command", "/blocks", self.blocks),
            ("command", "/bad", self.bad),
            ("shortcut", "look", self.look),
            ("shortcut", "begin", self.form),
            ("action", {"action_id": "deeper"}, self.deeper),
            ("view", "form", self.submitted),
            ("event", "message", self.repeat),
            ("event", "app_home_opened", self.home),
        ):
            getattr(self.app, kind)(name)(listener)
        self.app.action({"block_id": "pick"})(self.acted)
        self.app.action({"block_id": "row"})(self.acted)

    def form(self, args: Args) -> None:
        args.ack()
        args.client.views_open(trigger_id=args.body["trigger_id"], view=FORM)

    def blocks(self, args: Args) -> None:
        args.ack()
        kept = {"unfurl_links": False, "unfurl_media": False}
        channel = args.body["channel_id"]
        args.client.chat_postMessage(channel=channel, text="Every block", blocks=SHOWN, **kept)
        args.client.chat_postMessage(channel=channel, text="Every element", blocks=ACTIONS, **kept)

    def bad(self, args: Args) -> None:
        args.ack()
        view = small("Bad", {"type": "header", "text": plain("x" * 151)})
        args.client.views_open(trigger_id=args.body["trigger_id"], view=view)

    def look(self, args: Args) -> None:
        args.ack()
        said = args.body["message"]["text"]
        args.client.views_open(trigger_id=args.body["trigger_id"], view=small("You chose", section(said)))

    def deeper(self, args: Args) -> None:
        args.ack()
        level = 1 + int("Level 2" in args.body["view"]["title"]["text"])
        args.client.views_push(trigger_id=args.body["trigger_id"], view=deeper(level + 1))

    def acted(self, args: Args) -> None:
        args.ack()
        self.actions.append(args.body["actions"][0])

    def submitted(self, args: Args) -> None:
        values = args.body["view"]["state"]["values"]
        if values["name"]["name"]["value"] == "bad":
            args.ack(response_action="errors", errors={"name": "That name is taken."})
            return
        self.submissions.append(values)
        args.ack()

    def repeat(self, args: Args) -> None:
        event = args.body["event"]
        if "subtype" not in event and "bot_id" not in event:
            args.client.chat_postMessage(channel=event["channel"], text=event["text"], unfurl_links=False)

    def home(self, args: Args) -> None:
        view = {"type": "home", "blocks": [{"type": "header", "text": plain("The kitchen")}, *ACTIONS]}
        if args.body["event"]["tab"] == "home":
            args.client.views_publish(user_id=args.body["event"]["user"], view=view)
