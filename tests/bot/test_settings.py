"""The person who runs the bot: settings are read, and each mistake is one clear sentence."""

import shutil
from pathlib import Path

import pytest

from bot.app import assemble, now
from bot.settings import SettingsError, UnknownWorkspaceError, read_environment, read_settings
from bot.store import Store

EXAMPLE = Path(__file__).parents[2] / "bot" / "guidance.example.toml"
CONTACT = '\n[[safeguarding.contact]]\nrole = "Lead"\nreach = "the office"\n'


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


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (CONTACT, "key 'organisation' is missing"),
        ('organisation = "little-school"', "no safeguarding contact is set"),
        ('organisation = "little-school"\n[safeguarding]', "no safeguarding contact is set"),
        ('organisation = "little-school"\n[safeguarding]\ncontact = []', "no safeguarding contact is set"),
        ('organisation = "little-school"\nslack_token = "x"' + CONTACT, "there is no key 'slack_token'"),
        ('organisation = "little-school"\n[ask]\nname = ""' + CONTACT, "key 'ask.name' is wrong"),
        ('organisation = "little-school"\n[ask]\nslack_id = "#slt"' + CONTACT, "key 'ask.slack_id' is wrong"),
        (
            'organisation = "little-school"\n[[safeguarding.contact]]\nrole = "Lead"',
            "key 'safeguarding.contact.0.reach'",
        ),
        ("organisation = little-school", "is not valid TOML"),
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
