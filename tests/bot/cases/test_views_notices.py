"""Messages of casework say that there is something, and nothing else."""

import pytest

from bot.casework.models import Notice, Sentence
from bot.settings import Ask
from bot.views import notices
from bot.views.blocks import Reply
from tests.bot.block_rules import message_mistakes, parts, shown
from tests.bot.cases.worst_cases import CASE

REFERENCE = "SG-K7Q2MX"
ALLOWED = {
    "There is something new for you to open.",
    "There is something urgent for you to open now.",
    "Something is still waiting for you to open.",
    "Something is waiting that others have not opened. Please open it.",
    "There is news in something that you can open.",
}
"""All that a lock screen or a desktop may ever show of a case, beside its reference."""


def sent(sentence: Sentence) -> Reply:
    told = Notice(recipient="U1", sentence=sentence, step="opened")
    return notices.notice(told, REFERENCE, "5f3a", CASE)


def mistakes(reply: Reply) -> list[str]:
    message = {"text": reply.text, "blocks": list(reply.blocks), "unfurl_links": False, "unfurl_media": False}
    return message_mistakes(message)


def test_case_3_the_sentences_of_notices_are_a_fixed_list():
    assert {sentence.value for sentence in Sentence} == ALLOWED


@pytest.mark.parametrize("sentence", Sentence)
def test_case_3_a_toast_shows_one_of_the_fixed_sentences_and_a_reference(sentence):
    made = sent(sentence)
    says = f"{sentence.value} Reference {REFERENCE}."
    assert made.text == says, "a phone's lock screen reads the text"
    buttons = {"Open", "Acknowledge"}
    assert [line for line in shown(list(made.blocks)).split("\n") if line not in buttons] == [says], (
        "a desktop the blocks"
    )
    assert made.text.removesuffix(f" Reference {REFERENCE}.") in ALLOWED


@pytest.mark.parametrize("sentence", Sentence)
def test_case_1_a_notice_carries_the_cases_id_and_nothing_else(sentence):
    made = sent(sentence)
    assert mistakes(made) == []
    assert made.blocks[0]["block_id"] == "notice-5f3a"
    buttons = {part["action_id"]: part["value"] for part in parts(list(made.blocks)) if part.get("type") == "button"}
    assert set(buttons.values()) == {CASE}
    assert buttons.keys() == {"open_case"} | (set() if sentence is Sentence.NEWS else {"acknowledge_case"})


def test_case_17_words_about_a_case_in_the_conversation_get_a_fixed_line_and_a_button():
    made = notices.misplaced()
    assert mistakes(made) == []
    assert "I have not kept what you wrote." in shown(list(made.blocks))
    assert "Please delete your message" in shown(list(made.blocks))
    buttons = [part["action_id"] for part in parts(list(made.blocks)) if part.get("type") == "button"]
    assert buttons == ["my_cases", "report_contact"]


def test_case_12_a_closed_form_is_said_to_have_kept_nothing():
    assert notices.closed_unsent().text == "You closed the form. Nothing was saved or sent."
    assert mistakes(notices.closed_unsent()) == []


def test_case_2_what_was_typed_after_the_command_is_said_to_be_dropped():
    assert "Nothing was saved. Please use the form" in notices.typed_dropped().text
    assert mistakes(notices.typed_dropped()) == []


def test_case_11_a_form_that_came_too_late_is_said_in_plain_words():
    assert mistakes(notices.too_late()) == []


def test_where_nobody_can_read_a_report_somebody_is_named():
    made = notices.not_set_up(Ask(name="the headteacher"))
    assert mistakes(made) == []
    assert "the headteacher" in shown(list(made.blocks))
