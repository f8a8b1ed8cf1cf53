"""Load the situations of the access matrix, and a second organisation.

Nobody of the first has a part in the second. Prints what the drill needs as JSON: the session of each role,
and each line of the matrix with its address, once for the first organisation and once for the same situation
in the second.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models
from django.db.models import F, Value
from django.db.models.functions import Concat
from django.test import Client
from django.utils import timezone

from accounts.models import Person
from departments.models import Department, Site
from shadowing.models import Placement, Request, Scheme
from tests.access.offices import Args
from tests.access.table import Line, lines
from tests.access.walk import Walk
from tests.access.world import World, build, situations
from tests.cast import Cast, new_cast

CANARY = "Zanzibarquokka"
MARK = "other-"
FOR_EVERYBODY = ("open-offer", "paused-offer", "closed-offer")
CHOSEN_BY_ANYBODY = (Person, Department, Site)
LEAVER = "leaver"  # somebody who has left, with the session they had before


def other_organisation() -> dict[str, Args]:
    """Make the second organisation.

    Its names are changed, so that the first can be made with the usual names.
    """
    cast = new_cast()
    cast.scheme.live_requests = cast.scheme.cap_half_days = 50
    cast.scheme.save()
    things = situations(cast)
    _mark(cast)
    return things


def _mark(cast: Cast) -> None:
    """Rename the second organisation, and put the canary into its texts that are not for everybody."""
    Person.objects.update(email=Concat(Value(MARK), F("email")))
    Department.objects.update(code=Concat(Value("X"), F("code")))
    Scheme.objects.filter(pk=cast.scheme.pk).update(name="Another scheme", branch=cast.library.parent)
    Request.objects.update(objectives=[CANARY], want_to_see=CANARY)
    Placement.objects.update(agenda=CANARY, contact=CANARY)


def drill_input(world: World, others: dict[str, Args], foreign: list[tuple[str, str]]) -> dict[str, Any]:
    """Return what the drill needs to send its requests."""
    leaver, gone = _leaver()
    sessions = {role: _session(person) for role, person in world.roles.items()}
    sessions[LEAVER] = leaver
    return {
        "sessions": sessions,
        "lines": [_line(world, others, line) for line in lines()],
        "others": {record: str(args[0]) for record, args in others.items()},
        "fields": dict(_fields(world)),
        "foreign": [("person", str(gone.pk)), *foreign],
        "canary": CANARY,
    }


def _session(person: Person | None) -> str:
    if person is None:
        return ""
    client = Client()
    client.force_login(person)
    return client.cookies["sessionid"].value


def _leaver() -> tuple[str, Person]:
    """Return the session of a person who has left since, and the person."""
    person: Person = Person.objects.create_user("gone@example.ac.uk", first_name="Greta", last_name="Gone")
    session = _session(person)
    Person.objects.filter(pk=person.pk).update(is_active=False)
    return session, person


def ids_of_other() -> list[tuple[str, str]]:
    """Return one id of each kind of record as (kind, id), except records that everybody may choose.

    Called while there is only the second organisation.
    """
    project_models = (model for model in apps.get_models() if model._meta.app_label in PROJECT_APPS)
    found = [(model, model._default_manager.order_by("pk").first()) for model in project_models]
    things = [record for model, record in found if record is not None and model not in CHOSEN_BY_ANYBODY]
    ids = [(str(record._meta.model_name), str(record.pk)) for record in things]
    return ids + [("form_id", str(key)) for record in things if (key := getattr(record, "form_id", None))]


def _line(world: World, others: dict[str, Args], line: Line) -> dict[str, Any]:
    cells = {**line.cells, LEAVER: line.cells["anonymous"]}
    ids = [str(each) for each in world.things.get(line.record, ()) if isinstance(each, UUID)]
    other = others.get(line.record)
    return {
        "where": line.where,
        "method": line.method,
        "lax": line.lax,
        "cells": cells,
        "url": Walk.url_in(world, line),
        "id": ids[0] if ids else "",
        "other_url": _url_of_other(world, line, other) if other and ids else "",
        "for_everybody": line.record in FOR_EVERYBODY,
    }


def _url_of_other(world: World, line: Line, other: Args) -> str:
    swapped = World(world.cast, world.roles, {**world.things, line.record: other})
    return Walk.url_in(swapped, line)


def _fields(world: World) -> Iterator[tuple[str, str]]:
    """Yield a value for each field of the project's models: another person, another day, another state."""
    for model in apps.get_models():
        if model._meta.app_label in PROJECT_APPS:
            for field in model._meta.concrete_fields:
                value = _value(field, world.cast.stranger)
                yield from ((name, value) for name in (field.name, field.attname))


PROJECT_APPS = ("accounts", "departments", "appraisals", "shadowing")


def _value(field: models.Field[Any, Any], stranger: Person) -> str:
    if field.is_relation:
        return str(stranger.pk)
    if isinstance(field, models.BooleanField):
        return "on"
    if isinstance(field, models.DateTimeField | models.DateField):
        return timezone.localdate().isoformat()
    if field.choices:
        return str(list(field.flatchoices)[-1][0])
    return "7"


if __name__ == "__main__":
    SECOND = other_organisation()
    FOREIGN = ids_of_other()
    print(json.dumps(drill_input(build(new_cast()), SECOND, FOREIGN)))
