"""The file of settings itself, as editors and accounts leave it."""

import subprocess

import pytest

from bot.settings import SettingsError, read_settings
from tests.bot.accounts import AS_ROOT, as_nobody, for_all
from tests.bot.test_settings import CONTACT


def test_what_windows_editors_make_of_the_file_is_read_or_said_plainly(tmp_path):
    """Notepad puts a mark before UTF-8, and has two other ways to save a text."""
    file = tmp_path / "guidance.toml"
    text = 'organisation = "little-school"\r\nadministrator = "@me"\r\n' + CONTACT + "# café\r\n"
    file.write_text(text, encoding="utf-8-sig", newline="")
    with pytest.raises(SettingsError, match=r"guidance\.toml:2: key 'administrator' is wrong"):
        read_settings(file)
    file.write_text(text.replace("@me", "U0OFFICE"), encoding="utf-8-sig", newline="")
    assert read_settings(file).organisation == "little-school"
    for other in ("utf-16", "latin-1"):
        file.write_text(text, encoding=other)
        with pytest.raises(SettingsError, match=r"its text is not UTF-8\. Save it as UTF-8") as caught:
            read_settings(file)
        assert "codec" not in str(caught.value)


@AS_ROOT
def test_a_file_that_root_put_there_is_not_taken_for_a_missing_one(tmp_path):
    """Whoever copied the example over it, as is said of a missing one, would lose their settings."""
    for_all(tmp_path)
    file = tmp_path / "guidance.toml"
    file.write_text('organisation = "little-school"' + CONTACT, encoding="utf-8")
    file.chmod(0o600)
    with pytest.raises(SettingsError, match="Permission denied") as caught, as_nobody():
        read_settings(file)
    assert "Copy" not in str(caught.value)
    subprocess.run(str(caught.value).partition("run: ")[2].partition(". ")[0], shell=True, check=True)  # noqa: S602
    with as_nobody():
        assert read_settings(file)
