"""Lists of cases show references, states and times: nobody who looks over a shoulder learns what is in them."""

from datetime import timedelta

from bot.casework.models import State
from bot.views import desk
from tests.bot.block_rules import parts, shown
from tests.bot.cases.worst_cases import NOW, case, labels, mistakes


def open_case(reference: str, **changed):
    given = {"urgent": False, "assigned": None, "withdrawn": None, "reference": reference, "due": None}
    return case("canary", 3, **(given | changed))


def references(blocks):
    return [block["text"]["text"][:9] for block in blocks if block["type"] == "section"]


def test_home_shows_nothing_of_what_is_in_a_case():
    cases = [open_case("SG-222222", urgent=True, withdrawn=NOW, assigned="U0READER1")]
    seen = shown(desk.in_confidence(cases, cases, "U0ME", NOW))
    for hidden in ("canary", "pupil", "parent", "nstagram", "A contact from", "Class teacher"):
        assert hidden not in seen


def test_home_and_the_list_keep_one_order_and_what_is_urgent_and_nobodys_is_said_above_it():
    cases = [
        *[open_case(f"SG-AAAA{number}2", assigned="U0ME", state=State.IN_REVIEW) for number in range(10, 31)],
        open_case("SG-AAAAA5", urgent=True, state=State.IN_REVIEW),
        open_case("SG-AAAAA6", urgent=True),
    ]
    blocks = desk.desk_blocks(cases, "U0ME", NOW)
    given = [one.reference[:9] for one in cases]
    assert references(blocks)[:20] == given[:20]
    assert references(desk.case_list("desk", cases, me="U0ME", now=NOW)["blocks"]) == given
    assert shown(blocks).startswith("Open cases\n🚨 Urgent, and nobody has acknowledged it: SG-AAAAA6.\n")
    assert "Urgent, and" not in shown(desk.desk_blocks(cases[:-1], "U0ME", NOW))


def test_whose_duty_it_is_always_finds_the_way_to_the_closed_ones():
    blocks = desk.desk_blocks([], "U0ME", NOW, works=True)
    assert shown(blocks).startswith("Open cases\nThere is no open case that you can read.\nThose that are closed")
    assert labels({"blocks": blocks}) == ["Open the list"]
    assert labels({"blocks": desk.desk_blocks([open_case("SG-222222")], "U0ME", NOW)}) == ["Open", "Open the list"]


def test_a_line_says_state_age_and_deadline_in_words():
    lines = desk.desk_blocks([open_case("SG-222222", due=NOW - timedelta(hours=1))], "U0ME", NOW)
    line, _ = [block["text"]["text"] for block in lines if block["type"] == "section"]
    assert line == "SG-222222 · new · 30 hours old · overdue: nobody has acknowledged it · assigned to nobody"


def test_more_than_twenty_open_cases_end_in_a_button_to_all_of_them():
    blocks = desk.desk_blocks([open_case("SG-222222")] * 23, "U0ME", NOW)
    assert len(references(blocks)) == 21
    assert "and 3 more" in shown(blocks)
    assert labels({"blocks": blocks})[-1] == "Open the list"
    assert "more" not in shown(desk.desk_blocks([open_case("SG-222222")] * 20, "U0ME", NOW))


def test_whoever_has_no_cases_sees_the_two_ways_in_and_nothing_else():
    blocks = desk.in_confidence([], [], "U0ME", NOW)
    assert labels({"blocks": blocks}) == ["Report a contact", "Ask the leadership team"]
    assert shown(blocks).startswith("In confidence")


def test_own_reports_stand_with_their_state_and_next_step():
    seen = shown(desk.own_blocks([open_case("SG-222222", due=NOW + timedelta(hours=3))], NOW))
    assert "SG-222222 · 30 hours old · It is kept, and those who read it are being told." in seen
    assert "Somebody confirms that they have it by 12:00 on Monday 23 November." in seen


def test_open_buttons_carry_a_cases_id_and_can_be_told_apart_by_ear():
    blocks = desk.in_confidence([open_case("SG-222222")], [open_case("SG-333333")], "U0ME", NOW)
    found = [part for part in parts(blocks) if part.get("text", {}) and part.get("accessibility_label")]
    assert [(one["action_id"], one["accessibility_label"]) for one in found] == [
        ("open_case_1", "Open SG-333333"),
        ("open_own_1", "Open SG-222222"),
    ]
    assert all(one["value"] == open_case("SG-222222").id for one in found)


def test_a_long_list_is_turned_over_like_pages():
    cases = [open_case(f"SG-{number:06d}") for number in range(90)]
    pages = [desk.case_list("desk", cases, me="U0ME", now=NOW, page=page) for page in range(4)]
    assert all(mistakes(page) == [] for page in pages)
    assert [name for page in pages[:3] for name in references(page["blocks"])] == [one.reference for one in cases]
    assert [labels(page)[-2:] for page in pages[:3]] == [["Open", "More"], ["Back", "More"], ["Open", "Back"]]
    assert pages[3] == pages[2]
    assert [page["private_metadata"] for page in pages[:3]] == ["|0|0", "|0|1", "|0|2"]
