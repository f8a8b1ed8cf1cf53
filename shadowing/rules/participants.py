"""Who takes part in a placement, and what they may read of it, by its participation rows.

The offer is never asked, because people who may edit an offer could add themselves as its hosts.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from accounts.models import Person
from shadowing.enums import Consent, Part
from shadowing.models import Participation, Placement, Request

UNANSWERED = (Consent.ASKED, Consent.REFUSED)


def part_of(person: Person, placement: Placement) -> Participation | None:
    """Return the participation of ``person`` in ``placement`` now, or None."""
    rows = placement.participations.all()
    return next((row for row in rows if row.person_id == person.pk and row.left_at is None), None)


def hosts_visit(person: Person, placement: Placement) -> bool:
    """Return whether ``person`` hosts or co-hosts this placement."""
    if placement.host_id == person.pk:
        return True
    part = None if placement.shadow_id == person.pk else part_of(person, placement)
    return part is not None and part.part != Part.VISITOR


def hosts_of_visit(placement: Placement) -> list[Person]:
    """Return the host, then the co-hosts in the order in which they joined."""
    rows = placement.participations.active().hosting().select_related("person")
    return [row.person for row in sorted(rows, key=lambda row: row.part != Part.HOST)]


def joiners_without_consent(placement: Placement) -> set[int]:
    """Return the keys of joiners without the visitor's consent: mails show them nothing that was written."""
    rows = placement.participations.active().filter(consent__in=UNANSWERED)
    return set(rows.order_by().values_list("person", flat=True))


@dataclass(frozen=True)
class Reading:
    """What somebody may read of the words on a visit's page: all, those written since a time, or none."""

    everything: bool = True
    since: dt.datetime | None = None

    @property
    def something(self) -> bool:
        """Return whether they may read anything."""
        return self.everything or self.since is not None

    def may(self, written_at: dt.datetime | None) -> bool:
        """Return whether they may read words written at ``written_at``."""
        if self.everything:
            return True
        return self.since is not None and written_at is not None and written_at >= self.since


def reading_of(person: Person, placement: Placement) -> Reading:
    """Return what ``person``, who may open the page, may read there.

    People who joined later read what the visitor consented to. People who may see the request for another
    reason, such as the line manager, may read everything.
    """
    part = part_of(person, placement)
    if part is None or not part.joined_after_agreement:
        return Reading()
    if Request.objects.visible_record(placement.request_id, person).exists():
        return Reading()
    return Reading(everything=False, since=part.consent_at if part.is_reader else None)


def may_read_words(person: Person, placement: Placement, written_at: dt.datetime | None) -> bool:
    """Return whether ``person`` may read, as participant, words of that time: needs and reflections."""
    if placement.shadow_id == person.pk:
        return True
    part = part_of(person, placement)
    return part is not None and part.may_read(written_at)


def named(people: Iterable[Person]) -> str:
    """Join full names for a sentence: “Ada, Ben and Cleo”."""
    names = [person.full_name for person in people]
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))
