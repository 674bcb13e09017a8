"""The one web application: Slack's addresses for the bot, the page's for people; on loopback only."""

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket

from bot.workspace import page_api, web_api
from bot.workspace.hub import Hub
from bot.workspace.socket import SocketMode

LOOPBACK = {"127.0.0.1", "localhost", "::1"}
Answer = Callable[[Hub, Request], Awaitable[Response]]


class LoopbackOnly:
    """Refuses what another web page may have sent: a Host that is not loopback, or an Origin that is not this page."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request or connection."""
        if scope["type"] in {"http", "websocket"} and not _from_here(Headers(scope=scope)):
            refuse: ASGIApp = PlainTextResponse("Only this machine may ask.", 403)
            if scope["type"] == "websocket":
                refuse = _refuse_socket
            await refuse(scope, receive, send)
            return
        await self._app(scope, receive, send)


async def _refuse_socket(_scope: Scope, _receive: Receive, send: Send) -> None:
    await send({"type": "websocket.close", "code": 4403})


def _from_here(headers: Headers) -> bool:
    host, origin = headers.get("host", ""), headers.get("origin")
    if not _is_loopback(f"//{host}"):
        return False
    return origin is None or (_is_loopback(origin) and urlsplit(origin).netloc == host)


def _is_loopback(address: str) -> bool:
    try:
        return urlsplit(address).hostname in LOOPBACK
    except ValueError:
        return False


def application(hub: Hub) -> ASGIApp:
    """The web application of a workspace."""

    def on(path: str, answer: Answer, *methods: str) -> Route:
        async def endpoint(request: Request) -> Response:
            return await answer(hub, request)

        return Route(path, endpoint, methods=list(methods) or ["GET"])

    async def live(connection: WebSocket) -> None:
        await page_api.live(hub, connection)

    async def socket(connection: WebSocket) -> None:
        await _serve_socket(hub, connection)

    routes: list[Any] = [
        on("/", page_api.index),
        on("/page/act", page_api.act_on_page, "POST"),
        on("/control/weather", page_api.weather),
        on("/control/weather", page_api.set_weather, "POST"),
        on("/control/journal", page_api.journal),
        on("/api/{method}", web_api.call, "GET", "POST"),
        on("/response/{token}", web_api.respond, "POST"),
        WebSocketRoute("/page/live", live),
        WebSocketRoute("/socket/{ticket}", socket),
        Mount("/static", StaticFiles(directory=page_api.STATIC, check_dir=False)),
    ]
    return LoopbackOnly(Starlette(routes=routes))


async def _serve_socket(hub: Hub, connection: WebSocket) -> None:
    transport = hub.delivery.transport
    if isinstance(transport, SocketMode):
        await transport.serve(connection, str(connection.path_params["ticket"]))
    else:
        await connection.close(4404)
