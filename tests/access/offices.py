"""Records that coordinators and administrators deal with, by situation in the tables."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone

from accounts.audit import note
from accounts.enums import AuditKind
from accounts.models import AuditEntry, HistoryEntry, Person, WaitingItem
from appraisals.models import Cycle
from coordination.pages.coordinators import reference_of
from coordination.pages.schemes import code_of
from departments.enums import ImportKind
from departments.imports.storage import store_file
from departments.models import Coordinator, Department, Site
from messaging.models import Message
from shadowing.models import Announcement, ClosureDay, ReflectionQuestion, Suggestion
from tests.cast import Cast

Args = tuple[object, ...]


def things_of_coordinators(cast: Cast) -> dict[str, Args]:
    """Offices, announcements and the scheme."""
    office = Coordinator.objects.get(department=cast.it)
    return {
        "suggested": (_suggested(cast).pk,),
        "it-office": (cast.it.code, reference_of(office)),
        "said-library": (_said(cast.dept_coordinator, cast.library).pk,),
        "said-to-all": (_said(cast.coordinator, None).pk,),
        "scheme": (code_of(cast.scheme),),
        "scheme-mail": (code_of(cast.scheme), "request_submitted_to_manager"),
    }


def _suggested(cast: Cast) -> Suggestion:
    """A visit, by the manager to the shadow."""
    return Suggestion.objects.create(person=cast.shadow, by=cast.manager, offer=cast.offer)


def _said(by: Person, branch: Department | None) -> Announcement:
    """An announcement that is not shown yet, so that it can be changed."""
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    return Announcement.objects.create(
        branch=branch, title="Open day", words="Come.", shows_from=tomorrow, shows_until=tomorrow, by=by
    )


def things_of_administrators(cast: Cast, admin: Person) -> dict[str, Args]:
    """Make one record of each administration model that no other walk opens."""
    file = b"email,first_name,last_name,department_code\n"
    records: dict[str, models.Model] = {
        "group": Group.objects.create(name="Helpers"),
        "person": cast.stranger,
        "delegation": cast.manager.delegations.get(),
        "message": Message.objects.earliest("dated"),
        "waiting": WaitingItem.objects.earliest("since"),
        "history": HistoryEntry.objects.earliest("pk"),
        "audit": _noted(admin, cast.stranger),
        "department-key": cast.estates,
        "site": Site.objects.create(name="Mount Pleasant"),
        "cycle-key": Cycle.objects.earliest("pk"),
        "scheme-key": cast.scheme,
        "question": ReflectionQuestion.objects.earliest("pk"),
        "closure": ClosureDay.objects.create(day="2026-12-29", name="Winter closure"),
        "hr-import": store_file([file], name="people.csv", kind=ImportKind.PEOPLE, by=admin),
    }
    shown = ContentType.objects.get_for_model(Department)
    return {
        "app": ("accounts",),
        "on-site": (shown.pk, cast.estates.pk),
        **{name: (record.pk,) for name, record in records.items()},
    }


def _noted(admin: Person, person: Person) -> AuditEntry:
    return note(AuditKind.CHANGED, "Changed a person.", actor=admin, subject=person, person=person)
