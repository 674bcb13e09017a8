"""How deep a bullet stands in its list: by its indent, and where there is none, by its sign."""

from knowledge.ingest.outline_model import Draft
from knowledge.ingest.source import Paragraph

_NEAR = 4.0  # points


class BulletDepths:
    """Knows the bullets that are open; a paragraph, heading or number ends the list."""

    def __init__(self) -> None:
        self.drafts: list[Draft] = []
        self._signs: list[tuple[float, str, int]] = []

    @property
    def empty(self) -> bool:
        """Whether no list is open."""
        return not self._signs

    def clear(self) -> None:
        """End the list."""
        self.drafts, self._signs = [], []

    def depth(self, paragraph: Paragraph) -> int:
        """The depth of the next bullet, 0 for the outermost."""
        look = paragraph.look
        mark = paragraph.label.raw.strip()[-1:] or look.list_id
        sign = (look.indent, mark, look.depth)
        del self._signs[len(self.drafts) :]
        depth = self._find(sign)
        self._signs[depth:] = [sign]
        return depth

    def _find(self, sign: tuple[float, str, int]) -> int:
        indent, mark, level = sign
        for depth in range(len(self._signs) - 1, -1, -1):
            other_indent, other_mark, other_level = self._signs[depth]
            if abs(indent - other_indent) <= _NEAR and level == other_level:
                if mark == other_mark:
                    return depth
                same_mark = [place for place, known in enumerate(self._signs) if known[1] == mark]
                return same_mark[-1] if same_mark else depth + (mark in "o○◦–—-▪" and other_mark not in "o○◦–—-▪")
            if indent > other_indent + _NEAR or level > other_level:
                return depth + 1
        return 0
