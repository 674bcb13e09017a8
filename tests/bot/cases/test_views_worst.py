"""Every view of casework is taken by Slack at its worst, and nothing in it can ping, link or format."""

import json
import re

import pytest

from bot.views import desk
from bot.views.home import home
from tests.bot.block_rules import parts, shown, view_mistakes
from tests.bot.cases import worst_cases as worst
from tests.bot.test_views import EVERYBODY, organisation, worst_settings

INERT = {"plain_text", "text"}
UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


@pytest.fixture(scope="module", params=worst.FILLS, ids=ascii)
def views(request):
    """Every view with one text, made once for the tests that look at it."""
    return tuple(worst.every_view(request.param))


def test_every_view_is_taken_by_slack_at_worst_case_lengths(views):
    found = {says for view in views for says in worst.mistakes(view)}
    assert found == set()


def test_case_18_hostile_text_stays_inert_in_every_view(views):
    for view in views:
        for part in parts(view["blocks"]):
            if isinstance(part.get("text"), str):
                assert part["type"] in INERT, part
        assert not UNSEEN.search(people_said(view))


def people_said(view):
    """Everything in a view that may come from a person, with what stands in fields."""
    fields = [element.get("initial_value", "") for _, element in worst.elements(view).values()]
    texts = [part["text"] for part in parts(view["blocks"]) if part.get("type") == "text"]
    return "\n".join([*fields, *texts])


def test_case_18_what_was_written_is_still_there_word_for_word():
    [view] = [view for view in worst.every_view(worst.HOSTILE) if view["callback_id"] == "case"][:1]
    assert "<!channel> <@U1> <#C1> *bold* _it_ `code` <https://evil.example|click> & gnirts" in shown(view["blocks"])
    assert '=HYPERLINK("http://evil.example") <script>alert(1)</script>' in shown(view["blocks"])


def test_nothing_that_a_person_wrote_stands_in_ids_values_or_metadata():
    canary = "canary"
    for view in worst.every_view(canary):
        hidden = [view["callback_id"], view.get("private_metadata", "")]
        for part in parts(view["blocks"]):
            hidden += [part.get("block_id", ""), part.get("action_id", "")]
            if part.get("type") == "button":
                hidden.append(part["value"])
        assert canary not in json.dumps(hidden)


def test_metadata_is_a_case_a_version_and_a_page_at_most():
    carried = {view.get("private_metadata", "") for view in worst.every_view("word")}
    pointer = "x" * 64
    assert all(re.fullmatch(r"([0-9a-f]{32})?\|[0-9]+\|[0-9]+", one) for one in carried - {"", pointer})


def test_app_home_of_somebody_with_many_cases_is_taken_by_slack():
    school, chosen = organisation("word"), worst_settings("word")
    cases = [worst.case("word", 0) for _ in range(60)]
    extra = desk.in_confidence(cases, cases, worst.ME, worst.NOW)
    view = home(chosen, school, school.cards, worst.TODAY, "box", answered=True, triage=EVERYBODY, extra=extra)
    assert [says for says in view_mistakes(view) if "characters in all" not in says] == []
    assert len(view["blocks"]) < 100
