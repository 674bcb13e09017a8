"""Reads what a document prints about itself: title, school, owner, when it was approved and is to be reviewed.

Nothing is made up: a fact that is not found is missing, and whoever brings the file is asked for it.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from knowledge.ingest.dates import find_dates, years_later
from knowledge.ingest.source import Source, Stretch, Style

_KEYS = {
    "next_review": r"(?:date\s+(?:to\s+be|for|of)\s+(?:next\s+)?review(?:ed)?|"
    r"next\s+(?:policy\s+)?review(?:\s+(?:date|due))?|(?:due|date\s+due)\s+for\s+review|"
    r"review\s+due(?:\s+(?:date|by))?|to\s+be\s+(?:next\s+)?reviewed(?:\s+(?:by|on))?|"
    r"(?:policy\s+)?renewal\s+date|review\s+by|date\s+of\s+next\s+review|next\s+reviewed)",
    "review_date": r"(?:policy\s+)?review\s+date",
    "reviewed": r"(?:date\s+)?(?:last\s+)?(?:reviewed|revised)(?:\s+(?:on|by(?:\s+the)?))?|date\s+of\s+last\s+review|"
    r"last\s+(?:review|updated?)(?:\s+date)?|date\s+(?:last\s+)?(?:updated|amended)|updated",
    "ratified": r"(?:policy\s+)?(?:date\s+)?(?:ratified|approved|agreed|authorised)(?:\s+on)?(?!\s*by)|"
    r"(?:policy\s+)?(?:ratification|approval)\s+date|date\s+of\s+(?:ratification|approval)|"
    r"(?:date\s+)?(?:approved|ratified|agreed)\s+by(?:\s+the)?(?:\s+(?:trust\s+board|board(?:\s+of\s+trustees)?|"
    r"(?:full\s+)?governing\s+(?:body|board)|governors|trustees|fgb))?",
    "adopted": r"(?:date\s+)?adopted(?:\s+on)?|adoption\s+date|date\s+of\s+(?:policy|issue|adoption)|"
    r"effective\s+(?:from|date)|"
    r"(?:date\s+)?issued|issue\s+date|policy\s+date|implementation\s+date",
    "owner": r"(?:policy\s+|document\s+)?owner|(?:policy|staff|slt)\s+lead|lead\s+(?:person|member\s+of\s+staff)|"
    r"(?:person|staff|committee|member\s+of\s+staff)\s+responsible(?:\s+(?:for\s+(?:the\s+|this\s+)?policy|in))?|"
    r"responsib(?:le|ility)(?:\s+(?:person|committee|officer|governor))?|committee",
    "author": r"(?:policy\s+)?author|(?:prepared|written|reviewed|produced|authorised)\s+by",
    "organisation": r"(?:name\s+of\s+)?(?:school|academy|trust|organisation)(?:\s+name)?",
    "title": r"(?:policy|document)\s+(?:title|name)|title",
    "cycle": r"(?:review\s+(?:cycle|period|frequency|schedule)|frequency(?:\s+of\s+review)?)",
}
_KEY = re.compile(
    r"(?:(?<=\s)|^)(?:"
    + "|".join(f"(?P<{name}>{pattern})" for name, pattern in _KEYS.items())
    + r")(?P<end>\s*[:|\t–-]\s*|\s+|$|(?=[A-Z]))",
    re.IGNORECASE,
)
_NEEDS_COLON = {"organisation", "title"}
_DATED = {"next_review", "review_date", "reviewed", "ratified", "adopted"}
_DOCUMENT = re.compile(r"\b(policy|policies|code of|guidance|handbook|procedures?|agreement|protocol)\b", re.IGNORECASE)
_SCHOOL = r"(?:School|Academy|Trust|College|Federation|Nursery|Academies|Schools)"
_SCHOOL_NAME = re.compile(
    rf"\b((?:[A-Z][\w’'&.-]*)(?:\s+(?:[A-Z][\w’'&.-]*|of|and|&)){{0,6}}\s+{_SCHOOL})\b(?!\s+(?:website|use|staff))"
)
_ANY_SCHOOL = re.compile(r"^(?:(?:The|Our|This|Your|Each|Every|Any|Model|Primary|Secondary|Whole|Home)\s+)+\w+$")
_OFFICE = re.compile(r"^(?:The\s+)?(?:Governing B\w|Board|Governors|Trustees|Head|Principal)[\w\s]*?\bof\s+")
_BODY_NAME = re.compile(
    r"^[^:]{3,60}\b(?:committee|governing (?:body|board)|board of (?:trustees|governors)|trust board)$", re.IGNORECASE
)
_EVERY = (
    (1, r"annual|yearly|every\s+(?:year|12\s+months)|each\s+year|once\s+a\s+year"),
    (2, r"bi-?ennial|two[\s-]yearly|every\s+(?:2|two|second|other)\s+years?|2\s+years|24\s+months|two\s+years"),
    (3, r"tri-?ennial|three[\s-]yearly|every\s+(?:3|three|third)\s+years?|3\s+years|three\s+years"),
)
REQUIRED = ("title", "organisation", "owner", "next_review", "next_review_by")


@dataclass(slots=True)
class Facts:
    """What was read, each as printed; `next_review_by` is the last day that the next review may mean."""

    found: dict[str, str] = field(default_factory=dict)
    next_review_by: date | None = None
    doubts: list[str] = field(default_factory=list)

    @property
    def missing(self) -> list[str]:
        """The facts that a policy must have and that were not found."""
        return [
            name for name in REQUIRED if not (self.next_review_by if name == "next_review_by" else self.found.get(name))
        ]

    def completed(self, filler: str) -> "Facts":
        """The same facts with what is missing filled in, so that the clauses can be read back before all is known."""
        found = {name: self.found.get(name) or filler for name in REQUIRED if name != "next_review_by"}
        return Facts({**self.found, **found}, self.next_review_by or date.max)


def is_fact(text: str) -> bool:
    """Whether a line tells when, by whom or by what name: "Approved by Governors: 3 May 2022"."""
    found = _KEY.match(text.strip())
    if not found or len(text.split()) > 25:
        return False
    ends = found["end"].strip() or len(text.split()) <= 8
    return bool(ends) and not (text.rstrip().endswith(".") and len(text.split()) > 12)


def is_title(text: str) -> bool:
    """Whether a line reads like the title of a document: "Staff Code of Conduct"."""
    return bool(_DOCUMENT.search(text))


def read_facts(source: Source, front: Sequence[Stretch], start: int) -> Facts:
    """Read the facts from the front page, headers, footers and the end; `start` is the line of the first section."""
    rows = list(_rows(source, start))
    facts = Facts()
    pairs = [pair for place in range(len(rows)) for pair in _pairs(rows, place)]
    for name, value in [*pairs, *_columns(source)]:
        if name == "unclear":
            facts.doubts.append(value)
        else:
            facts.found.setdefault(name, value)
    _settle_review(facts)
    if not facts.found.get("owner"):
        _owner(facts, rows)
    titles = [stretch.text for stretch in front if len(stretch.text.split()) <= 14]
    _name(facts, source, titles)
    facts.found = {name: value for name, value in facts.found.items() if value}
    return facts


def _rows(source: Source, start: int) -> Iterator[str]:
    """Lines that may hold facts, in order, a table's row as one: no table in the middle tells of the document."""
    end = len(source.lines) - 60
    seen: dict[tuple[int, int], list[str]] = {}
    for number, line in enumerate(source.lines):
        if line.cell and not start <= number < end:
            seen.setdefault(line.cell[:2], []).append(line.text.strip())
        elif line.cell:
            continue
        elif number < start or line.style is Style.RUNNING or (number >= len(source.lines) - 40 and is_fact(line.text)):
            if seen:
                yield from map("\t".join, seen.values())
                seen = {}
            yield line.text.strip()
    yield from map("\t".join, seen.values())


