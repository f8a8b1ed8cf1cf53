"""The demo's visits and appraisals: every state of what comes after, and all of it consistent."""

from __future__ import annotations

import pytest
from django.db.models import Count, F, Q
from django.test import Client
from django.utils import timezone
from django.utils.html import escape

from accounts.models import HistoryEntry, WaitingItem
from appraisals.enums import ActivityPart, AppraisalStatus, AskKind, ExemptReason, TalkOutcome
from appraisals.models import Activity, Addition, Appraisal, Cycle, EvidenceNote, Objective, Opening
from appraisals.workflow.waiting_items import sync_waiting_items
from schedule.due import run_due
from shadowing.enums import (
    Later,
    MissedReason,
    MoveOutcome,
    PlacementStatus,
    RequestStatus,
    Share,
    Side,
    WaitingKind,
)
from shadowing.models import (
    Acceptance,
    AdjustmentNeeds,
    Answer,
    DateChange,
    FollowUp,
    Placement,
    Reflection,
    ThankYou,
    Visit,
)
from tests.shadowing.seeded import db, demo, person  # noqa: F401  # two are fixtures

S = PlacementStatus
pytestmark = pytest.mark.django_db


def of_this_year() -> Cycle:
    cycle = Cycle.objects.at(timezone.localdate())
    assert cycle is not None
    return cycle


def waits(name: str, kind: str) -> bool:
    return WaitingItem.objects.awaiting(person(name)).filter(kind=kind).exists()


def test_appraisals_are_exempt_for_each_reason_and_conversations_ended_in_each_way() -> None:
    exempt = Appraisal.objects.filter(status=AppraisalStatus.EXEMPT)
    assert set(exempt.values_list("exempt_reason", flat=True)) == set(ExemptReason)
    mine = Appraisal.objects.filter(cycle=of_this_year())
    assert set(mine.values_list("talk_outcome", flat=True)) == {"", *TalkOutcome}
    assert mine.filter(status="open", talk_on=None).count() > 60
    assert mine.filter(status="open", person_signed_at__isnull=False, appraiser_signed_at=None).exists()
    assert Addition.objects.exists()
    assert Objective.objects.filter(agreed_at=None).exists()
    assert Opening.objects.get().total == mine.count()


def test_what_waits_about_appraisals_is_what_the_workflow_would_open() -> None:
    for appraisal in Appraisal.objects.select_related("person__line_manager", "appraiser", "cycle"):
        before = set(WaitingItem.objects.open().about(appraisal).values_list("pk", flat=True))
        assert sync_waiting_items(appraisal) == []
        assert set(WaitingItem.objects.open().about(appraisal).values_list("pk", flat=True)) == before


def test_every_past_visit_ended_as_the_workflow_would_have_ended_it() -> None:
    over = Placement.objects.filter(status__in=[S.TO_REFLECT, S.COMPLETE, S.NO_SHOW])
    assert not over.exclude(request__status=RequestStatus.CLOSED).exists()
    assert not over.filter(ended_at=None).exists()
    held = over.exclude(status=S.NO_SHOW)
    assert not held.filter(Q(share_on=None) | ~Q(took_place=True)).exists()
    assert not held.annotate(n=Count("follow_ups")).exclude(n=2).exists()
    assert not Visit.objects.filter(placement__in=held, settled_at=None).exists()
    assert not Visit.objects.filter(placement__status=S.NO_SHOW, stands=True).exists()
    complete = Placement.objects.filter(status=S.COMPLETE)
    sent = complete.annotate(n=Count("reflections", filter=Q(reflections__sent_at__isnull=False)))
    assert set(sent.values_list("n", flat=True)) == {0, 1, 2}
    for placement in sent.exclude(n=2):
        assert HistoryEntry.objects.about(placement).filter(action="complete").exists()


def test_history_of_every_visit_is_ordered_and_ends_in_its_status() -> None:
    for placement in Placement.objects.all():
        entries = list(HistoryEntry.objects.about(placement))
        assert not entries or entries[-1].to_state == placement.status
        assert [e.from_state for e in entries[1:]] == [e.to_state for e in entries[:-1]], entries
        assert all(entry.at <= timezone.now() for entry in entries)


def test_missed_visits_have_every_reason_and_some_count() -> None:
    missed = Placement.objects.filter(status=S.NO_SHOW)
    assert set(missed.values_list("missed_reason", flat=True)) == set(MissedReason)
    assert missed.filter(counts=True).exists()
    forgiven = HistoryEntry.objects.filter(action="forgive").values("subject_id")
    assert missed.filter(pk__in=forgiven, missed_reason=MissedReason.SHADOW_ABSENT, counts=False).exists()


