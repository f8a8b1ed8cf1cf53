"""Suggestions of a visit to a team member, or of an offer to a department; nobody has to accept one.

A suggestion has no status. Requesting the visit or creating the offer accepts it; it can be declined, or
lapses without a notice. Until then it is a waiting item of the person.
"""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from accounts import audit, batch, waiting
from accounts.constraints import sentence_or_raise
from accounts.days import day
from accounts.enums import AuditKind
from accounts.models import Person
from accounts.workflow import TransitionError
from departments.models import Department, Membership
from shadowing.enums import OfferStatus, WaitingKind
from shadowing.mail.emails import queue_person_mail
from shadowing.models import Offer, Request, Suggestion
from shadowing.rules.coordinator_policies import HAS_LEFT, can_name_coordinator, can_suggest_to
from shadowing.rules.policies import can_create_offer
from shadowing.rules.rules import AGAINST, person_refusals

MOST_OPEN = 5
LAPSE = batch.Job("suggestions", "An old suggestion could not be closed", Suggestion)
LASTS = dt.timedelta(days=60)
HAS_ENOUGH = "{name} has {number} suggestions to think about already. Wait until some are answered."
NOT_OPEN = "This visit is not open at the moment, so it cannot be suggested."
HOSTS_IT = "{name} hosts this visit."
HAS_ASKED = "{name} has asked for this visit already."
WORKS_ELSEWHERE = "{name} does not work in {department}, and cannot offer a visit there. Ask somebody else."
DECLINED_LATELY = "{name} said “not now” to this visit on {day}. Suggest another one, or talk about it."
ANSWERED = "This suggestion has been answered, or has lapsed."
WHY = "You get this because {name} suggested it to you."
WHY_BACK = "You get this because you suggested it."


def suggest_visit(offer: Offer, person: Person, *, by: Person, words: str = "") -> Suggestion:
    """Suggest a visit to a member of ``by``'s team. Raises PermissionDenied and TransitionError."""
    if not can_suggest_to(by, person):
        raise PermissionDenied
    suggestion = Suggestion(person=person, by=by, offer=offer, words=words)
    with transaction.atomic():
        _require_room(person)
        _require_askable(offer, person)
        _store(suggestion, WaitingKind.SUGGESTED_VISIT)
        queue_person_mail(
            "visit_suggested_to_person",
            person,
            event=f"suggestion:{suggestion.pk}",
            path=suggestion.get_absolute_url(),
            label="See the visit",
            why=WHY.format(name=by.full_name),
            **_about(suggestion),
        )
    return suggestion


def suggest_offer(
    department: Department, person: Person, title: str, *, by: Person, words: str
) -> Suggestion:
    """Ask the head or a host of ``department`` for an offer. Raises as ``suggest_visit``."""
    if not can_name_coordinator(by, department):
        raise PermissionDenied
    suggestion = Suggestion(person=person, by=by, department=department, title=title, words=words)
    with transaction.atomic():
        _require_room(person)
        _require_could_offer(person, department)
        _store(suggestion, WaitingKind.WANTED_OFFER)
        audit.note(AuditKind.ACTED, "An offer was suggested.", actor=by, subject=suggestion, person=person)
        queue_person_mail(
            "offer_wanted_to_person",
            person,
            event=f"suggestion:{suggestion.pk}",
            path=suggestion.get_absolute_url(),
            label="See it and answer",
            why=WHY.format(name=by.full_name),
            **_about(suggestion),
        )
    return suggestion


def decline(suggestion: Suggestion, *, by: Person, words: str = "") -> None:
    """Decline a suggestion and notify its author. Raises PermissionDenied and TransitionError."""
    with transaction.atomic():
        locked = _locked(suggestion, by)
        locked.declined_at, locked.answer = timezone.now(), words
        locked.save(update_fields=["declined_at", "answer"])
        waiting.close_items(locked)
        _notify_author(locked)


def take_up_offer(suggestion: Suggestion, offer: Offer, *, by: Person) -> None:
    """Accept a suggestion by the offer created for it. Raises TransitionError if it is not open."""
    with transaction.atomic():
        locked = _locked(suggestion, by)
        locked.accepted_at, locked.made_offer = timezone.now(), offer
        locked.save(update_fields=["accepted_at", "made_offer"])
        waiting.close_items(locked)
        _notify_author(locked)


