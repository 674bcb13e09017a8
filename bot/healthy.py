"""`python -m bot.healthy`: whether the bot on this machine is alive, as an exit code, for a container or a monitor.

It asks `/live` at the address that [watch] in guidance.toml names, and imports nothing heavy: it runs twice a minute.
"""

import sys
import tomllib
import urllib.error
import urllib.request
from pathlib import Path

USUAL = "127.0.0.1:9464"
PATIENCE = 4.0


def state(config: Path) -> str:
    """What is wrong, in a sentence; empty where it is alive."""
    try:
        address = tomllib.loads(config.read_text(encoding="utf-8-sig")).get("watch", {}).get("address", USUAL)
    except (OSError, ValueError, AttributeError) as error:
        return f"{config} cannot be read ({type(error).__name__})."
    if not address:
        return f"Nothing can be asked: in {config}, [watch] has an empty address."
    try:
        with _direct().open(f"http://{address}/live", timeout=PATIENCE):
            return ""
    except urllib.error.HTTPError as error:
        return f"It answers {error.code}."
    except (OSError, ValueError) as error:
        return f"It does not answer at {address} ({type(error).__name__})."


def _direct() -> urllib.request.OpenerDirector:
    """No proxy: it is this machine that is asked."""
    return urllib.request.build_opener(urllib.request.ProxyHandler({}))


if __name__ == "__main__":
    wrong = state(Path(sys.argv[1] if len(sys.argv) > 1 else "guidance.toml"))
    sys.stdout.write(f"{wrong or 'It is alive.'}\n")
    sys.exit(bool(wrong))
