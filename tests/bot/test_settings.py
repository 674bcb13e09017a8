"""The person who runs the bot: settings are read, and each mistake is one clear sentence."""

import re
import shutil
from datetime import date, time
from pathlib import Path

import pytest

from bot.app import assemble, now
from bot.casework.models import Duty
from bot.casework.rules import Closure, Contact, Hours, Rules
from bot.settings import SettingsError, UnknownWorkspaceError, read_environment, read_settings
from bot.settings_casework import Person, School
from bot.store import Store

EXAMPLE = Path(__file__).parents[2] / "bot" / "guidance.example.toml"
OPTIONAL = re.compile(r"# (\[|[a-zT][a-z_0-9]* = )")
CONTACT = '\n[[safeguarding.contact]]\nrole = "Lead"\nreach = "the office"\n'
BASE = 'organisation = "little-school"\n' + CONTACT
SCHOOL = BASE + "[organisations.little-school]\n"
PERSON = SCHOOL + 'person = [{{slack_id = {}, title = "Deputy head", duties = {}}}]'
HELPLINE = BASE + '[[helpline]]\nname = "A line"\nreach = "0800"\n'


@pytest.fixture
def toml(tmp_path):
    def write(text: str) -> Path:
        file = tmp_path / "guidance.toml"
        file.write_text(text, encoding="utf-8")
        return file

    return write


@pytest.fixture
def environment(monkeypatch):
    for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_API_URL"):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


def test_the_example_works_as_it_ships(tmp_path):
    file = shutil.copy(EXAMPLE, tmp_path / "guidance.toml")
    settings = read_settings(file)
    assert settings.organisation_of("T1") == "cherry-trees"
    assert settings.database == tmp_path / "guidance.db"
    assert settings.content.name == "content"
    assert settings.safeguarding.contact[0].role == "Designated safeguarding lead"
    assert (settings.cases, settings.key_file) == (tmp_path / "cases.db", tmp_path / "guidance.key")
    assert settings.takes_reports("cherry-trees")
    settings.refuse_silence()


def test_what_the_example_leaves_out_works_too(tmp_path):
    """Every line of settings that is commented out; the prose around them begins with a capital, or is indented."""
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
    assert len([line for line in lines if OPTIONAL.match(line)]) >= 15
    shown = [line.removeprefix("# ") if OPTIONAL.match(line) else line for line in lines]
    file = tmp_path / "guidance.toml"
    file.write_text("\n".join(shown), encoding="utf-8")
    settings = read_settings(file)
    assert settings.helpline[0].checked_on == date(2026, 9, 1)
    assert settings.administrator == "U0123456789"
    assert settings.people("cherry-trees")[-1].is_group
    assert settings.organisation_of("T9876543210") == "mercian-trust"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (CONTACT, "key 'organisation' is missing"),
        ('organisation = "little-school"', "no safeguarding contact is set"),
        ('organisation = "little-school"\n[safeguarding]', "no safeguarding contact is set"),
        ('organisation = "little-school"\n[safeguarding]\ncontact = []', "no safeguarding contact is set"),
        (
            'organisation = "little-school"\nslack_token = "x"' + CONTACT,
            "there is no key 'slack_token'. `guidance init --example`",
        ),
        ('organisation = "little-school"\n[ask]\nname = ""' + CONTACT, "key 'ask.name' is wrong"),
        ('organisation = "little-school"\n[ask]\nslack_id = "#slt"' + CONTACT, "key 'ask.slack_id' is wrong"),
        (
            'organisation = "little-school"\n[[safeguarding.contact]]\nrole = "Lead"',
            "key 'safeguarding.contact.0.reach'",
        ),
        ("organisation = little-school", "guidance.toml:1 is not valid TOML: Invalid value, at character 16. A text"),
        ("organisation = “little-school”", "between straight quotation marks"),
        ('organisation = "little-school"\nadministrator = "@me"' + CONTACT, "key 'administrator' is wrong"),
        (SCHOOL + "acknowledge_within = 0", "key 'organisations.little-school.acknowledge_within' is wrong"),
        (SCHOOL + "hours = {start = 8, end = 16}", "key 'organisations.little-school.hours' is wrong: a bare number"),
        (SCHOOL + 'hours = {start = "16:00", end = "08:00"}', "'end' is not after 'start'. Write start = "),
        (SCHOOL + "closure = [{first = 2026-12-21, last = 2026-12-01}]", "'last' is before 'first'. Write first"),
        (SCHOOL + "closure = [{first = 5, last = 6}]", "key 'organisations.little-school.closure' is wrong: a bare"),
        (SCHOOL + 'outside = {role = "LADO"}', "key 'organisations.little-school.outside.reach' is missing"),
        (
            PERSON.format('"@bob"', '["slt"]'),
            "person.0.slack_id' is wrong: it does not look like one. Copy it",
        ),
        (PERSON.format('"U0BOB"', '["boss"]'), 'Write a list of one or more of "slt", "dsl", "head" and "chair"'),
        (PERSON.format('"U0BOB"', "[]"), "person.0.duties' is wrong: it is empty"),
        (PERSON.format('"U0BOB"', '"slt"'), "person.0.duties' is wrong: it is no list"),
        (PERSON.format('"U0BOB"', '["slt"], deputy = "S0SLT"'), "person.0.deputy' is wrong"),
        (PERSON.format('"U0BOB"', '["slt"], deputy = "U0BOB"'), "nobody can be their own deputy"),
        (PERSON.format('"S0SLT"', '["slt"], name = "Bob"'), "leave 'name' out"),
        (
            PERSON.format('"U0BOB"', '["slt"], phone = "1"'),
            "no key 'organisations.little-school.person.0.phone'",
        ),
        (HELPLINE, "key 'helpline.0.checked_on' is missing. Write the day"),
        (HELPLINE + "checked_on = 2026", "key 'helpline.0.checked_on' is wrong: a bare number"),
        (BASE + '[organisations."Little School"]', "key 'organisations.Little School' is wrong"),
    ],
)
def test_a_mistake_names_the_key_the_file_and_the_readme(toml, text, sentence):
    with pytest.raises(SettingsError) as caught:
        read_settings(toml(text))
    assert sentence in str(caught.value)
    assert "guidance.toml" in str(caught.value)
    assert "Run it for real" in str(caught.value)


