"""The files with which the bot is installed: what they promise, and that a server's own packages are enough.

No systemd and no container engine is needed here; `tests/test_installing.py` runs what these files say.
"""

import json
import re
import shutil
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path

import pytest
import yaml

from bot.materials import PINS, pins
from bot.secrets_files import KEY, TOKENS
from bot.serve import FINISH_SECONDS

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "bot" / "deploy"
SCRIPTS = ("build.sh", "install.sh", "guidance.sh")


def read(name: str) -> str:
    return (DEPLOY / name).read_text(encoding="utf-8")


UNIT = [line.partition("=")[::2] for line in read("guidance.service").splitlines() if re.match(r"[A-Za-z]+=", line)]
DOCKERFILE = read("Dockerfile").replace("\\\n", " ").splitlines()
COMPOSE = yaml.safe_load(read("compose.yml"))


def unit(key: str) -> list[str]:
    return [value for name, value in UNIT if name == key]


def steps(word: str) -> list[str]:
    return [line.partition(" ")[2].strip() for line in DOCKERFILE if line.startswith(f"{word} ")]


@pytest.mark.parametrize("name", [*SCRIPTS, "guidance.service", "Dockerfile", "compose.yml"])
def test_no_file_holds_a_secret_or_takes_one_on_a_command_line_or_from_a_variable(name):
    text = read(name)
    assert not re.search(r"xox[a-z]-\w|xapp-\w", text)
    for secret in (*TOKENS, KEY):
        assert not re.search(rf"{secret}\b(?!_FILE)", text), f"{secret} would stand in an environment"
    assert not re.search(r"^ARG\b", text, re.MULTILINE)


def test_the_service_is_an_account_of_its_own_and_has_nothing_but_its_folder():
    assert unit("User") == unit("Group") == ["guidance"]
    assert unit("StateDirectory") == ["guidance"]
    assert unit("WorkingDirectory") == ["/var/lib/guidance"]
    assert unit("ProtectSystem") == ["strict"]
    assert unit("CapabilityBoundingSet") == [""]
    for guard in ("NoNewPrivileges", "ProtectHome", "PrivateTmp", "PrivateDevices", "MemoryDenyWriteExecute"):
        assert unit(guard) == ["yes"], guard
    assert unit("MemoryMax") == ["256M"]
    assert unit("UMask") == ["0077"]


def test_the_service_is_stopped_gently_started_again_and_told_of_changes():
    assert int(unit("TimeoutStopSec")[0]) > FINISH_SECONDS + 5
    assert unit("Restart") == ["on-failure"]
    assert unit("RestartForceExitStatus") == ["SIGHUP"], "a reload before the program hears it would end it for good"
    assert unit("StartLimitIntervalSec") == ["0"]
    assert unit("ExecReload") == ["/bin/kill -HUP $MAINPID"]
    assert unit("ExecStart") == ["/opt/guidance/current/bin/guidance serve"]
    assert "/opt/guidance/current/bin/guidance" in read("guidance.sh")


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="needs systemd-analyze")
def test_systemd_itself_finds_no_mistake_in_the_unit_and_little_exposed(tmp_path):
    file = tmp_path / "guidance.service"
    file.write_text(re.sub(r"^ExecStart=.*", "ExecStart=/bin/true", read("guidance.service"), flags=re.MULTILINE))
    verified = subprocess.run(["systemd-analyze", "verify", file], capture_output=True, text=True, check=False)  # noqa: S603, S607
    assert (verified.returncode, verified.stdout + verified.stderr) == (0, "")
    command = ["systemd-analyze", "security", "--offline=yes", "--no-pager", file]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603
    exposed = float(re.search(r"exposure level for guidance\.service: ([\d.]+)", said)[1])
    assert exposed <= 1.5, said


def test_the_image_is_not_root_checks_its_health_and_holds_only_what_is_copied():
    user = steps("USER")[-1]
    assert re.fullmatch(r"[1-9]\d{3,}:[1-9]\d{3,}", user)
    assert f"--uid {user.partition(':')[0]} " in " ".join(steps("RUN"))
    assert DOCKERFILE.index(f"USER {user}") < next(i for i, line in enumerate(DOCKERFILE) if line.startswith("CMD"))
    assert json.loads(steps("HEALTHCHECK")[-1].partition("CMD ")[2]) == ["python", "-P", "-m", "bot.healthy"]
    assert (DEPLOY.parent / "healthy.py").exists()
    assert json.loads(steps("ENTRYPOINT")[-1]) == ["guidance"]
    assert len(steps("FROM")) == 2
    assert len({base.removesuffix(" AS build") for base in steps("FROM")}) == 1, "what was built there runs here"
    for line in steps("COPY"):
        *sources, _ = line.split()
        if not sources[0].startswith("--from="):
            assert all((ROOT / source).exists() for source in sources), line
            assert all(f"!{source}" in (ROOT / ".dockerignore").read_text().splitlines() for source in sources), line


