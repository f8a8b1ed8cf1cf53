"""A small organisation in which people of every role have records of every kind, for crawling all pages."""

from __future__ import annotations

from django.utils import timezone

from accounts.models import Person
from accounts.workflow import perform
from departments.enums import ImportKind
from departments.imports.storage import store_file
from departments.models import Coordinator, Site
from shadowing.models import ClosureDay, Request, Session, Suggestion
from tools.drills.lifecycle import complete_visit, make_four_people, person
from tools.drills.scenery import scenery, sessions

LINE = b"email,first_name,last_name,department_code\n"


def people_by_role() -> dict[str, Person]:
    """Make the organisation; return one person of each role.

    It has one visit that is over, one to come, one request that waits and one draft.
    """
    scene = scenery()
    people = make_four_people(scene)
    shadow, manager, _, host = people
    complete_visit(people)
    branch, coordinator, admin = (person(scene) for _ in range(3))
    Coordinator.objects.create(department=scene.home, person=branch)
    scene.scheme.coordinators.add(coordinator)
    Person.objects.filter(pk=admin.pk).update(is_staff=True, is_superuser=True)
    admin.refresh_from_db()
    open_ones = [sessions(scene.offers([host]), places=2, days=days)[0] for days in (40, 45, 50)]
    _visits(shadow, manager, host, open_ones)
    Suggestion.objects.create(person=shadow, by=manager, offer=open_ones[0].offer)
    Site.objects.create(name="Mount Pleasant", address="1 Mount Pleasant")
    ClosureDay.objects.create(day=timezone.localdate(), name="Founders’ day")
    store_file([LINE], name="people.csv", kind=ImportKind.PEOPLE, by=admin)
    return {
        "shadow": shadow,
        "manager": manager,
        "host": host,
        "branch": branch,
        "coordinator": coordinator,
        "admin": admin,
    }


def _visits(shadow: Person, manager: Person, host: Person, open_ones: list[Session]) -> None:
    """Make one agreed visit, one request with the line manager, and one draft."""
    agreed, asked, drafted = (_draft(shadow, session) for session in open_ones)
    visit = perform(perform(agreed, "submit", actor=shadow), "approve", actor=manager, words="Enjoy.")
    perform(visit, "agree", actor=host, place="Room 5", agenda="Calls.", contact="Ring 22.", words="Welcome.")
    perform(asked, "submit", actor=shadow)
    Request.objects.filter(pk=drafted.pk).update(dates_note="Not on Mondays.")


def _draft(shadow: Person, session: Session) -> Request:
    first, last = (timezone.localdate(moment) for moment in (session.starts_at, session.ends_at))
    return Request.objects.create(
        shadow=shadow,
        origin=shadow.membership.department,
        offer=session.offer,
        session=session,
        objectives=["See how others do it."],
        want_to_see="The desk.",
        window_starts=first,
        window_ends=last,
        half_days=1,
        agreement_accepted_at=timezone.now(),
    )
