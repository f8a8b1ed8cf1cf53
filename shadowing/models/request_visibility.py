"""Conditions on requests: who may see which."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.apps import apps
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone

from accounts.compiled_queries import compiled, members
from accounts.models import Delegation, Person
from departments.models import Department
from shadowing.enums import Consent, DecisionRole, Outcome, RequestStatus
from shadowing.models.offer import Offer
from shadowing.models.scheme import Scheme

REACHED_HOST = (
    RequestStatus.WITH_HOST,
    RequestStatus.WITH_HOST_MANAGER,
    RequestStatus.DATES_PROPOSED,
    RequestStatus.WAITING_LIST,
    RequestStatus.AGREED,
    RequestStatus.CLOSED,
)


SENT = Q(submitted_at__isnull=False)  # the status does not tell: a discarded draft may be withdrawn as well


def visibility_of(person: Person) -> dict[str, Any]:
    """Return the values of ``visible_condition`` for ``person`` now."""
    return {
        "person": person.pk,
        "today": timezone.localdate(),
        "now": timezone.now(),
        "branch": coordinated_branch(person),
    }


@compiled(key=uuid.UUID, person=int, today=dt.date, now=dt.datetime, branch=set)
def visible_key(
    *, key: uuid.UUID, person: int, today: dt.date, now: dt.datetime, branch: set[int]
) -> QuerySet[Any, Any]:
    """Return ``key`` where the person with the key ``person`` may see that request."""
    visible = visible_condition(person, today, now, members(branch))
    return _requests().filter(visible, pk=key).order_by().values("pk")


def visible_condition(person: int, today: dt.date, now: dt.datetime, branch: set[int] | RawSQL) -> Q:
    """Match what the person with this key may see at ``now``; they coordinate the departments ``branch``."""
    deputised = _deputised(person, today)
    return (
        Q(shadow=person)
        | Q(_asked(person, deputised, DecisionRole.LINE_MANAGER) | _of_reports(person, deputised), SENT)
        | Q(_reached_host(now), _not_agreed_yet(), Q(offer__host=person) | _co_hosted(person))
        | _bound_to(person)
        | Q(_asked(person, deputised, DecisionRole.HOST_MANAGER), SENT)
        | Q(_coordinated(person, branch), SENT)
    )


def _asked(person: int, deputised: QuerySet[Delegation, Any], role: DecisionRole) -> Q:
    """Match requests on which ``person``, or somebody they deputise for today, was asked in ``role``."""
    asked = Q(decisions__asked=person) | Q(decisions__asked__in=deputised)
    return Q(pk__in=_requests().filter(asked, decisions__role=role).values("pk"))


def _of_reports(person: int, deputised: QuerySet[Delegation, Any]) -> Q:
    """Match requests whose visitor has ``person``, or somebody they deputise for today, as line manager."""
    return Q(shadow__line_manager=person) | Q(shadow__line_manager__in=deputised)


def _deputised(person: int, today: dt.date) -> QuerySet[Delegation, Any]:
    """Return the keys of the managers for whom ``person`` is deputy today."""
    on_duty = Delegation.objects.on(today)
    return on_duty.filter(deputy=person, manager__is_active=True).order_by().values("manager")


def _reached_host(now: dt.datetime) -> Q:
    """Match requests the host may see: the line manager has agreed and can no longer undo it."""
    agreed = _requests().filter(decisions__role=DecisionRole.LINE_MANAGER, decisions__outcome=Outcome.AGREED)
    undoable = _requests().filter(decisions__role=DecisionRole.LINE_MANAGER, decisions__undo_until__gt=now)
    reached = Q(status__in=REACHED_HOST) | Q(SENT, pk__in=agreed.values("pk"))
    return reached & ~Q(pk__in=undoable.values("pk"))


def _not_agreed_yet() -> Q:
    return Q(placement__isnull=True)


def _bound_to(person: int) -> Q:
    """Match requests whose visit ``person`` has been in since it was agreed, whatever the offer says now."""
    bound = _requests().filter(
        placement__participations__person=person,
        placement__participations__left_at__isnull=True,
        placement__participations__consent=Consent.NOT_NEEDED,
    )
    return Q(pk__in=bound.order_by().values("pk"))


def _co_hosted(person: int) -> Q:
    through = Offer.co_hosts.through.objects.filter(offer=OuterRef("offer"), person=person)
    return Q(Exists(through))


def coordinated_branch(person: Person) -> set[int]:
    """Return the departments that ``person`` coordinates, with all below them."""
    roots = list(person.coordinates.values_list("department", flat=True))
    return Department.objects.branch(roots) if roots else set()


def _coordinated(person: int, branch: set[int] | RawSQL) -> Q:
    either = Q(origin__in=branch) | Q(offer__department__in=branch) if branch else Q(pk__in=[])
    # A subquery, because a join would return each request of a scheme with two coordinators twice.
    running = Scheme.coordinators.through.objects.filter(person=person)
    return either | Q(offer__scheme__in=running.order_by().values("scheme"))


def _requests() -> QuerySet[Any, Any]:
    """Return all requests; the model imports this module."""
    requests: QuerySet[Any, Any] = apps.get_model("shadowing", "Request").objects.all()
    return requests
