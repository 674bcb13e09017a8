"""Modals and Home tabs: triggers, the stack, conflicts, and what a submission is answered with."""

import pytest

from bot.workspace.refused import UnableError
from tests.workspace.conftest import DEPUTY, TEACHER, web_client
from tests.workspace.test_rules import button, field, modal, option, section
from tests.workspace.test_web_api import refusal

BOX = {"type": "plain_text_input"}


@pytest.fixture
def slack(wide):
    return web_client(wide)


@pytest.fixture
def trigger(wide):
    return lambda: wide.do(wide.hub.state.new_trigger, "U0TEACHER")


def form(**more):
    return modal(field(BOX, block_id="name"), **more)


def open_modals(wide):
    return wide.person(TEACHER).page["modals"]


def test_a_trigger_opens_one_modal_and_no_second(wide, slack, trigger):
    given = trigger()
    view = slack.views_open(trigger_id=given, view=form())["view"]
    [shown] = open_modals(wide)
    assert (shown["id"], shown["title"], shown["submit"], shown["close"]) == (view["id"], "Form", "Send", None)
    assert wide.person(DEPUTY).page["modals"] == []
    assert refusal(slack.views_open, trigger_id=given, view=form()) == "exchanged_trigger_id"
    assert refusal(slack.views_open, trigger_id="1.2", view=form()) == "invalid_trigger_id"


def test_a_trigger_holds_for_three_seconds(clock, slack, trigger):
    given, late = trigger(), trigger()
    clock.time += 2.9
    assert slack.views_open(trigger_id=given, view=form())["ok"]
    clock.time += 0.2
    assert refusal(slack.views_open, trigger_id=late, view=form()) == "expired_trigger_id"


def test_a_bad_view_is_refused_with_its_path_and_shown_on_the_page(wide, slack, trigger):
    assert refusal(slack.views_open, trigger_id=trigger(), view=form(submit=None)) == "invalid_arguments"
    [problem] = wide.person(TEACHER).page["problems"]
    assert (problem["method"], problem["path"]) == ("views.open", "/view/submit")
    assert "needs a submit button" in problem["detail"]
    home = {"type": "home", "blocks": [section()]}
    assert refusal(slack.views_open, trigger_id=trigger(), view=home) == "invalid_arguments"


def test_a_view_that_is_too_large_is_refused_in_slacks_word(slack, trigger):
    large = modal(*[section("x" * 3_000, block_id=str(n)) for n in range(90)])
    assert refusal(slack.views_open, trigger_id=trigger(), view=large) == "view_too_large"


def test_three_modals_are_stacked_and_no_fourth(wide, slack, trigger):
    assert refusal(slack.views_push, trigger_id=trigger(), view=form()) == "not_found"
    first = slack.views_open(trigger_id=trigger(), view=form())["view"]
    second = slack.views_push(trigger_id=trigger(), view=form())["view"]
    third = slack.views_push(trigger_id=trigger(), view=form())["view"]
    assert (second["previous_view_id"], third["root_view_id"]) == (first["id"], first["id"])
    assert refusal(slack.views_push, trigger_id=trigger(), view=form()) == "push_limit_reached"
    wide.person(TEACHER).act("close", view_id=third["id"])
    assert [view["id"] for view in open_modals(wide)] == [first["id"], second["id"]]
    assert refusal(slack.views_update, view_id=third["id"], view=form()) == "not_found"


def test_an_update_says_which_state_it_follows(wide, slack, trigger):
    view = slack.views_open(trigger_id=trigger(), view=form(external_id="mine"))["view"]
    changed = slack.views_update(view_id=view["id"], hash=view["hash"], view=modal(section("Wait"), external_id="mine"))
    assert open_modals(wide)[0]["blocks"][0]["text"]["text"] == "Wait"
    assert refusal(slack.views_update, view_id=view["id"], hash=view["hash"], view=form()) == "hash_conflict"
    assert slack.views_update(external_id="mine", hash=changed["view"]["hash"], view=form())["ok"]
    again = form(external_id="mine")
    slack.views_update(view_id=view["id"], view=again)
    assert refusal(slack.views_push, trigger_id=trigger(), view=again) == "duplicate_external_id"


