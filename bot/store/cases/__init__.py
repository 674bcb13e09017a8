"""Confidential cases, kept so that the database alone tells nobody anything."""

from bot.store.cases.case_file import CaseFile
from bot.store.cases.database import back_up
from bot.store.cases.locking import AlreadyRunningError, locked
from bot.store.cases.rotation import master_key
from bot.store.cases.sealing import TamperedError

__all__ = ["AlreadyRunningError", "CaseFile", "TamperedError", "back_up", "locked", "master_key"]
