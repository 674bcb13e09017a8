"""Folders of backups that are no good, or not this bot's: said at once, and nothing taken for what it is not."""

import pytest

from bot.keeper import AGAIN
from bot.settings_running import Backups
from bot.store.cases import backups as kept
from bot.store.cases.backups import own
from tests.bot.cases.kept import Stores
from tests.bot.cases.test_backups import Kept


@pytest.fixture
def school(tmp_path):
    school = Kept(Stores(tmp_path), tmp_path / "backups")
    school.keeper.look()
    yield school
    school.stores.close()


def test_two_bots_with_one_folder_are_told_so_and_neither_takes_the_others_backups_for_its_own(school, tmp_path):
    """A test machine with a copy of the settings, perhaps: else one of the two would have no backup, and never say."""
    (tmp_path / "test").mkdir()
    second = Kept(Stores(tmp_path / "test"), school.folder)
    second.later(days=1)
    school.later(days=1)
    assert second.told[-1].startswith("No backup of the cases could be made. ")
    assert f"holds the backups of another file, {school.stores.file}." in second.told[-1]
    assert len(own(school.folder)) == 2, "the first goes on"
    second.keeper.take(Backups(folder=tmp_path / "alone"))
    second.later(seconds=1)
    assert len(own(tmp_path / "alone")) == 1
    kept.owner(school.folder).unlink()  # as is said where the file was moved
    second.keeper.take(Backups(folder=school.folder))
    second.later(days=1)
    assert len(own(school.folder)) == 3
    second.stores.close()


def test_another_folder_that_is_no_good_either_is_told_of_at_once(school, tmp_path):
    """Whoever mends a mistake by another would else take the silence for success, for a day."""
    for wrong in ("no", "nor"):
        school.keeper.take(Backups(folder=tmp_path / wrong / "such"))
        school.later(days=1 if wrong == "no" else 0)
        assert f"{tmp_path / wrong / 'such'} cannot be used (No such file or directory)." in school.told[-1]
        assert "“Backups and restoring”" in school.told[-1]
    school.keeper.take(Backups(folder=tmp_path / "nor" / "such"))
    school.later(seconds=AGAIN)
    assert len(school.told) == 2, "what is read anew unchanged is no news"
