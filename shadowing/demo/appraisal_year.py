"""Appraisals of the demo organisation: last year's, this year's with objectives, the cycle to come."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable, Iterator

from accounts.models import Person
from appraisals.enums import AppraisalStatus
from appraisals.models import Appraisal, Cycle, Objective
from shadowing.demo import cast
from shadowing.demo.appraisal_texts import DEVELOPMENT_NEEDS, ROLE_GOALS, SHADOW_OBJECTIVES

Text = tuple[str, str]


def open_cycles(first_year: int) -> list[Cycle]:
    """The academic years before, now and next, each from August to July."""
    return [_cycle(year) for year in (first_year - 1, first_year, first_year + 1)]


def _cycle(year: int) -> Cycle:
    existing = Cycle.objects.at(dt.date(year, 10, 1))
    return existing or Cycle.objects.create(
        name=f"{year}/{(year + 1) % 100:02d}",
        starts_on=dt.date(year, 8, 1),
        ends_on=dt.date(year + 1, 7, 31),
    )


def appraise(people: Iterable[Person], last: Cycle, present: Cycle, rng: random.Random) -> None:
    """Give everybody who has a line manager an appraisal this year, and most of them one last year."""
    appraisals = []
    for person in people:
        if person.line_manager_id is None or not person.is_active:
            continue
        appraisals.append(_appraisal(person, present, _status(person, rng)))
        if rng.random() < 0.7 or person.email in cast.EMAILS:
            appraisals.append(_appraisal(person, last, AppraisalStatus.SIGNED_OFF))
    Appraisal.objects.bulk_create(appraisals)
    Objective.objects.bulk_create(
        objective for appraisal in appraisals for objective in _objectives(appraisal, rng)
    )


def _appraisal(person: Person, cycle: Cycle, status: AppraisalStatus) -> Appraisal:
    return Appraisal(person=person, cycle=cycle, appraiser=person.line_manager, status=status)


def _status(person: Person, rng: random.Random) -> AppraisalStatus:
    if person.email in cast.EMAILS:
        return AppraisalStatus.OPEN
    chosen = rng.choices(list(AppraisalStatus), weights=(80, 16, 4))[0]
    return AppraisalStatus(chosen)


def _objectives(appraisal: Appraisal, rng: random.Random) -> Iterator[Objective]:
    """Two or three needs and goals; the demo's shadow has those that fit the offers to try."""
    texts: Iterable[Text] = SHADOW_OBJECTIVES
    if appraisal.person.email != cast.SHADOW.email:
        texts = [*rng.sample(DEVELOPMENT_NEEDS, rng.randint(1, 2)), rng.choice(ROLE_GOALS)]
    if appraisal.status == AppraisalStatus.EXEMPT:
        texts = ()
    for position, (need, why) in enumerate(texts, start=1):
        yield Objective(appraisal=appraisal, position=position, text=f"{need}. {why}")