def _pairs(rows: Sequence[str], place: int) -> Iterator[tuple[str, str]]:
    """The facts that begin in a row: the words after each key, up to the next; or the rows below, where none follow."""
    row = rows[place]
    if len(row.split()) > 40:
        return
    keys = [found for found in _KEY.finditer(row) if found.start() == 0 or _can_begin(row, found)]
    for number, found in enumerate(keys):
        end = keys[number + 1].start() if number + 1 < len(keys) else len(row)
        value = row[found.end() : end].strip(" \t:|–-")
        name = found.lastgroup if found.lastgroup != "end" else next(key for key in _KEYS if found[key])
        if not value and number + 1 == len(keys) and found.start() == 0:
            value = _below(rows, place, name or "")
        if name not in _NEEDS_COLON or found["end"].strip(" "):
            yield from _checked(name or "", value, found[0])


def _can_begin(row: str, found: re.Match[str]) -> bool:
    """A key in the middle of a row is one where a colon ends it, or a date or tab stands before it."""
    before = row[: found.start()].rstrip(" ")
    return (
        found["end"].strip().startswith((":", "|"))
        or before.endswith(("\t", ":"))
        or bool(re.search(r"\d{4}$", before))
    )


def _below(rows: Sequence[str], place: int, name: str) -> str:
    for row in rows[place + 1 : place + 4]:
        if _KEY.match(row):
            break
        if name == "owner" and re.search(rf"\b{_SCHOOL}$", row):
            continue  # "Member of staff responsible in / Anytown School / A. N. Other"
        if name not in _DATED or any(find_dates(row)):
            return row
    return ""


