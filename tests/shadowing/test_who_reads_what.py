"""Who reads which kind of text: every kind of words, every role, wherever words are shown. Written by hand.

Each kind of text in the story is one word found nowhere else. Every reader opens every address that anybody
is led to; what is found has to be exactly what stands here: nothing more, and each of these really there.
"""

from __future__ import annotations

import pytest

from tests.cast import Cast
from tests.shadowing.telling import (
    after_the_visit,
    before_the_visit,
    export_the_cycle,
    found_in_mails,
    found_in_the_administration,
    found_on_pages,
    unnamed,
)

SIDES = {"shadow", "host", "co_host"}
LED = {"manager", "deputy"}
COORDINATE = {"dept_coordinator", "it_coordinator", "coordinator"}
TAKE_PART = SIDES | LED | COORDINATE
SHADOWS = {"shadow"} | LED
HOSTS = {"host", "host_manager"}

# --- until the visit ---------------------------------------------------------------------------------------

PAGES_BEFORE = {
    "wish": TAKE_PART,
    "asks": TAKE_PART,
    "days": TAKE_PART,
    "goal": SHADOWS,
    "no": {"shadow", "coordinator"} | LED,
    "otherwish": {"shadow"} | LED | COORDINATE,
    "welcome": TAKE_PART,
    "place": TAKE_PART,
    "agenda": TAKE_PART,
    "contact": TAKE_PART,
    "bring": TAKE_PART,
    "comment": TAKE_PART,
    "reply": TAKE_PART,
    "needs": SIDES,
    "talk": SHADOWS,
    "hostgoal": HOSTS,
    "hosttalk": HOSTS,
}
FILES_BEFORE = {"goal": SHADOWS, "talk": SHADOWS, "hostgoal": HOSTS, "hosttalk": HOSTS}
CALENDARS = {"place": TAKE_PART, "contact": TAKE_PART}

# --- once all is written and signed ------------------------------------------------------------------------

PAGES_AFTER = {
    **{kind: readers for kind, readers in PAGES_BEFORE.items() if kind != "needs"},
    "kept": {"shadow"},
    "shared": SIDES,
    "released": SIDES | LED,
    "note": {"shadow", "coordinator"},
    "hostkept": {"host"},
    "hostshared": SIDES,
    "hostreleased": SIDES | {"host_manager"},
    "thanks": TAKE_PART,
    "later": SIDES,
    "ack": SHADOWS,
    "added": SHADOWS,
    "hostack": HOSTS,
    "hostadded": HOSTS,
}
FILES_AFTER = {
    **FILES_BEFORE,
    "released": SHADOWS,
    "ack": SHADOWS,
    "added": SHADOWS,
    "hostreleased": HOSTS,
    "hostack": HOSTS,
    "hostadded": HOSTS,
}
# Of reflections, appraisals and needs no mail holds a word, but for the objective that a request names.
TOLD = {"shadow", "host", "co_host", "manager"}
MAILS = {
    "wish": TOLD | {"deputy"},
    "asks": TOLD | {"deputy"},
    "days": TOLD | {"deputy"},
    "otherwish": SHADOWS,
    "goal": LED,
    "no": {"shadow"},
    "place": TOLD | {"host_manager"},
    "agenda": TOLD | {"host_manager"},
    "contact": TOLD | {"host_manager"},
    "bring": SIDES,
    "comment": {"host", "co_host"},
    "reply": {"shadow"},
    "move": {"host", "co_host"},
    "stay": {"shadow"},
    "thanks": {"host", "co_host", "host_manager"},
    "later": {"host", "co_host"},
}
# The administration shows requests and visits, and of mails only templates that are listed: the place alone.
ADMIN = {"place"}


def test_every_address_is_opened_or_listed_as_empty() -> None:
    assert unnamed() == set()


@pytest.mark.django_db
def test_words_are_read_by_those_they_are_for_and_by_nobody_else(cast: Cast) -> None:
    story = before_the_visit(cast)
    before = found_on_pages(story)
    assert before == {"pages": PAGES_BEFORE, "files": FILES_BEFORE, "calendars": CALENDARS}
    after_the_visit(story)
    export_the_cycle(story)
    after = found_on_pages(story)
    assert after == {"pages": PAGES_AFTER, "files": FILES_AFTER, "calendars": CALENDARS}
    assert found_in_mails(story) == MAILS
    assert found_in_the_administration(story) == ADMIN
