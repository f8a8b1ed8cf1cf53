"""Who takes part in an agreed visit, and what of it they may read: asked of the visit's own table.

Never of the offer: whoever may edit an offer could name themselves there.
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
    """The part ``person`` has in ``placement`` now, if they have one."""
    rows = placement.participations.all()
    return next((row for row in rows if row.person_id == person.pk and row.left_at is None), None)


def hosts_visit(person: Person, placement: Placement) -> bool:
    """Whether ``person`` hosts this visit, alone or with others."""
    if placement.host_id == person.pk:
        return True
    part = None if placement.shadow_id == person.pk else part_of(person, placement)
    return part is not None and part.part != Part.VISITOR


def hosts_of_visit(placement: Placement) -> list[Person]:
    """The host, then the co-hosts in the order in which they joined."""
    rows = placement.participations.active().hosting().select_related("person")
    return [row.person for row in sorted(rows, key=lambda row: row.part != Part.HOST)]


def unread_by(placement: Placement) -> set[int]:
    """Those on the host's side to whom nothing that was written is shown."""
    rows = placement.participations.active().filter(consent__in=UNANSWERED)
    return set(rows.order_by().values_list("person", flat=True))


@dataclass(frozen=True)
class Reading:
    """What of the words on a visit's page somebody may read: all, those from a time on, or none."""

    everything: bool = True
    since: dt.datetime | None = None

    @property
    def something(self) -> bool:
        """Whether they may read anything."""
        return self.everything or self.since is not None

    def may(self, written_at: dt.datetime | None) -> bool:
        """Whether words of that time are theirs to read."""
        if self.everything:
            return True
        return self.since is not None and written_at is not None and written_at >= self.since


def reading_of(person: Person, placement: Placement) -> Reading:
    """What ``person``, who sees the page, may read there.

    Somebody who joined later reads what the visitor agreed to; who may see the request for another reason,
    such as its line manager, goes on seeing what they see by that.
    """
    part = part_of(person, placement)
    if part is None or not part.later:
        return Reading()
    if Request.objects.visible_to(person).filter(pk=placement.request_id).exists():
        return Reading()
    return Reading(everything=False, since=part.consent_at if part.reads else None)


def may_read_words(person: Person, placement: Placement, written_at: dt.datetime | None) -> bool:
    """Whether ``person`` reads, as one who takes part, words of that time: of needs and reflections."""
    if placement.shadow_id == person.pk:
        return True
    part = part_of(person, placement)
    return part is not None and part.may_read(written_at)


def named(people: Iterable[Person]) -> str:
    """Names as they are said: “Ada, Ben and Cleo”."""
    names = [person.full_name for person in people]
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))
