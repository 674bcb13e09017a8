"""The local Slack as a process of its own, which remembers when what passed.

Run as `python -m tests.bench.slack PEOPLE [REQUEST_URL]` by `stage.py`. It prints one line of JSON: where it
is. Then each line that it reads is answered with one: `passed` gives what passed since it was asked last, `view USER`
the modal that stands before somebody.
"""

import json
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bot.workspace.client import Workspace
from bot.workspace.journal import Journal
from bot.workspace.running import running


class Record:
    """Notes the moments of what the journal is told: the journal itself keeps 5,000 entries only."""

    def __init__(self, journal: Journal) -> None:
        self._lock, self._kept = threading.Lock(), list[dict[str, Any]]()
        self._add: Callable[..., None] = journal.add
        journal.add = self._note  # type: ignore[method-assign]  # it listens in, and passes everything on

    def _note(self, kind: str, what: str, who: str = "", **detail: Any) -> None:
        at = time.perf_counter()
        with self._lock:
            self._kept.append({"at": at, "kind": kind, "what": what, **_about(kind, what, who, detail)})
        self._add(kind, what, who, **detail)

    def taken(self) -> list[dict[str, Any]]:
        """What was noted since this was called last."""
        with self._lock:
            kept, self._kept = self._kept, []
        return kept


def _about(kind: str, what: str, who: str, detail: dict[str, Any]) -> dict[str, Any]:
    """What tells one thing that passed from another; no more, since it is noted a thousand times a second."""
    params, payload = detail.get("params") or {}, detail.get("payload") or {}
    if kind == "call":
        return {"channel": params.get("channel"), "trigger": params.get("trigger_id")}
    if kind == "page":
        return {"user": who, "command": str(detail.get("text", ""))[:15] if what == "command" else ""}
    if kind == "envelope":
        event = payload.get("event") or {}
        user = payload.get("user_id") or event.get("user") or (payload.get("user") or {}).get("id")
        view = (payload.get("view") or {}).get("id")
        return {"id": detail["envelope_id"], "user": user, "trigger": payload.get("trigger_id"), "view": view}
    return {"id": detail.get("envelope_id"), "action": payload.get("response_action"), "error": detail.get("error")}


def main(people: str, request_url: str = "") -> None:
    """Serve until the input ends."""
    with running(people=Path(people), request_url=request_url or None) as workspace:
        record = Record(workspace.journal)
        environment = {"SLACK_API_URL": workspace.api, "SLACK_BOT_TOKEN": workspace.tokens.bot}
        environment |= {
            "SLACK_APP_TOKEN": workspace.tokens.app,
            "SLACK_SIGNING_SECRET": workspace.tokens.signing_secret,
        }
        _say({"origin": workspace.origin, "environment": environment})
        for line in sys.stdin:
            command, _, user = line.strip().partition(" ")
            _say(record.taken() if command == "passed" else workspace.do(_top, workspace, user))


def _top(workspace: Workspace, user: str) -> dict[str, Any] | None:
    stack = workspace.hub.state.stacks.get(user)
    return {"id": stack[-1].id, "title": "", "blocks": stack[-1].blocks} if stack else None


def _say(value: Any) -> None:
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
