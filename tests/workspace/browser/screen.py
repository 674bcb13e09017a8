"""A window on the workspace, as somebody uses it."""

import time
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Locator, Page, expect

from tests.waiting import PATIENCE

MOST = 1_000 * PATIENCE
"""Milliseconds after which a test gives up; nothing is promised by it."""
expect.set_options(timeout=MOST)  # Playwright's own patience of five seconds is not a busy machine's

SIDEWAYS = """() => {
  const out = (node) => node.getBoundingClientRect().right > innerWidth + 1;
  const scrolls = (node) => node.scrollWidth > node.clientWidth + 1
    && /auto|scroll/.test(getComputedStyle(node).overflowX);
  const page = document.scrollingElement.scrollWidth > innerWidth;
  return [...document.querySelectorAll("body *")].filter((node) => !node.matches("pre, textarea"))
    .filter((node) => scrolls(node) || (page && out(node))).map((node) => `${node.tagName}.${node.className}`);
}"""


@dataclass
class Screen:
    """One window. `complaints` are errors of the page, and requests to elsewhere."""

    page: Page
    complaints: list[str] = field(default_factory=list)

    @classmethod
    def open(
        cls, browser: Browser, origin: str, person: str, *, width: int = 1440, height: int = 900, dark: bool = False
    ) -> "Screen":
        look = "dark" if dark else "light"
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=look, locale="en-GB", reduced_motion="reduce"
        )
        context.set_default_timeout(MOST)
        screen = cls(context.new_page())
        screen._listen(urlsplit(origin).netloc)
        screen.page.goto(f"{origin}/?as={person}")
        expect(screen.box).to_be_visible()
        return screen

    def _listen(self, here: str) -> None:
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", lambda said: said.type == "error" and self.complaints.append(said.text))
        self.page.on(
            "request", lambda asked: urlsplit(asked.url).netloc in {here, ""} or self.complaints.append(asked.url)
        )

    def forgive(self) -> list[str]:
        """The errors until now, which a test expected."""
        found, self.complaints[:] = list(self.complaints), []
        return found

    @property
    def box(self) -> Locator:
        return self.page.locator("#conversation .box")

    @property
    def messages(self) -> Locator:
        return self.page.locator("#conversation .message")

    @property
    def last(self) -> Locator:
        return self.messages.last

    @property
    def offers(self) -> Locator:
        """What the message box offers to complete."""
        return self.page.get_by_role("listbox", name="Suggestions").get_by_role("option")

    @property
    def thread(self) -> Locator:
        return self.page.locator("#thread")

    @property
    def dialog(self) -> Locator:
        return self.page.locator(".veil").last.locator(".dialog")

    def button(self, name: str, within: Locator | None = None) -> Locator:
        return (within or self.page).get_by_role("button", name=name, exact=True)

    def say(self, text: str) -> None:
        """Type into the message box, close what it offers, and press Enter."""
        self.box.fill(text)
        self.box.press("Escape")
        self.box.press("Enter")

    def form(self, title: str) -> Locator:
        """The form of this title, once it is there."""
        form = self.page.get_by_role("dialog", name=title)
        expect(form).to_be_visible()
        return form

    def choose(self, field: str, *options: str) -> None:
        """Tick boxes in a field of the top form that takes several."""
        self.dialog.get_by_role("button", name=field).click()
        for option in options:
            self.page.get_by_role("group", name=field).get_by_label(option, exact=True).check()
        self.button("Done").click()

    def tab(self, name: str) -> None:
        """Turn to Home or to Messages."""
        self.page.get_by_role("tab", name=name).click()

    def visit(self, name: str) -> None:
        self.page.locator("#sidebar .row", has_text=name).click()
        expect(self.page.locator("#conversation h1")).to_have_text(name)

    def focused(self) -> str:
        """The name or text of what has the keyboard."""
        return str(
            self.page.evaluate(
                "(e => e.ariaLabel || e.labels?.[0]?.textContent || e.textContent)(document.activeElement)"
            )
        )

    def sideways(self) -> list[str]:
        """What sticks out of the window at the right, or can be scrolled sideways."""
        found: list[str] = self.page.evaluate(SIDEWAYS)
        return found


def wait_until(screen: Screen, true) -> None:
    """Wait for something that is not on the page."""
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, "it did not happen"
        screen.page.wait_for_timeout(20)
