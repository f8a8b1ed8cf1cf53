"""Open the appraisals of a cycle for every employee, in chunks that can be interrupted at any point.

Each chunk of people, in key order, is one transaction that locks the opening and advances it. After a crash
the next run begins after the last finished chunk, two runs never take the same chunk, and the database allows
only one appraisal per person and cycle.

People who have left, or who start after the cycle's end, get no appraisal. People on probation on the day of
opening (or on the cycle's first day, if that is later) are exempt, because they have reviews of their own; so
are people named as on long absence. Both can be included again later.
"""

from __future__ import annotations

import datetime as dt
import re
import time
from collections.abc import Iterable
from typing import Any

import structlog
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models.functions import Lower
from django.utils import timezone

from accounts import audit, batch
from accounts.days import day
from accounts.enums import AuditKind, How
from accounts.models import HistoryEntry, Person
from accounts.workflow import TransitionError, perform
from appraisals.enums import AppraisalStatus, ExemptReason
from appraisals.models import Appraisal, Cycle, Opening
from appraisals.policies import can_run_cycles
from appraisals.workflow.branch_heads import Heads

log = structlog.get_logger(__name__)

CHUNK = 500
OPENING = batch.Job("appraisals_opened", "The appraisals of a cycle were not all opened", Opening)
OPEN = batch.Job("appraisal_opened", "An appraisal could not be opened", once=True)
MOST_NAMED = 5
IS_OVER = "{cycle} ended on {day}: no more appraisals are opened in it."
BEGUN = "Began to open the appraisals of a cycle."
IS_RUNNING = "The appraisals of {cycle} are being opened at the moment; it goes on by itself."


UNKNOWN = "Nobody who works here has {emails}. Correct or take out what is not an email address of this site."


class UnknownEmailError(Exception):
    """Raised for emails that belong to nobody here; ``sentence`` names them."""

    def __init__(self, emails: list[str]) -> None:
        named = ", ".join(f"“{email}”" for email in emails[:MOST_NAMED])
        more = f" and {len(emails) - MOST_NAMED} more" if len(emails) > MOST_NAMED else ""
        self.sentence = UNKNOWN.format(emails=f"{named}{more}")
        super().__init__(self.sentence)


def known_emails(text: str) -> list[str]:
    """Return the emails in ``text``, which are separated by lines, spaces, commas or semicolons.

    Raises UnknownEmailError for an unknown email, because after a typing error somebody absent would get an
    appraisal.
    """
    given = dict.fromkeys(email for email in re.split(r"[\s,;]+", text.lower()) if email)
    known = Person.objects.active().annotate(lower=Lower("email")).filter(lower__in=given)
    unknown = given.keys() - set(known.values_list("lower", flat=True))
    if unknown:
        raise UnknownEmailError([email for email in given if email in unknown])
    return list(given)


def sentence(opening: Opening) -> str:
    """Return the progress or the result of the opening in words."""
    if opening.finished_at is None:
        return f"{opening.done:,} of {opening.total:,} people so far."
    parts = [
        f"{opening.opened:,} opened",
        f"{opening.exempted:,} exempt",
        f"{opening.there_already:,} there already",
    ]
    return f"{', '.join(parts)}.{_without_appraiser(opening.without_appraiser)}"


def _without_appraiser(number: int) -> str:
    if not number:
        return ""
    return f" {number:,} of them {'has' if number == 1 else 'have'} no appraiser yet."


def start(cycle: Cycle, *, by: Person, exempt_probation: bool = True, absent: Iterable[str] = ()) -> Opening:
    """Begin to open the cycle for everybody; the schedule then continues chunk by chunk.

    Raises PermissionDenied, or TransitionError when the cycle is over or is being opened already.
    """
    if not can_run_cycles(by):
        raise PermissionDenied
    with transaction.atomic():
        locked = Cycle.objects.select_for_update(no_key=True).get(pk=cycle.pk)
        if locked.ends_on < timezone.localdate():
            raise TransitionError(IS_OVER.format(cycle=locked, day=day(locked.ends_on)))
        if locked.openings.filter(finished_at=None).exists():
            raise TransitionError(IS_RUNNING.format(cycle=locked))
        audit.note(AuditKind.CHANGED, BEGUN, actor=by, subject=locked)
        return Opening.objects.create(
            cycle=locked,
            started_by=by,
            exempt_probation=exempt_probation,
            absent=sorted({email.strip().lower() for email in absent}),
            total=Person.objects.active().count(),
        )


