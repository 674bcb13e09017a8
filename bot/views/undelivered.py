"""What the administrator is told when something is wrong: with a notice, with who reads, with a change; no content."""

from bot.views.blocks import Reply, reply, said

LONGEST_MISTAKE = 1_500
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


def nobody(organisation: str) -> Reply:
    """For the administrator, when nobody has the duty slt any more; `organisation` as guidance.toml names it."""
    sentence = (
        f"Nobody with the duty slt is active in {organisation} any more: Slack has none of them, or their user group is"
        " empty. What is open goes on to their deputies, the head and the chair. Please check these people in Slack,"
        f" and [[organisations.{organisation}.person]] in guidance.toml."
    )
    return reply(sentence, [said(sentence)])


def not_taken(mistake: str) -> Reply:
    """For the administrator, when a change of settings or content has a mistake in it: file, line, and what to do."""
    text = "What was changed in the settings or the content is not taken: there is a mistake in it."
    goes_on = "I go on with what was there before. Correct it and save: I read it again by myself."
    return reply(text, [said(text), said(mistake[:LONGEST_MISTAKE]), said(goes_on)])


def ghosts(count: int, meant: int) -> Reply:
    """For the administrator, when Slack counts more connections of this app than are meant to be."""
    sentence = (
        f"Slack counts {count} connections for this app, and {meant} should be. Another copy of the bot may be running,"
        " and what people send may reach that one: reports too. Please find it and stop it at once. If none is running,"
        " change the app's tokens: somebody else may have them."
    )
    return reply(sentence, [said(sentence)])
