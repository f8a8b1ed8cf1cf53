"""Deputies: name, change and end a delegation, refuse invalid ones, and notify the deputy."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts import batch
from accounts.constraints import sentence_or_raise
from accounts.mail_sender import mail
from accounts.models import Delegation, Person, WaitingItem
from accounts.workflow import TransitionError

MORNING = dt.time(7, 30)  # deputies are not notified at night that their days have begun
ANNOUNCE = batch.Job("deputies", "A deputy could not be told that their days have begun", Delegation)
ONE_AT_A_TIME = 7_033_801  # key of an advisory lock, used for nothing else
ONESELF = "A deputy has to be somebody else."
PAST = "This day is in the past. Choose a day to come."
BACKWARDS = "The last day comes before the first."
OVER = "This has ended already."
PROFILE = ("/profile/", "See for whom you act")


def name_deputy(
    manager: Person, deputy: Person, starts_on: dt.date, ends_on: dt.date | None, today: dt.date
) -> Delegation:
    """Let ``deputy`` act for ``manager`` between two days (no end for None), and notify them.

    Asked for twice, it is done once. Raises ValidationError by field as ``validate_delegation`` does, and
    TransitionError where the database refuses.
    """
    wanted = Delegation(manager=manager, deputy=deputy, starts_on=starts_on, ends_on=ends_on)
    try:
        with transaction.atomic():
            _wait_for_turn()
            same = Delegation.objects.filter(
                manager=manager, deputy=deputy, starts_on=starts_on, ends_on=ends_on
            )
            if (named := same.first()) is not None:
                return named
            validate_delegation(wanted, today)
            wanted.save()
            tell_named(wanted, today)
    except IntegrityError as error:
        raise TransitionError(sentence_or_raise(error)) from error
    return wanted


def change_end(delegation: Delegation, ends_on: dt.date | None, today: dt.date) -> Delegation:
    """Set another last day (None for no end) and notify the deputy. Raises as ``name_deputy`` does."""
    with transaction.atomic():
        current = _locked(delegation, today)
        if current.ends_on == ends_on:
            return current
        current.ends_on = ends_on
        validate_delegation(current, today, days=("ends_on",))
        current.save(update_fields=["ends_on"])
        tell_changed(current)
    return current


def end_delegation(delegation: Delegation, today: dt.date) -> None:
    """End the delegation now and notify the deputy; one that has not lasted a day is deleted.

    Raises TransitionError when it is over already.
    """
    with transaction.atomic():
        current = _locked(delegation, today)
        mail().drop_unsent(f"deputy:{current.pk}:")  # the unsent notifications are obsolete
        tell_ended(current, today)
        if current.starts_on < today:
            current.ends_on = today - dt.timedelta(days=1)
            current.save(update_fields=["ends_on"])
        else:
            current.delete()


def announce_started(today: dt.date) -> int:
    """Notify every deputy whose days have begun and who does not know yet; return how many.

    Cheap when there is nothing to do, and safe to run repeatedly or in parallel.
    """
    begun = Delegation.objects.on(today).filter(
        announced_at__isnull=True, deputy__is_active=True, manager__is_active=True
    )
    keys = list(begun.values_list("pk", flat=True))
    return batch.run(ANNOUNCE, keys, lambda pk: _announce(pk, today)).done


def validate_delegation(
    delegation: Delegation, today: dt.date, days: tuple[str, ...] = ("starts_on", "ends_on")
) -> None:
    """Raise ValidationError, with a sentence for the field concerned, if the delegation is not allowed.

    ``days`` names the fields that are newly chosen: they may not be in the past. Inside a transaction it
    first waits until nobody else names a deputy, so that the checks stay true until the transaction ends.
    """
    _wait_for_turn()
    _require_somebody(delegation)
    _require_days(delegation, today, days)
    _require_free(delegation)
    _require_no_circle(delegation)


def _wait_for_turn() -> None:
    """Lock, so that one delegation is written at a time: unrelated delegations can close a cycle together."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])


def _locked(delegation: Delegation, today: dt.date) -> Delegation:
    _wait_for_turn()
    rows = Delegation.objects.meeting(today, None).select_related("manager", "deputy")
    current = rows.filter(pk=delegation.pk).first()
    if current is None:
        raise TransitionError(OVER)
    return current


def _require_somebody(delegation: Delegation) -> None:
    if delegation.deputy_id == delegation.manager_id:
        raise ValidationError({"deputy": ONESELF})
    if not delegation.pk and not delegation.deputy.is_active:
        raise ValidationError({"deputy": f"{delegation.deputy} no longer works here. Choose somebody else."})


