"""The README's first install, done for real: by the scripts that ship, as a person types it, on a read-only system.

It needs root, since it installs an account and a service; all of it happens in a mount namespace of its own, which
leaves nothing behind. No container engine and no systemd runs it: the same program is started as their files say.
"""

import json
import os
import pty
import re
import select
import shlex
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from bot.workspace.running import listening, running

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "bot" / "deploy"
SYSTEM_PYTHON = "/usr/bin/python3"
READ_ONLY = """
set -e
mount --bind "$1" "$1"
for place in / /etc /opt /usr/local/bin /var/lib; do mount -o remount,bind,ro "$place"; done
mount -t tmpfs -o mode=1777,noexec,nosuid,nodev tmpfs /tmp
mount -t proc -o subset=pid proc /proc
cd "$1"; shift
exec setpriv --no-new-privs --bounding-set=-all --inh-caps=-all --clear-groups "$@"
"""
NO_NEW_CODE = """
import ctypes, os, sys
assert ctypes.CDLL(None).prctl(65, 1, 0, 0, 0) == 0
os.execvpe(sys.argv[1], sys.argv[1:], os.environ)
"""
"""What MemoryDenyWriteExecute=yes asks of the kernel (PR_SET_MDWE), and then the program."""


def able() -> bool:
    tools = all(map(shutil.which, ("unshare", "nsenter", "setpriv", "runuser", "useradd")))
    return tools and os.geteuid() == 0 and Path(SYSTEM_PYTHON).exists()


