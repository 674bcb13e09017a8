"""A case as its readers see it, and as its reporter does: each sees what is theirs, and nothing of the other's."""

import re
from datetime import timedelta

import pytest

from bot.casework.facts import PolicyQuestion
from bot.casework.kinds import KINDS
from bot.casework.models import Duty, Entry, Reader, State, Target, What
from bot.views import plainly, timeline
from bot.views.case_forms import FORMS, form
from bot.views.case_view import case_view
from bot.views.own_case import own_case
from knowledge.models import Clause
from tests.bot.block_rules import parts, shown
from tests.bot.cases.worst_cases import NOW, TODAY, case, elements, entry, labels, mistakes, options, report, submitted

NAMES = {"U0TEACHER": "Class teacher", "U0DEPUTY": "Sam Field", "U0OTHER": "Jo Hill", "U0OLD": "Al Brook"}
TITLES = {"U0DEPUTY": "Deputy head"}
DEPUTY = Reader(user="U0DEPUTY", name="Sam Field", title="Deputy head", duties=frozenset({Duty.SLT}))


def happened(*whats: What, by: str = "U0DEPUTY", **more) -> tuple[Entry, ...]:
    times = enumerate(whats, 1)
    return tuple(Entry(number=n, at=NOW + timedelta(hours=n), by=by, what=what, **more) for n, what in times)


def told(what: What, text: str, number: int = 1, **more) -> Entry:
    return Entry(number=number, at=NOW, by="U0DEPUTY", what=what, text=text, **more)


def plain_case(*entries: Entry, **changed):
    return case("word", 0, entries=entries, **({"withdrawn": None, "assigned": None, "urgent": False} | changed))


def seen_by_reader(shown_case, **given):
    moves = given.pop("moves", frozenset())
    view = case_view(shown_case, names=NAMES, titles=TITLES, me="U0DEPUTY", moves=moves, now=NOW, **given)
    assert mistakes(view) == []
    return view


def seen_by_reporter(shown_case, **given):
    view = own_case(shown_case, names=NAMES, readers=given.pop("readers", (DEPUTY,)), now=NOW, **given)
    assert mistakes(view) == []
    return view


def test_a_reader_sees_who_reported_what_when_and_where_it_stands():
    seen = shown(seen_by_reader(plain_case(assigned="U0DEPUTY", urgent=True))["blocks"])
    for says in (
        "Urgent: the reporter says that a child may be in danger now.",
        "Reference SG-K7Q2MX.",
        "State: new.",
        "To be acknowledged by 12:00 on Monday 23 November.",
        "Reported by Class teacher on 22 November 2026, 03:00 (30 hours old).",
        "Assigned to you.",
        "Who made contact: \nA pupil of our school",
        "Opening this was recorded.",
    ):
        assert says in seen


def test_a_case_that_nobody_acknowledged_in_time_is_overdue():
    late = plain_case(due=NOW - timedelta(minutes=1))
    assert "Overdue: nobody has acknowledged it." in shown(seen_by_reader(late)["blocks"])
    reminded = plain_case(due=NOW + timedelta(hours=1), step=1)
    assert "Overdue: nobody has acknowledged it." in shown(seen_by_reader(reminded)["blocks"])
    known = plain_case(due=None, state=State.ACKNOWLEDGED)
    assert "cknowledged it" not in shown(seen_by_reader(known)["blocks"])


def test_only_moves_that_are_permitted_have_a_button_and_it_carries_the_cases_id():
    view = seen_by_reader(plain_case(), moves=frozenset({"acknowledge", "note", "step-aside"}))
    buttons = {part["action_id"]: part["value"] for part in parts(view["blocks"]) if part.get("type") == "button"}
    assert buttons == dict.fromkeys(["move_acknowledge", "move_note", "move_step-aside"], plain_case().id)
    assert labels(seen_by_reader(plain_case())) == []


def test_messages_notes_and_referrals_stand_apart_and_everything_in_the_timeline():
    shown_case = plain_case(
        told(What.ASKED, "When did it begin?", 1),
        told(What.NOTE, "Spoke with the year head.", 2),
        told(What.REFERRED, "Rang them.", 3, target=Target.POLICE, on="2026-11-20", reference="CR/77"),
        told(What.CLOSED, "All is done.", 4, outcome="spoken"),
        state=State.CLOSED,
    )
    seen = shown(seen_by_reader(shown_case)["blocks"])
    messages, notes, referrals, everything = (
        seen.index(title)
        for title in ("Messages with the reporter", "Notes among those", "Referrals", "Everything that happened")
    )
    assert messages < seen.index("When did it begin?") < notes < seen.index("Spoke with the year head.") < referrals
    assert referrals < seen.index("Rang them.") < everything < seen.index("All is done.")
    assert "To: The police, 20 November 2026." in seen
    assert "CR/77" in seen
    assert "Outcome: Somebody spoke with the pupil or the family." in seen
    assert seen.index("closed it") < seen.rindex("wrote to the reporter"), "the newest first"


