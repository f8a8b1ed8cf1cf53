"""Calendar parts: one event each, a permanent UID, a rising sequence number, times in UTC."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from icalendar import Calendar

from accounts.workflow import perform
from messaging.models import Message
from shadowing.mail.invitations import calendar_file, visit_cancellation, visit_invitation
from shadowing.models import Offer, Placement, Visit
from tests.cast import Cast, member
from tests.factories import SessionFactory, at, take_on


def event(text: str) -> Any:
    """The one event in it; icalendar types its values as a union of everything there is."""
    (found,) = Calendar.from_ical(text).walk("VEVENT")
    return found


def parts(template: str) -> list[str]:
    return list(Message.objects.filter(template=template).values_list("calendar", flat=True))


def agreed(cast: Cast) -> tuple[Placement, Visit]:
    placement = cast.agreed().placement
    return placement, placement.visits.get()


def test_invitation_says_when_where_what_and_who(cast: Cast) -> None:
    placement, visit = agreed(cast)
    placement.place = "Desk 4"
    text = visit_invitation(placement, visit)
    calendar, found = Calendar.from_ical(text), event(text)
    assert calendar["method"] == "REQUEST"
    assert (found.decoded("dtstart"), found.decoded("dtend")) == (visit.starts_at, visit.ends_at)
    assert found["summary"] == "A morning at the service desk (Sam Shadow visits Hana Host)"
    assert (found["location"], found["status"]) == ("Desk 4", "CONFIRMED")
    assert f"/placements/{placement.pk}/" in found["description"]
    assert [str(who) for who in found["attendee"]] == [
        "mailto:shadow@example.ac.uk",
        "mailto:host@example.ac.uk",
    ]


def test_organiser_is_the_site(cast: Cast) -> None:
    found = event(visit_invitation(*agreed(cast)))
    assert str(found["organizer"]) == "mailto:shadowing@example.ac.uk"
    assert {who.params["RSVP"] for who in found["attendee"]} == {"FALSE"}
    assert {who.params["PARTSTAT"] for who in found["attendee"]} == {"ACCEPTED"}


def test_co_hosts_are_attendees(cast: Cast) -> None:
    co_host = member(cast.it, email="co@example.ac.uk")
    take_on(cast.offer, co_host)
    assert "mailto:co@example.ac.uk" in visit_invitation(*agreed(cast)).replace("\r\n ", "")


@pytest.mark.parametrize(("day", "hour"), [((2027, 3, 26), 10), ((2027, 3, 30), 9), ((2027, 11, 2), 10)])
def test_times_are_utc_on_both_sides_of_a_clock_change(
    cast: Cast, day: tuple[int, int, int], hour: int
) -> None:
    """Ten o'clock in London is nine in summer."""
    with time_machine.travel(dt.datetime(2027, 3, 1, 9, tzinfo=dt.UTC)):
        starts = dt.datetime(*day, 10, tzinfo=timezone.get_default_timezone())
        session = SessionFactory.create(
            offer=cast.offer, starts_at=starts, ends_at=starts + dt.timedelta(hours=3)
        )
        placement = cast.agreed(session=session).placement
        text = visit_invitation(placement, placement.visits.get())
    year, month, date = day
    assert f"DTSTART:{year}{month:02}{date:02}T{hour:02}0000Z" in text


def test_uid_stays_and_sequence_rises(cast: Cast) -> None:
    placement, _ = agreed(cast)
    placement = perform(placement, "rearrange", actor=cast.host, place="Room 5", contact="", agenda="")
    perform(placement, "cancel", actor=cast.shadow, reason="workload")
    texts = [parts(f"placement_{what}_to_shadow")[0] for what in ("agreed", "changed", "cancelled")]
    events = [event(text) for text in texts]
    assert len({str(found["uid"]) for found in events}) == 1
    assert [int(found["sequence"]) for found in events] == [0, 1, 2]
    assert [str(found["status"]) for found in events] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
    assert [str(Calendar.from_ical(text)["method"]) for text in texts] == ["REQUEST", "REQUEST", "CANCEL"]


def several(cast: Cast) -> Placement:
    last = timezone.localdate() + dt.timedelta(days=80)
    request = cast.approved(session=cast.window(), window_ends=last, half_days=3)
    visits = [(at(day), at(day, 13)) for day in (20, 27, 34)]
    perform(request, "agree", actor=cast.host, visits=visits)
    return Placement.objects.get()


def test_each_of_several_dates_comes_in_a_mail_of_its_own(cast: Cast) -> None:
    several(cast)
    assert parts("placement_agreed_to_shadow") == [""]
    mails = Message.objects.filter(template="visit_set_to_attendee", recipient=cast.shadow)
    events = [event(mail.calendar) for mail in mails]
    assert len({str(found["uid"]) for found in events}) == len(events) == 3
    assert {mail.calendar_method for mail in mails} == {"REQUEST"}
    assert "date 1 of 3" in " ".join(mail.subject for mail in mails)


