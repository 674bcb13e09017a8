"""Learning in use, from a question in Slack to its answer: nothing changes until a person accepts it."""

import json
import re
import shutil
from pathlib import Path

import pytest

from bot.app import now
from bot.cli import main
from bot.store import Store
from bot.store.feedback import Feedback, Kind
from knowledge.acceptance import PART
from knowledge.librarian import Librarian
from knowledge.library import load
from knowledge.models import Outcome, Question
from tests.bot.conftest import CONTENT, Clock

UNSURE = "scroll through insta at noon"
LUNCH = "Using social media in your lunch break"
CONFIDENT = "friend request"
PUPIL = "Accepting a friend request from a pupil"
TORTOISE = "Who looks after the tortoise?"
SAFEGUARDING = '[[safeguarding.contact]]\nrole = "Lead"\nreach = "the office"\n'


@pytest.fixture
def content(tmp_path) -> Path:
    """A school's own copy of the content."""
    return shutil.copytree(CONTENT, tmp_path / "content", ignore=shutil.ignore_patterns(".prepared"))


@pytest.fixture
def cards(content) -> Path:
    return content / "little-school" / "cards.yml"


@pytest.fixture
def settings(settings, content):
    return settings.model_copy(update={"content": content})


@pytest.fixture
def make_bot(make_bot):
    """A bot of today: the commands go by the real day, and what is older than ninety days is gone for them."""

    def make(**more):
        return make_bot(clock=Clock(now()), **more)

    return make


