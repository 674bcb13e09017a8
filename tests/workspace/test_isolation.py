"""Whatever people of several organisations do, and in whatever order, nothing of one is shown in another."""

import json
import time
from dataclasses import dataclass, replace

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bot.workspace.refused import UnableError
from tests.workspace.trust import (
    BIG,
    BIG_HEAD,
    BOTH,
    CENTRAL,
    LITTLE,
    LITTLE_HEAD,
    NAMES,
    NOBODY,
    SIXTH,
    AtTrust,
    at_trust,
)

MAY_SEE = {
    LITTLE: {"little-school", "our-trust"},
    LITTLE_HEAD: {"little-school", "our-trust"},
    BIG: {"big-academy"},
    BIG_HEAD: {"big-academy"},
    SIXTH: {"big-academy"},
    CENTRAL: {"our-trust"},
    NOBODY: set(),
}
"""Whose policies somebody may be shown. Whoever is in two may see both: of them, only the cases are looked at."""
MOST = 10
"""Stories in one workspace: of a conversation's messages, the page shows the last 200 alone."""
READS = {
    LITTLE_HEAD: {"little-school"},
    BIG_HEAD: {"big-academy"},
    CENTRAL: {"little-school", "big-academy", "our-trust"},
}
PEOPLE = (*MAY_SEE, BOTH)
QUESTIONS = ("Can I accept a friend request from a pupil?", "what about a parent", "drone", "may I feed the tortoise")
BUTTONS = ("This helped", "Not my question", "None of these", "Contents of the policy", "Little School", "Big Academy")
OPENERS = ("Open", "Acknowledge")
QUIET = 6
"""Looks, 0.03 s apart, in which nothing may pass before everything counts as done."""


@pytest.fixture(scope="module")
def trust(tmp_path_factory):
    with at_trust(tmp_path_factory.mktemp("trust")) as made:
        yield made


asks = st.tuples(st.just("ask"), st.sampled_from(PEOPLE), st.sampled_from(QUESTIONS))
presses = st.tuples(st.just("press"), st.sampled_from(PEOPLE), st.sampled_from(BUTTONS + OPENERS))
reports = st.tuples(st.just("report"), st.sampled_from(PEOPLE), st.sampled_from(["yes", "no"]))
homes = st.tuples(st.just("home"), st.sampled_from(PEOPLE), st.just(""))
peeks = st.tuples(st.just("peek"), st.sampled_from(PEOPLE), st.just(""))
STEPS = st.lists(st.one_of(asks, presses, reports, homes, peeks), min_size=4, max_size=12)


@dataclass
class Story:
    """What people do; whatever is refused on the way is part of it."""

    trust: AtTrust

    def do(self, what: str, user: str, detail: str) -> None:
        who = self.trust.person(user)
        try:
            getattr(self, what)(who, detail)
        except (LookupError, UnableError):
            return  # there is no such button before them

    def ask(self, who, text: str) -> None:
        who.ask(text)

    def press(self, who, label: str) -> None:
        for message in reversed(who.replies()):
            if f'"{label}"' in json.dumps(message["blocks"]):
                who.press(message, label)
                return

    def report(self, who, danger: str) -> None:
        who.shortcut("report_contact")
        self.settle()
        if "report_organisation" in json.dumps(who.modal):
            who.fill(report_organisation="Little School" if danger == "yes" else "Big Academy")
        who.fill(report_danger=danger, report_who="pupil", report_contacts=["request"])
        who.submit()

    def peek(self, who, _: str) -> None:
        """Somebody has got hold of a case's id, and tries to open it."""
        cases = [case for slug in NAMES for case in self.trust.cases.open_cases(slug)]
        state = self.trust.workspace.hub.state
        if not cases or not who.replies():
            return
        last = list(state.messages[who.direct].values())[-1]
        open_ = {"type": "button", "action_id": "open_case", "text": {"type": "plain_text", "text": "Peek"}}
        elements = [open_ | {"value": cases[-1].id}]
        block = {"type": "actions", "block_id": "peek", "elements": elements}
        forged = replace(last, user=state.bot_user, ts=state.new_ts(), blocks=(block,))
        self.trust.workspace.do(self.trust.workspace.hub.say, forged)
        who.press(who.replies()[-1], "Peek")

    def home(self, who, _: str) -> None:
        who.act("open", tab="home")

    def settle(self) -> None:
        """Wait until nothing passes any more, and the bot has nothing left to do: a busy machine lets it wait long."""
        journal, seen, quiet = self.trust.workspace.journal, 0, 0
        while quiet < QUIET:
            new = journal.after(seen)
            seen = new[-1].n if new else seen
            quiet = 0 if new or not self.trust.is_idle else quiet + 1
            time.sleep(0.03)


def before(trust: AtTrust, user: str) -> str:
    """Everything that stands before somebody: conversation, Home tab and open forms."""
    page = trust.person(user).page
    return json.dumps([page["messages"], page.get("home"), page["modals"]], ensure_ascii=False)


def crossed(trust: AtTrust) -> list[str]:
    """What somebody sees and may not: another organisation's policy, or a case that they neither read nor sent."""
    found = []
    cases = [case for slug in NAMES for case in trust.cases.open_cases(slug)]
    for user in PEOPLE:
        seen = before(trust, user)
        for slug, name in NAMES.items():
            if user in MAY_SEE and slug not in MAY_SEE[user] and f"{name} · version of" in seen:
                found.append(f"{user} sees the policy of {slug}")
        for case in cases:
            mine = case.reporter == user or case.organisation in READS.get(user, ())
            if not mine and case.reference in seen:
                found.append(f"{user} sees a case of {case.organisation}")
    return found


def test_whoever_has_a_cases_id_opens_what_is_theirs_alone(trust):
    """The same, told once without chance: everybody asks, two report, everybody tries."""
    story = Story(trust)
    for user in PEOPLE:
        story.do("ask", user, QUESTIONS[0])
    for reporter in (LITTLE, BIG):
        story.do("report", reporter, "yes")
        story.settle()
        for user in PEOPLE:
            story.do("peek", user, "")
        story.settle()
        assert crossed(trust) == []
        newest = max((case for slug in NAMES for case in trust.cases.open_cases(slug)), key=lambda case: case.opened)
        assert newest.reference in before(trust, reporter), "their own"
        assert newest.reference in before(trust, CENTRAL)


@pytest.mark.filterwarnings("ignore:Do not use the `random` module:hypothesis.errors.HypothesisDeprecationWarning")
@settings(max_examples=MOST, deadline=None, phases=[Phase.generate], suppress_health_check=[*HealthCheck])
@given(STEPS)
def test_nothing_crosses_between_organisations(trust, steps):
    """Slack's own client takes from `random` in threads of its own, also while steps are drawn: nothing to warn of."""
    story = Story(trust)
    for step in steps:
        story.do(*step)
    story.settle()
    assert crossed(trust) == []
    for slug in NAMES:
        cards = {card.id for card in trust.live.now.organisation(slug).cards}
        kept = trust.store.kept(slug)
        assert {one.organisation for one in kept} <= {slug}
        assert {one.card for one in kept if one.card} <= cards, "statistics name this organisation's own cards alone"
        for case in trust.cases.open_cases(slug):
            assert case.reporter in {*PEOPLE} - {NOBODY}
            assert slug in {*MAY_SEE.get(case.reporter, {"little-school", "big-academy"})}
