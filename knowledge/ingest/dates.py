"""Dates as schools print them, and the last day that each may mean: "Spring Term 2023" ends on 31 March 2023."""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

_MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name}
_MONTHS |= {name.lower(): number for number, name in enumerate(calendar.month_abbr) if name} | {"sept": 9}
_MONTH = "(?P<month>" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\.?"
_YEAR = r"(?P<year>(?:19|20)\d\d)(?!\d)"
_TERMS = {"spring": (3, 31), "lent": (3, 31), "summer": (7, 31), "trinity": (7, 31), "autumn": (12, 31)}
_TERMS |= {"michaelmas": (12, 31), "winter": (12, 31)}
_TERM_NUMBERS = {1: (10, 31), 2: (12, 31), 3: (2, 28), 4: (3, 31), 5: (5, 31), 6: (7, 31)}
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?<!\d)(?P<year>(?:19|20)\d\d)-(?P<monthnumber>\d{1,2})-(?P<day>\d{1,2})(?!\d)",
        r"(?<![\d.])(?P<day>\d{1,2})\s?[./-]\s?(?P<monthnumber>\d{1,2})\s?[./-]\s?(?P<year>\d{4}|\d\d)(?!\d)",
        rf"(?<!\d){_DAY}\s+(?:of\s+)?{_MONTH},?\s+{_YEAR}",
        rf"(?<!\d){_DAY}[\s-]{_MONTH}[\s-](?P<year>\d\d)(?!\d)",
        rf"\b{_MONTH}\s+{_DAY},?\s+{_YEAR}",
        rf"\b{_MONTH}[\s,-]*(?:of\s+)?{_YEAR}",
        rf"\b{_MONTH}[\s-]?['’]?(?P<year>\d\d)(?![\d/])",
        rf"\b(?P<term>{'|'.join(_TERMS)})(?:\s+term)?(?:\s+\d)?,?\s+{_YEAR}",
        rf"\bterm\s+(?P<termnumber>[1-6]),?\s+(?:of\s+)?{_YEAR}",
        r"(?<!\d)(?P<from>20\d\d)\s?[/–-]\s?(?P<until>(?:20)?\d\d)(?![\d/-])",
        rf"(?<![\d/.-]){_YEAR}(?![/.-]\d)",
    )
)


@dataclass(frozen=True, slots=True)
class Printed:
    """A date as it stands in the document, and the last day that it may mean."""

    text: str
    last_day: date


def find_dates(text: str) -> Iterator[Printed]:
    """The dates in a text, from left to right."""
    taken: list[tuple[int, int, Printed]] = []
    for pattern in _PATTERNS:
        for found in pattern.finditer(text):
            free = all(found.end() <= start or found.start() >= end for start, end, _ in taken)
            if free and (last_day := _last_day(found)):
                taken.append((found.start(), found.end(), Printed(found[0].strip(), last_day)))
    for _, _, printed in sorted(taken, key=lambda entry: entry[0]):
        yield printed


def _last_day(found: re.Match[str]) -> date | None:
    groups = found.groupdict()
    try:
        if groups.get("from"):
            until = int(groups["until"]) % 100
            return date(2000 + until, 8, 31) if until == (int(groups["from"]) + 1) % 100 else None
        year = int(groups["year"])
        year += 2000 if year < 100 else 0
        if term := groups.get("term"):
            return date(year, *_TERMS[term.lower()])
        if number := groups.get("termnumber"):
            return date(year, *_TERM_NUMBERS[int(number)])
        month = (
            int(groups["monthnumber"])
            if groups.get("monthnumber")
            else _MONTHS.get((groups.get("month") or "").lower())
        )
        if not month:
            return date(year, 12, 31)
        day = groups.get("day")
        return date(year, month, int(day) if day else calendar.monthrange(year, month)[1])
    except ValueError:
        return None  # "31.2.2023" is no day, so it is no date


def years_later(day: date, years: int) -> date:
    """The same day some years on; 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
