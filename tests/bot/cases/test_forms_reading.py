"""Submitted forms: what the form asked comes back as it was given; what the form never offered is refused."""

import copy
import json
import re
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import forms
from bot.casework import moves
from bot.casework.facts import Contact, ContactReport, Replied, Times, Visible, Who
from bot.casework.kinds import KINDS
from bot.casework.models import Target
from bot.forms import FormErrors
from bot.forms.cleaning import cleaned, one_line
from bot.views.case_forms import FORMS, form
from bot.views.question_form import QuestionForm, question_form
from bot.views.report_form import ReportForm, report_form
from tests.bot.cases.worst_cases import TODAY, case, clauses, elements, readers, submitted

PLATFORMS = ("Instagram", "TikTok")
REPORT = report_form(ReportForm(platforms=PLATFORMS, offered=True, pointer="a1b2"))
LEAST = {"report_danger": "no", "report_who": "pupil", "report_contacts": ["request"]}

lines = st.text(max_size=200).map(one_line)
stories = st.text(max_size=3_000).map(cleaned)
required = stories.filter(bool)
users = st.lists(st.from_regex(r"[UW][A-Z0-9]{2,20}", fullmatch=True), max_size=20, unique=True)
days = st.dates(min_value=date(2000, 1, 1), max_value=date(2100, 1, 1))


def optional(kind):
    return st.sampled_from([None, *kind])


reports = st.builds(
    ContactReport,
    danger=st.booleans(),
    who=st.sampled_from(Who),
    contacts=st.lists(st.sampled_from(Contact), min_size=1, unique=True).map(tuple),
    name=lines,
    platform=st.sampled_from(["", "other", *PLATFORMS]),
    when=lines,
    times=optional(Times),
    replied=optional(Replied),
    visible=optional(Visible),
    evidence=lines,
    more=stories,
    involved=users.map(tuple),
    involved_words=lines,
    speak=st.booleans(),
)


@settings(deadline=None, max_examples=150)
@given(reports)
def test_a_report_comes_back_as_it_was_filled_in(report):
    simple = ("who", "contacts", "name", "when", "times", "replied", "visible", "evidence", "more", "involved")
    typed = {f"report_{name}": getattr(report, name) for name in simple}
    typed |= {"report_involved_words": report.involved_words, "report_platform": report.platform}
    typed |= {"report_danger": "yes" if report.danger else "no", "report_speak": ["yes"] if report.speak else []}
    assert forms.contact_report(submitted(REPORT, **typed), PLATFORMS) == report


@settings(deadline=None, max_examples=60)
@given(question=required, by=lines)
def test_a_question_comes_back_as_it_was_asked(question, by):
    view = submitted(question_form(QuestionForm(question="Something else?")), question_text=question, question_by=by)
    read = forms.policy_question(view)
    assert (read.question, read.by) == (question, by)


CONTACT, QUESTION = case("word", 0), case("word", 0, kind="question")
CLAUSES = clauses("word", 130)
REFS = [clause.ref for clause in CLAUSES]
CARDS = {f"card-{number}": f"Title {number}" for number in range(130)}
READERS = readers("word")

written = {
    "assign": st.builds(moves.Assign, whom=st.sampled_from([one.user for one in READERS])),
    "step-aside": st.builds(moves.StepAside, reason=stories),
    "involve": st.builds(moves.Involve, whom=users.filter(bool).map(tuple), reason=stories),
    "note": st.builds(moves.Note, text=required),
    "ask": st.builds(moves.Ask, text=required),
    "refer": st.builds(moves.Refer, target=st.sampled_from(Target), on=days, reference=lines, text=stories),
    "close": st.builds(
        moves.Close, outcome=st.sampled_from([*KINDS["contact"].outcomes]), reason=required, message=stories
    ),
    "decide": st.builds(
        moves.Decide,
        outcome=st.sampled_from([*KINDS["question"].outcomes]),
        reason=required,
        refs=st.lists(st.sampled_from(REFS), max_size=10, unique=True).map(tuple),
        proposal=stories,
        card=st.sampled_from(["", *CARDS]),
    ),
    "reopen": st.builds(moves.Reopen, reason=required),
    "hand-over": st.builds(moves.HandOver, on=days, reference=lines, reason=required),
    "add": st.builds(moves.Add, text=required, involved=users.map(tuple)),
    "withdraw": st.builds(moves.Withdraw, reason=stories),
}
READ = {"add": forms.add, "withdraw": forms.withdraw}


def blank(move: str):
    about = QUESTION if move == "decide" else CONTACT
    return form(move, about, readers=READERS, today=TODAY, clauses=CLAUSES, cards=CARDS)


@pytest.mark.parametrize("move", FORMS)
@settings(deadline=None, max_examples=25)
@given(data=st.data())
def test_a_move_comes_back_as_it_was_filled_in(move, data):
    made = data.draw(written[move])
    typed = {f"{move}_{name}".replace("-", "_"): value for name, value in made if name != "move"}
    typed |= {name: str(value) for name, value in typed.items() if name.endswith("_on")}
    view = submitted(blank(move), **typed)
    read = READ.get(move, lambda one: forms.move(one, refs=REFS, cards=CARDS))(view)
    assert read == made


