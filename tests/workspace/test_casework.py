"""From the first word to the close, as the people of a school live it: real bot, real store, local Slack."""

import json
import re
import sqlite3

import pytest

from bot.casework.models import Sentence, State
from bot.workspace.client import shown_in
from tests.workspace.school import CHAIR, DEPUTY, HEAD, MORE, REPORT_BUTTON, SECOND, TEACHER, at_school

DISCLOSURE = "a year 9 girl called Canaria Wren has just sent me a friend request on insta, what do I do"


@pytest.fixture
def school(workspace, librarian, tmp_path):
    with at_school(workspace, librarian, tmp_path) as made:
        yield made


def test_from_the_first_word_to_the_close(school):
    teacher, deputy = school.person(TEACHER), school.person(DEPUTY)
    answer = teacher.ask(DISCLOSURE)
    teacher.press(answer, REPORT_BUTTON)
    form = teacher.modal_showing("Who will read this")
    assert "Second deputy head" in shown_in(form)
    assert "Canaria" not in json.dumps(form), "what was written to the bot is only taken over if that is ticked"
    teacher.fill(report_danger="no", report_who="pupil", report_contacts=["request"], report_start=["yes"])
    school.workspace.wait_for(lambda: "Canaria" in json.dumps(teacher.modal))
    teacher.fill(report_platform="Instagram", report_replied="by-mistake")
    teacher.submit()
    confirmed = shown_in(teacher.modal_showing("Your reference is"))
    for words in ("SG-", "Deputy head", "Do not reply", "Do not delete", "8.9", "A helpline"):
        assert words in confirmed

    notice = school.notice(DEPUTY)
    assert {one["mobile"] for one in deputy.toasts} == {notice["text"]}
    assert notice["text"].startswith(Sentence.NEW)
    deputy.press(notice, "Open")
    seen = shown_in(deputy.modal_showing("Opening this was recorded"))
    for words in ("Class teacher", "Instagram", "By mistake", "Canaria Wren"):
        assert words in seen
    deputy.press_in_modal("Acknowledge")
    deputy.modal_showing("You have acknowledged it")
    deputy.press_in_modal("Write to the reporter")
    deputy.modal_showing("They get a notice")
    deputy.fill(ask_text="Did she write anything?")
    deputy.submit()
    deputy.modal_showing("Saved.")

    told = school.notice(TEACHER)
    assert told["text"].startswith(Sentence.NEWS)
    teacher.close(whole=True)
    teacher.press(told, "Open")
    assert "Did she write anything?" in shown_in(teacher.modal_showing("Yours: "))
    teacher.press_in_modal("Add or answer")
    teacher.modal_showing("Those who may read")
    teacher.fill(add_text="Only hello.")
    teacher.submit()
    teacher.modal_showing("Saved.")

    school.notice(DEPUTY, 2)
    deputy.press_in_modal("Refer")
    changed = deputy.modal_showing("Since you opened it")
    assert "Class teacher" in shown_in(changed), "what happened meanwhile is shown before it is done"
    deputy.fill(refer_target="dsl", refer_reference="In the book, page 3")
    deputy.submit()
    deputy.modal_showing("Saved.")
    deputy.press_in_modal("Close the case")
    deputy.modal_showing("It stays readable")
    deputy.fill(close_outcome="advice", close_reason="Settings were made strict together.")
    deputy.submit()
    deputy.modal_showing("Advice or support was given")

    teacher.close(whole=True)
    teacher.act("open", tab="home")
    school.workspace.wait_for(lambda: "closed" in json.dumps(teacher.page["home"]).lower())
    assert school.cases.open_cases("cherry-trees") == []


def test_case_2_text_typed_after_the_command_is_dropped_and_not_repeated(school):
    teacher = school.person(TEACHER)
    teacher.act("command", channel=teacher.direct, text="/report-contact Canaria Wren of 9B wrote to me")
    school.workspace.wait_for(lambda: teacher.replies())
    (reply,) = teacher.replies()
    assert "not read or kept" in reply["text"]
    assert teacher.modal_showing("Who will read this")
    seen_by_bot = json.dumps([entry.detail for entry in school.workspace.journal.of("call")])
    assert "Canaria" not in seen_by_bot


