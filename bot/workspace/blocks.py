"""Blocks as blockkit's components, which check themselves; each fault with the path to it."""

from dataclasses import dataclass
from typing import Any

from blockkit import core
from blockkit.core import Component, ComponentValidationError, FieldValidationError


@dataclass(frozen=True)
class Fault:
    """What Slack would refuse: where, as a JSON pointer, and why."""

    path: str
    says: str

    def __str__(self) -> str:
        return f"[ERROR] {self.says} [json-pointer:{self.path}]"


BLOCKS: dict[str, type[Component]] = {
    "actions": core.Actions,
    "context": core.Context,
    "divider": core.Divider,
    "header": core.Header,
    "image": core.Image,
    "input": core.Input,
    "rich_text": core.RichText,
    "section": core.Section,
    "video": core.Video,
}
MESSAGE_BLOCKS = BLOCKS | {"markdown": core.Markdown, "table": core.Table, "file": core.File}

TEXTS: dict[str, type[Component]] = {"plain_text": core.Text, "mrkdwn": core.Text, "raw_text": core.RawText}
ELEMENTS: dict[str, type[Component]] = {
    "button": core.Button,
    "checkboxes": core.Checkboxes,
    "datepicker": core.DatePicker,
    "datetimepicker": core.DatetimePicker,
    "email_text_input": core.EmailInput,
    "image": core.ImageEl,
    "multi_static_select": core.MultiStaticSelect,
    "multi_users_select": core.MultiUsersSelect,
    "multi_conversations_select": core.MultiConversationsSelect,
    "multi_channels_select": core.MultiChannelsSelect,
    "number_input": core.NumberInput,
    "overflow": core.Overflow,
    "plain_text_input": core.PlainTextInput,
    "radio_buttons": core.RadioButtons,
    "static_select": core.StaticSelect,
    "users_select": core.UsersSelect,
    "conversations_select": core.ConversationsSelect,
    "channels_select": core.ChannelsSelect,
    "timepicker": core.TimePicker,
    "url_text_input": core.UrlInput,
}
RICH: dict[str, type[Component]] = {
    "rich_text_section": core.RichTextSection,
    "rich_text_list": core.RichTextList,
    "rich_text_quote": core.RichTextQuote,
    "rich_text_preformatted": core.RichTextPreformatted,
    "text": core.RichTextEl,
    "link": core.RichLinkEl,
    "user": core.RichUserEl,
    "usergroup": core.RichUserGroupEl,
    "channel": core.RichChannelEl,
    "broadcast": core.RichBroadcastEl,
    "emoji": core.RichEmojiEl,
    "date": core.RichDateEl,
    "color": core.RichColorEl,
}
TYPED = TEXTS | ELEMENTS | RICH
NESTED = TYPED | {"rich_text": core.RichText}
UNTYPED: dict[str, type[Component]] = {
    "options": core.Option,
    "initial_options": core.Option,
    "initial_option": core.Option,
    "option_groups": core.OptionGroup,
    "confirm": core.Confirm,
    "filter": core.ConversationFilter,
    "dispatch_action_config": core.DispatchActionConfig,
    "style": core.RichStyle,
    "column_settings": core.ColumnSettings,
}
"""Objects that say nothing of their type: the key under which they stand does."""

ONE_LIST = {"trigger_actions_on"}
"""Setters of blockkit that take a list; the others take its items."""
LISTS = ONE_LIST | {"elements", "options", "option_groups", "initial_options", "fields", "rows", "column_settings"}
LISTS |= {"initial_users", "initial_conversations", "initial_channels", "include"}

TEXT_OBJECTS = {"text", "label", "hint", "title", "placeholder", "description", "confirm", "deny"}
"""Where blockkit would make a text object of a bare string, and Slack refuses the string."""
BARE_TEXT = (core.Text, core.RawText, core.RichTextEl, core.RichLinkEl, core.Markdown)

