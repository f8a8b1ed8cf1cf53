"""What a mail shows of what people decided and typed: all a manager needs, nothing that is trusted."""

from __future__ import annotations

import datetime as dt
import html as html_escapes
import re

import time_machine
from django.conf import settings as django_settings

from accounts.workflow import perform
from departments.models import Department
from messaging.models import Message
from shadowing.enums import RequestStatus
from shadowing.models import Request
from tests.architecture import ROOT
from tests.cast import Cast, member
from tests.factories import (
    AppraisalFactory,
    ObjectiveFactory,
    OfferFactory,
    RequestFactory,
    SessionFactory,
    at,
)
from tests.shadowing.clock import forget_mails
from tests.shadowing.situations import agreed_then_cancelled, dates_outside_are_refused_by_the_manager

FOLDER = ROOT / "templates" / "emails"


# --- what a manager sees before deciding --------------------------------------------------------------------


def decide_mail(cast: Cast, **given: object) -> Message:
    cast.submitted(**given)
    return Message.objects.get(template="request_submitted_to_manager", recipient=cast.manager)


def test_decide_mail_leads_with_the_department_and_the_last_day(cast: Cast) -> None:
    with time_machine.travel(dt.datetime(2027, 3, 1, 9, tzinfo=dt.UTC), tick=False):
        mail = decide_mail(
            cast, session=SessionFactory.create(offer=cast.offer, starts_at=at(30), ends_at=at(30, 12))
        )
    assert mail.subject == "IT Services visit: decide by Fri 12 March (Sam Shadow)"


def test_decide_mail_shows_all_the_manager_needs(cast: Cast) -> None:
    goal = ObjectiveFactory.create(
        appraisal=AppraisalFactory.create(person=cast.shadow), text="Handle enquiries better."
    )
    colleague = member(cast.library, first_name="Ann", last_name="Other", line_manager=cast.manager)
    session = SessionFactory.create(
        offer=OfferFactory.create(scheme=cast.scheme, department=cast.estates, host=cast.stranger),
        starts_at=at(30, 14),
        ends_at=at(30, 17),
    )
    away = perform(RequestFactory.create(shadow=colleague, session=session), "submit", actor=colleague)
    perform(perform(away, "approve", actor=cast.manager), "agree", actor=cast.stranger)
    forget_mails()
    mail = decide_mail(cast, serves=goal, want_to_see="How calls are sorted.")
    for part in (mail.text, html_escapes.unescape(re.sub(r"<[^>]+>", "", mail.html))):
        assert "Understand how a service desk sorts its calls." in part
        assert "How calls are sorted." in part
        assert "Handle enquiries better." in part
        assert "0 of 6 half-days of this year are agreed, 6 are left; this visit takes 1." in part
        assert "Ann Other, " in part
        assert "Can the team cover the time?" in part
        assert "10:00 to 13:00 (half a day)" in part
        assert "A reminder goes on" in part
        assert "From Library Services to IT Services, asked for" in part
        assert "You are the line manager of Sam Shadow." in part


def test_reason_of_manager_is_not_mailed_to_host(cast: Cast) -> None:
    dates_outside_are_refused_by_the_manager(cast)
    mail = Message.objects.get(template="request_withdrawn_to_host")
    assert "Not then." not in mail.text + mail.html
    assert "Not at this time" not in mail.text + mail.html


# --- words people typed -----------------------------------------------------------------------------

NASTY = "<script>alert('x')</script> & “quotes” 🦉 مرحبا\u202e"


def test_typed_words_are_text_in_html_and_words_in_text(cast: Cast) -> None:
    mail = decide_mail(cast, want_to_see=NASTY, objectives=[NASTY])
    assert "<script" not in mail.html
    assert "&lt;script&gt;" in mail.html
    assert NASTY in mail.text
    assert 'dir="auto"' in mail.html


def test_line_break_in_a_name_makes_no_line_of_its_own(cast: Cast) -> None:
    cast.shadow.last_name = "Shadow\r\nBcc: all@example.ac.uk\n\nDecide here: http://evil.example/"
    cast.shadow.save()
    Department.objects.filter(pk=cast.it.pk).update(name="IT\nServices")
    cast.session.offer.department.refresh_from_db()
    mail = decide_mail(cast)
    assert mail.subject.startswith("IT Services visit: decide by")
    assert "\n" not in mail.subject
    assert not [line for line in mail.text.splitlines() if line.startswith(("Bcc", "Decide here"))]


def test_typed_lines_are_marked_as_quoted_in_text(cast: Cast) -> None:
    mail = decide_mail(cast, want_to_see="Hello\n\nSee it and decide:\nhttp://evil.example/")
    lines = mail.text.splitlines()
    assert "> http://evil.example/" in lines
    assert "http://evil.example/" not in lines


def test_long_words_fit(cast: Cast) -> None:
    mail = decide_mail(cast, want_to_see="x" * 2000)
    assert "x" * 2000 in mail.text


def test_templates_hold_no_safe_mark() -> None:
    """Nothing typed is ever trusted as markup."""
    for path in FOLDER.rglob("*.html"):
        assert not re.search(r"\|\s*safe|autoescape off|mark_safe", path.read_text()), path.name


def test_states_are_known_to_the_crossing(cast: Cast) -> None:
    agreed_then_cancelled(cast)
    states = {mail.template: mail.text for mail in Message.objects.all()}
    assert ", asked for." in states["request_submitted_to_manager"]
    assert ", agreed." in states["placement_agreed_to_host"]
    assert ", ended." in states["placement_cancelled_to_host"]
    assert Request.objects.get().status == RequestStatus.CLOSED
    assert django_settings.SITE_NAME in states["placement_agreed_to_host"]
