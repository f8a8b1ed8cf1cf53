"""Test object access and mass assignment."""

from __future__ import annotations

import random
import uuid
from collections import defaultdict
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import Person
from appraisals.models import Appraisal
from shadowing.models import Placement, Request
from tests.access.table import Line, lines
from tests.access.walk import Walk
from tests.access.world import World

SWAPS = 300
SAME_KIND = {"place": "offers"}
ASKERS = ("manager", "scheme", "admin")


def swaps(world: World) -> Iterator[tuple[Line, UUID]]:
    """Yield each address that names a record, with ids of records of other kinds and an id of none."""
    named = [line for line in lines() if _id_of(world, line) and not line.name.startswith("admin:")]
    named = [line for line in named if set(line.cells.values()) != {"login", "405"}]
    kinds = defaultdict[UUID | None, set[str]](set)
    for line in named:
        kinds[_id_of(world, line)].add(_kind(world, line))
    for line in named:
        own = kinds[_id_of(world, line)]
        yield from ((line, other) for other, kind in kinds.items() if other and not kind & own)
        yield line, uuid.uuid4()


def _id_of(world: World, line: Line) -> UUID | None:
    return next((each for each in world.things[line.record] if isinstance(each, UUID)), None)


def _kind(world: World, line: Line) -> str:
    parts = Walk.url_in(world, line).split("/")
    kind = next(parts[at - 1] for at, part in enumerate(parts) if part[:36] == str(_id_of(world, line)))
    return SAME_KIND.get(kind, kind)


@pytest.mark.django_db
def test_id_of_another_record_is_not_found(walk: Walk) -> None:
    found = list(swaps(walk.world))
    assert len(found) > SWAPS
    for line, other in random.Random(5).sample(found, SWAPS):
        url = walk.url(line).replace(str(_id_of(walk.world, line)), str(other))
        for role in ASKERS:
            answer = walk.ask(role, line.method, url)[0]
            assert answer == "404", (role, line.where, url, answer)


OWN = {"session", "form_id", "serves", "window_starts", "window_ends"}  # the form asks for these itself
# What a form, or the step behind it, does write; of all else it writes nothing, whatever is sent with it.
WRITTEN: dict[str, set[str]] = {
    "request": {"objectives", "want_to_see", "session", "window_starts", "window_ends", "dates_note"}
    | {"serves", "half_days", "agreement", "agreement_accepted_at", "changed_at", "form_id"},
    "placement": {"place", "agenda", "contact", "bring", "changed_at", "version", "sequence"},
    "days": {"working_days"},
    "news": {"mail_rhythm"},
    "objective": {"changed_at", "version"},
}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("form", "role", "model", "name", "record", "given"),
    [
        (
            "request",
            "shadow",
            Request,
            "shadowing:request-edit",
            "draft",
            {"draft": "1", "objective_1": "To see."},
        ),
        ("placement", "host", Placement, "shadowing:placement-edit", "coming", {"place": "Desk 9"}),
        ("days", "shadow", Person, "accounts:days", "-", {"working_days": ["1", "2"]}),
        ("news", "shadow", Person, "accounts:news", "-", {"mail_rhythm": "daily"}),
        (
            "objective",
            "shadow",
            Appraisal,
            "appraisals:act/add_objective",
            "appraisal",
            {"text": "To see more."},
        ),
    ],
)
def test_field_that_a_form_does_not_have_is_not_written(
    walk: Walk, form: str, role: str, model: type[models.Model], name: str, record: str, given: dict[str, Any]
) -> None:
    address, _, action = name.partition("/")
    pk = walk.world.things[record]
    person = walk.world.roles[role]
    assert person is not None
    key = pk[0] if pk else person.pk
    if model is Request:
        draft = Request.objects.get(pk=str(key))
        window = {"window_starts": draft.window_starts, "window_ends": draft.window_ends}
        given = {**given, **window, "session": str(draft.session_id)}
    with transaction.atomic():
        before = _values(model, key)
        sent = {**_all_fields(model, walk.world), **given}
        url = reverse(address, args=[*pk, *([action] if action else [])])
        answer = walk.send(role, url, sent)
        after = _values(model, key)
        transaction.set_rollback(True)
    assert answer == "303"
    changed = {name for name in before if before[name] != after[name]}
    assert changed <= WRITTEN[form]


def _values(model: type[models.Model], key: object) -> dict[str, Any]:
    values = model._default_manager.filter(pk=key).values().get()
    return {name.removesuffix("_id"): value for name, value in values.items()}


def _all_fields(model: type[models.Model], world: World) -> dict[str, str]:
    """Something for every field: another person, another day, another state."""
    stranger = world.roles["stranger"]
    assert stranger is not None
    found = dict[str, str]()
    for field in model._meta.concrete_fields:
        if field.is_relation:
            value = str(stranger.pk)
        elif isinstance(field, models.BooleanField):
            value = "on"
        elif isinstance(field, models.DateTimeField | models.DateField):
            value = timezone.localdate().isoformat()
        elif field.choices:
            value = str(list(field.flatchoices)[-1][0])
        else:
            value = "7"
        found |= {field.name: value, field.attname: value}
    return {name: value for name, value in found.items() if name not in OWN}
