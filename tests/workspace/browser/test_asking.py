"""Staff ask the real bot in the browser, and others watch."""

import re

from playwright.sync_api import expect

from tests.workspace.browser.screen import wait_until

FRIEND = "Can I accept a friend request from a pupil?"
PHOTOS = "may I post photos of the school trip?"


def test_a_teacher_asks_in_a_direct_message_and_says_that_it_helped(teacher):
    teacher.say(FRIEND)
    answer = teacher.messages.filter(has_text="This answers:")
    expect(answer).to_contain_text("Clause 8.9")
    expect(teacher.box).to_have_value("")
    teacher.button("This helped", answer).click()
    expect(teacher.last).to_contain_text("Thank you. That helps me to answer others.")


def test_not_my_question_brings_the_next_cards_and_one_of_them_opens(teacher):
    teacher.say(FRIEND)
    teacher.button("Not my question").click()
    expect(teacher.last).to_contain_text("I have noted that")
    choices = teacher.last.locator(".actions").get_by_role("button")
    title = choices.first.inner_text()
    assert title != "None of these"
    choices.first.click()
    expect(teacher.last).to_contain_text(f"This answers: {title}")


def test_a_question_in_a_channel_is_answered_in_a_thread_that_others_see_live(schools, teacher, opened):
    deputy = opened(schools, "U0DEPUTY1")
    for screen in (teacher, deputy):
        screen.visit("staffroom")
    teacher.box.fill("@staff")
    expect(teacher.offers).to_contain_text("Staff Guidance")
    teacher.box.press("Enter")
    teacher.box.press_sequentially(PHOTOS)
    teacher.box.press("Enter")
    for screen in (teacher, deputy):
        screen.last.get_by_role("button", name="1 reply").click()
        expect(screen.thread).to_contain_text("This answers:")

    teacher.button("This helped", teacher.thread).click()
    thanks = teacher.thread.locator(".message.ephemeral")
    expect(thanks).to_contain_text("Only visible to you")
    expect(thanks).to_contain_text("Thank you")
    deputy.thread.get_by_role("textbox").or_(deputy.thread.get_by_role("combobox")).fill("Good question.")
    deputy.page.keyboard.press("Enter")
    expect(teacher.thread).to_contain_text("Good question.")
    expect(deputy.thread).not_to_contain_text("Thank you")


def test_ask_is_completed_explained_and_answered_for_the_asker_alone(schools, teacher, opened):
    deputy = opened(schools, "U0DEPUTY1")
    for screen in (teacher, deputy):
        screen.visit("general")
    teacher.box.press_sequentially("/a")
    offer = teacher.offers
    expect(offer).to_contain_text("/ask [May I accept a friend request from a pupil?]")
    expect(offer).to_contain_text("only you see the answer")
    teacher.box.press("Tab")
    expect(teacher.page.locator("#conversation .composer-note")).to_contain_text("/ask [May I")
    teacher.box.press_sequentially(FRIEND)
    teacher.box.press("Enter")
    expect(teacher.last).to_contain_text("Only visible to you")
    expect(teacher.last).to_contain_text("This answers:")
    deputy.say("Did somebody say something?")
    expect(teacher.last).to_contain_text("Did somebody")
    expect(deputy.messages).to_have_count(1)


def test_a_command_that_is_refused_late_comes_back_without_the_keyboard(teacher):
    held = []
    teacher.page.route("**/page/act", lambda route: held.append(route))
    teacher.say(f"/ask {FRIEND}")
    wait_until(teacher, lambda: held)
    filter_ = teacher.page.get_by_role("searchbox", name="Filter the journal by words")
    teacher.button("Journal").click()
    filter_.press("c")
    held[0].fulfill(json={"ok": False, "error": "The app did not answer in time."})
    expect(teacher.box).to_have_value(f"/ask {FRIEND}")
    teacher.page.keyboard.press("d")
    expect(filter_).to_have_value("cd")
    teacher.page.unroute("**/page/act")


def test_a_command_that_does_not_exist_stays_in_the_box_with_a_sentence(teacher):
    teacher.say("/nonsense at all")
    expect(teacher.page.get_by_role("status").filter(has_text="is no command here")).to_be_visible()
    expect(teacher.box).to_have_value("/nonsense at all")


