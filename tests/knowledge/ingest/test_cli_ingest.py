"""`guidance ingest` and `guidance publish`, as a deputy head and a technician call them."""

import json
import sys
from datetime import date

import pytest

from bot import cli_ingest
from knowledge.errors import ContentError
from knowledge.ingest.publishing import publish
from knowledge.library import SHIPPED, load
from knowledge.policy_file import read_policy
from tests.knowledge.ingest.reading_files import DATA

CHERRY = str(DATA / "formats" / "cherry-trees-auto-toc.docx")
R04 = str(DATA / "structures" / "R04-trust-docslib-runin-bullets.txt")
R03 = str(DATA / "structures" / "R03-trust-code-N.0-sections.txt")
TODAY = date(2026, 9, 1)


def test_from_a_word_file_to_a_policy_in_force(guidance, tmp_path):
    content = ("--content", str(tmp_path))
    code, out, _ = guidance("ingest", CHERRY, "-o", "anytown", *content)
    assert code == 0
    assert "72 clauses." in out
    assert "none is lost" in out
    assert "Nothing is in force yet" in out
    assert not (tmp_path / "anytown" / "policy.md").exists()
    code, out, _ = guidance("publish", "-o", "anytown", *content)
    assert code == 0
    assert "In force: Social Media Policy, Cherry Trees School, 72 clauses." in out
    assert load(tmp_path).organisation("anytown").policy.clause("8.9").text.endswith("to SLT.")
    assert not (tmp_path / "anytown" / "policy.draft.md").exists()
    code, out, _ = guidance("clause", "8.9", "-o", "anytown", *content)
    assert "Under no circumstances should you converse with pupils" in out


def test_json_is_what_clauses_prints(guidance, tmp_path):
    _, out, _ = guidance("ingest", CHERRY, "-o", "anytown", "--json", "--content", str(tmp_path))
    assert list(tmp_path.iterdir()) == []
    given = json.loads(out)
    _, listed, _ = guidance("clauses", "-o", "cherry-trees", "--json")
    shipped = [clause | {"reading": None} for clause in json.loads(listed) if clause["ref"] != "front page"]
    assert given == shipped


def test_a_run_without_a_person_says_what_is_missing_and_how_to_say_it(guidance, tmp_path):
    code, _, err = guidance("ingest", R03, "-o", "anytown", "--content", str(tmp_path))
    assert code == 0
    assert "does not say: title, organisation, owner, next review, next review by" in err
    assert "--title, --name, --owner, --next-review" in err
    code, _, err = guidance("publish", "-o", "anytown", "--content", str(tmp_path))
    assert code == 1
    assert "Fact 'owner': Field required" in err


def test_what_is_missing_can_be_said_in_the_call(guidance, tmp_path):
    said = ("--title", "Code of Conduct", "--name", "Anytown Trust", "--owner", "HR", "--reporting", "5.1; 5.2")
    content = ("--content", str(tmp_path))
    _, _, err = guidance("ingest", R03, "-o", "anytown", *said, "--next-review", "Spring Term 2027", *content)
    assert err.strip() == ""
    guidance("publish", "-o", "anytown", *content)
    facts = load(tmp_path).organisation("anytown").policy.facts
    assert (facts.title, facts.organisation, facts.owner) == ("Code of Conduct", "Anytown Trust", "HR")
    assert (facts.next_review, facts.next_review_by) == ("Spring Term 2027", date(2027, 3, 31))
    assert facts.reporting == ("5.1", "5.2")


