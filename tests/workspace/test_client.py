"""People in the hands of tests: they fill in forms as they would on the page."""

import pytest

from bot.workspace.refused import UnableError
from tests.workspace.conftest import DEPUTY, OFFICE, TEACHER, web_client
from tests.workspace.test_rules import ELEMENTS, button, field, modal, option, section

STORY = {"type": "plain_text_input", "action_id": "story", "initial_value": "As it was"}
RADIO = {"type": "radio_buttons", "action_id": "danger", "options": [option("yes"), option("no")]}
PEOPLE = {"type": "multi_users_select", "action_id": "involved"}
FORM = modal(
    section("Please fill this in."),
    field(STORY, block_id="story"),
    field(RADIO, block_id="danger", dispatch_action=True),
    field(PEOPLE, block_id="involved", optional=True),
    {"type": "actions", "block_id": "row", "elements": [button("more", value="7f3a")]},
    callback_id="report",
)


@pytest.fixture
def slack(wide):
    return web_client(wide)


@pytest.fixture
def teacher(wide, link):
    """A class teacher whose bot opens a form at each shortcut."""

    def answer(request):
        if request.payload.get("type") == "shortcut":
            web_client(wide).views_open(trigger_id=request.payload["trigger_id"], view=FORM)
        return {}

    link.answer = answer
    return wide.person(TEACHER)


def values(request):
    state = request.payload["view"]["state"]["values"]
    return {block: next(iter(fields.values())) for block, fields in state.items()}


def test_a_shortcut_opens_a_form_that_is_filled_in_and_submitted(teacher, link):
    teacher.shortcut("Report a contact")
    assert teacher.modal_showing("Please fill this in.")["title"] == "Form"
    teacher.fill(story="A thing happened", involved=[DEPUTY, OFFICE])
    teacher.choose("danger", "no")
    teacher.submit()
    shortcut, chosen, submitted = link.of("interactive")
    assert (shortcut.payload["type"], shortcut.payload["callback_id"]) == ("shortcut", "report")
    assert chosen.payload["actions"][0]["selected_option"] == option("no")
    assert values(chosen) == values(submitted)
    assert values(submitted)["story"]["value"] == "A thing happened"
    assert values(submitted)["involved"] == {
        "type": "multi_users_select",
        "selected_users": ["U0DEPUTY1", "U0OFFICE"],
    }
    assert teacher.modals == []
    with pytest.raises(LookupError, match="No modal"):
        teacher.modal.get("id")


def test_a_form_that_nobody_fills_in_is_sent_as_it_begins(teacher, link):
    teacher.shortcut("report")
    teacher.submit()
    assert teacher.modal["errors"] == {"danger": "Please complete this required field."}
    teacher.choose("danger", "yes")
    assert values(link.of("interactive")[-1])["story"]["value"] == "As it was"
    assert values(link.of("interactive")[-1])["involved"]["selected_users"] == []


def test_what_is_typed_stays_while_its_block_stays_and_begins_anew_in_a_new_one(teacher, link, slack):
    teacher.shortcut("report")
    teacher.fill(story="Typed")
    old, new = FORM["blocks"][1], field({**STORY, "action_id": "again"}, block_id="story-2")
    slack.views_update(view_id=teacher.modal["id"], view={**FORM, "blocks": [section("More"), old, new]})
    teacher.submit()
    sent = values(link.of("interactive")[-1])
    assert (sent["story"]["value"], sent["story-2"]["value"]) == ("Typed", "As it was")


def test_buttons_of_a_form_are_pressed_with_what_is_filled_in(teacher, link):
    teacher.shortcut("report")
    teacher.fill(story="Typed")
    teacher.press_in_modal("Go")
    pressed = link.of("interactive")[-1]
    assert pressed.payload["actions"][0]["value"] == "7f3a"
    assert values(pressed)["story"]["value"] == "Typed"
    teacher.close()
    assert teacher.modals == []


def test_what_is_not_there_cannot_be_filled_in_or_chosen(teacher):
    teacher.shortcut("report")
    with pytest.raises(LookupError, match=r"no field 'stry'.*story, danger, involved"):
        teacher.fill(stry="x")
    with pytest.raises(LookupError, match="no option 'perhaps'"):
        teacher.choose("danger", "perhaps")
    with pytest.raises(LookupError, match="nobody in this team"):
        teacher.fill(involved=["Head of year"])
    with pytest.raises(LookupError, match="no button"):
        teacher.press_in_modal("Stop")


def test_somebody_who_has_left_can_neither_be_chosen_nor_choose(wide, teacher):
    teacher.shortcut("report")
    wide.weather(set="deactivate", user="U0OFFICE")
    with pytest.raises(LookupError, match="nobody in this team"):
        teacher.fill(involved=[OFFICE])
    wide.weather(set="deactivate", user="U0TEACHER")
    with pytest.raises(UnableError, match="deactivated"):
        teacher.close()


def test_notifications_can_be_read(wide, slack):
    slack.chat_postMessage(channel="U0TEACHER", text="There is something to open.")
    [toast] = wide.person(TEACHER).toasts
    assert (toast["mobile"], toast["desktop"]) == ("There is something to open.",) * 2


GIVEN = {
    "plain_text_input": "words",
    "static_select": "a",
    "multi_static_select": ["a"],
    "checkboxes": ["a"],
    "radio_buttons": "b",
    "datepicker": "2026-02-01",
    "timepicker": "11:00",
    "datetimepicker": 1_800_000_001,
    "email_text_input": "office@example.org",
    "url_text_input": "https://example.org",
    "number_input": "3",
    "users_select": DEPUTY,
    "multi_users_select": [DEPUTY],
    "conversations_select": "C0STAFFROOM",
    "channels_select": "C0GENERAL",
}


@pytest.mark.parametrize("element", ELEMENTS, ids=lambda element: element["type"])
def test_every_kind_of_field_can_be_filled_in(wide, slack, link, element):
    trigger = wide.do(wide.hub.state.new_trigger, "U0TEACHER")
    bare = {name: value for name, value in element.items() if not name.startswith("initial")}
    slack.views_open(trigger_id=trigger, view=modal(field(bare, block_id="it")))
    person = wide.person(TEACHER)
    person.submit()
    assert "it" in person.modal["errors"]
    person.fill(it=GIVEN[element["type"]])
    person.submit()
    [sent] = [value for name, value in values(link.of("interactive")[0])["it"].items() if name != "type"]
    given = GIVEN[element["type"]]
    ids = {DEPUTY: "U0DEPUTY1", "a": option("a"), "b": option("b")}
    assert sent == ([ids[one] for one in given] if isinstance(given, list) else ids.get(given, given))
