"""A phrasing put into a cards.yml: one line more, and not a character of the rest changed."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.errors import ContentError
from knowledge.library import SHIPPED
from knowledge.models import Card, Verdict
from knowledge.phrasing_file import Addition, bare_card, with_phrasing
from knowledge.proposals import Origin, Proposal, phrasing_of
from knowledge.yaml_file import parse, read

FILE = Path("cards.yml")
NEW = Addition("b", "Can I do it?", "chosen in use, 2026-09-01")

FILES = {
    "double": '- id: a\n  phrasings:\n    - "one"\n\n- id: b\n  phrasings:\n    - "two"  # y\n    - "three"\n- id: c\n',
    "single": "- id: b\n  phrasings:\n    - 'it''s two'\n    - 'three'\n  title: x\n",
    "plain": "- id: b\n  phrasings:\n  - two\n  - three\n  # a note below\n\n# another\n- id: c\n  phrasings:\n  - x\n",
    "folded": '- id: b\n  phrasings:\n    - "two\n      and more"\n    - plain words\n      in two\n\n\n- id: c\n',
    "block": "- id: b\n  phrasings:\n    - one\n    - >-\n      two words\n\n\n- id: c\n  phrasings:\n    - x\n",
    "block at the end": "- id: b\n  phrasings:\n    - |-\n      two",
    "block, then a comment": "- id: b\n  phrasings:\n    - |-\n      two\n  # a note\n  title: x\n",
    "no line break at the end": '- id: b\n  phrasings:\n    - "two"',
    "comment at the end": '- id: b\n  phrasings:\n    - "two" # last',
    "wide dash": '- id: b\n  phrasings:\n      -   "two"\n',
    "Windows": '- id: b\r\n  phrasings:\r\n    - "two"\r\n    - "three"\r\n- id: c\r\n',
    "odd characters": '- id: "ü😀"\n- id: b\n  phrasings:\n    - "😀 two é"\n- id: c\n',
}


def phrasings(text: str) -> dict[str, list[str]]:
    return {card["id"]: card.get("phrasings", []) for card in parse(FILE, text)}


def inserted(before: str, after: str) -> str:
    """What stands in `after` and not in `before`, which must be the same but for one piece."""
    start = next((n for n, pair in enumerate(zip(before, after, strict=False)) if pair[0] != pair[1]), len(before))
    length = len(after) - len(before)
    places = range(max(start - length, 0), start + 1)  # it may begin with what stands before it, too
    pieces = [after[at : at + length] for at in places if after[:at] + after[at + length :] == before]
    assert pieces, "something else was changed"
    return pieces[-1]


@pytest.mark.parametrize("text", FILES.values(), ids=FILES)
def test_the_phrasing_stands_last_in_its_card_and_nothing_else_changes(text):
    after = with_phrasing(text, NEW)
    assert phrasings(after) == {**phrasings(text), "b": [*phrasings(text)["b"], NEW.phrasing]}
    piece = inserted(text, after)
    assert piece.count("\n") == 1
    assert "# chosen in use, 2026-09-01" in piece


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("double", '    - "Can I do it?"  # chosen in use, 2026-09-01\n'),
        ("single", "    - 'Can I do it?'  # chosen in use, 2026-09-01\n"),
        ("plain", "  - Can I do it?  # chosen in use, 2026-09-01\n"),
        ("wide dash", '      -   "Can I do it?"  # chosen in use, 2026-09-01\n'),
        ("Windows", '    - "Can I do it?"  # chosen in use, 2026-09-01\r\n'),
    ],
)
def test_it_is_indented_and_quoted_as_its_neighbours_are(name, line):
    assert line in with_phrasing(FILES[name], NEW)


def test_one_after_another_keep_their_order():
    text = FILES["double"]
    for phrasing in ("four", "five", "six"):
        text = with_phrasing(text, NEW._replace(phrasing=phrasing))
    assert phrasings(text)["b"] == ["two", "three", "four", "five", "six"]


@settings(max_examples=300, deadline=None)
@given(said=st.text(min_size=1, max_size=60), name=st.sampled_from(sorted(FILES)))
def test_whatever_was_said_comes_back_as_it_was(said, name):
    phrasing = phrasing_of(said)
    if not phrasing:
        return
    after = with_phrasing(FILES[name], NEW._replace(phrasing=phrasing))
    assert phrasings(after)["b"] == [*phrasings(FILES[name])["b"], phrasing]
    inserted(FILES[name], after)


@pytest.mark.parametrize(
    "phrasing", ["no", "#work", "a: b", "a #b", "- x", "it's", 'say "x"', "a\\b", "yes:", "[x]", "*x"]
)
@pytest.mark.parametrize("name", ["double", "single", "plain"])
def test_what_yaml_would_read_differently_is_quoted(phrasing, name):
    assert phrasings(with_phrasing(FILES[name], NEW._replace(phrasing=phrasing)))["b"][-1] == phrasing


@pytest.mark.parametrize("organisation", ["cherry-trees", "mercian-trust"])
def test_every_card_that_ships_takes_a_phrasing(organisation):
    file = SHIPPED / organisation / "cards.yml"
    text = file.read_text(encoding="utf-8")
    for card in read(file, tuple[Card, ...], "")[::40]:
        after = with_phrasing(text, NEW._replace(card=card.id), file)
        assert inserted(text, after) == '    - "Can I do it?"  # chosen in use, 2026-09-01\n'


def test_a_list_on_one_line_is_refused_with_its_line_and_what_to_do():
    with pytest.raises(ContentError, match=r"cards\.yml:2: .*do not stand one a line.*Write each on a line"):
        with_phrasing("- id: b\n  phrasings: [one, two]\n", NEW)


def test_a_card_that_is_not_there_is_named():
    with pytest.raises(ContentError, match="There is no card 'zzz'"):
        with_phrasing(FILES["double"], NEW._replace(card="zzz"))


def test_a_text_whose_end_is_the_files_is_left_alone_since_a_line_more_would_change_it():
    with pytest.raises(ContentError, match=r"safely\. Add it by hand to 'b': Can I do it\?"):
        with_phrasing("- id: b\n  phrasings:\n    - |\n      two", NEW)


def test_a_comment_that_would_change_more_is_never_written():
    with pytest.raises(ContentError, match="cannot be put into this file safely"):
        with_phrasing(FILES["double"], NEW._replace(comment="x\n    - and this"))


def proposal(**more: object) -> Proposal:
    values = {
        "id": "0a1b2c3d",
        "organisation": "little-school",
        "phrasing": 'May we run the "choir" page?',
        "card": None,
        "title": None,
        "origin": Origin.DECIDED,
        "times": 1,
        "helped": 0,
        "day": date(2026, 9, 1),
    }
    return Proposal.model_validate(values | more)


def test_a_new_card_holds_what_was_said_and_no_more():
    shown = bare_card(proposal(verdict=Verdict.CONDITIONAL, refs=("8.3", "Appendix A para 1")), "decided by SLT")
    (card,) = parse(FILE, shown)
    assert card == {
        "id": "",
        "title": "",
        "verdict": "conditional",
        "summary": "",
        "refs": ["8.3", "Appendix A para 1"],
        "phrasings": ['May we run the "choir" page?'],
    }


def test_a_new_card_without_a_verdict_names_those_there_are():
    shown = bare_card(proposal(), "decided by SLT")
    assert parse(FILE, shown)[0]["verdict"] == ""
    assert "# no, yes, conditional, ask-first, must-report, information" in shown
