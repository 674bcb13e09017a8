"""A form that changes while it is filled in: its choices are sent at once, and the bot answers with a changed form."""

from typing import Any

from slack_bolt import App, Args

MOST = 60
"""Characters of the long answer, few enough to type too many."""
LONG = "This paragraph stands here so that the form is longer than the window that it is shown in. " * 3


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def option(text: str) -> dict[str, Any]:
    return {"text": plain(text), "value": text.lower()}


def said(block_id: str, text: str) -> dict[str, Any]:
    return {"type": "section", "block_id": block_id, "text": plain(text)}


def field(name: str, label: str, kind: str, *, tells: bool = False, **more: Any) -> dict[str, Any]:
    element = {"type": kind, "action_id": f"live_{name.split('-')[0]}", **more}
    return {
        "type": "input",
        "block_id": name,
        "label": plain(label),
        "optional": True,
        "dispatch_action": tells,
        "element": element,
    }


def form(danger: str | None, involved: list[str], starts: int) -> dict[str, Any]:
    """The form as it is after these choices. `starts`: how often the start was asked for; it makes a new block."""
    begun = {"initial_value": "What I asked before"} if starts else {}
    chosen = {"initial_users": involved} if involved else {}
    story = f"story-{starts}" if starts else "story"
    blocks = [
        *([said("call", "Call 999 now.")] if danger == "yes" else []),
        field("danger", "In danger?", "radio_buttons", tells=True, options=[option("Yes"), option("No")]),
        field("kinds", "What kind?", "checkboxes", options=[option("Message"), option("Request")]),
        field("where", "Where?", "plain_text_input"),
        said("long", LONG),
        field("start", "Shall I begin?", "checkboxes", tells=True, options=[option("Begin for me")]),
        field(story, "Anything else?", "plain_text_input", multiline=True, max_length=MOST, **begun),
        field("involved", "Who is involved?", "multi_users_select", tells=True, **chosen),
        said("readers", f"It is not read by: {', '.join(involved) or 'nobody'}."),
        {"type": "actions", "block_id": "below", "elements": [_button("live_push", "One more form")]},
    ]
    return {**_frame("A live form", blocks), "submit": plain("Send"), "callback_id": "live"}


def _button(action_id: str, text: str) -> dict[str, Any]:
    return {"type": "button", "action_id": action_id, "text": plain(text)}


def _frame(title: str, blocks: list[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "modal", "title": plain(title), "blocks": blocks, "notify_on_close": True, "close": plain("Cancel")}


def as_filled_in(view: dict[str, Any]) -> dict[str, Any]:
    """The form as it is after what is chosen in a view."""
    values = {name.split("-")[0]: next(iter(held.values())) for name, held in view["state"]["values"].items()}
    danger = (values["danger"]["selected_option"] or {}).get("value")
    return form(danger, values["involved"]["selected_users"], int(bool(values["start"]["selected_options"])))


def register(app: App, actions: list[Any], submissions: list[Any], closed: list[Any]) -> None:
    """Let a bot have this form, under `/live`."""

    def begin(args: Args) -> None:
        args.ack()
        args.client.views_open(trigger_id=args.body["trigger_id"], view=form(None, [], 0))

    def chosen(args: Args) -> None:
        args.ack()
        actions.append(args.body["actions"][0])
        view = args.body["view"]
        args.client.views_update(view_id=view["id"], view=as_filled_in(view))

    def push(args: Args) -> None:
        args.ack()
        blocks = [{"type": "actions", "elements": [_button("live_below", "Change what is below")]}]
        args.client.views_push(trigger_id=args.body["trigger_id"], view=_frame("On top", blocks))

    def below(args: Args) -> None:
        args.ack()
        changed = form("yes", [], 0)
        args.client.views_update(view_id=args.body["view"]["previous_view_id"], view=changed)

    def submitted(args: Args) -> None:
        values = args.body["view"]["state"]["values"]
        submissions.append(values)
        if values["where"]["live_where"]["value"] == "wrong":
            args.ack(response_action="errors", errors={"danger": "Not saved. Please ring the office."})
            return
        done = [said("done", "It is saved."), said("after", LONG * 8)]
        args.ack(response_action="update", view=_frame("Saved", done))

    app.command("/live")(begin)
    for name in ("live_danger", "live_start", "live_involved"):
        app.action(name)(chosen)
    app.action("live_push")(push)
    app.action("live_below")(below)
    app.view("live")(submitted)
    app.view_closed("live")(lambda ack, body: (ack(), closed.append(body)))
    app.view_closed("")(lambda ack, body: (ack(), closed.append(body)))
