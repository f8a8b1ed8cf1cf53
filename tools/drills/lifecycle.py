"""People with records of every kind: they ask, host, decide, write about a visit, and leave."""

from __future__ import annotations

import datetime as dt
import itertools
import json

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone

from accounts import waiting
from accounts.encryption import seal
from accounts.enums import AuditKind, How
from accounts.models import AuditEntry, Delegation, HistoryEntry, Person, WaitingItem
from accounts.workflow import perform
from appraisals.enums import ActivityPart, ActivityState, TalkOutcome
from appraisals.models import (
    Activity,
    Addition,
    Appraisal,
    Cycle,
    CycleExport,
    EvidenceNote,
    ExportChunk,
    Objective,
    Opening,
)
from departments.enums import ImportKind, ImportState
from departments.models import HrImport, Membership
from messaging.enums import MessageStatus
from messaging.models import Message
from shadowing.enums import Later, MoveOutcome, Side, StepBackReason
from shadowing.models import (
    Acceptance,
    AdjustmentNeeds,
    AgendaComment,
    Agreement,
    Announcement,
    Answer,
    DateChange,
    FollowUp,
    Placement,
    Reflection,
    ReflectionQuestion,
    Request,
    Session,
    Suggestion,
    ThankYou,
)
from tools.drills.scenery import Scenery, sessions

_numbers = itertools.count(1)


def person(scene: Scenery, *, at_host: bool = False, manager: Person | None = None) -> Person:
    """Make a person with a canary in each of their details."""
    n = next(_numbers)
    made = Person.objects.create_user(
        f"canary{n}@example.ac.uk",
        first_name=f"Canaryfirst{n}",
        last_name=f"Canarylast{n}",
        staff_number=f"canarystaff{n}",
        job_title=f"Canaryjob{n}",
        grade=f"canarygrade{n}",
        line_manager=manager,
    )
    Membership.objects.create(person=made, department=scene.away if at_host else scene.home)
    EmailAddress.objects.create(user=made, email=made.email, verified=True, primary=True)
    SocialAccount.objects.create(
        user=made, provider="oidc", uid=f"canaryuid{n}", extra_data={"n": f"canary{n}"}
    )
    session = SessionStore()
    session.update({"_auth_user_id": str(made.pk), "said": f"canary{n}"})
    session.save()
    return made


def make_four_people(scene: Scenery) -> list[Person]:
    """Make a shadow, their manager, the manager's deputy and a host, with one agreed visit."""
    manager, deputy = person(scene), person(scene)
    shadow, host = person(scene, manager=manager), person(scene, at_host=True, manager=manager)
    today = timezone.localdate()
    Delegation.objects.create(manager=manager, deputy=deputy, starts_on=today, announced_at=timezone.now())
    agreed, refused = sessions(scene.offers([host, host]), places=1)
    perform(_asked(shadow, refused), "submit", actor=shadow)
    perform(Request.objects.get(session=refused), "decline", actor=deputy, reason="cover", words="No cover.")
    visit = perform(_asked(shadow, agreed), "submit", actor=shadow)
    visit = perform(visit, "approve", actor=manager, words="Enjoy.")
    perform(visit, "agree", actor=host, place="Room 5", agenda="Calls.", contact="Ring 22.", words="Welcome.")
    return [shadow, manager, deputy, host]


def _asked(shadow: Person, session: Session) -> Request:
    first, last = (timezone.localdate(moment) for moment in (session.starts_at, session.ends_at))
    return Request.objects.create(
        shadow=shadow,
        origin=shadow.membership.department,
        offer=session.offer,
        session=session,
        objectives=["See how others do it.", "Learn their words."],
        want_to_see="The desk.",
        dates_note="Not on Mondays.",
        window_starts=first,
        window_ends=last,
        half_days=1,
        agreement_accepted_at=timezone.now(),
    )


def complete_visit_and_leave(people: list[Person]) -> None:
    """Let the visit take place with both reflections, then let all of them leave."""
    complete_visit(people)
    *_, host = people
    for offer in host.offers.all():
        perform(offer, "close_offer", actor=host)
    Person.objects.filter(pk__in=[who.pk for who in people]).update(is_active=False)
    for item in WaitingItem.objects.open().filter(owner__in=people):
        waiting.close_item(item)


def complete_visit(people: list[Person]) -> None:
    """Let the visit take place, let both sides write about it, and enter it in an appraisal."""
    shadow, manager, *_ = people
    placement = Placement.objects.get(shadow=shadow)
    over = timezone.now() - dt.timedelta(hours=2)
    placement.visits.update(starts_at=over - dt.timedelta(hours=3), ends_at=over)
    placement = perform(placement, "finish", actor=None, how=How.SYSTEM)
    _written(placement)
    placement = perform(placement, "complete", actor=None, how=How.SYSTEM)
    _appraised(shadow, manager, placement)
    _noted(people)


