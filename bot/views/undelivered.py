"""What the administrator is told when a notice cannot be delivered: to whom, and Slack's word for why; no content."""

from bot.views.blocks import Reply, reply, said

GIVEN_UP = (
    "A notice could not be delivered to {user}: Slack says {why}. Whoever stands in for them is told instead."
    " Please check this person in Slack, and in guidance.toml."
)
STILL_TRYING = (
    "A notice has not reached {user} for some minutes: Slack says {why}. I keep trying, and whoever stands in for them"
    " is told as well. Please check Slack's status, and this person."
)


def undelivered(user: str, why: str, *, given_up: bool) -> Reply:
    """The message; `user` is a member id as it stands in guidance.toml, `why` Slack's word, such as `user_disabled`."""
    sentence = (GIVEN_UP if given_up else STILL_TRYING).format(user=user, why=why or "nothing")
    return reply(sentence, [said(sentence)])
