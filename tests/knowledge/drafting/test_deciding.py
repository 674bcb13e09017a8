"""What a person accepts comes into cards.yml, valid, and with not a character of the rest changed."""

import json

import pytest

from knowledge.cards_file import card_data, quoted, with_cards
from knowledge.drafting.deciding import (
    NAME,
    Accepted,
    Decisions,
    accept,
    pending,
    read_decided,
    read_decisions,
    refuse_stale,
)
from knowledge.errors import ContentError
from knowledge.library import load
from knowledge.models import Card, Verdict
from knowledge.readings import mark_of_refs
from tests.knowledge.policies import CARDS


def vale(content):
    return load(content).organisation("vale")


def waiting(content):
    library = load(content)
    return pending(library.organisation("vale"), library.organisations.values(), read_decided(content / "vale"))


def filled(draft, **changes) -> Card:
    said = {"verdict": Verdict.NO, "summary": 'No: "never", it says.', "phrasings": draft.phrasings or ("bees?",)}
    return Card(**{"id": draft.id, "title": draft.title, "refs": draft.refs, **said, **changes})


def accepted(content, draft, **changes) -> Accepted:
    card = filled(draft, **changes)
    return Accepted(key=draft.key, clauses=mark_of_refs(card.refs, vale(content)), card=card)


def decide(content, *cards: Accepted, skipped: tuple[str, ...] = ()) -> None:
    accept(content, Decisions(organisation="vale", accepted=cards, skipped=skipped))


def test_accepted_cards_answer_and_the_others_wait(content):
    one, two, three, four = waiting(content)
    decide(content, accepted(content, one), accepted(content, four), skipped=(three.key,))
    whose = vale(content)
    assert [card_data(card) for card in whose.cards] == [card_data(filled(one)), card_data(filled(four))]
    assert [draft.key for draft in waiting(content)] == [two.key, "4.2"]
    assert read_decided(content / "vale") == {one.key: one.id, four.key: four.id, three.key: "-"}


def test_what_stands_in_the_file_stays_as_it_is(content):
    file = content / "vale" / "cards.yml"
    own = '# Ours.\n- id: bees   # kept by Mr Holt\n  title: Bees\n  verdict: "yes"\n  summary: Yes.\n  refs: ["4.3"]\n'
    own += "  phrasings:\n    - bees?  # asked in May\n"
    file.write_text(own, encoding="utf-8")
    decide(content, accepted(content, waiting(content)[0]))
    assert file.read_text(encoding="utf-8").startswith(own)
    assert len(vale(content).cards) == 2


@pytest.mark.parametrize("before", ["", "# none yet\n", "# none yet\n[]\n", "[]", "[]\r\n"])
def test_a_file_without_cards_takes_them_too(content, before):
    file = content / "vale" / "cards.yml"
    file.write_text(before, encoding="utf-8", newline="")
    decide(content, accepted(content, waiting(content)[0]))
    assert len(vale(content).cards) == 1
    assert file.read_text(encoding="utf-8").startswith(before.split("[")[0])


def test_a_card_that_is_wrong_is_not_written(content):
    before = waiting(content)
    with pytest.raises(ContentError, match=r"no clause '9\.9'"):
        decide(content, accepted(content, before[0], refs=("9.9",)))
    assert not (content / "vale" / "cards.yml").exists()
    assert not (content / "vale" / NAME).exists()
    with pytest.raises(ContentError, match="stands 2 times"):
        decide(content, accepted(content, before[0]), accepted(content, before[1], id=before[0].id))


def test_a_file_whose_cards_stand_on_one_line_is_left_to_a_person(content):
    (card,) = [filled(waiting(content)[3])]
    text = f"[{json.dumps(card_data(card))}]"
    with pytest.raises(ContentError, match="one below the other"):
        with_cards(text, [card])


def test_a_decision_about_clauses_that_have_changed_is_refused(content, tmp_path):
    found = Decisions(organisation="vale", accepted=(accepted(content, waiting(content)[3]),))
    refuse_stale(found, vale(content), tmp_path / "d.json")
    file = content / "vale" / "policy.md"
    file.write_text(file.read_text(encoding="utf-8").replace("may be kept", "must not be kept"), encoding="utf-8")
    with pytest.raises(ContentError, match="not those that it was written from"):
        refuse_stale(found, vale(content), tmp_path / "d.json")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda card: card.update(verdict=""), "Card 'bees', verdict: Input should be"),
        (lambda card: card.update(summary=" "), "Card 'bees', summary: String should have at least 1"),
        (lambda card: card.update(phrasings=[]), "Card 'bees', phrasings: Tuple should have at least 1"),
        (lambda card: card.update(colour="red"), "Card 'bees', colour: Extra inputs"),
    ],
)
def test_a_slip_in_the_exported_file_is_named_by_its_card(content, tmp_path, change, says):
    one = accepted(content, waiting(content)[3], id="bees").model_dump(mode="json")
    change(one["card"])
    file = tmp_path / "d.json"
    file.write_text(json.dumps({"organisation": "vale", "accepted": [one]}), encoding="utf-8")
    with pytest.raises(ContentError, match=says):
        read_decisions(file)


@pytest.mark.parametrize("text", ["", "hello", "[1]", "{}", "\x00", "[" * 100_000])
def test_a_file_that_is_no_export_is_refused(tmp_path, text):
    file = tmp_path / "d.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ContentError):
        read_decisions(file)


def test_other_cards_are_read_as_before(content):
    decide(content, accepted(content, waiting(content)[0]))
    assert (content / "hill" / "cards.yml").read_text(encoding="utf-8") == CARDS
    assert quoted('a "b" \\ \n\x85\u2028') == '"a \\"b\\" \\\\ \\n\\u0085\\u2028"'
