"""The crossing component on pages and in mails."""

import pytest
from django.template import Context, Template

from accounts.mail_text import subject_and_text
from departments.models import Department

LIBRARY = Department(pk=1, name="Library Services", monogram="LS", colour=3)
IT = Department(pk=2, name="IT & Web <Services>", monogram="IT", colour=12)


def drawn(tag: str, **given: object) -> str:
    everything = {"origin": LIBRARY, "destination": IT, **given}
    return Template("{% load crossing %}" + tag).render(Context(everything))


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("asked", "asked for"),
        ("agreed", "agreed"),
        ("kept", "took place"),
        ("returned", "agreed, with a return visit"),
        ("ended", "ended"),
    ],
)
def test_crossing_reads_as_a_sentence_in_every_state(state: str, words: str) -> None:
    page = drawn("{% crossing origin destination state %}", state=state)
    assert f"From Library Services to IT &amp; Web &lt;Services&gt;, {words}" in page
    assert f"is-{state}" in page


def test_crossing_takes_its_colours_from_classes() -> None:
    page = drawn("{% crossing origin destination 'asked' %}")
    assert "from-3 to-12" in page
    assert "style=" not in page


def test_crossing_hides_its_drawing_from_screen_readers() -> None:
    page = drawn("{% crossing origin destination 'asked' 'hero' %}")
    assert page.index("visually-hidden") < page.index('aria-hidden="true"')


def test_crossing_chip_shows_monograms_only() -> None:
    page = drawn("{% crossing origin destination 'agreed' 'chip' %}")
    assert "crossing-chip" in page
    assert "crossing-name" not in page


def test_crossing_of_an_unknown_size_is_a_line() -> None:
    assert "crossing-line" in drawn("{% crossing origin destination 'agreed' 'enormous' %}")


def test_crossing_from_nowhere_says_so() -> None:
    page = drawn("{% crossing origin destination 'asked' %}", origin=None)
    assert "From no department yet to" in page
    assert "from-none" in page


def test_crossing_refuses_an_unknown_state() -> None:
    with pytest.raises(KeyError):
        drawn("{% crossing origin destination 'flying' %}")


def test_mail_crossing_says_the_sentence_in_text_mails() -> None:
    mail = drawn("{% mail_crossing origin destination 'asked' %}")
    assert (
        subject_and_text(f"<body>{mail}</body>")[1]
        == "From Library Services to IT & Web <Services>, asked for.\n"
    )


def test_mail_crossing_needs_no_style_sheet() -> None:
    mail = drawn("{% mail_crossing origin destination 'asked' %}")
    assert "dept-3" in mail
    assert "asked for" in mail
    assert "IT &amp; Web &lt;Services&gt;" in mail
