"""sqlite_utils as the bot needs it.

Where numpy and pandas are installed, as for the plots of `guidance evaluate`, it imports them to store their numbers.
We have none, and they would take ten megabytes and more of a small server.
"""

import sys

_HEAVY = [name for name in ("numpy", "pandas") if name not in sys.modules]

for _name in _HEAVY:
    sys.modules[_name] = None  # type: ignore[assignment]  # Python's own way to say that there is none
try:
    import sqlite_utils  # noqa: F401
finally:
    for _name in _HEAVY:
        del sys.modules[_name]