@pytest.mark.parametrize("move", FORMS)
def test_a_form_that_is_left_empty_says_which_fields_are_required(move):
    view = submitted(blank(move))
    named = [block["block_id"] for block in view["blocks"] if block["type"] == "input" and not block["optional"]]
    read = READ.get(move, forms.move)(view)
    wanted = {name for name in named if not name.endswith("_on")}  # a day stands there already
    assert (set(read) if isinstance(read, FormErrors) else set()) == wanted


def test_a_report_without_its_three_answers_says_so_under_each():
    found = forms.contact_report(submitted(REPORT))
    assert isinstance(found, FormErrors)
    assert set(found) == {"report_danger", "report_who", "report_contacts"}
    assert all(says.startswith("Please") for says in found.values())


def test_acknowledging_needs_no_form():
    assert forms.move({"callback_id": "move_acknowledge"}) == moves.Acknowledge()


def forged(action: str, field: dict) -> dict:
    """A good report in which one field says what the form never offered."""
    view = copy.deepcopy(submitted(REPORT, **LEAST))
    view["state"]["values"][elements(REPORT)[action][0]][action] = field
    return view


@pytest.mark.parametrize(
    ("action", "field"),
    [
        ("report_danger", {"selected_option": {"value": "perhaps"}}),
        ("report_danger", {"selected_option": {"value": True}}),
        ("report_danger", {"selected_option": "yes"}),
        ("report_danger", {"selected_option": None}),
        ("report_who", {"selected_option": {"value": "headteacher"}}),
        ("report_contacts", {"selected_options": [{"value": "message"}, {"value": "forged"}]}),
        ("report_contacts", {"selected_options": "message"}),
        ("report_contacts", {"selected_options": []}),
        ("report_platform", {"selected_option": {"value": "Friendster"}}),
        ("report_times", {"selected_option": {"value": "never"}}),
        ("report_replied", {"selected_option": {"value": ""}}),
        ("report_visible", {"selected_option": {"value": "<!channel>"}}),
        ("report_speak", {"selected_options": [{"value": "no"}]}),
        ("report_more", {"value": "x" * 3_001}),
        ("report_more", {"value": "x" * 5_000_000}),
        ("report_name", {"value": "x" * 201}),
        ("report_involved", {"selected_users": [f"U{number:06d}" for number in range(21)]}),
    ],
    ids=str,
)
def test_what_the_form_never_offered_is_refused_at_its_field(action, field):
    found = forms.contact_report(forged(action, field), PLATFORMS)
    assert isinstance(found, FormErrors)
    assert set(found) == {elements(REPORT)[action][0]}


@pytest.mark.parametrize(
    ("action", "field"),
    [
        ("report_more", {"value": 7}),
        ("report_more", {"value": ["x"]}),
        ("report_more", None),
        ("report_involved", {"selected_users": [7, None, "<!channel>", "U1 OR 1=1"]}),
        ("report_involved", {"selected_users": "U123"}),
    ],
    ids=str,
)
def test_what_is_misshapen_counts_as_not_filled_in(action, field):
    found = forms.contact_report(forged(action, field), PLATFORMS)
    assert isinstance(found, ContactReport)
    assert (found.more, found.involved) == ("", ())


def test_case_18_what_nobody_sees_is_not_kept():
    typed = "one\x00\x07 \u202etwo\u2066 \ud83d three\r\nfour\u2028five \U0001f600 \U0001f468\u200d\U0001f469"
    found = forms.contact_report(submitted(REPORT, **LEAST, report_more=typed, report_name=typed))
    kept = "one two \ufffd three\nfour\nfive \U0001f600 \U0001f468\u200d\U0001f469"
    assert found.more == kept
    assert found.name == kept.replace("\n", " ")


@pytest.mark.parametrize("unseen", ["\x00", "\u200b\u200b", " \n ", "\u202e", "\u2066\u2069"], ids=ascii)
def test_case_18_a_required_text_of_nothing_that_can_be_seen_is_missing(unseen):
    found = forms.move(submitted(blank("note"), note_text=unseen))
    assert found == {"note_text": "Please fill this in."}


@settings(deadline=None, max_examples=300)
@given(st.text(alphabet=st.characters(), max_size=100))
def test_cleaned_text_can_be_kept_and_stays_as_it_is(text):
    once = cleaned(text)
    assert cleaned(once) == once
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", once)
    once.encode("utf-8")


def test_a_refusal_never_repeats_what_was_typed():
    found = forms.contact_report(forged("report_more", {"value": "canary" * 1_000}))
    assert "canary" not in json.dumps(found)
    found = forms.contact_report(forged("report_who", {"selected_option": {"value": "canary"}}))
    assert "canary" not in json.dumps(found)


@pytest.mark.parametrize("move", ["assign", "decide", "close", "refer", "involve"])
def test_a_forged_choice_in_a_move_is_refused(move):
    action = {"assign": "whom", "decide": "refs", "close": "outcome", "refer": "target", "involve": "whom"}[move]
    view = submitted(blank(move))
    forged_choice = {"selected_option": {"value": "forged"}, "selected_users": ["forged"]}
    forged_choice |= {"selected_options": [{"value": "99.9"}]} if move == "decide" else {}
    view["state"]["values"][f"{move}_{action}"] = {f"{move}_{action}": forged_choice}
    found = forms.move(view, refs=REFS)
    assert isinstance(found, FormErrors)
    assert f"{move}_{action}" in found


def test_a_form_that_nobody_knows_is_refused():
    for name in ("move_delete", "move_", "", None, 7):
        assert isinstance(forms.move(blank("note") | {"callback_id": name}), FormErrors)
