"""Confidential cases, kept so that the database alone tells nobody anything."""

from bot.store.cases.case_file import CaseFile
from bot.store.cases.locking import AlreadyRunningError, locked
from bot.store.cases.rotation import master_key
from bot.store.cases.sealing import TamperedError

__all__ = ["AlreadyRunningError", "CaseFile", "TamperedError", "locked", "master_key"]