def test_a_view_below_the_top_can_be_changed_and_keeps_its_place(wide, slack, trigger):
    first = slack.views_open(trigger_id=trigger(), view=form())["view"]
    second = slack.views_push(trigger_id=trigger(), view=modal(section("On top")))["view"]
    changed = slack.views_update(view_id=first["id"], hash=first["hash"], view=modal(section("Changed")))["view"]
    shown = open_modals(wide)
    assert [one["id"] for one in shown] == [first["id"], second["id"]]
    assert [one["blocks"][0]["text"]["text"] for one in shown] == ["Changed", "On top"]
    assert (changed["root_view_id"], changed["previous_view_id"]) == (first["id"], None)


def test_home_is_published_for_one_person(wide, slack):
    home = {"type": "home", "blocks": [section("Welcome")]}
    first = slack.views_publish(user_id="U0TEACHER", view=home)["view"]
    assert wide.person(TEACHER).page["home"]["blocks"][0]["text"]["text"] == "Welcome"
    assert wide.person(DEPUTY).page["home"] is None
    slack.views_publish(user_id="U0TEACHER", view=home, hash=first["hash"])
    assert refusal(slack.views_publish, user_id="U0TEACHER", view=home, hash=first["hash"]) == "hash_conflict"
    assert refusal(slack.views_publish, user_id="U0NOBODY", view=home) == "user_not_found"


@pytest.mark.usefixtures("link")
class TestSubmission:
    @pytest.fixture
    def view(self, slack, trigger):
        return slack.views_open(trigger_id=trigger(), view=form(private_metadata="m", notify_on_close=True))["view"]

    @pytest.fixture
    def submit(self, wide, view):
        def submit(text):
            typed = {"name": {"typed": {"type": "plain_text_input", "value": text}}}
            wide.person(TEACHER).act("submit", view_id=view["id"], state=typed)

        return submit

    def test_carries_what_was_typed_and_closes_the_modal(self, wide, link, view, submit):
        submit("Alex")
        assert open_modals(wide) == []
        [request] = link.of("interactive")
        assert request.accepts_response_payload
        payload = request.payload
        assert (payload["type"], payload["user"]["id"], payload["team"]["id"]) == (
            "view_submission",
            "U0TEACHER",
            "T0TREES",
        )
        assert payload["view"]["state"]["values"]["name"]["typed"]["value"] == "Alex"
        assert (payload["view"]["private_metadata"], payload["view"]["id"]) == ("m", view["id"])

    def test_without_a_required_field_never_reaches_the_bot(self, wide, link, submit):
        submit("")
        assert open_modals(wide)[0]["errors"] == {"name": "Please complete this required field."}
        assert link.of("interactive") == []

    def test_may_be_answered_with_errors_and_then_succeed(self, wide, link, submit):
        link.answer = lambda _: {"response_action": "errors", "errors": {"name": "Please say more."}}
        submit("A")
        assert open_modals(wide)[0]["errors"] == {"name": "Please say more."}
        link.answer = lambda _: {}
        submit("Alex")
        assert open_modals(wide) == []

    def test_may_be_answered_with_another_view_on_top_or_in_its_place(self, wide, link, view, submit):
        link.answer = lambda _: {"response_action": "push", "view": modal(section("On top"))}
        submit("Alex")
        assert [one["blocks"][0]["type"] for one in open_modals(wide)] == ["input", "section"]
        wide.person(TEACHER).act("close", view_id=open_modals(wide)[-1]["id"])
        link.answer = lambda _: {"response_action": "update", "view": modal(section("Instead"))}
        submit("Alex")
        [shown] = open_modals(wide)
        assert (shown["id"], shown["blocks"][0]["text"]["text"]) == (view["id"], "Instead")

    @pytest.mark.usefixtures("view")
    def test_may_clear_the_whole_stack(self, wide, link, slack, trigger):
        top = slack.views_push(trigger_id=trigger(), view=modal(section()))["view"]
        link.answer = lambda _: {"response_action": "clear"}
        wide.person(TEACHER).act("submit", view_id=top["id"], state={})
        assert open_modals(wide) == []

    @pytest.mark.parametrize(
        ("answer", "path"),
        [
            ({"response_action": "update", "view": form(submit=None)}, "/view/submit"),
            ({"response_action": "errors", "errors": {"nowhere": "x"}}, "/errors"),
            ({"response_action": "dance"}, "/response_action"),
        ],
    )
    def test_answered_badly_leaves_the_modal_and_says_so(self, wide, link, submit, answer, path):
        link.answer = lambda _: answer
        submit("Alex")
        assert len(open_modals(wide)) == 1
        [problem] = wide.person(TEACHER).page["problems"]
        assert (problem["method"], problem["path"]) == ("view_submission", path)

    def test_that_nobody_answers_says_so_after_three_seconds(self, wide, link, submit):
        link.answer = lambda _: None
        with pytest.raises(UnableError, match="did not answer within 3 seconds"):
            submit("Alex")
        assert len(open_modals(wide)) == 1
        assert wide.person(TEACHER).page["problems"][0]["error"] == "operation_timeout"

    def test_closing_is_told_if_the_bot_wished_so(self, wide, link, view):
        wide.person(TEACHER).act("close", view_id=view["id"])
        wide.wait_for(lambda: link.of("interactive"))
        payload = link.of("interactive")[0].payload
        assert (payload["type"], payload["is_cleared"]) == ("view_closed", False)
        assert payload["view"]["state"]["values"] == {}

    def test_closing_all_of_them_at_once_is_told_of_each(self, wide, link, slack, trigger, view):
        slack.views_push(trigger_id=trigger(), view=modal(section()))
        top = slack.views_push(trigger_id=trigger(), view=modal(section(), notify_on_close=True))["view"]
        wide.person(TEACHER).act("close", view_id=top["id"], whole=True)
        assert open_modals(wide) == []
        wide.wait_for(lambda: len(link.of("interactive")) == 2)
        told = {(one.payload["view"]["id"], one.payload["is_cleared"]) for one in link.of("interactive")}
        assert told == {(view["id"], True), (top["id"], True)}

    def test_closing_is_no_trouble_for_a_bot_that_does_not_answer(self, wide, link, view):
        link.answer = lambda _: None
        wide.person(TEACHER).act("close", view_id=view["id"])
        assert wide.wait_for(lambda: wide.journal.of("delivery", "view_closed"))[0].detail["failed"] == "timeout"
        assert wide.person(TEACHER).page["problems"] == []

    def test_of_a_view_that_is_another_persons_is_refused(self, wide, view):
        with pytest.raises(UnableError, match="not open"):
            wide.person(DEPUTY).act("submit", view_id=view["id"], state={})


