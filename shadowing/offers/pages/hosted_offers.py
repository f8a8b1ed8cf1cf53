"""The offers somebody hosts, and their section on the person's profile page."""

from __future__ import annotations

from django.db.models import Prefetch, QuerySet

from accounts.models import Person
from accounts.pages.profile import Section
from shadowing.enums import OfferStatus
from shadowing.models import Offer, Session

MOST = 10


def hosted_by(person: Person) -> QuerySet[Offer]:
    """Return the offers ``person`` hosts, newest first, each with its coming sessions as ``to_come``."""
    return (
        Offer.objects.hosted_by(person)
        .select_related("department")
        .defer("search", "key_words")
        .order_by("-created_at")
        .prefetch_related(Prefetch("sessions", Session.objects.to_come(), to_attr="to_come"))
    )


def offered(person: Person) -> Section:
    """Return the profile section of offers that are not closed, each with next date and places."""
    found = list(hosted_by(person).exclude(status=OfferStatus.CLOSED)[: MOST + 1])
    context = {"offers": found[:MOST], "more": len(found) > MOST}
    return Section("offers", "What I offer as a host", "shadowing/offers/profile_offers.html", context)
