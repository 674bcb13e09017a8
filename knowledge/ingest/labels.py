"""The numbers, letters and bullets that stand before a clause or a heading, in every style that schools use."""

import re
from dataclasses import dataclass, replace
from enum import StrEnum

from knowledge.ingest.word_numbers import letter, roman


class Kind(StrEnum):
    """The family of a label."""

    DOTTED = "dotted"
    NUMBER = "number"
    LETTER = "letter"
    ROMAN = "roman"
    PART = "part"
    APPENDIX = "appendix"
    BULLET = "bullet"


@dataclass(frozen=True, slots=True)
class Label:
    """A label: its family, how it is cited, its place in its list (1 first), the characters it takes up.

    `closed` tells one style of list from another: "(a)", "a)" and "a." do not continue each other. `sure` is False
    where the same characters may well begin a sentence ("5 days").
    """

    kind: Kind
    printed: str
    value: int
    length: int
    closed: str = ""
    sure: bool = True
    parts: tuple[str, ...] = ()


_GLYPHS = "•●○◦▪■□◆◇➢➤►▶✓✔❖∙·‣⁃▫⮚–—*-"
_END = r"(?:[ \t\u00a0]+|$)"
_BULLET = re.compile(rf"\s*(?:[•●○◦▪■□◆◇➢➤►▶✓✔❖∙·‣⁃▫⮚\uf000-\uf0ff][ \t\u00a0]*|(?:[-–—*]|o){_END})+")
INLINE_BULLET = re.compile(r"(?<=[\s\u00a0])(?:[•●○◦▪■◆➢➤►✓✔❖∙‣⁃▫⮚\uf000-\uf0ff][ \t\u00a0]+)+")
"""a bullet in the middle of a line, where a list has run together"""
_DASH = r"[ \t\u00a0]*[:–—-]"
_DOTTED = re.compile(
    rf"\s*§?[ ]?(?P<open>\(?)(?P<parts>(?:\d{{1,3}}|[A-Z]{{1,2}})(?:\.\d{{1,3}}[a-z]?)+)(?!\d)(?P<close>[.)]?)"
    rf"(?:{_DASH}(?=\s)|:)?(?:[ \t\u00a0]+|$|(?=[A-Z‘“'\"(]))"
)
_NUMBER = re.compile(
    rf"\s*§?(?P<open>[(\[]?)(?P<value>\d{{1,3}})(?P<letter>[a-z]?)(?:(?P<close>[.)\]]\)?){_DASH}?|(?P<dash>{_DASH})(?=\s))"
    rf"(?:[ \t\u00a0]+|$|(?=[A-Z‘“]))"
)
_BARE_NUMBER = re.compile(r"\s*(?P<value>\d{1,3})(?P<letter>[a-z]?)(?:[ \t\u00a0]+(?=[A-Z‘“])|$)")
_LETTER = re.compile(
    rf"\s*(?P<open>[(\[]?)(?P<letters>[a-z]{{1,6}}|[A-Z]{{1,6}})(?P<close>[.)\]])(?:{_END}|(?=[A-Z][a-z]))(?![A-Z]\. )"
)
_BARE_ROMAN = re.compile(r"\s*(?P<letters>[IVX]{1,5})(?:[ \t\u00a0]*[:–—-][ \t\u00a0]+|[ \t\u00a0]+(?=[A-Z][a-z])|$)")
_PART = re.compile(
    r"\s*(?P<word>section|part|chapter|article|clause|principle|rule|standard|schedule)[ \t\u00a0]+"
    r"(?P<value>\d{1,3}(?:\.\d{1,3})*|[A-Z]|[IVX]{1,5})(?![\w.])(?P<close>[ \t\u00a0]*[:.–—)-]*)",
    re.IGNORECASE,
)
_APPENDIX = re.compile(
    r"\s*(?P<word>appendix|annexe?|schedule|addendum)"
    r"(?:[ \t\u00a0]+(?P<value>\d{1,2}(?=[A-Z]|\b)|[A-Z]\b|[IVX]{1,4}\b))?"
    r"(?P<close>[ \t\u00a0]*[:.–—)-]*)",
    re.IGNORECASE,
)
_ROMAN_VALUES = {roman(count): count for count in range(1, 40)}
_LETTER_VALUES = {letter(count): count for count in range(1, 53)}


