"""The audit: every act in the administration and every grant of power stands in it, and nothing leaves it."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_removed
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db import ProgrammingError, connection, models, transaction
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts import audit
from accounts.enums import AuditKind, How
from accounts.models import AuditEntry, Person
from appraisals.models import Appraisal
from tests.cast import Cast
from tests.factories import AppraisalFactory, PersonFactory
from tests.forms import untouched
from tests.signing import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(db: None, client: Client) -> Person:
    person = PersonFactory.create(email="admin@example.ac.uk", is_staff=True, is_superuser=True)
    sign_in(client, person)  # freshly: whoever grants rights is asked again after a while
    return person


def url(model: type[models.Model], page: str, *args: object) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def shown(client: Client, record: models.Model) -> dict[str, Any]:
    """What the page of ``record`` would send, untouched."""
    page = client.get(url(type(record), "change", record.pk)).content.decode()
    return dict(untouched(page, f"{type(record)._meta.model_name}_form"))


def save(client: Client, record: models.Model, **changed: object) -> None:
    """Open the page of ``record``, change this much, and press "Save"."""
    answer = client.post(url(type(record), "change", record.pk), {**shown(client, record), **changed})
    assert answer.status_code == 302, (record, answer.context["errors"])


def test_saving_any_record_is_audited_with_editor(cast: Cast, client: Client, administrator: Person) -> None:
    cast.agreed()
    Group.objects.create(name="Readers")
    saved = []
    for model, its_admin in admin.site._registry.items():
        record = model._default_manager.exclude(pk=administrator.pk).first()
        request = RequestFactory().get("/")
        request.user = administrator
        assert "delete_selected" not in its_admin.get_actions(request), model  # it is announced to nobody
        if record is None or not its_admin.has_change_permission(request, record):
            continue
        before = AuditEntry.objects.count()
        save(client, record)
        noted = AuditEntry.objects.all()[: AuditEntry.objects.count() - before]
        assert [(entry.actor, entry.how) for entry in noted] == [(administrator, How.ADMIN)], model
        assert noted[0].what.startswith(f"Changed the {model._meta.verbose_name} record"), model
        saved.append(model.__name__)
    assert {"Person", "Department", "Scheme", "Offer", "Group", "Delegation"} <= set(saved)


def test_change_is_noted_with_the_names_of_fields_and_no_values(
    cast: Cast, client: Client, administrator: Person
) -> None:
    person = cast.stranger
    changed = {"first_name": "Kanarie", "working_pattern": "shifts", "is_staff": "on"}
    save(client, person, **changed, **{"membership-0-department": cast.it.pk})
    entry = AuditEntry.objects.concerning(person).get()
    assert (entry.kind, entry.subject_type, entry.subject_id) == (
        AuditKind.CHANGED,
        "accounts.person",
        str(person.pk),
    )
    assert entry.what == (
        "Changed the person record: first name, working pattern, may open the administration, "
        "place in the organisation changed: department."
    )


def test_new_coordinator_is_audited_by_name(cast: Cast, client: Client, administrator: Person) -> None:
    save(client, cast.scheme, coordinators=cast.stranger.pk)
    assert [entry.what for entry in AuditEntry.objects.concerning(cast.stranger)] == [
        "Made coordinator of a scheme."
    ]
    assert [entry.what for entry in AuditEntry.objects.concerning(cast.coordinator)] == [
        "No longer coordinator of a scheme."
    ]
    save(client, cast.library, **{"coordinators-0-DELETE": "on"})
    assert [entry.what for entry in AuditEntry.objects.concerning(cast.dept_coordinator)] == [
        "No longer coordinator of a department."
    ]


def test_sign_ins_of_administrators_and_second_steps_are_noted(cast: Cast, administrator: Person) -> None:
    Client().force_login(cast.stranger)
    assert [(entry.kind, entry.person) for entry in AuditEntry.objects.all()] == [
        (AuditKind.SIGNED_IN, administrator)
    ]
    request = RequestFactory().get("/")
    request.user = administrator
    step = Authenticator(user=cast.stranger, type=Authenticator.Type.TOTP)
    authenticator_removed.send(Authenticator, request=request, user=cast.stranger, authenticator=step)
    entry = AuditEntry.objects.concerning(cast.stranger).get()
    assert entry.actor == administrator  # who took it away, not whose it was
    assert entry.what.startswith("Second step taken away")


def test_opening_an_appraisal_in_the_administration_is_noted(
    cast: Cast, client: Client, administrator: Person
) -> None:
    appraisal = AppraisalFactory.create(person=cast.shadow)
    assert client.get(url(Appraisal, "change", appraisal.pk)).status_code == 200
    entry = AuditEntry.objects.concerning(cast.shadow).get()
    assert (entry.kind, entry.how, entry.actor) == (AuditKind.LOOKED, How.ADMIN, administrator)


def test_audit_entry_cannot_be_changed_or_deleted(cast: Cast) -> None:
    entry = audit.note(AuditKind.CHANGED, "Changed: scheme.", actor=cast.coordinator)
    table = AuditEntry._meta.db_table
    for statement in (f"UPDATE {table} SET what = 'Nothing.'", f"DELETE FROM {table}"):  # noqa: S608  # our own table's name
        with pytest.raises(ProgrammingError, match="Cannot"), transaction.atomic():
            connection.cursor().execute(statement)
    entry.refresh_from_db()
    assert entry.what == "Changed: scheme."


def test_audit_is_found_by_name_and_read_only(cast: Cast, client: Client, administrator: Person) -> None:
    audit.note(AuditKind.ACTED, "Called off a visit.", actor=cast.coordinator, person=cast.shadow)
    page = url(AuditEntry, "changelist")
    assert "Called off a visit." in client.get(f"{page}?q=Shadow&kind__exact=acted").content.decode()
    assert "Called off a visit." not in client.get(f"{page}?q=Stranger").content.decode()
    assert client.get(url(AuditEntry, "add")).status_code == 403