def _require_days(delegation: Delegation, today: dt.date, chosen: tuple[str, ...]) -> None:
    if delegation.ends_on is not None and delegation.ends_on < delegation.starts_on:
        raise ValidationError({"ends_on": BACKWARDS})
    for name in chosen:
        value = getattr(delegation, name)
        if value is not None and value < today:
            raise ValidationError({name: PAST})


def _require_free(delegation: Delegation) -> None:
    others = Delegation.objects.filter(manager=delegation.manager_id).exclude(pk=delegation.pk)
    other = others.meeting(delegation.starts_on, delegation.ends_on).select_related("deputy").first()
    if other is not None:
        sentence = f"{other.deputy} stands in {other.span} already. Choose other days, or end that first."
        raise ValidationError({"ends_on" if delegation.pk else "starts_on": sentence})


def _require_no_circle(delegation: Delegation) -> None:
    circle = _circle(delegation)
    if circle:
        links = ", and ".join(f"{link.deputy} stands in for {link.manager} {link.span}" for link in circle)
        field = "ends_on" if delegation.pk else "deputy"
        sentence = f"That would go round in a circle: {links}. Choose somebody else, or other days."
        raise ValidationError({field: sentence})


def _circle(wanted: Delegation) -> tuple[Delegation, ...]:
    """Return the delegations that lead from the deputy back to the manager on some day, if any."""
    ways: list[tuple[int, dt.date, dt.date | None, tuple[Delegation, ...]]]
    ways = [(wanted.deputy_id, wanted.starts_on, wanted.ends_on, ())]
    while ways:
        manager, first, last, way = ways.pop()
        links = Delegation.objects.filter(manager=manager).exclude(pk=wanted.pk).meeting(first, last)
        for link in links.select_related("manager", "deputy"):
            passed = (*way, link)
            if link.deputy_id == wanted.manager_id:
                return passed
            if link.deputy_id not in {step.manager_id for step in passed}:
                until = min(filter(None, (last, link.ends_on)), default=None)
                ways.append((link.deputy_id, max(first, link.starts_on), until, passed))
    return ()


def _announce(pk: int, today: dt.date) -> int:
    rows = Delegation.objects.select_for_update(skip_locked=True, of=("self",))
    unknown = rows.filter(pk=pk, announced_at__isnull=True).select_related("manager", "deputy")
    delegation = unknown.first()
    if delegation is None:
        return 0
    morning = timezone.make_aware(dt.datetime.combine(today, MORNING))
    _note_announced(delegation)
    moment = max(morning, timezone.now())
    _tell("deputising_started_to_deputy", delegation, "started", not_before=moment)
    return 1


def tell_named(delegation: Delegation, today: dt.date) -> None:
    """Queue the mail that the deputy was named; if it begins at once, no second mail announces the start."""
    begins = delegation.starts_on <= today
    if begins:
        _note_announced(delegation)
    # not_before: a duty must not wait for the daily mail.
    _tell("deputy_named_to_deputy", delegation, "named", not_before=timezone.now(), begins=begins)


def tell_changed(delegation: Delegation) -> None:
    """Queue the mail that the deputy's days have changed."""
    _tell("deputy_changed_to_deputy", delegation, str(uuid.uuid4()))


def tell_ended(delegation: Delegation, today: dt.date) -> None:
    """Queue the mail that the deputy need not act any more, or at all if it has not begun."""
    begun = delegation.starts_on <= today
    _tell("deputy_ended_to_deputy", delegation, "ended", over=True, begun=begun)


def _note_announced(delegation: Delegation) -> None:
    delegation.announced_at = timezone.now()
    delegation.save(update_fields=["announced_at"])


def _tell(
    template: str,
    delegation: Delegation,
    occasion: str,
    *,
    not_before: dt.datetime | None = None,
    over: bool = False,
    **more: Any,
) -> None:
    waiting = _waiting_for(delegation)
    to_decide = waiting and delegation.announced_at is not None and not over
    path, label = ("/approvals/", "See what waits") if to_decide else PROFILE
    mail().queue(
        event=f"deputy:{delegation.pk}:{occasion}",
        template=template,
        recipient=delegation.deputy,
        context={
            "manager": delegation.manager,
            "delegation": delegation,
            "waiting": waiting,
            "action_url": f"{settings.SITE_URL}{path}",
            "action_label": label,
            "why": f"You get this because {delegation.manager} named you as deputy.",
            **more,
        },
        not_before=not_before,
    )


def _waiting_for(delegation: Delegation) -> int:
    """Count the manager's waiting items this deputy may deal with, excluding their own requests."""
    items = WaitingItem.objects.awaiting(delegation.manager).filter(owner=delegation.manager)
    return items.filter(deputies_may_act=True).exclude(about=delegation.deputy).count()
