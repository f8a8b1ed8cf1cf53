"""Remind the managers of several ticked people of missing conversations, each manager by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from accounts import batch
from accounts.models import Person
from accounts.workflow import TransitionError
from appraisals.models import Cycle
from appraisals.policies import appraiser_of
from appraisals.workflow.talk_nudges import not_talked, nudge

MOST = 100
NUDGE = batch.Job(
    "talk_nudges", "A manager could not be reminded of missing conversations", once=True, always=True
)
NOBODY = "Nobody appraises them at the moment."
OWN = "Somebody else has to remind your own manager."
FAILED = "Something went wrong on the site. The people who run it can see what it was."


@dataclass
class NudgeOutcome:
    """How many managers get an email, about how many people, and about whom none goes and why."""

    managers: int = 0
    people: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)


def nudge_managers_of(keys: Sequence[UUID], cycle: Cycle, *, by: Person) -> NudgeOutcome:
    """Nudge the managers of the people with the appraisals ``keys`` who still have not talked."""
    outcome, of_manager = NudgeOutcome(), dict[Person, list[str]]()
    ticked = not_talked(cycle).filter(pk__in=keys[:MOST]).select_related("person__line_manager", "appraiser")
    for appraisal in ticked.order_by("appraiser", "pk"):
        manager, name = appraiser_of(appraisal), appraisal.person.full_name
        if appraisal.person == by:
            outcome.refused.append((name, OWN))
        elif manager is None:
            outcome.refused.append((name, NOBODY))
        else:
            of_manager.setdefault(manager, []).append(name)

    def act(manager: Person) -> int:
        try:
            outcome.people += len(nudge(manager, cycle, by=by))
        except TransitionError as refusal:
            outcome.refused += [(name, refusal.sentence) for name in of_manager[manager]]
            return 0
        outcome.managers += 1
        return 1

    for manager in batch.run(NUDGE, of_manager, act, atomic=False).failed:
        outcome.refused += [(name, FAILED) for name in of_manager[manager]]
    return outcome
