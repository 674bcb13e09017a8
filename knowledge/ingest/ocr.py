"""Reads pictures of pages with tesseract, a program of its own, where it is installed."""

import csv
import io
import shutil
import subprocess
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from knowledge.ingest.errors import RefusedError
from knowledge.ingest.pdf_lines import Placed
from knowledge.ingest.pdf_words import Box
from knowledge.ingest.source import Line

_DOTS = 200  # an inch; more is slower and reads printed pages no better
_SECONDS = 60  # for one page


def read_pictures(document: Any, pages: Sequence[int]) -> Iterator[tuple[int, list[Placed]]]:
    """The lines of the pages given, each with its number. Raises RefusedError where tesseract is missing or fails."""
    program = shutil.which("tesseract")
    if program is None:
        raise RefusedError(
            "This PDF is a scan: its pages are pictures, and hold no words.",
            "Bring the Word file it was made from; or ask your technician to install tesseract, which reads pictures.",
        )
    for number in pages:
        page = document[number]
        height = page.get_height()
        picture = io.BytesIO()
        page.render(scale=_DOTS / 72, grayscale=True).to_pil().save(picture, format="PNG")
        page.close()
        yield number, _lines(_recognised(program, picture.getvalue()), number + 1, height)


def _recognised(program: str, picture: bytes) -> str:
    command = [program, "stdin", "stdout", "-l", "eng", "--dpi", str(_DOTS), "tsv"]
    try:
        done = subprocess.run(command, input=picture, capture_output=True, timeout=_SECONDS, check=True)  # noqa: S603
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError, OSError):
        raise RefusedError(
            "tesseract could not read a page of this scan.", "Bring the Word file that it was made from."
        ) from None
    return done.stdout.decode("utf-8", errors="replace")


def _lines(table: str, page: int, height: float) -> list[Placed]:
    """Lines from tesseract's table of words; its measures are dots from the upper left corner."""
    words: dict[tuple[str, str, str], list[tuple[Box, str]]] = defaultdict(list)
    for row in csv.DictReader(io.StringIO(table), delimiter="\t", quoting=csv.QUOTE_NONE):
        if row.get("level") == "5" and (row.get("text") or "").strip():
            left, top, wide, tall = (int(row[name]) * 72 / _DOTS for name in ("left", "top", "width", "height"))
            box = Box(left, height - top - tall, left + wide, height - top)
            words[(row["block_num"], row["par_num"], row["line_num"])].append((box, row["text"]))
    return [_placed(line, page, height) for line in words.values()]


def _placed(words: Sequence[tuple[Box, str]], page: int, height: float) -> Placed:
    box = words[0][0]
    for other, _ in words[1:]:
        box = box.around(other)
    line = Line(" ".join(text for _, text in words), page=page, indent=box.left, size=10.0)
    return Placed(line, box, words[0][0].right - words[0][0].left, height)
