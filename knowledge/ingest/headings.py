"""Tells headings from clauses, by what the format knows (styles, size, bold) and by how they read."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.ingest.labels import Kind, Label, automatic, find
from knowledge.ingest.source import Paragraph, Style

_SENTENCE_END = re.compile(r"[.;!,][\"'”’)\]]*$|\b(?:and|or)$")
NO_HEADING = re.compile(r"^[\"'‘“]|^(?:signed|signature|date|name|version)\b|https?://|@", re.IGNORECASE)
_WORDS_OF_A_HEADING = 16
_FEW_WORDS = 8
_LARGER = 1.1  # times the body's size, or more, is the size of a heading
_BOLD, _PLAIN = 20, 21  # ranks below all styles and sizes


def labels_of(paragraph: Paragraph) -> tuple[Label, ...]:
    """The labels that a paragraph may have: counted by Word, or typed. Bullets are none."""
    if paragraph.look.label:
        return automatic(paragraph.look.label)
    if not paragraph.label or paragraph.cells:
        return ()
    found = find(paragraph.label.raw + paragraph.words.raw, in_heading=True) or find(paragraph.label.raw)
    return () if is_bullet(paragraph) else found


def is_bullet(paragraph: Paragraph) -> bool:
    """Whether a bullet stands before the words."""
    if paragraph.look.label:
        return False
    if paragraph.look.bullet:
        return True
    found = find(paragraph.label.raw) if paragraph.label else ()
    return bool(found) and found[0].kind is Kind.BULLET


def is_prose(paragraph: Paragraph) -> bool:
    """Whether it is a sentence rather than a title, a name or a date."""
    words = paragraph.text.split()
    return len(words) >= 5 and paragraph.text.rstrip("\"'”’)] ").endswith((".", "!", "?", ":", ";"))


def _is_sentence(paragraph: Paragraph) -> bool:
    return len(paragraph.text.split()) >= 3 and paragraph.text.rstrip("\"'”’)] ").endswith((".", "!", "?", ":", ";"))


@dataclass(frozen=True)
class Headings:
    """Judges the paragraphs of one document by the look of its body."""

    paragraphs: Sequence[Paragraph]
    size: float
    bold_body: bool
    sizes: tuple[int, ...] = ()
    """the sizes that are larger than the body's, in half points, the largest first"""

    @classmethod
    def of(cls, paragraphs: Sequence[Paragraph]) -> "Headings":
        """Learn how the body looks: the size and weight of most of its characters."""
        sizes: Counter[float] = Counter()
        bold = total = 0
        for paragraph in paragraphs:
            length = len(paragraph.text)
            sizes[round(paragraph.look.size, 1)] += length
            bold, total = bold + length * paragraph.look.bold, total + length
        body = sizes.most_common(1)[0][0] if sizes else 0.0
        larger = {round(size * 2) for size in sizes if body and size >= _LARGER * body}
        return cls(paragraphs, body, bold > total / 2, tuple(sorted(larger, reverse=True)))

    def rank(self, paragraph: Paragraph) -> int:
        """How high a heading stands: 1 is the highest."""
        if paragraph.look.outline:
            return paragraph.look.outline
        size = round(paragraph.look.size * 2)
        if size in self.sizes:
            return 1 + self.sizes.index(size)
        return _BOLD if self._is_strong(paragraph) or paragraph.text.isupper() else _PLAIN

    def stands_out(self, paragraph: Paragraph) -> bool:
        """Whether it looks other than the body: by style, size, weight or capitals."""
        capitals = paragraph.text.isupper() and sum(map(str.isalpha, paragraph.text)) > 3
        return bool(paragraph.look.outline) or self._is_strong(paragraph) or capitals

    def _is_strong(self, paragraph: Paragraph) -> bool:
        bold = paragraph.look.bold and not self.bold_body
        return bold or bool(self.size and paragraph.look.size >= _LARGER * self.size)

    def is_heading(self, place: int) -> bool:
        """Whether the paragraph at a place, which has no label, is a heading."""
        paragraph, text = self.paragraphs[place], self.paragraphs[place].text
        following = self._at(place + 1)
        if paragraph.cells or is_bullet(paragraph) or len(text.split()) > _WORDS_OF_A_HEADING or not text:
            return False
        if paragraph.look.outline:
            return not (len(text.split()) > 12 and text.endswith("."))
        if "\t" in paragraph.words.raw.strip():
            return False  # words with a wide gap between them are a table's row
        if text.endswith(":") or _SENTENCE_END.search(text[-20:]) or NO_HEADING.search(text) or following is None:
            return False
        if not (text[0].isupper() or text[0].isdigit()):
            return False
        return self.stands_out(paragraph) or self._reads_like_one(place)

    def _reads_like_one(self, place: int) -> bool:
        """A short title between sentences: "The Nolan Principles"."""
        paragraph, before, after = self.paragraphs[place], self._at(place - 1), self._at(place + 1)
        if len(paragraph.text.split()) > _FEW_WORDS or after is None or is_bullet(after) or not _is_sentence(after):
            return False
        if before is None or before.look.outline or labels_of(before):
            return bool(before) and not (before or paragraph).text.endswith(":") and not labels_of(after)
        return before.text.rstrip("\"'”’)] ").endswith((".", "!", "?")) or paragraph.look.blank_before

    def is_title_of_section(self, place: int, label: Label, expected: bool) -> bool:
        """Whether a labelled paragraph is a heading; `expected` tells that its number is that of the next section."""
        paragraph, text = self.paragraphs[place], self.paragraphs[place].text
        if label.kind in {Kind.APPENDIX, Kind.PART}:
            return True
        words = len(text.split())
        if not text or words > _WORDS_OF_A_HEADING or _SENTENCE_END.search(text[-20:]):
            return False
        if paragraph.look.outline or self._is_strong(paragraph):
            return True
        if text.endswith(":"):
            return expected and words <= 10
        return self._followed_like_one(place, label, words)

    def _followed_like_one(self, place: int, label: Label, words: int) -> bool:
        following = self._at(place + 1)
        if following is None or following.cells:
            return following is not None and words <= _FEW_WORDS
        if is_bullet(following):
            return len(label.parts) <= 1 and label.kind in {Kind.NUMBER, Kind.ROMAN} and words <= _FEW_WORDS
        below = labels_of(following)
        if not below:
            return words <= 10
        paragraph_indent = self.paragraphs[place].look.indent
        own = label.parts[:1] if label.parts[1:] == ("0",) else label.parts
        if len(below[0].parts) > len(own) and below[0].kind is Kind.DOTTED:
            return True
        deeper = following.look.indent > paragraph_indent + 4 or below[0].kind is not label.kind
        if deeper and below[0].kind not in {Kind.APPENDIX, Kind.PART} and below[0].value == 1 and words <= _FEW_WORDS:
            return True
        before = self._at(place - 1)
        listed = before is not None and bool(labels_of(before)) and not is_prose(before)
        return words <= 6 and is_prose(following) and not listed and self.paragraphs[place].text[0].isupper()

    def _at(self, place: int) -> Paragraph | None:
        return self.paragraphs[place] if 0 <= place < len(self.paragraphs) else None


def is_title_style(paragraph: Paragraph) -> bool:
    """Whether the file itself says that this is the document's title."""
    return paragraph.look.style is Style.TITLE
