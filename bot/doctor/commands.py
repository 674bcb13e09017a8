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
from bot.workspace.manifest import Manifest

HEARD = [(route.kind, route.name) for route in ROUTES if route.kind in TYPED]
"""The kind and the name of whatever the app listens to that has a name in Slack."""
QUIET = timedelta(days=180)
"""A command that has not come for so long may have gone to another app without anybody noticing."""


def listened_to(inputs: Inputs) -> Iterator[Line]:
    """What the manifest declares against what the app listens to."""
    if inputs.declared is None:
        remedy = "Put the manifest.yml that came with the bot beside its folder bot."
        yield warning("listeners", f"{inputs.manifest} cannot be read.", remedy)
        return
    declared = _declared(inputs.declared)
    remedy = "Put back the bot's own manifest.yml, and put it into “App Manifest” in Slack."
    for kind, name in sorted(declared.keys() - set(HEARD)):
        yield failure("listeners", f"Nothing in the bot hears the {kind} {name}.", remedy)
    for kind, name in sorted(set(HEARD) - declared.keys()):
        says = f"manifest.yml does not declare the {kind} {name}, so that nobody can use it."
        yield failure("listeners", says, remedy)
    if declared.keys() == set(HEARD):
        yield ok("listeners", f"The bot hears {listed(list(declared.values()))}, as manifest.yml declares.")


def arrived(inputs: Inputs) -> Iterator[Line]:
    """When each command and shortcut last came."""
    file = inputs.settings.database
    try:
        known = arrivals(file) if file.exists() else {}
    except NotKeptError:
        raise CannotLookError from None
    shown = _declared(inputs.declared) if inputs.declared else {}
    today = inputs.now().date()
    days = {shown.get(key, key[1]): known.get(key, "") for key in HEARD}
    never = [name for name, day in days.items() if not day]
    lately = [name for name, day in days.items() if day and today - date.fromisoformat(day) <= QUIET]
    old = [name for name in days if name not in {*never, *lately}]
    if never:
        have = "has" if len(never) == 1 else "have"
        yield warning("commands", f"{listed(never)} {have} never arrived here.", _remedy(never))
    for name in old:
        yield warning("commands", f"{name} last arrived on {days[name]}, over half a year ago.", _remedy([name]))
    if lately:
        yield ok("commands", f"Last arrived: {listed([f'{name} on {days[name]}' for name in lately])}.")


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
