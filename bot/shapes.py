"""What Slack's payloads look like, as far as anything here reads them: checked at the gate, before any of it is read.

Slack adds fields as it likes, so that unknown ones are left alone; a known one of another type is no mistake of a
person's. Ids are plain words, so that none of them can carry markup, a line end or half a character into a reply, a
key or a log. What people typed may be anything: it is cleaned where it is read.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

MOST_PARTS = 50_000
"""Values in a payload, counted through all levels; Slack's largest view, of 250 kB, holds fewer than 20,000."""
DEEPEST = 50
"""Levels of a payload; Slack's own have about fifteen."""
LONGEST_WORD = 2_000


def _typed(value: object) -> object:
    if not isinstance(value, str):
        raise ValueError("no text")
    return value


Typed = Annotated[object, AfterValidator(_typed)]
"""What a person typed: pydantic's own check would refuse half a character, and with it the whole message."""
Word = Annotated[str, StringConstraints(max_length=LONGEST_WORD, pattern=r"^[\x20-\x7e]*$")]
Address = Annotated[str, StringConstraints(max_length=LONGEST_WORD, pattern=r"^(https?://[\x21-\x7e]+)?$")]
"""Where a reply is sent: never a file of this machine."""
SlackId = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{1,40}$")]
IdOrNone = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{0,40}$")] | None
Wordless = Word | None
YesOrNo = bool | Literal["true", "false"] | None


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True, frozen=True)


class _Named(_Part):
    id: SlackId


class _User(_Named):
    team_id: IdOrNone = None


class _Authorised(_Part):
    team_id: IdOrNone = None
    user_id: IdOrNone = None
    enterprise_id: IdOrNone = None
    is_bot: bool | None = None
    is_enterprise_install: YesOrNo = None


class _Event(_Part):
    type: Word
    subtype: Wordless = None
    user: IdOrNone = None
    bot_id: IdOrNone = None
    bot_profile: dict[str, Any] | None = None
    channel: IdOrNone = None
    channel_type: Wordless = None
    text: Typed | None = None
    ts: Wordless = None
    thread_ts: Wordless = None
    tab: Wordless = None
    hidden: bool | None = None


class _View(_Part):
    id: Wordless = None
    type: Wordless = None
    callback_id: Wordless = None
    previous_view_id: Wordless = None
    private_metadata: Typed | None = None
    team_id: IdOrNone = None
    app_installed_team_id: IdOrNone = None
    blocks: list[Any] | None = None
    state: dict[str, Any] | None = None


class _Action(_Part):
    action_id: Word
    block_id: Wordless = None
    action_ts: Wordless = None
    value: Typed | None = None


class _Container(_Part):
    type: Wordless = None
    message_ts: Wordless = None
    thread_ts: Wordless = None
    is_ephemeral: bool | None = None


class _Message(_Part):
    ts: Wordless = None
    thread_ts: Wordless = None


class _Payload(_Part):
    type: Wordless = None
    command: Wordless = None
    callback_id: Wordless = None
    api_app_id: IdOrNone = None
    team_id: IdOrNone = None
    user_id: IdOrNone = None
    channel_id: IdOrNone = None
    enterprise_id: IdOrNone = None
    is_enterprise_install: YesOrNo = None
    event_id: Wordless = None
    trigger_id: Wordless = None
    response_url: Address | None = None
    thread_ts: Wordless = None
    text: Typed | None = None
    team: _Named | None = None
    enterprise: _Named | None = None
    channel: _Named | None = None
    user: _User | None = None
    authorizations: list[_Authorised] | None = None
    event: _Event | None = None
    view: _View | None = None
    actions: Annotated[list[_Action], Field(min_length=1)] | None = None
    container: _Container | None = None
    message: _Message | None = None

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        """Refuse a payload that lacks what its kind is about."""
        needs = ("user_id",) if self.command else _NEEDS.get(self.type or "", ())
        if not all(getattr(self, name) for name in needs):
            raise ValueError("something is missing")
        if self.type in {"view_submission", "view_closed"} and not (self.view and self.view.id and self.view.type):
            raise ValueError("the view has no id, or no type")
        return self


_NEEDS = {
    "event_callback": ("event",),
    "block_actions": ("user", "actions"),
    "view_submission": ("user", "view"),
    "view_closed": ("user", "view"),
    "shortcut": ("user",),
}


def is_slacks(body: Mapping[str, Any]) -> bool:
    """Whether a payload looks like one of Slack's: neither deep nor endless, and of the types that are read of it."""
    if not _bounded(body):
        return False
    try:
        _Payload.model_validate(body)
    except ValidationError:
        return False
    return True


def _bounded(body: Mapping[str, Any]) -> bool:
    """Count level by level, without recursion: what is too deep for Python's own stack is found before that ends."""
    level: list[Any] = [body]
    seen = 0
    for _ in range(DEEPEST):
        seen += len(level)
        if not level or seen > MOST_PARTS:
            break
        level = [inner for value in level for inner in _inside(value)]
    return not level and seen <= MOST_PARTS


def _inside(value: Any) -> Any:
    if isinstance(value, Mapping):
        return value.values()
    return value if isinstance(value, list | tuple) else ()