def test_reflections_are_drafts_and_sent_and_shared_in_every_way() -> None:
    assert Reflection.objects.filter(sent_at=None, answers__isnull=False).exists()
    assert set(Reflection.objects.values_list("side", flat=True)) == {Side.SHADOW, Side.HOST}
    assert set(Answer.objects.values_list("share", flat=True)) == set(Share)
    assert not Answer.objects.filter(reflection__sent_at=None, share__in=[Share.SHARED, "evidence"]).exists()
    assert ThankYou.objects.exists()


def test_evidence_is_in_both_appraisals_acknowledged_and_waiting() -> None:
    for part in ActivityPart:
        notes = EvidenceNote.objects.filter(activity__part=part)
        assert notes.filter(acknowledged_at=None).exists()
        assert notes.filter(acknowledged_at__isnull=False).exclude(comment="").exists()
    assert not EvidenceNote.objects.exclude(author=F("activity__appraisal__person")).exists()
    released = {
        (note.activity.source, note.activity.part) for note in EvidenceNote.objects.select_related("activity")
    }
    chosen = Answer.objects.filter(share=Share.EVIDENCE).select_related("reflection")
    parts = {Side.SHADOW: ActivityPart.VISITED, Side.HOST: ActivityPart.HOSTED}
    assert {(a.reflection.placement_id, parts[Side(a.reflection.side)]) for a in chosen} == released


def test_what_came_of_it_was_answered_in_each_way_and_is_asked_now() -> None:
    assert set(FollowUp.objects.values_list("answer", flat=True)) == {"", *Later}
    assert set(FollowUp.objects.exclude(answer="").values_list("days", flat=True)) == {60, 180}
    assert WaitingItem.objects.open().filter(kind=WaitingKind.LATER).exists()
    assert Activity.objects.exclude(outcome="").exists()


def test_demo_has_date_changes_in_every_state() -> None:
    assert set(DateChange.objects.values_list("outcome", flat=True)) == set(MoveOutcome)
    assert WaitingItem.objects.open().filter(kind=WaitingKind.ALLOW_MOVE).exists()


def test_agreements_are_accepted_by_one_side_and_by_both() -> None:
    agreed = Placement.objects.filter(status=S.AGREED).annotate(n=Count("acceptances"))
    assert set(agreed.values_list("n", flat=True)) == {1, 2}
    assert not Acceptance.objects.filter(at__gt=timezone.now()).exists()
    assert not Acceptance.objects.filter(at__lt=F("agreement__created_at")).exists()
    assert Placement.objects.filter(status=S.AGREED, comments__isnull=False, ticks__isnull=False).exists()
    assert AdjustmentNeeds.objects.exists()
    assert not AdjustmentNeeds.objects.exclude(placement__status__in=[S.AGREED, S.TAKING_PLACE]).exists()


def test_somebody_comes_over_weeks_and_a_group_was_counted() -> None:
    under_way = Placement.objects.get(status=S.TAKING_PLACE)
    times = list(under_way.visits.values_list("ends_at", flat=True))
    assert len(times) > 2
    assert min(times) < timezone.now() < max(times)
    groups = Visit.objects.filter(ends_at__lt=timezone.now()).values("placement__request__session")
    came = groups.annotate(
        came=Count("pk", filter=Q(took_place=True)), missed=Count("pk", filter=Q(took_place=False))
    )
    assert came.filter(came__gt=2, missed=1).exists()


def test_shadow_has_a_reflection_to_write_and_a_visit_to_come() -> None:
    assert waits("shadow", WaitingKind.REFLECT)
    to_come = Placement.objects.filter(shadow=person("shadow"), status=S.AGREED)
    assert to_come.filter(visits__starts_at__gt=timezone.now()).exists()


def test_manager_has_evidence_objectives_and_a_team() -> None:
    for kind in (AskKind.ACKNOWLEDGE, AskKind.AGREE_OBJECTIVES, AskKind.SIGN):
        assert waits("manager", kind), kind
    client = Client()
    client.force_login(person("manager"))
    page = client.get("/team/").content.decode()
    names = [escape(report.full_name) for report in person("manager").reports.active()]
    assert [name for name in names if name not in page] == []


def test_host_has_a_reflection_to_write_and_other_dates_to_answer() -> None:
    assert waits("host", WaitingKind.REFLECT)
    assert waits("host", WaitingKind.ANSWER_MOVE)
    assert ThankYou.objects.filter(placement__host=person("host")).exists()


def test_clock_finds_nothing_overdue_in_what_was_made_up() -> None:
    """The first run of the schedule only does what today brings: no flood of mail, no visit left behind."""
    before = dict(Placement.objects.values_list("pk", "status"))
    items = set(WaitingItem.objects.open().values_list("pk", flat=True))
    run_due()
    assert dict(Placement.objects.values_list("pk", "status")) == before
    assert set(WaitingItem.objects.open().values_list("pk", flat=True)) == items