def test_a_long_case_is_turned_over_like_pages_and_none_of_it_is_lost():
    texts = [f"note number {n} of the case" for n in range(1, 101)]
    long = plain_case(*[told(What.NOTE, text, n) for n, text in enumerate(texts, 1)])
    seen, page = [], 0
    while True:
        view = seen_by_reader(long, page=page)
        assert view["private_metadata"] == f"{long.id}|61|{page}"
        seen += re.findall(r"note number \d+ of the case", shown(view["blocks"]))
        if "Earlier" not in labels(view):
            break
        page += 1
    assert seen == texts[::-1]
    assert "Later" in labels(view)
    assert seen_by_reader(long, page=99)["private_metadata"].endswith(f"|{page}"), "there is no page past the last"


def test_nobodys_slack_id_stands_on_screen():
    entries = [told(what, "", number, whom=("U0NOBODY", "U0OTHER")) for number, what in enumerate(What, 1)]
    view = seen_by_reader(plain_case(*entries, assigned="U0GONE", reporter="U0LEFT"))
    assert "U0" not in shown(view["blocks"])
    assert "a member of staff" in shown(view["blocks"])


def test_every_entry_every_state_and_every_move_has_words():
    assert set(timeline._SAYS) == set(What)
    assert set(plainly.STATE) == set(State)
    every_move = {move for kind in KINDS.values() for move in kind.moves}
    assert set(plainly.MOVES) == every_move
    assert set(FORMS) == (every_move - {"acknowledge"}) | {"add", "withdraw"}


def test_a_withdrawn_report_is_marked_and_kept():
    seen = shown(seen_by_reader(plain_case(withdrawn=NOW))["blocks"])
    assert "Taken back by the reporter on 23 November 2026, 09:00. It is kept." in seen
    assert "Name or handle" in seen


READERS_ONLY = [what for what in What if what not in {What.ASKED, What.ANSWERED, What.DECIDED, What.WITHDRAWN}]


@pytest.mark.parametrize("what", READERS_ONLY)
def test_the_reporter_reads_nothing_of_what_readers_write_among_themselves(what):
    secret = told(what, "canary", whom=("U0OTHER",), reference="canary", target=Target.POLICE, outcome="mistake")
    seen = shown(seen_by_reporter(plain_case(secret, state=State.CLOSED, facts=report("x", involved=())))["blocks"])
    for hidden in ("canary", "Jo Hill", "police", "by mistake, or reported twice"):
        assert hidden not in seen.replace(plainly.REPLIED[report("x").replied], "")


def test_case_4_the_reporter_is_not_told_who_is_recused():
    recused = plain_case(
        told(What.STEPPED_ASIDE, "", 1), told(What.INVOLVED, "", 2, whom=("U0OTHER",)), facts=report("x", involved=())
    )
    changed = recused.model_copy(update={"involved": frozenset({"U0OTHER"}), "stepped_aside": frozenset({"U0OLD"})})
    seen = shown(seen_by_reporter(changed)["blocks"])
    assert "Jo Hill" not in seen
    assert "Al Brook" not in seen
    assert "stepped" not in seen


def test_the_reporter_sees_where_it_stands_what_comes_next_and_who_may_read_it():
    seen = shown(seen_by_reporter(plain_case())["blocks"])
    assert "It is kept, and those who read it are being told." in seen
    assert "Somebody confirms that they have it by 12:00 on Monday 23 November." in seen
    assert "Who may read it\nSam Field, Deputy head" in seen
    assert "nobody inside the school can read it" in shown(seen_by_reporter(plain_case(), readers=())["blocks"])


def test_a_message_to_the_reporter_waits_for_an_answer_until_there_is_one():
    asked = plain_case(told(What.ASKED, "When did it begin?"), state=State.IN_REVIEW)
    seen = shown(seen_by_reporter(asked)["blocks"])
    assert "They have written to you." in seen
    assert "When did it begin?" in seen
    assert "Sam Field wrote to you." in seen
    answered = plain_case(*asked.entries, told(What.ANSWERED, "On Friday.", 2), state=State.IN_REVIEW)
    assert "They have written to you." not in shown(seen_by_reporter(answered)["blocks"])


