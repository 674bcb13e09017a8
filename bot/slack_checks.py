"""Whether an id that somebody types is right: asked of Slack where a token is at hand, else looked at by shape."""

from collections.abc import Mapping
from functools import partial

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.duties import clean_name
from bot.initial import GROUP, USER, Checks, shaped
from bot.secrets_files import SecretFileError, secret
from bot.settings import HELP, SLACK, SettingsError
from bot.slack_calls import UNHEARD, code, impatient

PATIENCE = 5
REFUSED = {
    "deleted": "is deactivated",
    "is_bot": "is a bot",
    "is_restricted": "is a guest",
    "is_ultra_restricted": "is a guest",
    "is_stranger": "belongs to another workspace",
}
"""Slack's flags for whoever can have no duty, in words."""
ELSE = "Choose somebody else, or correct the id."


def checks_of(environment: Mapping[str, str]) -> tuple[Checks, bool]:
    """The checks, and whether Slack is asked. Reads SLACK_BOT_TOKEN, or its file, and SLACK_API_URL.

    Raises SettingsError where the file cannot be read.
    """
    try:
        token = secret(environment, "SLACK_BOT_TOKEN").strip()
    except SecretFileError as error:
        raise SettingsError(f"{error} {HELP}") from None
    if not token:
        person, group = partial(shaped, USER), partial(shaped, GROUP)
    else:
        address = environment.get("SLACK_API_URL", "").strip() or SLACK
        client = impatient(WebClient(token=token, base_url=address.rstrip("/") + "/"), PATIENCE)
        person, group = partial(_person, client), partial(_group, client)

    def member(answer: str) -> str:
        return group(answer) if GROUP.fullmatch(answer) else person(answer)

    return Checks(person=person, member=member, group=group), bool(token)


def _person(client: WebClient, answer: str) -> str:
    if wrong := shaped(USER, answer):
        return wrong
    try:
        said = client.users_info(user=answer)["user"]
    except (SlackApiError, *UNHEARD) as error:
        return _unasked(answer, error)
    name = clean_name(str(said.get("real_name") or answer))
    wrong = next((words for flag, words in REFUSED.items() if said.get(flag)), "")
    return f"{name} ({answer}) {wrong}, and can have no duty. {ELSE}" if wrong else ""


def _group(client: WebClient, answer: str) -> str:
    if wrong := shaped(GROUP, answer):
        return wrong
    try:
        members = client.usergroups_users_list(usergroup=answer).get("users")
    except (SlackApiError, *UNHEARD) as error:
        return _unasked(answer, error)
    return "" if members else f"The user group {answer} has no members. Add somebody in Slack, or correct the id."


def _unasked(answer: str, error: BaseException) -> str:
    """Why Slack does not confirm an id."""
    word = code(error)
    if word in {"user_not_found", "user_not_visible", "no_such_subteam"}:
        return f"Slack knows nobody by the id {answer}. {ELSE}"
    if word == "plan_upgrade_required":
        return "This Slack plan has no user groups. Name people one by one."
    return (
        f"Slack could not be asked ({word or type(error).__name__}). Check SLACK_BOT_TOKEN and the network; try again."
    )
