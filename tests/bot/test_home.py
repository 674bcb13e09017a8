"""App Home."""

from tests.bot import slack_events as events


def open_home(bot):
    before = len(bot.slack.of("views.publish"))
    bot.receive(events.home_opened())
    bot.slack.wait_for(lambda: len(bot.slack.of("views.publish")) > before)
    return bot.slack.of("views.publish")[-1]


def test_shows_what_the_bot_does_the_policy_and_popular_topics(bot):
    home = open_home(bot)
    assert home.params["user_id"] == "U1"
    assert "Ask me in your own words" in home.shown
    assert "next review Autumn Term 2023 · ⚠️ This review date has passed" in home.shown
    assert "call 999" in home.shown
    assert home.button("Accepting a friend request from a pupil")


def test_that_cannot_be_shown_bothers_nobody(bot):
    bot.slack.refuse("views.publish", "not_enabled")
    bot.receive(events.home_opened())
    assert bot.finish() == []


def test_the_messages_tab_is_left_alone(bot):
    bot.receive(events.home_opened(tab="messages"))
    assert bot.finish() == []
    assert bot.slack.of("views.publish") == []


def test_a_question_from_the_box_is_answered_by_direct_message_and_the_box_is_emptied(bot):
    home = open_home(bot)
    answer = bot.reply_to(events.from_home(home, "Can I accept a friend request from a pupil?", bot.slack.origin))
    assert (answer.method, answer.params["channel"]) == ("chat.postMessage", "U1")
    assert "You asked:\nCan I accept a friend request from a pupil?" in answer.shown
    bot.finish()
    again = bot.slack.of("views.publish")[-1]
    assert "Your answer is in the Messages tab" in again.shown
    boxes = [
        [block["block_id"] for block in call.params["view"]["blocks"] if "block_id" in block] for call in (home, again)
    ]
    assert boxes[0] != boxes[1]


def test_danger_typed_into_the_box_shows_help_at_once(bot):
    bot.receive(events.from_home(open_home(bot), "a pupil told me that her dad hits her", bot.slack.origin))
    bot.finish()
    assert bot.slack.of("views.publish")[-1].shown.startswith("🚨 If somebody may be in danger, act now")


def test_a_popular_topic_is_answered_by_direct_message(bot):
    answer = bot.press(open_home(bot), "Taking photographs of pupils")
    assert (answer.method, answer.params["channel"]) == ("chat.postMessage", "U1")
    assert "Clause 2.1" in answer.shown


def test_what_helped_most_comes_first(bot):
    bot.press(bot.ask("What happens if I break the policy?"), "This helped")
    topics = [block for block in open_home(bot).params["view"]["blocks"] if block["type"] == "actions"]
    assert topics[0]["elements"][0]["text"]["text"] == "What happens after a breach of the policy"


def test_the_settings_may_choose_the_topics(make_bot, settings):
    bot = make_bot(settings.model_copy(update={"popular": ("breaks", "no-such-card")}))
    [topics] = [block for block in open_home(bot).params["view"]["blocks"] if block["type"] == "actions"]
    assert [button["text"]["text"] for button in topics["elements"]] == ["Using social media in your lunch break"]
