"""`guidance init`: a person answers, Slack is asked whether it is right, and the bot starts with the result."""

import os
import pty
import subprocess
import sys
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from bot.cli_init import NO_TERMINAL, write
from bot.settings import read_settings
from bot.workspace.running import running
from tests.bot.conftest import CONTENT

PEOPLE = Path(__file__).parent / "data" / "organisations" / "people.yml"
GUIDANCE = [sys.executable, "-m", "bot.cli", "init"]


class Typist:
    """Somebody who answers each question by a word in it, with one answer after another; and what they were told."""

    def __init__(self, **answers: list[str] | str) -> None:
        self.answers = {key: [value] if isinstance(value, str) else list(value) for key, value in answers.items()}
        self.told: list[str] = []
        self.asked: list[str] = []

    def read(self, prompt: str) -> str:
        self.asked.append(prompt)
        for word, answers in self.answers.items():
            if word.replace("_", " ") in prompt:
                return answers.pop(0) if len(answers) > 1 else answers[0]
        return ""


@pytest.fixture
def slack(monkeypatch):
    with running(people=PEOPLE) as workspace:
        monkeypatch.setenv("SLACK_BOT_TOKEN", workspace.tokens.bot)
        monkeypatch.setenv("SLACK_API_URL", workspace.api)
        yield workspace


@pytest.fixture
def offline(monkeypatch):
    monkeypatch.delenv("SLACK_BOT_TOKEN", raising=False)


LITTLE = {
    "Which_organisations": "little-school",
    "Safeguarding_lead": "ring 01",
    "Senior_leadership": "S0LITTLE",
    "Headteacher": "U0LITTLEHEAD",
    "(LADO)": "ring 02",
}


def test_one_school_answers_and_the_file_explains_itself(tmp_path, slack):
    typist, file = Typist(**LITTLE), tmp_path / "guidance.toml"
    assert write(file, CONTENT, typist.read, typist.told.append)
    settings = read_settings(file)
    settings.refuse_silence()
    assert settings.organisation == "little-school"
    assert settings.content == CONTENT
    assert [person.slack_id for person in settings.people("little-school")] == ["S0LITTLE", "U0LITTLEHEAD"]
    assert settings.rules("little-school").outside.reach == "ring 02"
    lines = file.read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines):
        if line.startswith(("[[", "organisation =")):
            assert lines[number - 1].startswith("#"), f"'{line}' has no comment above it"
    assert not list(tmp_path.glob(".*")), "no draft is left"


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ("U0NOSUCH", "Slack knows nobody by the id U0NOSUCH."),
        ("U0GUIDANCE", "is a bot, and can have no duty."),
        ("S0NOSUCH", "Slack knows nobody by the id S0NOSUCH."),
        ("@head", "'@head' is no id of that kind."),
    ],
)
def test_a_wrong_id_is_asked_again(tmp_path, slack, wrong, sentence):
    typist = Typist(**LITTLE | {"Headteacher": [wrong, "U0LITTLEHEAD"]})
    write(tmp_path / "guidance.toml", CONTENT, typist.read, typist.told.append)
    assert any(sentence in said for said in typist.told)
    assert wrong not in (tmp_path / "guidance.toml").read_text(encoding="utf-8")


def test_an_id_that_is_needed_is_asked_for_until_it_is_there(tmp_path, slack):
    typist = Typist(**LITTLE | {"Headteacher": ["", "U0LITTLEHEAD"]})
    write(tmp_path / "guidance.toml", CONTENT, typist.read, typist.told.append)
    assert any(said.startswith("An id is needed here.") for said in typist.told)


@pytest.mark.parametrize(("flag", "words"), [("is_restricted", "is a guest"), ("deleted", "is deactivated")])
def test_guests_and_those_who_have_left_can_have_no_duty(tmp_path, slack, flag, words):
    people = slack.hub.state.people
    people["U0NOBODY"] = replace(people["U0NOBODY"], **{flag: True})
    typist = Typist(**LITTLE | {"Headteacher": ["U0NOBODY", "U0LITTLEHEAD"]})
    write(tmp_path / "guidance.toml", CONTENT, typist.read, typist.told.append)
    assert any(f"Visitor (U0NOBODY) {words}" in said for said in typist.told)


def test_two_schools_say_who_their_staff_are_and_whose_policy_applies_too(tmp_path, offline):
    answers = {
        "Which_organisations": "little-school, big-academy",
        "little-school:_user_groups": "S0LITTLE",
        "big-academy:_e-mail_domains": ["big", "big.example"],
        "little-school:_whose": ["nobody", "big-academy"],
    }
    typist, file = Typist(**LITTLE | answers), tmp_path / "guidance.toml"
    assert write(file, CONTENT, typist.read, typist.told.append)
    settings = read_settings(file)
    settings.refuse_silence()
    assert settings.organisations() == {"little-school", "big-academy"}
    assert settings.organisation is None, "nobody is put where no group and no domain names them"
    assert settings.also("little-school") == ("big-academy",)
    assert settings.staff("big-academy").domains == ("big.example",)
    assert "'big' is no e-mail domain. Write what stands after the @." in typist.told
    assert "There is no organisation 'nobody'. There is: big-academy." in typist.told
    assert "checked by shape alone" in typist.told[0]


def test_what_is_there_is_not_overwritten_without_a_yes(tmp_path, offline):
    file = tmp_path / "guidance.toml"
    file.write_text("mine", encoding="utf-8")
    for answer in ("", "no", "nonsense"):
        typist = Typist(**LITTLE | {"Overwrite": answer})
        assert not write(file, CONTENT, typist.read, typist.told.append)
        assert file.read_text(encoding="utf-8") == "mine"
    typist = Typist(**LITTLE | {"Overwrite": "yes"})
    assert write(file, CONTENT, typist.read, typist.told.append)
    assert tomllib.loads(file.read_text(encoding="utf-8"))["organisation"] == "little-school"


def test_where_there_is_no_terminal_it_says_so_and_writes_nothing(tmp_path):
    file = tmp_path / "guidance.toml"
    ran = subprocess.run(  # noqa: S603  (our own program)
        [*GUIDANCE, "--config", str(file)], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 1
    assert ran.stderr.strip() == NO_TERMINAL
    assert not file.exists()


def test_the_example_is_printed_wherever_the_program_is_installed(guidance):
    _, out, _ = guidance("init", "--example")
    assert out == (Path(__file__).parents[1] / "bot" / "guidance.example.toml").read_text(encoding="utf-8")


def test_in_a_terminal_it_asks_and_writes(tmp_path):
    file, (ours, theirs) = tmp_path / "guidance.toml", pty.openpty()
    answers = ["little-school", "S0SLT", "", "U0HEAD", "", "ring 02", "ring 01", "", ""]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SLACK_")}
    command = [*GUIDANCE, "--config", str(file), "--content", str(CONTENT)]
    process = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment)  # noqa: S603
    os.write(ours, "".join(f"{answer}\n" for answer in answers).encode())
    assert process.wait(30) == 0
    os.close(theirs)
    os.close(ours)
    settings = read_settings(file)
    assert settings.safeguarding.contact[0].reach == "ring 01"
    settings.refuse_silence()
