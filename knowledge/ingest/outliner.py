"""Cuts paragraphs into sections, clauses and lists: one logic, whatever the format."""

from collections.abc import Sequence
from dataclasses import replace

from knowledge.ingest.bullets import BulletDepths
from knowledge.ingest.headings import Headings, is_bullet, labels_of
from knowledge.ingest.labels import Kind, Label
from knowledge.ingest.numbering import NEW_LIST, NEW_SECTION, choose
from knowledge.ingest.outline_model import Draft, Place, Role
from knowledge.ingest.parents import chain, head_of_table, in_appendix, is_over, lead_for, parent_of, parent_of_heading
from knowledge.ingest.source import Paragraph, Stretch

_WEAK = 2.0  # a bare number with a lower score is taken for a word


class Outliner:
    """Takes paragraphs in reading order; `order` is what came of them."""

    def __init__(self, paragraphs: Sequence[Paragraph]) -> None:
        self.paragraphs = paragraphs
        self.headings = Headings.of(paragraphs)
        self.order: list[Draft | Place] = []
        self._stack: list[Place] = []
        self._bullets = BulletDepths()
        self._under: Place | None = None
        self._read_with: list[Draft] = []
        self._last_section: Place | None = None
        self._clauses_on_top = False
        self.front = Place(parent=None, fixed_ref="front page", section=True)

    def take(self, place: int) -> None:
        """Put the paragraph at a place where it belongs."""
        paragraph = self.paragraphs[place]
        if paragraph.cells:
            self._row(place)
        elif is_bullet(paragraph):
            self._bullet(paragraph)
        elif not self._labelled(place):
            if self.headings.is_heading(place):
                self._heading(paragraph)
            else:
                self._paragraph(_unlabelled(paragraph))

    def take_front(self, paragraph: Paragraph) -> None:
        """Take a sentence or a bullet that stands above the first section."""
        if not self._stack:
            self._open(self.front)
        if is_bullet(paragraph):
            self._bullet(paragraph)
        else:
            self._paragraph(_unlabelled(paragraph))

    # Places

    def _open(self, place: Place) -> None:
        self._bullets.clear()
        if place.parent is not None:
            place.parent.children.append(place)
        if place.section:
            self.order.append(place)
            self._under, self._read_with = place, []
        self._stack = [*chain(place.parent), place]

    def _own(self, place: Place, paragraph: Paragraph, label: Stretch, above: Draft | None) -> None:
        place.own = Draft(
            Role.OWN, place, paragraph.words, label, above=above, page=paragraph.look.page, full=paragraph.look.full
        )
        self._add(place.own)

    def _add(self, draft: Draft) -> None:
        """Add a draft; what it hangs from must still be open, with no heading or other clause between."""
        section = draft.place.nearest_section
        if section is not self._under:
            self._under, self._read_with = section, []
        if draft.above is not None and self._read_with[draft.above.depth :][:1] != [draft.above]:
            draft.above = None
            draft.doubts.append("It may belong to a list further up, and stands apart from it.")
        self._read_with[draft.depth :] = [draft]
        draft.place.drafts.append(draft)
        self.order.append(draft)

    # Labels

    def _labelled(self, place: int) -> bool:
        """Take a paragraph with a number or letter; False where it turns out to be a word."""
        labels = labels_of(self.paragraphs[place])
        if not labels:
            return False
        if labels[0].kind in {Kind.APPENDIX, Kind.PART}:
            self._part(self.paragraphs[place], labels[0])
        elif labels[0].kind is Kind.DOTTED:
            self._dotted(place, labels[0])
        else:
            return self._single(place, labels)
        return True

    def _part(self, paragraph: Paragraph, label: Label) -> None:
        part = self._section(None, paragraph, label)
        part.prefix = label.parts
        self._open(part)
        if label.kind is Kind.PART:
            self._last_section = part

    def _section(self, parent: Place | None, paragraph: Paragraph, label: Label | None) -> Place:
        return Place(
            parent=parent,
            number=label.printed if label else "",
            label=label,
            title=paragraph.words,
            heading_label=paragraph.label,
            look=paragraph.look,
            section=True,
            rank=self.headings.rank(paragraph),
        )

    def _dotted(self, place: int, label: Label) -> None:
        paragraph = self.paragraphs[place]
        top = label.parts[1:] == ("0",)
        prefix = label.parts[:1] if top else label.parts
        expected = top and bool(self._last_section)
        heading = self.headings.is_title_of_section(place, label, expected)
        parent = None if top else parent_of(self._numbered_stack(), prefix)
        if heading:
            section = self._section(parent, paragraph, label)
            section.prefix, section.composed = prefix, in_appendix(parent, prefix)
            self._open(section)
            if top:
                self._last_section = section
            return
        clause = Place(parent, label.printed, label, look=paragraph.look, prefix=prefix)
        clause.composed = in_appendix(parent, prefix)
        above = lead_for(parent)
        self._open(clause)
        self._own(clause, paragraph, paragraph.label, above)

    def _single(self, place: int, labels: Sequence[Label]) -> bool:
        paragraph = self.paragraphs[place]
        top = self._stack[0] if self._stack else None
        follows = bool(top and top.label and labels[0].value == top.value + 1 and labels[0].kind is top.label.kind)
        expected = follows and bool(top and top.section) and not self._clauses_on_top
        heading = self.headings.is_title_of_section(place, labels[0], expected)
        led_in = self._bullets.empty and bool(self._stack and self._stack[-1].last and self._stack[-1].last.leads)
        score, label, found = choose(labels, paragraph.look, self._numbered_stack(), heading, led_in)
        if not label.sure and score < _WEAK:
            return False
        self._begin(paragraph, label, found, heading)
        return True

    def _numbered_stack(self) -> list[Place]:
        """What a number may go on from: the front page begins no list."""
        return [] if self._stack[:1] == [self.front] else self._stack

    def _begin(self, paragraph: Paragraph, label: Label, found: int, heading: bool) -> None:
        """Open the place of a label that has no dots: a section, a clause of the top, or an item of a list."""
        before = self._stack[found] if found >= 0 else None
        parent = before.parent if before else None if found == NEW_SECTION else self._stack[-1]
        top = parent is None
        inside = _is_part(parent) or (before is not None and before.section)
        section = heading and (top or inside or bool(paragraph.look.outline))
        place = self._section(parent, paragraph, label) if section else Place(parent, look=paragraph.look)
        place.number, place.label, place.composed = label.printed, label, not top
        place.prefix = (
            label.parts
            if top or (section and _is_part(parent))
            else (*parent.prefix, label.printed)
            if parent and parent.prefix
            else ()
        )
        if before is not None and before.composed and before.value >= label.value == 1:
            place.count = before.value + 1
            place.doubts.append(f"The file prints {label.printed} for each of these: they were counted.")
        if section:
            self._open(place)
            if top:
                self._last_section = place
            return
        if top and before is not None:
            place.under, self._clauses_on_top = before.nearest_section, True
        above = self._above_item(place, paragraph, before, found == NEW_LIST)
        self._open(place)
        self._own(place, paragraph, paragraph.label, above)

    def _above_item(self, place: Place, paragraph: Paragraph, before: Place | None, new: bool) -> Draft | None:
        """What an item of a list must be read with: what its first item was read with, or the words that lead in."""
        if before is not None and before.own is not None:
            return before.own.above
        lead = place.parent.last if new and place.parent else None
        if lead is None and new and place.parent and not place.parent.drafts and place.parent.title.text.endswith(":"):
            lead = self._heading_as_clause(place.parent, paragraph)
        by_letter = place.label is not None and place.label.kind in {Kind.LETTER, Kind.ROMAN}
        return lead if lead is not None and (lead.leads or by_letter) else None

    # Headings without a number, paragraphs, bullets, rows

    def _heading(self, paragraph: Paragraph) -> None:
        parent = parent_of_heading(self._numbered_stack(), self.headings.rank(paragraph))
        self._open(self._section(parent, paragraph, None))

    def _paragraph(self, paragraph: Paragraph) -> None:
        if not self._stack:
            self._open(self.front)
        while len(self._stack) > 1 and is_over(self._stack[-1], paragraph):
            self._stack.pop()
        self._bullets.clear()
        place = self._stack[-1]
        draft = Draft(
            Role.PARAGRAPH, place, paragraph.words, paragraph.label, page=paragraph.look.page, full=paragraph.look.full
        )
        if not place.section and place.own is not None and not place.bullets and not paragraph.look.indent:
            draft.doubts.append(f"It has no number of its own, and was taken for a part of {place.number}.")
        self._add(draft)

    def _bullet(self, paragraph: Paragraph) -> None:
        if not self._stack:
            self._open(self.front)
        place = self._stack[-1]
        depth = self._bullets.depth(paragraph)
        parents = self._bullets.drafts
        place_of_lead = place.last or self._heading_as_clause(place, paragraph)
        above = parents[depth - 1] if depth else place_of_lead
        draft = Draft(
            Role.BULLET,
            place,
            paragraph.words,
            paragraph.label,
            above=above,
            page=paragraph.look.page,
            full=paragraph.look.full,
        )
        if depth:
            siblings = sum(1 for other in place.drafts if other.above is above and other.role is Role.BULLET)
            draft.path = (*parents[depth - 1].path, siblings + 1)
        else:
            place.bullets.append(len(place.bullets) + 1)
            draft.path = (len(place.bullets),)
            if len(place.bullets) == 1 and above is not None and above.closed:
                draft.doubts.append("A list without a lead-in: it was hung from the words above it.")
        self._bullets.drafts[depth:] = [draft]
        self._add(draft)

    def _heading_as_clause(self, place: Place, paragraph: Paragraph) -> Draft | None:
        """A heading with a list right below it leads into the list, and so becomes a clause."""
        if not place.section or not place.title:
            return None
        place.own = Draft(Role.OWN, place, place.title, page=paragraph.look.page, full=paragraph.look.full)
        place.drafts.append(place.own)
        if self._under is place and not self._read_with:
            self._read_with = [place.own]
        return place.own

    def _row(self, place: int) -> None:
        """A row of a table; the first row of a table with several is its heading."""
        paragraph = self.paragraphs[place]
        if not self._stack:
            self._open(self.front)
        where, cell = self._stack[-1], paragraph.look.cell or (0, 0, 0)
        below = self.paragraphs[place + 1].look.cell if place + 1 < len(self.paragraphs) else None
        first = cell[1] == 0 and below is not None and below[0] == cell[0] and len(paragraph.cells) > 1
        draft = Draft(
            Role.TABLE if first else Role.ROW,
            where,
            paragraph.words,
            page=paragraph.look.page,
            full=paragraph.look.full,
        )
        lead = where.last if where.last is not None and where.last.leads else None
        if first:
            where.tables += 1
            draft.path, draft.above = (where.tables,), lead
        else:
            where.rows += 1
            draft.path, draft.above = (where.rows,), head_of_table(where, cell[0]) or lead
        draft.table = cell[0]
        self._bullets.clear()
        self._add(draft)


def _is_part(place: Place | None) -> bool:
    """Whether numbers begin anew inside a place: a part, or an appendix."""
    return place is not None and place.label is not None and place.label.kind in {Kind.APPENDIX, Kind.PART}


def _unlabelled(paragraph: Paragraph) -> Paragraph:
    """Give back to the words what looked like a label and is none."""
    if not paragraph.label or is_bullet(paragraph):
        return paragraph
    return replace(paragraph, words=paragraph.label.joined(paragraph.words, ""), label=Stretch())