def _written(placement: Placement) -> None:
    shadow, host, scheme = placement.shadow, placement.host, placement.request.offer.scheme
    for side, author in ((Side.SHADOW, shadow), (Side.HOST, host)):
        written = Reflection.objects.create(placement=placement, side=side, author=author, tab="window")
        for question in ReflectionQuestion.objects.filter(scheme=scheme, side=side):
            Answer.objects.create(reflection=written, question=question, asked=question.text, words="Much.")
        AgendaComment.objects.create(placement=placement, author=author, words="See you.")
    DateChange.objects.create(
        placement=placement,
        proposed_by=host,
        reason=StepBackReason.WORKLOAD,
        words="Too much.",
        times=[],
        outcome=MoveOutcome.REFUSED,
        closed_at=timezone.now(),
    )
    ThankYou.objects.create(placement=placement, words="Thank you.")
    AdjustmentNeeds.objects.create(placement=placement, sealed=seal("A quiet room."))
    agreement = Agreement.objects.filter(scheme=scheme).latest("number")
    Acceptance.objects.create(placement=placement, agreement=agreement, side=Side.HOST, person=host)
    placement.follow_ups.all().delete()
    FollowUp.objects.create(
        placement=placement,
        days=60,
        ask_on=timezone.localdate(),
        answer=Later.ADOPTED,
        words="We do.",
        answered_at=timezone.now(),
    )


def _appraised(shadow: Person, manager: Person, placement: Placement) -> None:
    today, now = timezone.localdate(), timezone.now()
    cycle = Cycle.objects.at(today) or Cycle.objects.create(
        name=f"Year of {today}", starts_on=today - dt.timedelta(100), ends_on=today + dt.timedelta(200)
    )
    appraisal = Appraisal.objects.create(
        person=shadow,
        cycle=cycle,
        appraiser=manager,
        talk_on=today,
        talk_outcome=TalkOutcome.NOT_THIS_YEAR,
        talk_words="Next year.",
        talk_by=manager,
    )
    Objective.objects.create(appraisal=appraisal, text="Learn.", agreed_at=now, agreed_by=manager)
    for author in (shadow, manager):
        Addition.objects.create(appraisal=appraisal, author=author, words=f"{placement.host} said so.")
    activity = Activity.objects.create(
        appraisal=appraisal,
        source=placement.pk,
        part=ActivityPart.VISITED,
        title="A morning",
        partner=placement.host.full_name,
        origin=placement.origin,
        destination=placement.destination,
        starts_on=today,
        ends_on=today,
        half_days=1,
        state=ActivityState.TOOK_PLACE,
        url="/",
    )
    EvidenceNote.objects.create(
        activity=activity,
        author=shadow,
        parts=[["What?", "That."]],
        acknowledged_at=now,
        acknowledged_by=manager,
        comment="Good.",
    )
    Opening.objects.create(cycle=cycle, started_by=manager, absent=[shadow.email], finished_at=now)
    export = CycleExport.objects.create(cycle=cycle, started_by=manager, expires_at=now + dt.timedelta(7))
    ExportChunk.objects.create(export=export, number=0, body=shadow.email.encode())


def _noted(people: list[Person]) -> None:
    """Make records of coordinators and administrators about these people, and mark all mail as sent."""
    shadow, manager, *_ = people
    for who in people:
        AuditEntry.objects.create(
            kind=AuditKind.LOOKED, what="An appraisal.", actor=manager, how=How.PAGE, person=who
        )
        LogEntry.objects.create(
            user=manager,
            content_type=ContentType.objects.get_for_model(Person),
            object_id=str(who.pk),
            object_repr=str(who),
            action_flag=CHANGE,
            change_message=json.dumps(
                [{"changed": {"name": "person", "object": str(who), "fields": ["Email"]}}]
            ),
        )
    HistoryEntry.objects.create(
        subject_type=Placement._meta.label_lower,
        subject_id=Placement.objects.get(shadow=shadow).pk,
        actor=None,
        how=How.SYSTEM,
        action="nudged",
        to_state="complete",
        reason=f"To {manager.full_name}.",
    )
    Suggestion.objects.create(
        person=shadow, by=manager, department=shadow.membership.department, title="A look"
    )
    Announcement.objects.create(
        title="News",
        words="Much.",
        by=manager,
        shows_from=timezone.localdate(),
        shows_until=timezone.localdate(),
    )
    HrImport.objects.create(
        kind=ImportKind.PEOPLE,
        state=ImportState.DONE,
        uploaded_by=manager,
        file_name="people.csv",
        size=1,
        digest="0",
        samples={"left": [shadow.email]},
        started_at=timezone.now(),
        finished_at=timezone.now(),
    )
    mail = Message.objects.filter(status=MessageStatus.QUEUED)
    mail.update(status=MessageStatus.SENT, sent_at=timezone.now())
