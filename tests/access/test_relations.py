"""Test that every relation to a person or department states who may edit it and what right it gives."""

from __future__ import annotations

from pathlib import Path

from django.apps import apps

from accounts.models import Person
from departments.models import Department

TABLE = Path(__file__).with_name("relations.txt")
# Who did, wrote or got something: it names a person and decides nothing.
WHO_DID_IT = frozenset(
    {
        *("actor", "on_behalf_of", "recipient", "author", "uploaded_by", "confirmed_by", "started_by"),
        *("agreed_by", "acknowledged_by", "talk_by", "placed_by", "cancelled_by", "proposed_by", "by"),
    }
)
NOTED = frozenset(
    {
        *("accounts.AuditEntry", "accounts.StaffChange"),
        *("shadowing.Acceptance", "shadowing.ChecklistTick"),
    }
)


def listed() -> set[str]:
    lines = (line for line in TABLE.read_text().splitlines() if line and not line.startswith("#"))
    return {line.split()[0] for line in lines}


def relations() -> set[str]:
    found = set()
    for model in apps.get_models():
        if model._meta.app_label not in ("accounts", "departments", "appraisals", "shadowing"):
            continue
        for field in [*model._meta.fields, *model._meta.many_to_many]:
            if field.editable and field.related_model in (Person, Department):
                found.add(f"{model._meta.label}.{field.name}")
    return found


def test_every_relation_says_who_edits_it_and_what_follows() -> None:
    silent = {
        name
        for name in relations() - listed()
        if name.rpartition(".")[2] not in WHO_DID_IT and name.rpartition(".")[0] not in NOTED
    }
    assert not silent, silent


def test_every_line_of_the_table_is_a_relation() -> None:
    assert listed() <= relations()