def accept_by_request(request: Request) -> None:
    """Accept suggestions of the visit that is being requested."""
    suggested = Suggestion.objects.open().filter(person=request.shadow_id, offer=request.offer_id)
    for suggestion in suggested.select_for_update():
        suggestion.accepted_at = timezone.now()
        suggestion.save(update_fields=["accepted_at"])
        waiting.close_items(suggestion)


def lapse_old() -> int:
    """Lapse suggestions that are 60 days old or can no longer be accepted; return how many."""
    closed = Q(offer__isnull=False) & ~Q(offer__status__in=(OfferStatus.OPEN, OfferStatus.PAUSED))
    gone = Q(made_at__lt=timezone.now() - LASTS) | closed | Q(person__is_active=False)
    return batch.run(
        LAPSE, list(Suggestion.objects.open().filter(gone).values_list("pk", flat=True)), _lapse
    ).done


def _lapse(pk: UUID) -> int:
    rows = Suggestion.objects.open().select_for_update(skip_locked=True, of=("self",))
    suggestion = rows.filter(pk=pk).first()
    if suggestion is None:
        return 0
    suggestion.lapsed_at = timezone.now()
    suggestion.save(update_fields=["lapsed_at"])
    waiting.close_items(suggestion)
    return 1


def _require_room(person: Person) -> None:
    """Raise TransitionError if ``person`` has left or has too many open suggestions.

    Locks the person, so that two suggestions at once cannot exceed the limit.
    """
    locked = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    if not locked.is_active:
        raise TransitionError(HAS_LEFT.format(name=locked.full_name))
    number = Suggestion.objects.open().filter(person=locked).count()
    if number >= MOST_OPEN:
        raise TransitionError(HAS_ENOUGH.format(name=locked.full_name, number=number))


def _require_askable(offer: Offer, person: Person) -> None:
    if offer.status != OfferStatus.OPEN:
        raise TransitionError(NOT_OPEN)
    if person == offer.host or person in offer.co_hosts.all():
        raise TransitionError(HOSTS_IT.format(name=person.full_name))
    home = Membership.objects.filter(person=person).select_related("department__parent__parent").first()
    for sentence in person_refusals(person, home.department, offer) if home is not None else ():
        raise TransitionError(AGAINST.format(name=person.full_name, sentence=sentence))
    if Request.objects.sent().live().filter(shadow=person, offer=offer).exists():
        raise TransitionError(HAS_ASKED.format(name=person.full_name))
    lately = Suggestion.objects.filter(declined_at__gt=timezone.now() - LASTS)
    declined = lately.filter(person=person, offer=offer).first()
    if declined is not None:
        names = {"name": person.full_name, "day": day(declined.declined_at)}
        raise TransitionError(DECLINED_LATELY.format(**names))


def _require_could_offer(person: Person, department: Department) -> None:
    """Raise TransitionError unless they head or work in the department, or may create offers there."""
    works_there = Department.objects.branch([department.pk])
    if Membership.objects.filter(person=person, department__in=works_there).exists():
        return
    if department.head_id != person.pk and not can_create_offer(person, department):
        raise TransitionError(WORKS_ELSEWHERE.format(name=person.full_name, department=department.name))


def _store(suggestion: Suggestion, kind: WaitingKind) -> None:
    try:
        with transaction.atomic():
            suggestion.save()
    except IntegrityError as error:
        raise TransitionError(sentence_or_raise(error)) from error
    waiting.open_item(suggestion.person, kind, suggestion, plan=[])


def _locked(suggestion: Suggestion, by: Person) -> Suggestion:
    if suggestion.person_id != by.pk:
        raise PermissionDenied
    rows = Suggestion.objects.open().for_rows().select_for_update(of=("self",))
    locked = rows.filter(pk=suggestion.pk).first()
    if locked is None:
        raise TransitionError(ANSWERED)
    return locked


def _about(suggestion: Suggestion) -> dict[str, Any]:
    return {
        "suggestion": suggestion,
        "by": suggestion.by,
        "offer": suggestion.offer,
        "destination": suggestion.place,
        "words": suggestion.words,
    }


def _notify_author(suggestion: Suggestion) -> None:
    made = suggestion.made_offer
    queue_person_mail(
        "suggestion_answered_to_person",
        suggestion.by,
        event=f"suggestion:{suggestion.pk}:answered",
        path=(made or suggestion).get_absolute_url(),
        label="Open it",
        why=WHY_BACK,
        person=suggestion.person,
        made=made,
        answer=suggestion.answer,
        **_about(suggestion),
    )