def test_a_missing_file_says_what_to_copy(tmp_path):
    with pytest.raises(SettingsError, match=r"Copy bot/guidance\.example\.toml to guidance\.toml"):
        read_settings(tmp_path / "guidance.toml")


def test_a_missing_token_names_its_variable(environment):
    environment.setenv("SLACK_BOT_TOKEN", "xoxb-1")
    with pytest.raises(SettingsError, match=r"SLACK_APP_TOKEN is not set.*Run it for real"):
        read_environment()


def test_tokens_that_were_swapped_are_noticed_and_not_repeated(environment):
    environment.setenv("SLACK_BOT_TOKEN", "xapp-secret")
    environment.setenv("SLACK_APP_TOKEN", "xoxb-secret")
    with pytest.raises(SettingsError, match="SLACK_BOT_TOKEN must begin with 'xoxb-'") as caught:
        read_environment()
    assert "secret" not in str(caught.value)


def test_over_http_the_signing_secret_is_needed_and_the_app_token_is_not(environment):
    environment.setenv("SLACK_BOT_TOKEN", "xoxb-1")
    for wrong in ("", "   "):
        environment.setenv("SLACK_SIGNING_SECRET", wrong)
        with pytest.raises(
            SettingsError, match=r"SLACK_SIGNING_SECRET is not set\. `guidance tokens --http` asks.*Run it for real"
        ):
            read_environment(http=True)
    for odd in ("short", f"{'0' * 16} {'0' * 16}"):
        environment.setenv("SLACK_SIGNING_SECRET", odd)
        with pytest.raises(SettingsError, match="copy it whole from Basic Information") as caught:
            read_environment(http=True)
        assert odd not in str(caught.value)
    environment.setenv("SLACK_SIGNING_SECRET", "0" * 32)
    assert read_environment(http=True).slack_signing_secret.get_secret_value() == "0" * 32
    assert "0" * 32 not in repr(read_environment(http=True))


def test_a_stand_in_for_slack_may_be_named(environment):
    environment.setenv("SLACK_BOT_TOKEN", "xoxb-1")
    environment.setenv("SLACK_APP_TOKEN", "xapp-1")
    assert read_environment().slack_api_url == "https://slack.com/api/"
    environment.setenv("SLACK_API_URL", "http://127.0.0.1:9/api")
    assert read_environment().slack_api_url == "http://127.0.0.1:9/api/"
    assert "xoxb-1" not in repr(read_environment())


def test_only_the_workspaces_that_are_named_are_served(settings):
    named = settings.model_copy(update={"workspaces": {"T1": "little-school", "T2": "big-academy"}})
    assert named.organisation_of("T2") == "big-academy"
    with pytest.raises(UnknownWorkspaceError):
        named.organisation_of("T3")


def test_an_organisation_without_content_stops_the_start(settings, school):
    store = Store(settings.database, now)
    with pytest.raises(
        SettingsError, match=r"There is no organisation 'no-school'\. There is: big-academy, little-school"
    ):
        assemble(settings.model_copy(update={"organisation": "no-school"}), school, store)
    store.close()


