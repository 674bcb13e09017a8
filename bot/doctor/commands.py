"""Commands and shortcuts: whether the app listens to each, and when each last came.

Slack has no call that tells which app answers a command; of two apps with one name, the one installed last does.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from bot.casework.errors import NotKeptError
from bot.doctor.inputs import Inputs
from bot.doctor.lines import CannotLookError, Line, failure, listed, ok, warning
from bot.listeners import ROUTES, TYPED
from bot.store.inspecting import arrivals
from bot.workspace.manifest import Manifest, read_manifest

QUIET = timedelta(days=180)
"""A command that has not come for so long may have gone to another app without anybody noticing."""


def listened_to(inputs: Inputs) -> Iterator[Line]:
    """What the manifest declares against what the app listens to."""
    try:
        declared = _declared(read_manifest(inputs.manifest))
    except OSError:
        remedy = "Put the manifest.yml that came with the bot beside its folder bot."
        yield warning("listeners", f"{inputs.manifest} cannot be read.", remedy)
        return
    heard = {(route.kind, route.name) for route in ROUTES if route.kind in TYPED}
    for kind, name in sorted(declared.keys() - heard):
        yield failure(
            "listeners", f"Nothing in the bot hears the {kind} {name}.", "Put back the bot's own manifest.yml."
        )
    for kind, name in sorted(heard - declared.keys()):
        says = f"manifest.yml does not declare the {kind} {name}, so that nobody can use it."
        yield failure(
            "listeners", says, "Put back the bot's own manifest.yml, and put it into “App Manifest” in Slack."
        )
    if declared.keys() == heard:
        yield ok("listeners", f"The bot hears {listed(list(declared.values()))}, as manifest.yml declares.")


def arrived(inputs: Inputs) -> Iterator[Line]:
    """When each command and shortcut last came."""
    file = inputs.settings.database
    try:
        known = arrivals(file) if file.exists() else {}
        declared = _declared(read_manifest(inputs.manifest))
    except (OSError, NotKeptError):
        raise CannotLookError from None
    today = inputs.now().date()
    days = {shown: known.get(key, "") for key, shown in declared.items()}
    never = [shown for shown, day in days.items() if not day]
    lately = [shown for shown, day in days.items() if day and today - date.fromisoformat(day) <= QUIET]
    old = [shown for shown in days if shown not in {*never, *lately}]
    if never:
        have = "has" if len(never) == 1 else "have"
        yield warning("commands", f"{listed(never)} {have} never arrived here.", _remedy(never))
    for shown in old:
        yield warning("commands", f"{shown} last arrived on {days[shown]}, over half a year ago.", _remedy([shown]))
    if lately:
        yield ok("commands", f"Last arrived: {listed([f'{shown} on {days[shown]}' for shown in lately])}.")


def _remedy(names: list[str]) -> str:
    """What to do about names that may have gone to another app."""
    each = "each of them" if len(names) > 1 else names[0]
    other = "rename or remove it there, then reinstall this app: the last one installed has the name"
    return (
        f"Use {each} in Slack once, and close the form that opens. If this bot does not answer, another app has taken"
        f" the name: {other}."
    )


def _declared(manifest: Manifest) -> Mapping[tuple[str, str], str]:
    """Each kind and name, with what a person sees of it."""
    commands = {("command", one["command"]): str(one["command"]) for one in manifest.commands}
    return commands | {("shortcut", one["callback_id"]): str(one["name"]) for one in manifest.shortcuts}