def go_on(*, seconds: float = float("inf")) -> int:
    """Open the next chunks for at most ``seconds`` seconds. Returns the number of people processed."""
    if not Opening.objects.filter(finished_at=None).exists():
        return 0
    until = time.monotonic() + seconds

    def go_on_with(pk: Any) -> int:
        dealt = 0
        while (number := _chunk(pk)) is not None:
            dealt += number
            if time.monotonic() > until:
                break
        return dealt

    unfinished = Opening.objects.filter(finished_at=None).order_by("started_at", "pk")
    return batch.run(OPENING, list(unfinished.values_list("pk", flat=True)), go_on_with, atomic=False).done


@transaction.atomic
def _chunk(pk: Any) -> int | None:
    """Open one chunk, unless another run has locked the opening.

    Returns its people, None when nothing is left.
    """
    unfinished = Opening.objects.filter(pk=pk, finished_at=None).select_related("cycle", "started_by")
    opening = unfinished.select_for_update(skip_locked=True, no_key=True, of=("self",)).first()
    if opening is None:
        return None
    people = _people_after(opening)
    if people:
        by_key = {(opening.pk, one["pk"]): one for one in people}
        batch.run_in_bulk(OPEN, list(by_key), lambda some: _open_for(opening, [by_key[key] for key in some]))
        opening.reached = people[-1]["pk"]
        opening.done += len(people)
        opening.total = max(opening.total, opening.done)  # people joined after the opening began
    else:
        opening.finished_at = timezone.now()
        opening.total = opening.done
        log.info("cycle_opened", cycle=opening.cycle_id, people=opening.done)
    opening.save()
    return len(people)


def _people_after(opening: Opening) -> list[dict[str, Any]]:
    people = Person.objects.active().filter(pk__gt=opening.reached).order_by("pk")
    names = ("pk", "email", "probation_end", "start_date", "line_manager_id")
    return list(people.values(*names, "line_manager__is_active", "membership__department_id")[:CHUNK])


def _open_for(opening: Opening, people: list[dict[str, Any]]) -> None:
    """Open an appraisal for each of ``people`` who has none; exempt the ones who need it."""
    of_cycle = Appraisal.objects.filter(cycle=opening.cycle, person__in=[one["pk"] for one in people])
    there = set(of_cycle.values_list("person", flat=True))
    wanted = [one for one in people if one["pk"] not in there and not _starts_after_cycle(opening.cycle, one)]
    heads = Heads()
    made = {
        one["pk"]: Appraisal(
            person_id=one["pk"],
            cycle=opening.cycle,
            appraiser_id=_appraiser(one, heads),
            department_id=one["membership__department_id"],
        )
        for one in wanted
    }
    Appraisal.objects.bulk_create(made.values(), ignore_conflicts=True)
    # Somebody may have opened one by hand meanwhile: count only the rows that this insert created.
    ours = set(of_cycle.filter(pk__in=[one.pk for one in made.values()]).values_list("person", flat=True))
    opened = {person: appraisal for person, appraisal in made.items() if person in ours}
    _write_history(opening, opened.values())
    exempt = [one for one in wanted if one["pk"] in ours and _exemption(opening, one)]
    for one in exempt:
        reason = _exemption(opening, one)
        perform(opened.pop(one["pk"]), "exempt", actor=None, how=How.SYSTEM, reason=reason, words="")
    opening.there_already += len(there) + len(made) - len(ours)
    opening.exempted += len(exempt)
    opening.opened += len(opened)
    opening.without_appraiser += sum(appraisal.appraiser_id is None for appraisal in opened.values())


def _starts_after_cycle(cycle: Cycle, person: dict[str, Any]) -> bool:
    """Whether the person starts work only after the cycle's end."""
    return person["start_date"] is not None and person["start_date"] > cycle.ends_on


def _exemption(opening: Opening, person: dict[str, Any]) -> ExemptReason | None:
    """Return the reason why the person is exempt from the cycle, or None."""
    if person["email"].lower() in opening.absent:
        return ExemptReason.LONG_ABSENCE
    ends: dt.date | None = person["probation_end"]
    opened = max(timezone.localdate(opening.started_at), opening.cycle.starts_on)
    on_probation = ends is not None and ends >= opened
    return ExemptReason.PROBATION if opening.exempt_probation and on_probation else None


def _appraiser(person: dict[str, Any], heads: Heads) -> int | None:
    """Return the key of the line manager, else of the nearest department head above; never of a leaver."""
    if person["line_manager__is_active"]:
        return int(person["line_manager_id"])
    return heads.above(person["membership__department_id"], but_not=person["pk"])


def _write_history(opening: Opening, made: Iterable[Appraisal]) -> None:
    HistoryEntry.objects.bulk_create(
        HistoryEntry(
            subject_type=Appraisal._meta.label_lower,
            subject_id=appraisal.pk,
            actor=opening.started_by,
            how=How.SYSTEM,
            action="open",
            to_state=AppraisalStatus.OPEN,
        )
        for appraisal in made
    )
