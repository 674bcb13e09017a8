"""Names, classes, handles, numbers and addresses in a typed text: found, or taken out.

`found_in` decides on a gentle word to the asker, so it speaks only when it is sure. `scrub` cleans a text that is kept
for some weeks, so it takes out whatever might name a person, and now and then a word too many.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from knowledge.lexicon import Lexicon
from knowledge.models import Text, Value
from knowledge.text import FUNCTION_WORDS
from knowledge.yaml_file import read

CONTENT = Path(__file__).parent / "content"

_WORD = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*")
_LOWER = re.compile(r"(?<![\w'’])[a-z]{2,}(?!\w)")
_BEFORE_START = " \t\"'“”‘’(–—-"
_ENDS = ".!?…:;\n\r"
_LOOK_BACK = 12
_SURNAME = re.compile(r"\s([A-Z][^\W\d_]+)")
_SHORT_FORM = re.compile(r"^[^a-z]+$|(?<![’'-])(?<!^Mc)(?<!^Mac)(?<!^)[A-Z]")
_MENTION = re.compile(r"<[@!#][^<>]*>")
_EMAIL = re.compile(r"<mailto:[^<>]*>|[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")
_LINK = re.compile(r"<?\b(?:https?://|www\.)[^\s<>]+>?", re.IGNORECASE)
_HANDLE = re.compile(r"(?<![\w<])@[\w.-]*\w|\b(?=\w*[^\W_])\w*[^\W_]_\w+|\b[^\W\d_]{2,}\d*\.[\w.]*\d\w*\b")
_NUMBERED = re.compile(r"\b[^\W\d_]{3,}\d{2,}[^\W_]*\b")
_PHONE = re.compile(r"(?<![\w£.,])(?:<tel:[^<>]*>|\+?\d(?:[\s().-]{0,2}\d){8,14})(?!\w)")
_NUMBER = re.compile(
    r"(?<![\w£])\+?\d(?:[\s().-]?\d){4,}|\b\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}\b|\b[A-Z]{2}\d{2}\s?[A-Z]{3}\b"
)
_POSTCODE = re.compile(r"\b(?:[A-Z]{1,2}\d[A-Z\d]?)\s*\d[A-Z]{2}\b", re.IGNORECASE)
_ROAD = r"(?:road|rd|street|avenue|ave|lane|close|drive|crescent|terrace|court|gardens|grove)"
_ADDRESS = re.compile(rf"\b\d{{1,4}}[a-z]?,?\s+(?:[^\W\d_]{{2,}}\s+){{1,2}}{_ROAD}\b", re.IGNORECASE)
_YEAR = r"(?:y(?:ea)?r?s?\s?)?(?:1[0-3]|[1-9])"
_CLASS = re.compile(
    rf"\b{_YEAR}/?(?!(?:am|pm|th|st|nd|rd|hrs?|yo|yrs?|ps|s|i|k|m|p)\b|[2-5]?(?<=[2-5])[gd]\b)[a-z]{{1,2}}\d?\b",
    re.IGNORECASE,
)
_SURE_CLASS = re.compile(
    r"\b(?:[Yy](?:ea)?r?\s?)?(?:1[0-3]|[1-9])(?:[A-CEFHJLN-RT-Z]|(?<![2-5])[DG]|[A-Z]{2}(?<!AM|PM|TH|ST|ND|RD))\d?\b"
    r"|\b[Yy]?(?:1[0-3]|[1-9])[abcefhrtwxyz]\b"
)
_TITLED = re.compile(rf"\b(?:mr|mrs|ms|miss|mx|dr|prof|professor)\b\.?\s+({_WORD.pattern})", re.IGNORECASE)
_ADDRESSED = re.compile(rf"\b(?:[Cc]oach|[Uu]ncle|[Aa]unti?e?y?|[Ss]ir|[Ff]ather|[Ss]ister)\s+({_WORD.pattern})")
_CALLED = re.compile(rf"\b(?:called|named|name is|name['’]s|nicknamed|surnamed?)\s+({_WORD.pattern})", re.IGNORECASE)
_KIN = (
    r"(?:mums?|mam|dads?|mother|father|nan|gran|grandad|step(?:dad|mum)|carer|sister|brother|parents?|family|uncle"
    r"|aunt|auntie|twin)"
)
_WHOSE = re.compile(rf"(?<![\w’'-])({_WORD.pattern})\s+{_KIN}\b", re.IGNORECASE)
_SUBJECT = re.compile(
    r"(?:^|[.!?…\n][^\S\n]*)([A-Z][^\W\d_]+)"
    r"(?:[’']s|\s+(?:has|is|was|keeps|just|added|messaged|sent|told|said|says|and|from))\b"
)
_TELLING = re.compile(r"[\d@_<]")
"""A character that every handle, number, address and class has: without one, none of their patterns need be tried."""
_ANY_CLASS = re.compile("class", re.IGNORECASE)
_ANY_KIN = re.compile(rf"\s{_KIN}\b", re.IGNORECASE)
_ANY_YEAR = re.compile(r"\d|reception|nursery", re.IGNORECASE)
_PLACED = re.compile(
    rf"(?<![\w’'-])({_WORD.pattern})\s+(?:in|from|of|\()\s*(?:my\s+)?(?:{_YEAR}[a-z]?\b|[Rr]eception\b|[Nn]ursery\b)",
    re.IGNORECASE,
)


class Names(Value):
    """The shape of names.yml."""

    first: tuple[Text, ...]
    ambiguous: tuple[Text, ...]
    capitals: tuple[Text, ...]
    surnames: tuple[Text, ...]
    classes: tuple[Text, ...]
    words: tuple[Text, ...]


@dataclass(frozen=True)
class _Known:
    first: frozenset[str]
    ambiguous: frozenset[str]
    capitals: frozenset[str]
    surnames: frozenset[str]
    ordinary: frozenset[str]
    class_names: re.Pattern[str]


@lru_cache(maxsize=1)
def _known() -> _Known:
    """The names and the ordinary words, read once: those of names.yml, of the lexicon, of cards and policies."""
    names = read(CONTENT / "names.yml", Names, "Names has first, ambiguous, capitals, surnames, classes, words.")
    lexicon = read(CONTENT / "lexicon.yml", Lexicon, "The lexicon has concepts, patterns and text_speak.")
    files = [file for file in CONTENT.rglob("*.*") if file.name != "names.yml" and file.suffix in {".yml", ".md"}]
    lower = {found[0] for file in files for found in _LOWER.finditer(file.read_text(encoding="utf-8"))}
    ordinary = {*names.words, *FUNCTION_WORDS, *lexicon.vocabulary, *lexicon.text_speak, *lower}
    classes = "|".join(names.classes)
    return _Known(
        frozenset(names.first),
        frozenset(names.ambiguous),
        frozenset(names.capitals),
        frozenset(names.surnames),
        frozenset(ordinary) - frozenset(names.first),
        re.compile(rf"\b(?:{classes})\s+class\b|\bclass\s+(?:{classes})\b", re.IGNORECASE),
    )


def _fold(word: str) -> str:
    """A word as it stands in names.yml: lower case, no accents, no apostrophe, no "'s"."""
    if word.isascii() and word.isalpha():
        return word.lower()
    plain = "".join(c for c in unicodedata.normalize("NFKD", word.lower()) if unicodedata.category(c)[0] != "M")
    return re.sub(r"[’'](?:s$|)", "", plain)


def _parts(word: str) -> list[str]:
    folded = _fold(word)
    return [part for part in folded.split("-") if part] if "-" in folded else [folded] if folded else []


def found_in(text: str) -> bool:
    """Whether a text names somebody, a class, a handle, a number or an address. Careful: false alarms annoy."""
    sure = (_EMAIL, _PHONE, _HANDLE, _ADDRESS, _POSTCODE, _SURE_CLASS)
    if _TELLING.search(text) and any(pattern.search(text) for pattern in sure):
        return True
    if _ANY_CLASS.search(text) and _known().class_names.search(text):
        return True
    return any(True for _ in _named(text, sure=True))


def scrub(text: str) -> str:
    """The text with names, classes, handles, numbers, addresses, links replaced by words in brackets. Never raises."""
    for pattern, mark in (
        (_MENTION, "[handle]"),
        (_EMAIL, "[e-mail]"),
        (_LINK, "[link]"),
        (_HANDLE, "[handle]"),
        (_ADDRESS, "[address]"),
        (_POSTCODE, "[address]"),
    ):
        text = pattern.sub(mark, text)
    text = _cut(text, (*_named(text, sure=False), *_at(text, _SUBJECT, _may_begin)), "[name]")
    for pattern, mark in ((_PHONE, "[number]"), (_NUMBER, "[number]")):
        text = pattern.sub(mark, text)
    text = _known().class_names.sub("[class]", text)
    text = _CLASS.sub("[class]", text)
    return _NUMBERED.sub(_unless_ordinary, text)


def _unless_ordinary(found: re.Match[str]) -> str:
    word = _WORD.match(found[0])
    return found[0] if word and (_fold(word[0]) in _known().ordinary or len(found[0]) < 6) else "[handle]"


def _cut(text: str, spans: Iterable[tuple[int, int]], mark: str) -> str:
    """The text with spans replaced by a mark; neighbours ("Mia Thompson") become one."""
    joined: list[list[int]] = []
    for start, end in sorted(set(spans)):
        if joined and (start <= joined[-1][1] or not text[joined[-1][1] : start].strip()):
            joined[-1][1] = max(end, joined[-1][1])
        else:
            joined.append([start, end])
    for start, end in reversed(joined):
        text = text[:start] + mark + text[end:]
    return text


def _named(text: str, *, sure: bool) -> Iterable[tuple[int, int]]:
    """Where names stand, without a possessive ending. `sure` leaves out what is only likely."""
    yield from _by_place(text, sure=sure)
    before: tuple[int, bool] = (-1, False)
    for found in _WORD.finditer(text):
        after_name = before[1] and text[before[0] : found.start()] in {" ", "-"}
        if _is_name(found, text, after_name=after_name, sure=sure):
            yield found.start(), found.start() + _own_length(found[0])
            before = (found.end(), True)
        else:
            before = (found.end(), False)


def _own_length(word: str) -> int:
    return len(re.sub(r"[’']s$", "", word))


def _is_name(found: re.Match[str], text: str, *, after_name: bool, sure: bool) -> bool:
    known, word = _known(), found[0]
    if word.isascii() and word.isalpha() and word.islower():  # as most are
        return word in known.first
    parts = _parts(word)
    if not known.first.isdisjoint(parts):
        return True
    if not word[0].isupper() or not parts:
        return False
    if after_name and any(part in known.surnames for part in parts):
        return True
    surname = _SURNAME.match(text, found.end())
    if surname and set(parts) & known.ambiguous and _fold(surname[1]) in known.surnames:
        return True
    if _begins(text, found.start()) or _SHORT_FORM.search(word):
        return False
    if any(part in known.ambiguous for part in parts) and not set(parts) & known.capitals:
        return True
    return not sure and not any(part in known.ordinary or part.removesuffix("s") in known.ordinary for part in parts)


def _begins(text: str, place: int) -> bool:
    """Whether a sentence begins at a place, as far as the characters before it show."""
    before = text[max(0, place - _LOOK_BACK) : place].rstrip(_BEFORE_START)
    return before[-1] in _ENDS if before else place <= _LOOK_BACK


def _by_place(text: str, *, sure: bool) -> Iterable[tuple[int, int]]:
    """Names known by where they stand: "Mrs Khan", "called Tia", "mia's mum", "Jay in 9F"."""
    for needed, pattern, fits in _PLACES:
        if needed and not needed.search(text):
            continue
        for start, end in _at(text, pattern, fits):
            word = text[start:end]
            if not sure or word[0].isupper() or set(_parts(word)) & (_known().ambiguous | _known().first):
                yield start, end


def _at(text: str, pattern: re.Pattern[str], fits: Callable[[str], bool]) -> Iterable[tuple[int, int]]:
    for found in pattern.finditer(text):
        if fits(found[1]):
            yield found.start(1), found.start(1) + _own_length(found[1])


def _may_follow_title(word: str) -> bool:
    known = _known()
    if word[0].isupper() and not (word.isupper() and len(word) > 1):
        plain = _fold(word)
        return plain not in FUNCTION_WORDS and (plain not in known.ordinary or plain in known.surnames)
    parts = set(_parts(word))
    return bool(parts & (known.surnames | known.ambiguous)) or not parts & known.ordinary


def _may_be_called(word: str) -> bool:
    known, parts = _known(), set(_parts(word))
    return bool(parts) and not any(part in known.ordinary and part not in known.ambiguous for part in parts)


def _may_begin(word: str) -> bool:
    return _may_be_called(word) and not set(_parts(word)) & _known().ambiguous


def _may_stand_in_class(word: str) -> bool:
    return _may_be_called(word) and (word[0].isupper() or bool(set(_parts(word)) & _known().ambiguous))


def _may_own(word: str) -> bool:
    """Whether it stands as an owner: "Mia's mum", "mias mum"."""
    if re.search(r"[’']s$", word):
        return _may_be_called(word)
    return word.endswith("s") and _fold(word)[:-1] in _known().first


_PLACES: tuple[tuple[re.Pattern[str] | None, re.Pattern[str], Callable[[str], bool]], ...] = (
    (None, _TITLED, _may_follow_title),
    (None, _ADDRESSED, _may_stand_in_class),
    (None, _CALLED, _may_be_called),
    (_ANY_KIN, _WHOSE, _may_own),
    (_ANY_YEAR, _PLACED, _may_stand_in_class),
)
"""What a text must have, or the pattern need not be tried; the pattern; and whether what it finds may be a name."""
