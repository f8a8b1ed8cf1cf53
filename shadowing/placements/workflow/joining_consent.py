"""The visitor's consent to a new co-host reading: asked by mail, reminded once, then refused.

Without an answer nobody is shown anything, so no mail is sent when the time is over: the page of the visit
says so to both sides, and the visitor can still agree there.
"""

from __future__ import annotations

from django.utils import timezone

from accounts import batch, waiting
from accounts.enums import How
from accounts.models import WaitingItem
from accounts.workflow import perform
from shadowing.enums import Consent, PlacementStatus, WaitingKind
from shadowing.mail import emails
from shadowing.models import Participation, Placement
from shadowing.rules.batch import one_by_one
from shadowing.rules.deadlines import joiner_plan

S = PlacementStatus
ASK = batch.Job("joiners", "A visitor could not be asked whether somebody who joined may read", Placement)
ASKED_ABOUT = frozenset({S.AGREED, S.TAKING_PLACE, S.TO_REFLECT})


def ask_visitor_about(row: Participation) -> None:
    """Open the waiting item for the visitor's answer about ``row``.

    The mail that announces the co-host asks the question. A visit has one such item at a time, about the
    latest to join; the time for an answer starts again then.
    """
    placement = row.placement
    waiting.close_items(placement, WaitingKind.LET_READ)
    plan = joiner_plan(placement.request.offer.scheme, placement.shadow)
    waiting.open_item(placement.shadow, WaitingKind.LET_READ, placement, plan=plan, about=row.person)


def stop_asking_about(row: Participation) -> None:
    """Close the question about ``row``, or let it continue for another joiner without an answer."""
    left = row.placement.participations.active().filter(consent=Consent.ASKED).exclude(pk=row.pk)
    other = left.order_by("-joined_at", "-pk").first()
    if other is None:
        waiting.close_items(row.placement, WaitingKind.LET_READ)
        return
    items = WaitingItem.objects.open().about(row.placement).filter(kind=WaitingKind.LET_READ)
    items.filter(about=row.person_id).update(about=other.person_id)


def follow_joiners() -> int:
    """Ask about joiners not asked about yet; record a no after the deadline. Returns how many."""
    rows = Participation.objects.active().filter(consent=Consent.ASKED, placement__status__in=ASKED_ABOUT)
    return one_by_one(ASK, _follow, list(rows.order_by("pk").values_list("placement", "pk")))


def _follow(placement: Placement, part: int) -> int:
    row = placement.participations.active().filter(pk=part, consent=Consent.ASKED).first()
    if row is None or placement.status not in ASKED_ABOUT or not placement.shadow.is_active:
        return 0
    row.placement = placement
    item = WaitingItem.objects.open().about(placement).filter(kind=WaitingKind.LET_READ).first()
    if item is None:
        ask_visitor_about(row)
        return 1
    if not waiting.has_lapsed(item, timezone.localdate()):
        return 0
    perform(placement, "no_answer", actor=None, how=How.SYSTEM, part=part)
    return 1


def remind_of_joiner(item: WaitingItem, placement: Placement) -> None:
    """Remind the visitor, while there is still time to answer; close the item when the joiner has left."""
    rows = placement.participations.active().filter(consent=Consent.ASKED, person=item.about_id)
    row = rows.select_related("person", "joined_by").first()
    if row is None:
        waiting.close_item(item)
        return
    if waiting.has_lapsed(item, timezone.localdate()):
        return  # follow_joiners treats it as a no
    emails.queue_placement_mail(
        "hosts_changed_to_shadow",
        [item.owner],
        placement,
        item=item,
        occasion=f":{item.pk}:{item.reminders_sent}",
        joiner=row.person,
        leaver=None,
        by=row.joined_by,
        again=True,
        due=item.due_on,
        strip=None,
    )
