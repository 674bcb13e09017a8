"""The house keeps its order: imports point inward, and nothing grows past reading."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCES = sorted([*ROOT.glob("bot/**/*.py"), *ROOT.glob("knowledge/**/*.py")])
SHELL_ONLY = {"slack_bolt", "slack_sdk", "sqlite_utils", "sqlite3"}


def imports(tree: ast.AST) -> set[str]:
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found


@pytest.mark.parametrize("file", SOURCES, ids=lambda file: str(file.relative_to(ROOT)))
def test_imports_point_inward(file):
    found = imports(ast.parse(file.read_text(encoding="utf-8")))
    parts = file.relative_to(ROOT).parts
    if parts[0] == "knowledge":
        assert not found & {"bot", *SHELL_ONLY}
    if parts[:2] == ("bot", "casework"):
        assert not found & SHELL_ONLY
    if parts[:2] != ("bot", "store"):
        assert not found & {"sqlite_utils", "sqlite3"}, "the store holds the only SQL"


def test_files_and_functions_stay_short_enough_to_read():
    lengths = []
    for file in SOURCES:
        text = file.read_text(encoding="utf-8")
        assert text.count("\n") <= 300, file
        nodes = ast.walk(ast.parse(text))
        functions = [node for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
        lengths += [(node.end_lineno - node.lineno + 1, f"{file.name}: {node.name}") for node in functions]
    lengths.sort()
    assert lengths[-1][0] <= 50, lengths[-1]
    assert lengths[len(lengths) // 2][0] <= 10
    assert lengths[int(len(lengths) * 0.95)][0] <= 30, lengths[-12:]
