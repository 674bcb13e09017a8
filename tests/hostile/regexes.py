"""Every regular expression of the house, and strings made to make it slow.

The expressions are taken as they are compiled, by an ear on Python's own compiler in a process of its own: so those
that are built from words of the lexicon are among them. `python -m tests.hostile.regexes` prints each as JSON.
"""

import ast
import importlib
import json
import pkgutil
import re
import re._compiler as compiler  # type: ignore[import-not-found]
import re._constants as names  # type: ignore[import-not-found]
import re._parser as parser  # type: ignore[import-not-found]
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
METHODS = {"match", "fullmatch", "search", "sub", "findall", "finditer", "split", "compile", "subn"}
WAYS: dict[str, Callable[[re.Pattern, Any], object]] = {
    "match": lambda made, text: made.match(text),
    "fullmatch": lambda made, text: made.fullmatch(text),
    "search": lambda made, text: made.search(text),
    "sub": lambda made, text: sum(1 for _ in made.finditer(text)),
}
_ANY_WAY = ("match", "search", "sub")
SAME = {"finditer": "sub", "findall": "sub", "split": "sub", "subn": "sub", "compile": ""}


@dataclass(frozen=True)
class Expression:
    """A pattern, where it is compiled, and in which ways it is used."""

    pattern: str
    flags: int
    binary: bool
    file: str
    line: int
    ways: tuple[str, ...]

    @property
    def made(self) -> re.Pattern:
        return re.compile(self.pattern.encode("latin-1") if self.binary else self.pattern, self.flags)

    def __str__(self) -> str:
        return f"{self.file}:{self.line} {self.pattern[:60]!r}"


def collected() -> list[Expression]:
    """Every expression that bot and knowledge compile, while they are imported and while they work."""
    command = [sys.executable, "-m", "tests.hostile.regexes"]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout  # noqa: S603
    return [Expression(**{**one, "ways": tuple(one["ways"])}) for one in map(json.loads, told.splitlines())]


def unheard(heard: list[Expression]) -> tuple[list[Expression], list[str]]:
    """Calls for an expression that were not heard, being inside functions: as written, and those not written out."""
    spoken = {(one.file, one.line) for one in heard}
    written, dynamic = [], []
    for file, call in _calls():
        lines = range(call.lineno, (call.end_lineno or call.lineno) + 1)
        if any((file, line) in spoken for line in lines) or call.func.attr == "escape":
            continue
        first, way = call.args[0], SAME.get(call.func.attr, call.func.attr)
        if isinstance(first, ast.Constant):
            flags = int(re.IGNORECASE) if "IGNORECASE" in ast.unparse(call) else 0
            binary = isinstance(first.value, bytes)
            pattern, ways = first.value.decode("latin-1") if binary else first.value, (way,) if way else _ANY_WAY
            written.append(Expression(pattern, flags, binary, file, call.lineno, ways))
        else:
            dynamic.append(f"{file}: {ast.unparse(call)}")
    return written, dynamic


def _calls() -> Iterator[tuple[str, Any]]:
    """Every call of a function of `re` in bot and knowledge."""
    for file, tree in _trees():
        for node in ast.walk(tree):
            func = node.func if isinstance(node, ast.Call) else None
            called = func if isinstance(func, ast.Attribute) and func.attr in METHODS else None
            if called and isinstance(called.value, ast.Name) and called.value.id == "re":
                yield file, node


def _trees() -> Iterator[tuple[str, ast.AST]]:
    for package in ("bot", "knowledge"):
        for file in sorted((ROOT / package).rglob("*.py")):
            yield str(file.relative_to(ROOT)), ast.parse(file.read_text(encoding="utf-8"))


