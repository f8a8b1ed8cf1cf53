"""Test that pages, files and calendars distinguish people when all have the same name."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.utils.html import strip_tags

from accounts.models import Person
from tests.access.table import Line, lines, sections
from tests.access.walk import Walk
from tests.access.world import World

NAME = "Alex Doe"
# Their detail, an email or job title right behind it, or the email in the next line of a file.
SAID = r"\s+\(|,? <?\S+@|, [A-Z][\w ]+:?|\",\s+\"email\"|,\s+person,,email"
BARE = re.compile(rf"{NAME}(?!{SAID})")
OWN_MENU = re.compile(r"<header.*?</header>", re.DOTALL)
# Each sees pages and lists of another kind; the table has them drawn by one role each (test_walk).
LOOKING = ("shadow", "manager", "deputy", "host", "scheme", "admin")


@pytest.fixture(scope="module")
def one_name(walk: Walk, world: World) -> Walk:
    """The walk through a world in which only job titles differ."""
    for person in Person.objects.all():
        title = person.email.partition("@")[0].capitalize()
        Person.objects.filter(pk=person.pk).update(first_name="Alex", last_name="Doe", job_title=title)
    return walk


@pytest.mark.django_db
@pytest.mark.parametrize("section", sections())
def test_no_page_or_file_names_two_people_alike(one_name: Walk, section: str) -> None:
    troubles = []
    for line in lines():
        if line.section == section and line.method == "GET":
            for role in LOOKING:
                if line.cells.get(role) == "200":
                    troubles += _troubles(one_name, line, role)
    assert not troubles, "\n" + "\n".join(troubles)


def _troubles(walk: Walk, line: Line, role: str) -> list[str]:
    """Return names shown without the detail that tells namesakes apart; a name shown once needs none."""
    answer = walk.answer(role, "GET", walk.url(line), drawn=True)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    text = unescape(strip_tags(OWN_MENU.sub("", body.decode(errors="replace"))))
    if text.count(NAME) < 2:
        return []
    return [
        f"{line.where}, {role}: …{text[max(0, bare.start() - 60) : bare.end() + 40]!r}"
        for bare in BARE.finditer(text)
    ]
