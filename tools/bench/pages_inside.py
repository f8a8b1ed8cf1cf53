"""Facts for the page benchmark: signed-in people, pages, and the queries and bytes of each page.

``python -m tools.drills.inside tools.bench.pages_inside`` prints them as JSON.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client

from accounts.models import Person
from shadowing.models import Offer, Session
from tools.drills.loading import signed_in

PEOPLE = {"shadow": "shadow@example.ac.uk", "manager": "manager@example.ac.uk"}
COLLEAGUES = 60  # how many people send the form, once each


def pages() -> dict[str, tuple[str, str]]:
    """Return the address of each page and the person who opens it."""
    offer = Offer.objects.listed().order_by("-opened_at").first()
    return {
        "offers": ("/offers/", "shadow"),
        "search": ("/offers/?q=library", "shadow"),
        "detail": (f"/offers/{offer.pk if offer else ''}/", "shadow"),
        "home": ("/", "shadow"),
        "approvals": ("/approvals/", "manager"),
    }


def measured(client: Client, address: str) -> tuple[int, int, int]:
    """Return status, queries and compressed bytes of a page at its second opening."""
    client.get(address)
    count = 0

    def counted(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal count
        count += 1
        return execute(sql, params, many, context)

    with connection.execute_wrapper(counted):
        response = client.get(address)
    return response.status_code, count, len(gzip.compress(response.content, 6))


def main() -> None:
    """Print the facts."""
    settings.ALLOWED_HOSTS = ["*"]
    people = {part: Person.objects.get(email=email) for part, email in PEOPLE.items()}
    session = Session.objects.to_come().filter(offer__in=Offer.objects.listed()).latest("starts_at")
    away = session.offer.department.unit
    colleagues = [
        person
        for person in Person.objects.active()
        .filter(membership__isnull=False, line_manager__isnull=False, requests__isnull=True)
        .select_related("membership__department__parent__parent")[:400]
        if person.membership.department.unit != away and person != session.offer.host
    ][:COLLEAGUES]
    Session.objects.filter(pk=session.pk).update(places=1000)
    found = {}
    for name, (address, part) in pages().items():
        client = Client()
        client.force_login(people[part], backend="allauth.account.auth_backends.AuthenticationBackend")
        found[name] = {"address": address, "who": part, "measured": measured(client, address)}
    sessions = dict(zip(people, map(asdict, signed_in(people.values())), strict=True))
    form = {"offer": str(session.offer_id), "session": str(session.pk)}
    senders = [asdict(person) for person in signed_in(colleagues)]
    print(json.dumps({"pages": found, "people": sessions, "form": form, "senders": senders}))


if __name__ == "__main__":
    main()
