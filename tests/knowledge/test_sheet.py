"""Cards to a spreadsheet and back: nothing is lost, nothing is run, and a mistake says its row."""

import csv
import io
import tempfile
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from knowledge.cards_edit import differences, with_changes
from knowledge.cards_file import card_data, with_cards
from knowledge.errors import ContentError
from knowledge.models import Card, SchoolSetting, Verdict
from knowledge.sheet import BOM, COLUMNS, read_sheet, sheet
from knowledge.yaml_file import parse

ANYTHING = st.text(
    st.one_of(
        st.sampled_from("=+-@'\"\\;,\n\t#: {}[]|>%&*!?é’\u2028\x85"),
        st.characters(codec="utf-8", exclude_categories=("Cs", "Cn"), exclude_characters="\r\x00"),
    ),
    min_size=1,
    max_size=30,
).filter(str.strip)
SLUG = st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,8}){0,2}", fullmatch=True)
CARD = st.builds(
    Card,
    id=SLUG,
    title=ANYTHING,
    verdict=st.sampled_from(Verdict),
    summary=ANYTHING,
    refs=st.lists(ANYTHING, min_size=1, max_size=3).map(tuple),
    related=st.lists(SLUG, max_size=2).map(tuple),
    setting=st.lists(st.sampled_from(SchoolSetting), max_size=2).map(tuple),
    phrasings=st.lists(ANYTHING, min_size=1, max_size=4).map(tuple),
)
CARDS = st.lists(CARD, max_size=4, unique_by=lambda card: card.id).map(tuple)


def read(text: str) -> tuple[Card, ...]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "cards.csv"
        file.write_text(text, encoding="utf-8", newline="")
        return read_sheet(file)[0]


def card(**changes) -> Card:
    plain = {"id": "x", "title": "T", "verdict": Verdict.NO, "summary": "S.", "refs": ("1",), "phrasings": ("p", "q")}
    return Card(**{**plain, **changes})


@given(CARDS)
@example((card(phrasings=("=1+1", "'=1+1", "''=1", "'tis", "'", "''", "@x", "-", "+44")),))
@example((card(refs=("a; b", "c\\", "\\;d")),))
def test_out_and_back_is_the_same(cards):
    assert read(sheet(cards)) == cards


@given(CARDS)
def test_no_cell_is_a_formula(cards):
    for row in csv.reader(io.StringIO(sheet(cards).removeprefix(BOM), newline="")):
        assert not any(cell.startswith(tuple("=+-@\t\r＝＋－＠")) for cell in row)


@given(CARDS)
def test_written_as_yaml_cards_are_the_same(cards):
    assert (parse(Path("cards.yml"), with_cards("", cards)) or []) == [card_data(one) for one in cards]


@given(CARDS, CARDS)
def test_changed_in_the_file_cards_are_what_the_table_says(before, after):
    text = with_cards("", before) if before else ""
    changed = with_changes(text, before, after)
    later = {one.id: one for one in after}
    expected = [later.pop(one.id, one) for one in before] + list(later.values())
    assert [Card.model_validate(data) for data in parse(Path("cards.yml"), changed) or []] == expected


def test_a_spreadsheet_knows_that_it_is_utf8():
    assert sheet([]).encode("utf-8").startswith(b"\xef\xbb\xbfcard,title,")


@pytest.mark.parametrize("between", [";", "\t"])
def test_other_spreadsheets_put_other_signs_between_cells(between):
    text = io.StringIO()
    rows = csv.reader(io.StringIO(sheet([card(summary="One; two, three")]).removeprefix(BOM), newline=""))
    csv.writer(text, delimiter=between).writerows(rows)
    assert read(text.getvalue()) == (card(summary="One; two, three"),)


def test_rows_may_be_sorted_and_columns_moved():
    rows = list(csv.reader(io.StringIO(sheet([card(), card(id="y")]).removeprefix(BOM), newline="")))
    text = io.StringIO()
    csv.writer(text).writerows([row[::-1] for row in (rows[0], *rows[:0:-1])])
    assert {one.id: set(one.phrasings) for one in read(text.getvalue())} == {"x": {"p", "q"}, "y": {"p", "q"}}


