"""What views carry while they are open, and what comes in misshapen: it finds nothing, and breaks nothing."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import forms
from bot.views.case_forms import FORMS
from bot.views.report_form import ReportForm, report_form
from tests.bot.cases.test_forms_reading import CONTACT, LEAST, REPORT, blank
from tests.bot.cases.worst_cases import CASE, elements, submitted


@pytest.mark.parametrize(
    ("carried", "read"),
    [
        (f"{CASE}|12|3", (CASE, 12, 3)),
        ("|0|2", ("", 0, 2)),
        (f"{CASE}|12", ("", 0, 0)),
        (f"{CASE}|-1|0", ("", 0, 0)),
        (f"{CASE}|1|0\n", ("", 0, 0)),
        (f"{CASE.upper()}|1|0", ("", 0, 0)),
        ("\u0663|1|1", ("", 0, 0)),
        ("x" * 3_000, ("", 0, 0)),
        (None, ("", 0, 0)),
        ({"id": CASE}, ("", 0, 0)),
    ],
    ids=ascii,
)
def test_case_7_forged_metadata_finds_nothing(carried, read):
    assert forms.metadata({"private_metadata": carried}) == read


def test_a_form_carries_the_case_and_the_version_that_its_reader_saw():
    assert forms.metadata(blank("note")) == (CASE, CONTACT.version, 0)


def test_while_the_form_is_filled_in_its_state_is_known():
    view = submitted(
        REPORT,
        report_danger="yes",
        report_involved=["U0DEPUTY"],
        report_start=["yes"],
        report_more="Begun.",
    )
    state = forms.form_state(view)
    assert (state.danger, state.involved, state.started, state.more) == (True, ("U0DEPUTY",), True, "Begun.")
    assert (state.round, state.pointer) == (0, "a1b2")
    again = report_form(ReportForm(offered=True, started=True, start="Begun.", round=state.round + 1))
    assert forms.form_state(submitted(again)).round == 1
    assert forms.contact_report(submitted(again, **LEAST)).more == "Begun."
    assert forms.form_state({}).danger is None
    assert forms.form_state({"private_metadata": "canary canary"}).pointer == ""


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=20), inner, max_size=4),
    max_leaves=30,
)
actions = st.sampled_from([*elements(REPORT), "note_text", "assign_whom", "refer_on", "decide_refs", "add_text"])
keys = st.sampled_from(["value", "selected_option", "selected_options", "selected_users", "selected_date"])
shapes = json_values | st.dictionaries(keys, json_values | st.dictionaries(st.just("value"), json_values), max_size=4)
values = st.dictionaries(st.text(max_size=10), st.dictionaries(actions, shapes, max_size=6) | json_values, max_size=6)
callbacks = st.sampled_from([f"move_{name}" for name in FORMS]) | json_values


@settings(deadline=None, max_examples=150)
@given(values=values | json_values, state=st.booleans(), callback=callbacks, blocks=json_values, carried=json_values)
def test_whatever_comes_in_is_read_or_refused_and_never_breaks(values, state, callback, blocks, carried):
    view = {"callback_id": callback, "blocks": blocks, "private_metadata": carried}
    view["state"] = {"values": values} if state else values
    for read in (forms.contact_report, forms.policy_question, forms.move, forms.add, forms.withdraw):
        assert read(view) is not None
    assert forms.metadata(view)[0] in {"", CASE}
    assert forms.form_state(view).round >= 0
    assert isinstance(forms.first_block(view), str)
