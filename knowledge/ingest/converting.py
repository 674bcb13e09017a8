"""Turns .odt, .doc and .rtf into .docx with LibreOffice, a program of its own, where it is installed.

It runs with an empty profile that allows no macro, no linked content and no network, and is stopped after a while.
"""

import shutil
import subprocess
from pathlib import Path

from knowledge.ingest.errors import RefusedError

_SECONDS = 120
_ITEM = (
    '<item oor:path="/org.openoffice.{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
)
_SETTINGS = (
    ("Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Office.Common/Security/Scripting", "DisableActiveContent", "true"),
    ("Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Office.Writer/Content/Update", "Link", "0"),
    ("Inet/Settings", "ooInetProxyType", "2"),
    ("Inet/Settings", "ooInetHTTPProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPProxyPort", "9"),
    ("Inet/Settings", "ooInetHTTPSProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPSProxyPort", "9"),
)


def to_word(file: Path, folder: Path) -> Path:
    """The file as .docx, in a folder for what is passing. Raises RefusedError where that cannot be done."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        raise RefusedError(
            f"Reading {file.suffix} needs LibreOffice, which is not installed here.",
            "Open the file in Word and save it as .docx, and bring that.",
        )
    profile = folder / "profile"
    _write_settings(profile)
    inside = folder / f"source{file.suffix.lower()}"
    shutil.copyfile(file, inside)
    command = [
        program, "--headless", "--norestore", "--nologo", "--nodefault", "--nolockcheck",
        f"-env:UserInstallation={profile.resolve().as_uri()}",
        "--convert-to", "docx:MS Word 2007 XML", "--outdir", str(folder), str(inside),
    ]  # fmt: skip
    try:
        subprocess.run(command, capture_output=True, timeout=_SECONDS, check=True)  # noqa: S603
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError, OSError):
        raise _refusal(file) from None
    made = folder / "source.docx"
    if not made.exists():
        raise _refusal(file)
    return made


def _refusal(file: Path) -> RefusedError:
    return RefusedError(
        f"LibreOffice could not read this {file.suffix} file: it is broken, or locked with a password.",
        "Open it in the program that made it, and save it as .docx or PDF.",
    )


def _write_settings(profile: Path) -> None:
    user = profile / "user"
    user.mkdir(parents=True)
    items = "".join(_ITEM.format(path=path, name=name, value=value) for path, name, value in _SETTINGS)
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<oor:items xmlns:oor="http://openoffice.org/2001/registry" '
    head += 'xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
    (user / "registrymodifications.xcu").write_text(f"{head}{items}</oor:items>\n", encoding="utf-8")
