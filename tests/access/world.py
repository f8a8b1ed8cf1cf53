"""A small organisation in which every situation of the access matrix exists, with its roles."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.utils import timezone

from accounts.enums import How
from accounts.models import Person, WaitingItem
from accounts.workflow import perform
from accounts.workflow import perform as appraise
from appraisals.models import Cycle, CycleExport
from appraisals.workflow import cycle_export
from departments.models import Coordinator
from messaging.outbox import PLAIN
from messaging.preferences import token_of
from shadowing.enums import HostManagerPart, OfferStatus, WaitingKind
from shadowing.models import Offer, Placement, Request
from shadowing.offers.feeds import address_of
from tests.access.offices import Args, things_of_administrators, things_of_coordinators
from tests.cast import Cast, member
from tests.factories import AppraisalFactory, OfferFactory, PersonFactory, WindowFactory, at, take_on
from tests.shadowing.links import link_for
from tests.shadowing.stuck import lost

PLENTY = 50


@dataclass(frozen=True)
class World:
    """``roles``: people by column of the table. ``things``: the records that addresses name, by situation."""

    cast: Cast
    roles: dict[str, Person | None]
    things: dict[str, Args]


def build(cast: Cast) -> World:
    """Everything that is in the table, made the way people make it."""
    cast.scheme.live_requests = cast.scheme.cap_half_days = PLENTY
    cast.scheme.save()
    co_host = member(cast.it, email="cohost@example.ac.uk", line_manager=cast.host_manager)
    branch = member(cast.it, email="itcoordinator@example.ac.uk")
    Coordinator.objects.create(department=cast.it, person=branch)
    division = cast.library.parent
    assert division is not None
    admin = member(division, email="admin@example.ac.uk", is_staff=True, is_superuser=True)
    roles: dict[str, Person | None] = {
        "anonymous": None,
        "stranger": cast.stranger,
        "shadow": cast.shadow,
        "manager": cast.manager,
        "deputy": cast.deputy,
        "host": cast.host,
        "co_host": co_host,
        "host_manager": cast.host_manager,
        "shadow_branch": cast.dept_coordinator,
        "host_branch": branch,
        "scheme": cast.coordinator,
        "staff": PersonFactory.create(email="staff@example.ac.uk", is_staff=True),
        "admin": admin,
    }
    things: dict[str, Args] = {
        "-": (),
        "department": (cast.it.code,),
        "session": (cast.session.pk,),
        "guessed": ("A" * 43,),
        "guessed-reset": ("1", "set-password"),
        "no-provider": ("nothing",),
        "passkey": (1,),
        "no-mail": ("nothing",),
        "old-address": ("x/change/",),
        "deputy-day": (cast.manager.delegations.get().starts_on.isoformat(),),
        **_keys(cast),
        **_appraisals(cast),
        **situations(cast),
        **_desk(cast),
        **things_of_coordinators(cast),
        **things_of_administrators(cast, admin),
    }
    for offer in Offer.objects.filter(scheme=cast.scheme):
        take_on(offer, co_host)
    return World(cast, roles, things)


def situations(cast: Cast) -> dict[str, Args]:
    """Offers, requests and visits of one cast in every state; each is named by its key."""
    return {**_offers(cast), **_requests(cast), **_visits(cast)}


def _keys(cast: Cast) -> dict[str, Args]:
    """Addresses that are keys: of calendars, and in the footers of mails."""
    leaver = PersonFactory.create(email="leaver@example.ac.uk", is_active=False)
    of_department = address_of(cast.it).rpartition("/")[2].removesuffix(".ics")
    return {
        "calendar": (cast.shadow.calendar_token,),
        "of-leaver": (leaver.calendar_token,),
        "of-department": (of_department,),
        "footer": (token_of(cast.shadow),),
        "footer-leaver": (token_of(leaver),),
    }


def _offers(cast: Cast) -> dict[str, Args]:
    """Make one offer in each state, without requests."""
    made: dict[str, Args] = {}
    for state, status in (
        ("open", OfferStatus.OPEN),
        ("draft", OfferStatus.DRAFT),
        ("checked", OfferStatus.AWAITING_CHECK),
        ("paused", OfferStatus.PAUSED),
        ("closed", OfferStatus.CLOSED),
    ):
        never = status in (OfferStatus.DRAFT, OfferStatus.AWAITING_CHECK)
        given: dict[str, Any] = {"opened_at": None} if never else {}
        offer = OfferFactory.create(
            scheme=cast.scheme, department=cast.it, host=cast.host, status=status, **given
        )
        WindowFactory.create(offer=offer)
        made[f"{state}-offer"] = (offer.pk,)
    return made


def _requests(cast: Cast) -> dict[str, Args]:
    """The shadow's requests, each for an offer of its own, in each state that changes who sees or decides."""
    sent = cast.submitted(session=cast.window())
    link = link_for(cast.manager).strip("/").rpartition("/")[2]
    asked = cast.window()
    until = timezone.now() + dt.timedelta(minutes=10)
    undoable = perform(
        cast.submitted(session=asked), "approve", actor=cast.manager, how=How.EMAIL_LINK, undo_until=until
    )
    approved = cast.approved(session=cast.window())
    proposed = _asked(cast, starts=15, ends=45)
    perform(proposed, "propose_dates", actor=cast.host, visits=[(at(16, 10), at(16, 13))])
    cast.scheme.host_manager_part = HostManagerPart.MUST_AGREE
    cast.scheme.save()
    with_manager = perform(_asked(cast), "agree", actor=cast.host, visits=[(at(17, 10), at(17, 13))])
    cast.scheme.host_manager_part = HostManagerPart.TOLD
    cast.scheme.save()
    found = {
        "draft": cast.draft(session=cast.window()),
        "sent": sent,
        "undoable": undoable,
        "approved": approved,
        "proposed": proposed,
        "with-hman": with_manager,
        "declined": cast.declined(session=cast.window()),
    }
    return {**{name: (request.pk,) for name, request in found.items()}, "mail-link": (link,)}


