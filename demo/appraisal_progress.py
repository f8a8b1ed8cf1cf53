"""Progress of the demo appraisals: what both sides have done so far, and when."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from accounts.enums import How
from accounts.models import HistoryEntry, Person
from appraisals.enums import AppraisalStatus, ExemptReason, TalkOutcome
from appraisals.models import Addition, Appraisal, Cycle, Objective
from demo.appraisal_texts import ADDITIONS, EXEMPT, TALKED
from demo.demo_days import Days, at

T, E = TalkOutcome, ExemptReason
NOVEMBER, JUNE, JULY = 11, 6, 7


@dataclass(frozen=True, slots=True)
class AppraisalProgress:
    """The steps done in an appraisal; ``signatures``: 0 nobody, 1 the person, 2 both."""

    objectives: bool = True
    agreed: bool = True
    talk: TalkOutcome | None = None
    signatures: int = 0
    exempt: ExemptReason | None = None
    added_to: bool = False

    @property
    def status(self) -> AppraisalStatus:
        """The status of an appraisal after these steps."""
        if self.exempt is not None:
            return AppraisalStatus.EXEMPT
        return AppraisalStatus.SIGNED_OFF if self.signatures > 1 else AppraisalStatus.OPEN


# Per cent of appraisals in each state: in the middle of the year, and after its end.
THIS_YEAR = (
    (18, AppraisalProgress(objectives=False, agreed=False)),
    (14, AppraisalProgress(agreed=False)),
    (26, AppraisalProgress()),
    (9, AppraisalProgress(talk=T.WILL_SHADOW)),
    (6, AppraisalProgress(talk=T.WILL_HOST)),
    (6, AppraisalProgress(talk=T.WILL_DO_BOTH)),
    (5, AppraisalProgress(talk=T.NOT_THIS_YEAR)),
    (4, AppraisalProgress(talk=T.WILL_SHADOW, signatures=1)),
    (8, AppraisalProgress(talk=T.WILL_SHADOW, signatures=2)),
    (1, AppraisalProgress(talk=T.WILL_HOST, signatures=2, added_to=True)),
    (2, AppraisalProgress(exempt=E.PROBATION)),
    (2, AppraisalProgress(exempt=E.LONG_ABSENCE)),
    (2, AppraisalProgress(exempt=E.OTHER)),
)
LAST_YEAR = (
    (40, AppraisalProgress(talk=T.WILL_SHADOW, signatures=2)),
    (18, AppraisalProgress(talk=T.WILL_HOST, signatures=2)),
    (18, AppraisalProgress(talk=T.WILL_DO_BOTH, signatures=2)),
    (12, AppraisalProgress(talk=T.NOT_THIS_YEAR, signatures=2)),
    (6, AppraisalProgress(talk=T.WILL_SHADOW, signatures=2, added_to=True)),
    (3, AppraisalProgress(exempt=E.PROBATION)),
    (3, AppraisalProgress(exempt=E.LONG_ABSENCE)),
)
# The team of manager@, in turn, so that the team page shows many states.
OF_THE_MANAGER = (
    AppraisalProgress(agreed=False),
    AppraisalProgress(talk=T.WILL_SHADOW),
    AppraisalProgress(talk=T.NOT_THIS_YEAR),
    AppraisalProgress(talk=T.WILL_DO_BOTH, signatures=1),
    AppraisalProgress(talk=T.WILL_HOST, signatures=2),
    AppraisalProgress(exempt=E.LONG_ABSENCE),
)
BOTH = AppraisalProgress(talk=T.WILL_DO_BOTH, signatures=2)


@dataclass(frozen=True, slots=True)
class Calendar:
    """The moments of each step in a cycle."""

    agreed: dt.datetime
    talk: dt.datetime
    signed: dt.datetime
    closed: dt.datetime

    @classmethod
    def of_last(cls, cycle: Cycle, days: Days, rng: random.Random) -> Calendar:
        """Return moments in last year's cycle: objectives in autumn, conversation in June, end in July."""

        def on(year: int, month: int) -> dt.datetime:
            day = days.first_working(dt.date(year, month, rng.randint(2, 20)))
            return at(day, "09:00") + dt.timedelta(minutes=rng.randint(0, 450))

        year = cycle.ends_on.year
        signed = on(year, JULY)
        countersigned = at(days.first_working(signed.date() + dt.timedelta(days=1)), "10:15")
        return cls(on(year - 1, NOVEMBER), on(year, JUNE), signed, countersigned)

    @classmethod
    def of_present(cls, days: Days, rng: random.Random) -> Calendar:
        """Return moments in the present cycle, all in the last weeks."""
        spans = ((12, 30), (7, 11), (3, 5), (1, 2))
        return cls(*(days.moment(rng.randint(*span), rng) for span in spans))


