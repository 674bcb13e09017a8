"""Tokens, what they may do, and the clock that their signatures rest on."""

import re
from collections.abc import Iterator
from datetime import UTC
from email.utils import parsedate_to_datetime
from pathlib import Path

from slack_sdk.errors import SlackApiError

from bot.doctor.inputs import Inputs
from bot.doctor.lines import CannotLookError, Line, failure, ok, warning
from bot.doctor.slack import AGAIN, BUSY, SilentError
from bot.slack_calls import code

BOT, APP, SECRET = "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET"
PAGE = "https://api.slack.com/apps"
ASKED = "`guidance tokens` asks for it"
WHERE = {
    BOT: f"Copy it at {PAGE}, “OAuth & Permissions”, “Bot User OAuth Token” (xoxb-…); {ASKED}.",
    APP: (
        f"Make one at {PAGE}, “Basic Information”, “App-Level Tokens” (xapp-…), with the scope connections:write;"
        f" {ASKED}."
    ),
    SECRET: (
        f"Copy it at {PAGE}, “Basic Information”, “Signing Secret”: 32 digits and letters a to f;"
        " `guidance tokens --http` asks for it."
    ),
}
KINDS = {"xoxb-": "a bot's", "xapp-": "an app's", "xoxp-": "a person's", "xoxe": "one that expires", "xoxa-": "an old"}
TOKEN = re.compile(r"xox[a-z]-[A-Za-z0-9-]{4,}|xoxe\.[A-Za-z0-9.-]{4,}|xapp-[A-Za-z0-9-]{4,}")
EMAIL = "users:read.email"
NEEDED_FOR = {
    "app_mentions:read": "it does not hear a mention in a channel",
    "chat:write": "it can neither answer nor send a notice",
    "commands": "/ask, /report-contact and the shortcut do nothing",
    "im:history": "it hears no direct message",
    "im:write": "no notice reaches anybody",
    "usergroups:read": "whoever has a duty by a user group cannot open a report",
    "users:read": "nobody can open a report, since it cannot tell who is active",
    EMAIL: "it cannot tell whose staff somebody is by their e-mail domain",
}
"""What does not work without a scope."""
CLOCK_WARNS, CLOCK_FAILS = 60, 300


def bot_token(inputs: Inputs) -> Iterator[Line]:
    """The bot's token: there, of the right kind, and alive."""
    if wrong := _of_another_kind(inputs, BOT, "xoxb-"):
        yield wrong
        return
    try:
        said = inputs.slack.who()
    except (SlackApiError, SilentError) as error:
        yield _not_taken("bot token", BOT, error, inputs.slack.address)
        return
    yield ok("bot token", f"Slack takes it: {said.get('user')} in {said.get('team')}.")


def app_token(inputs: Inputs) -> Iterator[Line]:
    """The app's token may open a connection; one is asked for, and not used."""
    if not inputs.environment.get(APP, "").strip() and inputs.environment.get(SECRET, "").strip():
        yield ok("app token", f"{APP} is not set, and not needed where Slack reaches the bot over HTTP.")
        return
    if wrong := _of_another_kind(inputs, APP, "xapp-"):
        yield wrong
        return
    try:
        inputs.slack.connects()
    except (SlackApiError, SilentError) as error:
        yield _not_taken("app token", APP, error, inputs.slack.address)
        return
    yield ok("app token", "Slack lets it open a connection (one was asked for, and not used).")


def signing_secret(inputs: Inputs) -> Iterator[Line]:
    """Where the bot is reached over HTTP: the shape of the secret, which nobody but Slack could test."""
    if secret := inputs.environment.get(SECRET, "").strip():
        right = re.fullmatch(r"[0-9a-f]{32}", secret)
        says = f"{SECRET} is set" + (", and looks like one." if right else ", and is none.")
        yield ok("signing secret", says) if right else failure("signing secret", says, WHERE[SECRET])


def _of_another_kind(inputs: Inputs, name: str, prefix: str) -> Line | None:
    about = "bot token" if name == BOT else "app token"
    token = inputs.environment.get(name, "").strip()
    if not token:
        return failure(about, f"{name} is not set.", WHERE[name])
    if token.startswith(prefix):
        return None
    kind = next((words for start, words in KINDS.items() if token.startswith(start)), "no")
    return failure(about, f"{name} holds {kind} token; it must begin with {prefix}.", WHERE[name])