def test_a_click_in_a_modal_gives_a_trigger_to_push_with(wide, slack, trigger, link):
    blocks = {"type": "actions", "block_id": "row", "elements": [button("more", value="7")]}
    view = slack.views_open(trigger_id=trigger(), view=modal(blocks))["view"]
    person, container = wide.person(TEACHER), {"type": "view", "view_id": view["id"]}
    person.act("interact", container=container, block_id="row", action={"action_id": "more", "type": "button"})
    payload = link.of("interactive")[0].payload
    assert payload["actions"][0]["value"] == "7"
    assert payload["container"] == container
    assert slack.views_push(trigger_id=payload["trigger_id"], view=form())["ok"]
    with pytest.raises(UnableError, match="gone"):
        person.act("interact", container=container, block_id="row", action={"action_id": "less", "type": "button"})


def test_a_choice_in_a_modal_tells_of_the_whole_form_and_of_where_it_stands(wide, slack, trigger, link):
    below = slack.views_open(trigger_id=trigger(), view=form())["view"]
    choices = {"type": "radio_buttons", "action_id": "chosen", "options": [option("yes"), option("no")]}
    view = modal(field(choices, block_id="danger", dispatch_action=True), field(BOX, block_id="name"))
    shown = slack.views_push(trigger_id=trigger(), view={**view, "private_metadata": "m", "callback_id": "c"})["view"]
    person = wide.person(TEACHER)
    person.fill(name="Alex")
    assert link.of("interactive") == []
    person.choose("danger", "yes")
    payload = link.of("interactive")[0].payload
    assert (payload["type"], payload["actions"][0]["selected_option"]) == ("block_actions", option("yes"))
    assert (payload["team"]["id"], payload["user"]["team_id"]) == ("T0TREES", "T0TREES")
    told = payload["view"]
    assert (told["id"], told["hash"], told["private_metadata"], told["callback_id"]) == (
        shown["id"],
        shown["hash"],
        "m",
        "c",
    )
    assert (told["root_view_id"], told["previous_view_id"]) == (below["id"], below["id"])
    values = told["state"]["values"]
    assert values["danger"]["chosen"]["selected_option"] == option("yes")
    assert values["name"]["typed"]["value"] == "Alex"
