"""What the outline is made of: places (sections, numbered clauses, items of lists) and drafts of clauses in them."""

from dataclasses import dataclass, field
from enum import StrEnum

from knowledge.ingest.labels import Label
from knowledge.ingest.source import NO_LINE, NOTHING, Line, Paragraph, Stretch


class Role(StrEnum):
    """What a draft is to its place."""

    OWN = "own"
    PARAGRAPH = "para"
    BULLET = "bullet"
    TABLE = "table"
    ROW = "row"


@dataclass(slots=True, eq=False)
class Draft:
    """A clause to be: its words, the label before them, and the draft that it must be read with."""

    role: Role
    place: "Place"
    words: Stretch
    label: Stretch = NOTHING
    path: tuple[int, ...] = ()
    above: "Draft | None" = None
    page: int = 0
    table: int = -1
    full: bool = False
    ref: str = ""
    doubts: list[str] = field(default_factory=list)

    @property
    def depth(self) -> int:
        """How many drafts stand above it."""
        return 0 if self.above is None else self.above.depth + 1

    @property
    def leads(self) -> bool:
        """Whether its words lead into a list."""
        return self.words.text.rstrip().endswith((":", ":-", "–", "—", "…"))

    @property
    def closed(self) -> bool:
        """Whether its words are a title or end as a sentence does, so that no list is expected after them."""
        text = self.words.text.rstrip("\"'”’)] ")
        title = self.role is Role.OWN and self.place.section and not self.leads
        return title or (text.endswith((".", "!", "?")) and not text.endswith(("i.e.", "e.g.", "etc.")))


@dataclass(slots=True, eq=False)
class Place:
    """Where clauses stand: the front page, a section, a numbered clause, an item of a list.

    `number` is what is printed ("8", "Section 3", "(a)"), `prefix` its parts for what is numbered below ("8" for 8.1).
    `composed` tells that it is cited with its parent ("8" and "1." are 8.1). `rank` orders headings, 1 the
    highest. `under` is the heading above a clause that belongs to no section by its number.
    """

    parent: "Place | None"
    number: str = ""
    label: Label | None = None
    title: Stretch = NOTHING
    heading_label: Stretch = NOTHING
    look: Line = NO_LINE
    section: bool = False
    composed: bool = False
    prefix: tuple[str, ...] = ()
    rank: int = 0
    count: int = 0
    ref: str = ""
    fixed_ref: str = ""
    under: "Place | None" = None
    own: Draft | None = None
    drafts: list[Draft] = field(default_factory=list)
    children: list["Place"] = field(default_factory=list)
    bullets: list[int] = field(default_factory=list)
    rows: int = 0
    tables: int = 0
    doubts: list[str] = field(default_factory=list)

    @property
    def value(self) -> int:
        """Its place in its own list: as printed, or as counted where every item prints the same number."""
        return self.count or (self.label.value if self.label else 0)

    @property
    def last(self) -> Draft | None:
        """The draft that a list in this place hangs from: the last that is no bullet and no row of a table."""
        return next((draft for draft in reversed(self.drafts) if draft.role in {Role.OWN, Role.PARAGRAPH}), None)

    @property
    def top(self) -> "Place":
        """The section that it stands in, the highest one."""
        place = self
        while place.parent is not None:
            place = place.parent
        return place

    @property
    def nearest_section(self) -> "Place | None":
        """The section that it is, or stands in."""
        place: Place | None = self
        while place is not None and not place.section:
            place = place.parent or place.under
        return place


@dataclass(frozen=True, slots=True)
class Outline:
    """A document cut up: what stands where, in reading order, and what no clause holds."""

    order: tuple["Draft | Place", ...]
    left_out: tuple[tuple[Stretch, str], ...]
    paragraphs: tuple[Paragraph, ...] = ()
