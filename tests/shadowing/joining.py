"""A visit full of words, and somebody who joins it."""

from __future__ import annotations

import datetime as dt
import json

import time_machine
from django.utils import timezone

from accounts.models import Person
from accounts.protection.data_export import records_about
from accounts.workflow import perform
from messaging.models import Message
from shadowing.models import Offer, Participation, Placement, Request
from shadowing.offers.workflow.sessions import Slot, save_offer
from shadowing.placements.workflow.adjustments import keep_needs
from tests.cast import Cast
from tests.shadowing.requesting import get
from tests.shadowing.visits import fresh, several_dates

CANARY = "Canary-4711"


def visit_full_of_words(cast: Cast) -> Placement:
    """Return a visit of two dates with a marker word in every text people write before it."""
    placement = several_dates(cast, 20, 30)
    Request.objects.update(objectives=[f"{CANARY} objective"], want_to_see=f"{CANARY} to see")
    Placement.objects.update(agenda=f"{CANARY} agenda")
    perform(placement, "comment", actor=cast.shadow, words=f"{CANARY} comment")
    keep_needs(placement, cast.shadow, f"{CANARY} needs")
    return fresh(placement)


def join(placement: Placement, person: Person, by: Person) -> Participation:
    perform(placement, "join", actor=by, person=person)
    return Participation.objects.active().get(placement=placement, person=person)


def later(clock: time_machine.Traveller, minutes: int = 5) -> None:
    clock.move_to(timezone.now() + dt.timedelta(minutes=minutes), tick=False)


def save_with(offer: Offer, actor: Person, *co_hosts: Person) -> None:
    """The form of the offer, with these colleagues on it."""
    offer = Offer.objects.get(pk=offer.pk)
    slots = [
        Slot(s.starts_at, s.ends_at, s.places, by_arrangement=s.by_arrangement, pk=s.pk)
        for s in offer.sessions.all()
    ]
    save_offer(offer, slots, co_hosts=co_hosts, fields=["title"], actor=actor)


def everything_for(person: Person, placement: Placement) -> str:
    """All that the site shows, mails or exports to somebody about a visit."""
    told = [f"{m.subject} {m.text} {m.html} {m.calendar}" for m in Message.objects.filter(recipient=person)]
    held = json.dumps(records_about(person), default=str)
    pages = [placement.get_absolute_url(), placement.request.get_absolute_url(), "/", "/offers/mine/"]
    return " ".join([*told, held, *(get(person, page).content.decode() for page in pages)])
