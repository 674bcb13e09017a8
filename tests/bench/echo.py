"""A bot that does nothing but reply "ok", with Slack's own client: what is left of a load without this bot's own work.

Run as `python -m tests.bench.echo`, by `load.py`, with the tokens in the environment.
"""

import os
import signal
import sys
import threading

from slack_sdk import WebClient
from slack_sdk.socket_mode import SocketModeClient
from slack_sdk.socket_mode.client import BaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse


def main() -> None:
    """Reply until told to stop."""
    address, tokens = os.environ["SLACK_API_URL"], (os.environ["SLACK_BOT_TOKEN"], os.environ["SLACK_APP_TOKEN"])
    web = WebClient(token=tokens[0], base_url=address)
    client = SocketModeClient(tokens[1], web_client=WebClient(token=tokens[1], base_url=address), concurrency=20)

    def hear(socket: BaseSocketModeClient, request: SocketModeRequest) -> None:
        socket.send_socket_mode_response(SocketModeResponse(request.envelope_id))
        event = request.payload.get("event", {})
        if event.get("type") == "message" and "bot_id" not in event:
            web.chat_postMessage(channel=event["channel"], text="ok")

    client.socket_mode_request_listeners.append(hear)
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    client.connect()
    sys.stdout.write("Connected.\n")
    sys.stdout.flush()
    stop.wait()
    os._exit(0)  # the client would wait for its socket for seconds


if __name__ == "__main__":
    main()
