"""What coordinators and managers tell people in the walk through every page, and where that is seen."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from coordination.pages.coordinators import reference_of
from coordination.workflow.announcements import announce
from departments.models import Coordinator
from shadowing.models import Announcement
from shadowing.offers.workflow.suggestions import suggest_offer, suggest_visit
from tests.cast import Cast
from tests.factories import OfferFactory

DESK = "/coordinate/"


def tell_people(cast: Cast) -> dict[str, list[str]]:
    """Announce and suggest something; the addresses by who opens them."""
    today = timezone.localdate()
    for first in (0, 3):
        days = {"shows_from": today + dt.timedelta(days=first), "shows_until": today + dt.timedelta(days=9)}
        words = "See https://example.ac.uk/week for all of it."
        news = announce(Announcement(title="Open week", words=words, **days), by=cast.coordinator)
    offer = OfferFactory.create(scheme=cast.scheme, department=cast.it, host=cast.host)
    visit = suggest_visit(offer, cast.shadow, by=cast.manager, words="You asked for it.")
    wanted = suggest_offer(cast.it, cast.host, "A day", by=cast.coordinator, words="Three people asked.")
    entry = Coordinator.objects.get(person=cast.dept_coordinator)
    branch = f"{DESK}coordinators/LIB/{reference_of(entry)}/"
    scheme, news_url = f"{DESK}scheme/all/", f"{DESK}announcements/"
    return {
        "shadow": [visit.get_absolute_url()],
        "manager": [f"{offer.get_absolute_url()}suggest/", offer.get_absolute_url()],
        "host": [wanted.get_absolute_url()],
        "dept_coordinator": [scheme, f"{DESK}coordinators/"],
        "coordinator": [
            *(f"{DESK}coordinators/", f"{DESK}coordinators/new/", f"{branch}hand-over/", f"{branch}end/"),
            *(scheme, f"{scheme}rules/", f"{scheme}questions/", f"{scheme}mails/"),
            f"{scheme}mails/request_submitted_to_manager/",
            *(news_url, f"{news_url}{news.pk}/", f"{news_url}{news.pk}/end/"),
            *(f"{DESK}suggestions/", f"{DESK}suggestions/new/"),
        ],
    }