HEAD = ",".join(COLUMNS) + "\n"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("title,card\n", "Row 1: column 'verdict' is missing."),
        ("", "Row 1: column 'card' is missing."),
        (HEAD + ",T,no,S,1,,,p\n", "Row 2: The row names no card."),
        (HEAD + "x,T,no,S,1,,,p\n\nx,U,,,,,,q\n", "Row 4: 'title' of 'x' is not what row 2 says."),
        (HEAD + "x,T,nope,S,1,,,p\n", "Row 2: 'verdict' of 'x': Input should be"),
        (HEAD + "x,T,no,S,1,,,\n", "Row 2: 'phrasing' of 'x': Tuple should have at least 1 item"),
        (HEAD + "x,T,no,,1,,,p\n", "Row 2: 'summary' of 'x': String should have at least 1 character"),
        (HEAD + "x,T,no,S,1;2;3;4,,,p\n", "Row 2: 'refs' of 'x': Tuple should have at most 3 items"),
        (HEAD + "y,T,no,S,1,,,p\nX y,T,no,S,1,,,p\n", "Row 3: 'card' of 'X y': String should match"),
        (HEAD + f"x,{'T' * 76},no,S,1,,,p\n", "Row 2: 'title' of 'x': String should have at most 75 characters"),
        (HEAD + "x,T,no,S,1,,,p,and more\n", "Row 2: there are cells beyond the last column."),
    ],
)
def test_a_mistake_says_its_row(text, says):
    with pytest.raises(ContentError) as caught:
        read(text)
    assert says in str(caught.value)


def test_every_mistake_is_told_at_once():
    with pytest.raises(ContentError) as caught:
        read(HEAD + "x,T,nope,S,1,,,p\ny,T,no,,1,,,p\n")
    assert [mistake.line for mistake in caught.value.mistakes] == [2, 3]


def test_a_file_of_another_encoding_is_refused(tmp_path):
    file = tmp_path / "cards.csv"
    file.write_bytes(HEAD.encode() + "x,Café,no,S,1,,,p\n".encode("cp1252"))
    with pytest.raises(ContentError, match="CSV UTF-8"):
        read_sheet(file)


FILE = """# Ours.
- id: one   # the first
  title: One
  verdict: "no"
  summary: >-
    Folded over
    two lines.
  refs: ["1.1"]  # the rule
  phrasings:
    - first  # chosen in use, 2026-05-01
    - 'second'
    # a comment of its own
    - third
- id: two
  title: Two
  verdict: yes
  summary: Two.
  refs: ["1.2"]
  phrasings: [a, b]
"""


def changed(**changes) -> str:
    before = tuple(Card.model_validate(data) for data in parse(Path("cards.yml"), FILE))
    data = {**card_data(before[0]), **changes}
    return with_changes(FILE, before, [Card.model_validate(data)])


def test_a_phrasing_more_is_a_line_more_and_nothing_else():
    assert changed(phrasings=["first", "second", "third", "fourth"]) == FILE.replace(
        "    - third\n", '    - third\n    - "fourth"\n'
    )


def test_a_phrasing_less_is_a_line_less_and_comments_of_others_stay():
    assert changed(phrasings=["first", "third"]) == FILE.replace("    - 'second'\n    # a comment of its own\n", "")


def test_another_summary_changes_the_summary_alone():
    assert changed(summary="New.") == FILE.replace(
        "  summary: >-\n    Folded over\n    two lines.\n", '  summary: "New."\n'
    )


def test_a_part_that_comes_or_goes_is_a_line():
    assert changed(related=["two"]) == FILE.replace("  phrasings:\n", '  related: ["two"]\n  phrasings:\n', 1)
    with_related = changed(related=["two"])
    before = tuple(Card.model_validate(data) for data in parse(Path("cards.yml"), with_related))
    assert with_changes(with_related, before, [before[0].model_copy(update={"related": ()})]) == FILE


def test_what_the_table_does_not_name_is_told_and_stays():
    before = tuple(Card.model_validate(data) for data in parse(Path("cards.yml"), FILE))
    assert differences(before, before[:1]) == ([], [], ["two"])
    assert with_changes(FILE, before, before[:1]) == FILE


FLOW = '- {id: one, title: One, verdict: "no", summary: S., refs: ["1.1"], phrasings: [a]}\n'


@pytest.mark.parametrize("change", [{"title": "New"}, {"phrasings": ("a", "b")}, {"related": ("one",)}])
def test_cards_written_in_a_manner_that_is_not_ours_are_left_to_a_person(change):
    before = tuple(Card.model_validate(data) for data in parse(Path("cards.yml"), FLOW))
    with pytest.raises(ContentError, match="cannot be made in this file safely"):
        with_changes(FLOW, before, [before[0].model_copy(update=change)])


def test_a_file_that_ends_before_its_end_takes_no_card():
    with pytest.raises(ContentError, match="cannot be put into this file safely"):
        with_cards(f"{FLOW}...\n", [card()])


def test_a_file_of_several_documents_is_left_to_a_person():
    before = tuple(Card.model_validate(data) for data in parse(Path("cards.yml"), FILE))
    for change in (lambda text: with_cards(text, [card()]), lambda text: with_changes(text, before, [card(id="one")])):
        with pytest.raises(ContentError, match="Take lines of '---' out"):
            change(f"{FILE}---\n")
