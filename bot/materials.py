"""The bill of materials: what the product consists of on this machine, and whether it is what was pinned.

Read from what is installed, not from what should be: each distribution's own metadata, walked from the product's
requirements. The pins stand in `bot/deploy/requirements.txt`, which ships with the product.
"""

import platform
import re
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PRODUCT = "staff-guidance"
PINS = Path(__file__).with_name("deploy") / "requirements.txt"
PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)")
LICENSED = "License :: OSI Approved :: "
LONGEST_LICENCE = 100
"""A longer text is the licence itself, and no name of one."""


@dataclass(frozen=True)
class Component:
    """One distribution. `version` is empty where it is needed and not installed; `pinned` where nothing pins it."""

    name: str
    version: str
    licence: str
    pinned: str
    required: bool
    """whether a server needs it; else it came with an extra, such as that of the demo"""
    needs: tuple[str, ...]

    @property
    def differs(self) -> bool:
        """Whether another version is installed than the one that was tested, or none."""
        return not self.version or bool(self.pinned and self.pinned != self.version)


@dataclass(frozen=True)
class Bill:
    """The product, what it runs on, and everything that it consists of."""

    version: str
    python: str
    sqlite: str
    system: str
    needs: tuple[str, ...]
    """what the product itself asks for; the rest comes with that"""
    components: tuple[Component, ...]


def bill() -> Bill:
    """What stands on this machine. Raises metadata.PackageNotFoundError where the product is not installed."""
    from bot.store.engine import ENGINE  # the store takes a while to import

    version = metadata.version(PRODUCT)
    needed = _walk(("",))
    everything = _walk(("", *_extras()))
    pinned = pins(PINS.read_text(encoding="utf-8"))
    return Bill(
        version=version,
        python=f"{platform.python_implementation()} {platform.python_version()}",
        sqlite=ENGINE,
        system=f"{platform.system()} {platform.release()} {platform.machine()}",
        needs=tuple(sorted(everything.pop(PRODUCT))),
        components=tuple(
            _component(name, pinned.get(name, ""), name in needed, needs) for name, needs in sorted(everything.items())
        ),
    )


def pins(text: str) -> dict[str, str]:
    """Version by canonical name, from the text of a requirements file."""
    found = (PIN.match(line) for line in text.splitlines())
    return {canonicalize_name(pin[1]): pin[2] for pin in found if pin}


def _component(name: str, pinned: str, required: bool, needs: Iterable[str]) -> Component:
    version = metadata.version(name) if _installed(name) else ""
    licence = _licence(name) if version else ""
    return Component(name, version, licence, pinned, required, tuple(sorted(needs)))


def _extras() -> list[str]:
    """The product's extras of which everything is installed."""
    known = metadata.metadata(PRODUCT).get_all("Provides-Extra") or []
    return [extra for extra in known if all(_installed(one.name) for one in _requirements(PRODUCT, (extra,)))]


def _walk(extras: tuple[str, ...]) -> dict[str, set[str]]:
    """What the product needs here with these extras, and what each of that needs in turn."""
    found: dict[str, set[str]] = {}
    waiting, seen = [(PRODUCT, extras)], set[tuple[str, tuple[str, ...]]]()
    while waiting:
        name, wanted = waiting.pop()
        if (name, wanted) in seen:
            continue
        seen.add((name, wanted))
        needs = found.setdefault(name, set())
        for requirement in _requirements(name, wanted):
            needed = canonicalize_name(requirement.name)
            needs.add(needed)
            waiting.append((needed, ("", *sorted(requirement.extras))))
    return found


def _requirements(name: str, extras: tuple[str, ...]) -> list[Requirement]:
    """What a distribution needs on this machine; nothing where it is not installed itself."""
    texts = (metadata.requires(name) or []) if _installed(name) else []
    return [
        requirement
        for requirement in map(Requirement, texts)
        if requirement.marker is None or any(requirement.marker.evaluate({"extra": extra}) for extra in extras)
    ]


def _installed(name: str) -> bool:
    try:
        metadata.version(name)
    except metadata.PackageNotFoundError:
        return False
    return True


def _licence(name: str) -> str:
    """As the distribution says it: an expression, a name, or what its classifiers say; empty where it says nothing."""
    said = metadata.metadata(name)
    short = next((said[key] for key in ("License-Expression", "License") if key in said), "")
    if short and len(short) <= LONGEST_LICENCE and "\n" not in short:
        return short
    classified = said.get_all("Classifier") or []
    return ", ".join(one.removeprefix(LICENSED) for one in classified if one.startswith(LICENSED))


def cyclonedx(found: Bill) -> dict[str, Any]:
    """The bill as CycloneDX 1.6 has it."""
    product = {"type": "application", "bom-ref": PRODUCT, "name": PRODUCT, "version": found.version}
    platforms = [
        {"type": "platform", "bom-ref": "python", "name": "Python", "version": found.python},
        {"type": "library", "bom-ref": "sqlite", "name": "SQLite", "version": found.sqlite},
        {"type": "operating-system", "bom-ref": "system", "name": platform.system(), "version": found.system},
    ]
    installed = [one for one in found.components if one.version]
    there = {one.name for one in installed}
    wholes = [(PRODUCT, found.needs), *((one.name, one.needs) for one in installed)]
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": product},
        "components": [*platforms, *map(_entry, installed)],
        "dependencies": [
            {"ref": name, "dependsOn": [need for need in needs if need in there]} for name, needs in wholes
        ],
    }


def _entry(one: Component) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "type": "library",
        "bom-ref": one.name,
        "name": one.name,
        "version": one.version,
        "purl": f"pkg:pypi/{one.name}@{one.version}",
        "scope": "required" if one.required else "optional",
        "properties": [{"name": "guidance:pinned", "value": one.pinned}] if one.pinned else [],
    }
    if one.licence:
        entry["licenses"] = [{"license": {"name": one.licence}}]
    return entry
