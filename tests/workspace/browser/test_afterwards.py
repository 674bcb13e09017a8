"""What comes after the first story: a question is decided, a report is taken back, a closed case is found again."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from tests.workspace.browser.screen import Screen
from tests.workspace.browser.test_casework import (
    DEPUTY,
    NEW,
    NEWS,
    REFERENCE,
    TEACHER,
    Story,
    begin,
    expect_all,
    leave,
    open_notice,
    send,
    send_move,
)

QUESTION = "May I run the page of the village choir? Two parents sing in it."
REASON = "As long as the school is not named there."
WIDTHS = pytest.mark.parametrize("width", [1440, 390])

Begin = Callable[[int], Story]


@pytest.fixture
def begun(demo, opened) -> Begin:
    """Two people at two windows of a width."""

    def begin_story(width: int) -> Story:
        look = {"width": width, "height": 900 if width > 700 else 844}
        return Story(opened(demo, TEACHER, **look), opened(demo, DEPUTY, **look), width)

    return begin_story


def home(screen: Screen) -> Locator:
    screen.tab("Home")
    return screen.page.get_by_role("region", name="App Home")


def note_reference(story: Story, kept: Locator) -> None:
    story.reference = REFERENCE.findall(kept.inner_text())[0]
    story.teacher.button("Close", kept).click()


def open_listed(story: Story, shown: Locator) -> None:
    """Press "Open" beside the case in a list."""
    shown.get_by_role("button", name=f"Open {story.reference}").click()


@WIDTHS
def test_a_question_is_put_to_slt_decided_and_read_by_its_asker(begun, width):
    story = begun(width)
    story.teacher.button("Ask the leadership team", home(story.teacher)).click()
    form = story.teacher.form("Ask the leadership team")
    form.get_by_label("Your question").fill(QUESTION)
    expect_all(form, "Who will read this", "Deputy head", "confidential, not anonymous")
    story.picture(story.teacher, "11-question")
    send(story.teacher)
    note_reference(story, story.teacher.form("Your question is kept"))
    open_notice(story.deputy, NEW)
    expect_all(story.case, "A question for the leadership team", "Asked by Class teacher", QUESTION)
    story.deputy.button("Decide", story.case).click()
    decision = story.deputy.dialog
    decision.get_by_label("Allowed, with conditions").check()
    decision.get_by_label("The conditions, or the reason").fill(REASON)
    decision.get_by_label("Propose it as an answer for others").fill("May staff run a page for a club outside school?")
    story.picture(story.deputy, "12-decide")
    send_move(story.deputy)
    expect_all(
        story.case, "The question is proposed to those who keep the answers", "Outcome: Allowed, with conditions."
    )
    story.teacher.tab("Messages")
    open_notice(story.teacher, NEWS)
    expect_all(story.own, "It has been decided.", "Allowed, with conditions", REASON)
    story.picture(story.teacher, "13-decided")
    expect(story.teacher.messages.filter(has_text=REASON)).to_have_count(0)


@WIDTHS
def test_a_report_is_taken_back_and_kept_and_slt_find_it_again_after_it_is_closed(begun, width):
    story = begun(width)
    story.teacher.button("Report a contact", home(story.teacher)).click()
    begin(story.teacher)
    send(story.teacher)
    note_reference(story, story.teacher.form("Your report is kept"))
    story.teacher.tab("Messages")
    mine = home(story.teacher)
    expect(mine).to_contain_text(story.reference)
    open_listed(story, mine)
    expect_all(story.own, "Who may read it", "Second deputy head, Senior leadership team")
    story.teacher.button("Take it back", story.own).click()
    story.picture(story.teacher, "14-take-back")
    send_move(story.teacher)
    expect_all(story.own, "You have taken it back; it is kept.", "Who made contact")
    leave(story.teacher)
    desk = home(story.deputy)
    expect_all(desk, f"{story.reference} · new", "taken back by the reporter")
    open_listed(story, desk)
    expect_all(story.case, "Taken back by the reporter", "A pupil of our school")
    story.deputy.button("Close the case", story.case.locator(".dialog-body")).click()
    story.deputy.dialog.get_by_label("Looked into; nothing more is needed").check()
    story.deputy.dialog.get_by_label("Why it can be closed").fill("Taken back, and looked into.")
    send_move(story.deputy)
    leave(story.deputy)
    story.deputy.tab("Messages")
    desk = home(story.deputy)
    expect_all(desk, "There is no open case that you can read.", "Those that are closed")
    story.picture(story.deputy, "15-desk")
    desk.get_by_role("button", name="Open the list").click()
    closed = story.deputy.form("Cases")
    expect(closed).to_contain_text(f"{story.reference} · closed")
    open_listed(story, closed)
    expect(story.deputy.button("Reopen", story.case)).to_be_visible()
