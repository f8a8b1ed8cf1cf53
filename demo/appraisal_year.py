"""Appraisals of the demo: last year's, this year's in progress, and the cycle to come."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.utils import timezone

from accounts.models import Person
from appraisals.enums import AppraisalStatus, ExemptReason
from appraisals.models import Appraisal, Cycle, Objective, Opening
from demo import named_people
from demo.appraisal_progress import (
    BOTH,
    LAST_YEAR,
    OF_THE_MANAGER,
    THIS_YEAR,
    AppraisalProgress,
    AppraisalSteps,
    Calendar,
    agreed,
)
from demo.appraisal_texts import DEVELOPMENT_NEEDS, ROLE_GOALS, SHADOW_OBJECTIVES
from demo.demo_days import Days, at

Text = tuple[str, str]


def open_cycles(first_year: int) -> list[Cycle]:
    """Return the cycles of the last, present and next academic year, each from August to July."""
    return [_cycle(year) for year in (first_year - 1, first_year, first_year + 1)]


def _cycle(year: int) -> Cycle:
    existing = Cycle.objects.at(dt.date(year, 10, 1))
    return existing or Cycle.objects.create(
        name=f"{year}/{(year + 1) % 100:02d}",
        starts_on=dt.date(year, 8, 1),
        ends_on=dt.date(year + 1, 7, 31),
    )


@dataclass
class AppraisalYear:
    """Builder of everybody's appraisals of last year and this year."""

    last: Cycle
    present: Cycle
    days: Days
    rng: random.Random
    made: list[Appraisal] = field(default_factory=list)
    objectives: list[Objective] = field(default_factory=list)
    managed: int = 0

    def appraise(self, people: Iterable[Person]) -> None:
        """Create an appraisal for everybody this year, and for most of them last year."""
        steps = AppraisalSteps(self.rng)
        everybody = list(people)
        for person in everybody:
            when = Calendar.of_present(self.days, self.rng)
            self._add(person, self.present, self._progress_of(person), when, steps)
            if person.is_active and (self.rng.random() < 0.7 or person.email in named_people.EMAILS):
                before = BOTH if person.email in named_people.EMAILS else self._drawn(LAST_YEAR)
                when = Calendar.of_last(self.last, self.days, self.rng)
                self._add(person, self.last, before, when, steps)
        Appraisal.objects.bulk_create(self.made)
        Objective.objects.bulk_create(self.objectives)
        steps.store()
        self._note_opening(everybody)

    def _progress_of(self, person: Person) -> AppraisalProgress:
        """Return the progress of this year's appraisal of ``person``."""
        if not person.is_active:
            return AppraisalProgress(exempt=ExemptReason.LEFT)
        if person.line_manager is None:
            return AppraisalProgress(objectives=False, agreed=False)
        if person.email in named_people.EMAILS:
            return AppraisalProgress()
        if person.line_manager.email == named_people.MANAGER.email:
            self.managed += 1
            return OF_THE_MANAGER[(self.managed - 1) % len(OF_THE_MANAGER)]
        return self._drawn(THIS_YEAR)

    def _drawn(self, shares: tuple[tuple[int, AppraisalProgress], ...]) -> AppraisalProgress:
        weights = [weight for weight, _ in shares]
        return self.rng.choices([progress for _, progress in shares], weights=weights)[0]

    def _add(
        self, person: Person, cycle: Cycle, progress: AppraisalProgress, when: Calendar, steps: AppraisalSteps
    ) -> None:
        if cycle == self.last and person.line_manager is None:
            return
        # ``filled_at`` is set because the demo enters its visits itself.
        appraisal = Appraisal(
            person=person,
            cycle=cycle,
            appraiser=person.line_manager,
            department=person.membership.department,
            status=progress.status,
            created_at=min(at(self.days.first_working(cycle.starts_on), "08:00"), timezone.now()),
            filled_at=timezone.now(),
            prompted_at=at(cycle.talk_day, "07:30") if cycle == self.last else None,
        )
        steps.apply(appraisal, progress, when)
        self.made.append(appraisal)
        written = _objectives(appraisal, self.rng) if progress.objectives else iter(())
        done = progress.agreed and person.line_manager is not None
        self.objectives += agreed(written, person.line_manager, when.agreed) if done else written

    def _note_opening(self, everybody: list[Person]) -> None:
        """Store the coordinator's bulk opening of this year's appraisals on the first working day."""
        coordinator = next(person for person in everybody if person.email == named_people.COORDINATOR.email)
        mine = [appraisal for appraisal in self.made if appraisal.cycle == self.present]
        exempt = [appraisal for appraisal in mine if appraisal.status == AppraisalStatus.EXEMPT]
        away = [each for each in exempt if each.exempt_reason == ExemptReason.LONG_ABSENCE]
        began = at(self.days.first_working(self.present.starts_on), "08:00")
        Opening.objects.create(
            cycle=self.present,
            started_by=coordinator,
            started_at=min(began, timezone.now()),
            finished_at=min(began + dt.timedelta(seconds=4), timezone.now()),
            total=len(mine),
            done=len(mine),
            reached=max(person.pk for person in everybody),
            absent=[appraisal.person.email for appraisal in away],
            opened=len(mine) - len(exempt),
            exempted=len(exempt),
            without_appraiser=sum(appraisal.appraiser_id is None for appraisal in mine),
        )


def _objectives(appraisal: Appraisal, rng: random.Random) -> Iterator[Objective]:
    """Yield two or three needs and goals; the demo's shadow gets those that fit the showcase offers."""
    texts: Iterable[Text] = SHADOW_OBJECTIVES
    if appraisal.person.email != named_people.SHADOW.email:
        texts = [*rng.sample(DEVELOPMENT_NEEDS, rng.randint(1, 2)), rng.choice(ROLE_GOALS)]
    if appraisal.status == AppraisalStatus.EXEMPT:
        texts = ()
    for position, (need, why) in enumerate(texts, start=1):
        yield Objective(appraisal=appraisal, position=position, text=f"{need}. {why}")