@pytest.fixture
def questions(tmp_path, content, capsys, monkeypatch):
    """`guidance questions` with the school's settings; gives (exit code, standard output, standard error)."""
    config = tmp_path / "guidance.toml"
    text = f'organisation = "little-school"\ncontent = {json.dumps(str(content))}\n{SAFEGUARDING}'
    config.write_text(text, encoding="utf-8")
    monkeypatch.setenv("COLUMNS", "200")

    def questions(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as left:
            main(["questions", "--config", str(config), *arguments])
        printed = capsys.readouterr()
        return left.value.code or 0, printed.out, printed.err

    return questions


@pytest.fixture
def keep(tmp_path):
    """Keep what somebody clicked, as the bot would."""
    store = Store(tmp_path / "guidance.db", now)

    def keep(kind: Kind, text: str, card: str | None = None, **more) -> None:
        values = {"day": now().date(), "organisation": "little-school", "kind": kind, "card": card, "text": text}
        store.keep(Feedback.model_validate(values | more))

    yield keep
    store.close()


@pytest.fixture
def proposed(questions):
    def proposed() -> list[dict]:
        code, out, _ = questions("--propose", "--json")
        assert code == 0
        return json.loads(out)["proposals"]

    return proposed


def answer(content: Path, text: str) -> tuple[Outcome, str]:
    """What the bot would say after a restart."""
    found = Librarian(load(content)).answer(Question(text=text, organisation="little-school"))
    return found.outcome, found.matches[0].card.id


def test_from_a_choice_to_an_answer(make_bot, settings, content, cards, questions, proposed):
    bot = make_bot(librarian=Librarian(load(content)))
    suggested = bot.ask(UNSURE)
    assert "Is it one of these?" in suggested.shown
    card = bot.press(suggested, LUNCH)
    bot.press(card, "This helped")

    (found,) = proposed()
    assert (found["phrasing"], found["card"], found["title"]) == (UNSURE, "breaks", LUNCH)
    assert (found["origin"], found["times"], found["helped"]) == ("chosen in use", 1, 1)
    before = cards.read_bytes()
    assert "Is it one of these?" in bot.ask(UNSURE).shown, "it has learnt by itself"
    restarted = make_bot(librarian=Librarian(load(content)))
    assert "Is it one of these?" in restarted.ask(UNSURE).shown, "it has learnt by itself"

    code, out, err = questions("--accept", found["id"])
    assert code == 0, out + err
    assert "is to be answered: ✓ Yes. Yes. You may use your own accounts in your lunch break." in out
    assert f"Added to 'breaks' in {cards}: {UNSURE}" in out
    line = f"    - {UNSURE}  # chosen in use, {now().date()}\n".encode()
    after = cards.read_bytes()
    assert after == before.replace(b"    - scrolling at lunchtime\n", b"    - scrolling at lunchtime\n" + line)

    taught = make_bot(librarian=Librarian(load(content)))
    said = taught.ask(UNSURE).shown
    assert "This answers: " + LUNCH in said
    assert "Clause 3.1" in said
    assert proposed() == [], "what stands on a card is proposed no more"


def test_from_not_my_question_to_another_answer(make_bot, settings, content, questions, proposed):
    bot = make_bot(librarian=Librarian(load(content)))
    confident = bot.ask(CONFIDENT)
    assert "✋ Ask first" in confident.shown
    bot.press(bot.press(confident, "Not my question"), PUPIL)
    (found,) = proposed()
    assert (found["card"], found["origin"]) == ("pupil-friend-request", "not my question, then chosen")
    code, _, _ = questions("--accept", found["id"], "--anyway")
    assert code == 0
    assert answer(content, CONFIDENT) == (Outcome.ANSWER, "pupil-friend-request")


def test_proposals_are_shown_with_all_that_a_person_needs_to_judge_them(questions, keep):
    keep(Kind.CHOSEN, UNSURE, "breaks")
    keep(Kind.CHOSEN, "Scrolling at lunchtime!", "breaks")
    code, out, _ = questions("--propose")
    assert code == 0
    for words in (UNSURE, "breaks", LUNCH, "chosen in use", str(now().date()), "--accept ID"):
        assert words in out
    assert re.search(r"\b[0-9a-f]{8}\b", out)
    assert "Left out: stands on a card or a gap already: 1." in out


def test_nothing_to_propose_is_said_and_makes_no_database(questions, tmp_path):
    assert "Nothing to propose" in questions("--propose")[1]
    assert not (tmp_path / "guidance.db").exists()


def test_a_decision_that_no_card_says_is_shown_as_a_new_card_to_fill_in(questions, keep, proposed):
    text = "May staff run a page for the village choir?"
    keep(Kind.PROPOSED, text, verdict="conditional", refs=("2.2",))
    _, out, _ = questions("--propose")
    for line in ('  verdict: "conditional"', '  refs: ["2.2"]', f'    - "{text}"  # decided by SLT, {now().date()}'):
        assert f"\n{line}\n" in f"{out}\n"
    (found,) = proposed()
    code, _, err = questions("--accept", found["id"])
    assert code == 1
    assert f"--accept {found['id']} --card CARD" in err
    assert questions("--accept", found["id"], "--card", "website", "--anyway")[0] == 0


def test_a_decision_is_not_given_to_a_card_that_says_something_else(questions, keep, proposed, cards):
    keep(Kind.PROPOSED, "May staff run a page for the village choir?", verdict="no")
    (found,) = proposed()
    before = cards.read_bytes()
    code, _, err = questions("--accept", found["id"], "--card", "breaks")
    assert code == 1
    assert "SLT decided 'no', and 'breaks' says 'yes'. Not accepted" in err
    assert cards.read_bytes() == before


def test_what_makes_answers_worse_is_refused_with_the_reason_unless_it_is_wanted_anyway(
    questions, keep, proposed, content, cards
):
    keep(Kind.CHOSEN, TORTOISE, "photographs")
    labelled = {"question": f"{TORTOISE} And when?", "kind": "out", "evidence": []}
    (cards.parent / "questions-ours.jsonl").write_text(json.dumps(labelled), encoding="utf-8")
    (found,) = proposed()
    before = cards.read_bytes()
    code, out, err = questions("--accept", found["id"])
    assert code == 1
    assert "'silent, yet answered' rises from 0 to 1" in err
    assert "nothing was written" in err
    assert "--anyway" in err
    assert f"now silent, yet answered: {labelled['question']} → answer" in out
    assert cards.read_bytes() == before
    code, out, _ = questions("--accept", found["id"], "--anyway")
    assert code == 0
    assert "Accepted anyway. It gets worse" in out
    assert TORTOISE.encode() in cards.read_bytes()


def test_questions_are_read_from_the_files_that_are_named(questions, keep, proposed, tmp_path):
    keep(Kind.CHOSEN, UNSURE, "breaks")
    file = tmp_path / "asked.jsonl"
    file.write_text('{"question": "x", "evidence": ["lunch break"]}\nnonsense\n', encoding="utf-8")
    (found,) = proposed()
    code, _, err = questions("--accept", found["id"], "--questions", str(file))
    assert code == 1
    assert f"{file}:2: This line is no labelled question." in err
    file.write_text('{"question": "Facebook in my break?", "evidence": ["lunch break"]}\n', encoding="utf-8")
    code, out, err = questions("--accept", found["id"], "--questions", str(file))
    assert code == 0
    for words in (
        "own phrasings: right first",
        "own phrasings: silent, yet answered",
        "labelled questions: right first",
    ):
        assert words in out
    assert "Trying it" in err


def test_several_are_accepted_together_or_not_at_all(questions, keep, proposed, cards):
    keep(Kind.CHOSEN, UNSURE, "breaks")
    keep(Kind.CHOSEN, "doomscroll over my sandwich", "breaks")
    names = [found["id"] for found in proposed()]
    before = cards.read_bytes()
    assert questions("--accept", names[0], "--accept", "0badf00d")[0] == 1
    assert cards.read_bytes() == before
    assert questions("--accept", names[0], "--accept", names[1])[0] == 0
    assert proposed() == []


def test_what_is_turned_down_is_not_shown_again(questions, keep, proposed):
    keep(Kind.CHOSEN, UNSURE, "breaks")
    (found,) = proposed()
    assert "Turned down" in questions("--reject", found["id"])[1]
    keep(Kind.CHOSEN, UNSURE, "breaks")
    assert proposed() == []
    assert "'" + found["id"] + "' is not proposed: turned down." in questions("--accept", found["id"])[2]


def test_an_id_that_nothing_has_is_said_with_what_to_do(questions):
    for option in ("--accept", "--reject"):
        code, _, err = questions(option, "0badf00d")
        assert code == 1
        assert "There is no proposal '0badf00d'. `guidance questions --propose` lists them" in err


def test_a_card_that_is_not_there_is_said_with_where_to_look(questions, keep, proposed):
    keep(Kind.CHOSEN, UNSURE, "breaks")
    (found,) = proposed()
    code, _, err = questions("--accept", found["id"], "--card", "nonsense")
    assert code == 1
    assert "There is no card 'nonsense' in Little School. Its ids stand in little-school/cards.yml." in err


def test_a_clause_without_a_card_takes_no_phrasing(questions, keep, proposed, cards):
    keep(Kind.CHOSEN, UNSURE, "breaks")
    (found,) = proposed()
    before = cards.read_bytes()
    code, _, err = questions("--accept", found["id"], "--card", "clause-front-page")
    assert code == 1
    assert "Nobody has written a card for clause front page yet: guidance draft-cards -o little-school." in err
    assert cards.read_bytes() == before


def test_content_that_cannot_be_written_is_said_with_how_to_have_ones_own(questions, keep, proposed, cards):
    keep(Kind.CHOSEN, UNSURE, "breaks")
    (found,) = proposed()
    (cards.parent / PART).mkdir()
    code, _, err = questions("--accept", found["id"])
    assert code == 1
    assert f"{cards} cannot be written" in err
    assert "Trying it" not in err, "it is said before anybody waits"
    assert "cp -r" in err
    assert 'content = "my-content"' in err


def test_another_organisations_choices_are_not_proposed_here(questions, keep, proposed):
    keep(Kind.CHOSEN, UNSURE, "breaks", organisation="big-academy")
    assert proposed() == []


@pytest.mark.parametrize("options", [("--propose", "--accept", "x"), ("--accept", "x", "--json")])
def test_options_that_do_not_go_together_are_refused(questions, options):
    assert questions(*options)[0] == 2
