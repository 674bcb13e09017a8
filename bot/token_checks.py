"""Whether a token is of the right kind, and whether Slack takes it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.settings import SLACK
from bot.slack_calls import UNHEARD, code, impatient

PATIENCE = 10
Verdict = tuple[str, str]
"""What is wrong, with a remedy, or nothing; and what is said where it is right. Neither repeats the secret."""


@dataclass(frozen=True)
class Wanted:
    """A secret to be asked for. `over_http` says for which way to Slack it is: None for both."""

    file: str
    prompt: str
    over_http: bool | None
    check: Callable[[str, Mapping[str, str]], Verdict]


def _client(token: str, environment: Mapping[str, str]) -> WebClient:
    address = environment.get("SLACK_API_URL", "").strip() or SLACK
    return impatient(WebClient(token=token, base_url=address.rstrip("/") + "/"), PATIENCE)


def _bot(token: str, environment: Mapping[str, str]) -> Verdict:
    if not re.fullmatch(r"xoxb-[!-~]+", token):
        return "That is no bot token: it begins with xoxb-. It stands under OAuth & Permissions.", ""
    try:
        said = _client(token, environment).auth_test()
    except (SlackApiError, *UNHEARD) as error:
        return _refused(error), ""
    return "", f"Slack takes it: this is the bot of the workspace {said.get('team') or said.get('team_id')}."


def _app(token: str, environment: Mapping[str, str]) -> Verdict:
    if not re.fullmatch(r"xapp-[!-~]+", token):
        return "That is no app token: it begins with xapp-. It stands under Basic Information, App-Level Tokens.", ""
    try:
        _client(token, environment).apps_connections_open(app_token=token)
    except (SlackApiError, *UNHEARD) as error:
        return _refused(error), ""
    return "", "Slack takes it: Socket Mode can be used."


def _signing(secret: str, _: Mapping[str, str]) -> Verdict:
    if not re.fullmatch(r"[0-9a-f]{32}", secret):
        return "That is no signing secret: 32 digits and letters from a to f, under Basic Information.", ""
    return "", "That has the shape of a signing secret. Slack offers no way to try it."


def _refused(error: BaseException) -> str:
    if isinstance(error, SlackApiError):
        return f"Slack does not take it ({code(error) or 'no reason given'}). Copy it again, the whole of it."
    return f"Slack could not be asked ({type(error).__name__}). Check the network, and try again."


WANTED = (
    Wanted("slack_bot_token", "Bot User OAuth Token (xoxb-…), which is not shown:", None, _bot),
    Wanted("slack_app_token", "App-Level Token (xapp-…), which is not shown:", False, _app),
    Wanted("slack_signing_secret", "Signing Secret, which is not shown:", True, _signing),
)
