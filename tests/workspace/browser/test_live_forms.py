"""A form that changes while somebody fills it in: nothing typed is lost, nothing jumps, the keyboard stays."""

import pytest
from playwright.sync_api import expect

from tests.workspace.browser.screen import wait_until
from tests.workspace.browser.test_access import FAINT, NAMELESS


@pytest.fixture
def live(cook):
    cook.say("/live ")
    expect(cook.dialog.get_by_role("radio", name="Yes")).to_be_focused()
    return cook


def story(screen):
    return screen.dialog.get_by_label("Anything else?")


def involve(screen, *names: str) -> None:
    screen.dialog.get_by_role("button", name="Who is involved?").click()
    for name in names:
        screen.page.get_by_role("group", name="Who is involved?").get_by_label(name, exact=True).check()


def test_what_is_typed_stays_when_the_form_changes_above_it(live, kitchen):
    live.dialog.get_by_label("Where?").fill("In a game")
    story(live).fill("Half a thought")
    live.dialog.get_by_role("checkbox", name="Request").check()
    live.dialog.get_by_role("radio", name="Yes").check()
    expect(live.dialog).to_contain_text("Call 999 now.")
    expect(live.dialog.get_by_role("radio", name="Yes")).to_be_checked()
    expect(live.dialog.get_by_label("Where?")).to_have_value("In a game")
    expect(story(live)).to_have_value("Half a thought")
    expect(live.dialog.get_by_role("checkbox", name="Request")).to_be_checked()
    live.button("Send", live.dialog).click()
    expect(live.dialog).to_contain_text("It is saved.")
    sent = {name: next(iter(held.values())) for name, held in kitchen.submissions[0].items()}
    assert (sent["where"]["value"], sent["story"]["value"]) == ("In a game", "Half a thought")
    assert sent["danger"]["selected_option"]["value"] == "yes"


def test_what_is_typed_while_the_bot_is_slow_stays_with_the_keyboard_in_its_place(kitchen_school, live):
    kitchen_school.weather(set="slow", seconds=0.4, times=1)
    live.dialog.get_by_role("radio", name="Yes").check()
    story(live).click()
    live.page.keyboard.type("Half thought")
    story(live).evaluate("node => node.setSelectionRange(5, 5)")
    live.page.keyboard.type("a ")
    expect(live.dialog).to_contain_text("Call 999 now.")
    live.page.keyboard.type("good ")
    expect(story(live)).to_be_focused()
    expect(story(live)).to_have_value("Half a good thought")


def test_a_new_block_begins_with_the_bots_words_and_the_old_ones_come_back(live):
    story(live).fill("My own words")
    live.dialog.get_by_role("checkbox", name="Begin for me").check()
    expect(story(live)).to_have_value("What I asked before")
    live.dialog.get_by_role("checkbox", name="Begin for me").uncheck()
    expect(story(live)).to_have_value("My own words")


def test_several_people_are_chosen_one_after_the_other_while_the_form_is_drawn_anew(live, kitchen):
    involve(live, "Deputy head")
    expect(live.dialog).to_contain_text("It is not read by: U0DEPUTY1.")
    live.page.get_by_role("group", name="Who is involved?").get_by_label("Office manager").check()
    expect(live.dialog).to_contain_text("It is not read by: U0OFFICE, U0DEPUTY1.")
    live.button("Done").click()
    chosen = live.dialog.get_by_role("button", name="Who is involved?")
    expect(chosen).to_have_text("Office manager, Deputy head")
    expect(chosen).to_be_focused()
    expect(chosen).to_have_attribute("aria-expanded", "false")
    involve(live)
    expect(live.page.get_by_role("group").get_by_role("checkbox", checked=True)).to_have_count(2)


def test_only_ones_own_team_and_who_is_still_there_can_be_chosen(kitchen_school, cook):
    kitchen_school.weather(set="deactivate", user="U0OFFICE")
    cook.say("/live ")
    involve(cook)
    names = cook.page.get_by_role("group", name="Who is involved?").get_by_role("checkbox")
    offered = names.evaluate_all("boxes => boxes.map((box) => box.labels[0].textContent)")
    assert {"Deputy head", "Chair of governors", "Kitchen"} <= set(offered)
    assert {"Head of year", "Office manager"}.isdisjoint(offered)


def test_the_keyboard_alone_fills_it_in(live, kitchen):
    keys = live.page.keyboard
    keys.press("Space")
    keys.press("ArrowDown")
    expect(live.dialog.get_by_role("radio", name="No")).to_be_focused()
    wait_until(live, lambda: [one["selected_option"]["value"] for one in kitchen.actions] == ["yes", "no"])
    keys.press("Tab")
    keys.press("Space")
    keys.press("Tab")
    keys.press("Space")
    keys.press("Tab")
    keys.type("Online")
    for _ in range(2):
        keys.press("Tab")
    expect(story(live)).to_be_focused()
    keys.press("Tab")
    keys.press("Enter")
    keys.press("Tab")
    keys.press("Space")
    expect(live.dialog).to_contain_text("It is not read by: U0TEACHER.")
    keys.press("Escape")
    expect(live.dialog.get_by_role("button", name="Who is involved?")).to_be_focused()
    keys.press("Tab")
    keys.press("Tab")
    keys.press("Tab")
    keys.press("Enter")
    expect(live.dialog).to_contain_text("It is saved.")
    values = {name: next(iter(held.values())) for name, held in kitchen.submissions[0].items()}
    assert [one["value"] for one in values["kinds"]["selected_options"]] == ["message", "request"]
    assert values["where"]["value"] == "Online"
    assert values["involved"]["selected_users"] == ["U0TEACHER"]


