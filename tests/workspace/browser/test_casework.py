"""A report from the first word to its close, in the demo as it is started, with two people at two windows."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.workspace.browser.conftest import Demo, Open
from tests.workspace.browser.screen import Screen
from tests.workspace.browser.test_access import FAINT, NAMELESS

FOLDER = Path(__file__).parents[3] / "build" / "screenshots"
TEACHER, DEPUTY = "U0TEACHER", "U0DEPUTY1"
DISCLOSURE = "a year 9 girl has just sent me a friend request on insta, what do I do"
HANDLE = "sunflower.9x"
ASKED = "Thank you for telling us. Have you had anything from her before?"
ANSWER = "No, this is the first time. I have not answered."
REFERRED, DONE = "Reported by telephone to the schools officer.", "Her parents were told, and the request is gone."
SECRETS = (HANDLE, ASKED, ANSWER, REFERRED, DONE)
REFERENCE = re.compile(r"SG-[23456789BCDFGHJKLMNPQRSTVWXZ]{6}")
NEW, URGENT = "There is something new for you to open.", "There is something urgent for you to open now."
NEWS = "There is news in something that you can open."


@pytest.fixture(autouse=True)
def folder() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)


@pytest.fixture
def teacher(demo: Demo, opened: Open) -> Screen:
    return opened(demo, TEACHER)


@dataclass
class Story:
    """Two people at two windows, and a camera."""

    teacher: Screen
    deputy: Screen
    width: int
    reference: str = ""

    def picture(self, screen: Screen, name: str) -> None:
        """Take a picture in both themes; everything on it has a name and can be read, and nothing sticks out."""
        assert screen.page.evaluate(NAMELESS) == []
        assert screen.sideways() == []
        for theme in ("dark", "light"):
            screen.page.emulate_media(color_scheme=theme)
            assert screen.page.evaluate(FAINT) == []
            screen.page.screenshot(path=FOLDER / f"case-{name}-{self.width}-{theme}.png")

    @property
    def case(self) -> Locator:
        """The case, as the deputy has it open."""
        return self.deputy.form(f"Case {self.reference}")

    @property
    def own(self) -> Locator:
        """The case, as its reporter has it open."""
        return self.teacher.form(f"Yours: {self.reference}")


def begin(screen: Screen) -> Locator:
    """Fill in what must be filled in."""
    form = screen.form("Report in confidence")
    form.get_by_role("radio", name="No", exact=True).check()
    form.get_by_role("radio", name="A pupil of our school").check()
    screen.choose("What kind of contact was it?", "A friend or follow request")
    return form


def send(screen: Screen) -> None:
    """Press the button that sends the top form."""
    screen.dialog.locator("[type=submit]").click()


def send_move(screen: Screen) -> None:
    """Send the form that lies on a case; it goes, and the case stays."""
    send(screen)
    expect(screen.page.locator(".dialog")).to_have_count(1)


def leave(screen: Screen) -> None:
    """Close the case."""
    screen.page.keyboard.press("Escape")
    expect(screen.page.locator(".dialog")).to_have_count(0)


def open_notice(screen: Screen, sentence: str) -> None:
    """Press "Open" in the newest notice that says this."""
    screen.button("Open", screen.messages.filter(has_text=sentence).last).click()


def expect_all(form: Locator, *words: str) -> None:
    for said in words:
        expect(form).to_contain_text(said)


def report(story: Story) -> None:
    screen = story.teacher
    screen.say(DISCLOSURE)
    expect(screen.button("Report it in confidence")).to_be_visible()
    story.picture(screen, "1-answer")
    screen.button("Report it in confidence").click()
    screen.form("Report in confidence")
    story.picture(screen, "2-form")
    form = begin(screen)
    form.get_by_label("Where did it happen?").select_option("Instagram")
    form.get_by_label("Their name or handle").fill(HANDLE)
    form.get_by_label("Did you answer or accept?").select_option("No")
    expect_all(form, "Who will read this", "Deputy head", "confidential, not anonymous")
    send(screen)
    kept = screen.form("Your report is kept")
    expect_all(kept, "Saved, and on its way to", "Deputy head", "Do not reply to them.", "Professionals Online Safety")
    story.picture(screen, "3-kept")
    story.reference = REFERENCE.findall(kept.inner_text())[0]
    screen.button("Close", kept).click()


def read_and_ask_back(story: Story) -> None:
    screen = story.deputy
    for shown in screen.page.locator(".toast-text").all():
        expect(shown).to_have_text(f"{NEW} Reference {story.reference}.")
    expect(screen.messages.last).to_contain_text(NEW)
    expect(screen.button("Open", screen.messages.last)).to_be_in_viewport(ratio=1)
    story.picture(screen, "4-notice")
    open_notice(screen, NEW)
    expect_all(
        story.case, "Class teacher", "Instagram", HANDLE, "A friend or follow request", "Opening this was recorded"
    )
    story.picture(screen, "5-case")
    screen.button("Acknowledge", story.case).click()
    expect(story.case).to_contain_text("You have acknowledged it.")
    screen.button("Write to the reporter", story.case).click()
    screen.dialog.get_by_label("Your message").fill(ASKED)
    story.picture(screen, "6-ask")
    send_move(screen)
    expect_all(story.case, "Saved.", ASKED)
    leave(screen)


def answer(story: Story) -> None:
    screen = story.teacher
    expect(screen.messages.last).to_contain_text(f"{NEWS} Reference {story.reference}.")
    open_notice(screen, NEWS)
    expect(story.own).to_contain_text(ASKED)
    story.picture(screen, "7-own")
    screen.button("Add or answer", story.own).click()
    screen.dialog.get_by_label("What would you like to add?").fill(ANSWER)
    send_move(screen)
    expect(story.own).to_contain_text(ANSWER)
    leave(screen)


def refer_and_close(story: Story) -> None:
    screen = story.deputy
    open_notice(screen, NEWS)
    expect(story.case).to_contain_text(ANSWER)
    story.picture(screen, "readme")
    screen.button("Refer", story.case).click()
    screen.dialog.get_by_label("To whom?").select_option("The police")
    screen.dialog.get_by_label("What was said or passed on").fill(REFERRED)
    send_move(screen)
    expect_all(story.case, "Saved.", "State: referred.")
    screen.button("Close the case", story.case.locator(".dialog-body")).click()
    screen.dialog.get_by_label("Somebody spoke with the pupil or the family").check()
    screen.dialog.get_by_label("Why it can be closed").fill(DONE)
    story.picture(screen, "8-close")
    send_move(screen)
    expect(story.case).to_contain_text("State: closed.")
    story.picture(screen, "9-closed")
    leave(screen)


def see_it_closed(story: Story) -> None:
    story.teacher.tab("Home")
    home = story.teacher.page.get_by_role("region", name="App Home")
    expect_all(home, story.reference, "It is closed.")
    home.get_by_text(story.reference).scroll_into_view_if_needed()
    story.picture(story.teacher, "10-home")


@pytest.mark.parametrize("width", [1440, 390])
def test_a_report_from_the_first_word_to_its_close(demo, opened, width):
    look = {"width": width, "height": 900 if width > 700 else 844}
    story = Story(opened(demo, TEACHER, **look), opened(demo, DEPUTY, **look), width)
    for step in (report, read_and_ask_back, answer, refer_and_close, see_it_closed):
        step(story)
    for screen in (story.teacher, story.deputy):
        screen.tab("Messages")
        for secret in SECRETS:
            expect(screen.messages.filter(has_text=secret)).to_have_count(0)
        assert screen.page.locator(".problem").count() == 0
    passed, shown = (json.dumps(demo.journal(typed=typed), ensure_ascii=False) for typed in (1, 0))
    assert [secret for secret in SECRETS if secret not in passed] == []
    assert [secret for secret in SECRETS if secret in shown] == []


def test_danger_shows_999_first_and_the_form_stays_usable(demo, opened):
    screen = opened(demo, TEACHER, width=390, height=844)
    screen.button("Commands and shortcuts").click()
    screen.page.get_by_role("menuitem", name="Report a contact").click()
    form = screen.form("Report in confidence")
    screen.choose("What kind of contact was it?", "A message")
    form.get_by_label("Their name or handle").fill(HANDLE)
    expect(form).not_to_contain_text("999")
    form.get_by_role("radio", name="Yes, a child may be in danger now").check()
    expect(form.locator(".block").first).to_contain_text("Act now")
    expect_all(form, "Call 999 now", "You can still send this form.", "Executive Headteacher, Head of the school")
    expect(form.get_by_label("Their name or handle")).to_have_value(HANDLE)
    form.get_by_role("radio", name="I am not sure").check()
    expect(form.get_by_text("Call 999 now")).to_be_in_viewport()
    screen.page.screenshot(path=FOLDER / "case-danger-390.png")
    send(screen)
    kept = screen.form("Your report is kept")
    expect_all(kept, "Act now", "Call 999 now", "Your reference is SG-")
    head = opened(demo, "U0EXECHEAD")
    expect(head.messages.last).to_contain_text(URGENT)


def test_text_typed_after_the_command_is_dropped_and_not_repeated(demo, teacher):
    teacher.say(f"/report-contact {HANDLE} has written to me")
    form = teacher.form("Report in confidence")
    expect(teacher.last).to_contain_text("I have not read or kept what you typed after the command.")
    expect(teacher.last).to_contain_text("Only visible to you")
    teacher.button("Cancel", form).click()
    expect(teacher.last).to_contain_text("You closed the form. Nothing was saved or sent.")
    expect(teacher.messages.filter(has_text=HANDLE)).to_have_count(0)
    calls = [entry for entry in demo.journal(typed=1) if entry["kind"] in {"call", "refusal", "ack"}]
    assert HANDLE not in json.dumps(calls)


def test_who_is_named_as_involved_does_not_read_it_and_hears_nothing(demo, teacher, opened):
    teacher.tab("Home")
    teacher.button("Report a contact").click()
    form = begin(teacher)
    mine, other = "Deputy head, Senior leadership team", "Second deputy head, Senior leadership team"
    expect_all(form, mine, other)
    teacher.choose("Does it involve a colleague, or a member of the leadership team?", "Deputy head")
    expect(form).not_to_contain_text(mine)
    expect(form).to_contain_text(other)
    send(teacher)
    expect(teacher.form("Your report is kept")).not_to_contain_text(mine)
    second, deputy = opened(demo, "U0DEPUTY2"), opened(demo, DEPUTY)
    expect(second.messages.last).to_contain_text(NEW)
    expect(deputy.messages).to_have_count(0)
    deputy.tab("Home")
    home = deputy.page.get_by_role("region", name="App Home")
    expect(home).to_contain_text("In confidence")
    expect(home).not_to_contain_text("SG-")


def test_what_was_written_to_the_bot_comes_into_the_form_only_when_it_is_wished(teacher):
    teacher.say(DISCLOSURE)
    teacher.button("Report it in confidence").click()
    form = begin(teacher)
    story = form.get_by_label("Anything else")
    story.fill("It was last night.")
    expect(form).not_to_contain_text("year 9")
    form.get_by_label("Start from what I wrote to the bot").check()
    expect(story).to_have_value(f"It was last night.\n\n{DISCLOSURE}")
    expect(form.get_by_role("radio", name="A pupil of our school")).to_be_checked()
