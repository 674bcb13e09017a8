"""No regular expression here can be made to take long: each takes twice as long for a text twice as long."""

import pytest

from tests.hostile.regexes import Expression, TooSlowError, attacks, collected, spent, unheard, within

LENGTH = 2_000
WORTH_A_LOOK = 0.001
"""Seconds for LENGTH characters: what takes less has not gone over them again and again."""
MOST = 30
SECONDS = 1
"""How many times as long a text of ten times the length may take: ten for a straight line, a hundred for a square."""
BUILT = {
    ("knowledge/drafting/proposing.py", "name_shape"),  # heard in knowledge/wording.py
    ("knowledge/ingest/facts.py", "_SCHOOL"),  # eight words beside each other
    ("bot/workspace/markup.py", "known"),  # the demo's: names beside each other
}
"""Built of words while something else goes on: file, and what they are built of."""


@pytest.fixture(scope="module")
def expressions() -> list[Expression]:
    heard = collected()
    written, dynamic = unheard(heard)
    strange = [one for one in dynamic if not any(one.startswith(file) and of in one for file, of in BUILT)]
    assert strange == [], "nobody has heard what these are"
    return heard + written


def slow(expression: Expression, every: int = 1) -> str:
    """The attack that makes an expression slower than in a straight line; empty where none does."""
    for way in expression.ways:
        for attack in list(attacks(expression))[::every]:
            try:
                with within(SECONDS):
                    once = spent(expression, way, attack, LENGTH)
                    if once > WORTH_A_LOOK and _ratio(expression, way, attack) > MOST:
                        return f"{expression}: {way} of {attack}"
            except TooSlowError:
                return f"{expression}: {way} of {attack} does not end"
    return ""


def _ratio(expression: Expression, way: str, attack: tuple[str, str, str]) -> float:
    short = max(spent(expression, way, attack, LENGTH, tries=5), 1e-6)
    return spent(expression, way, attack, 10 * LENGTH, tries=2) / short


def test_no_expression_of_the_house_takes_longer_than_its_text_is_long(expressions, capsys):
    found = [says for one in expressions if (says := slow(one, every=8))]
    with capsys.disabled():
        print(f"\n{len(expressions)} regular expressions attacked, {len(found)} slow", end=" ")
    assert len(expressions) > 150
    assert found == []


@pytest.mark.soak
def test_no_expression_takes_longer_than_its_text_whatever_is_repeated(expressions):
    print(f"\n{sum(len(list(attacks(one))) * len(one.ways) for one in expressions):,} attacks", end=" ")
    assert [says for one in expressions if (says := slow(one))] == []


@pytest.mark.parametrize(
    ("pattern", "way"),
    [(r"(a+)+$", "match"), (r"\s*(\[\[?)\s*([^\[\]]+?)\s*\]", "match"), (r"[ \t]+#+[ \t]*$", "search")],
    ids=["never ends", "the third power", "the square"],
)
def test_an_expression_that_can_be_made_slow_is_found(pattern, way):
    """The first is everybody's example; the others stood here once."""
    assert slow(Expression(pattern, 0, False, "here", 1, (way,)))