def test_case_3_a_toast_says_one_of_a_few_sentences(school):
    school.reports(more="Canaria Wren wrote to me")
    school.notice(SECOND)
    for name in (DEPUTY, SECOND):
        for toast in school.person(name).toasts:
            for says in (toast["mobile"], toast["desktop"]):
                sentence, _, reference = says.replace("\n", " ").partition(" Reference ")
                assert sentence in set(Sentence)
                assert re.match(r"SG-[2-9A-Z]{6}\.", reference)
                assert re.sub(r"^SG-\w{6}\.", "", reference).strip() in {"", "Open Acknowledge", "Open"}


def test_case_4_whoever_is_named_later_loses_the_open_window_the_notice_and_the_list(school):
    school.reports(more="Canaria")
    second, deputy = school.opens(SECOND), school.opens(DEPUTY)
    second.act("open", tab="home")
    school.workspace.wait_for(lambda: second.page.get("home") and "SG-" in json.dumps(second.page["home"]))
    deputy.press_in_modal("Somebody is involved")
    deputy.modal_showing("They lose all sight")
    deputy.fill(involve_whom=["Second deputy head"])
    deputy.submit()
    assert "Canaria" not in json.dumps(second.modal_showing("There is nothing here that you can open"))
    school.workspace.wait_for(lambda: not school.notices(SECOND))
    school.workspace.wait_for(lambda: "SG-" not in json.dumps(second.page["home"]))


def who_reads(who) -> str:
    """Who will read a report at once, as its form says."""
    return shown_in(who.modal).partition("Who will read this")[2].partition("If they do not answer")[0]


def test_case_4_who_will_read_it_is_computed_while_the_form_is_filled_in(school):
    teacher = school.opens_form()
    assert "Chair" not in who_reads(teacher)
    assert "Chair" in shown_in(teacher.modal), "but may be asked later"
    teacher.fill(**{MORE: "typed before"})
    teacher.fill(report_involved=["Executive Headteacher", "Second deputy head"])
    school.workspace.wait_for(lambda: "Chair of governors" in who_reads(teacher))
    assert "Second deputy head" not in who_reads(teacher)
    teacher.fill(report_danger="yes", report_who="pupil", report_contacts=["message"])
    school.workspace.wait_for(lambda: "999" in shown_in(teacher.modal))
    first = shown_in(teacher.modal).splitlines()[:8]
    assert any("999" in line for line in first)
    assert any("01234 567 890" in line for line in first)
    teacher.submit()
    teacher.modal_showing("Your reference is")
    assert school.notice(CHAIR)["text"].startswith(Sentence.URGENT)
    assert school.notices(HEAD) == []
    assert school.case().facts.more == "typed before"


def test_case_5_when_nobody_is_left_the_reporter_gets_the_outside_contact_and_it_is_kept(school):
    teacher = school.opens_form()
    teacher.fill(report_danger="no", report_who="pupil", report_contacts=["request"])
    teacher.fill(report_involved=["Deputy head", "Second deputy head", "Executive Headteacher", "Chair of governors"])
    school.workspace.wait_for(lambda: "Local authority's officer" in shown_in(teacher.modal))
    teacher.submit()
    assert "Local authority's officer" in shown_in(teacher.modal_showing("Your reference is"))
    assert school.case().state is State.NEW
    assert school.cases.waiting() == 0


@pytest.mark.parametrize("person", [TEACHER, "Teaching assistant", HEAD])
def test_case_7_a_guessed_id_gets_what_a_wrong_one_gets(school, person):
    school.reports(name="Office manager")
    notice = school.notice(DEPUTY)
    seen = []
    for case_id in (school.case().id, "0" * 32, "x"):
        who = school.person(person)
        before = who.say("hello there?")
        forged = _forge(school, who, notice, case_id, before)
        seen.append(forged)
    assert seen[0] == seen[1] == seen[2]
    assert "There is nothing here that you can open" in seen[0]


def _forge(school, who, notice, case_id, ts):
    """Somebody sends a click as if the notice stood in their own conversation, with an id of their choice."""
    from bot.workspace import payloads

    hub = school.workspace.hub
    button = next(part for block in notice["blocks"] for part in block.get("elements", ()) if part.get("value"))
    action = {**button, "value": case_id, "block_id": "b", "action_ts": "1"}

    async def send():
        message = hub.state.messages[who.direct][ts]
        payload = payloads.message_action(hub, hub.state.people[who.id], message, action, None)
        await hub.delivery.once("interactive", payload, accepts_response=False)

    school.workspace.on_loop(send())
    text = shown_in(who.modal_showing("There is nothing here"))
    who.close(whole=True)
    return text


