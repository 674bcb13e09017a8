"""The ways from an answer, and from App Home, to a form: offered where they help, and carrying nothing but an id."""

import pytest

from bot.casework.rules import Contact
from bot.settings import Safeguarding
from bot.views import answers
from bot.views.blocks import header
from bot.views.care import urgent_blocks
from bot.views.home import home
from knowledge.models import Answer, Match, Outcome, Question, Triage
from tests.bot.block_rules import parts, shown, view_mistakes
from tests.bot.test_views import TODAY, organisation, worst_settings


def button_values(message) -> dict[str, str]:
    return {part["action_id"]: part["value"] for part in parts(list(message.blocks)) if part.get("type") == "button"}


def answered(outcome: Outcome, triage: Triage, **ids: str):
    school = organisation("word")
    setting = answers.Setting(settings=worst_settings("word"), organisation=school, today=TODAY, **ids)
    matches = tuple(Match(card=card, confidence=1.0) for card in school.cards[:1])
    question = Question(text="canary", organisation="worst")
    found = Answer(question=question, outcome=outcome, confidence=1.0, matches=matches, triage=triage)
    return answers.render(found, setting)


@pytest.mark.parametrize("outcome", Outcome)
def test_whoever_tells_of_a_contact_is_offered_the_form_before_the_answer(outcome):
    message = answered(outcome, Triage(offer_report=True), disclosed="a1b2c3")
    kinds = [block["type"] for block in message.blocks]
    assert kinds[:2] == ["rich_text", "actions"]
    assert message.blocks[1]["elements"][0]["text"]["text"] == "Report it in confidence"
    assert button_values(message)["report_contact"] == "a1b2c3"
    assert "canary" not in str(button_values(message))
    assert "report_contact" not in button_values(answered(outcome, Triage()))


def test_the_form_is_offered_where_nothing_is_remembered_too():
    assert button_values(answered(Outcome.NONE, Triage(offer_report=True)))["report_contact"] == "-"


def test_where_the_policy_does_not_say_the_question_can_be_put_to_the_leadership_team():
    silent = answered(Outcome.NONE, Triage(), question="a1b2c3")
    assert button_values(silent)["question_to_slt"] == "a1b2c3"
    setting = answers.Setting(settings=worst_settings("word"), organisation=organisation("word"), today=TODAY)
    assert button_values(answers.none_left(setting))["question_to_slt"] == "-"
    for outcome in (Outcome.ANSWER, Outcome.SUGGEST):
        assert "question_to_slt" not in button_values(answered(outcome, Triage(), question="a1b2c3"))


def test_what_is_in_confidence_stands_on_home_between_the_box_and_the_topics():
    school, chosen = organisation("word"), worst_settings("word")
    extra = [header("In confidence")]
    view = home(chosen, school, school.cards, TODAY, "box", extra=extra)
    seen = shown(view["blocks"])
    assert seen.index("Ask me\n") < seen.index("In confidence") < seen.index("Often asked")
    assert view_mistakes(view) == []


def test_the_safeguarding_leads_name_stands_wherever_somebody_in_a_hurry_looks():
    lead = Contact(role="Designated safeguarding lead", name="Jo Hill", reach="01632 960 201")
    settings = worst_settings("word").model_copy(update={"safeguarding": Safeguarding(contact=(lead,))})
    on_home = shown(home(settings, organisation("word"), (), TODAY, "box")["blocks"])
    assert "Designated safeguarding lead, Jo Hill: 01632 960 201" in on_home
    assert "Designated safeguarding lead, Jo Hill\n: 01632 960 201" in shown(urgent_blocks(settings))
