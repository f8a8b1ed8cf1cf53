"""Write audit entries: what was done or looked at with special permissions."""

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
    """Write an audit entry: ``actor`` did ``what`` to ``subject``, which concerns ``person``.

    ``what`` is a short fixed sentence ("Placed by hand in a session."), never names or anything a person
    wrote. ``actor`` is None for commands and the schedule only, with ``how`` SYSTEM.
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
    """Audit that ``actor`` looked at ``subject``: once an hour, so that reloading a page adds nothing.

    Call it before showing the data: if the audit fails, nothing must be shown.
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
