"""Reflections, evidence, thank-yous and follow-ups of the demo's past visits."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass, field

from django.utils import timezone

from accounts.enums import How
from accounts.models import HistoryEntry, Person
from appraisals.enums import ActivityPart, AppraisalStatus
from appraisals.models import Activity, Appraisal, EvidenceNote
from demo import reflection_texts as texts
from demo.demo_days import Days, at
from demo.journeys import Journey, Released, Written
from demo.reflections import Writer, at_least_one_released, none_released, released
from shadowing.enums import MissedReason, PlacementStatus, Side
from shadowing.models import Answer, FollowUp, Placement, Reflection, Request, Scheme, ThankYou, Visit
from shadowing.reflections.workflow.appraisal_entries import STATES
from shadowing.rules.rules import days_of

S = PlacementStatus
SILENT_DAYS = 20  # working days after which a visit without reflections is complete
LATER_OPEN = 8  # days for which a follow-up may still be unanswered
BOTH = 2
LEADS_TO = {
    "start": S.TAKING_PLACE,
    "finish": S.TO_REFLECT,
    "did_not_happen": S.NO_SHOW,
    "complete": S.COMPLETE,
}
PARTS = {Side.SHADOW: ActivityPart.VISITED, Side.HOST: ActivityPart.HOSTED}


@dataclass
class Afterwards:
    """Rows of everything after some visits, stored together in this order."""

    days: Days
    rng: random.Random
    writer: Writer
    activities: list[Activity] = field(default_factory=list)
    reflections: list[Reflection] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    evidence: list[EvidenceNote] = field(default_factory=list)
    thanks: list[ThankYou] = field(default_factory=list)
    follow_ups: list[FollowUp] = field(default_factory=list)
    history: list[HistoryEntry] = field(default_factory=list)

    def add(self, journey: Journey, placement: Placement, request: Request, visits: list[Visit]) -> None:
        """Collect all rows of one visit; dates and state are set on ``placement``, not stored yet."""
        first = len(self.history)
        self._take_place(journey, placement, visits)
        self._enter(journey, placement)
        if journey.took_place:
            for side in (Side.SHADOW, Side.HOST):
                self._reflect(journey, placement, request, side)
            self._complete(journey, placement)
            self._thank(journey, placement)
            self._ask_later(journey, placement)
        self.history[first:] = sorted(self.history[first:], key=lambda entry: entry.at)
        _chain([entry for entry in self.history[first:] if entry.subject_id == placement.pk])

    def store(self) -> None:
        """Write all of them."""
        Activity.objects.bulk_create(self.activities)
        Reflection.objects.bulk_create(self.reflections)
        Answer.objects.bulk_create(self.answers)
        EvidenceNote.objects.bulk_create(self.evidence)
        ThankYou.objects.bulk_create(self.thanks)
        FollowUp.objects.bulk_create(self.follow_ups)
        HistoryEntry.objects.bulk_create(self.history)

    # --- the day itself ------------------------------------------------------------------------------------

    def _take_place(self, journey: Journey, placement: Placement, visits: list[Visit]) -> None:
        if journey.status == S.AGREED:
            return
        for visit in visits:
            if visit.ends_at < at(self.days.today, "00:00"):
                visit.took_place = journey.status != S.NO_SHOW
                visit.reminded_at = at(self.days.before(visit.starts_at.date()), "07:30")
                visit.settled_at = visit.ends_at if journey.is_over else None
        self._note(placement, None, "start", journey.begins)
        if journey.status == S.NO_SHOW:
            self._miss(journey, placement)
        elif journey.is_over:
            placement.ended_at, placement.took_place = journey.ends, True
            placement.share_on = self._after(journey, placement.request.offer.scheme.share_day)
            self._note(placement, None, "finish", journey.ends)

    def _miss(self, journey: Journey, placement: Placement) -> None:
        """Record that one side did not come; a coordinator may have forgiven it."""
        reason = journey.after.missed or MissedReason.OTHER
        scheme: Scheme = placement.request.offer.scheme
        placement.ended_at, placement.took_place, placement.missed_reason = journey.ends, False, reason
        placement.missed_words = texts.MISSED_WORDS[reason]
        placement.counts = scheme.missed_counts and reason == MissedReason.SHADOW_ABSENT
        host_missed = reason == MissedReason.SHADOW_ABSENT
        who = journey.offer.host if host_missed else journey.shadow
        said_at = journey.ends + dt.timedelta(minutes=25)
        self._note(placement, who, "did_not_happen", said_at)
        if journey.after.forgiven:
            placement.counts = False
            coordinator = scheme.coordinators.first()
            day = at(self._after(journey, 2), "11:20")
            self._note(placement, coordinator, "forgive", day)

    def _after(self, journey: Journey, working_days: int) -> dt.date:
        return self.days.calendar.after(journey.ends.date(), working_days)

    def _moment(self, journey: Journey, least: int, most: int) -> dt.datetime:
        """Return a moment some working days after the visit, and in the past."""
        day = self._after(journey, self.rng.randint(least, most))
        last = self.days.back(1)
        return at(min(day, max(last, journey.ends.date())), "16:45") + dt.timedelta(
            minutes=self.rng.randint(1, 60)
        )

    # --- what was written ----------------------------------------------------------------------------------

    def _reflect(self, journey: Journey, placement: Placement, request: Request, side: Side) -> None:
        written = journey.after.written_by(side)
        if written == Written.NOT:
            return
        author = journey.shadow if side == Side.SHADOW else journey.offer.host
        moment = self._moment(journey, 1, 4)
        reflection = Reflection(placement=placement, side=side, author=author, saved_at=moment)
        reflection.sent_at = moment if written == Written.SENT else None
        answers = self.writer.answers(reflection, placement, request)
        self.reflections.append(reflection)
        self.answers += answers
        if reflection.sent_at is None:
            return
        self._note(placement, author, "send_reflection", moment)
        self._release(journey, placement, side, answers, moment)

    def _release(
        self, journey: Journey, placement: Placement, side: Side, answers: list[Answer], on: dt.datetime
    ) -> None:
        """Add the evidence the author released, and the line manager's comment."""
        outcome = journey.after.released_by(side)
        activity = self._activity_of(placement, PARTS[side])
        if outcome == Released.WAITING and activity is not None:
            signed = activity.appraisal.status == AppraisalStatus.SIGNED_OFF
            outcome = (
                Released.ACKNOWLEDGED if signed else outcome
            )  # evidence is acknowledged before the sign-off
        if outcome == Released.NOT or activity is None:
            none_released(answers)
            return
        at_least_one_released(answers, side)
        appraiser = activity.appraisal.appraiser
        note = EvidenceNote(
            activity=activity, author=activity.appraisal.person, parts=released(answers), released_at=on
        )
        self._note_in(activity.appraisal, note.author, "release_evidence", on)
        if outcome == Released.ACKNOWLEDGED and appraiser is not None:
            note.acknowledged_at, note.acknowledged_by = self._moment(journey, 5, 7), appraiser
            note.comment = self.rng.choice(texts.ACKNOWLEDGED)
            self._note_in(activity.appraisal, appraiser, "acknowledge", note.acknowledged_at)
        self.evidence.append(note)

    def _complete(self, journey: Journey, placement: Placement) -> None:
        """Complete a visit about which not both have written, after the silent days."""
        both = journey.after.shadow == journey.after.host == Written.SENT
        if placement.status == S.COMPLETE and not both:
            day = self._after(journey, SILENT_DAYS)
            self._note(placement, None, "complete", at(day, "00:05"))

    def _thank(self, journey: Journey, placement: Placement) -> None:
        if journey.after.thanked:
            moment = self._moment(journey, 1, 2)
            self.thanks.append(ThankYou(placement=placement, words=self.rng.choice(texts.THANKS), at=moment))
            self._note(placement, journey.shadow, "say_thanks", moment)

    def _ask_later(self, journey: Journey, placement: Placement) -> None:
        """Add the follow-ups after 60 and 180 days; only those of the last days may be unanswered."""
        ended = journey.ends.date()
        for number in placement.request.offer.scheme.later_days:
            asked = FollowUp(placement=placement, days=number, ask_on=ended + dt.timedelta(days=number))
            self.follow_ups.append(asked)
            if asked.ask_on > self.days.today:
                continue
            asked.asked_at = min(at(asked.ask_on, "07:30"), timezone.now())
            ago = (self.days.today - asked.ask_on).days
            if ago and (journey.after.later is not None or ago > LATER_OPEN):
                self._answer_later(journey, placement, asked)

    def _answer_later(self, journey: Journey, placement: Placement, asked: FollowUp) -> None:
        later = journey.after.later or "not_yet"
        day = min(self.days.first_working(asked.ask_on), self.days.back(1))
        asked.answer, asked.words = later, texts.LATER_WORDS[later]
        asked.answered_at = at(max(day, asked.ask_on), "12:10")
        self._note(placement, journey.shadow, "answer_later", asked.answered_at)
        activity = self._activity_of(placement, ActivityPart.VISITED)
        if activity is not None:
            activity.outcome, activity.outcome_on = asked.get_answer_display(), asked.answered_at.date()

    # --- the appraisals of both ----------------------------------------------------------------------------

    def _enter(self, journey: Journey, placement: Placement) -> None:
        first, last = days_of(journey.visits)
        sides = (
            (ActivityPart.VISITED, journey.appraisal, journey.offer.host, journey.serves),
            (ActivityPart.HOSTED, journey.hosts_appraisal, journey.shadow, None),
        )
        for part, appraisal, partner, objective in sides:
            if appraisal is not None:
                self.activities.append(
                    Activity(
                        appraisal=appraisal,
                        source=placement.pk,
                        part=part,
                        title=journey.offer.title,
                        partner=partner.full_name,
                        origin=placement.origin,
                        destination=placement.destination,
                        starts_on=first,
                        ends_on=last,
                        half_days=placement.half_days,
                        state=STATES[PlacementStatus(placement.status)],
                        url=placement.get_absolute_url(),
                        objective=objective,
                    )
                )

    def _activity_of(self, placement: Placement, part: ActivityPart) -> Activity | None:
        latest = self.activities[-2:]
        return next((each for each in latest if (each.source, each.part) == (placement.pk, part)), None)

    # --- history -------------------------------------------------------------------------------------------

    def _note(self, placement: Placement, actor: Person | None, action: str, on: dt.datetime) -> None:
        placement.version += 1
        placement.changed_at = max(on, placement.changed_at) if placement.version > 2 else on
        self._remember(placement, actor, action, on)

    def _note_in(self, appraisal: Appraisal, actor: Person, action: str, on: dt.datetime) -> None:
        self._remember(appraisal, actor, action, on)

    def _remember(
        self, record: Placement | Appraisal, actor: Person | None, action: str, on: dt.datetime
    ) -> None:
        entry = HistoryEntry(
            subject_type=record._meta.label_lower,
            subject_id=record.pk,
            actor=actor,
            how=How.SYSTEM if actor is None else How.PAGE,
            action=action,
            from_state=AppraisalStatus.OPEN,
            to_state=AppraisalStatus.OPEN,
            at=on,
        )
        self.history.append(entry)


def _chain(entries: list[HistoryEntry]) -> None:
    """Set the states of each history entry so that it continues from the one before, and is later."""
    state, sent, before = S.AGREED.value, 0, dt.datetime.min.replace(tzinfo=dt.UTC)
    for entry in entries:
        before = entry.at = max(entry.at, before + dt.timedelta(seconds=1))  # drawn times may be equal
        sent += entry.action == "send_reflection"
        entry.from_state = state
        state = S.COMPLETE if sent == BOTH else LEADS_TO.get(entry.action, state)
        entry.to_state = state
