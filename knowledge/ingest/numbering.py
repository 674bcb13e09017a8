"""Decides what a label without dots ("9.", "(b)", "iv.") goes on from: an open list, the sections, or nothing yet.

The same "9." may be the ninth item of a list or the ninth section. What it follows, how it looks and how it reads each
weigh in; the best sum wins.
"""

from collections.abc import Sequence

from knowledge.ingest.labels import Kind, Label
from knowledge.ingest.outline_model import Place
from knowledge.ingest.source import Line

NEW_LIST = -1
NEW_SECTION = -2
_NEAR = 4.0  # points
_FAR = 12.0


def choose(
    labels: Sequence[Label], look: Line, stack: Sequence[Place], heading: bool, led_in: bool
) -> tuple[float, Label, int]:
    """The best reading of a label: its score, the label, and what it goes on from.

    That is the place in the stack whose list it continues, NEW_LIST or NEW_SECTION. `heading` tells that it reads like
    a heading, `led_in` that the words before it lead into a list.
    """
    options: list[tuple[float, Label, int]] = []
    for rank, label in enumerate(labels):
        for depth, place in enumerate(stack):
            if place.label is not None and _same_list(label, look, place):
                options.append((_continuing(label, look, place, heading, depth) - rank * 0.5, label, depth))
        options.append((_new_list(label, look, stack, heading, led_in) - rank * 0.5, label, NEW_LIST))
        if not stack or (heading and _may_begin_sections(label, stack[0])):
            base = 3.5 if label.value == 1 else 1.0
            options.append((base + (2.0 if look.outline else 0.0) - rank * 0.5, label, NEW_SECTION))
    return max(options, key=lambda option: option[0])


def _may_begin_sections(label: Label, top: Place) -> bool:
    """Whether sections may begin here: those above have no numbers, or numbers of another family."""
    return top.label is None or top.label.kind not in {label.kind, Kind.APPENDIX, Kind.PART}


def _same_list(label: Label, look: Line, place: Place) -> bool:
    other = place.label
    if other is None or other.kind is not label.kind:
        return False
    if look.list_id and place.look.list_id == look.list_id and place.look.depth == look.depth:
        return True
    return other.closed == label.closed or (place.section and place.parent is None)


def _continuing(label: Label, look: Line, place: Place, heading: bool, depth: int) -> float:
    score = _step(label, look, place, heading)
    apart = abs(look.indent - place.look.indent)
    score += 1.5 if apart <= _NEAR else -2.0 if apart > _FAR else 0.0
    score += 1.0 if look.bold == place.look.bold else -1.5
    score += 0.5 if abs(look.size - place.look.size) < 0.6 else -1.0
    score += 0.0 if bool(look.outline) == bool(place.look.outline) else -3.0
    if look.list_id and place.look.list_id:
        same = (look.list_id, look.depth) == (place.look.list_id, place.look.depth)
        score += 3.0 if same else -2.0
    headed = place.section or (place.parent is None and heading)
    return score + (1.5 if heading == headed else -2.0) + 0.3 * depth


def _step(label: Label, look: Line, place: Place, heading: bool) -> float:
    step = label.value - place.value
    if step == 1:
        return 4.0
    if step > 1:
        return 1.0 if step <= 4 else 0.0 if place.section else -4.0
    if heading and place.parent is None:
        return 0.0
    ones = label.value == 1 and place.label is not None and place.label.value == 1
    if ones and not look.label and abs(look.indent - place.look.indent) <= 1.0 and place.composed and look.indent:
        return 3.5  # a converter has printed "1." for every item
    return -3.0 if step == 0 else -4.0


def _new_list(label: Label, look: Line, stack: Sequence[Place], heading: bool, led_in: bool) -> float:
    if not stack:
        return -9.0
    score = 3.0 if label.value == 1 else -2.0
    score += 1.5 if led_in else 0.0
    score -= 1.0 if heading else 0.0
    score -= 3.0 if look.outline else 0.0
    score += 1.0 if look.indent > stack[-1].look.indent + _NEAR else 0.0
    listed = {(place.look.list_id, place.look.depth) for place in stack}
    return score + (1.0 if look.list_id and (look.list_id, look.depth) not in listed else 0.0)
