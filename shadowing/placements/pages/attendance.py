"""Context of the attendance page of a session, for its hosts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import Person
from shadowing.enums import PlacementStatus
from shadowing.models import Offer, Placement, Session, Visit
from shadowing.models.placement import PlacementQuerySet
from shadowing.placements.forms.attendance import AttendanceForm

S = PlacementStatus
UNANSWERED = (S.AGREED, S.TAKING_PLACE, S.TO_REFLECT)


@dataclass(frozen=True)
class Visitor:
    """One visitor of the session, and whether they came, if known."""

    placement: Placement
    known: str


def sessions_hosted(person: Person) -> QuerySet[Session]:
    """Return the sessions where ``person`` hosts the offer or an agreed visit."""
    visits = Placement.objects.hosted_by(person).order_by().values("request__session")
    offers = Offer.objects.hosted_by(person).order_by().values("pk")
    return Session.objects.filter(Q(pk__in=visits) | Q(offer__in=offers))


def _hosted(session: Session, person: Person) -> PlacementQuerySet:
    return Placement.objects.hosted_by(person).filter(request__session=session)


def visits_to_answer(session: Session, person: Person) -> list[Visit]:
    """Return the dates that have begun and have no answer yet; never ``person``'s own."""
    visits = Visit.objects.filter(
        placement__in=_hosted(session, person),
        placement__status__in=UNANSWERED,
        stands=True,
        took_place__isnull=True,
        starts_at__lte=timezone.now(),
    ).exclude(shadow=person)
    related = ("shadow", "placement__shadow", "placement__origin", "placement__request__offer")
    return list(visits.select_related(*related).order_by("starts_at", "shadow__last_name", "pk"))


def attendance_context(session: Session, person: Person, form: AttendanceForm) -> dict[str, Any]:
    """Return the context of the page for ``person``, who hosts."""
    placements = _hosted(session, person).exclude(status=S.CANCELLED)
    placements = placements.exclude(shadow=person).select_related("shadow", "origin")
    return {
        "session": session,
        "offer": session.offer,
        "form": form if form.visits else None,
        "begun": session.starts_at <= timezone.now(),
        "visitors": [Visitor(p, _known(p)) for p in placements.order_by("shadow__last_name", "pk")],
        "section": "shadowing:my-offers",
    }


def _known(placement: Placement) -> str:
    if placement.status == S.NO_SHOW:
        return "Was not there"
    return "Was there" if placement.took_place else ""