def _asked(cast: Cast, starts: int = 10, ends: int = 60) -> Request:
    """With the host, by arrangement within a window."""
    window = {"window_starts": at(starts).date(), "window_ends": at(ends).date()}
    return cast.approved(session=cast.window(), **window)


def _visit(cast: Cast, day: int) -> Placement:
    """A visit agreed for that many days from today."""
    done = perform(_asked(cast), "agree", actor=cast.host, visits=[(at(day, 10), at(day, 13))])
    return Placement.objects.get(request=done)


def _visits(cast: Cast) -> dict[str, Args]:
    """Visits to come, with other dates suggested, over, and missed."""
    coming, moving, allowing = (_visit(cast, day) for day in (20, 21, 22))
    said: dict[str, Any] = {"reason": "workload", "words": "Exams."}
    perform(moving, "propose_move", actor=cast.shadow, visits=[(at(40, 10), at(40, 13))], **said)
    perform(allowing, "propose_move", actor=cast.shadow, visits=[(at(70, 10), at(70, 13))], **said)
    perform(allowing, "accept_move", actor=cast.host)
    over, missed = _over(cast, 23, hours=2), _over(cast, 24, hours=30)
    perform(missed, "did_not_happen", actor=cast.host, reason="shadow_absent", words="")
    found = {"coming": coming, "moving": moving, "allowing": allowing, "over": over, "missed": missed}
    return {
        "agreed": (coming.request_id,),
        **{name: (placement.pk,) for name, placement in found.items()},
    }


def _over(cast: Cast, day: int, *, hours: int) -> Placement:
    """A visit that ended so many hours ago."""
    placement = _visit(cast, day)
    ended = timezone.now() - dt.timedelta(hours=hours)
    placement.visits.update(starts_at=ended - dt.timedelta(hours=3), ends_at=ended)
    return perform(placement, "finish", actor=None, how=How.SYSTEM)


def _appraisals(cast: Cast) -> dict[str, Args]:
    """The shadow's and the host's, in a year that was exported."""
    own = AppraisalFactory.create(person=cast.shadow, appraiser=cast.manager)
    appraise(own, "add_objective", actor=cast.shadow, text="Learn how calls are sorted.")
    hosts = AppraisalFactory.create(person=cast.host, appraiser=cast.host_manager)
    cycle = own.cycle
    export = _exported(cycle, cast.coordinator)
    day = cycle.starts_on.isoformat()
    return {
        "appraisal": (own.pk,),
        "hosts-own": (hosts.pk,),
        "cycle": (day,),
        "in-cycle": (day, own.pk),
        "export": (export.pk,),
    }


def _exported(cycle: Cycle, by: Person) -> CycleExport:
    export = cycle_export.start(cycle, by=by)
    cycle_export.go_on()
    return export


def _desk(cast: Cast) -> dict[str, Args]:
    """Mail that could not be sent to people on either side, and what waits for an answer."""
    waiting = WaitingItem.objects.open()
    manager_asked = waiting.filter(kind=WaitingKind.MANAGER_DECISION, owner=cast.manager).earliest("since")
    shown = waiting.filter(hidden_until=None)  # not while the manager can take their yes back
    host_asked = shown.filter(kind=WaitingKind.HOST_ANSWER, owner=cast.host).earliest("since")
    return {
        "lost-library": (lost(cast.shadow).pk,),
        "lost-it": (lost(cast.host).pk,),
        "lost-code": (lost(cast.shadow, template=PLAIN).pk,),
        "manager-asked": (manager_asked.pk,),
        "host-asked": (host_asked.pk,),
        "place-shadow": (cast.offer.pk, signing.dumps(cast.shadow.pk, salt="shadowing.placing")),
    }
