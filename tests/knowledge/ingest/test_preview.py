"""The page by which a person checks a draft, as text and in a browser."""

import os
import re
import shutil

import pytest
from playwright.sync_api import sync_playwright

from knowledge.ingest.preview import page
from tests.knowledge.ingest.reading_files import DATA, read

R08 = DATA / "structures" / "R08-safer-working-roman-and-gaps.txt"
LONG = DATA / "formats" / "mercian-auto.pdf"


def shown(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html.split("<body>")[1]).split())


def test_all_words_of_the_document_stand_on_the_page():
    found = read(LONG)
    text = shown(page(found, LONG.name, "anytown"))
    for line in found.source.lines:
        for word in line.text.replace("&", "&amp;").replace("'", "&#x27;").split():
            assert word in text


def test_each_doubt_is_listed_with_a_link_to_its_place():
    found = read(R08)
    html = page(found, R08.name, "anytown")
    links = re.findall(r'href="#(\w+)"', html)
    assert set(links) <= set(re.findall(r'id="(\w+)"', html))
    assert "Look at these 9" in html
    assert html.count("<strong>Look at this.</strong>") == sum(doubt.about is not None for doubt in found.doubts)
    assert "I &quot;Definitions&quot;" in html


def test_the_count_and_the_facts_stand_at_the_top():
    text = shown(page(read(R08), R08.name, "anytown"))
    assert "All 1,311 characters are accounted for. 711 in clauses 156 in headings 444 left out" in text
    assert "Owner Missing: the document does not say" in text
    assert "guidance publish --organisation anytown" in text


def test_the_page_runs_and_fetches_nothing(tmp_path):
    file = tmp_path / "a.txt"
    file.write_text('1. <script>alert(1)</script> Rules\n1.1 Staff must ask <img src="x" onerror="a()">.\n')
    html = page(read(file, title="<b>T</b>", organisation="“&”"), "<i>.txt", "anytown")
    assert not re.search(r"<(?:script|img|link|iframe|b|i)\b(?! style=)", html)
    assert not re.search(r"""(?:src|href)=["'](?!#)""", html)
    assert "default-src 'none'" in html


def test_a_document_without_doubts_says_so():
    found = read(DATA / "formats" / "mercian-typed.docx")
    assert found.doubts == ()
    assert "Nothing is in doubt" in page(found, "a.docx", "anytown")


@pytest.fixture(scope="module")
def browser():
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not program:
        missing = "Chromium is not installed: on Debian, `apt-get install chromium`."
        pytest.fail(missing) if os.environ.get("CI_BROWSER") == "1" else pytest.skip(missing)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        yield started
        started.close()


@pytest.fixture(params=[1280, 390], ids=["wide", "phone"])
def opened(request, browser, tmp_path):
    file = tmp_path / "page.html"
    file.write_text(page(read(R08), R08.name, "anytown"), encoding="utf-8")
    tab = browser.new_page(viewport={"width": request.param, "height": 900})
    tab.goto(file.as_uri())
    yield tab
    tab.close()


def test_nothing_sticks_out_and_nothing_is_too_small(opened):
    assert opened.evaluate("document.documentElement.scrollWidth <= innerWidth")
    sizes = "[...document.querySelectorAll('body *')].map(one => parseFloat(getComputedStyle(one).fontSize))"
    assert min(opened.evaluate(sizes)) >= 12


def test_the_keyboard_reaches_what_is_in_doubt(opened):
    opened.keyboard.press("Tab")
    assert opened.evaluate("document.activeElement.textContent") == "To the text"
    opened.keyboard.press("Tab")
    opened.keyboard.press("Tab")
    target = opened.evaluate("document.activeElement.getAttribute('href')")
    opened.keyboard.press("Enter")
    assert opened.locator(target).is_visible()
    opened.locator("#only").focus()
    opened.keyboard.press("Space")
    assert opened.locator(".row:visible").count() == opened.locator(".row.doubtful").count() > 0


LUMINANCE = """
(() => {
  const light = c => { const [r, g, b] = c.match(/[\\d.]+/g).slice(0, 3).map(v => { v /= 255;
    return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; }); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const ground = e => { while (e) { const c = getComputedStyle(e).backgroundColor;
    if (!/, 0\\)$|transparent/.test(c)) return c; e = e.parentElement; } return 'rgb(255, 255, 255)'; };
  const worded = e => [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim());
  return [...document.querySelectorAll('body *')].filter(worded)
    .map(e => { const [a, b] = [light(getComputedStyle(e).color), light(ground(e))].sort((x, y) => y - x);
      return [(a + 0.05) / (b + 0.05), e.className + ' ' + e.tagName]; }).sort((x, y) => x[0] - y[0])[0];
})()
"""


def test_every_word_stands_out_from_its_ground(opened):
    contrast, where = opened.evaluate(LUMINANCE)
    assert contrast >= 4.5, where
