"""Pages to read in a browser, each one file that fetches nothing: the frame, and differences marked word by word."""

from collections.abc import Iterable
from html import escape
from pathlib import Path

from knowledge.wording import Change, Piece

_STYLE = Path(__file__).with_name("page.css")
_TAGS = {Change.REMOVED: "del", Change.ADDED: "ins"}


def page(title: str, body: Iterable[str], script: str = "") -> str:
    """A whole page. Parts of `body` are HTML already; `script` runs in the page, which can reach nothing outside."""
    policy = "default-src 'none'; style-src 'unsafe-inline'" + ("; script-src 'unsafe-inline'" if script else "")
    return "\n".join(
        [
            "<!doctype html>",
            '<html lang="en-GB">',
            "<head>",
            '<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
            f"<title>{escape(title)}</title>",
            f"<style>\n{_STYLE.read_text(encoding='utf-8')}</style>",
            "</head>",
            "<body>",
            *body,
            *([f"<script>\n{script}</script>"] if script else []),
            "</body>",
            "</html>",
            "",
        ]
    )


def marked(found: Iterable[Piece], shown: Iterable[Change] = Change) -> str:
    """Words as HTML, removed ones in <del>, added ones in <ins>. `shown`: the sorts that are shown."""
    wanted = set(shown)
    return " ".join(_tagged(piece) for piece in found if piece.change in wanted)


def _tagged(piece: Piece) -> str:
    tag = _TAGS.get(piece.change)
    words = escape(piece.words)
    return f"<{tag}>{words}</{tag}>" if tag else words


def matter(sentences: Iterable[str], title: str = "What changes for staff") -> str:
    """The differences that matter, as a list; nothing where there are none."""
    items = "".join(f"<li>{escape(sentence)}</li>" for sentence in sentences)
    return f'<div class="matter"><strong>{escape(title)}</strong><ul>{items}</ul></div>' if items else ""
