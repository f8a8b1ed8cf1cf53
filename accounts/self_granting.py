"""Refuse edits by which editors would grant themselves a right.

Line managers, deputies, heads and coordinators get their rights from records that others may edit. Nobody,
superusers included, may edit one so that they become the one who reads or decides; a colleague may.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db.models import Q
from django.utils import timezone

from accounts.models import Delegation, Person

ASK = "Ask a colleague to do it."
MANAGER = f"This would make you, or somebody you act for, their line manager. {ASK}"
DEPUTY = f"This would make you the deputy, and you would decide in their place. {ASK}"
NAMES_YOU = f"This would give you a right that you do not have. {ASK}"
Gains = Mapping[str, str]  # a sentence for each field that gives the editor a right


def people_decided_for(editor: Person) -> set[int]:
    """Return keys of the editor and of the managers they are deputy of, now or later."""
    today = timezone.localdate()
    deputising = Delegation.objects.filter(Q(ends_on=None) | Q(ends_on__gte=today), deputy=editor)
    return {editor.pk, *deputising.values_list("manager", flat=True)}


def gains_by_manager(editor: Person, *, before: int | None, after: int | None) -> bool:
    """Return whether the change of line manager makes the editor decide for this person."""
    decides = people_decided_for(editor)
    return after in decides and before not in decides


def gains_by_delegation(editor: Person, delegation: Delegation, changed: Iterable[str]) -> bool:
    """Return whether the editor is the deputy of a new or changed delegation."""
    return delegation.deputy_id == editor.pk and bool({*changed})


def guarded(form: type[Any], editor: Person, gains: Callable[[Person, Any], Gains]) -> type[Any]:
    """Return a subclass of an admin form that shows the sentences of ``gains`` as errors."""

    class Guarded(form):  # type: ignore[misc]  # made for one request, from a form that was made for it too
        def clean(self) -> Any:
            cleaned = super().clean()
            if not self.errors:
                for field, sentence in gains(editor, self).items():
                    self.add_error(field if field in self.fields else None, sentence)
            return cleaned

    return Guarded
