"""Points are fitted on labelled messages: the same ones every time, measured on others, and put where they are read."""

import json
import shutil
from pathlib import Path

import pytest

from knowledge.library import SHIPPED, load
from knowledge.models import InDanger
from knowledge.triage import Triager
from knowledge.triage_fitting import CONTACT, DANGER, labels, main
from knowledge.triage_learning import learn

CONTENT = Path(__file__).parents[1] / "data/content"
ROWS = [{"bruise": 1.0}, {"bruise": 1.0, "boy": 1.0}, {"cake": 1.0}, {"cake": 1.0, "boy": 1.0}]
SO = [True, True, False, False]


def evenly(rows, so, held=1.0):
    return learn(rows, so, [1.0] * len(rows), lambda _: held)


def test_what_tells_messages_apart_is_worth_something_and_what_does_not_is_worth_nothing():
    learnt = evenly(ROWS, SO)
    assert learnt.worths["bruise"] > 0.5
    assert learnt.worths["cake"] < -0.5
    assert abs(learnt.worths["boy"]) < 0.01
    assert [learnt.score(row) > 0 for row in ROWS] == SO


def test_worths_that_are_held_harder_are_smaller():
    assert evenly(ROWS, SO, held=10.0).worths["bruise"] < evenly(ROWS, SO, held=0.1).worths["bruise"]


def test_a_message_that_counts_for_less_teaches_less():
    rows, so = [{"knife": 1.0}, {"knife": 1.0}], [True, False]
    assert learn(rows, so, [1.0, 0.1], lambda _: 1.0).score({"knife": 1.0}) > 0


def test_the_same_messages_give_the_same_points():
    assert evenly(ROWS, SO) == evenly(ROWS, SO)


@pytest.mark.parametrize(
    ("row", "known"),
    [
        ({"offer_report": True, "urgent": False}, {CONTACT: True, DANGER: False}),
        ({"kind": "plain"}, {CONTACT: False, DANGER: False}),
        ({"kind": "disclosure"}, {DANGER: False}),
        ({"kind": "safety"}, {DANGER: True}),
        ({"kind": "disclosure", "offer_report": False}, {CONTACT: False, DANGER: False}),
        ({"who": ["writer"]}, {InDanger.CHILD: False, InDanger.COLLEAGUE: False, InDanger.WRITER: True}),
    ],
)
def test_what_is_known_of_a_message_is_taken_from_its_labels_and_else_from_its_kind(row, known):
    assert labels(row) == known


def test_fitted_points_are_written_where_they_are_read(tmp_path, capsys):
    content = tmp_path / "content"
    shutil.copytree(CONTENT, content)
    for name in ("triage.yml", "lexicon.yml"):
        shutil.copy(SHIPPED / name, content)
    lists = (content / "triage.yml").read_text("utf-8").partition("contact_points:")[0]
    texts = {"A zebu has eaten a pupil": True, "A zebu bit him": True, "A pupil has cake": False, "He had tea": False}
    rows = [{"question": text, "urgent": so, "offer_report": False, "who": []} for text, so in texts.items()]
    file = tmp_path / "messages.jsonl"
    file.write_text("\n".join(json.dumps(row) for row in rows * 20), encoding="utf-8")
    main(["--write", "--content", str(content), str(file)])
    assert capsys.readouterr().out.startswith("contact_points: ")
    assert (content / "triage.yml").read_text("utf-8").startswith(lists)
    library = load(content)
    assert "zebu" in {word for words in library.triage.danger_points.words.values() for word in words}
    read = Triager(library.triage, next(iter(load(SHIPPED).lexicons.values()))).read
    assert read("A zebu has eaten a pupil").urgent
    assert not read("She had tea").urgent
