"""Nobody gives a right to themselves: what an editor would gain by changing what a right hangs on.

Line managers, deputies, heads and coordinators get their rights from records that others may edit. Whoever
edits one of these, superusers included, is refused where they would end up as the one who reads or decides;
a colleague may do it.
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
    """The editor, and the managers they are deputy of now or later: they decide for all of these."""
    today = timezone.localdate()
    deputising = Delegation.objects.filter(Q(ends_on=None) | Q(ends_on__gte=today), deputy=editor)
    return {editor.pk, *deputising.values_list("manager", flat=True)}


def gains_by_manager(editor: Person, *, before: int | None, after: int | None) -> bool:
    """Whether the editor decides for somebody once ``after`` is their line manager, and did not before."""
    decides = people_decided_for(editor)
    return after in decides and before not in decides


def gains_by_delegation(editor: Person, delegation: Delegation, changed: Iterable[str]) -> bool:
    """Whether the editor is the deputy of a delegation that is new, or lasts longer than it did."""
    return delegation.deputy_id == editor.pk and bool({*changed})


def guarded(form: type[Any], editor: Person, gains: Callable[[Person, Any], Gains]) -> type[Any]:
    """A form of the administration that refuses what ``gains`` names, beside the fields it is about."""

    class Guarded(form):  # type: ignore[misc]  # made for one request, from a form that was made for it too
        def clean(self) -> Any:
            cleaned = super().clean()
            if not self.errors:
                for field, sentence in gains(editor, self).items():
                    self.add_error(field if field in self.fields else None, sentence)
            return cleaned

    return Guarded
