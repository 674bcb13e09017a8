"""The page's own addresses: its files, its live view, what people do on it, and the control address."""

import asyncio
import json
from collections.abc import Coroutine
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, select_autoescape
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.websockets import WebSocket, WebSocketDisconnect

from bot.workspace.acting import act
from bot.workspace.hub import Hub
from bot.workspace.refused import UnableError
from bot.workspace.snapshot import snapshot
from bot.workspace.socket import SocketMode
from bot.workspace.state import Person
from bot.workspace.veil import veiled
from bot.workspace.weather import KINDS, LONGEST, WAITING

PAGE = Path(__file__).with_name("page")
STATIC = PAGE / "static"
QUIET_SECONDS = 0.03
"""How long changes are gathered before a page is drawn anew."""

NO_FRAME = {"X-Frame-Options": "DENY", "Cache-Control": "no-cache"}
BARE = "<!doctype html><html lang=en><title>Workspace</title><p>The workspace is running. Its page is not installed."


async def index(hub: Hub, request: Request) -> Response:
    """The page, as the person that the address names; as the first one, if it names nobody."""
    if not (PAGE / "index.html").exists():
        return HTMLResponse(BARE, headers=NO_FRAME)
    asked = request.query_params.get("as")
    person = asked if asked in hub.state.people else next(iter(hub.state.people))
    templates = Environment(loader=FileSystemLoader(PAGE), autoescape=select_autoescape(default=True))
    bot = {"id": hub.state.bot_user, "name": hub.bot_name}
    page = templates.get_template("index.html").render(bot=bot, person=person)
    return HTMLResponse(page, headers=NO_FRAME)


async def live(hub: Hub, connection: WebSocket) -> None:
    """Send a person's snapshot, and again after each change that they can see."""
    user = connection.query_params.get("as") or next(iter(hub.state.people))
    if user not in hub.state.people or hub.state.people[user].is_bot:
        await connection.close(4404)
        return
    await connection.accept()
    changed = asyncio.Event()
    changed.set()
    hub.watchers.add(changed.set)
    drawing = asyncio.create_task(_draw(hub, connection, user, changed))
    try:
        while True:
            await connection.receive_text()
    except (WebSocketDisconnect, KeyError, RuntimeError):
        return
    finally:
        hub.watchers.discard(changed.set)
        drawing.cancel()


async def _draw(hub: Hub, connection: WebSocket, user: str, changed: asyncio.Event) -> None:
    shown = ""
    while True:
        await changed.wait()
        changed.clear()
        if (text := json.dumps(snapshot(hub, user), ensure_ascii=False)) != shown:
            try:
                await connection.send_text(text)
            except (WebSocketDisconnect, RuntimeError, OSError):
                return
            shown = text
        await asyncio.sleep(QUIET_SECONDS)


async def act_on_page(hub: Hub, request: Request) -> Response:
    """What a person does on the page."""
    try:
        await act(hub, await _json(request))
    except UnableError as unable:
        return JSONResponse({"ok": False, "error": str(unable)})
    return JSONResponse({"ok": True})


async def _json(request: Request) -> dict[str, Any]:
    try:
        body = json.loads(await request.body())
    except ValueError:
        raise UnableError("This is not JSON.") from None
    if not isinstance(body, dict):
        raise UnableError("This is not a JSON object.")
    return body


async def weather(hub: Hub, _request: Request) -> Response:
    """What weather may be set, and what is set."""
    return JSONResponse({"kinds": [asdict(kind) for kind in KINDS], "active": hub.conditions})


async def set_weather(hub: Hub, request: Request) -> Response:
    """Set the weather."""
    try:
        change_weather(hub, await _json(request))
    except UnableError as unable:
        return JSONResponse({"ok": False, "error": str(unable)})
    return JSONResponse({"ok": True, "active": hub.conditions})


def change_weather(hub: Hub, asked: dict[str, Any]) -> None:
    """Set a fault, or clear all of them. Raises UnableError."""
    kind, transport = asked.get("set"), hub.delivery.transport
    if kind not in {known.set for known in KINDS}:
        raise UnableError(f"There is no weather '{kind}'.")
    if kind in WAITING:
        hub.weather.add(asked)
    elif kind == "clear":
        hub.restore()
    elif kind == "deactivate":
        person = _person(hub, asked)
        hub.state.people[person.id] = replace(person, deleted=True)
    elif kind == "guest":
        person = _person(hub, asked)
        hub.state.people[person.id] = replace(person, is_restricted=True)
    elif kind == "empty_group":
        _empty(hub, str(asked.get("group")))
    elif kind == "no_network":
        _no_network(hub, asked)
    elif kind in {"channel_public", "channel_shared"}:
        _open_up(hub, str(asked.get("channel")), shared=kind == "channel_shared")
    elif isinstance(transport, SocketMode):
        hub.delivery.spawn(_dropped(transport, asked) if kind == "drop_socket" else transport.refresh())
    else:
        raise UnableError("The bot is reached over HTTP here: there is no connection to drop.")
    hub.journal.add("page", "weather", **asked)
    hub.changed()


def _dropped(transport: SocketMode, asked: dict[str, Any]) -> Coroutine[Any, Any, None]:
    return transport.drop(str(asked.get("how") or "closed"), _lasts(asked))


def _no_network(hub: Hub, asked: dict[str, Any]) -> None:
    if hub.network is None:
        raise UnableError("There is no network here that could go.")
    hub.delivery.spawn(hub.network.be_gone(_lasts(asked)))


def _lasts(asked: dict[str, Any]) -> float:
    try:
        seconds = float(asked.get("lasts") or 0)
    except (TypeError, ValueError):
        raise UnableError("Seconds are a number.") from None
    if not 0 <= seconds <= LONGEST:
        raise UnableError("Trouble lasts 0 to 3,600 seconds.")
    return seconds


def _empty(hub: Hub, group: str) -> None:
    found = hub.state.groups.get(group)
    if found is None:
        raise UnableError("There is no user group of that id.")
    hub.state.groups[group] = replace(found, members=())


def _person(hub: Hub, asked: dict[str, Any]) -> Person:
    person = hub.state.people.get(str(asked.get("user")))
    if person is None or person.is_bot:
        raise UnableError("There is nobody of that id.")
    return person


def _open_up(hub: Hub, channel: str, *, shared: bool) -> None:
    found = hub.state.channels.get(channel)
    if found is None or found.kind == "im":
        raise UnableError("There is no channel of that id.")
    hub.change_channel(channel, **({"shared": True} if shared else {"kind": "channel"}))


async def journal(hub: Hub, request: Request) -> Response:
    """What passed after entry n; with `typed=1`, also what people typed into forms and after commands."""
    after, typed = request.query_params.get("after", "0"), request.query_params.get("typed") == "1"
    entries = hub.journal.after(int(after) if after.isdecimal() else 0)
    return JSONResponse([entry.data if typed else veiled(entry) for entry in entries])
