"""State machine: transition tables, and ``perform``, the only code that changes a status.

Pages, mail links, admin actions and tasks all call ``perform``. Each app describes its records in a frozen
table of transitions and registers it; this module holds the machinery only. It is in the lowest app because
history and waiting items are, and so that appraisals can use it without importing shadowing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from accounts.constraints import sentence_or_raise
from accounts.display_names import disambiguated_names
from accounts.enums import How
from accounts.mail_sender import mail
from accounts.models import HistoryEntry, Person

T = TypeVar("T", bound=models.Model)
GONE = "This was thrown away as a draft meanwhile, so it is no longer here."


class TransitionError(Exception):
    """Refusal of a transition: it comes too late or a rule forbids it. ``sentence`` tells the person why."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass
class TransitionContext(Generic[T]):
    """One transition that is being performed: effects read it and may add to it."""

    record: T
    action: str
    actor: Person | None
    how: How
    inputs: Mapping[str, Any]
    source: str
    target: str = ""
    on_behalf_of: Person | None = None
    reason: str = ""
    at: dt.datetime = field(default_factory=timezone.now)

    @property
    def principal(self) -> Person | None:
        """Return the person whose step it is: the person acted for, if any, else the person who acted."""
        return self.on_behalf_of or self.actor


def no_effect(context: TransitionContext[Any]) -> None:
    """Do nothing: the effect of a transition that only changes the state."""


def same_state(context: TransitionContext[Any]) -> str:
    """Return the present state: the target of a transition that does not change it."""
    return context.source


def always(record: Any) -> bool:
    """Return True: the default condition for showing a button and for letting the schedule act."""
    return True


def keep_record(context: TransitionContext[Any]) -> bool:
    """Return False: by default a transition does not delete its record."""
    return False


def nobody(person: Person, record: Any) -> bool:
    """Refuse everybody: the policy of transitions that only the schedule or another transition performs."""
    return False


def never(actor: Person, person: Person, record: Any) -> bool:
    """Refuse to let ``actor`` act for ``person``: the default, because most steps are personal."""
    return False


@dataclass(frozen=True, kw_only=True)
class Transition(Generic[T]):
    """One row of a transition table: source states, target state, who may do it, and what else happens.

    ``policy`` says who may take the step; ``on_behalf`` says who may take it for such a person, and both must
    agree. ``offered`` only decides whether pages show a button; state and policy do the refusing.
    ``by_schedule`` lets the schedule take the step when ``schedule_may`` agrees. Where ``removes`` returns
    True the record is deleted and leaves no history, because it was never sent and nobody else has seen it.
    """

    sources: frozenset[str]
    target: str | Callable[[TransitionContext[T]], str]
    policy: Callable[[Person, T], bool]
    effect: Callable[[TransitionContext[T]], None] = no_effect
    by_schedule: bool = False
    schedule_may: Callable[[T], bool] = always
    on_behalf: Callable[[Person, Person, T], bool] = never
    offered: Callable[[T], bool] = always
    removes: Callable[[TransitionContext[T]], bool] = keep_record
    label: str = ""


@dataclass(frozen=True, kw_only=True)
class Workflow(Generic[T]):
    """The transition table of one model.

    ``lock`` takes the locks that must be held before the record's own. ``related`` names the relations that
    are fetched with the record because its steps read them. ``acted_for`` runs after every step taken on
    somebody's behalf: it notifies that person and writes the audit. ``too_late`` returns the sentence for a
    step that is no longer possible.
    """

    model: type[T]
    transitions: Mapping[str, Transition[T]]
    too_late: Callable[[T, str], str]
    lock: Callable[[T], None] = lambda record: None
    related: tuple[str, ...] = ()
    acted_for: Callable[[TransitionContext[T]], None] = no_effect


_workflows: dict[type[models.Model], Workflow[Any]] = {}


def register(workflow: Workflow[Any]) -> None:
    """Make a workflow known to ``perform``."""
    _workflows[workflow.model] = workflow


def workflow_of(record: models.Model) -> Workflow[Any]:
    """Return the workflow of the record's model. Raises KeyError when none is registered."""
    return _workflows[type(record)]


def perform(
    record: T,
    action: str,
    *,
    actor: Person | None,
    how: How = How.PAGE,
    on_behalf_of: Person | None = None,
    **inputs: Any,
) -> T:
    """Perform ``action`` on ``record`` and return the record as it is afterwards.

    ``actor`` is None for the schedule; with ``on_behalf_of`` the actor takes that person's step. ``inputs``
    are what the form or caller supplies ("words" becomes the reason in the history). Raises PermissionDenied
    when the person may not act, TransitionError when it comes too late or a rule forbids it; nothing is
    written then.
    """
    try:
        with transaction.atomic(), mail().merge_mail_per_person(), disambiguated_names([]):
            return _perform(record, action, _Acting(actor, how, on_behalf_of), inputs)
    except IntegrityError as error:
        raise TransitionError(sentence_or_raise(error)) from error
    except type(record).DoesNotExist as error:  # type: ignore[attr-defined]  # every model has it
        raise TransitionError(GONE) from error


