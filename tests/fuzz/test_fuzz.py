"""Whatever comes in, nothing raises, and nothing goes out that pings.

`make test` tries some thousands of inputs, always the same; `make soak` more than a hundred thousand, and lets atheris
look for what none of them has done.
"""

import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.ingest.errors import RefusedError
from knowledge.ingest.reading import ingest
from tests.fuzz.__main__ import by_seed
from tests.fuzz.mutating import FromBytes
from tests.fuzz.targets import TARGETS

ROOT = Path(__file__).parents[2]
SHORT, LONG = 2_500, 104_000
QUICK = ("payload", "form", "settings", "content", "document")
LED = {"payload": 20_000, "form": 20_000, "document": 5_000, "content": 3_000}
"""Inputs that atheris chooses, by target."""


def test_some_thousands_of_hostile_inputs_raise_nothing_and_ping_nobody(capsys):
    tried = list(by_seed(SHORT, seed=1, tell=False))
    assert {name: failed for name, failed, _ in tried if failed} == {}
    with capsys.disabled():
        print(f"\n{sum(number for *_, number in tried):,} hostile inputs, 0 exceptions, 0 pings", end=" ")


@pytest.mark.parametrize("name", QUICK)
def test_what_hypothesis_thinks_of_raises_nothing_either(name):
    @settings(max_examples=40, deadline=None, derandomize=True, database=None)
    @given(st.randoms(use_true_random=False, note_method_calls=False))
    def holds(chance):
        TARGETS[name](chance)

    holds()


def test_a_fuzzer_that_finds_a_fault_would_say_so():
    """Without this the tests above might pass because nothing is looked at."""
    from bot.views.blocks import Reply
    from tests.bot.block_rules import message_mistakes
    from tests.fuzz.targets import inert

    pings = {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [{"type": "broadcast"}]}]}
    for bad in (Reply(text="<!channel>", blocks=()), Reply(text="x", blocks=(pings,))):
        with pytest.raises(AssertionError):
            inert(bad)
    assert message_mistakes({"text": "<!channel>"})
    assert FromBytes(b"").randrange(1_000_000) == 0, "a fuzzer's bytes run out, and its choices end"


def broken(folder: Path) -> dict[str, Path]:
    """Files that no reader gets through."""
    bomb, deep, cut = folder / "bomb.docx", folder / "deep.docx", folder / "cut.pdf"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", b"<w:p>" + b" " * 160_000_000)
    with zipfile.ZipFile(deep, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", "<a>" * 200_000 + "</a>" * 200_000)
    cut.write_bytes(
        b"%PDF-1.7\n1 0 obj << /Type /Catalog /Pages 1 0 R >> endobj\ntrailer << /Root 1 0 R >>" + bytes(500)
    )
    packed, stream = folder / "packed.docx", b"<w:p>" + bytes(range(256)) * 20
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", stream)
    start = packed.read_bytes().index(b"word/document.xml") + len("word/document.xml")
    with packed.open("r+b") as file:
        file.seek(start)
        file.write(b"\xff" * 20)
    return {
        "packed wrongly": packed,
        "a bomb": bomb,
        "nested without an end": deep,
        "a PDF whose pages are itself": cut,
    }


@pytest.mark.parametrize("name", ["packed wrongly", "a bomb", "nested without an end", "a PDF whose pages are itself"])
def test_a_file_made_to_do_harm_is_refused_with_a_sentence(tmp_path, name):
    with pytest.raises(RefusedError) as refused:
        ingest(broken(tmp_path)[name], {})
    assert refused.value.problem
    assert refused.value.remedy


@pytest.mark.soak
def test_more_than_a_hundred_thousand_hostile_inputs_raise_nothing_and_ping_nobody():
    print()
    tried = list(by_seed(LONG, seed=2))
    number = sum(number for *_, number in tried)
    print(f"{number:,} inputs, {sum(failed for _, failed, _ in tried)} exceptions, 0 pings")
    assert number >= 100_000
    assert {name: failed for name, failed, _ in tried if failed} == {}


@pytest.mark.soak
@pytest.mark.parametrize("name", LED)
def test_what_a_fuzzer_led_by_coverage_looks_for_raises_nothing(name):
    pytest.importorskip("atheris", reason="atheris has no wheel here")
    (ROOT / "build").mkdir(exist_ok=True)
    command = [sys.executable, "-m", "tests.fuzz", "--coverage", name, "--runs", str(LED[name])]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=500, check=False)  # noqa: S603
    assert done.returncode == 0, done.stderr[-3_000:]
    covered = re.findall(r"cov: (\d+)", done.stderr)
    print(f"\n{name}: {LED[name]:,} inputs led by coverage, {covered[-1]} edges", end=" ")
    assert f"Done {LED[name]} runs" in done.stderr
