"""Appraisals in the states that tests begin with, produced by the actions of people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.utils import timezone

from accounts.enums import How
from accounts.models import HistoryEntry, Person, WaitingItem
from accounts.workflow import perform
from appraisals.enums import ActivityPart, ActivityState
from appraisals.models import Activity, Appraisal, EvidenceNote
from appraisals.workflow.activities import ActivityData, note_activity, release_evidence
from messaging.models import Message
from tests.cast import Cast
from tests.factories import AppraisalFactory

SOURCE = UUID("5c1f0d7e-6d7b-4c53-8a55-0e6b0c5f9a11")
LEARNED = [("What will you do differently?", "Sort calls at the door.")]
Sign = Callable[[Appraisal, Person], Appraisal]


def today(days: int = 0) -> dt.date:
    """The day so many days from now."""
    return timezone.localdate() + dt.timedelta(days=days)


def opened(cast: Cast, **given: Any) -> Appraisal:
    """An open appraisal of the shadow, appraised by their manager."""
    return AppraisalFactory.create(
        **{"person": cast.shadow, "appraiser": cast.manager, "department": cast.library, **given}
    )


def fresh(appraisal: Appraisal) -> Appraisal:
    """The appraisal as the database has it now."""
    return Appraisal.objects.select_related("person__line_manager", "appraiser", "cycle").get(pk=appraisal.pk)


def prompted(cast: Cast) -> Appraisal:
    """Return an appraisal whose conversation was prompted."""
    return perform(opened(cast), "prompt", actor=None, how=How.SYSTEM)


def talk(appraisal: Appraisal, actor: Person, **given: Any) -> Appraisal:
    """Record the conversation, held yesterday."""
    said = {"held_on": today(-1), "outcome": "will_shadow", "words": "The service desk, in May.", **given}
    return perform(appraisal, "record_talk", actor=actor, **said)


def talked(cast: Cast) -> Appraisal:
    """Return an appraisal whose conversation is recorded."""
    return talk(opened(cast), cast.manager)


def signed_off(cast: Cast) -> Appraisal:
    """One that both have signed."""
    first = perform(talked(cast), "sign_as_person", actor=cast.shadow)
    return perform(first, "sign_as_appraiser", actor=cast.manager)


def doing(cast: Cast, **given: Any) -> ActivityData:
    """The shadow's visit to the host in twenty days."""
    usual: dict[str, Any] = {
        "person": cast.shadow,
        "source": SOURCE,
        "part": ActivityPart.VISITED,
        "title": "A morning at the service desk",
        "partner": cast.host.full_name,
        "origin": cast.library,
        "destination": cast.it,
        "starts_on": today(20),
        "ends_on": today(20),
        "half_days": 1,
        "state": ActivityState.AGREED,
        "url": f"/placements/{SOURCE}/",
    }
    return ActivityData(**{**usual, **given})


def visited(cast: Cast, **given: Any) -> Activity:
    """Return a visit that took place ten days ago and is listed in the appraisal."""
    then = {"starts_on": today(-10), "ends_on": today(-10), "state": ActivityState.TOOK_PLACE}
    activity = note_activity(doing(cast, **{**then, **given}))
    assert activity is not None
    return activity


def release(cast: Cast, parts: list[tuple[str, str]] | None = None) -> object:
    """The shadow releases what they learned."""
    return release_evidence(
        source=SOURCE, part=ActivityPart.VISITED, author=cast.shadow, parts=parts or LEARNED
    )


def released(cast: Cast) -> EvidenceNote:
    """What the shadow learned, released on the visit to an appraisal that is there."""
    visited(cast)
    note = release(cast)
    assert isinstance(note, EvidenceNote)
    return note


def waits(appraisal: Appraisal) -> set[tuple[str, Person]]:
    """What waits on it for whom."""
    items = WaitingItem.objects.open().about(appraisal).select_related("owner")
    return {(item.kind, item.owner) for item in items}


def history(appraisal: Appraisal) -> list[HistoryEntry]:
    """What happened to it, oldest first."""
    return list(HistoryEntry.objects.about(appraisal))


def said(appraisal: Appraisal) -> list[str]:
    """What was added to it, oldest first."""
    return list(appraisal.additions.order_by("at", "pk").values_list("words", flat=True))


def mails(template: str, to: Person | None = None) -> list[Message]:
    """Return the queued mails of one template about appraisals, optionally those to one person."""
    found = Message.objects.filter(template=f"appraisals/{template}").select_related("recipient")
    return list(found.filter(recipient=to) if to else found)


def mailed(template: str) -> set[Person]:
    """Return the recipients of queued mails of ``template``."""
    return {message.recipient for message in mails(template) if message.recipient}