@dataclass
class AppraisalSteps:
    """Rows (history, additions) of the steps of several appraisals, stored together."""

    rng: random.Random
    history: list[HistoryEntry] = field(default_factory=list)
    additions: list[Addition] = field(default_factory=list)

    def apply(self, appraisal: Appraisal, progress: AppraisalProgress, when: Calendar) -> None:
        """Apply ``progress`` to ``appraisal``, which is not stored yet, and collect its rows."""
        if progress.exempt is not None:
            self._exempt(appraisal, progress.exempt, when.agreed)
            return
        if progress.objectives and progress.agreed:
            self._note(appraisal, appraisal.appraiser, "agree_objectives", when.agreed)
        if progress.talk is not None:
            self._talk(appraisal, progress.talk, when.talk)
        self._sign(appraisal, progress.signatures, when)
        if progress.added_to:
            words = self.rng.choice(ADDITIONS)
            self.additions.append(
                Addition(appraisal=appraisal, author=appraisal.person, words=words, at=when.closed)
            )
            done = AppraisalStatus.SIGNED_OFF
            self._note(appraisal, appraisal.person, "add_note", when.closed, done, before=done)

    def _exempt(self, appraisal: Appraisal, reason: ExemptReason, on: dt.datetime) -> None:
        appraisal.exempt_reason, appraisal.exempt_words = reason, self.rng.choice(EXEMPT[reason])
        self._note(appraisal, None, "exempt", on, AppraisalStatus.EXEMPT)

    def _talk(self, appraisal: Appraisal, outcome: TalkOutcome, on: dt.datetime) -> None:
        by = self.rng.choice([appraisal.person, appraisal.appraiser or appraisal.person])
        appraisal.talk_on, appraisal.talk_outcome, appraisal.talk_by = on.date(), outcome, by
        appraisal.talk_words = self.rng.choice(TALKED[outcome])
        self._note(appraisal, by, "record_talk", on)

    def _sign(self, appraisal: Appraisal, signatures: int, when: Calendar) -> None:
        if signatures:
            appraisal.person_signed_at = when.signed
            self._note(appraisal, appraisal.person, "sign_as_person", when.signed)
        if signatures > 1:
            appraisal.appraiser_signed_at, appraisal.appraiser_signed_by = when.closed, appraisal.appraiser
            done = AppraisalStatus.SIGNED_OFF
            self._note(appraisal, appraisal.appraiser, "sign_as_appraiser", when.closed, done)

    def _note(
        self,
        appraisal: Appraisal,
        actor: Person | None,
        action: str,
        on: dt.datetime,
        to: str = AppraisalStatus.OPEN,
        *,
        before: str = AppraisalStatus.OPEN,
    ) -> None:
        appraisal.version += 1
        appraisal.changed_at = on
        entry = HistoryEntry(
            subject_type=Appraisal._meta.label_lower,
            subject_id=appraisal.pk,
            actor=actor,
            how=How.SYSTEM if actor is None else How.PAGE,
            action=action,
            from_state=before,
            to_state=to,
            at=on,
        )
        self.history.append(entry)

    def store(self) -> None:
        """Store the collected rows; the appraisals must be stored already."""
        HistoryEntry.objects.bulk_create(self.history)
        Addition.objects.bulk_create(self.additions)


def agreed(objectives: Iterator[Objective], appraiser: Person | None, on: dt.datetime) -> Iterator[Objective]:
    """Yield the objectives, agreed by the line manager."""
    for objective in objectives:
        objective.agreed_at, objective.agreed_by = on, appraiser
        yield objective