@dataclass(frozen=True)
class _Acting:
    """Who acts, in which way (``how``), and for whom (``person``)."""

    actor: Person | None
    how: How
    person: Person | None


def _perform(record: T, action: str, acting: _Acting, inputs: Mapping[str, Any]) -> T:
    workflow = workflow_of(record)
    transition = workflow.transitions[action]
    workflow.lock(record)
    locked = _locked(workflow, record)
    if not _may(transition, acting.actor, locked, acting.person):
        raise PermissionDenied
    if locked.status not in transition.sources:
        raise TransitionError(workflow.too_late(locked, action))
    context = TransitionContext(
        locked,
        action,
        acting.actor,
        How.ON_BEHALF if acting.person is not None else acting.how,
        inputs,
        source=locked.status,
        on_behalf_of=acting.person,
        reason=inputs.get("words", ""),
    )
    if transition.removes(context):
        return _removed(transition, context)  # type: ignore[no-any-return]  # the table’s model is T
    context.target = transition.target(context) if callable(transition.target) else transition.target
    locked.status = context.target
    locked.version += 1
    locked.changed_at = context.at
    transition.effect(context)
    locked.save()
    _record_history(context)
    if acting.person is not None:
        workflow.acted_for(context)
    return locked  # type: ignore[no-any-return]  # the table's model is T


def _removed(transition: Transition[T], context: TransitionContext[T]) -> T:
    """Run the effect and delete the record; return it with its key, in the state it had."""
    transition.effect(context)
    type(context.record)._default_manager.filter(pk=context.record.pk).delete()
    return context.record


def _locked(workflow: Workflow[T], record: T) -> Any:
    """Lock the record, and only then fetch it with its related records.

    A query that waits for a lock on a joined row returns the new row beside related rows read before the
    wait: a person who signed in the meantime would be missing.
    """
    rows = workflow.model._default_manager
    if not workflow.related:
        return rows.select_for_update(no_key=True).get(pk=record.pk)
    rows.select_for_update(no_key=True).values_list("pk").get(pk=record.pk)
    return rows.select_related(*workflow.related).get(pk=record.pk)


def _may(
    transition: Transition[Any], actor: Person | None, record: Any, person: Person | None = None
) -> bool:
    if actor is None:
        return transition.by_schedule and person is None and transition.schedule_may(record)
    if person is None:
        return actor.is_active and transition.policy(actor, record)
    return actor != person and actor.is_active and _may_for(transition, actor, person, record)


def _may_for(transition: Transition[Any], actor: Person, person: Person, record: Any) -> bool:
    """Return whether ``actor`` may take a step that belongs to ``person``."""
    return (
        person.is_active
        and transition.on_behalf is not never
        and transition.policy(person, record)
        and transition.on_behalf(actor, person, record)
    )


def _record_history(context: TransitionContext[Any]) -> None:
    HistoryEntry.objects.create(
        subject_type=context.record._meta.label_lower,
        subject_id=context.record.pk,
        actor=context.actor,
        on_behalf_of=context.on_behalf_of,
        how=context.how,
        action=context.action,
        from_state=context.source,
        to_state=context.target,
        reason=context.reason,
        at=context.at,
    )


def available_actions(record: models.Model, person: Person) -> list[str]:
    """Return the actions ``person`` could perform now, in table order: the buttons that pages show."""
    table = workflow_of(record).transitions
    state = getattr(record, "status", "")
    possible = {name: step for name, step in table.items() if state in step.sources and step.offered(record)}
    by_policy = {step.policy: step for step in possible.values()}  # ask each policy once: it may cost queries
    allowed = {policy: _may(step, person, record) for policy, step in by_policy.items()}
    return [name for name, step in possible.items() if allowed[step.policy]]


def actions_for(record: models.Model, actor: Person, person: Person) -> list[str]:
    """Return the actions ``actor`` could perform for ``person`` now, in table order."""
    table = workflow_of(record).transitions
    state = getattr(record, "status", "")
    possible = {name: step for name, step in table.items() if state in step.sources and step.offered(record)}
    return [name for name, step in possible.items() if _may(step, actor, record, person)]


def require_possible(
    record: models.Model, action: str, actor: Person, *, on_behalf_of: Person | None = None
) -> None:
    """Raise PermissionDenied or TransitionError as ``perform`` would, without looking at any input."""
    workflow = workflow_of(record)
    step = workflow.transitions[action]
    if not _may(step, actor, record, on_behalf_of):
        raise PermissionDenied
    if getattr(record, "status", "") not in step.sources:
        raise TransitionError(workflow.too_late(record, action))
