"""People who leave and newcomers who manage, and whom a request waits for then."""

from __future__ import annotations

from accounts.models import Person, WaitingItem
from accounts.workflow import perform
from shadowing.enums import WaitingKind
from shadowing.models import Decision, Request
from tests.cast import Cast, member

KINDS = (WaitingKind.MANAGER_DECISION, WaitingKind.HOST_MANAGER_DECISION, WaitingKind.HOST_ANSWER)


def submitted_by_another(cast: Cast) -> Request:
    person = member(cast.library, line_manager=cast.manager)
    return perform(cast.draft(shadow=person), "submit", actor=person)


def newcomer_manages(person: Person, cast: Cast) -> Person:
    newcomer = member(cast.library, first_name="Nina", last_name="Newcomer")
    Person.objects.filter(pk=person.pk).update(line_manager=newcomer)
    return newcomer


def leaves(person: Person) -> None:
    Person.objects.filter(pk=person.pk).update(is_active=False)


def asked_now(request: Request) -> Person:
    return Decision.objects.pending().get(request=request).asked


def waits_for(request: Request) -> list[Person]:
    items = WaitingItem.objects.open().about(request).filter(kind__in=KINDS)
    return [item.owner for item in items.select_related("owner")]
