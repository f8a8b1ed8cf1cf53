"""Every source text at its maximum, on every path: nothing that is put together of them breaks or is lost."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

from accounts.models import Person
from accounts.shortening import shortened, shortened_lead
from accounts.workflow import perform
from appraisals.exports.pdf import pdf_of
from appraisals.exports.sheet import csv_of
from appraisals.exports.summary import summary_of
from appraisals.models import Appraisal
from messaging import delivery
from messaging.enums import Gathering
from messaging.models import Message
from messaging.outbox import SUBJECT_LENGTH
from shadowing.models import Decision
from tests.cast import Cast
from tests.conftest import Mailbox
from tests.factories import AppraisalFactory
from tests.shadowing.clock import MONDAY
from tests.shadowing.filling import fill_everything, source_fields
from tests.shadowing.links import signed_in
from tests.shadowing.situations import SITUATIONS, Situation


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    """A day with no holidays soon after it."""
    with time_machine.travel(MONDAY):
        yield


def at_their_longest(cast: Cast) -> Cast:
    """The cast, with every text of theirs as long as it may be."""
    fill_everything()
    for record in vars(cast).values():
        record.refresh_from_db()
    cast.offer.refresh_from_db()
    return cast


@pytest.mark.parametrize("situation", list(SITUATIONS), ids=lambda situation: situation.__name__)
def test_every_situation_happens_with_the_longest_texts(cast: Cast, situation: Situation) -> None:
    situation(at_their_longest(cast))
    for message in Message.objects.all():
        assert len(message.subject) <= SUBJECT_LENGTH
    assert {message.template for message in Message.objects.all()} >= set(SITUATIONS[situation].split())


def test_head_of_a_department_with_the_longest_name_is_asked(cast: Cast) -> None:
    """“… has no active line manager of their own; you head …” holds a name and a department's name."""
    at_their_longest(cast)
    cast.library.head = cast.dept_coordinator
    cast.library.save()
    Person.objects.filter(pk=cast.shadow.pk).update(line_manager=None)
    cast.shadow.refresh_from_db()
    request = cast.submitted()
    decision = Decision.objects.get(request=request)
    assert cast.library.name in decision.why_asked
    assert decision.asked == cast.dept_coordinator


def test_mails_with_the_longest_texts_reach_a_real_mail_server(cast: Cast, mailbox: Mailbox) -> None:
    at_their_longest(cast)
    cast.agreed()
    Message.objects.update(not_before=MONDAY, gathering=Gathering.ALONE, needed_while=None)
    for message in Message.objects.all():
        assert delivery.deliver(message.pk)
    sent = mailbox.mails()
    assert len(sent) == Message.objects.count() > 0
    for mail in sent:
        assert "ł" in str(mail["Subject"])
        assert max(len(line) for line in mail.as_bytes().splitlines()) <= 998


def test_pages_feeds_and_files_hold_the_longest_texts(cast: Cast) -> None:
    at_their_longest(cast)
    request = cast.agreed()
    AppraisalFactory.create(person=cast.shadow)
    fill_everything()
    appraisal = Appraisal.objects.get()
    client = signed_in(cast.shadow)
    urls = [
        *(
            "/",
            "/offers/",
            "/departments/",
            "/profile/",
            f"/calendar/{cast.shadow.calendar_token}.ics",
        ),
        *(request.get_absolute_url(), request.placement.get_absolute_url(), appraisal.get_absolute_url()),
        *(cast.offer.get_absolute_url(), cast.library.get_absolute_url()),
    ]
    assert {url: client.get(url).status_code for url in urls} == dict.fromkeys(urls, 200)
    assert pdf_of(summary_of(appraisal))
    assert csv_of(summary_of(appraisal))
    assert perform(request.placement, "cancel", actor=cast.shadow, reason="illness").status == "cancelled"


def test_every_bounded_text_is_filled_or_made_by_the_site(cast: Cast) -> None:
    """A new column is filled by itself; a few must be among those that were."""
    cast.agreed()
    AppraisalFactory.create(person=cast.shadow)
    filled = fill_everything()
    labels = {f"{field.model._meta.label}.{field.name}" for field in source_fields()}
    assert {"departments.Department.name", "accounts.Person.last_name", "shadowing.Offer.title"} <= {*filled}
    assert {*filled} <= labels


@pytest.mark.parametrize(
    ("text", "longest", "cut"),
    [
        ("short", 5, "short"),
        ("longer", 5, "long…"),
        ("caf e\u0301\u0301x", 6, "caf…"),
        ("one 👩\u200d🔬 two", 6, "one…"),
        ("two words here", 5, "two…"),
    ],
)
def test_cut_text_ends_between_letters(text: str, longest: int, cut: str) -> None:
    assert shortened(text, longest) == cut
    assert len(shortened(text, longest)) <= longest


def test_what_is_asked_survives_a_long_department() -> None:
    subject = shortened_lead(f"{'Department ' * 40}visit: decide by Tue 3 March", SUBJECT_LENGTH)
    assert len(subject) == SUBJECT_LENGTH
    assert subject.endswith("…: decide by Tue 3 March")