def test_the_reporter_can_add_and_take_back_while_that_is_permitted():
    assert labels(seen_by_reporter(plain_case())) == ["Add or answer", "Take it back"]
    assert labels(seen_by_reporter(plain_case(withdrawn=NOW))) == ["Add or answer"]
    assert labels(seen_by_reporter(plain_case(state=State.CLOSED))) == ["Add or answer"]


def test_a_decided_question_shows_decision_reason_and_clauses():
    facts = PolicyQuestion(question="May I keep my old account?")
    decision = told(What.DECIDED, "Only with the settings closed.", outcome="conditions", refs=("8.9",))
    decided = plain_case(decision, kind="question", facts=facts, state=State.CLOSED)
    clause = Clause(ref="8.9", heading="Pupils", text="Report ALL attempts to contact to SLT.")
    seen = shown(seen_by_reporter(decided, clauses=(clause,))["blocks"])
    for says in ("It was decided: Allowed, with conditions.", "Only with the settings closed.", "Report ALL attempts"):
        assert says in seen
    assert "May I keep my old account?" in seen


@pytest.mark.parametrize("kind", KINDS)
def test_a_case_ends_in_the_ways_of_its_kind(kind):
    move = {"contact": "close", "question": "decide"}[kind]
    view = form(move, case("word", 0, kind=kind), today=TODAY)
    offered = options(elements(view)[f"{move}_outcome"][1])
    assert {value: one["text"]["text"] for value, one in offered.items()} == KINDS[kind].outcomes


@pytest.mark.parametrize("move", FORMS)
def test_case_13_after_a_conflict_the_form_shows_what_changed_and_keeps_what_was_typed(move):
    first = form(move, case("word", 3), readers=(DEPUTY,), names=NAMES, today=TODAY)
    stories = [
        action
        for action, (_, element) in elements(first).items()
        if element.get("multiline") and action != "add_involved"
    ]
    typed = {action.replace("-", "_"): f"my words in {action}" for action in stories}
    sent = submitted(first, **typed)
    changed = (told(What.CLOSED, "canary", 62, outcome="spoken"),)
    again = form(
        move,
        case("word", 3, version=62),
        readers=(DEPUTY,),
        names=NAMES,
        today=TODAY,
        changed=changed,
        state=sent["state"]["values"],
    )
    assert mistakes(again) == []
    seen = shown(again["blocks"])
    assert seen.startswith("Since you opened it:\n23 November 2026, 09:00 · Sam Field closed it.")
    assert "Please read this before you send." in seen
    assert "canary" not in seen
    for action in stories:
        assert elements(again)[action][1]["initial_value"] == f"my words in {action}"
    assert again["private_metadata"].split("|")[1] == "62"


def test_case_13_choices_are_kept_too_unless_they_are_no_longer_offered():
    first = form("refer", case("word", 0), today=TODAY)
    state = submitted(first, refer_target="police", refer_on="2026-11-02")["state"]["values"]
    kept = elements(form("refer", case("word", 0), today=TODAY, state=state))
    assert kept["refer_target"][1]["initial_option"]["value"] == "police"
    assert kept["refer_on"][1]["initial_date"] == "2026-11-02"
    gone = {"assign_whom": {"assign_whom": {"selected_option": {"value": "U0OTHER"}}}}
    again = form("assign", case("word", 0), readers=(DEPUTY,), today=TODAY, state=gone)
    assert "initial_option" not in elements(again)["assign_whom"][1]


def test_stepping_aside_and_naming_somebody_say_what_they_do():
    for move in ("step-aside", "involve"):
        assert "all sight of it at once" in shown(form(move, case("word", 0), today=TODAY)["blocks"])


def test_whoever_writes_is_told_who_reads_it():
    hints = {
        action: block["hint"]["text"]
        for move in ("note", "ask", "close")
        for block in form(move, case("word", 0), today=TODAY)["blocks"]
        for action in [block.get("block_id")]
        if "hint" in block
    }
    assert hints["note_text"].startswith("The reporter does not see it.")
    assert hints["close_reason"].startswith("The reporter does not see it.")
    assert hints["ask_text"].startswith("The reporter reads it.")
    assert hints["close_message"].startswith("The reporter reads it.")


def test_the_worst_entries_fill_pages_and_each_page_fits():
    pages = timeline.pages([entry(n, What.NOTE, "\U0001f600") for n in range(1, 61)])
    assert sum(map(len, pages)) == 60
    assert len(pages) > 10
