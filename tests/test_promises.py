"""What the README promises is held by tests that exist: a promise whose test was renamed or removed fails here."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
HEADING = "## What is promised, and what holds it"
HELD = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")


def rows() -> list[str]:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    section = text.partition(f"\n{HEADING}\n")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("| ")]
    return [line for line in lines if not line.startswith(("| promise", "| what went wrong", "| **"))]


def those_in(file: Path) -> set[str]:
    nodes = ast.walk(ast.parse(file.read_text(encoding="utf-8")))
    return {node.name for node in nodes if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}


def test_there_are_promises():
    assert len(rows()) >= 40


@pytest.mark.parametrize("row", rows(), ids=lambda row: row.split("|")[1].strip()[:60])
def test_a_promise_is_held_by_a_test_that_exists(row):
    held = HELD.findall(row.rpartition(" | ")[2])
    assert held, f"no test stands in the last cell: {row}"
    for name, test in held:
        there = those_in(ROOT / name)
        assert there if not test else any(one.startswith(test) for one in there), f"{name}::{test}"