class Machine:
    """A machine of its own, as far as files go: what is installed there is not there for anybody else."""

    def __init__(self, scratch: Path, environment: dict[str, str]) -> None:
        script = f"""
            set -e
            cp -a /etc {scratch}/etc; mount --bind {scratch}/etc /etc
            mkdir {scratch}/opt {scratch}/lib {scratch}/bin
            for one in /opt/*; do mkdir "{scratch}$one"; mount --bind "$one" "{scratch}$one"; done
            mount --rbind {scratch}/opt /opt
            mount --bind {scratch}/lib /var/lib
            mount --bind {scratch}/bin /usr/local/bin
            echo ready
            exec sleep 900
        """
        self.environment, self.scratch = environment, scratch
        self.served: list[subprocess.Popen[str]] = []
        command = ["unshare", "--mount", "--propagation", "private", "sh", "-c", script]
        self.holder = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603
        assert self.holder.stdout.readline() == "ready\n"

    def within(self, *command: str) -> list[str]:
        return ["nsenter", "-t", str(self.holder.pid), "-m", "--wd=" + str(ROOT), "--", *command]

    def run(self, *command: str, code: int = 0) -> str:
        done = subprocess.run(  # noqa: S603
            self.within(*command), env=self.environment, capture_output=True, text=True, timeout=600, check=False
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout + done.stderr

    def typed(self, *command: str, answers: list[tuple[str, str]]) -> str:
        """Run it in a terminal; each answer is typed when its question stands there."""
        ours, theirs = pty.openpty()
        terminal = {"stdin": theirs, "stdout": theirs, "stderr": theirs, "start_new_session": True}
        process = subprocess.Popen(self.within(*command), env=self.environment, **terminal)  # noqa: S603
        os.close(theirs)
        shown = ""
        for question, answer in answers:
            shown += read_until(ours, question)
            time.sleep(0.1)  # what is typed before echo is switched off would be thrown away
            os.write(ours, f"{answer}\n".encode())
        shown += read_until(ours, None)
        os.close(ours)
        assert process.wait(60) == 0, shown
        return shown

    def close(self) -> None:
        for process in (*self.served, self.holder):
            process.kill()
            process.communicate()
        shutil.rmtree(self.scratch / "etc")  # with it goes a copy of this machine's accounts


def read_until(terminal: int, question: str | None) -> str:
    """What is shown until a question stands there; with None, to the end."""
    shown, until = "", time.monotonic() + 60
    while time.monotonic() < until and (question is None or question not in shown):
        if not select.select([terminal], [], [], 1)[0]:
            continue
        try:
            read = os.read(terminal, 4096)
        except OSError:  # the other end is closed
            read = b""
        if not read:
            break
        shown += read.decode(errors="replace")
    assert question is None or question in shown, shown
    return shown


def unit(key: str) -> list[str]:
    lines = (DEPLOY / "guidance.service").read_text(encoding="utf-8").splitlines()
    return [line.partition("=")[2] for line in lines if line.startswith(f"{key}=")]


def docker(word: str) -> list[str]:
    """What stands behind a word in the last stage of the Dockerfile."""
    stage = (DEPLOY / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ").rpartition("\nFROM ")[2]
    return [line.partition(" ")[2].strip() for line in stage.splitlines() if line.startswith(f"{word} ")]


@pytest.fixture
def workspace():
    with running() as made:
        yield made


@pytest.fixture
def machine(tmp_path, workspace):
    environment = {"PATH": "/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "PYTHON": SYSTEM_PYTHON, "TERM": "dumb"}
    made = Machine(tmp_path, environment | {"SLACK_API_URL": workspace.api})
    yield made
    made.close()


def serve(machine, folder: str, account: str, program: list[str], environment: dict[str, str]) -> subprocess.Popen[str]:
    """Start it as a service manager would: as an account, without rights, where only `folder` is its own."""
    who = ["--reuid", account, "--regid", account, SYSTEM_PYTHON, "-c", NO_NEW_CODE, *program]
    sandbox = ["unshare", "--mount", "--propagation", "private", "sh", "-c", READ_ONLY, "sh", folder, *who]
    clean = {"PATH": machine.environment["PATH"], "SLACK_API_URL": machine.environment["SLACK_API_URL"]}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    process = subprocess.Popen(machine.within(*sandbox), env=clean | environment, text=True, **pipes)  # noqa: S603
    machine.served.append(process)
    return process


def healthy(machine, folder: str) -> str:
    """What the container's health check says, asked in the same words."""
    (check,) = docker("HEALTHCHECK")
    command = " ".join(json.loads(check.partition("CMD ")[2])).replace("python", "/opt/guidance/current/bin/python")
    done = subprocess.run(  # noqa: S603
        machine.within("sh", "-c", f"cd {folder} && {command}"), capture_output=True, text=True, check=False
    )
    assert (done.returncode == 0) == (done.stdout == "It is alive.\n")
    return done.stdout


def answers_and_ends(machine, folder, workspace, process) -> tuple[str, int]:
    """It is healthy, a question is answered, and SIGTERM ends it cleanly: what it logged, and its most memory in MB."""
    person = workspace.person("Class teacher")
    before = len(person.replies())
    workspace.wait_for(lambda: workspace.connections == 1 or process.poll() is not None, 30)
    assert process.poll() is None, "".join(process.communicate())
    assert healthy(machine, folder) == "It is alive.\n"
    person.say("Can I accept a friend request from a pupil?")
    workspace.wait_for(lambda: len(person.replies()) == before + 1)
    assert "Under no circumstances" in json.dumps(person.replies()[-1])
    status = Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8")
    assert re.search(r"^Uid:\t(\d+)", status, re.MULTILINE)[1] != "0"
    assert re.search(r"^NoNewPrivs:\t1", status, re.MULTILINE)
    assert re.search(r"^CapBnd:\t0+$", status, re.MULTILINE)
    most = int(re.search(r"^VmHWM:\s+(\d+) kB", status, re.MULTILINE)[1]) // 1024
    process.send_signal(signal.SIGTERM)
    _, logged = process.communicate(timeout=15)
    assert process.returncode == 0, logged
    assert healthy(machine, folder).startswith("It does not answer at 127.0.0.1:")
    return logged, most


def first_install(machine, workspace) -> None:
    """The README's page, step by step."""
    said = machine.run("sh", "bot/deploy/install.sh")
    assert "Installed. Three folders" in said
    assert "socket_mode_enabled: true" in machine.run("guidance", "manifest")
    bot, app = workspace.tokens.bot, workspace.tokens.app
    shown = machine.typed(
        "guidance", "tokens", answers=[("xoxb-…", "xoxb-wrong"), ("xoxb-…", bot), ("xapp-…", app)]
    )  # fmt: skip
    assert "Slack does not take it (invalid_auth). Copy it again" in shown
    assert "this is the bot of the workspace" in shown
    assert bot not in shown
    assert app not in shown
    shown = machine.typed(
        "guidance", "init",
        answers=[
            ("Which organisations", "cherry-trees"), ("Senior leadership team", "S0SLT"),
            ("Designated safeguarding lead", "U0DSL"), ("Headteacher", "U0EXECHEAD"), ("Chair of governors", "U0CHAIR"),
            ("(LADO)", "020 7946 0102"),
            ("Safeguarding lead: how", "020 7946 0101"), ("Whom do staff ask", ""), ("Your own member id", "U0OFFICE"),
        ],
    )  # fmt: skip
    assert "Each id is looked up in Slack." in shown
    lines = shown[shown.index("Next:") :].split("\r\n")
    assert lines[1].strip().startswith("1. sudo guidance keys new ")
    assert lines[-4].strip().startswith("2. sudo guidance doctor ")
    assert lines[-3].strip() == "3. sudo systemctl enable --now guidance"
    assert "The new key is in /etc/guidance/guidance.key" in machine.run("guidance", "keys", "new")
    looked = run_doctor(machine)
    assert re.search(r"ok +bot token +Slack takes it: .* in Cherry Trees School\.", looked), looked
    assert re.search(r"ok +app token", looked), looked
    assert re.search(r"ok +key", looked), looked
    with listening(0) as free:
        watch = f'[watch]\naddress = "127.0.0.1:{free.getsockname()[1]}"'  # the usual port may be in use here
    machine.run("runuser", "-u", "guidance", "--", "sh", "-c", f"echo '{watch}' >> /var/lib/guidance/guidance.toml")


def run_doctor(machine) -> str:
    """What it says before the bot runs for the first time: warnings at the most, of what only the school can mend."""
    command = machine.within("guidance", "doctor")
    done = subprocess.run(command, env=machine.environment | {"COLUMNS": "200"}, capture_output=True, text=True)  # noqa: S603
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stdout


@pytest.mark.soak
@pytest.mark.skipif(not able(), reason="needs root, and the tools of util-linux")
def test_from_nothing_to_a_bot_that_answers_and_ends_cleanly_as_a_service_and_in_a_container(machine, workspace):
    begin = time.monotonic()
    first_install(machine, workspace)
    took = time.monotonic() - begin
    (program,), environment = unit("ExecStart"), dict(one.split("=", 1) for one in unit("Environment"))
    process = serve(machine, "/var/lib/guidance", "guidance", shlex.split(program), environment)
    assert process.stdout.readline().startswith("Connected to Slack: I answer for Cherry Trees School.")
    logged, most = answers_and_ends(machine, "/var/lib/guidance", workspace, process)
    assert "Traceback" not in logged
    assert most < 256
    print(f"\nInstalled and set up in {took:.0f} s; {most} MB as a service")
    for secret in (workspace.tokens.bot, workspace.tokens.app, "friend request"):
        assert secret not in logged
    modes = machine.run("stat", "-c", "%a %U %n", *(f"/etc/guidance/{name}" for name in SECRETS), "/var/lib/guidance")
    assert {tuple(line.split()[:2]) for line in modes.splitlines()} == {("600", "guidance"), ("700", "guidance")}
    as_a_container(machine, workspace)


SECRETS = ("slack_bot_token", "slack_app_token", "guidance.key")


def as_a_container(machine, workspace) -> None:
    """Its environment, its account, its command; secrets that it can only read, and the log as JSON."""
    data, secrets = "/var/lib/data", "/var/lib/secrets"
    (account,) = {user.partition(":")[0] for user in docker("USER")}
    for line in (
        f"mkdir {data} && cp -a /etc/guidance {secrets} && cp -a /var/lib/guidance/guidance.toml {data}",
        f"sed -i 's|/etc/guidance|{secrets}|' {data}/guidance.toml && chown -R {account} {data} {secrets}",
    ):
        machine.run("sh", "-c", line)
    environment = dict(part.split("=", 1) for line in docker("ENV") for part in line.split())
    environment["PATH"] = environment["PATH"].replace("/opt/guidance/bin", "/opt/guidance/current/bin")
    environment |= {"GUIDANCE_SECRETS": secrets, "GUIDANCE_LOG": "json"}
    program = [*json.loads(docker("ENTRYPOINT")[0]), *json.loads(docker("CMD")[0])]
    process = serve(machine, data, account, program, environment)
    logged, most = answers_and_ends(machine, data, workspace, process)
    events = [json.loads(line) for line in logged.splitlines()]
    assert any(event["event"].startswith("Connected to Slack: I answer for Cherry Trees") for event in events)
    assert any(event["logger"].startswith("slack_bolt") for event in events)
    assert workspace.tokens.bot not in logged
    assert most < 256
    print(f"{most} MB as a container")