def test_case_8_the_same_submission_twice_is_one_case(school):
    from bot.workspace import payloads

    teacher = school.opens_form()
    teacher.fill(report_danger="no", report_who="pupil", report_contacts=["request"])
    view, hub = teacher.modal, school.workspace.hub
    state = school.workspace.drafts[view["id"]].state(view)

    async def twice():
        shown = hub.state.find_view(view["id"])
        payload = payloads.submission(hub, hub.state.people[teacher.id], shown, state)
        first = await hub.delivery.once("interactive", payload, accepts_response=True)
        second = await hub.delivery.once("interactive", payload, accepts_response=True)
        return first.payload, second.payload

    first, second = school.workspace.on_loop(twice())
    assert first == second
    assert school.case()
    school.notice(SECOND)
    assert len(school.notices(DEPUTY)) == 1


def test_case_8_the_same_form_sent_again_with_other_words_loses_neither(school):
    from bot.workspace import payloads

    teacher = school.opens_form()
    teacher.fill(report_danger="no", report_who="pupil", report_contacts=["request"])
    view, hub = teacher.modal, school.workspace.hub
    first = school.workspace.drafts[view["id"]].state(view)
    teacher.fill(**{"report_involved": ["Second deputy head"], MORE: "It is about her."})
    second = school.workspace.drafts[view["id"]].state(teacher.modal)

    async def send(state):
        shown = hub.state.find_view(view["id"])
        payload = payloads.submission(hub, hub.state.people[teacher.id], shown, state)
        return await hub.delivery.once("interactive", payload, accepts_response=True)

    school.workspace.on_loop(send(first))  # its answer is lost on the way
    school.notice(SECOND)
    school.workspace.on_loop(send(second))
    case = school.case()
    assert "It is about her." in case.entries[-1].text
    assert case.involved == {"U0DEPUTY2"}
    school.workspace.wait_for(lambda: not school.notices(SECOND))
    teacher.close()
    school.workspace.wait_for(lambda: teacher.replies())
    assert "had been kept" in teacher.replies()[-1]["text"], "and whoever closes the form is not told that nothing was"


def test_the_reporter_never_sees_what_readers_do_among_themselves(school):
    school.reports()
    deputy, teacher = school.opens(DEPUTY), school.person(TEACHER)
    deputy.press_in_modal("Write to the reporter")
    deputy.modal_showing("They get a notice")
    deputy.fill(ask_text="Did you reply?")
    deputy.submit()
    deputy.modal_showing("Saved.")
    teacher.close(whole=True)
    school.opens(TEACHER)
    deputy.press_in_modal("Somebody is involved")
    deputy.modal_showing("They lose all sight")
    deputy.fill(involve_whom=["Second deputy head"], involve_reason="Canaria")
    deputy.submit()
    deputy.modal_showing("Saved.")
    teacher.press_in_modal("Add or answer")
    form = shown_in(teacher.modal_showing("Those who may read"))
    assert "Second deputy head" not in form
    assert "Since you opened it" not in form


def test_case_9_what_could_not_be_kept_is_said_and_nothing_typed_is_lost(school):
    teacher = school.opens_form()
    teacher.fill(report_danger="no", report_who="pupil", report_contacts=["request"])
    teacher.fill(**{MORE: "Every word."})
    lock = sqlite3.connect(school.settings.cases, isolation_level=None)
    lock.execute("begin immediate")
    teacher.submit()
    errors = teacher.modal["errors"]
    assert "NOT SAVED" in str(errors)
    assert "01234 567 890" in str(errors), "and whom to ring"
    teacher.fill(report_involved=["U0DSL"])
    teacher.submit()
    errors = str(teacher.modal["errors"])
    assert "NOT SAVED" in errors
    assert "01234 567 890" not in errors, "nobody is sent to the one whom the report is about"
    assert "through the local authority" in errors
    lock.execute("rollback")
    lock.close()
    assert school.cases.open_cases("cherry-trees") == []
    teacher.submit()
    teacher.modal_showing("Your reference is")
    assert school.case().facts.more == "Every word."


