"""Save a scheme's rules and texts without overwriting what another coordinator saved meanwhile.

The form carries a fingerprint of the values it was opened with. It is compared with the present values under
a lock on the scheme.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accounts import audit
from accounts.enums import AuditKind
from accounts.models import Person
from accounts.workflow import TransitionError
from shadowing.enums import Side
from shadowing.models import ChecklistItem, ReflectionQuestion, Scheme
from shadowing.rules.policies import runs_scheme

MEANWHILE = (
    "Somebody else has changed this since you opened it. Nothing of yours is lost: it still stands in the "
    "form, and nothing is saved yet. See below what would change now, compared with what they wrote."
)
State = Mapping[str, Any]


class ChangedMeanwhileError(TransitionError):
    """Raised when another coordinator saved a change first."""


@dataclass(frozen=True)
class Part:
    """A part of a scheme that is edited separately: its audit text, and how it is read and written."""

    what: str
    state: Callable[[Scheme], State]
    write: Callable[[Scheme, State], None]


def fingerprint_of(state: State) -> str:
    """Return a fingerprint that changes with any value in ``state``."""
    return hashlib.sha256(json.dumps(state, sort_keys=True, default=str).encode()).hexdigest()[:32]


def save_part(part: Part, scheme: Scheme, values: State, *, seen: str, by: Person) -> None:
    """Write ``values``.

    Raises PermissionDenied, ChangedMeanwhileError, or TransitionError when they are invalid.
    """
    if not runs_scheme(by, scheme):
        raise PermissionDenied
    with transaction.atomic():
        locked = Scheme.objects.select_for_update(no_key=True).get(pk=scheme.pk)
        if fingerprint_of(part.state(locked)) != seen:
            raise ChangedMeanwhileError(MEANWHILE)
        try:
            part.write(locked, values)
        except ValidationError as error:
            raise TransitionError(" ".join(error.messages)) from error
        audit.note(AuditKind.CHANGED, part.what, actor=by, subject=locked)


def rules_part(names: Iterable[str]) -> Part:
    """Return the part that consists of the scheme's fields ``names``."""
    fields = list(names)

    def write(scheme: Scheme, values: State) -> None:
        for name in fields:
            setattr(scheme, name, values[name])
        scheme.full_clean()
        scheme.save(update_fields=fields)

    return Part(
        "The rules of a scheme were changed.",
        lambda scheme: {name: getattr(scheme, name) for name in fields},
        write,
    )


def _write_agreement(scheme: Scheme, values: State) -> None:
    scheme.agreement = values["words"]
    scheme.save(update_fields=["agreement"])


AGREEMENT = Part(
    "The agreement of a scheme was rewritten.",
    lambda scheme: {"words": scheme.agreement},
    _write_agreement,
)


def wording_part(template: str) -> Part:
    """Return the part that is the scheme's own paragraph in one mail."""

    def write(scheme: Scheme, values: State) -> None:
        words = values["words"]
        if not words:
            scheme.mail_wordings.filter(template=template).delete()
            return
        own = scheme.mail_wordings.filter(template=template).first()
        own = own or scheme.mail_wordings.model(scheme=scheme, template=template)
        own.words = words
        own.full_clean()
        own.save()

    return Part(
        "A scheme’s own paragraph of a mail was changed.",
        lambda scheme: {"words": scheme.own_words.get(template, "")},
        write,
    )


def _lists_of(scheme: Scheme) -> State:
    found: dict[str, list[str]] = {side: [] for side in Side.values}
    for item in scheme.checklist_items.filter(retired_at=None).order_by("side", "position", "pk"):
        found[item.side].append(item.text)
    return found


def _write_lists(scheme: Scheme, values: State) -> None:
    """Store the checklists. Kept items keep their ticks; a removed item is retired if it was ever ticked."""
    for side in Side.values:
        there = {item.text: item for item in scheme.checklist_items.filter(side=side, retired_at=None)}
        wanted: list[str] = values[side]
        for text, item in there.items():
            if text not in wanted:
                _take_off(item)
        for position, text in enumerate(wanted, start=1):
            item = there.get(text) or ChecklistItem(scheme=scheme, side=side, text=text)
            item.position = position
            item.save()


def _take_off(item: ChecklistItem) -> None:
    if item.ticks.exists():
        item.retired_at = timezone.now()
        item.save(update_fields=["retired_at"])
    else:
        item.delete()


CHECKLISTS = Part("The checklists of a scheme were changed.", _lists_of, _write_lists)


def questions_of(scheme: Scheme) -> list[ReflectionQuestion]:
    """Return all reflection questions in order, including retired ones."""
    return list(scheme.reflection_questions.order_by("-side", "position", "pk"))


def _state_of_questions(scheme: Scheme) -> State:
    state: dict[str, Any] = {}
    for one in questions_of(scheme):
        mine = f"{one.key}_{one.side}"
        state |= {f"text_{mine}": one.text, f"hint_{mine}": one.hint}
        state[f"asked_{mine}"] = one.retired_at is None
    return state


def _write_questions(scheme: Scheme, values: State) -> None:
    for one in questions_of(scheme):
        mine = f"{one.key}_{one.side}"
        one.text, one.hint = values[f"text_{mine}"], values[f"hint_{mine}"]
        asked = values[f"asked_{mine}"]
        one.retired_at = None if asked else one.retired_at or timezone.now()
        one.save(update_fields=["text", "hint", "retired_at"])


QUESTIONS = Part("The reflection questions of a scheme were changed.", _state_of_questions, _write_questions)


def next_version(scheme: Scheme) -> int:
    """Return the number that the next version of the agreement will have."""
    last = scheme.agreements.aggregate(last=Max("number"))["last"]
    return int(last or 0) + 1
