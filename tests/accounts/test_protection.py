"""Test that every column of every model has an export, erasure and retention decision."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from accounts.models import Person
from accounts.protection import columns, data_export, erasure
from tests.architecture import APPS

TEXTS = (models.CharField, models.TextField, models.JSONField, models.BinaryField, SearchVectorField)


def our_fields() -> Iterator[models.Field[Any, Any]]:
    """Yield every stored column of the project's models, and every many-to-many to people."""
    for app in APPS:
        for model in apps.get_app_config(app).get_models():
            yield from model._meta.local_fields
            yield from model._meta.local_many_to_many


def brought_fields() -> Iterator[models.Field[Any, Any]]:
    """The same of what Django and allauth bring along."""
    for model in apps.get_models():
        if model._meta.app_label not in APPS:
            yield from model._meta.local_fields


def name(field: models.Field[Any, Any]) -> str:
    return f"{field.model._meta.label}.{field.name}"


def is_text(field: models.Field[Any, Any]) -> bool:
    base = field.base_field if isinstance(field, ArrayField) else field
    return isinstance(base, TEXTS) and not field.choices and not field.primary_key


def missing(fields: Iterator[models.Field[Any, Any]], *known: dict[str, str] | set[str]) -> list[str]:
    """Return the columns that are listed neither by their own name nor by that of their model."""
    spoken = set().union(*known)
    return [name(f) for f in fields if name(f) not in spoken and f.model._meta.label not in spoken]


def exported() -> set[str]:
    return {
        f"{kind.model._meta.label}.{data_export.path_of(column).split('__')[0]}"
        for kind in data_export.kinds()
        for column in kind.shows.values()
    }


def test_every_key_to_a_person_is_exported_or_left_out_for_a_reason() -> None:
    ways = {
        f"{kind.model._meta.label}.{way.split('__')[0]}" for kind in data_export.kinds() for way in kind.by
    }
    keys = (field for field in (*our_fields(), *brought_fields()) if field.related_model is Person)
    assert missing(keys, ways, exported(), columns.NOT_EXPORTED) == []


def test_every_text_is_exported_or_left_out_for_a_reason() -> None:
    texts = filter(is_text, our_fields())
    assert missing(texts, exported(), columns.NOT_PERSONAL, columns.NOT_EXPORTED) == []


def test_every_text_is_erased_or_kept_for_a_reason() -> None:
    steps = erasure.parts()
    blanked = {
        f"{blank.model._meta.label}.{to}" for step in steps for blank in step.blanks for to in blank.values
    }
    deleted = {blank.model._meta.label for step in steps for blank in step.blanks if not blank.values}
    covered = {column for step in steps for column in step.covers}
    texts = filter(is_text, our_fields())
    assert missing(texts, blanked, deleted, covered, columns.NOT_PERSONAL, columns.NOT_ERASED) == []


@pytest.mark.parametrize("spoken", [columns.NOT_PERSONAL, columns.NOT_EXPORTED, columns.NOT_ERASED])
def test_what_is_named_is_there(spoken: dict[str, str]) -> None:
    known = {name(field) for field in (*our_fields(), *brought_fields())} | {
        field.model._meta.label for field in our_fields()
    }
    assert set(spoken) <= known
    assert all(spoken.values())
