"""Act on several waiting items in one go: each is guarded by itself, and each person gets one mail.

The whole act is one transaction with a savepoint for each item: an item that is refused or fails changes
nothing and leaves the others alone, and no mail is sent before all of them are merged. Pressed twice, the
second press finds each item done and says so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts import batch
from accounts.models import Person, WaitingItem
from accounts.workflow import TransitionError, perform
from coordination.workflow.hand_over_choices import DECISIONS
from coordination.workflow.manual_reminders import AlreadyRemindedError, remind_now
from messaging.collecting import collecting_item
from messaging.merging import merge_mail_per_person
from shadowing.models import Request, Session
from shadowing.requests.workflow.reassignment import NOT_A_CANDIDATE

MOST = 50  # of one act, so that the sessions it locks are free again after a moment
REMIND = batch.Job(
    "ticked_reminders", "A reminder by hand could not be sent", WaitingItem, once=True, always=True
)
HAND_OVER = batch.Job(
    "ticked_hand_overs", "A request could not be handed to somebody else", WaitingItem, once=True, always=True
)
NOT_YOURS = "Another coordinator has to help with these."
FAILED = "Something went wrong on the site. The people who run it can see what it was."
REMINDED_ALREADY = "They were reminded on this working day already. One reminder a day is enough."
NO_DECISION = "Only a decision that still needs an answer can be handed over."
CANNOT_DECIDE = "{name} cannot decide on these: not a deputy, manager, head or coordinator there."
GONE = "They were answered in the meantime, so nothing was handed over."


@dataclass
class Outcome:
    """The items that were done, and for each reason the items that were not."""

    done: list[WaitingItem] = field(default_factory=list)
    refused: dict[str, list[WaitingItem]] = field(default_factory=dict)

    def refuse(self, item: WaitingItem, why: str) -> None:
        """Note that the item was not done."""
        self.refused.setdefault(why, []).append(item)


def remind_ticked(items: Sequence[WaitingItem], actor: Person) -> Outcome:
    """Remind the owners of ``items``; each item has the rules of ``remind_now``."""
    return _each(REMIND, items, lambda item: remind_now(item, actor))


def hand_over_ticked(
    items: Sequence[WaitingItem], actor: Person, *, to: Person, seen: Mapping[UUID, UUID], words: str = ""
) -> Outcome:
    """Ask ``to`` to decide on ``items`` instead of the people asked; each has the rules of "ask_other".

    ``seen`` are the decisions that the coordinator saw pending, by item: one that a colleague has handed over
    since is left alone.
    """

    def act(item: WaitingItem) -> None:
        if item.kind not in DECISIONS:
            raise TransitionError(NO_DECISION)
        if item.pk not in seen:
            raise TransitionError(GONE)
        request = Request.objects.for_rows().get(pk=item.subject_id)
        perform(request, "ask_other", actor=actor, person=to, seen=seen[item.pk], words=words)

    outcome = _each(HAND_OVER, items, act)
    if NOT_A_CANDIDATE in outcome.refused:
        why = CANNOT_DECIDE.format(name=to.full_name)
        outcome.refused[why] = outcome.refused.pop(NOT_A_CANDIDATE)
    return outcome


def _each(job: batch.Job, items: Sequence[WaitingItem], act: Callable[[WaitingItem], object]) -> Outcome:
    outcome = Outcome()

    def guarded(item: WaitingItem) -> int:
        try:
            with collecting_item(), transaction.atomic():
                act(item)
        except AlreadyRemindedError:
            outcome.refuse(item, REMINDED_ALREADY)
        except TransitionError as error:
            outcome.refuse(item, error.sentence)
        except PermissionDenied:
            outcome.refuse(item, NOT_YOURS)
        else:
            outcome.done.append(item)
        return 1

    with transaction.atomic(), merge_mail_per_person():
        failed = batch.run(job, _in_lock_order(items), guarded, atomic=False).failed
    for item in failed:
        outcome.refuse(item, FAILED)
    return outcome


def _in_lock_order(items: Sequence[WaitingItem]) -> list[WaitingItem]:
    """Lock the sessions concerned in one order, first in the lock order; return the items in that order."""
    of_item = dict(
        Request.objects.filter(pk__in=[item.subject_id for item in items])
        .order_by()
        .values_list("pk", "session")
    )
    sessions = Session.objects.filter(pk__in=filter(None, of_item.values())).order_by("pk")
    order = {pk: place for place, pk in enumerate(s.pk for s in sessions.select_for_update(no_key=True))}

    def place(item: WaitingItem) -> tuple[int, str]:
        session = of_item.get(item.subject_id)
        return (order[session] if session is not None else -1, str(item.pk))

    return sorted(items, key=place)
