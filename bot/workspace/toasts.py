"""Notifications: who is told of a message, and the words on a phone's lock screen and on a desktop."""

from collections import defaultdict, deque
from dataclasses import dataclass

from bot.workspace.markup import mentions, readable, words_of
from bot.workspace.rules import parts
from bot.workspace.state import Message, State

MOST_TOASTS = 5
BROADCASTS = ("<!channel>", "<!here>", "<!everyone>")


@dataclass(frozen=True)
class Toast:
    """One notification for one person."""

    id: str
    channel: str
    sender: str
    mobile: str
    desktop: str


class Toasts:
    """Each person's last notifications."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._of: defaultdict[str, deque[Toast]] = defaultdict(lambda: deque(maxlen=MOST_TOASTS))

    def of(self, user: str) -> list[Toast]:
        """A person's notifications, newest last."""
        return list(self._of[user])

    def dismiss(self, user: str, toast_id: str) -> None:
        """Take a notification away."""
        self._of[user] = deque((one for one in self._of[user] if one.id != toast_id), maxlen=MOST_TOASTS)

    def tell(self, message: Message) -> None:
        """Notify those whom a new message concerns: never its sender, never who cannot see it."""
        channel = self._state.channels[message.channel]
        for user in channel.members:
            person = self._state.people[user]
            if user != message.user and not person.is_bot and not person.deleted and self._concerns(message, user):
                self._of[user].append(self._toast(message))

    def _concerns(self, message: Message, user: str) -> bool:
        """Slack's usual rule: direct and ephemeral messages, mentions, threads that one takes part in."""
        if message.only_for:
            return message.only_for == user
        channel = self._state.channels[message.channel]
        return channel.kind == "im" or channel.tell_all or self._named(message, user) or self._follows(message, user)

    def _named(self, message: Message, user: str) -> bool:
        groups = {group.id for group in self._state.groups.values() if user in group.members}
        found = [part for _, part in parts(list(message.blocks))]
        texts = [message.text, *[part["text"] for part in found if part.get("type") == "mrkdwn"]]
        marks = [*BROADCASTS, *[f"<!subteam^{group}" for group in groups]]
        if any(mentions(text, user) or any(mark in text for mark in marks) for text in texts):
            return True
        references = {str(part.get("user_id") or part.get("usergroup_id")) for part in found}
        return bool(references & {user, *groups}) or any(part.get("type") == "broadcast" for part in found)

    def _follows(self, message: Message, user: str) -> bool:
        if message.thread_ts is None:
            return False
        posts = self._state.messages[message.channel].values()
        return any(post.user == user and message.thread_ts in {post.ts, post.thread_ts} for post in posts)

    def _toast(self, message: Message) -> Toast:
        mobile = readable(self._state, message.text)
        desktop = words_of(self._state, message.blocks) or mobile
        sender = self._state.people.get(message.user)
        return Toast(self._state.new_id("N"), message.channel, sender.name if sender else "Slackbot", mobile, desktop)
