"""A signal is heard at whatever moment it comes: also in that in which Python has just begun to wait."""

import subprocess
import sys

from tests.serving.conftest import ROOT

ROUNDS = 1_500
MANY = f"""
import faulthandler, os, random, signal
from bot.serving.signals import Signals

faulthandler.dump_traceback_later(60, exit=True)
reading, writing = os.pipe()
if not os.fork():  # another process sends them, as another would
    os.close(writing)
    chance = random.Random(7)
    while os.read(reading, 1):
        for _ in range(chance.randrange(2_000)):
            pass
        os.kill(os.getppid(), signal.SIGTERM)
    os._exit(0)
for _ in range({ROUNDS}):
    with Signals().running() as wait:
        os.write(writing, b"x")
        wait(lambda: None)
print("all heard")
"""


def test_no_signal_is_missed_in_the_moment_before_the_wait():
    """A bot that was told to stop just then would have gone on until it was killed."""
    done = subprocess.run([sys.executable, "-c", MANY], cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603
    assert (done.returncode, done.stdout) == (0, "all heard\n"), done.stderr
