"""The page is everybody's: keyboard alone, names for screen readers, contrast, and any width from 320 pixels."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.workspace.browser.test_asking import FRIEND

HERE = Path(__file__).parent
NAMELESS = (HERE / "nameless.js").read_text(encoding="utf-8")
FAINT = (HERE / "faint.js").read_text(encoding="utf-8")
SEEN = """() => getComputedStyle(document.activeElement).outlineStyle !== "none"
    || document.activeElement.matches(".box")"""


def tab_to(screen, name: str) -> None:
    """Press Tab until something of this name has the keyboard; each stop on the way must be seen."""
    for _ in range(60):
        screen.page.keyboard.press("Tab")
        assert screen.page.evaluate(SEEN)
        if name in screen.focused():
            return
    raise AssertionError(f"Tab never came to {name}.")


def test_the_keyboard_alone_asks_answers_visits_and_comes_back(teacher):
    keys = teacher.page.keyboard
    keys.press("Tab")
    assert teacher.focused() == "Skip to the message box"
    keys.press("Enter")
    expect(teacher.box).to_be_focused()
    teacher.page.get_by_label("You are:").focus()
    tab_to(teacher, "Message Staff Guidance")
    keys.type(FRIEND)
    keys.press("Enter")
    expect(teacher.last).to_contain_text("This answers:")
    keys.press("Shift+Tab")
    for _ in range(30):
        if teacher.focused() == "Not my question":
            break
        keys.press("Shift+Tab")
    keys.press("Enter")
    expect(teacher.last).to_contain_text("I have noted that")
    teacher.page.get_by_role("tab", name="Messages").focus()
    keys.press("ArrowLeft")
    expect(teacher.page.get_by_role("tab", name="Home")).to_be_focused()
    expect(teacher.page.get_by_label("Ask me")).to_be_visible()
    teacher.page.get_by_label("You are:").focus()
    tab_to(teacher, "general")
    keys.press("Enter")
    expect(teacher.page.locator("#conversation h1")).to_have_text("general")


def test_shift_and_enter_begin_a_new_line(teacher):
    teacher.visit("general")
    teacher.box.press_sequentially("one")
    teacher.box.press("Shift+Enter")
    teacher.box.press_sequentially("two")
    teacher.box.press("Enter")
    assert teacher.last.locator(".message-body").inner_text() == "one\ntwo"


def test_new_messages_are_announced_politely(teacher):
    teacher.say(FRIEND)
    live = teacher.page.locator("[aria-live=polite]")
    expect(live).to_contain_text("Staff Guidance: No.")


def test_every_control_has_a_name_and_every_word_can_be_read(cook):
    def check() -> None:
        assert cook.page.evaluate(NAMELESS) == []
        for theme in ("light", "dark"):
            cook.page.emulate_media(color_scheme=theme)
            assert cook.page.evaluate(FAINT) == []

    check()
    cook.say("/blocks ")
    expect(cook.button("Delete it")).to_be_visible()
    check()
    cook.messages.last.hover()
    cook.messages.last.get_by_role("button", name="Reply in a thread").click()
    cook.button("Journal").click()
    expect(cook.page.locator("#journal summary").first).to_be_visible()
    check()
    cook.button("Close thread").click()
    cook.say("/form ")
    cook.button("Send", cook.dialog).click()
    expect(cook.dialog.locator(".field-error")).to_have_count(2)
    check()


def test_the_theme_can_be_turned_and_is_kept(teacher):
    ground = "getComputedStyle(document.body).backgroundColor"
    light = teacher.page.evaluate(ground)
    teacher.button("Use the dark theme").click()
    assert teacher.page.evaluate(ground) != light
    teacher.page.reload()
    expect(teacher.button("Use the light theme")).to_be_visible()
    assert teacher.page.evaluate(ground) != light


@pytest.mark.parametrize("width", [320, 768])
def test_nothing_scrolls_sideways(schools, opened, width):
    screen = opened(schools, width=width, height=640)
    narrow = width < 700

    def go(name: str) -> None:
        if narrow:
            screen.button("Show conversations").click()
            assert not screen.sideways()
        screen.visit(name)

    screen.say("Can I accept a friend request from a pupil? " + "x" * 300)
    expect(screen.messages).not_to_have_count(1)
    assert not screen.sideways()
    screen.page.get_by_role("tab", name="Home").click()
    expect(screen.page.get_by_label("Ask me")).to_be_visible()
    assert not screen.sideways()
    go("staffroom")
    screen.say("@Staff Guidance may I post photos of pupils on my own page?")
    screen.last.get_by_role("button", name="1 reply").click()
    expect(screen.button("This helped", screen.thread)).to_be_visible()
    assert not screen.sideways()
    screen.button("Close thread").click()
    if narrow:
        screen.button("More").click()
        screen.page.get_by_role("menuitem", name="Journal").click()
    else:
        screen.button("Journal").click()
    expect(screen.page.locator("#journal summary").first).to_be_visible()
    assert not screen.sideways()


def test_a_form_fits_a_narrow_screen(kitchen_school, kitchen, opened):
    screen = opened(kitchen_school, width=320, height=640)
    screen.say("/form ")
    expect(screen.dialog).to_be_visible()
    assert not screen.sideways()
    expect(screen.button("Send", screen.dialog)).to_be_in_viewport()
    screen.page.keyboard.press("Escape")
    screen.say("/blocks ")
    expect(screen.button("Delete it")).to_be_visible()
    assert not screen.sideways()


def test_the_page_says_that_the_workspace_is_gone_and_comes_back(teacher):
    teacher.page.context.set_offline(True)
    teacher.page.route("**/page/act", lambda route: route.abort())
    teacher.say("Are you there?")
    expect(teacher.page.get_by_role("status").filter(has_text="did not answer")).to_be_visible()
    expect(teacher.box).to_have_value("Are you there?")
    teacher.page.context.set_offline(False)
    teacher.page.unroute("**/page/act")
    teacher.box.press("Enter")
    expect(teacher.last).to_contain_text("Staff Guidance")
    teacher.forgive()
