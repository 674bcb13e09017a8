"""What happens on a click."""

import re

from bot.casework.models import Notice, Sentence
from bot.listeners import ROUTES
from bot.store.feedback import Kind
from bot.views import desk, notices, organisations
from tests.bot import slack_events as events
from tests.bot.block_rules import parts
from tests.bot.cases import worst_cases

QUESTION = "Can I accept a friend request from a pupil?"


def kept(bot):
    return [(feedback.kind, feedback.card, feedback.text) for feedback in bot.parts.store.kept()]


def test_this_helped_is_thanked_for_and_kept_once(bot):
    answer = bot.ask(QUESTION)
    assert "Thank you" in bot.press(answer, "This helped").shown
    bot.press(answer, "This helped")
    assert kept(bot) == [(Kind.HELPED, "pupil-friend-request", QUESTION)]


def test_not_my_question_offers_the_next_cards_and_then_whom_to_ask(bot):
    answer = bot.ask(QUESTION)
    next_cards = bot.press(answer, "Not my question")
    assert next_cards.params["channel"] == "DU1"
    card = bot.press(next_cards, "Accepting a friend request from a parent")
    assert "✋ Ask first" in card.shown
    assert "Clause 1.2" in card.shown
    assert "You can ask \nthe headteacher" in bot.press(next_cards, "None of these").shown
    assert "You can ask \nthe headteacher" in bot.press(card, "Not my question").shown
    assert kept(bot)[-1] == (Kind.NOT_MY_QUESTION, "pupil-friend-request", QUESTION)


UNSURE = "scroll through insta at noon"
LUNCH = "Using social media in your lunch break"


def test_a_choice_among_suggestions_is_kept_once_with_its_card_and_question(bot):
    suggested = bot.ask(UNSURE)
    assert "Is it one of these?" in suggested.shown
    assert "Clause 3.1" in bot.press(suggested, LUNCH).shown
    bot.press(suggested, LUNCH)
    assert kept(bot) == [(Kind.CHOSEN, "breaks", UNSURE)]


def test_a_choice_after_not_my_question_is_kept_too_and_so_is_that_it_helped(bot):
    choice = bot.press(bot.ask(QUESTION), "Not my question")
    card = bot.press(choice, "Accepting a friend request from a parent")
    bot.press(card, "This helped")
    assert kept(bot) == [
        (Kind.HELPED, "parent-friend-request", QUESTION),
        (Kind.CHOSEN, "parent-friend-request", QUESTION),
        (Kind.NOT_MY_QUESTION, "pupil-friend-request", QUESTION),
    ]


def test_a_card_opened_while_looking_around_is_no_choice(bot):
    answer = bot.ask(QUESTION)
    bot.press(answer, "What happens after a breach of the policy")
    near = bot.ask("what if the head finds out I broke the rules")
    assert "Not about this, but near" in near.shown
    bot.press(near, "What happens after a breach of the policy")
    bot.receive(events.home_opened())
    bot.slack.wait_for(lambda: bot.slack.of("views.publish"))
    bot.press(bot.slack.of("views.publish")[-1], "Accepting a friend request from a pupil")
    assert [kind for kind, _, _ in kept(bot)] == [Kind.NONE]


def test_a_choice_is_kept_without_a_question_that_tells_of_somebody(bot):
    choice = bot.press(bot.ask("a Year 9 pupil just added me on Snapchat"), "Not my question")
    bot.press(choice, "Sending a direct message to a pupil")
    assert kept(bot)[0] == (Kind.CHOSEN, "pupil-message", None)


def test_a_suggested_card_that_is_gone_is_not_kept(bot):
    click = events.press(bot.ask(UNSURE), LUNCH, bot.slack.origin)
    click["actions"][0]["value"] = "000001|gone"
    assert "Please ask me again" in bot.reply_to(click).shown
    assert kept(bot) == []


def test_related_cards_open(bot):
    answer = bot.ask(QUESTION)
    assert "Clause 3.2" in bot.press(answer, "What happens after a breach of the policy").shown


def test_the_contents_list_every_section_and_open_its_clauses(bot):
    contents = bot.press(bot.ask("Who feeds the school tortoise?"), "Contents of the policy")
    assert "Pupils and parents · Clause 1.1 to 1.2 · 5 clauses" in contents.shown
    section = bot.press(contents, "Open")
    assert section.shown.startswith("Front page\n")


