"""In Slack: a clause without a card, and a card whose clauses have changed, are never shown as the sure answer."""

import pytest

from bot.settings import Ask, Contact, Safeguarding, Settings
from bot.views import answers
from bot.views.home import home
from knowledge.caveats import CHANGED
from knowledge.clause_cards import SAYS, clause_cards
from knowledge.models import Answer, Match, Organisation, Outcome, Question
from tests.bot.block_rules import message_mistakes, parts, shown, view_mistakes
from tests.bot.test_views import HOSTILE, TODAY, organisation, worst_settings

SETTINGS = Settings(
    organisation="worst",
    ask=Ask(name="Ms Cole", slack_id="U12345678"),
    safeguarding=Safeguarding(contact=(Contact(role="DSL", reach="1234"),)),
)


def bare(fill: str = "word") -> Organisation:
    full = organisation(fill)
    return full.model_copy(update={"cards": (), "clause_cards": clause_cards(full.policy, [])})


def outdated(fill: str = "word") -> Organisation:
    full = organisation(fill)
    return full.model_copy(update={"outdated": frozenset({full.cards[0].id})})


def setting(whose: Organisation, settings: Settings = SETTINGS) -> answers.Setting:
    return answers.Setting(settings=settings, organisation=whose, today=TODAY, question="q" * 12)


def suggested(whose: Organisation, settings: Settings = SETTINGS):
    cards = (whose.cards or whose.clause_cards)[:3]
    matches = tuple(Match(card=card, confidence=0.5) for card in cards)
    question = Question(text="may I", organisation="worst")
    found = Answer(question=question, outcome=Outcome.SUGGEST, confidence=0.5, matches=matches)
    return answers.render(found, setting(whose, settings))


def test_a_clause_card_says_that_nobody_wrote_an_answer_and_gives_no_verdict():
    whose = bare()
    reply = answers.opened(whose.clause_cards[0], setting(whose))
    seen = shown(list(reply.blocks))
    assert f"📖 {SAYS}" in seen
    assert "This answers" not in seen
    assert "For information" not in seen
    assert whose.policy.clauses[0].ref in seen
    assert "For information" not in reply.text
    assert reply.text.startswith("No one has written an answer for this yet")


def test_clauses_to_choose_from_are_told_as_such_once():
    seen = shown(list(suggested(bare()).blocks))
    assert seen.count("no one has written an answer for this yet") == 1


def test_a_card_whose_clauses_changed_says_so_first_and_in_a_list():
    whose = outdated()
    blocks = list(answers.opened(whose.cards[0], setting(whose)).blocks)
    assert CHANGED in shown(blocks[0])
    assert "nobody has checked it since" in shown(list(suggested(whose).blocks))
    others = answers.opened(whose.cards[1], setting(whose))
    assert CHANGED not in shown(list(others.blocks))


def test_the_next_candidates_are_told_of_too():
    whose = outdated()
    reply = answers.next_candidates(list(whose.cards[:2]), setting(whose))
    assert "nobody has checked it since" in shown(list(reply.blocks))


@pytest.mark.parametrize("fill", ["word", "W", HOSTILE], ids=ascii)
def test_slack_takes_all_of_it_at_worst_case_lengths(fill):
    settings = worst_settings(fill)
    for whose in (bare(fill), outdated(fill)):
        card = (whose.cards or whose.clause_cards)[0]
        for reply in (answers.opened(card, setting(whose, settings)), suggested(whose, settings)):
            sent = {"text": reply.text, "blocks": list(reply.blocks), "unfurl_links": False, "unfurl_media": False}
            assert message_mistakes(sent) == []
        assert view_mistakes(home(settings, whose, whose.cards, TODAY, "box")) == []


def test_a_clause_can_be_opened_by_the_button_that_names_it():
    whose = bare()
    values = [part["value"] for part in parts(list(suggested(whose).blocks)) if part.get("type") == "button"]
    assert any(whose.clause_cards[0].id in value for value in values)
    assert whose.card(whose.clause_cards[0].id) == whose.clause_cards[0]
