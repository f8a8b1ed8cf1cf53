"""Changes of tables: transitions, the contents of the data export, and retention periods."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from django.db.models import Q

from accounts import workflow
from accounts.protection import data_export, retention
from accounts.workflow import Transition

EXPORT, RETENTION = "data_export", "retention"
Change = tuple[str, Any, str]  # field, value, and its description


class TableMutant(NamedTuple):
    """One entry of a table with one field changed. Entries are frozen dataclasses."""

    table: str
    entry: str
    step: Any
    field: str
    value: Any
    what: str


def _anybody(person: Any, record: Any) -> bool:
    return True


def _for_anybody(actor: Any, person: Any, record: Any) -> bool:
    return True


def table_mutants(tables: list[str]) -> Iterator[TableMutant]:
    """Yield every change of every entry of these tables.

    ``tables``: labels of models with transitions (``shadowing.request``), ``data_export`` or ``retention``.
    """
    for table, name, entry, changes in _entries():
        if table in tables:
            for change in changes:
                yield TableMutant(table, name, entry, *change)


def _entries() -> Iterator[tuple[str, str, Any, Iterator[Change]]]:
    for model, table in workflow._workflows.items():  # noqa: SLF001  # only this tool needs all of them
        choices = getattr(model._meta.get_field("status"), "choices", None) or ()
        states = [str(value) for value, _ in choices]
        for action, step in table.transitions.items():
            yield model._meta.label_lower, action, step, _of_step(step, states)
    for kind in data_export.kinds():
        yield EXPORT, kind.name, kind, _of_kind(kind)
    for rule in retention.rules():
        yield RETENTION, rule.name, rule, iter([("days", rule.days + 1, "a day longer")])


def _of_kind(kind: data_export.Kind) -> Iterator[Change]:
    if kind.seen is not None:
        yield "seen", None, "what pages hide as well"
    if kind.only:
        yield "only", Q(), "without its condition"


def _of_step(step: Transition[Any], states: list[str]) -> Iterator[Change]:
    for state in states:
        sources = step.sources ^ {state}
        yield "sources", sources, f"{'no longer' if state in step.sources else 'also'} from {state}"
    yield "policy", _anybody, "policy: anybody"
    yield "policy", workflow.nobody, "policy: nobody"
    yield "by_schedule", not step.by_schedule, f"by_schedule={not step.by_schedule}"
    if step.schedule_may is not workflow.always:
        yield "schedule_may", workflow.always, "schedule_may: always"
    if step.on_behalf is not workflow.never:
        yield "on_behalf", workflow.never, "on_behalf: never"
        yield "on_behalf", _for_anybody, "on_behalf: anybody"
    if step.offered is not workflow.always:
        yield "offered", workflow.always, "offered: always"
    if step.removes is not workflow.keep_record:
        yield "removes", workflow.keep_record, "removes: never"


@contextmanager
def changed(mutant: TableMutant) -> Iterator[None]:
    """Run the code inside with this entry changed; ``object.__setattr__`` because entries are frozen."""
    before = getattr(mutant.step, mutant.field)
    object.__setattr__(mutant.step, mutant.field, mutant.value)
    try:
        yield
    finally:
        object.__setattr__(mutant.step, mutant.field, before)
