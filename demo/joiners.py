"""A demo visit that a colleague of the host has joined, with the visitor's answer pending."""

from __future__ import annotations

from accounts.models import Person
from accounts.workflow import TransitionError, perform
from demo import named_people
from demo.organisation import Organisation
from shadowing.enums import PlacementStatus
from shadowing.models import Placement


def join_a_visit(organisation: Organisation) -> Placement | None:
    """Add a co-host to an agreed visit, preferably the demo shadow's; return the visit or None."""
    shadow = organisation.named(named_people.SHADOW)
    agreed = Placement.objects.filter(status=PlacementStatus.AGREED).select_related("host", "shadow")
    visits = sorted(agreed.order_by("created_at", "pk"), key=lambda visit: visit.shadow != shadow)
    return next((visit for visit in visits if _joined(visit)), None)


def _joined(placement: Placement) -> bool:
    team = placement.host.membership.department
    colleagues = Person.objects.active().filter(membership__department=team).exclude(pk=placement.host_id)
    for colleague in colleagues.order_by("pk"):
        try:
            perform(placement, "join", actor=placement.host, person=colleague)
        except TransitionError:
            continue
        return True
    return False