NUMBERS = {"min_value", "max_value"}
"""What Slack wants as text of a number, also `initial_value` of a number_input; blockkit wants the number."""

CLASSES = tuple({*MESSAGE_BLOCKS.values(), *TYPED.values(), *UNTYPED.values()})


def block_faults(blocks: list[Any], known: dict[str, type[Component]], path: str) -> list[Fault]:
    """What blockkit finds wrong in blocks, each of which must be of a known type."""
    faults: list[Fault] = []
    for place, block in enumerate(blocks):
        _component(block, known, f"{path}/{place}", faults)
    return faults


def _component(value: Any, known: dict[str, type[Component]], path: str, faults: list[Fault]) -> Any:
    """A typed object as a component; None where it has none, with a fault."""
    kind = value.get("type") if isinstance(value, dict) else None
    made = known.get(kind) if isinstance(kind, str) else None
    if made is None:
        faults.append(Fault(path, f"unsupported type: {kind}" if kind else "must be an object with a type"))
        return None
    return _filled(made(), value, path, faults)


def _filled(made: Component, value: dict[str, Any], path: str, faults: list[Fault]) -> Component | None:
    before = len(faults)
    for key in sorted(value):  # the type of a text last: blockkit guesses it anew from the words
        if key != "type":
            _set(made, key, value[key], path, faults)
    if isinstance(made, core.Text):
        made.type(value["type"])
    if len(faults) == before:
        _check(made, path, faults)
    return made if len(faults) == before else None


def _set(made: Component, key: str, value: Any, path: str, faults: list[Fault]) -> None:
    setter = getattr(made, key, None) if not hasattr(Component, key) else None
    if setter is None:
        faults.append(Fault(path, f"no such property: {key}"))
        return
    if says := _misshapen(made, key, value):
        faults.append(Fault(f"{path}/{key}", says))
        return
    child = _child(key, value, f"{path}/{key}", faults)
    try:
        child = _number(child) if _is_number(made, key) else child
        setter(*child) if isinstance(child, list) and key not in ONE_LIST else setter(child)
    except (FieldValidationError, TypeError, ValueError, AttributeError) as error:
        faults.append(Fault(f"{path}/{key}", str(error)))


def _misshapen(made: Component, key: str, value: Any) -> str | None:
    """What is wrong with the shape of a property, before blockkit sees it."""
    if isinstance(value, list) != (key in LISTS):
        return "must be a list" if key in LISTS else "must not be a list"
    if isinstance(value, list):
        bare = key == "fields" and any(isinstance(item, str) for item in value)
        return "must be text objects" if bare else None if value else "must not be empty"
    if isinstance(value, str) and key in TEXT_OBJECTS and not isinstance(made, BARE_TEXT):
        return "must be a text object"
    return "must be the text of a number" if _is_number(made, key) and not isinstance(value, str) else None


def _is_number(made: Component, key: str) -> bool:
    return key in NUMBERS or (key == "initial_value" and isinstance(made, core.NumberInput))


def _number(text: str) -> int | float:
    return int(text) if text.lstrip("-").isdecimal() else float(text)


def _child(key: str, value: Any, path: str, faults: list[Fault]) -> Any:
    if isinstance(value, list):
        return [_child(key, item, f"{path}/{place}", faults) for place, item in enumerate(value)]
    if not isinstance(value, dict):
        return value
    if key in UNTYPED and "type" not in value:
        return _filled(UNTYPED[key](), value, path, faults)
    return _component(value, NESTED, path, faults)


def _check(made: Component, path: str, faults: list[Fault]) -> None:
    try:
        made.validate()  # type: ignore[no-untyped-call]  # blockkit leaves it untyped
    except FieldValidationError as error:
        faults.append(Fault(f"{path}/{error.field_name}", error.message))
    except ComponentValidationError as error:
        faults.append(Fault(path, error.message))
    except (TypeError, ValueError, AttributeError) as error:
        faults.append(Fault(path, str(error)))
