"""Every block and element that a bot may send: shown, used, and sent back in Slack's form."""

import pytest
from playwright.sync_api import expect

from tests.workspace.browser.kitchen import HOSTILE, OPTIONS
from tests.workspace.browser.screen import wait_until

TWO_FRAMES = "() => new Promise((seen) => requestAnimationFrame(() => requestAnimationFrame(seen)))"


@pytest.fixture
def blocks(cook):
    cook.say("/blocks ")
    expect(cook.button("Delete it")).to_be_visible()
    return cook


@pytest.fixture
def form(cook):
    cook.say("/form ")
    expect(cook.dialog.get_by_label("What happened?")).to_be_focused()
    return cook


def test_every_block_is_shown_and_markup_of_others_is_text(blocks):
    shown = blocks.messages.first
    for tag, words in {"strong": "bold", "em": "italic", "s": "gone", "code": "code", "li li": "inner one"}.items():
        expect(shown.locator(tag).filter(has_text=words).first).to_be_visible()
    expect(shown.get_by_role("img", name="A cat on a mat")).to_be_visible()
    expect(shown.get_by_role("heading", name="Heading")).to_be_visible()
    expect(shown.locator("blockquote").first).to_have_text("quoted & escaped <b>")
    expect(shown.locator(".mention.crowd")).to_have_text("@here")
    expect(shown).to_contain_text(HOSTILE)
    addresses = shown.get_by_role("link").evaluate_all("links => links.map((link) => link.protocol)")
    assert set(addresses) == {"https:"}
    assert blocks.page.locator(".unknown, #conversation img, #conversation script").count() == 0
    assert blocks.page.title() == "Kitchen in a practice workspace"


def test_every_element_sends_what_slack_would_send(blocks, kitchen):
    page = blocks.page
    page.get_by_label("A day, Pick a day").select_option("Tue")
    blocks.button("Plain").click()
    blocks.button("More actions").click()
    page.get_by_role("menuitem", name="Wed").click()
    page.get_by_label("A person").select_option("Office manager")
    page.get_by_label("A conversation").select_option("#staffroom")
    page.get_by_label("date", exact=True).fill("2026-12-24")
    page.get_by_label("time", exact=True).fill("18:05")
    page.get_by_role("radio", name="Mon").check()
    page.get_by_role("checkbox", name="Mon").check()
    page.get_by_role("checkbox", name="Wed").check()
    blocks.button("Some days").click()
    page.get_by_role("group", name="Some days").get_by_label("Tue").check()
    blocks.button("Done").click()
    wait_until(blocks, lambda: len(kitchen.actions) == 11)
    sent = {action["action_id"]: action for action in kitchen.actions}
    monday, tuesday, wednesday = ({"value": one["value"], "text": one["text"]} for one in OPTIONS)
    assert sent["day"]["selected_option"].items() >= tuesday.items()
    assert sent["plain"]["value"] == "p"
    assert sent["more"]["selected_option"].items() >= wednesday.items()
    assert sent["who"]["selected_user"] == "U0OFFICE"
    assert sent["where"]["selected_conversation"] == "C0STAFFROOM"
    assert sent["date"]["selected_date"] == "2026-12-24"
    assert sent["time"]["selected_time"] == "18:05"
    assert sent["one"]["selected_option"].items() >= monday.items()
    assert [one["value"] for one in sent["many"]["selected_options"]] == ["mon", "wed"]
    assert [one["value"] for one in sent["days"]["selected_options"]] == ["tue"]


def test_what_cannot_be_undone_is_asked_first(blocks, kitchen):
    blocks.button("Delete it").click()
    question = blocks.page.get_by_role("alertdialog", name="Are you sure?")
    expect(question).to_contain_text("This cannot be undone.")
    expect(blocks.button("Leave it")).to_be_focused()
    blocks.page.keyboard.press("Escape")
    expect(question).to_have_count(0)
    expect(blocks.button("Delete it")).to_be_focused()
    assert not kitchen.actions
    blocks.button("Delete it").click()
    blocks.button("Do it").click()
    wait_until(blocks, lambda: [action["value"] for action in kitchen.actions] == ["d"])


