"""Load a small organisation in bulk: signed-in shadows, line managers, and hosts with open offers.

``python -m tools.drills.inside tools.drills.loading --shadows N FILE`` writes what drills need to the file.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session as BrowserSession
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import get_random_string

from accounts.models import Person
from departments.enums import DepartmentKind
from departments.models import Department, Membership
from shadowing.enums import OfferStatus
from shadowing.models import Offer, Scheme, Session
from tools.drills.organisation import OfferedSession, Organisation, Shadow
from tools.drills.queue_mail import owe_mails, send_requests

MANY = 30_000
BATCH = 2_000
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def department(code: str, name: str, parent: Department | None) -> Department:
    """Make one department of the tree."""
    kind = DepartmentKind.DEPARTMENT if parent else DepartmentKind.DIVISION
    made: Department = Department.objects.create(
        code=code, name=name, parent=parent, kind=kind, monogram=code[:2].title(), colour=len(code)
    )
    return made


def people(kind: str, number: int, at: Department, managers: list[Person]) -> list[Person]:
    """Make ``number`` people in one department; each gets the next of ``managers``, if there are any."""
    made: list[Person] = Person.objects.bulk_create(
        (
            Person(
                email=f"{kind}{count}@example.ac.uk",
                first_name=f"{kind.title()}{count}",
                last_name="Drill",
                password="!drill",  # noqa: S106  # no password matches it; sessions are made directly
                line_manager=managers[count % len(managers)] if managers else None,
            )
            for count in range(number)
        ),
        batch_size=BATCH,
    )
    places = (Membership(person=person, department=at) for person in made)
    Membership.objects.bulk_create(places, batch_size=BATCH)
    return made


def sign_in(chosen: Iterable[Person]) -> Iterator[tuple[Shadow, BrowserSession]]:
    """Yield each person as a shadow with the session of a sign-in."""
    store, until = SessionStore(), timezone.now() + dt.timedelta(days=2)
    for person in chosen:
        key = get_random_string(32, "abcdefghijklmnopqrstuvwxyz0123456789")
        session_data = {
            SESSION_KEY: str(person.pk),
            BACKEND_SESSION_KEY: BACKEND,
            HASH_SESSION_KEY: person.get_session_auth_hash(),
        }
        row = BrowserSession(session_key=key, session_data=store.encode(session_data), expire_date=until)
        yield Shadow(person.pk, person.email, key), row


def signed_in(chosen: Iterable[Person]) -> list[Shadow]:
    """Store a session for each person; return them as shadows."""
    pairs = list(sign_in(chosen))
    BrowserSession.objects.bulk_create((row for _, row in pairs), batch_size=BATCH)
    return [shadow for shadow, _ in pairs]


def offers(hosts: list[Person], at: Department, scheme: Scheme) -> list[OfferedSession]:
    """Make an open offer for each host, with one session that has places for everybody."""
    starts = timezone.now() + dt.timedelta(days=30)
    made = Offer.objects.bulk_create(
        Offer(
            scheme=scheme,
            department=at,
            host=host,
            title=f"A morning at desk {number}",
            will_see="How calls are taken, sorted and solved.",
            status=OfferStatus.OPEN,
            opened_at=timezone.now(),
        )
        for number, host in enumerate(hosts)
    )
    sessions = Session.objects.bulk_create(
        Session(offer=offer, starts_at=starts, ends_at=starts + dt.timedelta(hours=3), places=MANY)
        for offer in made
    )
    return [
        OfferedSession(str(offer.pk), str(session.pk)) for offer, session in zip(made, sessions, strict=True)
    ]


def load(shadows: int, hosts: int, *, one_manager: bool) -> Organisation:
    """Make the whole organisation."""
    division = department("DIV", "Professional Services", None)
    home, away = department("LIB", "Library Services", division), department("ITS", "IT Services", division)
    scheme = Scheme.objects.create(name="Job shadowing", cap_half_days=MANY, live_requests=MANY)
    (coordinator,) = people("coordinator", 1, division, [])
    scheme.coordinators.add(coordinator)
    managers = people("manager", 1 if one_manager else shadows, home, [])
    asking = people("shadow", shadows, home, managers)
    hosting = people("host", hosts, away, people("hostmanager", 1, away, []))
    return Organisation(
        shadows=signed_in(asking),
        offers=offers(hosting, away, scheme),
        coordinator=signed_in([coordinator])[0],
    )


def main() -> None:
    """Load the organisation, and write what drills need to the file named."""
    parser = argparse.ArgumentParser(prog="tools.drills.loading", description=__doc__)
    parser.add_argument("--shadows", type=int, required=True)
    parser.add_argument("--hosts", type=int, default=1)
    parser.add_argument("--one-manager", action="store_true")
    parser.add_argument("--mails", type=int, default=0)
    parser.add_argument("--requests", type=int, default=0)
    parser.add_argument("file", type=Path)
    chosen = parser.parse_args()
    with transaction.atomic():
        loaded = load(chosen.shadows, chosen.hosts, one_manager=chosen.one_manager)
        owe_mails(chosen.mails)
        send_requests(chosen.requests)
    chosen.file.write_text(json.dumps(asdict(loaded)))


if __name__ == "__main__":
    main()
