"""The table of Slack's Web API methods that the workspace knows: who may call each, and what it does."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.workspace.hub import Hub
from bot.workspace.refused import RefusedError

Params = dict[str, Any]
Run = Callable[[Hub, Params], dict[str, Any]]


@dataclass(frozen=True)
class Method:
    """One method. `scope` must stand in the manifest; `token` is bot or app."""

    run: Run
    scope: str | None
    token: str


METHODS: dict[str, Method] = {}


def method(name: str, scope: str | None = None, token: str = "bot") -> Callable[[Run], Run]:  # noqa: S107  (a kind of token)
    """Enter a function into the table."""

    def enter(run: Run) -> Run:
        METHODS[name] = Method(run, scope, token)
        return run

    return enter


def required(params: Params, name: str) -> str:
    """An argument that must be there. Raises RefusedError."""
    value = params.get(name)
    if not isinstance(value, str) or not value:
        says = f"missing required field: {name}"
        messages = [f"[ERROR] {says}"]
        raise RefusedError("invalid_arguments", says, f"/{name}", response_metadata={"messages": messages})
    return value


def need(hub: Hub, scope: str | None) -> None:
    """Raise RefusedError unless the manifest declares a scope."""
    if scope and scope not in hub.manifest.scopes:
        provided = ",".join(sorted(hub.manifest.scopes))
        detail = f"manifest.yml does not declare the scope {scope}."
        raise RefusedError("missing_scope", detail, needed=scope, provided=provided)


def truth(value: Any) -> bool:
    """An argument that is yes or no, from JSON or from a form."""
    return str(value).lower() in {"true", "1"}
