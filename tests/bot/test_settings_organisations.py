"""Several organisations in guidance.toml: who belongs where, what each sets for itself, and where a mistake stands."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.settings import SettingsError, read_settings
from bot.toml_lines import line_of

CONTACT = '[[safeguarding.contact]]\nrole = "Lead"\nreach = "ring 01"\n'
BOTH = f"""
[ask]
name = "the trust"
{CONTACT}
[workspaces]
T0ALL = ""
T0BIG = "big-academy"
[organisations.little-school]
also = ["our-trust"]
staff = {{groups = ["S0LITTLE"], domains = ["Little.Example"]}}
ask = {{name = "the office"}}
popular = ["breaks"]
[[organisations.little-school.helpline]]
name = "A line"
reach = "0800"
checked_on = 2026-09-01
"""


@pytest.fixture
def read(tmp_path):
    def read(text: str):
        file = tmp_path / "guidance.toml"
        file.write_text(text, encoding="utf-8")
        return read_settings(file)

    return read


def test_who_may_belong_where(read):
    settings = read(BOTH)
    assert settings.organisations() == {"little-school", "big-academy"}
    assert settings.policies() == {"little-school", "big-academy", "our-trust"}
    assert settings.candidates("T0ALL") == ("little-school",)
    assert settings.candidates("T0BIG") == ("big-academy", "little-school")
    assert settings.candidates("T0ELSE") == ()
    assert settings.staff("little-school").domains == ("little.example",)
    assert settings.home_of("big-academy") == "T0BIG"


def test_what_a_school_sets_itself_goes_before_what_all_have(read):
    settings = read(BOTH)
    little, big = settings.of("little-school"), settings.of("big-academy")
    assert (little.ask.name, big.ask.name) == ("the office", "the trust")
    assert (little.popular, big.popular) == (("breaks",), ())
    assert [line.name for line in little.helpline] == ["A line"]
    assert big.helpline == ()
    assert little.safeguarding == big.safeguarding == settings.safeguarding


@pytest.mark.parametrize(
    ("before", "after", "line", "sentence"),
    [
        ('"S0LITTLE"', '"#little"', 13, "organisations.little-school.staff.groups.0' is wrong: it does not look like"),
        ('"Little.Example"', '"@little"', 13, "staff.domains.0' is wrong"),
        ('also = ["our-trust"]', "also = 3", 12, "organisations.little-school.also' is wrong: it is no list"),
        ("checked_on = 2026-09-01", "checked_on = 3", 19, "helpline.0.checked_on' is wrong: a bare number"),
        (
            "[workspaces]\n",
            "[workspaces]\nT0X = 'My School'\n",
            9,
            "key 'workspaces.T0X' is wrong: it does not look like one",
        ),
        ('role = "Lead"\n', "", 4, "key 'safeguarding.contact.0.role' is missing"),
    ],
)
def test_a_mistake_names_the_line(read, before, after, line, sentence):
    with pytest.raises(SettingsError) as caught:
        read(BOTH.replace(before, after))
    assert sentence in str(caught.value)
    assert f"guidance.toml:{line}: " in str(caught.value)


def test_an_organisation_that_takes_no_reports_is_named_with_its_line(read):
    with pytest.raises(SettingsError, match=r"guidance\.toml:11: key 'organisations\.little-school\.person' names"):
        read(BOTH).refuse_silence()


def test_nobody_at_all_is_served_where_nothing_says_who(read):
    with pytest.raises(SettingsError, match="key 'organisation' is missing"):
        read(CONTACT + "[organisations.little-school]\n")


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("a", "b"), 2),
        (("a", "list", 0, "x"), 5),
        (("a", "list", 1, "x"), 7),
        (("a", "list", 1, "deep", "y"), 9),
        (("a", "list", 1, "nothing"), 6),
        (("quoted key", "c.d"), 11),
        (("z", "q"), 12),
        (("nothing",), 0),
    ],
)
def test_lines_are_found(path, line):
    text = """[a]
b = 1
c = 2
[[a.list]]
x = 1
[[a.list]]
x = 2
[a.list.deep]
y = {inline = 1}
["quoted key"]
"c.d" = 1
[z]
# q = 3
"""
    assert line_of(text, path) == line


@given(st.text(), st.lists(st.one_of(st.text(), st.integers())))
def test_whatever_stands_there_looking_for_a_line_fails_never(text, path):
    assert 0 <= line_of(text, path) <= text.count("\n") + len(text.splitlines()) + 1
