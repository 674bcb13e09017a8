"""What belongs in a case and is typed to the bot: known by where it stands, by when it comes, and by what it names."""

import pytest

from tests.workspace.school import DEPUTY, SECOND, at_school


@pytest.fixture
def school(workspace, librarian, tmp_path):
    with at_school(workspace, librarian, tmp_path) as made:
        yield made


def sent_back(school, name: str) -> list[str]:
    return [one["text"] for one in school.person(name).messages() if "not kept" in one["text"]]


def test_case_17_a_question_in_a_notices_thread_is_sent_back_days_later_too(school):
    school.reports()
    notice = school.notice(DEPUTY)
    school.workspace.wait_for(lambda: school.cases.waiting() == 0)
    school.time.move(days=3)
    deputy = school.person(DEPUTY)
    deputy.say("Did Canaria's mum call you?", thread_ts=notice["ts"])
    school.workspace.wait_for(lambda: sent_back(school, DEPUTY))
    school.parts.pool.close()
    assert school.parts.store.kept() == []


def test_case_17_what_is_no_question_is_sent_back_for_an_hour_after_a_notice(school):
    school.reports()
    school.notice(SECOND)
    school.workspace.wait_for(lambda: school.cases.waiting() == 0)
    second = school.person(SECOND)
    second.ask("Spoke to her mum, she had no idea")
    assert len(sent_back(school, SECOND)) == 1
    second.ask("May I tell her mum?")
    assert len(sent_back(school, SECOND)) == 1, "a question is answered"
    school.time.move(hours=2)
    second.ask("Spoke to her mum, she had no idea")
    assert len(sent_back(school, SECOND)) == 1
    school.parts.pool.close()
    assert "her mum" not in str(school.parts.store.kept()), "but nothing of it is kept"
