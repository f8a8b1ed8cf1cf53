"""Drafts are their author's alone: not seen, not counted, and gone once they are thrown away."""

from __future__ import annotations

import datetime as dt
import importlib
import re

import pytest
from django.apps import apps
from django.utils import timezone

from accounts.models import HistoryEntry
from accounts.protection import retention
from accounts.workflow import GONE, TransitionError, perform
from coordination.workflow import announcements
from coordination.workflow.figures import refresh_figures
from coordination.workflow.placing import PlacingInput, place
from schedule.due import run_due
from shadowing.enums import OfferStatus
from shadowing.enums import RequestStatus as S
from shadowing.models import Announcement, Offer, Request, Suggestion
from shadowing.offers.workflow.suggestions import suggest_visit, take_up_offer
from tests.architecture import code
from tests.cast import Cast
from tests.factories import OfferFactory, PersonFactory, WindowFactory
from tests.shadowing.links import signed_in
from tests.shadowing.requesting import act_url

WORDS = "Find out how a night on call is paid"
OTHERS = ("manager", "deputy", "host", "host_manager", "coordinator", "dept_coordinator")
# "Not a draft" does not mean "was sent": ask ``sent()`` or ``was_sent``.
NOT_A_DRAFT = re.compile(
    r"~Q\(status=RequestStatus\.DRAFT|exclude\(status=RequestStatus\.DRAFT|!= (RequestStatus|R|S)\.DRAFT"
)


def thrown_away_by_the_last_release(cast: Cast) -> Request:
    """A draft that was withdrawn, as it was kept before."""
    request = cast.draft(objectives=[WORDS])
    Request.objects.filter(pk=request.pk).update(status=S.WITHDRAWN)
    entry = {"actor": cast.shadow, "how": "page", "action": "withdraw", "to_state": S.WITHDRAWN}
    HistoryEntry.objects.create(subject_type="shadowing.request", subject_id=request.pk, **entry)
    request.refresh_from_db()
    return request


def kept_of(record: Request | Offer) -> tuple[int, int]:
    """How many rows and how much history is left."""
    return type(record).objects.filter(pk=record.pk).count(), HistoryEntry.objects.about(record).count()


def test_no_query_takes_not_a_draft_for_sent() -> None:
    wrong = [
        f"{file.name}:{number}"
        for file in code()
        for number, line in enumerate(file.text.splitlines(), 1)
        if NOT_A_DRAFT.search(line)
    ]
    assert not wrong, wrong


def test_draft_thrown_away_leaves_nothing(cast: Cast) -> None:
    request = cast.draft(objectives=[WORDS])
    client = signed_in(cast.shadow)
    page = client.get(request.get_absolute_url()).content.decode()
    assert "Throw this draft away" in page
    assert "Nobody else has seen it" in page
    answer = client.post(act_url(request, "withdraw"), {"next": request.get_absolute_url()}, follow=True)
    assert (answer.status_code, answer.redirect_chain[-1][0]) == (200, "/requests/")
    assert "Your draft is deleted" in answer.content.decode()
    assert kept_of(request) == (0, 0)


def test_draft_thrown_away_twice_comes_too_late(cast: Cast) -> None:
    request = cast.draft()
    perform(request, "withdraw", actor=cast.shadow)
    for action in ("withdraw", "submit"):
        with pytest.raises(TransitionError, match=GONE):
            perform(request, action, actor=cast.shadow)


@pytest.mark.parametrize("state", ["draft", "thrown away"])
def test_nobody_else_reads_what_was_not_sent(cast: Cast, state: str) -> None:
    request = cast.draft(objectives=[WORDS]) if state == "draft" else thrown_away_by_the_last_release(cast)
    people = cast.people()
    for name in OTHERS:
        client = signed_in(people[name])
        assert client.get(request.get_absolute_url()).status_code == 404, name
        for path in (
            "/",
            "/coordinate/",
            "/team/",
            "/approvals/",
            "/requests/",
            f"/coordinate/people/?q={cast.shadow.last_name}",
        ):
            assert WORDS not in client.get(path, follow=True).content.decode(), (name, path)
        assert not Request.objects.visible_to(people[name]).filter(pk=request.pk).exists()
    admin = signed_in(PersonFactory.create(is_staff=True, is_superuser=True))
    assert str(request.pk) not in admin.get("/admin/shadowing/request/").content.decode()
    assert Request.objects.visible_to(cast.shadow).filter(pk=request.pk).exists()


@pytest.mark.parametrize("state", ["draft", "thrown away"])
def test_what_was_not_sent_is_not_counted(cast: Cast, state: str) -> None:
    cast.draft() if state == "draft" else thrown_away_by_the_last_release(cast)
    refresh_figures()
    figures = apps.get_model("shadowing", "Figures").objects.all()
    assert figures
    for found in figures:
        assert (found.numbers["sent"], found.numbers["withdrawn"]) == (0, 0)


