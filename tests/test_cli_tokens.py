"""`guidance tokens`: typed unseen, tried at Slack, kept in files; and what `guidance init` then says is left to do."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from bot import cli_tokens
from bot.cli_init import write
from bot.healthy import state
from bot.next_steps import next_steps
from bot.secrets_files import tokens
from bot.settings import read_settings
from bot.workspace.running import listening, running
from tests.bot.conftest import CONTENT
from tests.test_cli_init import LITTLE, Typist

SIGNING = "8f2e" * 8


@pytest.fixture(scope="module")
def workspace():
    with running() as made:
        yield made


@pytest.fixture
def asked(tmp_path, workspace):
    """Calls the command as somebody who answers; gives what they were told, and the folder."""

    def ask(*answers: str, http: bool = False, api: str = workspace.api) -> str:
        typed, told = list(answers), []

        def read(prompt: str) -> str:
            told.append(prompt)
            return typed.pop(0)

        cli_tokens.ask_and_keep(tmp_path / "secrets", {"SLACK_API_URL": api}, read, told.append, http=http)
        assert not typed
        return "\n".join(told)

    return ask


def test_right_tokens_are_kept_for_this_account_alone(asked, workspace, tmp_path):
    said = asked(workspace.tokens.bot, workspace.tokens.app)
    assert "this is the bot of the workspace Cherry Trees School" in said
    assert "Socket Mode can be used." in said
    folder = tmp_path / "secrets"
    assert tokens({"GUIDANCE_SECRETS": str(folder)}) == {
        "slack_bot_token": workspace.tokens.bot,
        "slack_app_token": workspace.tokens.app,
    }
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {file.stat().st_mode & 0o777 for file in folder.iterdir()} == {0o600}
    assert workspace.tokens.bot not in said
    assert workspace.tokens.app not in said


def test_what_is_wrong_is_said_and_asked_again_and_never_kept(asked, workspace, tmp_path):
    bot, app = workspace.tokens.bot, workspace.tokens.app
    said = asked(app, "xoxb-wrong", "xoxb-with space", bot, bot, "xapp-wrong", app)
    assert said.count("That is no bot token: it begins with xoxb-.") == 2
    assert said.count("Slack does not take it (invalid_auth). Copy it again, the whole of it.") == 2
    assert "That is no app token: it begins with xapp-." in said
    assert (tmp_path / "secrets" / "slack_bot_token").read_text() == f"{bot}\n"
    assert sorted(file.name for file in (tmp_path / "secrets").iterdir()) == ["slack_app_token", "slack_bot_token"]


def test_without_an_answer_what_is_there_stays(asked, workspace, tmp_path):
    said = asked("", "")
    assert "Without it the bot cannot start" in said
    assert "Next: guidance tokens, again" in said
    asked(workspace.tokens.bot, "")
    said = asked("", workspace.tokens.app)
    assert "An empty answer keeps the one that is there." in said
    assert (tmp_path / "secrets" / "slack_bot_token").read_text() == f"{workspace.tokens.bot}\n"


def test_for_http_it_asks_for_the_signing_secret_and_no_app_token(asked, workspace, tmp_path):
    said = asked(workspace.tokens.bot, "not one", SIGNING, http=True)
    assert "That is no signing secret" in said
    assert "App-Level" not in said
    assert (tmp_path / "secrets" / "slack_signing_secret").read_text() == f"{SIGNING}\n"


def test_where_slack_cannot_be_reached_nothing_is_kept(asked, workspace, tmp_path):
    said = asked(workspace.tokens.bot, "", "", api="http://127.0.0.1:9/")
    assert "Slack could not be asked" in said
    assert list((tmp_path / "secrets").iterdir()) == []


@pytest.mark.parametrize(
    ("options", "sentence"), [([], cli_tokens.NO_FOLDER), (["--folder", "x"], cli_tokens.NO_TERMINAL)]
)
def test_without_a_folder_or_a_terminal_it_says_what_to_do(options, sentence, tmp_path):
    program = "import typer; from bot.cli_tokens import tokens; typer.run(tokens)"
    ran = subprocess.run(  # noqa: S603  (our own program)
        [sys.executable, "-c", program, *options],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, cwd=tmp_path, env={"PATH": ""},
    )  # fmt: skip
    assert (ran.returncode, ran.stdout, ran.stderr.strip()) == (1, "", sentence)


@pytest.fixture
def settled(tmp_path, monkeypatch):
    """What `guidance init` writes, and says at its end, with these variables set."""

    def settle(**environment: str) -> tuple[Path, str]:
        for name in ("SLACK_BOT_TOKEN", "GUIDANCE_SECRETS", "GUIDANCE_COMMAND", "GUIDANCE_START", "GUIDANCE_KEY"):
            monkeypatch.delenv(name, raising=False)
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        file, typist = tmp_path / "guidance.toml", Typist(**LITTLE)
        assert write(file, CONTENT, typist.read, typist.told.append)
        return file, typist.told[-1]

    return settle


def test_init_ends_by_saying_exactly_what_to_do_next(settled):
    file, said = settled()
    steps = re.findall(r"^  (\d)\. (\S.*?)(?:    .*)?$", said, re.MULTILINE)
    option = f" --config {file}"
    assert [step for _, step in steps[:4]] == [
        "guidance tokens --folder secrets, then: export GUIDANCE_SECRETS=secrets",
        f"guidance keys new{option}",
        f"guidance doctor{option}",
        f"guidance serve{option}",
    ]
    assert [number for number, _ in steps] == list("12345")


def test_on_a_server_it_says_so_in_the_servers_words_and_leaves_out_what_is_done(settled, tmp_path):
    secrets = tmp_path / "secrets"
    secrets.mkdir()
    server = {"GUIDANCE_SECRETS": str(secrets), "GUIDANCE_COMMAND": "sudo guidance", "GUIDANCE_START": "sudo start it"}
    file, said = settled(**server)
    settings = read_settings(file)
    assert settings.key_file == secrets / "guidance.key", "apart from the reports"
    assert f"1. sudo guidance tokens\n  2. sudo guidance keys new --config {file}" in said
    settings.key_file.write_text("a key")
    (secrets / "slack_bot_token").write_text("xoxb-1")
    left = next_steps(settings, Path("guidance.toml"), server)
    assert left.startswith("Next:\n  1. sudo guidance doctor ")
    assert "\n  2. sudo start it\n" in left


def test_the_health_check_says_whether_it_is_alive_and_if_not_why(tmp_path):
    config = tmp_path / "guidance.toml"
    assert state(config) == f"{config} cannot be read (FileNotFoundError)."
    for text, said in (
        ("[watch", "cannot be read"),
        ("watch = 1", "cannot be read"),
        ('[watch]\naddress = ""', "empty"),
    ):
        config.write_text(text, encoding="utf-8")
        assert said in state(config)
    with listening(0) as taken:
        port = taken.getsockname()[1]
    config.write_text(f'[watch]\naddress = "127.0.0.1:{port}"', encoding="utf-8")
    assert state(config) == f"It does not answer at 127.0.0.1:{port} (URLError)."
    config.write_text(f'[watch]\naddress = "127.0.0.1:{port}"', encoding="utf-8-sig")  # as Notepad saves it
    assert state(config) == f"It does not answer at 127.0.0.1:{port} (URLError)."


def test_a_web_server_that_is_not_the_bot_is_not_taken_for_it(workspace, tmp_path):
    config = tmp_path / "guidance.toml"
    config.write_text(f'[watch]\naddress = "{workspace.origin.removeprefix("http://")}"', encoding="utf-8")
    assert state(config) == "It answers 404."
