"""`/api/<method>` and `/response/<token>`: lets a call in as Slack would, meets the weather, and answers."""

import asyncio
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.workspace import methods_chat, methods_conversations, methods_people, methods_views
from bot.workspace.hub import Hub
from bot.workspace.methods import METHODS, Params, need
from bot.workspace.refused import RefusedError

TABLES = (methods_chat, methods_conversations, methods_people, methods_views)
"""Importing them has filled METHODS."""

NESTED = ("view", "blocks")
"""Arguments that forms carry as JSON."""


async def call(hub: Hub, request: Request) -> Response:
    """One call of a method."""
    name = str(request.path_params["method"])
    params = await _params(request)
    token = _token(request, params)
    rights = _rights(hub, name, token)
    return await _in_weather(
        hub, name, request, lambda: _answer(hub, name, params, lambda: _run(hub, name, params, token), rights)
    )


async def respond(hub: Hub, request: Request) -> Response:
    """What is posted to a response address."""
    params = await _params(request)
    token = str(request.path_params["token"])
    if hub.weather.take("lapsed"):
        _note(hub, "response", "expired_url")
        return JSONResponse({"ok": False, "error": "expired_url"}, 404)

    def run() -> Response:
        answer = _answer(hub, "response", params, lambda: methods_chat.respond(hub, token, params))
        if json.loads(bytes(answer.body))["ok"]:
            return answer
        return Response(answer.body, 404, media_type="application/json")

    return await _in_weather(hub, "response", request, run)


def _rights(hub: Hub, name: str, token: str) -> dict[str, str]:
    """Headers that tell what a token may do, and what the method takes; for a token that is known."""
    granted = {hub.tokens.bot: sorted(hub.manifest.scopes), hub.tokens.app: ["connections:write"]}.get(token)
    if granted is None:
        return {}
    method = METHODS.get(name)
    accepted = {"X-Accepted-OAuth-Scopes": method.scope} if method and method.scope else {}
    return {"X-OAuth-Scopes": ",".join(granted), **accepted}


def _answer(hub: Hub, name: str, params: Params, run: Any, headers: dict[str, str] | None = None) -> JSONResponse:
    try:
        answer = {"ok": True, **run()}
    except RefusedError as refused:
        hub.journal.add("refusal", name, "bot", params=params, error=refused.error, path=refused.path)
        hub.problem(name, refused)
        return JSONResponse(refused.answer, headers=headers)
    hub.journal.add("call", name, "bot", params=params, answer=answer)
    return JSONResponse(answer, headers=headers)


def _run(hub: Hub, name: str, params: Params, token: str) -> dict[str, Any]:
    method = METHODS.get(name)
    if method is None:
        raise RefusedError("unknown_method", f"The workspace does not know {name}.")
    _let_in(hub, method.token, token)
    need(hub, method.scope)
    return method.run(hub, params)


def _let_in(hub: Hub, kind: str, token: str) -> None:
    if not token:
        raise RefusedError("not_authed", "No token was sent.")
    if token not in {hub.tokens.bot, hub.tokens.app}:
        raise RefusedError("invalid_auth", "This token is not known here.")
    if (token == hub.tokens.app) != (kind == "app"):
        raise RefusedError("not_allowed_token_type", f"This method takes the {kind} token.")


def _token(request: Request, params: Params) -> str:
    argument = str(params.pop("token", ""))  # taken out in any case: the journal shows the arguments
    header = request.headers.get("authorization", "")
    return header.removeprefix("Bearer ").strip() or argument


async def _params(request: Request) -> Params:
    params: Params = dict(request.query_params)
    body = (await request.body()).decode()
    if "json" in request.headers.get("content-type", ""):
        params |= _loaded(body or "{}") or {}
    else:
        params |= dict(parse_qsl(body, keep_blank_values=True))
    for name in NESTED:
        if isinstance(params.get(name), str):
            params[name] = _loaded(params[name])
    return params


def _loaded(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return "not JSON"


async def _in_weather(hub: Hub, name: str, request: Request, run: Callable[[], Response]) -> Response:
    """What `run` answers; or what the weather makes of it: late, refused, failed, or never answered."""
    if slow := hub.weather.take("slow", name):
        await asyncio.sleep(slow.seconds)
    if limit := hub.weather.take("rate_limit", name):
        _note(hub, name, "ratelimited")
        headers = {"Retry-After": f"{limit.retry_after:g}"}
        return JSONResponse({"ok": False, "error": "ratelimited"}, 429, headers)
    if failing := hub.weather.take("server_error", name):
        if failing.done:
            run()
        _note(hub, name, "internal_error")
        return Response("upstream connect error", 500)
    if silent := hub.weather.take("hang", name):
        if silent.done:
            run()
        _note(hub, name, "never answered")
        return await _never(request)
    return run()


def _note(hub: Hub, name: str, error: str) -> None:
    hub.journal.add("refusal", name, "bot", error=error, weather=True)
    hub.changed()


async def _never(request: Request) -> Response:
    """Give no answer for as long as somebody waits for one."""
    while not await request.is_disconnected():
        await asyncio.sleep(0.1)
    return Response("", 504)