def find(text: str, in_heading: bool = False) -> tuple[Label, ...]:
    """The labels that a text may begin with, likeliest first; none where it begins with words.

    `in_heading` admits what a number without a full stop may mean in a heading ("III Context").
    """
    if found := _BULLET.match(text):
        if (inside := _DOTTED.match(text, found.end())) and len(inside["parts"]) > 2:
            return (_dotted(inside),)  # a converter has put a bullet before the number
        return (Label(Kind.BULLET, found[0].strip(), 0, found.end(), closed=found[0].strip()[-1:]),)
    named = _named(text)
    if named:
        return (named,)
    if found := _DOTTED.match(text):
        return (_dotted(found),)
    return (*_numbers(text), *_letters(text, in_heading))


def _dotted(found: re.Match[str]) -> Label:
    parts = tuple(found["parts"].split("."))
    value = int(re.sub(r"\D", "", parts[-1]) or 0)
    return Label(Kind.DOTTED, found["parts"], value, found.end(), found["close"], parts=parts)


def _numbers(text: str) -> tuple[Label, ...]:
    found, sure = _NUMBER.match(text), True
    if not found:
        found, sure = _BARE_NUMBER.match(text), False
    if not found or int(found["value"]) == 0:
        return ()
    groups = found.groupdict()
    closed = (groups.get("open") or "") + "#" + (groups.get("close") or ("-" if groups.get("dash") else ""))
    printed = found["value"] + found["letter"]
    return (Label(Kind.NUMBER, printed, int(found["value"]), found.end(), closed, sure, parts=(printed,)),)


def _letters(text: str, in_heading: bool) -> tuple[Label, ...]:
    found, sure = _LETTER.match(text), True
    if not found:
        found, sure = _BARE_ROMAN.match(text), False
    if not found or (not sure and not in_heading and len(found["letters"]) < 2):
        return ()
    groups = found.groupdict()
    letters, small = found["letters"], found["letters"].lower()
    closed = (groups.get("open") or "") + ("a" if letters == small else "A") + (groups.get("close") or "")
    labels = []
    if sure and small in _LETTER_VALUES:
        labels.append(Label(Kind.LETTER, letters, _LETTER_VALUES[small], found.end(), closed, parts=(letters,)))
    if small in _ROMAN_VALUES:
        labels.append(Label(Kind.ROMAN, letters, _ROMAN_VALUES[small], found.end(), closed, sure, parts=(letters,)))
    if len(labels) == 2 and small in {"i", "v", "x"}:
        labels.reverse()
    return tuple(labels)


def _named(text: str) -> Label | None:
    """`Section 3:` and `Appendix A:`, where a title or nothing follows; not `Appendix A of this policy`."""
    if (found := _APPENDIX.match(text)) and _titled(text, found):
        value = found["value"] or ""
        printed = f"{found['word'].capitalize()} {value}".strip()
        return Label(Kind.APPENDIX, printed, _count(value), found.end(), parts=(value,))
    if (found := _PART.match(text)) and _titled(text, found):
        value = found["value"]
        parts = tuple(value.split("."))
        return Label(Kind.PART, f"{found['word'].capitalize()} {value}", _count(parts[-1]), found.end(), parts=parts)
    return None


def _titled(text: str, found: re.Match[str]) -> bool:
    rest = text[found.end() :].strip()
    if not rest:
        return True
    closed = bool(found["close"].strip())
    if not found["value"]:
        return closed and len(rest) < 100
    sentence = rest[0].islower() or (len(rest) > 120 and not closed)
    return not sentence and (closed or len(rest.split()) <= 16)


def _count(value: str) -> int:
    if value.isdigit():
        return int(value)
    return _LETTER_VALUES.get(value.lower()) or _ROMAN_VALUES.get(value.lower()) or 0


def automatic(text: str) -> tuple[Label, ...]:
    """The labels that a number from Word's own lists may be; it is a label for certain."""
    labels = find(text + " ", in_heading=True)
    if not labels and text.strip():
        bare = text.strip().strip("()[].:;–—- ")
        return (Label(Kind.NUMBER, bare or text.strip(), 0, len(text), parts=(bare,)),)
    return tuple(replace(label, length=len(text), sure=True) for label in labels)