def test_who_has_gone_on_to_another_field_is_not_called_back_by_a_late_answer(form):
    held = []

    def hold(route):
        held.append((route, route.fetch()))

    dialog = form.dialog
    dialog.get_by_label("What happened?").fill("A thing")
    dialog.get_by_label("A short name").fill("bad")
    form.page.route("**/page/act", hold)
    form.button("Send", dialog).click()
    expect(dialog.locator(".field-error")).to_have_text("That name is taken.")
    expect(dialog.get_by_label("A short name")).to_be_focused()
    dialog.get_by_label("How many?").press("3")
    wait_until(form, lambda: held)
    route, answer = held[0]
    route.fulfill(response=answer)
    expect(form.button("Send", dialog)).to_be_visible()
    form.page.wait_for_timeout(150)
    form.page.keyboard.press("4")
    expect(dialog.get_by_label("How many?")).to_have_value("34")
    expect(dialog.get_by_label("A short name")).to_have_value("bad")


def test_what_arrives_while_a_mistake_is_being_put_right_leaves_the_keyboard_where_it_is(kitchen_school, form):
    dialog = form.dialog
    form.button("Send", dialog).click()
    expect(dialog.locator(".field-error")).to_have_count(2)
    dialog.get_by_role("button", name="Which days?").click()
    tuesday = form.page.get_by_role("group", name="Which days?").get_by_label("Tue")
    tuesday.focus()
    kitchen_school.person("Office manager").say("Meanwhile", "general")
    expect(form.page.locator("#sidebar .badge")).to_have_count(1)
    form.page.keyboard.press("Space")
    expect(tuesday).to_be_checked()
    expect(tuesday).to_be_focused()


def test_a_form_says_at_each_field_what_is_wrong_and_then_goes(form, kitchen):
    dialog = form.dialog
    form.button("Send", dialog).click()
    expect(dialog.locator(".field-error")).to_have_count(2)
    expect(dialog.get_by_label("What happened?")).to_be_focused()
    dialog.get_by_label("What happened?").fill("A thing")
    dialog.get_by_label("A short name").fill("bad")
    dialog.get_by_label("E-mail").fill("nobody")
    form.button("Send", dialog).click()
    expect(dialog.locator(".field-error")).to_have_text("Please write an e-mail address, such as office@example.org.")
    dialog.get_by_label("E-mail").fill("office@example.org")
    form.button("Send", dialog).click()
    expect(dialog.locator(".field-error")).to_have_text("That name is taken.")
    expect(dialog.get_by_label("What happened?")).to_have_value("A thing")
    dialog.get_by_label("A short name").fill("good")
    dialog.get_by_label("How many?").fill("3")
    dialog.get_by_label("Web address").fill("https://")
    dialog.get_by_label("Web address").fill("")
    dialog.get_by_label("Who?").select_option("Deputy head")
    dialog.get_by_role("radio", name="Tue").check()
    form.button("Send", dialog).click()
    expect(form.page.locator(".dialog")).to_have_count(0)
    values = {block: next(iter(fields.values())) for block, fields in kitchen.submissions[0].items()}
    assert values["what"] == {"type": "plain_text_input", "value": "A thing"}
    assert values["mail"] == {"type": "email_text_input", "value": "office@example.org"}
    assert values["web"] == {"type": "url_text_input", "value": None}
    assert values["number"] == {"type": "number_input", "value": "3"}
    assert values["who"] == {"type": "users_select", "selected_user": "U0DEPUTY1"}
    assert values["day"] == {"type": "static_select", "selected_option": None}
    assert values["date"] == {"type": "datepicker", "selected_date": "2026-09-01"}
    assert values["moment"]["selected_date_time"] == 1767225600
    assert values["urgent"]["selected_option"]["value"] == "tue"
    assert values["else"] == {"type": "checkboxes", "selected_options": []}


