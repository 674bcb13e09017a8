"""From a source to its outline: what is left out, the front page, and the clauses with their refs."""

from collections.abc import Sequence

from knowledge.ingest.facts import Facts, is_fact, is_title, read_facts
from knowledge.ingest.forms import forms
from knowledge.ingest.furniture import furniture
from knowledge.ingest.headings import Headings, is_bullet, is_prose, is_title_style, labels_of
from knowledge.ingest.labels import Kind, Label
from knowledge.ingest.outline_model import Outline
from knowledge.ingest.outliner import Outliner
from knowledge.ingest.paragraphs import paragraphs
from knowledge.ingest.refs import give_refs
from knowledge.ingest.source import Paragraph, Source, Stretch, whole

FRONT = "the front page, read for its facts"


def cut(source: Source) -> tuple[Outline, Facts]:
    """Cut a source into clauses, and read the facts that it prints about itself."""
    left = furniture(source)
    form_lines = forms(source, left)
    joined, dropped = paragraphs(source, {**left, **form_lines})
    body = [paragraph for paragraph in joined if paragraph.words or paragraph.label]
    start = first_section(body)
    outliner = Outliner(body)
    front = _take_front(outliner, body[:start])
    for place in range(start, len(body)):
        outliner.take(place)
    give_refs(outliner.order)
    lines = [(whole(number, source.lines[number]), why) for number, why in {**left, **form_lines}.items()]
    everything = tuple(entry for entry in (*front, *dropped, *lines) if entry[0])
    facts = read_facts(
        source, [stretch for stretch, _ in front], len(source.lines) if start == len(body) else _line_of(body[start])
    )
    return Outline(tuple(outliner.order), everything, tuple(body)), facts


def _line_of(paragraph: Paragraph) -> int:
    return (paragraph.label or paragraph.words).pieces[0].line


def _take_front(outliner: Outliner, front: Sequence[Paragraph]) -> list[tuple[Stretch, str]]:
    """Sentences above the first section become clauses of the front page; titles, names and dates its facts."""
    left: list[tuple[Stretch, str]] = []
    in_list = False
    for paragraph in front:
        prose = is_prose(paragraph) and not is_fact(paragraph.text) and not is_title_style(paragraph)
        if (prose and not paragraph.cells) or (in_list and is_bullet(paragraph)):
            outliner.take_front(paragraph)
            in_list = True
        else:
            left.append((paragraph.label.joined(paragraph.words, ""), FRONT))
            in_list = False
    return left


def first_section(body: Sequence[Paragraph]) -> int:
    """The place of the paragraph that ends the front page."""
    headings = Headings.of(body)
    for place, paragraph in enumerate(body):
        if paragraph.cells or is_bullet(paragraph) or is_title_style(paragraph):
            continue
        labels = labels_of(paragraph)
        if labels and _begins(labels[0]):
            return place
        if (
            labels
            or (place == 0 and not paragraph.look.outline)
            or is_fact(paragraph.text)
            or not headings.is_heading(place)
        ):
            continue
        if _opens_text(body, place):
            return place
    return len(body) if any(map(labels_of, body)) else _first_prose(body)


def _begins(label: Label) -> bool:
    """Whether a label may be that of the first section; "b)" is none."""
    if label.kind is Kind.LETTER:
        return label.printed == "A"
    return label.sure or label.value == 1


def _opens_text(body: Sequence[Paragraph], place: int) -> bool:
    """Whether text follows a heading, rather than more of a title page."""
    following = body[place + 1] if place + 1 < len(body) else None
    if following is None or is_fact(following.text):
        return False
    if following.cells:
        return bool(body[place].look.outline) and not is_title(body[place].text)
    opens, styled = is_prose(following) or is_bullet(following), bool(body[place].look.outline)
    if is_title(body[place].text):
        return opens and styled and place > 0
    return opens or (styled and not is_title_style(following))


def _first_prose(body: Sequence[Paragraph]) -> int:
    return next((place for place, paragraph in enumerate(body) if is_prose(paragraph)), len(body))
