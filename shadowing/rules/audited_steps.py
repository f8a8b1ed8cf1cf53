"""Audit of actions that people take through their office (coordinator, administrator) alone."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from accounts import audit
from accounts.enums import AuditKind, How
from accounts.models import Person
from accounts.workflow import TransitionContext
from shadowing.models import Offer, Placement, Request
from shadowing.rules.participants import hosts_visit
from shadowing.rules.policies import is_host

T = TypeVar("T", Request, Offer, Placement)
Effect = Callable[[TransitionContext[T]], None]


def audited(what: str) -> Callable[[Effect[T]], Effect[T]]:
    """Decorate an effect: audit it as ``what`` where the actor is not one of the record's own people.

    Actions on somebody's behalf are audited with the way their wish is known, by
    ``requests.workflow.on_behalf``.
    """

    def audited_as(effect: Effect[T]) -> Effect[T]:
        @wraps(effect)
        def audited_effect(context: TransitionContext[T]) -> None:
            effect(context)
            actor = context.actor
            if (
                actor is not None
                and context.how != How.ON_BEHALF
                and not _is_own_record(actor, context.record)
            ):
                audit.note(
                    AuditKind.ACTED,
                    what,
                    actor=actor,
                    how=context.how,
                    subject=context.record,
                    person=_person_of(context.record),
                )

        return audited_effect

    return audited_as


def _person_of(record: Request | Offer | Placement) -> Person:
    return record.host if isinstance(record, Offer) else record.shadow


def _is_own_record(actor: Person, record: Request | Offer | Placement) -> bool:
    """Return whether the record is about ``actor``: they visit or host."""
    if isinstance(record, Offer):
        return is_host(actor, record)
    hosts = is_host(actor, record.offer) if isinstance(record, Request) else hosts_visit(actor, record)
    return record.shadow_id == actor.pk or hosts
