"""From agreed to acknowledged in the appraisal: the day, both reflections, the mail, the sign-off."""

from __future__ import annotations

import datetime as dt
import io
import subprocess
from typing import Any

import pypdf
import pytest
from django.utils import timezone
from playwright.sync_api import Browser

from accounts.workflow import perform as appraise
from appraisals.enums import AppraisalStatus
from appraisals.models import Appraisal, EvidenceNote
from schedule.due import run_due
from shadowing.enums import PlacementStatus, Share
from shadowing.models import Placement, ReflectionQuestion
from tests.cast import Cast
from tests.conftest import Mailbox
from tests.factories import AppraisalFactory
from tests.journeys.walking import PHONE, Walker, link_in, walking

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MODES: list[dict[str, Any]] = [{}, {"java_script_enabled": False}]
CHANGE = "Try a standing handover of five minutes."
KEPT = "I was rather nervous all morning."


def agreed(cast: Cast) -> tuple[Placement, Appraisal]:
    """A visit that is agreed, and the appraisal it serves; the conversation has been recorded."""
    appraisal = AppraisalFactory.create(person=cast.shadow, appraiser=cast.manager)
    appraisal = appraise(appraisal, "add_objective", actor=cast.shadow, text="Hand over better.")
    appraisal = appraise(appraisal, "agree_objectives", actor=cast.manager)
    talk: dict[str, Any] = {
        "held_on": timezone.localdate(),
        "outcome": "will_shadow",
        "words": "The service desk.",
    }
    appraisal = appraise(appraisal, "record_talk", actor=cast.manager, **talk)
    return cast.agreed(serves=appraisal.objectives.get()).placement, appraisal


def the_day_has_come(placement: Placement) -> None:
    """It ended an hour ago, and the schedule has run."""
    over = timezone.now() - dt.timedelta(hours=1)
    placement.visits.update(starts_at=over - dt.timedelta(hours=3), ends_at=over)
    run_due()


def answer(walker: Walker, key: str, words: str, share: Share | None = None) -> None:
    """Fill in one question of the reflection, and say who may read it."""
    question = ReflectionQuestion.objects.get(key=key)
    walker.page.locator(f"[name=q{question.pk}_words]").fill(words)
    if share is not None:
        walker.page.locator(f"[name=q{question.pk}_share]").select_option(share.value)


def reflect_as_shadow(browser: Browser, site: str, cast: Cast, placement: Placement, **context: Any) -> None:
    """On the phone: it took place, and this is what I learned; one answer is released."""
    with walking(browser, site, cast.shadow, viewport=PHONE, **context) as shadow:
        shadow.page.goto(placement.get_absolute_url())
        shadow.sign_in()
        shadow.page.get_by_role("button", name="It took place", exact=True).click()
        shadow.sees("It took place:")
        shadow.page.goto(f"{placement.get_absolute_url()}reflection/")
        answer(shadow, "seen_differently", KEPT)
        answer(shadow, "will_change", CHANGE, Share.EVIDENCE)
        shadow.press("Send")
        shadow.page.wait_for_url(f"**{placement.get_absolute_url()}**")


def reflect_as_host(browser: Browser, site: str, cast: Cast, placement: Placement, **context: Any) -> None:
    """The host writes theirs, and reads what the other side shares."""
    with walking(browser, site, cast.host, **context) as host:
        host.page.goto(f"{placement.get_absolute_url()}reflection/")
        host.sign_in()
        answer(host, "fresh_eyes", "We talk in initials.", Share.SHARED)
        host.press("Send")
        host.page.goto(placement.get_absolute_url())
        host.sees(CHANGE)
        assert KEPT not in host.page.content()


def sign(walker: Walker, appraisal: Appraisal) -> None:
    """Sign on the appraisal's page."""
    walker.page.goto(appraisal.get_absolute_url())
    walker.press("Sign")
    walker.page.wait_for_load_state()


@pytest.mark.parametrize("context", MODES, ids=["with scripts", "without scripts"])
def test_visit_is_reflected_on_and_acknowledged_and_signed_off_in_the_appraisal(
    site: str, cast: Cast, browser: Browser, mailbox: Mailbox, worker: subprocess.Popen[bytes], context: Any
) -> None:
    placement, appraisal = agreed(cast)
    the_day_has_come(placement)
    reflect_as_shadow(browser, site, cast, placement, **context)
    reflect_as_host(browser, site, cast, placement, **context)
    placement.refresh_from_db()
    assert (placement.status, placement.took_place) == (PlacementStatus.COMPLETE, True)

    mail = mailbox.wait_for(cast.manager.email, "Acknowledge what")
    assert CHANGE not in mail.as_string(), "the words are read on the page"
    with walking(browser, site, cast.manager, viewport=PHONE, **context) as manager:
        manager.page.goto(link_in(mail, "/appraisals/"))
        manager.sign_in()
        manager.sees(CHANGE)
        assert KEPT not in manager.page.content()
        manager.page.locator("[name=comment]").first.fill("Let us try it in March.")
        manager.press("I have read it")
        manager.sees("Let us try it in March.")
        sign(manager, appraisal)
    with walking(browser, site, cast.shadow, viewport=PHONE, **context) as shadow:
        shadow.page.goto(appraisal.get_absolute_url())
        shadow.sign_in()
        shadow.sees("Let us try it in March.")
        sign(shadow, appraisal)
        shadow.sees("Signed off by both")
        href = shadow.page.get_by_role("link", name="Summary on one page").get_attribute("href")
        assert href
        summary = shadow.page.request.get(f"{site}{href}")
        assert summary.headers["content-type"] == "application/pdf"
        text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(summary.body())).pages)
    assert "standing handover" in " ".join(text.split())
    assert "nervous" not in text
    appraisal.refresh_from_db()
    assert appraisal.status == AppraisalStatus.SIGNED_OFF
    note = EvidenceNote.objects.get()
    assert (note.acknowledged_by, note.comment) == (cast.manager, "Let us try it in March.")