def test_a_person_is_asked_for_what_is_missing(guidance, tmp_path, monkeypatch):
    answers = iter(["Code of Conduct", "Anytown Trust", "HR", "after the summer", "2027-09-30"])
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(cli_ingest.err, "input", lambda _: next(answers))
    guidance("ingest", R03, "-o", "anytown", "--content", str(tmp_path))
    guidance("publish", "-o", "anytown", "--content", str(tmp_path))
    facts = load(tmp_path).organisation("anytown").policy.facts
    assert (facts.next_review, facts.next_review_by) == ("after the summer", date(2027, 9, 30))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("none.docx", "-o", "anytown"), "There is no file none.docx here."),
        ((R03, "-o", "../elsewhere"), "id is small letters"),
        ((R03, "-o", "anytown", "--next-review-by", "soon"), "a day such as 2027-03-31"),
        ((R03, "-o", "anytown", "--preview", "/nowhere/at/all.html"), "The page could not be written"),
    ],
)
def test_a_mistake_in_the_call_is_said_in_a_sentence(guidance, arguments, said, tmp_path):
    code, _, err = guidance("ingest", *arguments, "--content", str(tmp_path))
    assert code == 1
    assert said in " ".join(err.split())
    assert "Traceback" not in err


def test_an_organisation_elsewhere_is_not_published(guidance, tmp_path):
    assert guidance("publish", "-o", "../elsewhere", "--content", str(tmp_path))[0] == 1


def test_the_policy_before_is_kept_and_can_be_read_and_compared(guidance, tmp_path):
    there = ("-o", "anytown", "--content", str(tmp_path))
    said = ("--title", "T", "--name", "N", "--owner", "O", "--next-review", "May 2030")
    for file, adopted in ((R03, "May 2024"), (R04, "May 2026")):
        guidance("ingest", file, *there, *said, "--adopted", adopted)
        code, out, _ = guidance("publish", *there)
        assert code == 0
    assert "versions/may-2024.md" in " ".join(out.split())
    policy = load(tmp_path).organisation("anytown").policy
    gone = next(clause for clause in read_policy(tmp_path / "anytown/versions/may-2024.md").clauses)
    assert policy.facts.version == "May 2026"
    assert gone.text[:30] in guidance("clause", gone.ref, *there, "--version", "may-2024")[1]
    assert "removed" in guidance("diff", *there)[1].lower()


def test_a_policy_that_is_in_force_answers_at_once(guidance, tmp_path):
    there = ("-o", "anytown", "--content", str(tmp_path))
    guidance("ingest", CHERRY, *there)
    assert guidance("publish", *there)[0] == 0
    code, out, _ = guidance("ask", *there, "--json", "Can I reply to a pupil's direct message?")
    given = json.loads(out)
    assert code == 0
    assert given["outcome"] == "suggest", "nobody has written an answer yet, so none is sure"
    assert "8.9" in [clause["ref"] for card in given["answers"] for clause in card["clauses"]]


def test_a_draft_that_was_mended_is_kept_beside_a_new_one(guidance, tmp_path):
    guidance("ingest", R03, "-o", "anytown", "--content", str(tmp_path))
    draft = tmp_path / "anytown" / "policy.draft.md"
    draft.write_text("mended", encoding="utf-8")
    guidance("ingest", R03, "-o", "anytown", "--content", str(tmp_path))
    assert (tmp_path / "anytown" / "policy.draft-before.md").read_text(encoding="utf-8") == "mended"
    assert "Policy statement" in draft.read_text(encoding="utf-8")


def test_cards_that_rest_on_clauses_which_are_gone_hold_a_policy_back(guidance, tmp_path):
    folder = tmp_path / "cherry-trees"
    folder.mkdir()
    (folder / "cards.yml").write_bytes((SHIPPED / "cherry-trees" / "cards.yml").read_bytes())
    said = ("--title", "T", "--name", "N", "--owner", "O", "--next-review", "May 2030", "--content", str(tmp_path))
    guidance("ingest", R03, "-o", "cherry-trees", *said)
    with pytest.raises(ContentError, match=r"cards\.yml:\d+: The policy has no clause '8\.9'"):
        publish(tmp_path, "cherry-trees")
    assert not (folder / "policy.md").exists()


def test_without_a_draft_there_is_nothing_to_publish(tmp_path):
    with pytest.raises(ContentError, match="There is no draft to publish"):
        publish(tmp_path, "anytown")
