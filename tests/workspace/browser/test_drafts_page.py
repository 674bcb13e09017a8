"""The page of drafts in a real browser: filled in, kept over a reload, exported, taken in by the command."""

import json

import pytest

from bot.cli import main
from knowledge.library import load
from tests.knowledge.policies import two_schools_in


@pytest.fixture
def two_schools(tmp_path):
    content = tmp_path / "content"
    content.mkdir()
    return two_schools_in(content)


def call(*arguments: str) -> int:
    with pytest.raises(SystemExit) as left:
        main(arguments)
    return left.value.code or 0


@pytest.fixture
def page(chromium, two_schools, tmp_path):
    file = tmp_path / "drafts.html"
    assert call("draft-cards", "-o", "vale", "--html", str(file), "--content", str(two_schools)) == 0
    context = chromium.new_context(viewport={"width": 390, "height": 800}, accept_downloads=True)
    page = context.new_page()
    page.said = []
    page.on("console", lambda message: page.said.append(message.text))
    page.on("pageerror", lambda error: page.said.append(str(error)))
    page.on("request", lambda request: None if request.url.startswith("file:") else page.said.append(request.url))
    page.goto(file.as_uri())
    yield page
    context.close()


def test_a_draft_is_filled_in_exported_and_taken_in(page, two_schools, tmp_path):
    first = page.locator("article").first
    first.get_by_role("button", name="Accept").click()
    assert first.get_by_role("alert").inner_text() == "Choose the verdict: what the clause says to this question."
    first.get_by_label("Verdict").select_option("no")
    first.get_by_role("button", name="Accept").click()
    assert first.get_by_role("alert").inner_text() == "Write the summary, in your own words."
    first.get_by_label("Summary").fill("word " * 61)
    first.get_by_role("button", name="Accept").click()
    assert "60 words" in first.get_by_role("alert").inner_text()
    first.get_by_label("Summary").fill('You <b>must not</b>: "never".')
    first.get_by_role("button", name="Accept").click()
    page.locator("article").last.get_by_role("button", name="Skip").click()
    assert page.get_by_role("status").inner_text() == "1 accepted, 1 skipped, 2 to look at"

    page.wait_for_timeout(500)  # the browser writes it down in its own time
    page.reload()
    assert page.get_by_role("status").inner_text() == "1 accepted, 1 skipped, 2 to look at"
    with page.expect_download() as download:
        page.get_by_role("button", name="Export what you decided").click()
    assert download.value.suggested_filename == "vale-cards.json"
    file = tmp_path / "vale-cards.json"
    download.value.save_as(file)
    assert json.loads(file.read_text(encoding="utf-8"))["skipped"] == ["4.3"]

    assert call("draft-cards", "-o", "vale", "--accept", str(file), "--content", str(two_schools)) == 0
    (card,) = load(two_schools).organisation("vale").cards
    assert card.summary == 'You <b>must not</b>: "never".'
    assert card.phrasings[0] == "Can I add a pupil on Snapchat?"
    assert page.said == [], "no mistake, no request to anywhere"


def test_two_cards_cannot_have_one_id(page):
    for article in (page.locator("article").nth(0), page.locator("article").nth(1)):
        article.get_by_label("Verdict").select_option("no")
        article.get_by_label("Summary").fill("No.")
        article.get_by_label("Id", exact=True).fill("same")
        article.get_by_role("button", name="Accept").click()
    alert = page.locator("article").nth(1).get_by_role("alert")
    assert alert.inner_text() == "Another card that you accepted has this id."


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_runs_off_the_page(page, width):
    page.set_viewport_size({"width": width, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") == width