def _not_taken(about: str, name: str, error: Exception, address: str) -> Line:
    word = code(error)
    if not word:
        return failure(about, f"Slack cannot be reached at {address}.", AGAIN)
    if word in BUSY:
        return warning(about, "Slack wants no more calls now.", "Run it again in a minute.")
    remedy = "Switch “Socket Mode” on there." if word == "socket_mode_not_enabled" else WHERE[name]
    return failure(about, f"Slack does not take {name} ({word}).", remedy)


def secrets_kept_apart(inputs: Inputs) -> Iterator[Line]:
    """No token where others read it: in the settings' file, or on a command line."""
    about, found = "tokens kept apart", False
    for number, text in enumerate(_text(inputs.config).splitlines(), 1):
        if TOKEN.search(text):
            found = True
            says = f"{inputs.config}:{number} holds a token."
            remedy = f"Take it out, make a new one at {PAGE} since this one has been seen; {ASKED}."
            yield failure(about, says, remedy)
    if any(TOKEN.search(line) for line in _command_lines(inputs)):
        found = True
        remedy = f"Everybody on the machine can read a command line. Make a new token; {ASKED}."
        yield failure(about, "A token stands on a command line.", remedy)
    if not found:
        yield ok(about, "None stands in the settings' file or on a command line.")


def _command_lines(inputs: Inputs) -> Iterator[str]:
    """Of this command, and of the bot where it runs."""
    yield " ".join(inputs.arguments)
    for pid in (inputs.holders(inputs.read.cases) if inputs.read else None) or ():
        yield _text(Path(f"/proc/{pid}/cmdline"))


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def scopes(inputs: Inputs) -> Iterator[Line]:
    """What the app may do, against what `manifest.yml` declares, and what the settings need."""
    inputs.slack.needed()
    granted = {scope.strip() for scope in inputs.slack.header("x-oauth-scopes").split(",")} - {""}
    if not granted:
        yield warning("scopes", "Slack did not say what the app may do.", "Look at “OAuth & Permissions” of the app.")
        return
    needed = _needed(inputs)
    for scope in sorted(needed - granted):
        reason = NEEDED_FOR.get(scope, "something that the bot does fails")
        first = f"Take the # away before {scope} in manifest.yml, put" if scope == EMAIL else "Put"
        remedy = f"{first} manifest.yml into “App Manifest” at {PAGE}, then “Install App”, “Reinstall”."
        yield failure("scopes", f"{scope} is missing: {reason}.", remedy)
    for scope in sorted(granted - needed):
        remedy = f"Take it away at {PAGE}, “OAuth & Permissions”, and reinstall the app: less is safer."
        yield warning("scopes", f"The app may do more than it needs: {scope}.", remedy)
    if granted == needed:
        yield ok("scopes", f"All {len(needed)} that are needed, and no more.")


def _needed(inputs: Inputs) -> set[str]:
    """What the manifest declares; e-mail addresses only where the settings name staff by their domains."""
    declared = set(inputs.declared.scopes if inputs.declared else NEEDED_FOR)
    settings = inputs.settings
    domains = any(settings.staff(slug).domains for slug in settings.organisations())
    return declared | {EMAIL} if domains else declared - {EMAIL}


def clock(inputs: Inputs) -> Iterator[Line]:
    """The machine's clock against Slack's."""
    inputs.slack.needed()
    try:
        theirs = parsedate_to_datetime(inputs.slack.header("date"))
    except ValueError:
        raise CannotLookError from None
    ours = inputs.now()
    apart = round(abs((ours - theirs.replace(tzinfo=theirs.tzinfo or UTC)).total_seconds()))
    remedy = "Switch time synchronisation on: timedatectl set-ntp true."
    if apart > CLOCK_FAILS:
        says = f"It is {_span(apart)} off Slack's: deadlines are wrong, and over HTTP every signature is refused."
        yield failure("clock", says, remedy)
    elif apart > CLOCK_WARNS:
        yield warning("clock", f"It is {_span(apart)} off Slack's.", remedy)
    else:
        yield ok("clock", f"Within {max(apart, 1)} s of Slack's; deadlines are in London's time.")


def _span(seconds: int) -> str:
    return (
        f"{seconds} s"
        if seconds < 120
        else f"{seconds // 60} minutes"
        if seconds < 7_200
        else f"{seconds // 3600} hours"
    )