def _checked(name: str, value: str, printed: str) -> Iterator[tuple[str, str]]:
    if name in _DATED:
        dates = list(find_dates(value))
        if dates:
            yield name, dates[0].text
        elif re.search(r"\d", value):
            yield "unclear", f"{printed.strip(' :')} prints “{value}”, which is no date."
        body = re.search(r"by\s+(?:the\s+)?(.+)", printed, re.IGNORECASE)
        who = _without_end(body[1]) if body else re.sub(r"(?<!\W)\W*\d.*$", "", value.split("\t")[0]).strip()
        if (
            name == "ratified"
            and who
            and not any(find_dates(who))
            and 1 < len(who.split()) < 8
            and "by" in printed.lower()
        ):
            yield "approver", who
    elif value and len(value) < 90 and not (name == "author" and any(find_dates(value))):
        yield name, re.split(r"\t|\s\|\s", value)[0].strip()


def _without_end(text: str) -> str:
    """A text without the marks and spaces at its end."""
    end = len(text)
    while end > 1 and not (text[end - 1].isalnum() or text[end - 1] == "_"):
        end -= 1
    return text[:end].strip()


def _columns(source: Source) -> Iterator[tuple[str, str]]:
    """Facts whose keys head the columns of a table; the lowest row is the newest."""
    tables: dict[int, dict[tuple[int, int], str]] = {}
    for line in source.lines:
        if line.cell:
            tables.setdefault(line.cell[0], {})[line.cell[1:]] = line.text.strip()
    for cells in tables.values():
        last = max(row for row, _ in cells)
        for (row, column), text in cells.items():
            key = _KEY.fullmatch(text) or _KEY.fullmatch(text.rstrip(":"))
            under = [cells.get((other, column), "") for other in range(row + 1, last + 1)]
            dates = [found for value in under for found in find_dates(value)]
            if (key or re.fullmatch(r"date", text, re.IGNORECASE)) and dates and (0, 1) in cells:
                name = next((name for name in _KEYS if key and key[name]), "reviewed")
                newest = max(dates, key=lambda found: found.last_day)
                yield ("reviewed" if name == "adopted" else name), newest.text


def _settle_review(facts: Facts) -> None:
    """A plain review date is the next review, unless that is printed beside it."""
    plain = facts.found.pop("review_date", "")
    if plain:
        facts.found.setdefault("reviewed" if facts.found.get("next_review") else "next_review", plain)
    cycle = facts.found.pop("cycle", "")
    for found in find_dates(facts.found.get("next_review", "")):
        facts.next_review_by = found.last_day
    if facts.next_review_by or not cycle:
        return
    years = next((years for years, pattern in _EVERY if re.search(pattern, cycle, re.IGNORECASE)), 0)
    dated = [day for name in ("ratified", "adopted", "reviewed") for day in find_dates(facts.found.get(name, ""))]
    if years and dated:
        newest = max(dated, key=lambda found: found.last_day)
        facts.found["next_review"] = cycle
        facts.next_review_by = years_later(newest.last_day, years)
        facts.doubts.append(f"The next review was worked out: {cycle}, counted from {newest.text}.")


def _owner(facts: Facts, rows: Sequence[str]) -> None:
    bodies = [row for row in rows[:40] if _BODY_NAME.match(row)]
    author, approver = facts.found.pop("author", ""), facts.found.pop("approver", "")
    owner = bodies[0] if bodies else approver or author
    if owner:
        facts.found["owner"] = owner
        facts.doubts.append(f"No owner is named: {owner} was taken, from the front page.")


def _name(facts: Facts, source: Source, titles: Sequence[str]) -> None:
    """Title and organisation: the lines of the front page that are neither facts nor sentences."""
    facts.found.pop("author", "")
    facts.found.pop("approver", "")
    plain = [text for text in titles if not is_fact(text)]
    named = [text for text in plain if _DOCUMENT.search(text)]
    short = [text for text in named if not re.search(rf"\b{_SCHOOL}\b", text)] or named or plain
    facts.found.setdefault("title", short[0] if short else "")
    if facts.found.get("organisation"):
        return
    schools = [text for text in plain if re.search(rf"\b{_SCHOOL}\b", text) and not _DOCUMENT.search(text)]
    if schools:
        facts.found["organisation"] = schools[0]
        return
    times = Counter(
        name
        for line in source.lines
        for found in _SCHOOL_NAME.finditer(line.text)
        for name in [_OFFICE.sub("", re.sub(r"\s+", " ", found[1]))]
        if not _ANY_SCHOOL.match(name)
    )
    if times:
        facts.found["organisation"] = times.most_common(1)[0][0]
        facts.doubts.append(f"The school's name, {facts.found['organisation']}, was taken from the text.")
