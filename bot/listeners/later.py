"""Work that need not be done before Slack is answered: it is acknowledged at once, and done in threads of its own."""

from collections.abc import Callable
from functools import partial, wraps

from slack_bolt import Args

from bot import payloads
from bot.listeners import errors
from bot.listeners.parts import Parts

Listener = Callable[[Parts, Args], None]


def in_case_pool(work: Listener) -> Listener:
    """Make a listener that acknowledges, and leaves the work to the threads for cases.

    However many clicks on cases wait for Slack, a form finds a thread, and so does a submission.
    """

    @wraps(work)
    def listen(parts: Parts, args: Args) -> None:
        args.ack()
        parts.case_pool.submit(partial(work, parts, args), partial(_failed, parts, args))

    return listen


def in_form_pool(work: Listener) -> Listener:
    """Make a listener that acknowledges, and leaves the work to the threads for forms that are opened or closed.

    While Slack hangs, each of them waits for it: a report that is sent meanwhile finds a thread all the same.
    """

    @wraps(work)
    def listen(parts: Parts, args: Args) -> None:
        args.ack()
        parts.form_pool.submit(partial(work, parts, args), partial(_failed, parts, args))

    return listen


def _failed(parts: Parts, args: Args, error: Exception) -> None:
    errors.tell(parts, error, payloads.place(args.body), args.client)
