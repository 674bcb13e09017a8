"""Where somebody who does more than anybody needs to is stopped, and told whom to ring."""

from slack_bolt import Args
from slack_sdk import WebClient

from bot import payloads, payloads_cases
from bot.casework.models import Actor
from bot.limits import Doing, Verdict
from bot.listeners import whose
from bot.listeners.parts import Parts
from bot.listeners.replies import deliver
from bot.payloads import Asked, Place
from bot.views import limited


def may_ask(parts: Parts, asked: Asked, client: WebClient) -> bool:
    """Whether a question is answered: always where somebody may be in danger, else within the limit."""
    verdict = _verdict(parts, Doing.QUESTION, asked.place, asked.key)
    if verdict is Verdict.GO_ON or is_urgent(parts, asked):
        return True
    if verdict is Verdict.TELL:
        says = limited.too_many_questions(whose.helping(parts, asked.place))
        deliver(client, asked.place, says, private=True)
    return False


def is_urgent(parts: Parts, asked: Asked) -> bool:
    """Whether a question tells that somebody may be in danger."""
    return whose.triage_of(parts, asked.text, asked.place.team).urgent


def may_go_on(parts: Parts, args: Args, doing: Doing) -> bool:
    """Whether a click, or the opening of a form, is within the limit; if not, it is acknowledged here."""
    place = payloads.place(args.body)
    if place is None:
        return True
    verdict = _verdict(parts, doing, place, payloads.once(args.body))
    if verdict is Verdict.GO_ON:
        return True
    args.ack()
    if verdict is Verdict.TELL:
        deliver(args.client, place, limited.too_many(doing, whose.helping(parts, place)), private=True)
    return False


def _verdict(parts: Parts, doing: Doing, place: Place, key: str) -> Verdict:
    return parts.limiter.take(parts.settings.limits, doing, _person(place.team, place.user), key)


def not_yet(parts: Parts, args: Args, actor: Actor, doing: Doing) -> str:
    """Why a form is not taken yet, for the form itself; empty where it is. What is not kept then is given back."""
    who, key = payloads_cases.who(args.body), _form(args)
    if parts.limiter.take(parts.settings.limits, doing, _person(who.team, who.user), key) is Verdict.GO_ON:
        return ""
    settings = parts.settings_of(actor.organisation)
    contact = next(iter(settings.safeguarding.contact), None)
    return limited.wait(doing, parts.limiter.free_at(doing, _person(who.team, who.user)), contact)


def give_back(parts: Parts, args: Args, doing: Doing) -> None:
    """A form was not kept: it does not count."""
    who = payloads_cases.who(args.body)
    parts.limiter.give_back(doing, _person(who.team, who.user), _form(args))


def _form(args: Args) -> str:
    """What is the same when the same form is sent again."""
    return str(args.body["view"]["id"])


def _person(team: str, user: str) -> str:
    return f"{team} {user}"