def test_home_has_a_box_that_clears_itself_and_keeps_the_keyboard(teacher):
    teacher.page.get_by_role("tab", name="Home").click()
    box = teacher.page.get_by_label("Ask me")
    box.fill(FRIEND)
    box.press("Enter")
    expect(teacher.page.get_by_text("Your answer is in the Messages tab")).to_be_visible()
    expect(box).to_have_value("")
    expect(box).to_be_focused()
    teacher.page.get_by_role("tab", name="Messages").click()
    expect(teacher.last).to_contain_text("Clause 8.9")


def test_somebody_else_sees_their_own_workspace_and_conversation(teacher):
    teacher.say(FRIEND)
    expect(teacher.last).to_contain_text("This answers:")
    teacher.page.get_by_label("You are:").select_option("Head of year")
    expect(teacher.page.locator(".team")).to_have_text("The Mercian Trust")
    expect(teacher.messages).to_have_count(0)
    expect(teacher.page.locator("#sidebar")).not_to_contain_text("general")
    teacher.page.go_back()
    expect(teacher.page.locator(".team")).to_have_text("Cherry Trees School")
    expect(teacher.last).to_contain_text("This answers:")


def test_ones_own_message_can_be_edited_and_deleted(schools, teacher, opened):
    deputy = opened(schools, "U0DEPUTY1")
    for screen in (teacher, deputy):
        screen.visit("general")
    teacher.say("Helo @Deputy head")
    expect(deputy.last.locator(".mention.mine")).to_have_text("@Deputy head")
    assert deputy.button("More actions for this message").count() == 0
    teacher.box.press("ArrowUp")
    editor = teacher.page.get_by_label("Edit your message")
    expect(editor).to_have_value("Helo @Deputy head")
    editor.fill("Hello @Deputy head")
    editor.press("Enter")
    expect(deputy.last).to_contain_text("Hello @Deputy head")
    expect(deputy.last).to_contain_text("(edited)")
    teacher.button("More actions for this message").click()
    teacher.page.get_by_role("menuitem", name="Delete message…").click()
    teacher.button("Delete").click()
    expect(deputy.messages).to_have_count(0)


def test_a_notification_shows_what_a_phone_and_a_desktop_would(schools, teacher, opened):
    teacher.visit("staffroom")
    deputy = opened(schools, "U0DEPUTY1")
    deputy.visit("staffroom")
    deputy.say("@Class teacher please call me & bring *this*")
    toast = teacher.page.locator(".toast")
    expect(toast.locator(".phone .toast-text")).to_have_text("@Class teacher please call me & bring *this*")
    expect(toast.locator(".desktop")).to_contain_text("Deputy head")
    teacher.button("Dismiss this notification").click()
    expect(toast).to_have_count(0)


def test_weather_is_set_on_the_page_and_the_journal_tells_what_passed(teacher):
    page = teacher.page
    teacher.button("Weather").click()
    teacher.button("Set: Slow replies").click()
    expect(teacher.dialog.get_by_role("status")).to_contain_text("Now: Slow replies")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Weather: 1 set")).to_be_focused()
    teacher.button("Weather: 1 set").click()
    teacher.button("Set: Fair weather").click()
    teacher.button("Done").click()
    teacher.say(FRIEND)
    expect(teacher.last).to_contain_text("This answers:")
    teacher.button("Journal").click()
    page.get_by_label("Kind of entry").select_option("call")
    page.get_by_label("Filter the journal by words").fill("postmessage")
    rows = page.locator("#journal summary")
    expect(rows).to_have_count(1)
    rows.click()
    expect(page.get_by_label(re.compile("Detail of entry"))).to_contain_text("rich_text")


def test_what_a_person_types_stays_what_they_typed(teacher):
    teacher.visit("general")
    for typed in ("<b>", "&amp;", "<@U0DEPUTY1>", "<https://evil.example|click>", "<script>"):
        teacher.say(f"I typed {typed} here")
        expect(teacher.last.locator(".message-body")).to_have_text(f"I typed {typed} here")
    assert teacher.messages.locator("a, b, script, .mention").count() == 0
