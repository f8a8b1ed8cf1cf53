"""The main job end to end: asked for in the browser, decided from the mail, agreed by the host."""

from __future__ import annotations

import subprocess
from typing import Any

import pytest
from icalendar import Calendar
from playwright.sync_api import Browser, expect

from accounts.days import day
from accounts.models import HistoryEntry
from shadowing.enums import DecideByEmail, RequestStatus
from shadowing.models import Request
from tests.cast import Cast
from tests.conftest import Mailbox
from tests.factories import AppraisalFactory, ObjectiveFactory
from tests.journeys.walking import PHONE, link_in, walking

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MODES: list[dict[str, Any]] = [{}, {"java_script_enabled": False}]


def ask(browser: Browser, site: str, cast: Cast, **context: Any) -> None:
    """The shadow looks for an offer and asks for a place."""
    with walking(browser, site, cast.shadow, **context) as shadow:
        shadow.page.goto("/offers/")
        shadow.sign_in()
        shadow.page.get_by_role("searchbox").first.fill("servise desk")
        shadow.page.get_by_role("searchbox").first.press("Enter")
        shadow.page.wait_for_url("**q=servise**")
        shadow.page.wait_for_load_state("networkidle")
        shadow.follow("A morning at the service desk")
        shadow.heading("A morning at the service desk")
        shadow.follow("Ask for a place")
        objective = shadow.page.get_by_label("What I would like to be able to do or understand")
        objective.fill("Understand how calls are sorted.")
        shadow.page.locator("#more > summary").click()
        shadow.page.get_by_label("What I want to see and ask").fill("The first hour of the day.")
        shadow.page.get_by_label("I accept this agreement").check()
        shadow.press("Send the request")
        shadow.sees("Mary Manager")
        shadow.sees("A reminder goes on")


def answer_as_host(browser: Browser, site: str, cast: Cast, mailbox: Mailbox, **context: Any) -> None:
    """The host opens the mail, signs in and agrees."""
    mail = mailbox.wait_for(cast.host.email, "IT Services")
    with walking(browser, site, cast.host, **context) as host:
        host.page.goto(link_in(mail, "/requests/"))
        host.sign_in()
        host.page.get_by_label("Where to come").first.fill("Service desk, ground floor")
        host.press("Agree to host")
        host.sees("The visit is agreed")


@pytest.mark.parametrize("context", MODES, ids=["with scripts", "without scripts"])
def test_place_is_asked_for_decided_from_the_mail_and_agreed(
    site: str, cast: Cast, browser: Browser, mailbox: Mailbox, worker: subprocess.Popen[bytes], context: Any
) -> None:
    ObjectiveFactory.create(appraisal=AppraisalFactory.create(person=cast.shadow))
    ask(browser, site, cast, **context)
    request = Request.objects.get()
    assert request.status == RequestStatus.WITH_MANAGER

    mail = mailbox.wait_for(cast.manager.email, "decide by")
    with walking(browser, site, cast.manager, viewport=PHONE, **context) as manager:
        manager.page.goto(link_in(mail, "/decide/"))
        manager.sign_in()
        manager.sees("Understand how calls are sorted.")
        manager.sees("Can we cover it?")
        manager.page.get_by_label("Yes, I agree").check()
        manager.press("Send my decision")
        expect(manager.page.get_by_role("status").first).to_be_visible()
    answer_as_host(browser, site, cast, mailbox, **context)

    request.refresh_from_db()
    assert request.status == RequestStatus.AGREED
    for person in (cast.shadow, cast.host):
        invitation = mailbox.wait_for(person.email, day(cast.session.starts_at))
        part = next(part for part in invitation.walk() if part.get_content_type() == "text/calendar")
        assert part.get_param("method") == "REQUEST"
        event = Calendar.from_ical(part.get_content()).events[0]
        assert event.start == cast.session.starts_at
    with walking(browser, site, cast.shadow, viewport=PHONE, **context) as shadow:
        shadow.page.goto(f"/placements/{request.placement.pk}/")
        shadow.sign_in()
        shadow.sees("Service desk, ground floor")
        shadow.sees("10:00 to 13:00")
    actions = HistoryEntry.objects.about(request).values_list("action", "how")
    assert list(actions) == [("submit", "page"), ("approve", "email_link"), ("agree", "page")]


def test_manager_decides_by_the_link_alone_and_may_undo(
    site: str, cast: Cast, browser: Browser, mailbox: Mailbox, worker: subprocess.Popen[bytes]
) -> None:
    cast.scheme.decide_by_email = DecideByEmail.LINK_ALONE
    cast.scheme.save()
    ask(browser, site, cast)
    mail = mailbox.wait_for(cast.manager.email, "decide by")
    with walking(browser, site, None, viewport=PHONE) as manager:
        manager.page.goto(link_in(mail, "/decide/"))
        manager.page.get_by_label("What is your answer?").select_option("Yes, I agree")
        manager.press("Send my decision")
        manager.sees("Undo")
        assert Request.objects.get().status == RequestStatus.WITH_HOST
        manager.page.get_by_role("button", name="Undo").click()
    assert Request.objects.get().status == RequestStatus.WITH_MANAGER
    mailbox.wait_for(cast.shadow.email)
    assert not mailbox.to(cast.host.email)
