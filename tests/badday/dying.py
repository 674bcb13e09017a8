"""`guidance serve`, again and again: forked from a process that has read everything in already, to be killed.

    python -m tests.badday.dying FOLDER

For each line on its input it forks one that serves, and writes its process id; "up" once that one is connected, and
"gone" when it has ended. Tokens and Slack's address stand in the environment, as for `guidance serve`.
"""

import os
import sys
from pathlib import Path

from bot import logs, serve
from bot.settings import SettingsError, read_environment
from tests.badday.day import made_settings
from tests.bot.cases.crash_child import in_a_child, say


def live(folder: Path) -> None:
    """Serve, until killed."""
    logs.set_up()
    try:
        serve.run(made_settings(folder), read_environment(), lambda _: say("up"))
    except SettingsError as error:
        say(f"refused {error}")


def main(folder: Path) -> None:
    say("ready")
    for _ in sys.stdin:
        child = in_a_child(lambda: live(folder))
        say(f"pid {child}")
        os.waitpid(child, 0)
        say("gone")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
