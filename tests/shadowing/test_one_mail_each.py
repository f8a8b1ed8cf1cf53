"""One thing that happens is one mail to each person, however many dates and parts there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import HistoryEntry, Person
from accounts.workflow import perform
from appraisals.models import Activity, Appraisal
from coordination.workflow.placing import PlacingInput, place
from messaging import digests
from messaging.delivery import VCALENDAR, deliver_owed
from messaging.enums import MessageStatus
from messaging.models import Message
from schedule.due import run_due
from shadowing.enums import Learned
from shadowing.models import Placement
from shadowing.reflections.workflow.appraisal_entries import fill_appraisals
from tests.cast import Cast
from tests.conftest import Mailbox
from tests.factories import AppraisalFactory
from tests.shadowing.requesting import act_url, signed_in
from tests.shadowing.visits import INSIDE, OUTSIDE, fresh, hours, one_date, several_dates, suggested

pytestmark = pytest.mark.django_db
Act = Callable[[Cast], object]
NO: dict[str, Any] = {"reason": "busy", "words": "Sorry."}


def visit(cast: Cast) -> Placement:
    return several_dates(cast, 14, 21, 28)


def cancelled_by(name: str) -> Callable[[Cast], Act]:
    def ready(cast: Cast) -> Act:
        placement = visit(cast)
        return lambda cast: perform(placement, "cancel", actor=cast.people()[name], reason="workload")

    return ready


def cancelled_for_the_visitor(cast: Cast) -> Act:
    placement = visit(cast)
    given: dict[str, Any] = {"reason": "workload", "learned": Learned.PHONE}
    return lambda cast: perform(
        placement, "cancel", actor=cast.coordinator, on_behalf_of=cast.shadow, **given
    )


def cancelled_where_the_manager_hosts_too(cast: Cast) -> Act:
    placement = visit(cast)
    placement.request.offer.co_hosts.add(cast.manager, cast.coordinator)
    return lambda cast: perform(placement, "cancel", actor=cast.shadow, reason="illness")


def moved(cast: Cast) -> Act:
    placement = suggested(cast, visit(cast), INSIDE, INSIDE + 1)
    return lambda cast: perform(placement, "accept_move", actor=cast.host)


def suggested_outside(cast: Cast) -> Act:
    placement = suggested(cast, visit(cast), OUTSIDE)
    return lambda cast: perform(placement, "accept_move", actor=cast.host)


def allowed(cast: Cast) -> Act:
    placement = perform(suggested(cast, visit(cast), OUTSIDE), "accept_move", actor=cast.host)
    return lambda cast: perform(placement, "allow_move", actor=cast.manager)


def rearranged(cast: Cast) -> Act:
    placement = visit(cast)
    given: dict[str, Any] = {"place": "Room 5", "contact": "", "agenda": ""}
    return lambda cast: perform(placement, "rearrange", actor=cast.host, **given)


def agreed(cast: Cast) -> Act:
    request = cast.approved(session=cast.window(), half_days=2)
    return lambda cast: perform(request, "agree", actor=cast.host, visits=[hours(14), hours(21)])


def agreed_for_the_host(cast: Cast) -> Act:
    request = cast.approved(session=cast.window(), half_days=2)
    given: dict[str, Any] = {"visits": [hours(14), hours(21)], "learned": Learned.PHONE}
    return lambda cast: perform(request, "agree", actor=cast.coordinator, on_behalf_of=cast.host, **given)


def declined_by_the_host(cast: Cast) -> Act:
    request = cast.approved()
    return lambda cast: perform(request, "decline_hosting", actor=cast.host, **NO)


def withdrawn(cast: Cast) -> Act:
    request = cast.approved()
    return lambda cast: perform(request, "withdraw", actor=cast.shadow, reason="workload")


def asked_somebody_else(cast: Cast) -> Act:
    request = cast.submitted()
    cast.library.head = cast.coordinator
    cast.library.save()
    return lambda cast: perform(request, "ask_other", actor=cast.dept_coordinator, person=cast.coordinator)


def placed_by_hand(learned: str) -> Callable[[Cast], Act]:
    def ready(cast: Cast) -> Act:
        wanted = PlacingInput(
            form_id=cast.offer.pk, person=cast.shadow, session=cast.session, objective="x", learned=learned
        )
        return lambda cast: place(wanted, by=cast.coordinator)

    return ready


def visitor_left(cast: Cast) -> Act:
    visit(cast)
    cast.shadow.is_active = False
    cast.shadow.save()
    return lambda cast: run_due()


ACTS: dict[str, Callable[[Cast], Act]] = {
    "cancelled by the visitor": cancelled_by("shadow"),
    "cancelled by the host": cancelled_by("host"),
    "cancelled by a coordinator": cancelled_by("coordinator"),
    "placed by hand": placed_by_hand(""),
    "placed with the manager's yes": placed_by_hand(Learned.PHONE),
    **{
        each.__name__.replace("_", " "): each
        for each in (
            *(cancelled_for_the_visitor, cancelled_where_the_manager_hosts_too, moved, suggested_outside),
            *(allowed, rearranged, agreed, agreed_for_the_host, declined_by_the_host, withdrawn),
            *(asked_somebody_else, visitor_left),
        )
    },
}


@pytest.mark.parametrize("name", ACTS)
def test_each_person_gets_one_mail(cast: Cast, name: str) -> None:
    act = ACTS[name](cast)
    before = set(Message.objects.values_list("pk", flat=True))
    act(cast)
    new = Message.objects.exclude(pk__in=before).exclude(status=MessageStatus.GATHERED)
    told = Counter(new.values_list("recipient__email", flat=True))
    assert told
    assert {email: number for email, number in told.items() if number > 1} == {}


def test_mail_of_two_parts_says_both_and_brings_every_calendar(cast: Cast, mailbox: Mailbox) -> None:
    act = cancelled_for_the_visitor(cast)
    deliver_owed()
    before = len(mailbox.to(cast.shadow.email))
    act(cast)
    acted = Message.objects.get(template="acted_on_behalf_to_person", recipient=cast.shadow)
    whole = acted.gathered_into
    assert whole is not None
    assert whole.template == digests.TEMPLATE
    parts = {part.template for part in whole.parts.all()}
    assert parts >= {"acted_on_behalf_to_person", "placement_cancelled_to_shadow"}
    assert len(VCALENDAR.findall(whole.calendar)) == 3
    deliver_owed()
    assert len(mailbox.to(cast.shadow.email)) == before + 1


# --- reasons ---------------------------------------------------------------------------------------------


def test_reason_of_a_cancellation_is_for_coordinators_and_who_gave_it(cast: Cast) -> None:
    placement = visit(cast)
    perform(placement, "cancel", actor=cast.shadow, reason="illness", words="So sorry")
    for person in (cast.host, cast.manager):
        mail = Message.objects.filter(recipient=person, template__startswith="placement_cancelled").get()
        assert "Illness" not in mail.text + mail.html
        assert "So sorry" in mail.text
    names = ("shadow", "host", "manager", "coordinator")
    from_page = {name: page(cast.people()[name], placement) for name in names}
    assert {name for name, text in from_page.items() if "Illness or a family matter" in text} == {
        "shadow",
        "coordinator",
    }
    assert all("So sorry" in text for text in from_page.values())


def page(person: Person, placement: Placement) -> str:
    return signed_in(person).get(placement.get_absolute_url()).content.decode()


def test_other_reason_needs_no_words(cast: Cast) -> None:
    placement = visit(cast)
    client = signed_in(cast.shadow)
    answer = client.post(act_url(placement, "cancel"), {"reason": "other"})
    assert (answer.status_code, fresh(placement).status) == (303, "cancelled")


@pytest.mark.parametrize(("who", "days", "left"), [("shadow", 20, 0), ("shadow", 2, 2), ("host", 20, 2)])
def test_visit_called_off_in_good_time_by_its_visitor_leaves_the_appraisals(
    cast: Cast, who: str, days: int, left: int
) -> None:
    AppraisalFactory.create(person=cast.shadow, appraiser=cast.manager)
    AppraisalFactory.create(person=cast.host, appraiser=cast.host_manager)
    placement = one_date(cast, days)
    assert Activity.objects.filter(source=placement.pk).count() == 2
    done = perform(placement, "cancel", actor=cast.people()[who], reason="workload")
    assert Activity.objects.filter(source=placement.pk).count() == left
    assert (done.appraisal is None) == (left == 0)
    assert HistoryEntry.objects.about(done).filter(action="cancel").exists()
    Appraisal.objects.update(filled_at=None)
    fill_appraisals()
    assert Activity.objects.filter(source=placement.pk).count() == left