FULL = """
organisation = "little-school"
cases = "kept/cases.db"
key_file = "/etc/guidance.key"
[[safeguarding.contact]]
role = "Lead"
reach = "the office"
[organisations.little-school]
acknowledge_within = 3
remind_every = 1.5
urgent_within = 5
[organisations.little-school.hours]
start = "07:30"
end = "15:00"
[[organisations.little-school.closure]]
first = 2026-12-21
last = 2027-01-01
[organisations.little-school.outside]
role = "LADO"
reach = "the council"
[[organisations.little-school.person]]
slack_id = "U0DEPUTY"
title = "Deputy head"
duties = ["slt", "dsl"]
deputy = "U0OTHER"
[[organisations.little-school.person]]
slack_id = "S0SLT"
title = "Leadership team"
duties = ["slt"]
"""


def test_an_organisation_sets_its_people_its_hours_and_who_helps_from_outside(toml, tmp_path):
    settings = read_settings(toml(FULL))
    assert settings.rules("little-school") == Rules(
        hours=Hours(start=time(7, 30), end=time(15, 0)),
        closures=(Closure(first=date(2026, 12, 21), last=date(2027, 1, 1)),),
        acknowledge_within=3,
        remind_every=1.5,
        urgent_within=5,
        outside=Contact(role="LADO", reach="the council"),
    )
    assert settings.people("little-school") == (
        Person(slack_id="U0DEPUTY", title="Deputy head", duties={Duty.SLT, Duty.DSL}, deputy="U0OTHER"),
        Person(slack_id="S0SLT", title="Leadership team", duties={Duty.SLT}),
    )
    assert settings.cases == tmp_path / "kept" / "cases.db"
    assert settings.key_file == Path("/etc/guidance.key")


def test_an_organisation_that_sets_nothing_takes_no_reports_and_has_the_usual_rules(settings):
    assert not settings.takes_reports("little-school")
    assert settings.rules("little-school") == Rules()
    assert settings.people("little-school") == ()


def row(duty: Duty, slack_id: str = "U0BOB") -> Person:
    return Person(slack_id=slack_id, title="Somebody", duties={duty})


NO_SLT = "key 'organisations.little-school.person' names nobody with the duty slt"
NO_SENIOR = "key 'organisations.little-school' has no head, no chair and no outside contact"


@pytest.mark.parametrize(
    ("school", "sentences"),
    [
        (School(), [NO_SLT, NO_SENIOR]),
        (School(people=(row(Duty.HEAD),)), [NO_SLT]),
        (School(people=(row(Duty.SLT), row(Duty.DSL, "U0ANN"))), [NO_SENIOR]),
        (School(people=(row(Duty.SLT), row(Duty.HEAD, "U0ANN"))), []),
        (School(people=(row(Duty.SLT), row(Duty.CHAIR, "U0ANN"))), []),
        (School(people=(row(Duty.SLT, "S0SLT"),), outside=Contact(role="LADO", reach="the council")), []),
    ],
)
def test_case_5_where_a_report_would_reach_nobody_the_bot_does_not_start(settings, school, sentences):
    changed = settings.model_copy(update={"schools": {"little-school": school}})
    if not sentences:
        changed.refuse_silence()
        return
    with pytest.raises(SettingsError) as caught:
        changed.refuse_silence()
    said = str(caught.value).splitlines()
    assert len(said) == len(sentences)
    for line, sentence in zip(said, sentences, strict=True):
        assert line.startswith(f"guidance.toml: {sentence}")
        assert "Add [[organisations.little-school.person]]" in line
        assert "Run it for real" in line


def test_an_organisation_that_is_misspelt_stops_the_start(settings):
    school = School(people=(row(Duty.SLT), row(Duty.HEAD, "U0ANN")))
    changed = settings.model_copy(update={"schools": {"little-school": school, "litle-school": school}})
    with pytest.raises(SettingsError, match=r"key 'organisations\.litle-school' is not served\. Served: little-school"):
        changed.refuse_silence()


def test_backups_lie_beside_the_settings_and_a_monitor_looks_from_this_machine_only(toml):
    settings = read_settings(toml('organisation = "little-school"' + CONTACT + '\n[backups]\nfolder = "copies"'))
    assert settings.backups.folder == settings.file.absolute().parent / "copies"
    with pytest.raises(SettingsError, match=r"watch\.address"):
        read_settings(toml('organisation = "little-school"' + CONTACT + '\n[watch]\naddress = "0.0.0.0:9464"'))
