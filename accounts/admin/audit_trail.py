"""Automatic audit entries: acts in the administration, administrators' sign-ins, and second factors.

They are written on signals of Django and allauth, whatever page causes them. Of a change, the names of the
fields are kept, never their values.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from django.contrib.admin.models import ADDITION, DELETION, LogEntry
from django.contrib.auth.signals import user_logged_in
from django.db import models
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.http import HttpRequest

from accounts import audit
from accounts.enums import AuditKind, How
from accounts.models import AuditEntry, Person
from accounts.views.viewer import viewer

ACTS = {ADDITION: "Added", DELETION: "Deleted"}
SIGNED_IN = "Signed in as somebody who may open the administration."
STEPS = {
    authenticator_added: "Second step added: {name}.",
    authenticator_removed: "Second step taken away: {name}.",
    authenticator_reset: "Second step made anew: {name}.",
}


@receiver(post_save, sender=LogEntry)
def note_admin_act(instance: LogEntry, created: bool, **given: Any) -> None:
    """Copy each entry of Django's admin log to the audit."""
    model = instance.content_type.model_class() if instance.content_type else None
    if not created or model is None:
        return
    person = Person.objects.filter(pk=instance.object_id).first() if issubclass(model, Person) else None
    AuditEntry.objects.create(
        kind=AuditKind.CHANGED,
        what=_what(instance, model)[: audit.LONGEST],
        actor_id=instance.user_id,
        how=How.ADMIN,
        subject_type=model._meta.label_lower,
        subject_id=instance.object_id or "",
        person=person,
    )


def _what(entry: LogEntry, model: type[models.Model]) -> str:
    """Return act, kind of record and fields: "Changed the person record: email, works here."."""
    act = ACTS.get(entry.action_flag, "Changed")
    details = ", ".join(_parts(entry.change_message))
    return f"{act} the {model._meta.verbose_name} record{f': {details}' if details else ''}."


def _parts(message: str) -> Iterable[str]:
    """Return field names and inline record names from Django's message; of a plain message, its text."""
    try:
        steps = json.loads(message or "[]")
    except ValueError:
        return [message.rstrip(".").lower()]
    return list(_of_steps(steps if isinstance(steps, list) else []))


def _of_steps(steps: Iterable[dict[str, dict[str, Any]]]) -> Iterable[str]:
    for step in steps:
        for act, change in step.items():
            name = str(change.get("name", ""))
            fields = [str(field).lower() for field in change.get("fields", ())]
            if name:
                yield f"{name} {act}{': ' + ', '.join(fields) if fields else ''}"
            else:
                yield from fields


def note_coordinators(
    request: HttpRequest, subject: models.Model, before: Collection[Person], now: Collection[Person]
) -> None:
    """Audit each person who becomes, or stops being, coordinator of ``subject``."""
    of = subject._meta.verbose_name
    for what, people in (
        (f"Made coordinator of a {of}.", set(now) - set(before)),
        (f"No longer coordinator of a {of}.", set(before) - set(now)),
    ):
        for person in people:
            audit.note(
                AuditKind.CHANGED, what, actor=viewer(request), how=How.ADMIN, subject=subject, person=person
            )


@receiver(user_logged_in)
def note_sign_in(request: HttpRequest, user: Person, **given: Any) -> None:
    """Audit the sign-in of anybody who may open the administration."""
    if user.is_staff:
        audit.note(AuditKind.SIGNED_IN, SIGNED_IN, actor=user, subject=user, person=user)


@receiver((authenticator_added, authenticator_removed, authenticator_reset))
def note_second_step(signal: Any, request: HttpRequest, user: Person, **given: Any) -> None:
    """Audit a second factor that is added, removed or reset, and who did it, if not the person."""
    authenticator: Authenticator = given["authenticator"]
    name = Authenticator.Type(authenticator.type).label
    actor = request.user if isinstance(request.user, Person) else user
    what = STEPS[signal].format(name=name)
    audit.note(AuditKind.SIGNED_IN, what, actor=actor, subject=user, person=user)
