"""The parts of forms: fields that keep what was typed, people's own words, and the frame of a modal."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Literal, TypeVar

from bot.casework.facts import LONGEST_LINE, LONGEST_STORY
from bot.casework.models import Reader
from bot.casework.rules import Contact
from bot.forms.cleaning import cleaned, one_line
from bot.forms.filled import MOST_PEOPLE, Filled
from bot.views.blocks import Block, bullets, header, note, paragraph, plain, quote, rich, words
from bot.views.plainly import reader

LONGEST_OPTION = 75
MOST_OPTIONS = 100
LONGEST_LABEL = 2_000
MOST_READERS = 30
CALL = "Call 999 now if a child is in immediate danger."
EMPTY = Filled({})
"""A form into which nothing has been typed."""

S = TypeVar("S", bound=str)


def modal(title: str, blocks: Sequence[Block], callback: str, **more: Any) -> Block:
    """A modal; `submit` and `close` are words, everything else is Slack's own key."""
    texts = {key: plain(more.pop(key), 24) for key in ("submit", "close") if key in more}
    frame = {"type": "modal", "callback_id": callback, "title": plain(title, 24), "close": plain("Close")}
    return frame | texts | {"blocks": list(blocks)} | more


def field(label: str, element: Block, *, block: str = "", hint: str = "", optional: bool = True) -> Block:
    """An input block. Its id stays the same from one update to the next, so that Slack keeps what was typed."""
    made: Block = {"type": "input", "block_id": block or element["action_id"], "label": plain(label, LONGEST_LABEL)}
    made |= {"element": element, "optional": optional}
    return made | ({"hint": plain(hint, LONGEST_LABEL)} if hint else {})


def dispatching(block: Block) -> Block:
    """An input block that tells the bot of each change."""
    return block | {"dispatch_action": True}


def line_of(action: str, typed: Filled = EMPTY) -> Block:
    """A field of one line."""
    return _text(action, typed.typed(action), LONGEST_LINE, multiline=False)


def story_of(action: str, typed: Filled = EMPTY, initial: str = "") -> Block:
    """A field of many lines, filled with `initial` where nothing was typed."""
    return _text(action, typed.typed(action) or cleaned(initial), LONGEST_STORY, multiline=True)


def _text(action: str, initial: str, most: int, *, multiline: bool) -> Block:
    made = {"type": "plain_text_input", "action_id": action, "multiline": multiline, "max_length": most}
    return made | ({"initial_value": initial[:most]} if initial else {})


def _option(value: str, says: str) -> Block:
    return {"text": plain(one_line(says), LONGEST_OPTION), "value": str(value)}


def choice(
    kind: Literal["radio_buttons", "static_select", "checkboxes", "multi_static_select"],
    action: str,
    options: Mapping[S, str],
    typed: Filled = EMPTY,
) -> Block:
    """One or more of a list: value -> words, in the order shown."""
    offered = {str(value): _option(value, says) for value, says in options.items()}
    made: Block = {"type": kind, "action_id": action, **_offered(list(offered.values()))}
    chosen = [offered[value] for value in typed.chosen(action) if value in offered]
    if "select" in kind:
        made["placeholder"] = plain("Choose")
    if not chosen:
        return made
    return made | ({"initial_options": chosen} if kind in {"checkboxes", "multi_static_select"} else _first(chosen))


def _offered(options: list[Block]) -> Block:
    """Options; where they are more than Slack lists in a row, in groups that are called by their numbers."""
    if len(options) <= MOST_OPTIONS:
        return {"options": options}
    chunks = [options[start : start + MOST_OPTIONS] for start in range(0, len(options), MOST_OPTIONS)]
    starts = range(1, len(options) + 1, MOST_OPTIONS)
    labels = [f"{start} to {start + len(chunk) - 1}" for start, chunk in zip(starts, chunks, strict=True)]
    pairs = zip(labels, chunks, strict=True)
    return {"option_groups": [{"label": plain(label), "options": chunk} for label, chunk in pairs]}


def _first(chosen: list[Block]) -> Block:
    return {"initial_option": chosen[0]}


def people_of(action: str, chosen: Sequence[str] = ()) -> Block:
    """People of the workspace."""
    made: Block = {"type": "multi_users_select", "action_id": action, "max_selected_items": MOST_PEOPLE}
    made["placeholder"] = plain("Choose people")
    return made | ({"initial_users": list(chosen)[:MOST_PEOPLE]} if chosen else {})


def day_of(action: str, today: date, typed: Filled = EMPTY) -> Block:
    """A day; today, where none was chosen."""
    return {"type": "datepicker", "action_id": action, "initial_date": str(typed.day_chosen(action) or today)}


def own_words(text: str, *style: str) -> list[Block]:
    """What a person wrote, as running text: inert, and never empty."""
    return words(cleaned(text) or "–", *style)


def told(text: str, *style: str) -> Block:
    """One paragraph."""
    return rich(paragraph(*own_words(text, *style)))


def titled(title: str, text: str) -> Block:
    """A bold line, and a paragraph under it."""
    return rich(paragraph(*words(f"{title}\n", "bold"), *own_words(text)))


def quoted(title: str, text: str) -> Block:
    """A bold line, and under it what a person wrote."""
    return rich(paragraph(*own_words(title, "bold")), quote(*own_words(text)))


def listed(title: str, lines: Sequence[str]) -> Block:
    """A bold line, and a list; at least one line."""
    return rich(paragraph(*words(title, "bold")), bullets([own_words(line) for line in lines]))


def contact_line(contact: Contact) -> str:
    """A role and how to reach it."""
    return f"{contact.called}: {contact.reach}"


def contact_list(contacts: Sequence[Contact]) -> Block:
    """Roles, and how to reach them."""
    pairs = [[*own_words(one.called, "bold"), *own_words(f": {one.reach}")] for one in contacts]
    return bullets(pairs)


def act_now(contacts: Sequence[Contact]) -> list[Block]:
    """Whom to call, and whom to tell at once, when a child may be in danger now."""
    at_once = [paragraph(*words("Then tell one of these people at once:")), contact_list(contacts)] if contacts else []
    return [header("🚨 Act now"), rich(paragraph(*words(CALL, "bold")), *at_once)]


def reader_list(title: str, readers: Sequence[Reader]) -> Block:
    """Who reads something: names and roles, at most MOST_READERS of them, and how many more; at least one."""
    rest = [f"and {len(readers) - MOST_READERS} more"] if len(readers) > MOST_READERS else []
    return listed(title, [reader(one) for one in readers[:MOST_READERS]] + rest)


def recorded() -> Block:
    """The line at the foot of every view of a case."""
    return note("Opening this was recorded.")
