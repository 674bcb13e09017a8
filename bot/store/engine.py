"""Which SQLite keeps everything."""

import sqlite3

ENGINE = sqlite3.sqlite_version
"""Its version, as this Python was built with it or finds it on the machine."""
