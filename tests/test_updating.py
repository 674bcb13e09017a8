"""Updates of an installed bot by `install.sh`, as root, in a mount namespace of its own; what is built is only named.

`tests/test_installing.py` builds and runs the real thing.
"""

import shutil
import subprocess
import time

import pytest

from tests.test_installing import DEPLOY, Machine, able

pytestmark = pytest.mark.skipif(not able(), reason="needs root, and the tools of util-linux")
BUILD = """#!/bin/sh
set -eu
mkdir -p "$1/bin"
[ -z "${NETWORK_IS_GONE:-}" ] || exit 1
printf '#!/bin/sh\\necho "I am $(id -un)"\\n' >"$1/bin/guidance"
chmod +x "$1/bin/guidance"
"""
CRON = {"PATH": "/usr/bin:/bin"}
"""What cron gives to a command in /etc/cron.d."""


@pytest.fixture
def machine(tmp_path):
    made = Machine(tmp_path, {"PATH": "/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"})
    yield made
    made.close()


@pytest.fixture
def update(machine, tmp_path):
    """Installs, or updates, as root with a umask; gives the release that is in force then."""
    deploy = tmp_path / "deploy"
    shutil.copytree(DEPLOY, deploy)
    (deploy / "build.sh").write_text(BUILD, encoding="utf-8")

    def run(umask: str = "022", code: int = 0, variable: str = "") -> str:
        time.sleep(1.05)  # a release is named by its second
        machine.run("sh", "-c", f"umask {umask}; {variable} sh {deploy}/install.sh", code=code)
        return machine.run("readlink", "/opt/guidance/current").strip()

    return run


def releases(machine) -> list[str]:
    return machine.run("sh", "-c", "ls -d /opt/guidance/2*").split()


def test_the_release_before_can_come_back_however_many_updates_failed(machine, update):
    first = update()
    assert update(code=1, variable="NETWORK_IS_GONE=yes") == first
    assert update(code=1, variable="NETWORK_IS_GONE=yes") == first
    assert releases(machine) == [first], "nothing is left of what failed"
    second = update()
    assert releases(machine) == [first, second]
    machine.run("ln", "-sfn", first, "/opt/guidance/current")  # the second was no good
    third = update()
    assert releases(machine) == [first, third], "back to the first means to the one that worked"


def test_a_release_that_still_runs_keeps_its_files(machine, update):
    first = update()
    machine.run("sh", "-c", f"cp /bin/sleep {first}/bin/guidance")
    with subprocess.Popen(machine.within(f"{first}/bin/guidance", "60")) as running:  # noqa: S603
        second, third = update(), update()
        assert releases(machine) == [first, second, third]
        running.kill()
    assert releases(machine)[0] != update()
    assert first not in releases(machine)


def test_the_service_s_account_can_run_it_though_root_keeps_new_files_to_itself(machine, update):
    update(umask="077")
    assert machine.run("guidance") == "I am guidance\n"


def test_the_command_that_the_readme_gives_to_cron_is_found_there(machine, update):
    update()
    (line,) = [line for line in (DEPLOY.parents[1] / "README.md").read_text().splitlines() if "  root  " in line]
    command = line.split("  root  ")[1]
    machine.environment = CRON
    assert machine.run("sh", "-c", command) == "I am guidance\n"