# ── the ear ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _listen() -> None:
    heard: dict[tuple[str, int, Any, int], None] = {}
    plain = compiler.compile

    def compile_(pattern: Any, flags: int = 0) -> Any:
        frame = sys._getframe(1)
        while Path(frame.f_code.co_filename).parent.name == "re":
            frame = frame.f_back  # type: ignore[assignment]
        ours = frame.f_code.co_filename.startswith((str(ROOT / "bot"), str(ROOT / "knowledge")))
        if ours and isinstance(pattern, str | bytes):
            file = str(Path(frame.f_code.co_filename).relative_to(ROOT))
            heard[file, frame.f_lineno, pattern, int(flags)] = None
        return plain(pattern, flags)

    compiler.compile = compile_
    _work()
    compiler.compile = plain
    for file, line, pattern, flags in heard:
        binary = isinstance(pattern, bytes)
        ways = _ways(file, line)
        as_text = pattern.decode("latin-1") if binary else pattern
        told = {"pattern": as_text, "flags": flags, "binary": binary, "file": file, "line": line, "ways": ways}
        print(json.dumps(told))


def _work() -> None:
    """Import everything, and let it do what compiles expressions on the way; those in functions are compiled here."""
    for package in ("bot", "knowledge"):
        for module in pkgutil.walk_packages([str(ROOT / package)], f"{package}."):
            if module.name not in {"bot.__main__", "knowledge.ingest.child"}:
                importlib.import_module(module.name)
    from bot.listeners import register
    from knowledge.librarian import Librarian
    from knowledge.library import SHIPPED, load
    from knowledge.models import Question
    from knowledge.personal_data import scrub
    from knowledge.wording import pieces

    librarian = Librarian(load(SHIPPED))
    for organisation in librarian.library.organisations:
        librarian.answer(Question(text="Mia Thompson in 9B wrote to me on insta", organisation=organisation))
    scrub("Mia Thompson in 9B, mia@example.org")
    _ingest()
    pieces("The School shall act.", "The Trust shall act.", (("Anytown School",), ("The Trust",)))
    register(Listens(), None)


class Listens:
    """Takes the table of listeners, as an app would."""

    def __getattr__(self, kind: str) -> Any:
        return lambda _: lambda _: None


def _ingest() -> None:
    """Cut a policy, as far as its facts are looked for."""
    from knowledge.ingest.reading import digest
    from knowledge.ingest.source import Line, Source

    front = ("Anytown School", "Social media policy", "Review cycle: annually", "Approved by the governors: May 2025")
    digest(Source(tuple(Line(text) for text in (*front, "1. Be kind.", "2. Be careful."))), {})


def _ways(file: str, line: int) -> list[str]:
    """How an expression is used: by the calls of the name that it is given in its module, else in any way."""
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    calls = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.lineno <= line <= (node.end_lineno or line)
    ]
    for node in calls:
        target = node.targets[0] if isinstance(node, ast.Assign) else node.target
        if isinstance(target, ast.Name) and node.col_offset == 0:
            text = "\n".join(one.read_text(encoding="utf-8") for one in (ROOT / file).parent.rglob("*.py"))
            used = set(re.findall(rf"\b{target.id}\.(\w+)\(", text)) & METHODS
            if used:
                return sorted({SAME.get(way, way) for way in used} & WAYS.keys())
    return list(_ANY_WAY)


# ── strings that make an expression slow ─────────────────────────────────────────────────────────────────────────────


def attacks(expression: Expression) -> Iterator[tuple[str, str, str]]:
    """Beginnings, what is repeated, and endings: made of the expression's own letters, one and two at a time."""
    tree = parser.parse(expression.pattern, expression.flags & ~re.UNICODE)
    letters = _letters(tree)
    pumps = [*letters, *(a + b for a in letters for b in letters if a != b)]
    starts = dict.fromkeys(["", *_beginnings(tree)])
    for start in starts:
        for pump in dict.fromkeys([*pumps, *_bodies(tree)]):
            for end in ("", "\x00"):
                yield start, pump, end


MOST_LETTERS = 9


def _letters(tree: Any) -> list[str]:
    """Letters that the expression's parts take; those that several parts take come first."""
    takes: dict[str, int] = {}
    for op, value in _parts(tree):
        for letter in _taken(op, value):
            takes[letter] = takes.get(letter, 0) + 1
    return sorted(takes, key=lambda letter: -takes[letter])[:MOST_LETTERS]


