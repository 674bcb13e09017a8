"""The `guidance` command, as a person or a program calls it."""

import io
import json
from pathlib import Path

import pytest

QUESTIONS = Path(__file__).parent / "data" / "questions"


def test_a_question_gets_one_json_object_with_its_clauses(guidance):
    code, out, _ = guidance("ask", "--organisation", "cherry-trees", "--json", "Can I reply to a pupil's DM?")
    given = json.loads(out)
    assert code == 0
    assert set(given) == {
        "question", "organisation", "outcome", "confidence", "answers", "offer_report", "urgent", "personal_data",
    }  # fmt: skip
    assert given["outcome"] == "answer"
    best = given["answers"][0]
    assert set(best) == {"id", "title", "verdict", "summary", "confidence", "clauses"}
    assert best["verdict"] == "no"
    assert set(best["clauses"][0]) == {"ref", "heading", "lead_in", "text", "reading"}
    assert "8.9" in [clause["ref"] for clause in best["clauses"]]
    assert len(given["answers"]) <= 3


def test_where_the_policy_is_silent_the_nearest_cards_stand_under_near(guidance):
    _, out, _ = guidance("ask", "-o", "cherry-trees", "--json", "what is the wifi password")
    given = json.loads(out)
    assert given["outcome"] == "none"
    assert "answers" not in given
    assert given["near"] == sorted(given["near"], key=lambda card: -card["confidence"])
    assert set(given["silent"]) == {"id", "title", "summary"}
    assert given["silent"]["summary"].startswith("The policy does not say")


def test_a_file_of_questions_gets_a_line_each_with_progress_on_stderr(guidance, tmp_path):
    file = tmp_path / "asked.jsonl"
    file.write_text('{"question": "photos?"}\n\n{"question": "can I name the school"}\n', encoding="utf-8")
    code, out, err = guidance("ask", "-o", "cherry-trees", "--batch", str(file))
    assert code == 0
    assert [json.loads(line)["question"] for line in out.splitlines()] == ["photos?", "can I name the school"]
    assert "Answering" in err


def test_a_line_that_holds_no_question_is_named(guidance, tmp_path):
    file = tmp_path / "asked.jsonl"
    file.write_text('{"question": "photos?"}\n{"ask": 1}\n', encoding="utf-8")
    code, out, err = guidance("ask", "-o", "cherry-trees", "--batch", str(file))
    assert (code, out) == (1, "")
    assert f"{file}:2: This line holds no question." in err


def test_an_answer_reads_verdict_first_then_the_clause_then_the_review_date(guidance):
    _, out, _ = guidance("ask", "-o", "cherry-trees", "Can I reply to a pupil's DM?")
    said = " ".join(out.split())
    assert said.index("✗ No") < said.index("Under no circumstances") < said.index("Next review: Spring Term 2023")
    assert "That date has passed" in said


def test_a_danger_gets_help_before_any_clause(guidance):
    _, out, _ = guidance("ask", "-o", "cherry-trees", "a pupil has just messaged me that she has taken an overdose")
    assert out.index("999") < out.index("Next review")


def test_without_a_school_the_choice_is_named(guidance):
    code, _, err = guidance("ask", "photos?")
    assert code == 1
    assert "--organisation cherry-trees or mercian-trust" in err


def test_a_school_that_is_not_there_is_said_plainly(guidance):
    code, _, err = guidance("ask", "-o", "hogwash", "photos?")
    assert code == 1
    assert "There is no organisation 'hogwash'. There is: cherry-trees, mercian-trust." in err


@pytest.mark.parametrize("arguments", [(), ("photos?", "--batch", "x.jsonl")])
def test_ask_wants_one_question_or_one_file(guidance, arguments):
    code, _, err = guidance("ask", "-o", "cherry-trees", *arguments)
    assert code == 1
    assert "Give one question in quotation marks, or --batch FILE." in err


def test_all_clauses_are_listed_in_reading_order(guidance):
    _, out, _ = guidance("clauses", "--organisation", "mercian-trust", "--json")
    listed = json.loads(out)
    assert [clause["ref"] for clause in listed][:3] == ["front page", "1.1", "1.2"]
    assert len(listed) == 89


def test_one_clause_is_shown_as_a_person_would_read_it(guidance):
    _, out, _ = guidance("clause", "7.3 bullet 7")
    said = " ".join(out.replace("│", " ").split())
    assert said.index("staff should not:") < said.index("Accept 'friend requests'")
    assert "The Mercian Trust" in said


def test_a_bullet_that_its_lead_in_does_not_fit_comes_with_our_note(guidance):
    _, out, _ = guidance("clause", "A bullet 5")
    assert "our note, not the policy's" in out


def test_a_clause_that_no_policy_has_is_said_plainly(guidance):
    code, _, err = guidance("clause", "99.9")
    assert code == 1
    assert "No clause '99.9'" in err


def test_content_of_ones_own_is_checked_with_line_and_remedy(guidance, tmp_path):
    school = tmp_path / "little-school"
    school.mkdir()
    (school / "policy.md").write_text("[1] No facts above\n", encoding="utf-8")
    code, _, err = guidance("check", "--content", str(tmp_path))
    assert code == 1
    assert f"{school / 'policy.md'}:1: The facts about the policy are missing." in err


def test_the_content_that_ships_has_no_mistakes_and_needs_no_advice(guidance):
    code, out, _ = guidance("check", "--strict")
    assert code == 0, out
    assert "advice" not in out


def test_measuring_prints_every_measure_and_lists_the_failures(guidance):
    _, out, _ = guidance("evaluate", str(QUESTIONS / "cherry-trees-a.jsonl"), "--failures")
    for measure in (
        "right first",
        "right within three",
        "confident and wrong",
        "silent, yet answered",
        "ms a question",
    ):
        assert measure in out
    assert "confident and wrong ·" in out or "not first ·" in out or "missed ·" in out


def test_a_chat_lets_one_choose_a_school_and_pick_a_card_by_number(guidance, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("3\n2\nphotos of pupils\n1\n\n"))
    _, out, _ = guidance("chat")
    assert "That is not in the list." in out
    assert "The Mercian Trust" in out
    assert "7.3 bullet 9" in out


@pytest.mark.parametrize(
    "command", ["ask", "chat", "clauses", "clause", "check", "evaluate", "serve", "questions", "demo"]
)
def test_help_shows_an_example(guidance, command):
    code, out, _ = guidance(command, "--help")
    assert code == 0
    assert f"guidance {command}" in out.replace("Usage: guidance", "Usage:")