def test_case_12_a_form_that_is_closed_leaves_nothing_and_says_so(school):
    teacher = school.opens_form()
    teacher.fill(**{"report_danger": "no", MORE: "Canaria"})
    teacher.close()
    school.workspace.wait_for(lambda: teacher.replies())
    assert teacher.replies()[-1]["text"] == "You closed the form. Nothing was saved or sent."
    assert school.cases.open_cases("cherry-trees") == []


def test_case_13_two_deputies_close_at_the_same_time(school):
    school.reports()
    deputy, second = school.opens(DEPUTY), school.opens(SECOND)
    for who in (deputy, second):
        who.press_in_modal("Close the case")
        who.modal_showing("It stays readable")
        who.fill(close_outcome="advice", close_reason=f"Closed by {who.id}.")
    deputy.submit()
    deputy.modal_showing("Saved.")
    second.submit()
    again = second.modal_showing("Since you opened it")
    assert "Closed by U0DEPUTY2." in json.dumps(again), "what the second one typed is still there"
    second.submit()
    second.modal_showing("Not possible now")


def test_case_17_what_is_typed_about_a_case_in_the_wrong_place_is_not_kept(school, tmp_path):
    school.reports()
    notice = school.notice(DEPUTY)
    school.notice(SECOND)
    school.workspace.wait_for(lambda: school.cases.waiting() == 0)
    deputy = school.person(DEPUTY)
    deputy.say("Spoke to Canaria's mum, she had no idea.", thread_ts=notice["ts"])
    in_thread = school.workspace.wait_for(
        lambda: [one for one in deputy.messages() if one.get("thread_ts") and "not kept" in one["text"]]
    )
    assert "delete your message" in in_thread[0]["text"]
    second = school.person(SECOND)
    assert "not kept" in second.ask("Spoke to Canaria's mum, she had no idea.")["text"]
    assert "not kept" in school.person("Office manager").ask("about SG-BCDFGH: Canaria said no")["text"]
    school.parts.pool.close()
    assert b"Canaria" not in (tmp_path / "guidance.db").read_bytes()
    assert school.parts.store.kept() == []
    second.press(second.replies()[-1], "Open my cases")
    assert second.modal_showing("SG-"), "the button leads to where it belongs"


def test_a_question_to_slt_comes_back_decided_with_its_clause(school):
    teacher, deputy = school.person(TEACHER), school.person(DEPUTY)
    teacher.act("open", tab="home")
    school.workspace.wait_for(lambda: teacher.page.get("home"))
    teacher.press_at_home("Ask the leadership team")
    teacher.modal_showing("Who will read this")
    teacher.fill(question_text="May I run the village choir's page?")
    teacher.submit()
    teacher.modal_showing("Your reference is")
    school.opens(DEPUTY)
    deputy.press_in_modal("Decide")
    deputy.modal_showing("The asker gets a notice")
    deputy.fill(
        decide_outcome="conditions",
        decide_reason="Say nothing of school.",
        decide_refs=["8.3"],
        decide_proposal="May staff run a page for a club outside school?",
    )
    deputy.submit()
    deputy.modal_showing("The question is proposed to those who keep the answers")
    teacher.close(whole=True)
    seen = shown_in(school.opens(TEACHER).modal)
    assert "Allowed, with conditions" in seen
    assert "Say nothing of school." in seen
    (proposed,) = [one for one in school.parts.store.kept() if one.kind == "proposed"]
    assert proposed.text == "May staff run a page for a club outside school?"
    assert (proposed.card, proposed.verdict, proposed.refs) == (None, "conditional", ("8.3",))
    assert "Say nothing of school" not in proposed.model_dump_json(), "the reason stays in the case"


def test_nobody_answers_so_the_clock_tells_the_next(school):
    school.reports()
    school.notice(DEPUTY)
    school.time.move(days=5)
    assert school.parts.office.clock.tick() == 1
    school.delivery.nudge()
    school.workspace.wait_for(lambda: len(school.notices(DEPUTY)) == 2)
    assert school.notices(DEPUTY)[-1]["text"].startswith(Sentence.REMINDER)
