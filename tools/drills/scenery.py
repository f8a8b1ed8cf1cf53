"""The organisation of the race drills, made in bulk so that the drill's time is spent on the race."""

from __future__ import annotations

import datetime as dt
import itertools
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone

from accounts.enums import NextStep
from accounts.models import Person, WaitingItem
from departments.enums import DepartmentKind
from departments.models import Department, Membership
from shadowing.enums import DecisionRole, OfferStatus, Outcome, RequestStatus, WaitingKind
from shadowing.models import Decision, Offer, Request, Scheme, Session

ENOUGH = 30_000
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Scenery:
    """Two departments, one scheme whose limits nobody reaches, and one line manager."""

    home: Department
    away: Department
    scheme: Scheme
    manager: Person

    def people(self, number: int, *, at: Department | None = None) -> list[Person]:
        """Make ``number`` people in the department ``at`` (default: the department of the shadows)."""
        made: list[Person] = Person.objects.bulk_create(
            Person(
                email=f"drill{next(_numbers)}.{uuid.uuid4().hex[:8]}@example.ac.uk",
                first_name=f"Person{next(_numbers)}",
                last_name="Drill",
                password="!",  # noqa: S106  # nobody signs in with it
                line_manager=self.manager,
            )
            for _ in range(number)
        )
        Membership.objects.bulk_create(Membership(person=who, department=at or self.home) for who in made)
        return made

    def offers(self, hosts: Iterable[Person]) -> list[Offer]:
        """Make an open offer for each host."""
        return Offer.objects.bulk_create(
            Offer(
                scheme=self.scheme,
                department=self.away,
                host=host,
                title=f"A morning at desk {next(_numbers)}",
                will_see="How calls are taken, sorted and solved.",
                status=OfferStatus.OPEN,
                opened_at=timezone.now(),
            )
            for host in hosts
        )


def scenery() -> Scenery:
    """Make the organisation; its names are unique, so several can exist side by side."""
    mark = uuid.uuid4().hex[:6].upper()
    top = _department(f"D{mark}", f"Division {mark}", "Di", kind=DepartmentKind.DIVISION)
    home = _department(f"H{mark}", f"Library {mark}", "Li", parent=top)
    away = _department(f"A{mark}", f"Estates {mark}", "Es", parent=top)
    manager = Person.objects.create_user(f"manager.{mark}@example.ac.uk".lower(), first_name="Mary")
    Membership.objects.create(person=manager, department=home)
    scheme = Scheme.objects.create(
        name=f"Drill {mark}", branch=top, cap_half_days=ENOUGH, live_requests=ENOUGH, longest_half_days=6
    )
    return Scenery(home, away, scheme, manager)


def _department(
    code: str,
    name: str,
    monogram: str,
    *,
    kind: str = DepartmentKind.DEPARTMENT,
    parent: Department | None = None,
) -> Department:
    made: Department = Department.objects.create(
        code=code, name=name, monogram=monogram, colour=1, kind=kind, parent=parent
    )
    return made


def at(days: float, hours: float = 0) -> dt.datetime:
    """Return the moment so many days and hours after ten o'clock today."""
    today = timezone.localtime().replace(hour=10, minute=0, second=0, microsecond=0)
    return today + dt.timedelta(days=days, hours=hours)


def sessions(offers: Iterable[Offer], *, places: int, days: int = 30) -> list[Session]:
    """Make one dated session of three hours for each offer."""
    return Session.objects.bulk_create(
        Session(offer=offer, starts_at=at(days), ends_at=at(days, 3), places=places) for offer in offers
    )


def windows(offers: Iterable[Offer], *, places: int) -> list[Session]:
    """Make one window for each offer, from 10 to 60 days from now."""
    return Session.objects.bulk_create(
        Session(offer=offer, starts_at=at(10), ends_at=at(60), places=places, by_arrangement=True)
        for offer in offers
    )


def with_manager(pairs: Iterable[tuple[Person, Session]], manager: Person) -> list[Request]:
    """Make requests that wait for ``manager``, as if each had been submitted."""
    made = _requests(pairs, RequestStatus.WITH_MANAGER)
    _asked(made, DecisionRole.LINE_MANAGER, WaitingKind.MANAGER_DECISION, dict.fromkeys(made, manager))
    return made


def with_host(pairs: Iterable[tuple[Person, Session]], manager: Person) -> list[Request]:
    """Make requests that ``manager`` has approved and that wait for their hosts."""
    made = _requests(pairs, RequestStatus.WITH_HOST)
    now = timezone.now()
    Decision.objects.bulk_create(
        Decision(
            request=request,
            role=DecisionRole.LINE_MANAGER,
            asked=manager,
            outcome=Outcome.AGREED,
            answered_by=manager,
            answered_at=now,
            how="page",
        )
        for request in made
    )
    _asked(made, DecisionRole.HOST, WaitingKind.HOST_ANSWER, {r: r.offer.host for r in made})
    return made


def _requests(pairs: Iterable[tuple[Person, Session]], status: RequestStatus) -> list[Request]:
    now = timezone.now()
    made = []
    for shadow, session in pairs:
        first, last = (timezone.localdate(moment) for moment in (session.starts_at, session.ends_at))
        agreed = {} if status == RequestStatus.WITH_MANAGER else {"agreed_starts": first, "agreed_ends": last}
        made.append(
            Request(
                shadow=shadow,
                origin=shadow.membership.department,
                offer=session.offer,
                session=session,
                objectives=["See how others do it."],
                window_starts=first,
                window_ends=last,
                half_days=1,
                agreement_accepted_at=now,
                submitted_at=now,
                status=status,
                **agreed,
            )
        )
    return Request.objects.bulk_create(made)


def _asked(
    requests: list[Request], role: DecisionRole, kind: WaitingKind, people: dict[Request, Person]
) -> None:
    Decision.objects.bulk_create(
        Decision(request=request, role=role, asked=people[request]) for request in requests
    )
    due = timezone.localdate() + dt.timedelta(days=3)
    WaitingItem.objects.bulk_create(
        WaitingItem(
            owner=people[request],
            kind=kind,
            subject_type=Request._meta.label_lower,
            subject_id=request.pk,
            deputies_may_act=role != DecisionRole.HOST,
            plan=[[due.isoformat(), NextStep.REMIND.value]],
            due_on=due,
            next_on=due,
            next_step=NextStep.REMIND,
        )
        for request in requests
    )
