"""Pictures of the page, to be looked at; one of them is the README's."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.workspace.browser.test_asking import FRIEND, PHOTOS

FOLDER = Path(__file__).parents[3] / "build" / "screenshots"
MOST_BYTES = 300_000


@pytest.fixture(scope="module", autouse=True)
def folder() -> Path:
    FOLDER.mkdir(parents=True, exist_ok=True)
    return FOLDER


WINDOWS = {320: 640, 768: 1024, 1440: 900}


def test_pictures_at_every_width_in_both_themes(schools, opened):
    screen = opened(schools)

    def picture(what: str) -> None:
        for width, height in WINDOWS.items():
            screen.page.set_viewport_size({"width": width, "height": height})
            for theme in ("light", "dark"):
                screen.page.emulate_media(color_scheme=theme)
                screen.page.screenshot(path=FOLDER / f"{width}-{theme}-{what}.png")
            assert not screen.sideways()

    picture("beginning")
    screen.say(FRIEND)
    expect(screen.last).to_contain_text("This answers:")
    picture("answer")
    screen.page.get_by_role("tab", name="Home").click()
    expect(screen.page.get_by_label("Ask me")).to_be_visible()
    picture("home")


def test_the_picture_of_the_readme_is_small(schools, opened):
    screen = opened(schools, width=1360, height=850)
    screen.visit("staffroom")
    schools.person("Office manager").say("Has anybody got the trip photos yet?", "staffroom")
    screen.say(f"@Staff Guidance {PHOTOS}")
    screen.last.get_by_role("button", name="1 reply").click()
    expect(screen.thread).to_contain_text("This answers:")
    screen.say("/ask can I friend a parent?")
    expect(screen.last).to_contain_text("Only visible to you")
    screen.thread.locator(".scroller").evaluate("node => { node.scrollTop = 0; }")
    screen.page.mouse.move(0, 0)
    picture = FOLDER / "readme.png"
    screen.page.screenshot(path=picture)
    assert picture.stat().st_size <= MOST_BYTES
