"""The people named on an appraisal's page and in its files, so that namesakes can be told apart."""

from __future__ import annotations

from accounts.display_names import loaded_records
from accounts.models import HistoryEntry, Person, WaitingItem
from appraisals.models import Appraisal


def people_of(appraisal: Appraisal, *also: Person) -> list[Person]:
    """Return the person, their appraiser, those who acted or are asked for something, and ``also``."""
    history = HistoryEntry.objects.filter(
        subject_type=appraisal._meta.label_lower, subject_id=appraisal.pk
    ).order_by()
    waiting = WaitingItem.objects.about(appraisal).open().order_by()
    keys = history.values("actor").union(history.values("on_behalf_of"), waiting.values("owner"))
    return [*loaded_records(Person, appraisal, also), *Person.objects.filter(pk__in=keys).order_by()]
