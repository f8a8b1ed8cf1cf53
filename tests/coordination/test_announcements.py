"""Announcements: audience, display, mail in chunks, and cost."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts.enums import MailRhythm
from accounts.models import Person
from accounts.workflow import TransitionError
from coordination.workflow import announcements
from coordination.workflow.announcements import announce, change_announcement, end_announcement
from departments.models import Department
from messaging.enums import MessageStatus
from messaging.models import Message
from shadowing.models import Announcement
from tests.cast import Cast, member
from tests.factories import DepartmentFactory
from tests.home.test_home import queries_of
from tests.shadowing.links import signed_in

URL = "/coordinate/announcements/"


def today() -> dt.date:
    return timezone.localdate()


def said(by: Person, branch: Department | None = None, **given: Any) -> Announcement:
    days = {"shows_from": today(), "shows_until": today() + dt.timedelta(days=7)}
    words = {"title": "Open week", "words": "See https://example.ac.uk/week <b>now</b>"}
    return announce(Announcement(**{**days, **words, "branch": branch, **given}), by=by)


def read_by(cast: Cast) -> set[str]:
    return {
        name
        for name, person in cast.people().items()
        if "Open week" in signed_in(person).get("/").content.decode()
    }


def test_everybody_in_the_branch_reads_it_and_nobody_else(cast: Cast) -> None:
    said(cast.dept_coordinator, cast.library)
    assert read_by(cast) == {"shadow", "manager", "deputy", "dept_coordinator"}
    said(cast.coordinator, cast.library.parent)
    assert read_by(cast) == set(cast.people())


def test_it_is_shown_from_its_first_to_its_last_day_until_it_is_ended(cast: Cast) -> None:
    later = said(cast.coordinator, shows_from=today() + dt.timedelta(days=1))
    assert read_by(cast) == set()
    Announcement.objects.update(shows_from=today() - dt.timedelta(days=3), shows_until=today())
    assert read_by(cast) == set(cast.people())
    end_announcement(later, by=cast.coordinator)
    assert read_by(cast) == set()
    with pytest.raises(TransitionError, match="not shown any more"):
        end_announcement(later, by=cast.coordinator)


def test_links_are_made_and_nothing_else_of_what_was_typed_becomes_html(cast: Cast) -> None:
    said(cast.coordinator)
    text = signed_in(cast.stranger).get("/").content.decode()
    assert 'href="https://example.ac.uk/week"' in text
    assert "&lt;b&gt;now&lt;/b&gt;" in text


def test_pressed_twice_it_is_announced_once(cast: Cast) -> None:
    client = signed_in(cast.dept_coordinator)
    key = str(client.get(f"{URL}new/").context["form"]["form_id"].value())
    day = today().isoformat()
    given = {"form_id": key, "branch": "LIB", "title": "Open week", "words": "Come.", "by_mail": "on"}
    given |= {"shows_from": day, "shows_until": day}
    assert f'value="{key}"' in client.post(f"{URL}new/", given).content.decode()
    for _ in range(2):
        assert client.post(f"{URL}new/", {**given, "save": "1"})["Location"] == URL
    assert Announcement.objects.count() == 1


def test_key_of_somebody_elses_announcement_makes_one_of_its_own(cast: Cast) -> None:
    theirs = said(cast.coordinator, cast.it)
    own = said(cast.dept_coordinator, cast.library, pk=theirs.pk, title="Loans week")
    assert own.pk != theirs.pk
    theirs.refresh_from_db()
    assert (theirs.title, theirs.by) == ("Open week", cast.coordinator)


def test_branch_coordinators_write_for_their_branch_alone(cast: Cast) -> None:
    team = DepartmentFactory.create(code="LOANS", name="Loans", parent=cast.library)
    said(cast.dept_coordinator, team)
    theirs = said(cast.coordinator, cast.it)
    for branch in (None, cast.it, cast.library.parent):
        with pytest.raises(PermissionDenied):
            said(cast.dept_coordinator, branch)
    with pytest.raises(PermissionDenied):
        end_announcement(theirs, by=cast.dept_coordinator)
    client = signed_in(cast.dept_coordinator)
    assert client.get(f"{URL}{theirs.pk}/end/").status_code == 404
    sent = {"title": "x", "words": "y", "shows_from": today(), "shows_until": today(), "save": "1"}
    assert client.post(f"{URL}new/", {**sent, "branch": "all"}).status_code == 422
    assert signed_in(cast.manager).get(URL).status_code == 404


def test_words_stay_once_they_are_shown(cast: Cast) -> None:
    values = {"title": "Other", "branch": None}
    to_come = said(cast.coordinator, shows_from=today() + dt.timedelta(days=1))
    assert change_announcement(to_come, values, by=cast.coordinator).title == "Other"
    with pytest.raises(TransitionError, match="shown already"):
        change_announcement(said(cast.coordinator), values, by=cast.coordinator)


def test_mail_goes_to_everybody_once_in_chunks(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(announcements, "CHUNK", 3)
    Person.objects.filter(pk=cast.shadow.pk).update(mail_rhythm=MailRhythm.DAILY)
    Person.objects.filter(pk=cast.deputy.pk).update(is_active=False)
    one = said(cast.coordinator, cast.library.parent, by_mail=True)
    assert announcements.go_on(seconds=0) == 0
    assert announcements.go_on() == 7
    assert announcements.go_on() == 0
    one.refresh_from_db()
    assert (one.done, one.total, one.mailed_at is not None) == (7, 7, True)
    mails = Message.objects.filter(template="announced_to_person")
    assert mails.count() == 7
    assert mails.get(recipient=cast.shadow).not_before > timezone.now()
    mail = mails.get(recipient=cast.host)
    assert mail.subject == "Professional Services: Open week"
    assert "You get this because you work in Professional Services." in mail.text
    assert "<b>now" not in mail.html
    end_announcement(one, by=cast.coordinator)
    assert set(mails.values_list("status", flat=True)) == {MessageStatus.DROPPED}


def test_mail_ends_with_the_announcement(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(announcements, "CHUNK", 2)
    one = said(cast.coordinator, by_mail=True)
    announcements._chunk(one.pk)  # a run may be interrupted here
    end_announcement(one, by=cast.coordinator)
    assert announcements.go_on() == 0
    assert "Mailed to 2 of 8 people, then ended" in signed_in(cast.coordinator).get(URL).content.decode()


def test_pages_lead_through_writing_looking_and_keeping(cast: Cast) -> None:
    client = signed_in(cast.coordinator)
    sent = {"branch": "LIB", "title": "Open week", "words": "Come!", "shows_from": today(), "by_mail": "on"}
    assert client.post(f"{URL}new/", sent).status_code == 422
    yesterday = today() - dt.timedelta(days=1)
    assert client.post(f"{URL}new/", {**sent, "shows_until": yesterday}).status_code == 422
    sent["shows_until"] = today()
    looked = client.post(f"{URL}new/", sent).content.decode()
    assert "<strong>4 people</strong>" in looked
    assert not Announcement.objects.exists()
    assert client.post(f"{URL}new/", {**sent, "change": "1"}).context["form"]["words"].value() == "Come!"
    assert client.post(f"{URL}new/", {**sent, "save": "1"})["Location"] == URL
    kept = Announcement.objects.get()
    assert (kept.branch, kept.by_mail, kept.by) == (cast.library, True, cast.coordinator)
    assert "Mail goes on the first day" in client.get(URL).content.decode()
    assert client.post(f"{URL}{kept.pk}/", {**sent, "save": "1"}).status_code == 409
    assert client.post(f"{URL}{kept.pk}/end/").status_code == 303
    assert client.post(f"{URL}{kept.pk}/end/").status_code == 409


def test_home_asks_one_question_however_many_are_announced(cast: Cast) -> None:
    cast.submitted()
    client = signed_in(member(cast.library))
    few = queries_of(client, "/")
    for _ in range(7):
        said(cast.coordinator)
    assert queries_of(client, "/") == few <= 10