def test_cancellation_covers_every_date_and_both_calendars(cast: Cast) -> None:
    placement = several(cast)
    perform(placement, "cancel", actor=cast.shadow, reason="workload")
    for person in (cast.shadow, cast.host):
        mails = Message.objects.filter(recipient=person)
        set_ = {str(event(mail.calendar)["uid"]) for mail in mails.filter(template="visit_set_to_attendee")}
        off = {
            str(event(mail.calendar)["uid"]) for mail in mails.filter(template="visit_called_off_to_attendee")
        }
        assert set_ == off
        assert len(off) == 3


def test_managers_get_no_calendar_part(cast: Cast) -> None:
    cast.agreed()
    assert parts("placement_agreed_to_manager") == parts("placement_agreed_to_host_manager") == [""]


def test_file_to_download_holds_the_standing_dates_and_invites_nobody(cast: Cast) -> None:
    placement = several(cast)
    Visit.objects.filter(pk=placement.visits.all()[0].pk).update(stands=False)
    text = calendar_file(placement)
    assert Calendar.from_ical(text)["method"] == "PUBLISH"
    assert len(Calendar.from_ical(text).walk("VEVENT")) == 2
    assert "ATTENDEE" not in text


def test_typed_words_cannot_inject_calendar_lines(cast: Cast) -> None:
    placement, visit = agreed(cast)
    Offer.objects.filter(pk=cast.offer.pk).update(title="A;B,C\\D\nATTENDEE:mailto:evil@example.ac.uk 🦉")
    cast.shadow.last_name = 'Sh"adow\r\nX-EVIL:1'
    placement = Placement.objects.get(pk=placement.pk)
    placement.shadow, placement.place = cast.shadow, "Room\r\nX-EVIL:2"
    placement.contact = "Hana\nX-EVIL:3"
    text = visit_invitation(placement, visit)
    lines = text.replace("\r\n ", "").split("\r\n")
    assert not [line for line in lines if line.startswith(("X-EVIL", "ATTENDEE:mailto:evil"))]
    assert "A;B,C\\D ATTENDEE:mailto:evil@example.ac.uk 🦉" in str(event(text)["summary"])
    assert len(event(text)["attendee"]) == 2


@pytest.mark.parametrize("title", ["A morning", "Ein Vormittag für Öffentlichkeitsarbeit — 図書館 🦉" * 2])
def test_calendar_lines_are_folded_and_end_with_crlf(cast: Cast, title: str) -> None:
    Offer.objects.filter(pk=cast.offer.pk).update(title=title)
    placement, visit = agreed(cast)
    text = visit_cancellation(Placement.objects.get(pk=placement.pk), visit)
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert "\n" not in text.replace("\r\n", "")
    assert f"SUMMARY:{title} (Sam Shadow" in text.replace("\r\n ", "")


@pytest.mark.parametrize("written", [visit_invitation, visit_cancellation])
def test_event_has_each_required_property_once(cast: Cast, written: Any) -> None:
    """Outlook refuses an invitation without DTSTAMP, ORGANIZER or SEQUENCE, and a second METHOD."""
    lines = written(*agreed(cast)).replace("\r\n ", "").split("\r\n")
    names = [re.split("[;:]", line)[0] for line in lines]
    for name in ("METHOD", "VERSION", "PRODID", "UID", "DTSTAMP", "DTSTART", "DTEND", "SEQUENCE", "STATUS"):
        assert names.count(name) == 1, name
    assert names.count("ORGANIZER") == 1
    assert names.count("ATTENDEE") == 2
    stamps = [line for line in lines if line.startswith(("DTSTAMP", "DTSTART", "DTEND"))]
    assert all(re.fullmatch(r"[A-Z]+:\d{8}T\d{6}Z", line) for line in stamps), "UTC needs no VTIMEZONE"


def test_update_is_newer_than_what_it_replaces(cast: Cast) -> None:
    placement, _ = agreed(cast)
    sequences = [int(event(parts("placement_agreed_to_host")[0])["sequence"])]
    for room in ("Room 5", "Room 6"):
        placement = perform(placement, "rearrange", actor=cast.host, place=room, contact="", agenda="")
        mail = Message.objects.filter(template="placement_changed_to_host").order_by("-dated")[0]
        sequences.append(int(event(mail.calendar)["sequence"]))
    perform(placement, "cancel", actor=cast.host, reason="illness")
    sequences.append(int(event(parts("placement_cancelled_to_host")[0])["sequence"]))
    assert sequences == [0, 1, 2, 3]
