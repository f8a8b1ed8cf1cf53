"""The demo organisation: who is in it, what has happened in it, and what waits for whom."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db.models import Count, F
from django.test import Client
from django.utils import timezone

from accounts.enums import How
from accounts.models import Delegation, HistoryEntry, Person, WaitingItem
from accounts.workflow import perform
from appraisals.enums import AppraisalStatus, AskKind
from appraisals.models import Appraisal, Cycle
from demo import named_people, scale
from demo.offers import SHOWCASE, SHOWCASE_DATED, SHOWCASE_WINDOW
from departments.enums import DepartmentKind
from departments.models import Coordinator, Department
from messaging.enums import MessageStatus
from messaging.models import Message
from shadowing.enums import DecisionRole, OfferStatus, Outcome, PlacementStatus, RequestStatus, WaitingKind
from shadowing.models import Announcement, Offer, Placement, Request, Scheme, Session, Suggestion
from shadowing.rules import rules
from shadowing.rules.deadlines import working_calendar
from tests.shadowing.seeded import db, demo, person  # noqa: F401  # two are fixtures

ROLES = {role.email.split("@")[0]: role for role in named_people.CAST}
STATUS_THAT_WAITS: dict[str, str] = {
    WaitingKind.MANAGER_DECISION: RequestStatus.WITH_MANAGER,
    WaitingKind.HOST_ANSWER: RequestStatus.WITH_HOST,
    WaitingKind.HOST_MANAGER_DECISION: RequestStatus.WITH_HOST_MANAGER,
    WaitingKind.CONFIRM_DATES: RequestStatus.DATES_PROPOSED,
    WaitingKind.CHANGE_REQUEST: RequestStatus.SENT_BACK,
    WaitingKind.CHECK_OFFER: OfferStatus.AWAITING_CHECK,
    WaitingKind.CHANGE_OFFER: OfferStatus.DRAFT,
    WaitingKind.HELP: RequestStatus.WITH_MANAGER,
    WaitingKind.ANSWER_MOVE: PlacementStatus.AGREED,
    WaitingKind.ALLOW_MOVE: PlacementStatus.AGREED,
    WaitingKind.LET_READ: PlacementStatus.AGREED,
    WaitingKind.REFLECT: PlacementStatus.TO_REFLECT,
    WaitingKind.LATER: PlacementStatus.COMPLETE,
    **dict.fromkeys(AskKind, AppraisalStatus.OPEN),
}
PAST = ("taking_place", "to_reflect", "no_show")
SUBJECTS = {model._meta.label_lower: model for model in (Request, Offer, Placement, Appraisal)}


def unit_of(name: str) -> str:
    return str(person(name).membership.department.unit.code)


def statuses(model: type[Any]) -> set[str]:
    return set(model.objects.values_list("status", flat=True))


def showcase(title: str) -> Offer:
    return Offer.objects.get(title=title)


def asking(shadow: Person, session: Session) -> Request:
    day = timezone.localdate(session.starts_at)
    return Request(
        shadow=shadow,
        origin=shadow.membership.department,
        offer=session.offer,
        session=session,
        objectives=["See how a service desk ranks what comes in."],
        window_starts=day,
        window_ends=timezone.localdate(session.ends_at),
        half_days=session.offer.half_days,
        agreement_accepted_at=timezone.now(),
    )


def test_demo_has_about_250_people_in_eleven_departments() -> None:
    assert Person.objects.count() == 250
    assert Department.objects.filter(kind=DepartmentKind.DEPARTMENT).count() == 11
    teams = Department.objects.filter(kind=DepartmentKind.TEAM)
    assert teams.count() == 44
    assert not teams.annotate(people=Count("memberships")).filter(people__lt=2).exists()


def test_demo_departments_have_colours_of_their_own() -> None:
    units = Department.objects.exclude(kind=DepartmentKind.TEAM)
    assert units.values("colour").distinct().count() == units.count()
    assert not Department.objects.filter(visitors_see="").exclude(kind=DepartmentKind.DIVISION).exists()


@pytest.mark.parametrize("name", sorted(ROLES))
def test_named_person_can_sign_in_with_the_demo_password(name: str) -> None:
    assert person(name).check_password("demo-shadowing")
    assert person(name).is_demo


def test_named_people_match_documentation() -> None:
    departments = {name: unit_of(name) for name in ("shadow", "manager", "host", "stranger")}
    assert departments == {"shadow": "LIB", "manager": "LIB", "host": "ITS", "stranger": "ESTATES"}
    assert person("shadow").line_manager == person("manager")
    assert person("host").line_manager == person("hostmanager")
    assert Scheme.objects.filter(coordinators=person("coordinator")).count() == Scheme.objects.count()
    coordinates = Coordinator.objects.filter(department__code="LIB")
    assert [each.person for each in coordinates] == [person("deptcoordinator")]
    assert person("admin").is_superuser
    assert Person.objects.filter(is_superuser=True).count() == 1


def test_manager_has_no_deputy_yet_so_that_one_can_be_named() -> None:
    assert not Delegation.objects.filter(manager=person("manager")).exists()
    Delegation.objects.create(
        manager=person("manager"), deputy=person("deputy"), starts_on=timezone.localdate()
    )


def test_some_deputies_act_today() -> None:
    running = Delegation.objects.on(timezone.localdate())
    assert running.exists()
    assert not running.filter(announced_at=None).exists(), "their deputies know of it"
    assert (
        Request.objects.filter(decisions__role=DecisionRole.LINE_MANAGER, decisions__answered_by__gt=0)
        .exclude(decisions__answered_by=F("decisions__asked"))
        .exists()
    )


def test_shadow_has_an_open_appraisal_of_this_year_with_objectives() -> None:
    cycle = Cycle.objects.at(timezone.localdate())
    appraisal = Appraisal.objects.get(person=person("shadow"), cycle=cycle)
    assert appraisal.status == "open"
    assert appraisal.appraiser == person("manager")
    assert appraisal.objectives.count() == 3


STATES: list[tuple[type[Any], Iterable[str]]] = [
    (Request, RequestStatus),
    (Offer, OfferStatus),
    (Placement, PlacementStatus),
    (Appraisal, AppraisalStatus),
]


@pytest.mark.parametrize(("model", "choices"), STATES)
def test_demo_has_every_state(model: type[Any], choices: Iterable[str]) -> None:
    assert statuses(model) == set(choices)


def test_host_shows_one_offer_with_dates_and_one_by_arrangement() -> None:
    offers = Offer.objects.filter(host=person("host"))
    assert {offer.title for offer in offers} == set(SHOWCASE)
    assert {offer.status for offer in offers} == {OfferStatus.OPEN}
    assert showcase(SHOWCASE_DATED).sessions.to_come().filter(by_arrangement=False).count() > 3
    assert showcase(SHOWCASE_WINDOW).sessions.to_come().get().by_arrangement  # a past visit may be drawn


def test_shadow_can_ask_for_both_offers_and_is_within_every_limit() -> None:
    shadow = person("shadow")
    for title in SHOWCASE:
        for session in showcase(title).sessions.to_come():
            assert rules.refusals(asking(shadow, session)) == [], session
        session = showcase(title).sessions.to_come().earliest("starts_at")
        request = asking(shadow, session)
        request.save()
        assert perform(request, "submit", actor=shadow).status == RequestStatus.WITH_MANAGER


def test_shadow_has_something_to_look_forward_to_and_something_to_remember() -> None:
    placements = Placement.objects.filter(shadow=person("shadow"))
    found = {each.status for each in placements}
    assert found == {PlacementStatus.AGREED, PlacementStatus.TO_REFLECT, PlacementStatus.COMPLETE}
    assert not Request.objects.under_way().filter(shadow=person("shadow")).exists()


@pytest.mark.parametrize("name", ["manager", "deputy", "host", "hostmanager", "coordinator"])
def test_something_waits_for_those_who_decide(name: str) -> None:
    assert WaitingItem.objects.awaiting(person(name)).exists()


def test_stranger_has_no_part_in_anything() -> None:
    stranger = person("stranger")
    assert not Request.objects.visible_to(stranger).exists()
    assert not Placement.objects.visible_to(stranger).exists()
    assert not WaitingItem.objects.awaiting(stranger).exists()
    assert not Offer.objects.hosted_by(stranger).exists()
    acts = HistoryEntry.objects.filter(actor=stranger).exclude(subject_type="appraisals.appraisal")
    assert not acts.exists()


def test_host_sees_only_requests_the_line_manager_has_agreed_to() -> None:
    hidden = (RequestStatus.DRAFT, RequestStatus.WITH_MANAGER, RequestStatus.SENT_BACK)
    for offer in Offer.objects.filter(host__coordinates=None).select_related("host"):
        seen = Request.objects.visible_to(offer.host).filter(offer=offer, status__in=hidden)
        for request in seen.exclude(shadow=offer.host).exclude(decisions__asked=offer.host):
            assert request.decisions.filter(role=DecisionRole.LINE_MANAGER, outcome=Outcome.AGREED).exists()


def test_every_open_waiting_item_is_true() -> None:
    suggested = Suggestion.objects.open()
    for item in WaitingItem.objects.open():
        if item.subject_type == Suggestion._meta.label_lower:
            assert suggested.get(pk=item.subject_id).person == item.owner
            continue
        subject = SUBJECTS[item.subject_type]._default_manager.get(pk=item.subject_id)
        assert subject.status == STATUS_THAT_WAITS[item.kind], item
        assert item.owner.is_active
        assert item.next_on is None or item.next_on > timezone.localdate()


def test_everything_undecided_waits_for_somebody() -> None:
    waiting = set(WaitingItem.objects.open().values_list("subject_id", flat=True))
    alone = Request.objects.under_way().exclude(status=RequestStatus.WAITING_LIST).exclude(pk__in=waiting)
    assert not alone.exists()


def test_history_of_every_request_is_ordered_and_ends_in_its_status() -> None:
    for request in Request.objects.exclude(status=RequestStatus.DRAFT):
        entries = list(HistoryEntry.objects.about(request))
        assert entries[-1].to_state == request.status
        assert [entry.from_state for entry in entries[1:]] == [entry.to_state for entry in entries[:-1]]
        assert all(entry.at <= timezone.now() for entry in entries)


def test_things_happened_on_working_days() -> None:
    calendar = working_calendar(Scheme.objects.get(branch=None))
    days = {
        timezone.localdate(at)
        for at in HistoryEntry.objects.exclude(how=How.SYSTEM).values_list("at", flat=True)
    }
    live = Request.objects.exclude(placement__status=PlacementStatus.COMPLETE)
    asked = live.exclude(submitted_at=None).exclude(placement__status__in=PAST)
    assert len(days) > 10
    assert all(calendar.is_working(timezone.localdate(request.submitted_at)) for request in asked)


def test_sessions_to_come_are_on_working_days() -> None:
    calendar = working_calendar(Scheme.objects.get(branch=None))
    sessions = Session.objects.to_come().filter(by_arrangement=False)
    assert sessions.count() > 100
    for session in sessions:
        assert calendar.is_working(timezone.localdate(session.starts_at)), session


def test_places_taken_are_those_of_the_requests_that_hold_one() -> None:
    holding = Session.objects.filter(requests__holds_place=True).annotate(held=Count("requests"))
    for session in holding:
        assert session.taken == session.requests.filter(holds_place=True).count(), session
    assert not Session.objects.filter(taken__gt=0).exclude(requests__holds_place=True).exists()


def test_nobody_visits_their_own_department() -> None:
    for placement in Placement.objects.select_related("origin__parent", "destination__parent"):
        assert placement.origin.unit != placement.destination.unit


def test_no_mail_is_sent_for_what_was_made_up() -> None:
    assert Message.objects.exists()
    statuses = set(Message.objects.values_list("status", flat=True))
    assert statuses <= {MessageStatus.DROPPED, MessageStatus.FAILED, MessageStatus.GATHERED}


def test_mail_that_came_back_can_be_sent_again_with_its_words() -> None:
    lost = Message.objects.get(status=MessageStatus.FAILED)
    assert "decide" in lost.text
    assert lost.subject != "No longer kept"


@pytest.mark.parametrize("name", ["coordinator", "deptcoordinator"])
def test_desk_of_the_coordinators_has_what_is_stuck_and_a_mail_that_came_back(name: str) -> None:
    client = Client()
    client.force_login(person(name))
    context = client.get("/coordinate/").context
    assert len(context["cards"]) >= 2
    assert all(card.item.escalated_at < timezone.now() - dt.timedelta(days=1) for card in context["cards"])
    assert [row.may_send_again for row in context["lost"]] == [True]
    assert WaitingItem.objects.awaiting(person("deptcoordinator")).filter(kind=WaitingKind.HELP).exists()


def test_something_is_announced_and_suggested() -> None:
    shown = {announcement.branch is None for announcement in Announcement.objects.at(timezone.localdate())}
    assert shown == {True, False}
    assert Suggestion.objects.open().filter(person=person("shadow"), by=person("manager")).exists()
    assert Coordinator.objects.filter(department__code="ACREG").count() == 2


def test_second_run_changes_nothing_and_says_so() -> None:
    before, said = scale.census(), StringIO()
    call_command("seed_demo", stdout=said)
    assert "nothing was changed" in said.getvalue()
    assert scale.census() == before
