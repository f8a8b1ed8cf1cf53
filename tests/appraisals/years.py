"""An appraisal year of the cast's shadow, for tests."""

from __future__ import annotations

import uuid
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Person
from accounts.workflow import perform
from appraisals.enums import ActivityPart, ActivityState, TalkOutcome
from appraisals.models import Activity, Appraisal, EvidenceNote
from appraisals.workflow.activities import release_evidence
from tests.cast import Cast
from tests.factories import AppraisalFactory

LEARNED = [("What did you see?", "They sort every call within a minute.\nNobody waits.")]


def open_appraisal(cast: Cast, **given: Any) -> Appraisal:
    """This year's appraisal of the shadow, led by the manager."""
    return AppraisalFactory.create(**{"person": cast.shadow, "appraiser": cast.manager, **given})


def visited(cast: Cast, appraisal: Appraisal, **given: Any) -> Activity:
    """A visit that took place."""
    today = timezone.localdate()
    return Activity.objects.create(
        **{
            "appraisal": appraisal,
            "source": uuid.uuid4(),
            "part": ActivityPart.VISITED,
            "title": "A morning at the service desk",
            "partner": cast.host.full_name,
            "origin": cast.library,
            "destination": cast.it,
            "starts_on": today,
            "ends_on": today,
            "half_days": 1,
            "state": ActivityState.TOOK_PLACE,
            "url": "/placements/none/",
            **given,
        }
    )


def released(cast: Cast, appraisal: Appraisal, **given: Any) -> EvidenceNote:
    """A visit that took place, and what its author released of it."""
    activity = visited(cast, appraisal, **given)
    author = appraisal.person
    note = release_evidence(source=activity.source, part=ActivityPart.VISITED, author=author, parts=LEARNED)
    assert isinstance(note, EvidenceNote)
    return note


def talked(appraisal: Appraisal, by: Person, **given: Any) -> Appraisal:
    """The conversation has been recorded."""
    said = {"held_on": timezone.localdate(), "outcome": TalkOutcome.WILL_SHADOW, "words": "To IT, in spring."}
    return perform(appraisal, "record_talk", actor=by, **{**said, **given})


def signed_off(cast: Cast, appraisal: Appraisal) -> Appraisal:
    """Both have signed."""
    perform(talked(appraisal, cast.manager), "sign_as_person", actor=appraisal.person)
    return perform(appraisal, "sign_as_appraiser", actor=cast.manager)


def signed_in(person: Person) -> Client:
    """A browser in which ``person`` has signed in."""
    client = Client()
    client.force_login(person)
    return client


def page_of(person: Person, url: str) -> str:
    """The page as ``person`` sees it."""
    response = signed_in(person).get(url)
    assert response.status_code == 200, url
    return response.content.decode()


def act(person: Person, appraisal: Appraisal, action: str, **given: Any) -> Any:
    """What ``person`` gets for sending the form of ``action``."""
    url = reverse("appraisals:act", args=[appraisal.pk, action])
    return signed_in(person).post(url, given)
