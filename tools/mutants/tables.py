"""Changes of the transition tables, which are data: states, policies and who else may take a step."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from accounts import workflow
from accounts.workflow import Transition


class TableMutant(NamedTuple):
    """One entry of a table with one field changed."""

    model: str
    action: str
    field: str
    step: Transition[Any]
    value: Any
    what: str


def _anybody(person: Any, record: Any) -> bool:
    return True


def _for_anybody(actor: Any, person: Any, record: Any) -> bool:
    return True


def table_mutants(models: list[str]) -> Iterator[TableMutant]:
    """Every change of every step in the tables of these models (``shadowing.request``)."""
    for model, table in workflow._workflows.items():  # noqa: SLF001  # nobody else looks at all of them
        label = model._meta.label_lower
        if label in models:
            choices = getattr(model._meta.get_field("status"), "choices", None) or ()
            states = [str(value) for value, _ in choices]
            for action, step in table.transitions.items():
                for field, value, what in _of_step(step, states):
                    yield TableMutant(label, action, field, step, value, what)


def _of_step(step: Transition[Any], states: list[str]) -> Iterator[tuple[str, Any, str]]:
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
    if step.removes is not workflow.keeps:
        yield "removes", workflow.keeps, "removes: never"


@contextmanager
def changed(mutant: TableMutant) -> Iterator[None]:
    """Run what is inside with this entry changed; steps are frozen, so past their guard."""
    before = getattr(mutant.step, mutant.field)
    object.__setattr__(mutant.step, mutant.field, mutant.value)
    try:
        yield
    finally:
        object.__setattr__(mutant.step, mutant.field, before)
