"""What is installed and what is pinned; and the manifest, as it is pasted into Slack."""

import json
import re
import sqlite3
import tomllib
from importlib import metadata
from itertools import chain
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from bot.materials import PINS, pins

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
FILES = (ROOT / ".ci" / "requirements.txt", PINS, ROOT / "bot" / "deploy" / "build.txt")
REQUIREMENT = re.compile(r"[a-z0-9.-]+==[\w.]+( ; [\w .<>=!'()]+)? \\")
HASH = re.compile(r"    --hash=sha256:[0-9a-f]{64}( \\)?")


def direct(*texts: str) -> dict[str, Requirement]:
    return {canonicalize_name(one.name): one for one in map(Requirement, texts)}


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """Puts a distribution before all that are installed, as a careless `pip install` would."""

    def install(name: str, version: str, *needs: str) -> None:
        folder = tmp_path / f"{name.replace('-', '_')}-{version}.dist-info"
        folder.mkdir()
        lines = [f"Name: {name}", f"Version: {version}", *(f"Requires-Dist: {need}" for need in needs)]
        (folder / "METADATA").write_text("Metadata-Version: 2.1\n" + "\n".join(lines) + "\n")

    monkeypatch.syspath_prepend(str(tmp_path))
    return install


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_every_requirement_is_pinned_with_hashes_and_no_file_names_a_host(file):
    waiting = False
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        where = f"{file}:{number}: {line}"
        if REQUIREMENT.fullmatch(line):
            assert not waiting, where
            waiting = True
        elif HASH.fullmatch(line):
            waiting = line.endswith("\\")
        else:
            assert not waiting, where
            assert re.fullmatch(r"    #( +via)?( [a-z0-9-]+.*)?|    #   [a-z0-9-]+.*", line), where
        assert "://" not in line, where
        assert "index" not in line.replace("trove", ""), where


def test_a_server_gets_what_was_tested_all_of_it_and_nothing_else():
    tested, server = (pins(file.read_text(encoding="utf-8")) for file in FILES[:2])
    assert server.items() <= tested.items()
    for name, requirement in direct(*PROJECT["project"]["dependencies"]).items():
        assert requirement.specifier.contains(server[name]), f"{name}: run `make lock`"
    extras = direct(*chain.from_iterable(PROJECT["project"]["optional-dependencies"].values()))
    assert not extras.keys() & server.keys()
    build = pins(FILES[2].read_text(encoding="utf-8"))
    assert "hatchling" in build
    assert build.items() <= tested.items()


def test_version_prints_the_bill_of_materials(guidance):
    code, out, _ = guidance("--version")
    lines = out.splitlines()
    assert code == 0
    assert lines[0] == f"Staff Guidance {PROJECT['project']['version']}"
    assert f"SQLite {sqlite3.sqlite_version}" in lines[1]
    listed = {line.split()[0]: line.split()[1:3] for line in lines[4:-2] if not line.startswith(" ")}
    for name, version in pins(PINS.read_text(encoding="utf-8")).items():
        if name != "colorama":  # for Windows alone
            assert listed[name] == [version, "yes"]
    assert listed["jinja2"] == [metadata.version("jinja2"), "an"], "an extra"
    assert "pytest" not in listed
    assert lines[-1] == "Everything that a server needs is installed as it was pinned and tested."


def test_what_is_not_as_pinned_or_not_there_is_named(guidance, installed):
    installed("rapidfuzz", "0.1", "no-such-thing>=2", "never; sys_platform == 'plan9'", "nor; extra == 'this'")
    _, out, _ = guidance("--version")
    pinned = pins(PINS.read_text(encoding="utf-8"))["rapidfuzz"]
    assert re.search(rf"^rapidfuzz +0\.1 +no: {re.escape(pinned)} +not said", out, re.MULTILINE)
    assert re.search(r"^no-such-thing +not installed", out, re.MULTILINE)
    said = "Not what was pinned and tested: no-such-thing, rapidfuzz. Install again: pip install --require-hashes"
    assert said in " ".join(out.split())


def test_version_as_json_is_cyclonedx_and_whole(guidance):
    found = json.loads(guidance("--version", "--json")[1])
    assert (found["bomFormat"], found["specVersion"]) == ("CycloneDX", "1.6")
    assert found["metadata"]["component"]["name"] == "staff-guidance"
    parts = {part["bom-ref"]: part for part in found["components"]}
    assert {"python", "sqlite", "system"} < parts.keys()
    bolt = parts["slack-bolt"]
    assert bolt["purl"] == f"pkg:pypi/slack-bolt@{metadata.version('slack-bolt')}"
    assert bolt["licenses"] == [{"license": {"name": "MIT"}}]
    assert bolt["scope"] == "required"
    assert parts["jinja2"]["scope"] == "optional"
    needs = {one["ref"]: set(one["dependsOn"]) for one in found["dependencies"]}
    assert set().union(*needs.values()) <= parts.keys(), "nothing is needed that is not listed"
    assert needs["staff-guidance"] >= direct(*PROJECT["project"]["dependencies"]).keys()
    assert "slack-sdk" in needs["slack-bolt"]


def test_the_manifest_is_printed_as_it_ships(guidance):
    assert guidance("manifest")[1] == (ROOT / "manifest.yml").read_text(encoding="utf-8")


@pytest.mark.parametrize("address", ["https://bot.school.example", "https://bot.school.example/slack/events"])
def test_for_http_everything_that_slack_sends_goes_to_one_address_and_nothing_else_changes(guidance, address):
    shipped, printed = (yaml.safe_load(guidance("manifest", *options)[1]) for options in ([], ["--http", address]))
    url, settings = "https://bot.school.example/slack/events", printed["settings"]
    assert [command.pop("url") for command in printed["features"]["slash_commands"]] == [url, url]
    assert settings["event_subscriptions"].pop("request_url") == url
    assert settings["interactivity"].pop("request_url") == url
    assert settings["socket_mode_enabled"] is False
    settings["socket_mode_enabled"] = True
    assert printed == shipped


@pytest.mark.parametrize(
    "address", ["http://bot.school.example", "bot.school.example", "https://", "https://x/?a=b", ""]
)
def test_an_address_that_slack_would_refuse_is_refused_with_a_sentence(guidance, address):
    code, out, err = guidance("manifest", "--http", address)
    assert (code, out) == (1, "")
    assert err.startswith("Slack needs an address of the form https://")
