"""Settings and content change while people ask: no question is lost, and a mistake changes nothing."""

import json
import os
import signal

import pytest

from tests.waiting import PATIENCE, until
from tests.workspace.trust import BIG, CENTRAL, LITTLE, LITTLE_HEAD, at_trust

QUESTION = "Can I accept a friend request from a pupil?"
CARDS = "content/big-academy/cards.yml"


@pytest.fixture
def trust(tmp_path):
    with at_trust(tmp_path) as made:
        yield made


@pytest.fixture
def watched(trust):
    """The trust, with somebody who looks for changes ten times a second."""
    trust.reloader._every = 0.1
    trust.reloader.start()
    return trust


def answered(trust, user: str) -> str:
    return json.dumps(trust.person(user).ask(QUESTION)["blocks"], ensure_ascii=False)


def test_fifty_questions_in_flight_are_all_answered_while_everything_is_read_anew(watched):
    before = watched.live.now
    people = [watched.person(BIG), watched.person(LITTLE)]
    for number in range(50):
        people[number % 2].say(f"{QUESTION} {number}")
        if number == 10:
            watched.change(watched.folder / CARDS, "Never accept one.", "Never, ever accept one.")
        if number == 30:
            watched.change(watched.file, 'reach = "ring 02"', 'reach = "ring 03"')
    watched.workspace.wait_for(lambda: sum(len(one.replies()) for one in people) >= 50, PATIENCE)
    watched.workspace.wait_for(lambda: watched.live.now is not before)
    assert sum(len(one.replies()) for one in people) == 50
    assert not any("went wrong" in reply["text"] for one in people for reply in one.replies())
    until(lambda: watched.live.settings.of("big-academy").safeguarding.contact[0].reach == "ring 03")
    until(lambda: "Never, ever accept one." in answered(watched, BIG))


def test_a_broken_file_of_content_keeps_the_old_and_the_administrator_is_told_once(trust):
    old = trust.live.now
    cards = trust.folder / CARDS
    trust.change(cards, 'refs: ["1"]', 'refs: ["99"]')
    assert not trust.reloader.reload()
    assert not trust.reloader.reload(), "the same mistake, looked at again"
    assert trust.live.now is old
    assert "Never accept one." in answered(trust, BIG)
    (told,) = trust.person(CENTRAL).replies()
    said = json.dumps(told["blocks"], ensure_ascii=False)
    assert "cards.yml:5: The policy has no clause '99'." in said
    assert "`guidance clauses` lists the refs" in said
    trust.change(cards, 'refs: ["99"]', 'refs: ["1"]')
    assert trust.reloader.reload()
    assert trust.live.now is not old
    assert len(trust.person(CENTRAL).replies()) == 1


def test_a_mistake_in_the_settings_keeps_the_old_and_names_the_line(trust, caplog):
    line = trust.file.read_text(encoding="utf-8").splitlines().index('also = ["our-trust"]') + 1
    trust.change(trust.file, 'also = ["our-trust"]', "also = 7")
    assert not trust.reloader.reload()
    assert f"guidance.toml:{line}: key 'organisations.little-school.also' is wrong: it is no list." in caplog.text
    assert "Our Trust says" in answered(trust, LITTLE)


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ('also = ["our-trust"]', 'also = ["no-trust"]', "also' is wrong: There is no organisation 'no-trust'"),
        ('duties = ["slt", "head"]', 'duties = ["dsl"]', "names nobody with the duty slt"),
        ("[ask]", "[ask", "is not valid TOML"),
    ],
)
def test_what_would_stop_a_start_is_not_taken(trust, caplog, before, after, sentence):
    old = trust.live.now
    trust.change(trust.file, before, after)
    assert not trust.reloader.reload()
    assert sentence in caplog.text
    assert trust.live.now is old


def test_a_changed_role_takes_effect_at_the_next_click(trust):
    big = trust.person(BIG)
    big.shortcut("report_contact")
    big.modal_showing("Who will read this")
    big.fill(report_danger="no", report_who="pupil", report_contacts=["request"])
    big.submit()
    big.modal_showing("Your reference is")
    head = trust.person("U0BIGHEAD")
    notice = trust.workspace.wait_for(lambda: head.replies() and head.replies()[0])
    head.press(notice, "Open")
    head.modal_showing("Opening this was recorded")
    head.close(whole=True)
    trust.change(trust.file, 'slack_id = "U0BIGHEAD"', 'slack_id = "U0BIG"')
    assert trust.reloader.reload()
    head.press(notice, "Open")
    head.modal_showing("There is nothing here that you can open")


def test_somebody_who_gets_a_role_is_among_the_readers_of_the_next_form(trust):
    trust.change(trust.file, 'slack_id = "U0LITTLEHEAD"', 'slack_id = "U0BIG"')
    assert trust.reloader.reload()
    little = trust.person(LITTLE)
    little.shortcut("report_contact")
    form = json.dumps(little.modal_showing("Who will read this"))
    assert "Teacher of the big academy" in form
    assert LITTLE_HEAD not in form


def test_an_organisation_with_open_cases_is_not_taken_away(trust, caplog):
    central = trust.person(CENTRAL)
    central.shortcut("report_contact")
    central.modal_showing("Who will read this")
    central.fill(report_danger="no", report_who="pupil", report_contacts=["request"])
    central.submit()
    central.modal_showing("is kept safe")
    text = trust.file.read_text(encoding="utf-8")
    trust.file.write_text(text[: text.index("[organisations.our-trust]")], encoding="utf-8")
    assert not trust.reloader.reload()
    assert "'our-trust' is served no more, and 1 of its cases are open" in caplog.text


def test_a_file_counts_once_it_stands_still(trust):
    """Somebody saves half of it, and then the rest: the half is never tried."""
    looked = trust.reloader
    half = looked._glance(looked._seen, asked=False)
    trust.change(trust.file, "[ask]", "[ask")
    second = looked._glance(half, asked=False)
    assert second != half
    trust.change(trust.file, "[ask", "[ask]")
    third = looked._glance(second, asked=False)
    assert trust.person(CENTRAL).replies() == []
    before = trust.live.now
    looked._glance(third, asked=False)
    assert trust.live.now is not before
    assert trust.person(CENTRAL).replies() == []


def test_sighup_reads_it_at_once(watched):
    watched.reloader._every = 60
    signal.signal(signal.SIGHUP, lambda *_: watched.reloader.now())
    before = watched.live.now
    os.kill(os.getpid(), signal.SIGHUP)
    until(lambda: watched.live.now is not before)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
