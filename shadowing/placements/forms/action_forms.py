"""Base class of the forms for actions on an agreed visit."""

from __future__ import annotations

from typing import Any

from accounts.forms.action_forms import RecordForm
from accounts.models import Person
from shadowing.models import Placement


class VisitForm(RecordForm):
    """Form of one action on an agreed visit by ``person``."""

    record: Placement

    def __init__(self, *args: Any, record: Placement, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, record=record, **kwargs)
        self.person = person
