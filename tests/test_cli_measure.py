"""Measuring, fitting and explaining at the command line, as a person or a program calls them."""

import importlib.util
import json
from pathlib import Path

import pytest

LITTLE = Path(__file__).parent / "data" / "content"


@pytest.fixture
def asked(tmp_path):
    """A few labelled questions to little-school."""
    file = tmp_path / "little-school-a.jsonl"
    lines = [
        {"question": "can I be friends with a pupil online", "kind": "plain", "evidence": ["pupil"]},
        {"question": "may I post photos of the trip", "kind": "plain", "evidence": ["photo"]},
        {"question": "what is the wifi password", "kind": "out", "evidence": []},
    ]
    file.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    return file


def test_every_figure_stands_with_its_interval_and_the_unlike_slice(guidance, asked):
    code, out, _ = guidance("evaluate", str(asked), "--content", str(LITTLE))
    assert code == 0
    for words in ("right first", "answered and right", "95 % interval", "unlike (", "target", "ms a question"):
        assert words in out


def test_kinds_are_shown_when_asked_for(guidance, asked):
    _, out, _ = guidance("evaluate", str(asked), "--content", str(LITTLE), "--kinds")
    assert "By kind of question" in out


def test_figures_come_as_json_for_other_programs(guidance, asked):
    _, out, _ = guidance("evaluate", str(asked), "--content", str(LITTLE), "--json")
    given = json.loads(out)
    assert given["questions"] == 3
    assert set(given["figures"]["right first"]["all"]) == {"share", "interval", "hits", "of", "target", "met"}


def test_drawings_are_written_or_the_missing_extra_is_named(guidance, asked, tmp_path):
    code, _, err = guidance("evaluate", str(asked), "--content", str(LITTLE), "--plot", str(tmp_path / "drawn"))
    if importlib.util.find_spec("matplotlib") is None:
        assert code == 2
        assert "staff-guidance[plots]" in " ".join(err.replace("│", " ").split())
    else:
        assert (tmp_path / "drawn-reliability.png").stat().st_size > 10_000
        assert (tmp_path / "drawn-abstention.png").stat().st_size > 10_000


def test_a_file_that_names_no_school_needs_the_school(guidance, asked, tmp_path):
    file = tmp_path / "questions.jsonl"
    asked.rename(file)
    code, _, err = guidance("evaluate", str(file), "--content", str(LITTLE))
    assert code != 0
    assert "--organisation" in err


def test_fitting_prints_before_and_after_and_writes_what_it_found(guidance, asked, tmp_path):
    file = tmp_path / "fitted.json"
    code, out, _ = guidance("fit", str(asked), "--content", str(LITTLE), "--write", str(file))
    assert code == 0
    assert "before" in out
    assert "after" in out
    assert json.loads(file.read_text(encoding="utf-8"))["fitted_with"] == f"guidance fit {asked.name}"


def test_an_answer_is_explained_in_words_and_numbers(guidance):
    code, out, _ = guidance("ask", "-o", "cherry-trees", "--explain", "a yr9s mum has msgd me on insta")
    said = " ".join(out.split())
    assert code == 0
    for words in ("Read as:", "“mum” as parent", "who:parent", "probability", "runner-up is", "shown as the answer"):
        assert words in said


def test_an_explanation_stays_out_of_data(guidance):
    _, out, err = guidance("ask", "-o", "cherry-trees", "--explain", "--json", "photos?")
    assert json.loads(out)["question"] == "photos?"
    assert "Read as:" in err


@pytest.mark.parametrize("command", ["evaluate", "fit"])
def test_help_shows_an_example(guidance, command):
    code, out, _ = guidance(command, "--help")
    assert code == 0
    assert f"guidance {command}" in out.replace("Usage: guidance", "Usage:")


def test_confidence_is_fitted_on_fresh_questions_where_there_are_any(guidance, asked, tmp_path):
    fresh = tmp_path / "little-school-b.jsonl"
    lines = [{"question": "friends with a pupil", "kind": "plain", "evidence": ["nobody ever wrote this"]}] * 4
    fresh.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    file = tmp_path / "fitted.json"
    code, _, _ = guidance("fit", str(asked), "--fresh", str(fresh), "--content", str(LITTLE), "--write", str(file))
    fitted = json.loads(file.read_text(encoding="utf-8"))
    assert code == 0
    assert fitted["fitted_with"].endswith(f"{asked.name} --fresh {fresh.name}")
    assert fitted["answer_from"] == 1.0, "whoever is always wrong on fresh questions answers none"
