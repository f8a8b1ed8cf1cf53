"""Signing, agreeing and acknowledging an outdated version of the page is refused."""

from __future__ import annotations

import re

import pytest

from accounts.models import Person
from accounts.workflow import perform
from appraisals.enums import ActivityPart
from appraisals.models import Appraisal
from appraisals.workflow.activities import release_evidence
from tests.appraisals.years import act, open_appraisal, page_of, released, talked
from tests.cast import Cast
from tests.factories import ObjectiveFactory


@pytest.fixture
def appraisal(cast: Cast) -> Appraisal:
    """This year's, just opened."""
    return open_appraisal(cast)


def fresh(appraisal: Appraisal) -> Appraisal:
    """As the database has it."""
    return Appraisal.objects.get(pk=appraisal.pk)


def seen_by(person: Person, appraisal: Appraisal) -> str:
    """What the forms on the page say of how the appraisal stood when it was opened."""
    found = set(re.findall(r'name="seen" value="(\d+)"', page_of(person, appraisal.get_absolute_url())))
    assert len(found) == 1
    return str(found.pop())


@pytest.mark.parametrize("action", ["sign_as_appraiser", "agree_objectives"])
def test_nobody_signs_or_agrees_what_they_have_not_seen(
    cast: Cast, appraisal: Appraisal, action: str
) -> None:
    talked(appraisal, cast.manager)
    ObjectiveFactory.create(appraisal=appraisal)
    seen = seen_by(cast.manager, appraisal)
    perform(appraisal, "add_objective", actor=cast.shadow, text="Written while the page stood open.")
    answer = act(cast.manager, appraisal, action, seen=seen)
    assert answer.status_code == 409
    assert "Something was changed here since you opened the page" in answer.content.decode()
    assert fresh(appraisal).appraiser_signed_at is None
    assert not appraisal.objectives.filter(agreed_at__isnull=False).exists()
    assert act(cast.manager, appraisal, action, seen=seen_by(cast.manager, appraisal)).status_code == 303


def test_words_that_were_changed_meanwhile_are_not_acknowledged(cast: Cast, appraisal: Appraisal) -> None:
    """The input is kept, with a link to the present words."""
    note = released(cast, appraisal)
    seen = seen_by(cast.manager, appraisal)
    source, part = note.activity.source, ActivityPart(note.activity.part)
    release_evidence(source=source, part=part, author=cast.shadow, parts=[("What?", "Other words.")])
    answer = act(cast.manager, appraisal, "acknowledge", note=note.pk, comment="Well seen.", seen=seen)
    assert answer.status_code == 409
    assert "Well seen." in answer.content.decode()
    note.refresh_from_db()
    assert note.acknowledged_at is None


def test_second_press_of_signature_reports_existing_one(cast: Cast, appraisal: Appraisal) -> None:
    talked(appraisal, cast.manager)
    seen = seen_by(cast.manager, appraisal)
    assert act(cast.manager, appraisal, "sign_as_appraiser", seen=seen).status_code == 303
    assert (
        "You signed this appraisal on"
        in act(cast.manager, appraisal, "sign_as_appraiser", seen=seen).content.decode()
    )
