"""Test erasure: who may, what refuses it, that counts stay true, and that it runs once."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.enums import AuditKind, How
from accounts.models import AuditEntry, HistoryEntry, Person
from accounts.protection import erasure
from accounts.workflow import TransitionError, perform
from departments.models import Coordinator
from shadowing.models import Placement, Request
from tests.cast import Cast
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db


def gone(person: Person) -> Person:
    """They have left."""
    person.is_active = False
    person.save(update_fields=["is_active"])
    return person


def admin() -> Person:
    return PersonFactory.create(is_staff=True, is_superuser=True)


def why(person: Person) -> str:
    return " ".join(erasure.refusals(person))


def test_leaving_is_dated_and_coming_back_forgets_the_date(cast: Cast) -> None:
    gone(cast.stranger).refresh_from_db()
    left = cast.stranger.left_at
    assert left is not None
    cast.stranger.save()
    cast.stranger.refresh_from_db()
    assert cast.stranger.left_at == left
    Person.objects.filter(pk=cast.stranger.pk).update(is_active=True)
    cast.stranger.refresh_from_db()
    assert cast.stranger.left_at is None


def test_what_runs_refuses_with_its_reason(cast: Cast) -> None:
    assert "They work here." in why(cast.stranger)
    assert "line manager of 1" in why(gone(cast.manager))
    assert "They run Job shadowing." in why(gone(cast.coordinator))
    assert "They coordinate Library Services." in why(gone(cast.dept_coordinator))
    assert "the only host of 1 offer." in why(gone(cast.host))
    cast.it.head = gone(cast.host_manager)
    cast.it.save()
    assert "They head IT Services." in why(cast.host_manager)
    powerful = gone(admin())
    assert "all powers" in why(powerful)
    assert "yourself" in " ".join(erasure.refusals(powerful, powerful))
    assert why(gone(cast.stranger)) == ""


def test_erasure_refused_by_open_requests_writes_nothing(cast: Cast) -> None:
    request = cast.approved()
    gone(cast.shadow)
    assert "1 request of theirs, or to them, must end first." in why(cast.shadow)
    cast.shadow.is_active = True
    cast.shadow.save()
    perform(request, "agree", actor=cast.host)
    assert "1 of their visits is still to come." in why(gone(cast.shadow))
    with pytest.raises(TransitionError, match="still to come"):
        erasure.erase(cast.shadow, by=admin(), how=How.ADMIN)
    assert Person.objects.get(pk=cast.shadow.pk).first_name == "Sam"


def test_erased_once_with_counts_as_they_were_and_an_audit_without_a_name(cast: Cast) -> None:
    placement = cast.agreed().placement
    perform(placement, "cancel", actor=cast.shadow, reason="illness", words="In bed.")
    counted = (Request.objects.count(), HistoryEntry.objects.count(), placement.origin, placement.half_days)
    boss = admin()
    assert erasure.erase(gone(cast.shadow), by=boss, how=How.ADMIN).total() > 0
    erased, after = Person.objects.get(pk=cast.shadow.pk), Placement.objects.get()
    assert (erased.full_name, erased.email.endswith("@invalid")) == ("Former colleague", True)
    assert not erased.has_usable_password()
    assert (Request.objects.count(), HistoryEntry.objects.count(), after.origin, after.half_days) == counted
    entry = AuditEntry.objects.get(kind=AuditKind.ERASED)
    assert (entry.actor, entry.person) == (boss, erased)
    assert "Sam" not in entry.what
    assert not erasure.erase(cast.shadow, by=boss, how=How.ADMIN)
    assert AuditEntry.objects.filter(kind=AuditKind.ERASED).count() == 1


def test_history_is_append_only_again_afterwards(cast: Cast) -> None:
    perform(cast.agreed().placement, "cancel", actor=cast.shadow, reason="illness")
    erasure.erase(gone(cast.shadow), by=None, how=How.SYSTEM)
    with pytest.raises(Exception, match="[Cc]annot update"):
        HistoryEntry.objects.update(reason="Changed.")


def test_who_was_erased_meanwhile_asks_for_nothing(cast: Cast) -> None:
    draft = cast.draft()
    erasure.erase(gone(Person.objects.get(pk=cast.shadow.pk)), by=None, how=How.SYSTEM)
    cast.shadow.is_active = True  # as the page that sends it has read them before
    with pytest.raises(TransitionError, match="account has been closed"):
        perform(draft, "submit", actor=cast.shadow)


def test_closed_mail_to_others_about_them_is_not_sent_any_more(cast: Cast) -> None:
    perform(cast.submitted(), "withdraw", actor=cast.shadow, reason="workload")
    assert cast.manager.messages.filter(status="queued", text__contains="Sam Shadow").exists()
    erasure.erase(gone(cast.shadow), by=None, how=How.SYSTEM)
    assert not cast.manager.messages.filter(status="queued").exists()


# --- page and command ---------------------------------------------------------------------------------------


def fresh(client: Client, person: Person) -> Client:
    client.post("/accounts/login/", {"login": person.email, "password": "demo-shadowing"})
    return client


def test_page_asks_first_and_erases_for_administrators_with_all_powers_only(
    cast: Cast, client: Client
) -> None:
    fresh(client, admin())
    page = f"/admin/accounts/person/{cast.stranger.pk}/erase/"
    assert "They work here." in client.get(page).content.decode()
    assert client.post(page).status_code == 409
    gone(cast.stranger)
    shown = client.get(page).content.decode()
    assert "Erase for good" in shown
    assert Person.objects.get(pk=cast.stranger.pk).erased_at is None
    assert client.post(page).status_code == 302
    assert Person.objects.get(pk=cast.stranger.pk).erased_at is not None
    assert erasure.ALREADY in client.get(page).content.decode()


def test_page_is_not_for_other_staff(cast: Cast, client: Client) -> None:
    cast.host.is_staff = True
    cast.host.save()
    fresh(client, cast.host)
    assert client.get(f"/admin/accounts/person/{cast.stranger.pk}/erase/").status_code == 403


def test_command_tries_refuses_and_erases(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    boss, email = admin(), cast.dept_coordinator.email
    gone(cast.dept_coordinator)
    with pytest.raises(CommandError, match="They coordinate"):
        call_command("erase_person", email, by=boss.email)
    Coordinator.objects.all().delete()
    call_command("erase_person", email, by=boss.email, dry_run=True)
    assert "Nothing was written" in capsys.readouterr().out
    assert Person.objects.filter(email=email).exists()
    with pytest.raises(CommandError, match="all powers"):
        call_command("erase_person", email, by=cast.host.email)
    call_command("erase_person", email, by=boss.email)
    assert "Erased." in capsys.readouterr().out
    assert not Person.objects.filter(email=email).exists()