def test_clicks_in_a_channel_are_answered_for_the_clicker_only(bot):
    answer = bot.reply_to(events.mention(QUESTION))
    follow_up = bot.press(answer, "Not my question", user="U9")
    assert follow_up.method == "chat.postEphemeral"
    assert (follow_up.params["user"], follow_up.params["thread_ts"]) == ("U9", answer.params["thread_ts"])


def test_clicks_on_a_private_answer_are_answered_privately(bot):
    answer = bot.reply_to(events.command(QUESTION, bot.slack.origin))
    follow_up = bot.press(answer, "Not my question")
    assert (follow_up.method, follow_up.params["response_type"]) == ("response", "ephemeral")


def test_clicks_in_a_thread_of_the_conversation_stay_in_it(bot):
    answer = bot.reply_to(events.direct_message(QUESTION, thread_ts="123.4"))
    assert bot.press(answer, "This helped").params["thread_ts"] == "123.4"


def test_feedback_is_kept_without_the_question_once_it_is_too_long_ago(bot):
    answer = bot.ask(QUESTION)
    bot.clock.move(minutes=31)
    bot.press(answer, "This helped")
    assert kept(bot) == [(Kind.HELPED, "pupil-friend-request", None)]


def test_a_button_to_a_card_that_is_gone_asks_to_ask_again(bot):
    answer = bot.ask(QUESTION)
    click = events.press(answer, "This helped", bot.slack.origin)
    click["actions"][0] |= {"action_id": "open_card_1", "value": "x|gone|also-gone"}
    assert "Please ask me again" in bot.reply_to(click).shown
    click["actions"][0] |= {"action_id": "open_section_3", "value": "99:0"}
    assert "Please ask me again" in bot.reply_to(click).shown
    click["actions"][0] |= {"action_id": "open_section_3", "value": "nonsense"}
    assert "Front page" in bot.reply_to(click).shown


def test_no_button_carries_what_was_asked(bot):
    answer = bot.ask(QUESTION)
    values = [part["value"] for part in parts(answer.params["blocks"]) if "value" in part]
    assert values
    assert all(re.fullmatch(r"[a-z0-9|:-]+", value) for value in values)


def test_every_button_has_a_listener_and_every_listener_a_button(bot):
    answer = bot.ask(QUESTION)
    contents = bot.press(bot.ask("Who feeds the school tortoise?"), "Contents of the policy")
    choice = bot.press(answer, "Not my question")
    disclosed = bot.ask("a Year 9 pupil just added me on Snapchat")
    bot.receive(events.home_opened())
    bot.finish()
    views = [call.params["view"] for call in bot.slack.of("views.publish")]
    told = notices.notice(Notice(recipient="U1", sentence=Sentence.NEW, step="x"), "SG-BCDFGH", "m", "0" * 32)
    sent = [one.params["blocks"] for one in (answer, contents, choice, disclosed)]
    many = [worst_cases.case("word", 1) for _ in range(30)]
    listed = [*desk.ways_in(), *desk.desk_blocks(many, "U1", worst_cases.NOW), *desk.own_blocks(many, worst_cases.NOW)]
    sent += [list(organisations.choice({"little-school": "Little School"}).blocks)]
    sent += [*views, list(told.blocks), listed, *worst_cases.every_view("word")]
    found = parts(sent)
    dispatching = [part["element"]["action_id"] for part in found if part.get("dispatch_action")]
    buttons = {part["action_id"] for part in found if part.get("type") == "button"}
    heard_by("action", buttons | set(dispatching), but={"contents"})
    heard_by("view", {part["callback_id"] for part in found if part.get("submit")})
    heard_by("view_closed", {part["callback_id"] for part in found if part.get("notify_on_close")})


def heard_by(kind: str, ids: set[str], but: frozenset[str] | set[str] = frozenset()) -> None:
    patterns = {route.name for route in ROUTES if route.kind == kind}
    heard = {name: {pattern for pattern in patterns if re.fullmatch(pattern, name)} for name in ids}
    assert all(len(listeners) == 1 for listeners in heard.values()), heard
    assert set().union(*heard.values()) >= patterns - but
