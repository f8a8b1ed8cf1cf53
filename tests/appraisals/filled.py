"""An appraisal with data in every field; each text that a person wrote begins with CANARY."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.utils import timezone

from appraisals.enums import ActivityPart, ActivityState, TalkOutcome
from appraisals.models import Activity, Appraisal, EvidenceNote
from tests.cast import Cast
from tests.factories import ObjectiveFactory

DAY = dt.timedelta(days=1)


def activity(appraisal: Appraisal, cast: Cast, **given: Any) -> Activity:
    """A visit of the shadow that took place 40 days ago."""
    on = timezone.localdate() - 40 * DAY
    told: dict[str, Any] = {
        "part": ActivityPart.VISITED,
        "title": "CANARY title",
        "partner": "Hana Host",
        "origin": cast.library,
        "destination": cast.it,
        "starts_on": on,
        "ends_on": on,
        "half_days": 2,
        "state": ActivityState.TOOK_PLACE,
        "url": "/placements/1/",
    }
    return Activity.objects.create(appraisal=appraisal, source=uuid.uuid4(), **{**told, **given})


def filled(appraisal: Appraisal, cast: Cast, words: str = "CANARY words") -> Appraisal:
    """Objectives, a conversation, visits in every state, evidence, all written with ``words``."""
    now = timezone.now()
    agreed = ObjectiveFactory.create(
        appraisal=appraisal, text=words[:300], position=1, agreed_at=now, agreed_by=cast.manager
    )
    appraisal.talk_on, appraisal.talk_outcome = timezone.localdate(), TalkOutcome.WILL_DO_BOTH
    appraisal.talk_words, appraisal.talk_by = words[:2000], cast.manager
    appraisal.save()
    made = activity(appraisal, cast, objective=agreed, title=words[:200], partner=words[:220])
    activity(appraisal, cast, state=ActivityState.AGREED)
    activity(appraisal, cast, state=ActivityState.CALLED_OFF)
    activity(appraisal, cast, part=ActivityPart.HOSTED, origin=cast.it, destination=cast.library)
    EvidenceNote.objects.create(
        activity=made,
        author=cast.shadow,
        parts=[["CANARY question", words], [words, words]],
        acknowledged_at=now,
        acknowledged_by=cast.manager,
        comment=words[:2000],
    )
    return appraisal