def test_draft_of_somebody_who_left_is_deleted(cast: Cast) -> None:
    request = cast.draft()
    cast.shadow.is_active = False
    cast.shadow.save()
    run_due()
    assert kept_of(request) == (0, 0)


def test_request_sent_back_and_withdrawn_is_kept_and_counted(cast: Cast) -> None:
    request = perform(cast.submitted(), "send_back", actor=cast.manager, words="Which days?")
    assert perform(request, "withdraw", actor=cast.shadow).status == S.WITHDRAWN
    assert Request.objects.sent().filter(pk=request.pk).exists()


def test_manager_who_suggests_a_visit_learns_of_no_draft(cast: Cast) -> None:
    cast.draft()
    assert suggest_visit(cast.offer, cast.shadow, by=cast.manager).is_open
    assert Suggestion.objects.count() == 1


def test_coordinator_who_places_somebody_learns_of_no_draft(cast: Cast) -> None:
    draft = cast.draft()
    form_id = draft.pk
    placed = place(
        PlacingInput(form_id=form_id, person=cast.shadow, session=cast.session, objective="See it"),
        by=cast.coordinator,
    )
    assert placed.status == S.WITH_MANAGER
    with pytest.raises(TransitionError, match="asked for this visit already"):
        perform(draft, "submit", actor=cast.shadow)
    assert signed_in(cast.shadow).get(f"/offers/{cast.offer.pk}/request/").status_code == 200
    perform(draft, "withdraw", actor=cast.shadow)
    assert kept_of(draft) == (0, 0)


def test_last_releases_thrown_away_drafts_go_with_their_history(cast: Cast) -> None:
    gone, kept = thrown_away_by_the_last_release(cast), cast.submitted(session=cast.window())
    withdrawn = perform(cast.submitted(session=cast.window()), "withdraw", actor=cast.shadow)
    migration = importlib.import_module("shadowing.migrations.0027_drafts_thrown_away")
    for _ in range(2):
        migration.forget(apps, None)
    assert kept_of(gone) == (0, 0)
    assert kept_of(kept)[0] == kept_of(withdrawn)[0] == 1
    assert HistoryEntry.objects.about(withdrawn).count() == 2


def test_retention_takes_what_the_last_release_throws_away_beside_this_one(cast: Cast) -> None:
    gone, draft = thrown_away_by_the_last_release(cast), cast.draft(session=cast.window())
    retention.apply()
    assert kept_of(gone) == (0, 0)
    assert kept_of(draft) == (1, 0)


# --- offers and announcements ----------------------------------------------------------------------------


def draft_offer(cast: Cast) -> Offer:
    offer = OfferFactory.create(
        scheme=cast.scheme, department=cast.it, host=cast.host, status=OfferStatus.DRAFT, opened_at=None
    )
    WindowFactory.create(offer=offer)
    return offer


def test_draft_of_an_offer_thrown_away_leaves_nothing(cast: Cast) -> None:
    offer = draft_offer(cast)
    suggestion = Suggestion.objects.create(
        person=cast.host, by=cast.coordinator, department=cast.it, title="A morning", words="Please"
    )
    take_up_offer(suggestion, offer, by=cast.host)
    client = signed_in(cast.host)
    assert "Throw this draft away" in client.get(offer.get_absolute_url()).content.decode()
    answer = client.post(f"/offers/{offer.pk}/act/close_offer/", follow=True)
    assert "Your draft is deleted" in answer.content.decode()
    assert kept_of(offer) == (0, 0)
    suggestion.refresh_from_db()
    assert (suggestion.made_offer, suggestion.accepted_at is not None) == (None, True)


def test_offer_that_was_checked_and_sent_back_is_closed_and_kept(cast: Cast) -> None:
    cast.scheme.offers_checked = True
    cast.scheme.save()
    sent = perform(draft_offer(cast), "publish", actor=cast.host)
    back = perform(sent, "send_back_offer", actor=cast.coordinator, words="Say where.")
    assert perform(back, "close_offer", actor=cast.host).status == OfferStatus.CLOSED
    assert kept_of(back) == (1, 3)


@pytest.mark.parametrize(("days", "left"), [(0, 1), (3, 0)])
def test_announcement_ended_before_it_was_shown_is_deleted(cast: Cast, days: int, left: int) -> None:
    first = timezone.localdate() + dt.timedelta(days=days)
    said = {
        "title": "News",
        "words": "Words",
        "shows_from": first,
        "shows_until": first + dt.timedelta(days=1),
    }
    announcement = announcements.announce(Announcement(**said), by=cast.coordinator)
    announcements.end_announcement(announcement, by=cast.coordinator)
    assert Announcement.objects.count() == left
