"""Looks at a file before any library opens it: its real kind, its size, and what a harmful one would carry."""

import lzma
import re
import struct
import zipfile
import zlib
from pathlib import Path

from knowledge.ingest.errors import RefusedError

MOST_BYTES = 50_000_000
_MOST_UNPACKED = 150_000_000
_MOST_PARTS = 4_000
_MOST_SQUEEZED = 150  # times: text packs to a tenth, a picture hardly
_WORTH_A_LOOK = 2_000_000  # bytes; what is smaller harms nobody however it is packed
_PROLOG = 65_536

KINDS = {
    ".docx": "Word", ".pdf": "PDF", ".txt": "text", ".md": "text", ".markdown": "text",
    ".odt": "OpenDocument", ".doc": "old Word", ".rtf": "rich text",
}  # fmt: skip
_EXTERNAL = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*TargetMode\s*=\s*[\"']External[\"'][^>]*>", re.IGNORECASE)
_HARMLESS = (b"/hyperlink",)
_UNPACKING = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error),
    *(OSError, EOFError, NotImplementedError, RuntimeError, ValueError),
)
"""What unpacking raises where a file is broken."""
_LINKED = re.compile(
    rb"<draw:(?:image|object|plugin)\b[^>]*xlink:href\s*=\s*[\"'](?:https?|ftp|file|//)", re.IGNORECASE
)


def check(file: Path) -> str:
    """The kind of a file, one of the values of KINDS. Raises RefusedError for a file that should not be opened."""
    if not file.is_file():
        raise RefusedError(f"There is no file {file.name} here.", "Check the name and the folder.")
    size = file.stat().st_size
    if not size:
        raise RefusedError("This file is empty.", "Bring the one that holds the policy.")
    if size > MOST_BYTES:
        raise RefusedError(
            f"This file has {size // 1_000_000} MB; {MOST_BYTES // 1_000_000} are the most.",
            "Save it without its pictures.",
        )
    suffix = file.suffix.lower()
    if suffix in {".docm", ".dotm"}:
        raise _macros()
    kind = KINDS.get(suffix)
    if kind is None:
        raise RefusedError(
            f"Files that end in {suffix or 'nothing'} are not read.", f"Bring one of: {', '.join(KINDS)}."
        )
    with file.open("rb") as opened:
        start = opened.read(2_048)
    _compare(kind, _real_kind(start), suffix)
    if kind in {"Word", "OpenDocument"}:
        _check_package(file, kind)
    return kind


def _real_kind(start: bytes) -> str:
    if start.startswith(b"PK"):
        return "package"
    if start.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return "old Word"
    if b"%PDF-" in start[:1_024]:
        return "PDF"
    if start.lstrip().startswith(b"{\\rt"):
        return "rich text"
    return "unknown" if b"\0" in start and not start.startswith((b"\xff\xfe", b"\xfe\xff")) else "text"


def _compare(kind: str, real: str, suffix: str) -> None:
    """Refuse a file whose ending lies."""
    expected = {"Word": "package", "OpenDocument": "package"}.get(kind, kind)
    if real == expected:
        return
    if kind == "Word" and real == "old Word":
        raise RefusedError(
            "This file is locked with a password, or is an old .doc under a new name.",
            "Open it in Word, take the password off, and save it as .docx.",
        )
    names = {"package": "a Word or OpenDocument file, or another zip", "old Word": "an old Office file"}
    called = names.get(real, f"{real}" if real != "unknown" else "nothing that is read here")
    raise RefusedError(f"This file ends in {suffix}, and is {called}.", "Give it its right ending, or save it again.")


def _check_package(file: Path, kind: str) -> None:
    try:
        with zipfile.ZipFile(file) as package:
            _check_sizes(package)
            _check_parts(package, kind)
    except _UNPACKING:
        raise RefusedError(
            "This file is broken: it cannot be unpacked.", "Open it in Word and save it again."
        ) from None


def _check_sizes(package: zipfile.ZipFile) -> None:
    """Refuse what would unpack to far more than a document is."""
    parts = package.infolist()
    if any(part.flag_bits & 1 for part in parts):
        raise RefusedError("This file is locked with a password.", "Save a copy without it, and bring that.")
    squeezed = any(
        part.file_size > _WORTH_A_LOOK and part.file_size > _MOST_SQUEEZED * max(part.compress_size, 1)
        for part in parts
    )
    if squeezed or len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _MOST_UNPACKED:
        raise RefusedError(
            "This file unpacks to far more than a document holds, as one made to do harm does.",
            "Do not open it; ask whoever sent it for another.",
        )


def _check_parts(package: zipfile.ZipFile, kind: str) -> None:
    names = package.namelist()
    if ("word/document.xml" if kind == "Word" else "content.xml") not in names:
        raise RefusedError(f"This is no {kind} document, whatever its ending says.", "Save the policy as .docx or PDF.")
    if any(name.lower().endswith("vbaproject.bin") or name.startswith(("Basic/", "Scripts/")) for name in names):
        raise _macros()
    for name in names:
        if name.endswith((".xml", ".rels")):
            with package.open(name) as part:
                start = part.read(_PROLOG)
                rest = part.read() if name.endswith(".rels") or name == "content.xml" else b""
            _check_xml(start)
            _check_links(start + rest)


def _check_xml(start: bytes) -> None:
    plain = start.replace(b"\0", b"").lower()
    if b"<!doctype" in plain or b"<!entity" in plain:
        raise RefusedError(
            "This file defines words of its own inside its XML, as one made to do harm does.",
            "Open it in Word and save it again, or ask whoever sent it for another.",
        )


def _check_links(part: bytes) -> None:
    """Refuse text or pictures that stand elsewhere; links to click on harm nobody, for nobody clicks here."""
    for found in _EXTERNAL.finditer(part.replace(b"\0", b"")):
        if not any(kind in found[0].lower() for kind in _HARMLESS):
            raise _links()
    if _LINKED.search(part):
        raise _links()
    if b"/aFChunk" in part or b"/subDocument" in part:
        raise RefusedError("Another file is embedded in this one as text.", "Open it in Word and save it as PDF.")


def _macros() -> RefusedError:
    return RefusedError("This file carries macros: small programs.", "Save it in Word as .docx, which leaves them out.")


def _links() -> RefusedError:
    return RefusedError(
        "This file fetches a template, a picture or text from somewhere else; nothing was fetched.",
        "Save it in Word as PDF and bring that, or break the links (File, Info, Edit Links to Files).",
    )