@pytest.mark.parametrize("file", ["bot/guidance.key", "bot/cases.db", "bot/x.db-wal", ".env", "guidance.toml", ".git"])
def test_what_somebody_may_have_left_in_the_folder_is_not_sent_to_the_builder(file):
    rules = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and not line.startswith("#")]
    sent = True
    for rule in rules:  # the last one that fits decides
        pattern = rule.lstrip("!").removeprefix("**/")
        if fnmatch(file, pattern) or fnmatch(Path(file).name, pattern) or file.startswith(f"{pattern}/"):
            sent = rule.startswith("!")
    assert not sent


@pytest.mark.parametrize("name", ["guidance", "setup"])
def test_a_container_can_write_only_its_data_and_do_nothing_else(name):
    service = COMPOSE["services"][name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["user"] == steps("USER")[-1]
    assert service["mem_limit"] == service["memswap_limit"] == "256m"
    assert service["init"] is True, "the kernel keeps from a first process what it does not hear yet"
    assert int(service["stop_grace_period"].rstrip("s")) > FINISH_SECONDS + 5
    assert "noexec" in service["tmpfs"][0]
    assert not service.keys() & {"ports", "privileged", "network_mode", "devices", "env_file", "pid"}
    targets = [re.sub(r"^\$\{[^}]*\}:", "", volume) for volume in service["volumes"]]
    assert targets == ["/data", "/run/secrets:ro" if name == "guidance" else "/run/secrets"]


def test_compose_asks_for_health_as_the_image_does_and_setup_runs_only_when_it_is_called():
    services = COMPOSE["services"]
    asked = services["guidance"]["healthcheck"]["test"]
    assert asked == ["CMD", *json.loads(steps("HEALTHCHECK")[-1].partition("CMD ")[2])]
    assert (DEPLOY / services["guidance"]["build"]["context"] / services["guidance"]["build"]["dockerfile"]).exists()
    assert services["setup"]["profiles"] == ["setup"]
    assert services["setup"]["restart"] == "no"


@pytest.mark.parametrize("name", SCRIPTS)
def test_every_script_is_a_script_and_stops_at_the_first_mistake(name):
    assert subprocess.run(["sh", "-n", DEPLOY / name], check=False).returncode == 0  # noqa: S603, S607
    assert "\nset -eu\n" in read(name)


def test_nothing_is_installed_but_by_its_hash_or_from_what_was_just_built():
    installs = [line for name in SCRIPTS for line in read(name).splitlines() if "pip install" in line]
    assert len(installs) == 2
    for line in installs:
        assert ("--require-hashes -r" in line and "--only-binary :all:" in line) or "--no-index --no-deps" in line
    assert "pip" not in " ".join(steps("RUN"))


ENOUGH = """
import importlib, importlib.metadata, pkgutil, sys, tempfile
from pathlib import Path
allowed = set(sys.argv[1].split(","))
refused = {
    top for top, names in importlib.metadata.packages_distributions().items()
    if not {name.lower().replace("_", "-").replace(".", "-") for name in names} & allowed
}
class Refusing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in refused:
            raise ModuleNotFoundError(f"{name} is no package of a server's", name=name)
sys.meta_path.insert(0, Refusing())
import bot, knowledge
optional = ("bot.workspace.", "bot.cli_demo", "bot.plots", "knowledge.ingest.")
for package in (bot, knowledge):
    for found in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        if not found.name.startswith(optional):
            importlib.import_module(found.name)
assert "pytest" in refused and "jinja2" in refused and "slack_bolt" not in refused
from bot.cli import main
for command in sys.argv[2:]:
    try:
        main(command.split("|"))
    except SystemExit as left:
        assert not left.code, command
"""


def test_a_server_needs_no_package_of_the_demo_the_tests_or_any_extra(tmp_path):
    """Everything is imported, and commands are run, with every other package made unfindable."""
    allowed = ",".join([*pins(PINS.read_text(encoding="utf-8")), "staff-guidance"])
    commands = ["serve|--help", "manifest", "--version"]  # to check and to ask takes longer: the long form does both
    ran = subprocess.run(  # noqa: S603  (our own program)
        [sys.executable, "-W", "error", "-c", ENOUGH, allowed, *commands],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    assert "Everything that a server needs is installed as it was pinned" in ran.stdout