def test_forms_stack_three_deep_keep_the_keyboard_and_escape_closes_one(form):
    form.dialog.get_by_label("A short name").fill("kept")
    form.button("One deeper").click()
    expect(form.dialog).to_contain_text("This is level 2.")
    form.button("One deeper still").click()
    expect(form.dialog).to_contain_text("This is level 3.")
    for _ in range(5):
        form.page.keyboard.press("Tab")
        assert form.page.evaluate("!!document.activeElement.closest('.veil:last-child')")
    for left in (2, 1):
        form.page.keyboard.press("Escape")
        expect(form.page.locator(".dialog")).to_have_count(left)
    expect(form.dialog.get_by_label("A short name")).to_have_value("kept")
    form.page.keyboard.press("Escape")
    expect(form.box).to_be_focused()


def test_what_is_being_written_and_read_survives_what_arrives(kitchen_school, cook):
    office = kitchen_school.person("Office manager")
    cook.visit("general")
    for number in range(25):
        office.say(f"Line {number}", "general")
    expect(cook.last).to_contain_text("Line 24")
    scroller = cook.page.get_by_role("region", name="Messages in #general")
    cook.box.fill("half a thought")
    cook.page.evaluate("document.querySelector('#conversation .box').setSelectionRange(4, 6)")
    scroller.evaluate("node => { node.scrollTop = 100; }")
    cook.page.evaluate(TWO_FRAMES)  # until the page has heard that somebody scrolled
    cook.page.evaluate("window.first = document.querySelector('#conversation .message')")
    office.say("One more", "general")
    expect(cook.button("New messages ↓")).to_be_visible()
    expect(cook.box).to_have_value("half a thought")
    expect(cook.box).to_be_focused()
    assert cook.page.evaluate("document.querySelector('#conversation .box').selectionStart") == 4
    assert scroller.evaluate("node => node.scrollTop") == 100
    assert cook.page.evaluate("window.first === document.querySelector('#conversation .message')")
    cook.button("New messages ↓").click()
    office.say("The last", "general")
    expect(cook.last).to_be_in_viewport()
    cook.visit("staffroom")
    expect(cook.box).to_have_value("")
    cook.visit("general")
    expect(cook.box).to_have_value("half a thought")


def test_a_menu_stays_open_while_messages_arrive(kitchen_school, cook):
    cook.visit("general")
    cook.say("Mine")
    cook.button("More actions for this message").click()
    kitchen_school.person("Office manager").say("Theirs", "general")
    expect(cook.last).to_contain_text("Theirs")
    cook.page.get_by_role("menuitem", name="Look at this").click()
    expect(cook.dialog).to_contain_text("Mine")


def test_a_global_shortcut_opens_a_form(cook):
    cook.button("Commands and shortcuts").click()
    cook.page.get_by_role("menuitem", name="Begin a form").click()
    expect(cook.page.get_by_role("dialog", name="A form")).to_be_visible()


def test_a_view_that_slack_would_refuse_is_shown_with_the_path_to_the_fault(cook):
    cook.say("/bad ")
    band = cook.page.get_by_role("region", name="Problems")
    expect(band).to_contain_text("views.open")
    expect(band).to_contain_text("/view/blocks/0/text")
    cook.button("Dismiss this problem").click()
    expect(band.locator(".problem")).to_have_count(0)


def test_a_block_that_the_page_does_not_know_is_a_red_box_and_an_error(cook):
    show = """async ([block]) => { const { blockOf } = await import("/static/blocks.js");
        document.querySelector("#conversation .intro").append(blockOf({ container: {} }, block)); }"""
    cook.page.evaluate(show, [{"type": "hologram"}])
    cook.page.evaluate(show, [{"type": "actions", "elements": [{"type": "dial", "action_id": "d"}]}])
    expect(cook.page.get_by_role("alert")).to_have_text(
        ["This page does not know the block “hologram”.", "This page does not know the element “dial”."]
    )
    assert len(cook.forgive()) == 2


def test_hostile_text_that_the_bot_repeats_stays_text(cook):
    for count, text in enumerate((HOSTILE, "<!channel> javascript:alert(1) {{7*7}} </textarea>"), 1):
        cook.say(text)
        expect(cook.messages).to_have_count(2 * count)
        expect(cook.messages.nth(-2)).to_contain_text(text)
    assert cook.messages.locator("img, script, a").count() == 0
    assert "hacked" not in cook.page.title()
