"""Query of the placements somebody may open, loaded with what their pages show."""

from __future__ import annotations

import uuid

from django.db.models import Prefetch, QuerySet

from accounts.models import Person
from shadowing.models import Decision, Participation, Placement

PARTICIPANTS = Prefetch("participations", Participation.objects.select_related("person", "joined_by"))
DECISIONS = Prefetch("request__decisions", Decision.objects.select_related("asked", "answered_by"))


def visible_placement(pk: uuid.UUID | str, person: Person) -> QuerySet[Placement]:
    """Return the placement ``pk`` with what the page shows, or none where ``person`` may not see it."""
    return (
        Placement.objects.visible_record(pk, person)
        .select_related(
            "shadow",
            "host",
            "origin__parent__parent",
            "destination__parent__parent",
            "cancelled_by",
            "request__shadow",
            "request__placed_by",
            "request__offer__scheme",
            "request__offer__site",
            "request__session",
            "request__serves",
            "agreement",
        )
        .prefetch_related("visits", "date_changes__proposed_by", PARTICIPANTS, DECISIONS)
    )
