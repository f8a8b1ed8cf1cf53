"""What tests about offers share: open offers with a date, and what the form of an offer sends."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import QueryDict
from django.test import Client
from django.utils import timezone

from accounts.models import Person
from shadowing.enums import OfferStatus
from shadowing.models import Offer, Session
from shadowing.offers.filters import Directory, OfferFilter
from tests.cast import Cast
from tests.factories import OfferFactory, SessionFactory, at


def open_offer(cast: Cast, **given: Any) -> Offer:
    """An open offer of IT Services with one session in 30 days."""
    session = given.pop("session", {})
    offer = OfferFactory.create(**{"scheme": cast.scheme, "department": cast.it, "host": cast.host, **given})
    SessionFactory.create(offer=offer, **session)
    return Offer.objects.get(pk=offer.pk)


def many_offers(cast: Cast, number: int) -> None:
    """So many open offers, each with a session."""
    now = timezone.now()
    offers = Offer.objects.bulk_create(
        Offer(
            scheme=cast.scheme,
            department=cast.it,
            host=cast.host,
            title=f"A morning at the help desk {n}",
            will_see="Calls.",
            status=OfferStatus.OPEN,
            opened_at=now - dt.timedelta(minutes=n),
        )
        for n in range(number)
    )
    Session.objects.bulk_create(
        Session(offer=offer, starts_at=at(20, 9), ends_at=at(20, 12), places=2) for offer in offers
    )


def titles(query: str) -> list[str]:
    """The titles a query string filters, whatever the order."""
    directory = Directory()
    wanted = OfferFilter.of(QueryDict(query), directory)
    return sorted(wanted.narrow(Offer.objects.listed(), directory).values_list("title", flat=True))


def signed_in(client: Client, person: Person) -> Client:
    """The client as ``person``."""
    client.force_login(person)
    return client


def day(days: int) -> str:
    """A day so many days from today, as a date field sends it."""
    return f"{timezone.localdate() + dt.timedelta(days=days):%Y-%m-%d}"


def typed(cast: Cast, **given: Any) -> dict[str, Any]:
    """Return the fields of a new offer's form, valid unless ``given`` makes them invalid."""
    return {
        "title": "A morning in the stacks",
        "department": cast.it.pk,
        "kind": "observation",
        "will_see": "How books come back to their shelf.",
        "will_learn": "",
        "format": "in_person",
        "site": "",
        "half_days": "1",
        "dates": "sessions",
        "sessions": "1",
        **row(0),
        "window_first": "",
        "window_last": "",
        "window_places": "1",
        "deadline": "",
        "topics": "books, Shelving",
        "who_may_apply": "",
        "know_before": "",
        "will_not_attend": "",
        "colleagues": "",
        **given,
    }


def row(number: int, **given: Any) -> dict[str, Any]:
    """One row of the sessions."""
    fields = {"day": day(20), "starts": "10:00", "ends": "13:00", "last_day": "", "places": "2", **given}
    return {f"session-{number}-{name}": value for name, value in fields.items()}


def window(**given: Any) -> dict[str, Any]:
    """A window instead of sessions."""
    fields = {"dates": "window", "window_first": day(10), "window_last": day(60), "window_places": "3"}
    return {**fields, **given}


def edited(offer: Offer, **given: Any) -> dict[str, Any]:
    """What the form of a stored offer with dated sessions sends."""
    sessions = list(offer.sessions.to_come().order_by("starts_at"))
    rows: dict[str, Any] = {"sessions": str(len(sessions)), "dates": "sessions"}
    for number, session in enumerate(sessions):
        rows |= row(number, **stored(session))
    return {
        "title": offer.title,
        "department": offer.department_id,
        "kind": offer.kind,
        "will_see": offer.will_see,
        "will_learn": offer.will_learn,
        "format": offer.format,
        "half_days": offer.half_days,
        "window_places": "1",
        "topics": "",
        **rows,
        **given,
    }


def stored(session: Session) -> dict[str, Any]:
    """A stored session as its row sends it."""
    starts, ends = timezone.localtime(session.starts_at), timezone.localtime(session.ends_at)
    return {
        "pk": str(session.pk),
        "day": f"{starts:%Y-%m-%d}",
        "starts": f"{starts:%H:%M}",
        "ends": f"{ends:%H:%M}",
        "places": str(session.places),
    }
