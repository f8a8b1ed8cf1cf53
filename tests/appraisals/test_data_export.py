"""The personal data export of appraisals: one's own, and those of others only while one leads them."""

from __future__ import annotations

from django.utils import timezone

from accounts.models import Person
from accounts.protection.data_export import records_about
from accounts.workflow import perform
from appraisals.models import EvidenceNote
from tests.appraisals.staged import fresh, opened, released, talk
from tests.cast import Cast, member
from tests.factories import ObjectiveFactory

OF_OTHERS = ("appraised", "agreed_objectives", "acknowledged", "added")


def of_others(person: Person) -> dict[str, int]:
    """How much of the appraisals of others is in somebody's file."""
    held = records_about(person)
    return {name: len(held[name]) for name in OF_OTHERS}


def test_export_of_former_manager_omits_the_appraisal(cast: Cast) -> None:
    appraisal = opened(cast)
    perform(appraisal, "acknowledge", actor=cast.manager, note=released(cast), comment="Well seen.")
    ObjectiveFactory.create(appraisal=appraisal, agreed_at=timezone.now(), agreed_by=cast.manager)
    talk(fresh(appraisal), cast.manager)
    perform(fresh(appraisal), "sign_as_person", actor=cast.shadow)
    perform(fresh(appraisal), "sign_as_appraiser", actor=cast.manager)
    perform(fresh(appraisal), "add_note", actor=cast.manager, words="One more thing.")
    assert of_others(cast.manager) == dict.fromkeys(OF_OTHERS, 1)
    cast.shadow.line_manager = member(cast.library)
    cast.shadow.save()
    assert of_others(cast.manager) == dict.fromkeys(OF_OTHERS, 0)
    assert len(records_about(cast.shadow)["additions"]) == 1


def test_withdrawn_evidence_is_in_no_data_export(cast: Cast) -> None:
    appraisal = opened(cast)
    released(cast)
    note = EvidenceNote.objects.get()
    perform(appraisal, "acknowledge", actor=cast.manager, note=note, comment="Well seen.")
    assert records_about(cast.shadow)["evidence"]
    assert records_about(cast.manager)["acknowledged"]
    EvidenceNote.objects.update(withdrawn_at=timezone.now(), parts=[])
    assert records_about(cast.shadow)["evidence"] == []
    assert records_about(cast.manager)["acknowledged"] == []
