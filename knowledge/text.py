"""Text as people type it, brought to a form that can be compared."""

import re
import unicodedata
from functools import lru_cache
from threading import Lock

import Stemmer

LONGEST_QUESTION = 1000
"""Characters of a question that are read: past this, more words only blur what is asked."""

_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'"})
_WORD = re.compile(r"[a-z0-9]+(?:'[a-z]+)?")
_MARKUP = re.compile(r"<[@#!][^<>]*>|<https?://[^<>]*>|https?://\S+|:[a-z0-9_+-]+:")
_STRETCHED = re.compile(r"([a-z])\1{2,}")

QUESTION_WORDS = frozenset(["what", "who", "whose", "when", "where", "why", "how"])
"""They tell "who does it apply to" from "when does it apply", but are no topic either."""

STOP_WORDS = frozenset(
    """a an the and or but if of to in on at by for with from as is are was were be been being am i me my we us our you
    your he him his she her hers it its they them their this that these those do does did doing done have has had
    having can could may might must shall should will would not no nor so than then there here which whom
    all any some such only own same too very just about into over under again once up down out
    off more most other each both few s t d ll m o re ve y get got getting go going ok okay yes still also please pls
    im ive id ill dont doesnt didnt isnt arent wasnt cant couldnt wont wouldnt shouldnt hasnt havent thats whats theres
    lets hi hello hey thanks ta um er well really quite bit like thing things one ones""".split()  # noqa: SIM905  (reads as words)
)
"""Words that carry no topic of their own; they count only as part of a phrase."""

FUNCTION_WORDS = STOP_WORDS | QUESTION_WORDS
"""Words that name nothing and nobody."""

_stemmer = Stemmer.Stemmer("english")
_one_at_a_time = Lock()  # a stemmer belongs to one thread at a time


def clean(text: str) -> str:
    """Drop control, zero-width and direction characters, Slack's markup and links; fold case, width and accents."""
    kept = text[: LONGEST_QUESTION * 10]
    if not (kept.isascii() and kept.isprintable()):
        folded = unicodedata.normalize("NFKD", kept).translate(_APOSTROPHES)
        kept = "".join([c if c.isspace() or unicodedata.category(c)[0] not in "CM" else "" for c in folded])
    return _STRETCHED.sub(r"\1\1", _MARKUP.sub(" ", kept.lower()))[:LONGEST_QUESTION]


def split(cleaned: str) -> list[str]:
    """The words of a text that is clean already, in order, apostrophes dropped: "i've" gives "ive"."""
    return [word.replace("'", "") for word in _WORD.findall(cleaned)]


def words(text: str) -> list[str]:
    """The words of a text as typed, in order, lower case, apostrophes dropped."""
    return split(clean(text))


@lru_cache(maxsize=16_384)
def stem(word: str) -> str:
    """The stem of one word: "photos" and "photo" give the same."""
    with _one_at_a_time:
        stemmed: str = _stemmer.stemWord(word)
    return stemmed


def content_stems(text: str) -> set[str]:
    """The stems of a text's words that carry a topic."""
    return {stem(word) for word in words(text) if word not in FUNCTION_WORDS}