def test_what_takes_the_place_of_a_form_is_read_from_its_beginning(kitchen_school, kitchen, opened):
    screen = opened(kitchen_school, width=390, height=600)
    screen.say("/live ")
    screen.dialog.get_by_role("button", name="One more form").scroll_into_view_if_needed()
    screen.button("Send", screen.dialog).click()
    expect(screen.dialog.get_by_text("It is saved.")).to_be_in_viewport()
    assert screen.page.evaluate("document.activeElement.matches('.dialog')")
    expect(screen.page.get_by_role("dialog", name="Saved")).to_be_visible()
    assert kitchen.submissions


def test_an_error_of_the_bots_is_read_first_and_loses_nothing(live):
    live.dialog.get_by_label("Where?").fill("wrong")
    story(live).fill("All of it")
    live.button("Send", live.dialog).click()
    expect(live.dialog.locator(".field-error")).to_have_text("Not saved. Please ring the office.")
    expect(live.dialog.get_by_role("radio", name="Yes")).to_be_focused()
    expect(live.dialog.locator(".field-error")).to_be_in_viewport()
    expect(story(live)).to_have_value("All of it")


def test_characters_are_counted_and_none_is_cut_off(live, kitchen):
    count = live.dialog.locator(".counter")
    expect(count).to_have_text("0 of 60 characters")
    story(live).click()
    live.page.keyboard.insert_text("x" * 50)
    expect(count).to_have_text("50 of 60 characters")
    expect(live.dialog.get_by_role("status")).to_have_text("10 characters left")
    live.page.keyboard.insert_text("x" * 11)
    expect(count).to_have_text("61 of 60 characters")
    expect(live.dialog.get_by_role("status")).to_have_text("1 characters too many")
    live.button("Send", live.dialog).click()
    expect(live.dialog.locator(".field-error")).to_have_text("Please write at most 60 characters.")
    expect(story(live)).to_have_value("x" * 61)
    assert not kitchen.submissions


def test_a_form_below_another_changes_and_is_there_when_that_is_closed(live, kitchen):
    live.dialog.get_by_label("Where?").fill("In a game")
    live.button("One more form").click()
    live.button("Change what is below").click()
    expect(live.page.locator(".dialog")).to_have_count(2)
    expect(live.page.locator(".dialog").first).to_contain_text("Call 999 now.")
    live.button("Cancel", live.dialog).click()
    expect(live.page.locator(".dialog")).to_have_count(1)
    expect(live.dialog.get_by_label("Where?")).to_have_value("In a game")
    wait_until(live, lambda: [one["is_cleared"] for one in kitchen.closed] == [False])


def test_the_corner_closes_all_of_them_and_the_bot_is_told_of_each(live, kitchen):
    expect(live.button("Close this form", live.dialog)).to_be_visible()
    live.button("One more form").click()
    live.button("Close all of these forms", live.dialog).click()
    expect(live.page.locator(".dialog")).to_have_count(0)
    wait_until(live, lambda: [one["is_cleared"] for one in kitchen.closed] == [True, True])
    expect(live.box).to_be_focused()


@pytest.mark.parametrize("width", [320, 1440])
def test_a_long_form_scrolls_inside_itself_and_can_be_read_by_everybody(kitchen_school, kitchen, opened, width):
    screen = opened(kitchen_school, width=width, height=640)
    screen.say("/live ")
    expect(screen.dialog).to_be_visible()
    involve(screen, "Deputy head", "Second deputy head", "Chair of governors", "Executive Headteacher")
    assert not screen.sideways()
    assert screen.page.evaluate(NAMELESS) == []
    screen.button("Done").click()
    for theme in ("light", "dark"):
        screen.page.emulate_media(color_scheme=theme)
        assert screen.page.evaluate(FAINT) == []
    screen.dialog.get_by_role("button", name="One more form").scroll_into_view_if_needed()
    for name in ("Send", "Cancel", "Close this form"):
        expect(screen.button(name, screen.dialog)).to_be_in_viewport()
    assert not screen.sideways()


def test_the_journal_leaves_out_what_was_typed_until_it_is_asked(live):
    story(live).fill("canary-77")
    live.button("Send", live.dialog).click()
    expect(live.dialog).to_contain_text("It is saved.")
    live.button("Close", live.dialog).or_(live.button("Cancel", live.dialog)).click()
    live.button("Journal").click()
    journal = live.page.locator("#journal")
    sent = journal.locator("li", has_text="view_submission").first
    sent.locator("summary").click()
    expect(sent.locator("pre")).to_contain_text("hidden)")
    expect(journal).not_to_contain_text("canary-77")
    journal.get_by_label("Show what was typed into forms").check()
    expect(journal).to_contain_text("canary-77")
    journal.get_by_label("Show what was typed into forms").uncheck()
    expect(journal).not_to_contain_text("canary-77")
