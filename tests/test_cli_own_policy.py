"""A school's own policy at the command line: asked without cards, drafts, versions, and the way to a spreadsheet."""

import csv
import io
import json
import os
import shutil
from pathlib import Path

import pytest

from bot.cli import main
from knowledge.library import SHIPPED, load
from knowledge.readings import read_readings
from knowledge.versions import keep_version
from tests.knowledge.policies import two_schools_in


@pytest.fixture
def two_schools(tmp_path):
    content = tmp_path / "content"
    content.mkdir()
    return two_schools_in(content)


@pytest.fixture
def shipped(tmp_path) -> Path:
    shutil.copytree(SHIPPED / "cherry-trees", tmp_path / "cherry-trees")
    return tmp_path


@pytest.fixture
def guidance(capsys, monkeypatch):
    """Call the command on some content, with what is typed; gives (exit code, standard output, standard error)."""

    def guidance(content: Path, *arguments: str, typed: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        with pytest.raises(SystemExit) as left:
            main([*arguments, "--content", str(content)])
        printed = capsys.readouterr()
        return left.value.code or 0, " ".join(printed.out.split()), " ".join(printed.err.replace("│", " ").split())

    return guidance


def test_a_policy_without_cards_answers_and_says_that_nobody_wrote_it(guidance, two_schools):
    code, said, _ = guidance(two_schools, "ask", "-o", "vale", "may I keep bees on the roof of the science block")
    assert code == 0
    assert "Did you mean one of these?" in said
    assert "4.3: Bees may be kept on the roof of the science block." in said
    assert "no one has written an answer for this yet: you would see the clause itself" in said
    _, data, _ = guidance(two_schools, "ask", "-o", "vale", "--json", "may I keep bees on the roof")
    best = json.loads(data)["answers"][0]
    assert best["verdict"] == "information"
    assert "no one has written an answer" in best["caveat"]
    _, said, _ = guidance(two_schools, "chat", "-o", "vale", typed="bees on the roof of the science block\n1\n\n")
    assert "No one has written an answer for this yet; here is the clause itself. The policy says:" in said
    assert "For information" not in said, "it has no verdict"
    _, said, _ = guidance(two_schools, "ask", "-o", "vale", "--explain", "bees on the roof of the science block")
    assert "whatever the confidence: nobody has written a card for this clause" in said


def test_the_check_passes_and_advises_to_draft_cards(guidance, two_schools):
    code, said, _ = guidance(two_schools, "check")
    assert code == 0
    assert "Vale School: 4 clauses, 0 cards" in said
    assert "No card rests on clause '4.3'." in said


def test_drafts_are_listed_with_what_differs(guidance, two_schools):
    code, said, _ = guidance(two_schools, "draft-cards", "-o", "vale")
    assert code == 0
    assert "! how binding it is: “must not” here, “should not” there" in said
    assert "4 drafts, 3 from cards of others. Nothing is written yet." in said
    assert not (two_schools / "vale" / "cards.yml").exists()
    _, said, _ = guidance(two_schools, "draft-cards", "-o", "vale", "--like", "vale")
    assert "3 drafts, 0 from cards of others." in said, "a bare one a clause"


REVIEW = ("a", "1", "No. You must not, unless they are relatives.", "s", "q")


def test_a_review_in_the_terminal_goes_on_where_it_stopped(guidance, two_schools):
    code, said, _ = guidance(two_schools, "draft-cards", "-o", "vale", "--review", typed="\n".join(REVIEW))
    assert code == 0
    assert "Their card says, of their clause: No. No. You should not accept" in said
    assert "Written: pupil-friend-request." in said
    assert "The same command goes on from here." in said
    (card,) = load(two_schools).organisation("vale").cards
    assert (card.verdict, card.summary) == ("no", "No. You must not, unless they are relatives.")

    typed = "\n".join(["a", "7", "5", "Tell SLT on the same day.", "a", "2", "Yes.", "bees?", "and wasps?", "", ""])
    _, said, _ = guidance(two_schools, "draft-cards", "-o", "vale", "--review", typed=typed)
    assert "1 of 2" in said
    assert "That is not in the list." in said
    assert "Every clause is decided." in said
    whose = load(two_schools).organisation("vale")
    assert [card.verdict for card in whose.cards] == ["no", "must-report", "yes"]
    assert whose.cards[2].phrasings == ("bees?", "and wasps?")
    assert whose.clause_cards == ()
    assert guidance(two_schools, "check")[0] == 0
    _, said, _ = guidance(two_schools, "draft-cards", "-o", "vale")
    assert "Nothing to decide" in said
    _, said, _ = guidance(two_schools, "draft-cards", "-o", "vale", "--again")
    assert "1 drafts, 1 from cards of others" in said


def test_a_card_that_is_too_long_is_asked_again(guidance, two_schools):
    typed = "\n".join(["a", "1", "word " * 61, "a", "1", "No.", "q"])
    _, said, _ = guidance(two_schools, "draft-cards", "-o", "vale", "--review", typed=typed)
    assert "has 61 words." in said
    assert [card.summary for card in load(two_schools).organisation("vale").cards] == ["No."]


def test_a_card_is_edited_in_the_persons_own_editor(guidance, two_schools, tmp_path, monkeypatch):
    editor = tmp_path / "editor.sh"
    editor.write_text(
        "#!/bin/sh\nsed -i -e 's/^verdict: .*/verdict: \"no\"/' -e 's/^summary: .*/summary: Never./' $1\n"
    )
    editor.chmod(0o700)
    monkeypatch.setenv("VISUAL", str(editor))
    _, said, _ = guidance(two_schools, "draft-cards", "-o", "vale", "--review", typed="e\nq\n")
    assert "Written: pupil-friend-request." in said
    assert load(two_schools).organisation("vale").cards[0].summary == "Never."
    monkeypatch.setenv("VISUAL", os.devnull)
    _, said, _ = guidance(two_schools, "draft-cards", "-o", "vale", "--review", typed="e\nq\n")
    assert "Your editor did not start" in said


def decisions(organisation: str, **card: object) -> str:
    plain = {
        "id": "bees",
        "title": "Bees",
        "verdict": "yes",
        "summary": "Yes.",
        "refs": ["4.3"],
        "phrasings": ["bees?"],
    }
    one = {"key": "4.3", "clauses": "0" * 12, "card": {**plain, **card}}
    return json.dumps({"organisation": organisation, "accepted": [one], "skipped": []})


def test_what_the_page_exported_is_refused_where_it_does_not_fit(guidance, two_schools, tmp_path):
    file = tmp_path / "d.json"
    file.write_text(decisions("vale"), encoding="utf-8")
    code, _, said = guidance(two_schools, "draft-cards", "-o", "vale", "--accept", str(file))
    assert code == 1
    assert "The clauses of 'bees' are not those that it was written from." in said
    code, _, said = guidance(two_schools, "draft-cards", "-o", "hill", "--accept", str(file))
    assert code == 2
    assert "belongs to vale, not to hill" in said
    assert not (two_schools / "vale" / "cards.yml").exists()


def reword(content: Path) -> None:
    file = content / "cherry-trees" / "policy.md"
    text = file.read_text(encoding="utf-8")
    file.write_text(
        text.replace("they should report it to Executive", "they must report it to Executive"), encoding="utf-8"
    )


def test_what_changed_and_whose_cards_are_held_back(guidance, shipped, tmp_path):
    keep_version(shipped / "cherry-trees")
    reword(shipped)
    page = tmp_path / "changes.html"
    code, said, _ = guidance(shipped, "diff", "-o", "cherry-trees", "--html", str(page))
    assert code == 0
    assert "1 reworded, 0 added, 0 removed, 0 moved, 72 as they were." in said
    assert "they [-should-] {+must+} report it" in said
    assert "! how binding it is: “must” now, “should” before" in said
    assert "post-attacks-school: 5 para 4 reworded (held back)" in said
    assert "guidance confirm" in said
    assert "<ins>must</ins>" in page.read_text(encoding="utf-8")

    asked = ("ask", "-o", "cherry-trees", "somebody is slagging off the school online whom do I tell")
    _, said, _ = guidance(shipped, *asked)
    assert "Did you mean one of these?" in said
    assert "I have seen a post attacking or damaging the school: its clauses have changed" in said
    _, said, _ = guidance(shipped, *asked, "--explain")
    assert "the clauses of this card have changed since it was last read" in said
    typed = f"{asked[-1]}\n1\n\n"
    _, said, _ = guidance(shipped, "chat", "-o", "cherry-trees", typed=typed)
    assert "The clauses under this have changed since somebody last checked it" in said
    guidance(shipped, "confirm", "post-attacks-school", "-o", "cherry-trees")
    _, said, _ = guidance(shipped, *asked)
    assert "! Report it I have seen a post attacking or damaging the school" in said


def test_two_files_are_compared_without_any_content_of_ours(guidance, shipped, tmp_path):
    old, new = tmp_path / "old.md", shipped / "cherry-trees" / "policy.md"
    shutil.copy(new, old)
    reword(shipped)
    code, said, _ = guidance(shipped, "diff", str(old), str(new))
    assert code == 0
    assert "1 reworded" in said
    assert "Cards whose clauses changed" not in said
    code, _, said = guidance(shipped, "diff", str(old))
    assert code == 2
    assert "give two files, OLD and NEW, or --organisation." in said
    code, _, said = guidance(shipped, "diff", "-o", "cherry-trees")
    assert code == 1
    assert "No earlier version of cherry-trees is kept." in said


def test_clauses_and_answers_are_shown_as_they_were(guidance, shipped):
    keep_version(shipped / "cherry-trees")
    reword(shipped)
    then = ("--version", "spring-term-2022", "-o", "cherry-trees")
    for call in (
        ("clause", "5 para 4"),
        ("clauses",),
        ("ask", "whom do I tell that somebody attacks the school online"),
    ):
        _, now, quiet = guidance(shipped, *call, "-o", "cherry-trees")
        code, before, said = guidance(shipped, *call, *then)
        assert code == 0
        assert "must report it to Executive" in now or call[0] == "ask"
        assert "should report it to Executive" in before.replace("│ │ ", "")
        assert "It is not in force any more." in said
        assert quiet == ""
    code, _, said = guidance(shipped, "clauses", "-o", "cherry-trees", "--version", "1999")
    assert code == 1
    assert "No version '1999' of cherry-trees is kept. There is: spring-term-2022." in said


def edited(file: Path, change) -> None:
    rows = list(csv.DictReader(io.StringIO(file.read_bytes().decode("utf-8-sig"), newline="")))
    change(rows)
    with file.open("w", encoding="utf-8-sig", newline="") as written:
        writer = csv.DictWriter(written, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def test_to_a_spreadsheet_and_back_nothing_changes(guidance, shipped, tmp_path):
    file, cards = tmp_path / "cards.csv", shipped / "cherry-trees" / "cards.yml"
    before = cards.read_bytes()
    code, said, _ = guidance(shipped, "export", "-o", "cherry-trees", str(file))
    assert code == 0
    assert "129 cards" in said
    code, said, _ = guidance(shipped, "import", "-o", "cherry-trees", str(file), "--write")
    assert (code, said) == (0, "Nothing changes.")
    assert cards.read_bytes() == before


def test_changes_are_shown_first_and_written_only_when_told_to(guidance, two_schools, tmp_path):
    file, cards = tmp_path / "cards.csv", two_schools / "hill" / "cards.yml"
    before = cards.read_text(encoding="utf-8")
    guidance(two_schools, "export", "-o", "hill", str(file))

    def change(rows):
        rows[0]["summary"] = "No."
        rows.append({**dict.fromkeys(rows[0], ""), "card": "parent-contact", "phrasing": "'=a dad wrote"})
        del rows[2]

    edited(file, change)
    code, said, _ = guidance(two_schools, "import", "-o", "hill", str(file))
    assert code == 0
    assert "summary - No. You should not accept friend requests from pupils. summary + No." in said
    assert "phrasings + =a dad wrote" in said
    assert "not in the table, and left as they are: pupil-request-from-me" in said
    assert "Nothing is written yet: --write makes these changes." in said
    assert cards.read_text(encoding="utf-8") == before

    guidance(two_schools, "import", "-o", "hill", str(file), "--write")
    expected = before.replace("summary: No. You should not accept friend requests from pupils.", 'summary: "No."')
    assert cards.read_text(encoding="utf-8") == expected + '    - "=a dad wrote"\n'


def test_a_mistake_says_its_row_and_nothing_is_written(guidance, two_schools, tmp_path):
    file, cards = tmp_path / "cards.csv", two_schools / "hill" / "cards.yml"
    before = cards.read_text(encoding="utf-8")
    guidance(two_schools, "export", "-o", "hill", str(file))
    edited(file, lambda rows: rows[2].update(refs="9.9"))
    code, _, said = guidance(two_schools, "import", "-o", "hill", str(file), "--write")
    assert code == 1
    assert "Row 4: The policy has no clause '9.9'." in said
    edited(file, lambda rows: rows[0].update(verdict="perhaps"))
    code, _, said = guidance(two_schools, "import", "-o", "hill", str(file), "--write")
    assert code == 1
    assert "Row 2: 'verdict' of 'pupil-friend-request'" in said
    assert cards.read_text(encoding="utf-8") == before


def test_a_clause_card_is_not_confirmed(guidance, two_schools):
    code, _, said = guidance(two_schools, "confirm", "clause-4-3", "-o", "vale")
    assert code == 2
    assert "there is no card 'clause-4-3'" in said
    assert read_readings(two_schools / "vale") == {}