CATEGORY = {
    names.CATEGORY_DIGIT: "1",
    names.CATEGORY_SPACE: " \n",
    names.CATEGORY_WORD: "aA1_",
    names.CATEGORY_NOT_DIGIT: "a ",
    names.CATEGORY_NOT_SPACE: "aA1.",
    names.CATEGORY_NOT_WORD: " .-",
}
ANY = "aA1 .-_<@:/|"


def _taken(op: Any, value: Any) -> str:
    if op is names.LITERAL:
        return chr(value)
    if op is names.NOT_LITERAL or op is names.ANY:
        return ANY
    if op is not names.IN:
        return ""
    taken = ""
    for kind, what in value:
        if kind is names.NEGATE:
            bad = re.compile("[" + "".join(re.escape(letter) for letter in _taken(names.IN, value[1:])) + "]")
            return "".join(letter for letter in ANY if not bad.match(letter))
        taken += chr(what) if kind is names.LITERAL else ""
        taken += chr(what[0]) if kind is names.RANGE else ""
        taken += CATEGORY.get(what, "") if kind is names.CATEGORY else ""
    return taken


def _parts(tree: Any) -> Iterator[tuple[Any, Any]]:
    for op, value in tree:
        yield op, value
        for inner in _inner(op, value):
            yield from _parts(inner)


def _inner(op: Any, value: Any) -> list[Any]:
    if op in {names.MAX_REPEAT, names.MIN_REPEAT, names.POSSESSIVE_REPEAT}:
        return [value[2]]
    if op is names.SUBPATTERN:
        return [value[3]]
    if op is names.BRANCH:
        return list(value[1])
    if op in {names.ASSERT, names.ASSERT_NOT}:
        return [value[1]]
    return [value] if op is names.ATOMIC_GROUP else []


def _sample(tree: Any) -> str:
    """One string that the expression, or a part of it, takes: as short as it may be."""
    said = ""
    for op, value in tree:
        if op in {names.MAX_REPEAT, names.MIN_REPEAT, names.POSSESSIVE_REPEAT}:
            said += _sample(value[2]) * max(value[0], 0)
        elif op is names.BRANCH:
            said += min((_sample(one) for one in value[1]), key=len)
        elif op is names.SUBPATTERN:
            said += _sample(value[3])
        else:
            said += _taken(op, value)[:1]
    return said


def _beginnings(tree: Any) -> Iterator[str]:
    """What stands before each repetition at the top, and within its groups."""
    for place, (op, value) in enumerate(tree):
        if op in {names.MAX_REPEAT, names.MIN_REPEAT} and value[1] > 8:
            yield _sample(list(tree)[:place])
        if op is names.SUBPATTERN:
            before = _sample(list(tree)[:place])
            yield from (before + inner for inner in _beginnings(value[3]))


def _bodies(tree: Any) -> Iterator[str]:
    """What is repeated, as often as it may be in one go."""
    for op, value in _parts(tree):
        if op in {names.MAX_REPEAT, names.MIN_REPEAT} and (body := _sample(value[2])):
            yield body


class TooSlowError(Exception):
    """It did not end in time."""


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Python's own matcher looks for signals now and then: so what never ends can be ended."""

    def late(*_: object) -> None:
        raise TooSlowError

    before = signal.signal(signal.SIGPROF, late)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def spent(expression: Expression, way: str, attack: tuple[str, str, str], length: int, tries: int = 1) -> float:
    """Seconds of this thread that an attack of a length takes: the least of some tries. Raises TooSlowError."""
    start, pump, end = attack
    text: Any = (start + pump * (length // len(pump)))[:length] + end
    text = text.encode("latin-1", "replace") if expression.binary else text
    made, use, least = expression.made, WAYS[way], 1e9
    for _ in range(tries):
        began = time.thread_time()
        use(made, text)
        least = min(least, time.thread_time() - began)
    return least


if __name__ == "__main__":
    _listen()
