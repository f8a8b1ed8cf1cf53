"""What coordinators do by their office stands in the audit; what people do with their own does not."""

from __future__ import annotations

import pytest
from django.contrib.admin import site
from django.urls import reverse

from accounts.enums import AuditKind, How
from accounts.models import AuditEntry, Person
from accounts.workflow import perform, workflow_of
from appraisals.models import Appraisal
from shadowing.models import Placement
from tests.appraisals.years import open_appraisal
from tests.cast import Cast
from tests.factories import OfferFactory, PersonFactory, SessionFactory
from tests.shadowing.links import signed_in
from tests.shadowing.stuck import lost, overdue
from tests.shadowing.visits import begin_now

pytestmark = pytest.mark.django_db


def noted(actor: Person) -> list[str]:
    """What ``actor`` is noted to have done, the oldest first."""
    return list(AuditEntry.objects.filter(actor=actor).order_by("at", "pk").values_list("what", flat=True))


def test_steps_with_what_is_ones_own_are_not_noted(cast: Cast) -> None:
    perform(cast.agreed().placement, "cancel", actor=cast.shadow, reason="workload")
    perform(cast.offer, "pause", actor=cast.host)
    perform(cast.offer, "close_offer", actor=cast.host)
    assert not AuditEntry.objects.exists()


def test_steps_of_a_coordinator_are_noted_for_whom_they_concern(cast: Cast) -> None:
    boss = cast.coordinator
    perform(cast.offer, "pause", actor=boss)
    perform(cast.offer, "resume", actor=boss)
    visit = cast.agreed().placement
    perform(visit, "cancel", actor=boss, reason="workload", words="kanarie")
    offer = OfferFactory.create(scheme=cast.scheme, department=cast.it, host=cast.host)
    missed = cast.agreed(session=SessionFactory.create(offer=offer)).placement
    begin_now(missed)
    missed = perform(missed, "did_not_happen", actor=boss, reason="shadow_absent")
    perform(missed, "forgive", actor=boss)
    perform(cast.offer, "close_offer", actor=boss)
    assert noted(boss) == [
        "Paused an offer.",
        "Opened a paused offer again.",
        "Called off a visit.",
        "Said that a visit did not take place.",
        "Said that a missed visit does not count.",
        "Closed an offer.",
    ]
    assert {entry.kind for entry in AuditEntry.objects.filter(actor=boss)} == {AuditKind.ACTED}
    about_the_shadow = AuditEntry.objects.concerning(cast.shadow)
    assert {entry.subject_id for entry in about_the_shadow} == {str(visit.pk), str(missed.pk)}
    assert AuditEntry.objects.concerning(cast.host).count() == 3


def test_steps_in_the_administration_are_noted_as_such(cast: Cast) -> None:
    admin = PersonFactory.create(is_staff=True, is_superuser=True)
    visit: Placement = cast.agreed().placement
    address = reverse("admin:shadowing_placement_act", args=[visit.pk, "cancel"])
    assert signed_in(admin).post(address, {"reason": "workload"}).status_code == 302
    entry = AuditEntry.objects.concerning(cast.shadow).get()
    assert (entry.what, entry.how) == ("Called off a visit.", How.ADMIN)


def test_every_step_offered_in_the_administration_is_an_audited_one() -> None:
    offered = [
        (model, act) for model, its_admin in site._registry.items() for act in getattr(its_admin, "acts", {})
    ]
    assert offered
    for model, act in offered:
        effect = workflow_of(model()).transitions[act].effect
        assert hasattr(effect, "__wrapped__"), (model, act)  # what ``audited`` leaves


def test_the_desk_leaves_its_traces(cast: Cast) -> None:
    item = overdue(cast.submitted())
    mail = lost(cast.manager, needed_while=item)
    desk = signed_in(cast.coordinator)
    desk.post(reverse("coordination:desk-remind", args=[item.pk]))
    desk.post(reverse("coordination:desk-send-again", args=[mail.pk]))
    for _ in range(2):
        assert desk.get(reverse("coordination:desk-notes")).status_code == 200
    assert noted(cast.coordinator) == [
        "Sent a reminder by hand.",
        "Sent a mail again that could not be delivered.",
        "Read the notes to the organisers.",
    ]
    assert AuditEntry.objects.concerning(cast.manager).count() == 2


def test_cycles_leave_their_traces(cast: Cast) -> None:
    appraisal: Appraisal = open_appraisal(cast)
    here = f"/coordinate/cycles/{appraisal.cycle.starts_on.isoformat()}/"
    desk = signed_in(cast.coordinator)
    person = reverse("coordination:cycle-person", args=[appraisal.cycle.starts_on.isoformat(), appraisal.pk])
    desk.post(person, {"reason": "long_absence", "words": "kanarie"})
    desk.post(person, {})
    desk.post(f"{here}export/")
    assert noted(cast.coordinator) == [
        "Exempted from the appraisal of a cycle.",
        "Took into the appraisals of a cycle again.",
        "Began an export of the appraisals of a cycle.",
    ]
    assert AuditEntry.objects.concerning(cast.shadow).count() == 2
