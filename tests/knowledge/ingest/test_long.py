"""A handbook of two hundred pages is read in well under a minute and half a gigabyte."""

import subprocess
import sys

from reportlab.platypus import PageBreak

from tests.knowledge.ingest.making import HEAD, ITEM, pdf, says

SECONDS, BYTES = 60, 500_000_000
RULE = "Staff must keep their accounts private and must report any contact by a pupil to the safeguarding lead. " * 3
RUN = """
import resource, sys, time
from pathlib import Path
from knowledge.ingest.preview import page
from knowledge.ingest.reading import ingest
began = time.monotonic()
found = ingest(Path(sys.argv[1]), {})
page(found, "handbook.pdf", "anytown")
# Linux counts the memory of whoever started a program into its own `ru_maxrss`: only this is the program's alone
status = Path("/proc/self/status")
own = int(status.read_text().split("VmHWM:")[1].split()[0]) if status.exists() else 0
own = own * 1024 or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
used = [own, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024]
clauses = found.text.count("\\n[") + found.text.count("- [")
print(time.monotonic() - began, sum(used), clauses, found.source.lines[-1].page)
"""


def test_two_hundred_pages(tmp_path):
    story = []
    for section in range(1, 201):
        story.append(says(f"{section}. Rule {section}", HEAD))
        story += [says(f"{section}.{clause} {RULE}") for clause in range(1, 9)]
        story += [says("Keep a record.", ITEM, "•"), says("Ask the DSL.", ITEM, "•"), PageBreak()]
    file = pdf(tmp_path / "handbook.pdf", *story, footer="Staff Handbook.")
    done = subprocess.run([sys.executable, "-c", RUN, str(file)], capture_output=True, text=True, check=True)  # noqa: S603
    seconds, used, clauses, pages = map(float, done.stdout.split())
    print(f"{pages:.0f} pages, {clauses:.0f} clauses: {seconds:.1f} s, {used / 1e6:.0f} MB")
    assert pages == 200
    assert clauses == 200 * 10
    assert seconds < SECONDS
    assert used < BYTES
