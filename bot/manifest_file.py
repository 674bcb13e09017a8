"""Where manifest.yml is, and how it reads for an app that Slack reaches over HTTP."""

from pathlib import Path
from urllib.parse import urlsplit

ENDPOINT = "/slack/events"
"""The path at which `guidance serve --http` takes everything that Slack sends."""


class ManifestError(Exception):
    """The manifest cannot be made; the message is a sentence for whoever asked."""


def shipped() -> Path:
    """The manifest that belongs to this program: beside the package in a checkout, in it where it was installed."""
    inside = Path(__file__).with_name("manifest.yml")
    return inside if inside.exists() else Path(__file__).parents[1] / "manifest.yml"


def over_http(text: str, address: str) -> str:
    """The manifest with the request addresses filled in, and Socket Mode off; its comments stay.

    `address` is https, with a host and perhaps a path in front of the bot's own. Raises ManifestError.
    """
    parts = urlsplit(address.strip())
    if parts.scheme != "https" or not parts.hostname or parts.query or parts.fragment or parts.username:
        raise ManifestError("Slack needs an address of the form https://bot.school.example, without a question mark.")
    path = parts.path.rstrip("/")
    url = f"https://{parts.netloc}{path if path.endswith(ENDPOINT) else path + ENDPOINT}"
    lines = []
    for line in text.splitlines():
        lines.append(line.replace("socket_mode_enabled: true", "socket_mode_enabled: false"))
        bare, indent = line.strip(), line[: len(line) - len(line.lstrip())]
        if bare.startswith("- command: "):
            lines.append(f"{indent}  url: {url}")
        elif bare in {"event_subscriptions:", "interactivity:"}:
            lines.append(f"{indent}  request_url: {url}")
    return "\n".join(lines) + "\n"
