"""Nothing is lost, doubled or invented, whatever the document: tried with documents that nobody would write."""

import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.ingest import reading
from knowledge.ingest.accounting import count
from knowledge.ingest.cutting import cut
from knowledge.ingest.errors import LostError
from knowledge.ingest.outline_model import Draft, Outline
from knowledge.ingest.plain import read_plain
from knowledge.ingest.reading import digest
from knowledge.ingest.source import Line, Piece, Source, Stretch, Style
from knowledge.ingest.writing import written
from knowledge.policy_file import read_policy
from tests.knowledge.ingest.reading_files import FACTS

LABELS = [
    "",
    "1. ",
    "1.1 ",
    "2.1.",
    "4.10 ",
    "(a) ",
    "i. ",
    "IV ",
    "A.1 ",
    "• ",
    "- ",
    "o ",
    "\uf0b7 ",
    "Section 3: ",
    "1 ",
]
LABELS += [
    "Appendix A – ",
    "APPENDIX B",
    "∙ ∙ ",
    "24a. ",
    "2.0 ",
    "[1] ",
    "§ 4 ",
    "12",
    "3 1.0 ",
    "Part 2: ",
    "    1. ",
]
WORDS = [
    "Staff must:",
    "not post",
    "photographs.",
    "Contents",
    "Scope",
    "and",
    "1.2",
    "a • b",
    "Signed: ________",
    "[x]",
]
WORDS += [
    "Approved May 2024",
    "Next review: June 2026",
    "Version",
    "é",
    "\x0b",
    "x\u2028y",
    "# no",
    "Purpose ..... 3",
    "> y",
]
WORDS += ["Etc. and more", "Page 3 of 9", "use e-", "“Yes”", "---", "| a", "Introduction", "the end of it."]

texts = st.builds(
    lambda label, words: label + " ".join(words), st.sampled_from(LABELS), st.lists(st.sampled_from(WORDS), max_size=5)
)
lines = st.builds(
    Line,
    text=st.one_of(texts, st.text(max_size=30)),
    page=st.integers(0, 3),
    label=st.sampled_from(["", "", "", "1.", "1.1", "(b)", "Section 2:", "APPENDIX A", "iii", "?"]),
    list_id=st.sampled_from(["", "1"]),
    depth=st.integers(0, 2),
    bullet=st.booleans(),
    outline=st.sampled_from([0, 0, 0, 1, 2]),
    style=st.sampled_from([Style.BODY] * 8 + list(Style)),
    indent=st.sampled_from([0.0, 18.0, 36.0]),
    size=st.sampled_from([0.0, 11.0, 14.0]),
    bold=st.booleans(),
    blank_before=st.booleans(),
    full=st.booleans(),
    cell=st.one_of(st.none(), st.none(), st.tuples(st.integers(0, 1), st.integers(0, 2), st.integers(0, 2))),
)
sources = st.builds(lambda lines, wrapped: Source(tuple(lines), wrapped), st.lists(lines, max_size=25), st.booleans())


def letters(text: str) -> str:
    return "".join(text.split())


@settings(max_examples=400, deadline=None)
@given(sources)
def test_every_character_is_in_exactly_one_place(source):
    outline, _ = cut(source)
    counted = count(source.lines, outline)
    assert counted.proved, (counted, outline)
    assert counted.total == sum(len(letters(line.text)) for line in source.lines)


@settings(max_examples=200, deadline=None)
@given(sources)
def test_what_is_written_reads_back_clause_by_clause(tmp_path_factory, source):
    outline, facts = cut(source)
    drafts = [entry if isinstance(entry, Draft) else entry.own for entry in outline.order]
    drafts = [draft for draft in drafts if draft is not None]
    if not drafts:
        return
    file = tmp_path_factory.mktemp("policy") / "policy.md"
    facts.found.update({name: facts.found.get(name, value) for name, value in FACTS.items()})
    facts.next_review_by = datetime.date(2030, 5, 31)
    file.write_text(written(outline, facts), encoding="utf-8")
    policy = read_policy(file)
    assert [clause.ref for clause in policy.clauses] == [draft.ref for draft in drafts]
    for clause, draft in zip(policy.clauses, drafts, strict=True):
        assert letters(clause.text) == letters(draft.words.text or draft.label.text)
        assert bool(clause.lead_in) == (draft.above is not None)


@settings(max_examples=100, deadline=None)
@given(st.lists(texts.filter(lambda text: "|" not in text), max_size=30), st.sampled_from([".txt", ".md"]))
def test_a_file_of_text_is_all_there(tmp_path_factory, rows, ending):
    file = tmp_path_factory.mktemp("text") / f"source{ending}"
    file.write_text("\n".join(rows), encoding="utf-8")
    source = read_plain(file)
    assert sorted(letters("".join(line.text for line in source.lines))) == sorted(letters("".join(rows)))
    outline, _ = cut(source)
    assert count(source.lines, outline).proved


@pytest.mark.parametrize(
    ("left_out", "lost", "doubled"),
    [((), (0,), ()), ((Piece(0, 0, "Staff"), Piece(0, 0, "Staff")), (), (0,)), ((Piece(0, 0, "Pupil"),), (0,), ())],
    ids=["lost", "doubled", "invented"],
)
def test_the_count_sees_what_is_wrong(left_out, lost, doubled):
    outline = Outline((), tuple((Stretch((piece,)), "why") for piece in left_out))
    counted = count([Line("Staff")], outline)
    assert not counted.proved
    assert (counted.lost, counted.doubled) == (lost, doubled)


def test_nothing_is_handed_on_where_the_count_does_not_come_out(monkeypatch):
    source = Source((Line("1. Rules"), Line("1.1 Staff must ask.")))
    outline, facts = cut(source)
    short = Outline(outline.order[:-1], outline.left_out)
    monkeypatch.setattr(reading, "cut", lambda _: (short, facts))
    with pytest.raises(LostError, match="lines 1"):
        digest(source, {})


def test_a_document_without_words_is_refused():
    with pytest.raises(Exception, match="holds no words"):
        digest(Source((Line("  "),)), {})
