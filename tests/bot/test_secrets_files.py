"""Tokens and the key from files: nothing secret in the environment, and a sentence where a file is not right."""

import json
import subprocess

import pytest

from bot.secrets_files import SecretFileError, known, resolved, secret, tokens
from bot.settings import SettingsError, read_environment
from bot.slack_checks import checks_of
from bot.store.cases.rotation import make_key, master_key
from bot.store.keys import KeyFileError, MasterKey
from tests.bot.accounts import AS_ROOT, as_nobody, for_all
from tests.bot.test_serve import run_serve
from tests.serving.conftest import prepared

VARIABLES = ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET", "GUIDANCE_KEY")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder of secrets, as a container or a service finds it, and an environment that says nothing else."""
    for name in (*VARIABLES, "GUIDANCE_SECRETS", *(f"{name}_FILE" for name in VARIABLES)):
        monkeypatch.delenv(name, raising=False)
    made = tmp_path / "secrets"
    made.mkdir()
    (made / "slack_bot_token").write_text("xoxb-from-folder\n")
    (made / "slack_app_token").write_text("xapp-from-folder")
    return made


def test_a_folder_of_files_is_enough(folder, monkeypatch):
    monkeypatch.setenv("GUIDANCE_SECRETS", str(folder))
    environment = read_environment()
    assert environment.slack_bot_token.get_secret_value() == "xoxb-from-folder"
    assert environment.slack_app_token.get_secret_value() == "xapp-from-folder"
    assert "from-folder" not in repr(environment)


def test_a_variable_names_one_file_and_the_variable_itself_goes_before_the_folder(folder, tmp_path, monkeypatch):
    (tmp_path / "elsewhere").write_text("xoxb-from-file")
    monkeypatch.setenv("GUIDANCE_SECRETS", str(folder))
    monkeypatch.setenv("SLACK_BOT_TOKEN_FILE", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("SLACK_APP_TOKEN", "xapp-itself")
    environment = read_environment()
    assert environment.slack_bot_token.get_secret_value() == "xoxb-from-file"
    assert environment.slack_app_token.get_secret_value() == "xapp-itself"
    assert list(known(environment, tmp_path / "no.key")) == ["xoxb-from-file", "xapp-itself"]


def test_the_signing_secret_comes_the_same_way(folder):
    (folder / "slack_signing_secret").write_text("8f2e\n")
    assert "8f2e" in tokens({"GUIDANCE_SECRETS": str(folder)}).values()


def test_a_program_that_looks_at_variables_finds_what_stands_in_files(folder):
    (folder / "guidance_key").write_text("a key")
    given = {"GUIDANCE_SECRETS": str(folder), "PATH": "/bin", "SLACK_APP_TOKEN": "xapp-itself"}
    assert resolved(given) == {
        **given, "SLACK_BOT_TOKEN": "xoxb-from-folder", "SLACK_APP_TOKEN": "xapp-itself", "GUIDANCE_KEY": "a key"
    }  # fmt: skip


def test_the_doctor_finds_tokens_in_files_and_names_the_file_that_is_not_right(folder, monkeypatch, guidance):
    monkeypatch.setenv("GUIDANCE_SECRETS", str(folder))
    monkeypatch.setenv("SLACK_API_URL", "http://127.0.0.1:9/")
    code, out, _ = guidance("doctor", "--config", str(folder / "none.toml"))
    assert code == 2
    assert "cannot be reached" in out or "could not be asked" in out, "with a token, it asks Slack"
    (folder / "slack_bot_token").write_text("")
    _, out, _ = guidance("doctor", "--config", str(folder / "none.toml"))
    assert "slack_bot_token is empty." in " ".join(out.split())


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "cannot be read (No such file or directory)."),
        (b"", "is empty."),
        (b" \n", "is empty."),
        (b"xoxb-1\nxapp-1\n", "must hold one line, the secret alone."),
        (b"\xff\xfe\x00", "is no text file."),
    ],
)
def test_a_file_that_is_not_right_is_named_and_nothing_of_it_repeated(folder, monkeypatch, content, sentence):
    file = folder / "a token"
    if content is not None:
        file.write_bytes(content)
    monkeypatch.setenv("SLACK_BOT_TOKEN_FILE", str(file))
    with pytest.raises(SettingsError) as refused:
        read_environment()
    assert str(refused.value).startswith(f"SLACK_BOT_TOKEN_FILE names {file}, which {sentence}")
    assert "xapp" not in str(refused.value)
    with pytest.raises(SettingsError):
        checks_of({"SLACK_BOT_TOKEN_FILE": str(file)})


def test_a_folder_that_cannot_be_looked_into_is_said_and_not_taken_for_an_empty_one():
    folder = f"/{'x' * 300}"  # as good as one without the right to enter, which a test run by root could not make
    with pytest.raises(SecretFileError, match=r"cannot be read \(File name too long\)"):
        secret({"GUIDANCE_SECRETS": folder}, "SLACK_BOT_TOKEN")


@AS_ROOT
@pytest.mark.parametrize("what", ["slack_bot_token", "."])
def test_a_token_that_root_put_there_is_named_with_the_command_that_mends_it(folder, what):
    for_all(folder)
    (folder / what).chmod(0o700)
    environment = {"GUIDANCE_SECRETS": str(folder)}
    with pytest.raises(SecretFileError, match="cannot be read") as refused, as_nobody():
        secret(environment, "SLACK_BOT_TOKEN")
    subprocess.run(str(refused.value).partition("run: ")[2].rstrip("."), shell=True, check=True)  # noqa: S602
    with as_nobody():
        assert secret(environment, "SLACK_BOT_TOKEN") == "xoxb-from-folder"


def test_two_places_for_one_secret_are_refused(tmp_path):
    both = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_BOT_TOKEN_FILE": str(tmp_path / "x")}
    with pytest.raises(SecretFileError, match="Both SLACK_BOT_TOKEN and SLACK_BOT_TOKEN_FILE are set"):
        secret(both, "SLACK_BOT_TOKEN")


def test_the_key_may_lie_in_a_file_of_somebody_else_which_goes_before_the_key_file(folder, tmp_path):
    key = MasterKey.new()
    (folder / "guidance_key").write_text(key.text())
    for environment in ({"GUIDANCE_SECRETS": str(folder)}, {"GUIDANCE_KEY_FILE": str(folder / "guidance_key")}):
        assert master_key(tmp_path / "cases.db", tmp_path / "no.key", environment).text() == key.text()
        with pytest.raises(KeyFileError, match="holds a key already"):
            make_key(tmp_path / "cases.db", tmp_path / "no.key", environment)
    with pytest.raises(KeyFileError, match="cannot be read"):
        master_key(tmp_path / "cases.db", tmp_path / "no.key", {"GUIDANCE_KEY_FILE": str(tmp_path)})


def test_in_a_log_for_a_machine_what_stops_the_start_is_json_too(tmp_path):
    file = str(tmp_path / "not there")
    ended = run_serve(prepared(tmp_path, more=""), GUIDANCE_LOG="json", SLACK_BOT_TOKEN_FILE=file)
    (line,) = map(json.loads, ended.stderr.splitlines())
    assert (line["level"], line["logger"]) == ("error", "bot.cli_slack")
    assert line["event"].startswith(f"SLACK_BOT_TOKEN_FILE names {file}, which cannot be read")
    assert (ended.returncode, ended.stdout) == (1, "")
