"""The app as `manifest.yml` declares it: what it may call, what it hears, what people can type."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.manifest_file import shipped

SHIPPED = shipped()


@dataclass(frozen=True)
class Manifest:
    """What the workspace needs of the manifest."""

    bot_name: str
    scopes: frozenset[str]
    events: frozenset[str]
    commands: tuple[dict[str, Any], ...]
    shortcuts: tuple[dict[str, Any], ...]
    home_tab: bool
    messages_tab: bool
    interactivity: bool


def read_manifest(file: Path = SHIPPED) -> Manifest:
    """Read a manifest. Raises OSError where there is none."""
    data = yaml.safe_load(file.read_text(encoding="utf-8"))
    features, settings = data.get("features", {}), data.get("settings", {})
    home = features.get("app_home", {})
    return Manifest(
        bot_name=features["bot_user"]["display_name"],
        scopes=frozenset(data["oauth_config"]["scopes"]["bot"]),
        events=frozenset(settings.get("event_subscriptions", {}).get("bot_events", ())),
        commands=tuple(features.get("slash_commands", ())),
        shortcuts=tuple(features.get("shortcuts", ())),
        home_tab=bool(home.get("home_tab_enabled")),
        messages_tab=bool(home.get("messages_tab_enabled")),
        interactivity=bool(settings.get("interactivity", {}).get("is_enabled")),
    )
