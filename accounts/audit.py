"""The audit: one call notes what was done, or looked at, with the rights of an office."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.utils import timezone

from accounts.enums import AuditKind, How
from accounts.models import AuditEntry, Person
from accounts.shortening import shortened

LONGEST = 200
SAME_LOOK = dt.timedelta(hours=1)


def note(
    kind: AuditKind,
    what: str,
    *,
    actor: Person | None,
    how: How = How.PAGE,
    subject: models.Model | None = None,
    person: Person | None = None,
) -> AuditEntry:
    """Note that ``actor`` did ``what`` with ``subject``, which concerns ``person``.

    ``what`` is a short sentence of ours ("Placed by hand in a session."); never words or names of people.
    ``actor`` is None for commands and the schedule only, with ``how`` SYSTEM.
    """
    return AuditEntry.objects.create(
        kind=kind,
        what=shortened(what, LONGEST),
        actor=actor,
        how=how,
        subject_type=subject._meta.label_lower if subject is not None else "",
        subject_id=str(subject.pk) if subject is not None else "",
        person=person,
    )


def record_view(
    what: str,
    *,
    actor: Person,
    how: How = How.PAGE,
    subject: models.Model | None = None,
    person: Person | None = None,
) -> None:
    """Note that ``actor`` looked at ``subject``: once an hour, so that a page loaded again adds nothing.

    Call it before what is looked at is shown: what cannot be noted is not shown.
    """
    kind = subject._meta.label_lower if subject is not None else ""
    recent = AuditEntry.objects.filter(
        kind=AuditKind.LOOKED,
        what=shortened(what, LONGEST),
        actor=actor,
        how=how,
        subject_type=kind,
        subject_id=str(subject.pk) if subject is not None else "",
        person=person,
        at__gt=timezone.now() - SAME_LOOK,
    )
    if not recent.exists():
        note(AuditKind.LOOKED, what, actor=actor, how=how, subject=subject, person=person)
