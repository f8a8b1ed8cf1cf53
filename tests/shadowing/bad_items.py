"""Items that always go wrong, one in each step of the schedule, beside others that are to be done.

What goes wrong is refused by the database itself (a trigger on one row), so nothing of ours is replaced.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.sessions.models import Session as BrowserSession
from django.db import connection
from django.utils import timezone

from accounts.encryption import seal
from accounts.models import Delegation, Person, WaitingItem
from accounts.workflow import perform
from coordination.workflow import announcements
from departments.enums import ImportState
from departments.models import HrImport
from messaging.enums import MessageStatus
from messaging.models import Message
from shadowing.enums import Consent, Part, WaitingKind
from shadowing.enums import PlacementStatus as P
from shadowing.enums import RequestStatus as S
from shadowing.models import (
    AdjustmentNeeds,
    Announcement,
    ClosureDay,
    Figures,
    FollowUp,
    Placement,
    Request,
    Suggestion,
    Visit,
)
from shadowing.rules.deadlines import last_day_to_remind_of, working_calendar
from tests.cast import Cast, member
from tests.departments.importing import kept
from tests.factories import PersonFactory, RequestFactory, at
from tests.shadowing.stuck import lost

AGO = dt.timedelta(days=90)
FUNCTION = """
CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $body$
DECLARE r jsonb := to_jsonb(COALESCE(NEW, OLD));
BEGIN IF {condition} THEN RAISE EXCEPTION 'a planted fault'; END IF; RETURN COALESCE(NEW, OLD); END $body$;
CREATE TRIGGER zz_{name} BEFORE INSERT OR UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION {name}();
"""
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Planted:
    """``job``: under which name the bad item is noted; ``done``: whether the good one was dealt with."""

    job: str
    done: Callable[[], bool]


def refuse(model: type[Any], **values: Any) -> None:
    """Let the database refuse every change of the rows that hold these values (text: anywhere in it)."""
    parts = [
        f"r->>'{name}' LIKE '%{value}%'" if name in ("text", "key") else f"r->>'{name}' = '{value}'"
        for name, value in values.items()
    ]
    name = f"planted_{next(_numbers)}"
    with connection.cursor() as cursor:
        cursor.execute(FUNCTION.format(name=name, condition=" AND ".join(parts), table=model._meta.db_table))


class Plants:
    """Sets up everything at once; what each step finds is its own."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.manager = cast.manager
        cast.scheme.live_requests = cast.scheme.cap_half_days = 50
        cast.scheme.save()

    def all(self) -> dict[str, Planted]:
        """A bad and a good item for each step, by its name."""
        steps = {
            name.removeprefix("plant_"): getattr(self, name) for name in dir(self) if name[:6] == "plant_"
        }
        return {name: plant() for name, plant in steps.items()}

    # --- material ----------------------------------------------------------------------------------------

    def visitor(self) -> Person:
        return member(self.cast.library, line_manager=self.manager)

    def sent(self, **given: Any) -> Request:
        draft = RequestFactory.create(shadow=self.visitor(), session=self.cast.window(), **given)
        return perform(draft, "submit", actor=draft.shadow)

    def item(self, request: Request) -> WaitingItem:
        return WaitingItem.objects.open().about(request).get()

    def visit(self, day: int) -> Placement:
        window = {"window_starts": at(10).date(), "window_ends": at(60).date()}
        asked = perform(self.sent(**window), "approve", actor=self.manager)
        hour = (at(day, 10), at(day, 12))
        done = perform(asked, "agree", actor=self.cast.host, visits=[hour])
        return Placement.objects.get(request=done)

    def over(self, day: int, ended: dt.timedelta, status: str = P.TO_REFLECT) -> Placement:
        # Each at its own time: nobody hosts two at once.
        placement, at_ = self.visit(day), timezone.now() - ended - dt.timedelta(hours=3 * (day - 20))
        placement.visits.update(starts_at=at_ - dt.timedelta(hours=2), ends_at=at_, settled_at=at_)
        Placement.objects.filter(pk=placement.pk).update(status=status, ended_at=at_, took_place=True)
        return placement

    # --- the scheme --------------------------------------------------------------------------------------

    def plant_closures(self) -> Planted:
        bad = self.item(self.sent())
        day = working_calendar(self.cast.scheme).after(timezone.localdate(), 4)
        refuse(WaitingItem, id=bad.pk)
        closure = ClosureDay.objects.create(
            day=day, name="Planted", added_at=timezone.now() + dt.timedelta(1)
        )
        return Planted("closures_of", lambda: ClosureDay.objects.get(pk=closure.pk).counted_at is not None)

    def plant_staff_changes(self) -> Planted:
        bad, good, new = self.sent(), self.sent(), member(self.cast.library)
        refuse(Request, id=bad.pk)
        for request in (bad, good):
            Person.objects.filter(pk=request.shadow_id).update(line_manager=new)
        asked = good.decisions.filter(asked=new)
        return Planted("hand_over", asked.exists)

    def plant_leavers(self) -> Planted:
        bad, good = self.sent(), self.sent()
        refuse(Request, id=bad.pk)
        Person.objects.filter(pk__in=[bad.shadow_id, good.shadow_id]).update(is_active=False)
        return Planted("requests_of_leavers", lambda: Request.objects.get(pk=good.pk).status == S.WITHDRAWN)

    def plant_hosts(self) -> Planted:
        bad, good, gone = self.visit(34), self.visit(35), member(self.cast.it, is_active=False)
        Placement.objects.filter(pk__in=[bad.pk, good.pk]).update(host=gone)
        refuse(WaitingItem, subject_id=bad.pk, kind=WaitingKind.FIND_HOST)
        asked = WaitingItem.objects.filter(subject_id=good.pk, kind=WaitingKind.FIND_HOST)
        return Planted("hosts", asked.exists)

    def plant_joiners(self) -> Planted:
        bad, good, new = self.visit(36), self.visit(37), member(self.cast.it)
        for visit in (bad, good):  # as a host's change in the database leaves it: nobody was asked yet
            visit.participations.create(person=new, part=Part.CO_HOST, consent=Consent.ASKED)
        refuse(WaitingItem, subject_id=bad.pk, kind=WaitingKind.LET_READ)
        asked = WaitingItem.objects.filter(subject_id=good.pk, kind=WaitingKind.LET_READ)
        return Planted("joiners", asked.exists)

    def plant_passed(self) -> Planted:
        bad, good, day = self.sent(), self.sent(), timezone.localdate() - dt.timedelta(days=1)
        both = Request.objects.filter(pk__in=[bad.pk, good.pk])
        both.update(window_starts=day, window_ends=day)
        refuse(Request, id=bad.pk)
        return Planted("passed", lambda: Request.objects.get(pk=good.pk).status == S.LAPSED)

    def plant_unreachable(self) -> Planted:
        bad, good = self.item(self.sent()), self.item(self.sent())
        refuse(WaitingItem, id=bad.pk)
        for item in (bad, good):
            lost(self.manager, needed_while=item)
        return Planted("unreachable", lambda: WaitingItem.objects.get(pk=good.pk).escalated_at is not None)

    def plant_addresses(self) -> Planted:
        for name in ("bad", "good"):
            person = member(self.cast.library, email=f"{name}-address@example.ac.uk")
            lost(person, not_before=timezone.now())
        refuse(Message, text="bad-address", template="address_refused_to_coordinator")
        told = Message.objects.filter(
            template="address_refused_to_coordinator", text__contains="good-address"
        )
        return Planted("addresses", told.exists)

    def plant_visits(self) -> Planted:
        bad, good = self.visit(20), self.visit(21)
        refuse(Placement, id=bad.pk)
        for number, each in enumerate((bad, good), start=1):
            first = timezone.now() - dt.timedelta(minutes=10 * number)
            each.visits.update(starts_at=first, ends_at=first + dt.timedelta(minutes=5))
        return Planted("visits", lambda: Placement.objects.get(pk=good.pk).status == P.TO_REFLECT)

    def plant_visit_reminders(self) -> Planted:
        bad, good = (Visit.objects.get(placement=self.visit(day)) for day in (22, 23))
        day = last_day_to_remind_of(self.cast.scheme)
        for number, each in enumerate((bad, good), start=8):
            start = timezone.make_aware(dt.datetime.combine(day, dt.time(number)))
            times = {"starts_at": start, "ends_at": start + dt.timedelta(minutes=30), "reminded_at": None}
            Visit.objects.filter(pk=each.pk).update(**times)
        refuse(Visit, id=bad.pk)
        return Planted("visit_reminders", lambda: Visit.objects.get(pk=good.pk).reminded_at is not None)

    def plant_moves(self) -> Planted:
        items = []
        for day in (24, 25):
            placement, gone = self.visit(day), PersonFactory.create(is_active=False)
            given: dict[str, Any] = {"visits": [(at(day + 20, 10), at(day + 20, 12))], "reason": "workload"}
            perform(placement, "propose_move", actor=placement.shadow, **given)
            waits = WaitingItem.objects.open().about(placement).filter(kind=WaitingKind.ANSWER_MOVE)
            waits.update(owner=gone)
            items.append(waits.get())
        refuse(WaitingItem, id=items[0].pk)
        return Planted("moves", lambda: WaitingItem.objects.get(pk=items[1].pk).closed_at is not None)

    def plant_asked_later(self) -> Planted:
        today = timezone.localdate()
        bad, good = (
            FollowUp.objects.create(placement=self.over(day, dt.timedelta(days=2)), days=2, ask_on=today)
            for day in (26, 27)
        )
        refuse(FollowUp, id=bad.pk)
        return Planted("asked_later", lambda: FollowUp.objects.get(pk=good.pk).asked_at is not None)

    def plant_completed(self) -> Planted:
        bad, good = self.over(28, AGO), self.over(29, AGO)
        refuse(Placement, id=bad.pk)
        return Planted("completed", lambda: Placement.objects.get(pk=good.pk).status == P.COMPLETE)

    def plant_needs_wiped(self) -> Planted:
        bad, good = (
            AdjustmentNeeds.objects.create(placement=self.over(day, dt.timedelta(days=3)), sealed=seal("x"))
            for day in (30, 31)
        )
        refuse(AdjustmentNeeds, id=bad.pk)
        return Planted("needs_wiped", lambda: not AdjustmentNeeds.objects.filter(pk=good.pk).exists())

    def plant_suggestions(self) -> Planted:
        said = {"by": self.manager, "offer": self.cast.offer, "made_at": timezone.now() - AGO}
        bad, good = (Suggestion.objects.create(person=self.visitor(), **said) for _ in range(2))
        refuse(Suggestion, id=bad.pk)
        return Planted("suggestions", lambda: Suggestion.objects.get(pk=good.pk).lapsed_at is not None)

    def plant_deputies(self) -> Planted:
        first = timezone.localdate() - dt.timedelta(days=1)
        bad, good = (
            Delegation.objects.create(manager=self.visitor(), deputy=self.visitor(), starts_on=first)
            for _ in range(2)
        )
        refuse(Delegation, id=bad.pk)
        return Planted("deputies", lambda: Delegation.objects.get(pk=good.pk).announced_at is not None)

    def plant_forgotten(self) -> Planted:
        over = timezone.now() - AGO
        for name in ("bad", "good"):
            BrowserSession.objects.create(session_key=name, session_data="", expire_date=over)
        refuse(BrowserSession, session_key="bad")
        return Planted("forgotten_one", lambda: not BrowserSession.objects.filter(pk="good").exists())

    def plant_due(self) -> Planted:
        bad, good = self.item(self.sent()), self.item(self.sent())
        today = timezone.localdate()
        plan = [[today.isoformat(), "remind"]]
        WaitingItem.objects.filter(pk__in=[bad.pk, good.pk]).update(
            next_on=today, next_step="remind", plan=plan
        )
        refuse(WaitingItem, id=bad.pk)
        return Planted("due", lambda: WaitingItem.objects.get(pk=good.pk).reminders_sent == 1)

    def plant_announced(self) -> Planted:
        today, bad = timezone.localdate(), self.visitor()
        for title in ("Bad", "Good"):
            said = {"title": title, "words": "Words", "by_mail": True, "branch": self.cast.library}
            days = {"shows_from": today, "shows_until": today + dt.timedelta(days=5)}
            announcements.announce(Announcement(**said, **days), by=self.cast.coordinator)
        refuse(Announcement, title="Bad")
        refuse(Message, recipient_id=bad.pk, template="announced_to_person")
        told = Message.objects.filter(template="announced_to_person", recipient=self.cast.shadow)
        good = Announcement.objects.filter(title="Good", mailed_at__isnull=False)
        return Planted("announced_to", lambda: told.exists() and good.exists())

    def plant_files(self) -> Planted:
        bad = kept(self.cast.coordinator, "1,ann@example.ac.uk,Ann,Archer,LIB,,yes")
        good = kept(self.cast.coordinator, "2,ben@example.ac.uk,Ben,Baker,LIB,,yes")
        refuse(HrImport, id=bad.pk)
        return Planted("files", lambda: HrImport.objects.get(pk=good.pk).state == ImportState.JUDGED)

    def plant_figures(self) -> Planted:
        refuse(Figures, schemes=f"[{self.cast.scheme.pk}]")
        return Planted("figures", lambda: Figures.objects.filter(schemes=[]).exists())

    def plant_mail_words(self) -> Planted:
        sent: dict[str, Any] = {
            "status": MessageStatus.SENT,
            "sent_at": timezone.now() - AGO,
            "dated": timezone.now() - AGO,
        }
        bad = lost(self.cast.host, text="Old", **sent)
        refuse(Message, id=bad.pk)
        return Planted("schedule", lambda: True)
