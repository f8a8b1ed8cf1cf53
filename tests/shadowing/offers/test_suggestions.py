"""Suggestions: to whom, how many, how they are accepted, declined or lapse, and who is notified."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts.models import AuditEntry, Person, WaitingItem
from accounts.workflow import TransitionError, perform
from messaging.models import Message
from schedule.due import run_due
from shadowing.models import Offer, Suggestion
from shadowing.offers.workflow.suggestions import MOST_OPEN, suggest_offer, suggest_visit
from tests.cast import Cast, member
from tests.factories import OfferFactory
from tests.home.test_home import queries_of
from tests.shadowing.links import signed_in

LIST = "/coordinate/suggestions/"


def suggested(cast: Cast, words: str = "You asked how calls are sorted.") -> Suggestion:
    return suggest_visit(cast.offer, cast.shadow, by=cast.manager, words=words)


def wanted(cast: Cast) -> Suggestion:
    words = "Three people asked for it."
    return suggest_offer(
        cast.it, cast.host_manager, "A day with the network", by=cast.coordinator, words=words
    )


def waits_for(person: Person) -> int:
    return WaitingItem.objects.awaiting(person).count()


def mails(person: Person) -> list[str]:
    return list(Message.objects.filter(recipient=person).values_list("template", flat=True))


def test_home_page_offers_to_ask_or_decline(cast: Cast) -> None:
    suggestion = suggested(cast)
    text = signed_in(cast.shadow).get("/").content.decode()
    assert "Mary Manager suggests a visit: A morning at the service desk" in text
    assert f'href="/offers/{cast.offer.pk}/request/"' in text
    assert f'action="/suggestions/{suggestion.pk}/decline/"' in text
    assert "You asked how calls are sorted." in text
    assert mails(cast.shadow) == ["visit_suggested_to_person"]


def test_request_accepts_the_suggestion(cast: Cast) -> None:
    suggestion = suggested(cast)
    request = cast.draft()
    assert waits_for(cast.shadow) == 1
    perform(request, "submit", actor=cast.shadow)
    suggestion.refresh_from_db()
    assert suggestion.accepted_at is not None
    assert waits_for(cast.shadow) == 0
    assert "suggestion_answered_to_person" not in mails(cast.manager)


def test_declining_needs_no_reason_and_notifies_the_manager_once(cast: Cast) -> None:
    suggestion = suggested(cast)
    client = signed_in(cast.shadow)
    url = f"/suggestions/{suggestion.pk}/decline/"
    assert client.post(url)["Location"] == "/"
    assert client.post(url).status_code == 409
    assert mails(cast.manager) == ["suggestion_answered_to_person"]
    mail = Message.objects.get(recipient=cast.manager)
    assert mail.subject == "IT Services: not now for Sam Shadow"
    assert waits_for(cast.shadow) == 0
    with pytest.raises(TransitionError, match="said “not now” to this visit on"):
        suggested(cast)
    Suggestion.objects.update(declined_at=timezone.now() - dt.timedelta(days=61))
    assert suggested(cast).pk != suggestion.pk


def test_visits_are_suggested_to_team_members_only(cast: Cast) -> None:
    for by, person in (
        (cast.manager, cast.host),
        (cast.manager, cast.manager),
        (cast.stranger, cast.shadow),
        (cast.coordinator, cast.shadow),
    ):
        with pytest.raises(PermissionDenied):
            suggest_visit(cast.offer, person, by=by)
    assert suggest_visit(cast.offer, cast.shadow, by=cast.deputy).by == cast.deputy


def test_senseless_suggestion_is_refused_with_a_sentence(cast: Cast) -> None:
    suggested(cast)
    with pytest.raises(TransitionError, match="suggested to them already"):
        suggested(cast)
    with pytest.raises(TransitionError, match="Hana Host hosts this visit"):
        suggest_visit(cast.offer, cast.host, by=cast.host_manager)
    paused = OfferFactory.create(scheme=cast.scheme, department=cast.it, host=cast.host, status="paused")
    with pytest.raises(TransitionError, match="not open at the moment"):
        suggest_visit(paused, cast.shadow, by=cast.manager)
    other = member(cast.library, line_manager=cast.manager)
    draft = cast.draft(shadow=other)  # which is nobody else's to know of
    assert suggest_visit(cast.offer, other, by=cast.manager).person == other
    perform(draft, "submit", actor=other)
    with pytest.raises(TransitionError, match="has asked for this visit already"):
        suggest_visit(cast.offer, other, by=cast.manager)


def test_suggestion_against_the_rules_is_refused(cast: Cast) -> None:
    own = OfferFactory.create(scheme=cast.scheme, department=cast.library, host=cast.deputy)
    with pytest.raises(TransitionError, match="Sam Shadow would read: “This visit is in your own department"):
        suggest_visit(own, cast.shadow, by=cast.manager)
    with pytest.raises(TransitionError, match="Stan Stranger does not work in IT Services"):
        suggest_offer(cast.it, cast.stranger, "A day", by=cast.coordinator, words="Asked for.")
    assert not Suggestion.objects.exists()


def test_open_suggestions_are_limited(cast: Cast) -> None:
    for _ in range(MOST_OPEN):
        offer = OfferFactory.create(scheme=cast.scheme, department=cast.it, host=cast.host)
        suggest_visit(offer, cast.shadow, by=cast.manager)
    with pytest.raises(TransitionError, match="has 5 suggestions to think about already"):
        suggested(cast)


def test_unanswered_suggestion_lapses_without_mail(cast: Cast) -> None:
    old, closed = suggested(cast), wanted(cast)
    assert not run_due()["suggestions"]
    Suggestion.objects.filter(pk=old.pk).update(made_at=timezone.now() - dt.timedelta(days=61))
    Person.objects.filter(pk=cast.host_manager.pk).update(is_active=False)
    assert run_due()["suggestions"] == 2
    assert not run_due()["suggestions"]
    assert not Suggestion.objects.open().exists()
    assert closed.person == cast.host_manager
    assert waits_for(cast.shadow) == 0


def test_coordinators_ask_only_where_they_coordinate(cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        suggest_offer(cast.it, cast.host, "x", by=cast.dept_coordinator, words="y")
    with pytest.raises(PermissionDenied):
        suggest_offer(cast.library, cast.host, "x", by=cast.manager, words="y")
    with pytest.raises(TransitionError, match="somebody else than yourself"):
        suggest_offer(cast.it, cast.coordinator, "x", by=cast.coordinator, words="y")


def test_offer_created_from_a_suggestion_accepts_it(cast: Cast) -> None:
    suggestion = wanted(cast)
    assert AuditEntry.objects.get().person == cast.host_manager
    client = signed_in(cast.host_manager)
    url = f"/offers/new/?suggestion={suggestion.pk}"
    assert url in client.get("/").content.decode()
    form = client.get(url).context["form"]
    assert form["title"].value() == "A day with the network"
    sent = {field.html_name: field.value() or "" for field in form if field.html_name != "window_places"}
    later = timezone.localdate() + dt.timedelta(days=60)
    sent |= {"will_see": "Switches.", "dates": "window", "window_first": timezone.localdate()}
    sent |= {"window_last": later, "window_places": "2"}
    answer = client.post(url, sent)
    assert answer.status_code == 303, answer.context["form"].errors
    suggestion.refresh_from_db()
    assert suggestion.made_offer == Offer.objects.get(title="A day with the network")
    assert "suggestion_answered_to_person" in mails(cast.coordinator)
    assert "Taken up on" in signed_in(cast.coordinator).get(LIST).content.decode()


def test_a_word_about_why_not_is_read_by_coordinators_alone(cast: Cast) -> None:
    suggestion, private = wanted(cast), suggested(cast)
    signed_in(cast.host_manager).post(f"/suggestions/{suggestion.pk}/decline/", {"words": "We move house."})
    text = signed_in(cast.coordinator).get(LIST).content.decode()
    assert "We move house." in text
    assert "service desk" not in text
    assert "We move house." not in signed_in(cast.dept_coordinator).get(LIST).content.decode()
    codes = {
        name: signed_in(person).get(f"/suggestions/{private.pk}/").status_code
        for name, person in cast.people().items()
    }
    assert {name for name, code in codes.items() if code == 200} == {"shadow", "manager"}
    assert signed_in(cast.manager).post(f"/suggestions/{private.pk}/decline/").status_code == 403
    assert signed_in(cast.stranger).get(LIST).status_code == 404


def test_pages_lead_through_a_suggestion(cast: Cast) -> None:
    client = signed_in(cast.manager)
    page = cast.offer.get_absolute_url()
    assert f"{page}suggest/" in client.get(page).content.decode()
    assert f"{page}suggest/" not in signed_in(cast.stranger).get(page).content.decode()
    assert signed_in(cast.stranger).get(f"{page}suggest/").status_code == 403
    assert client.post(f"{page}suggest/", {"member": cast.host.email}).status_code == 422
    assert client.post(f"{page}suggest/", {"member": cast.shadow.email})["Location"] == page
    coordinator = signed_in(cast.coordinator)
    sent = {"department": "ITS", "who": cast.host.email, "title": "A day", "words": "Asked for."}
    assert coordinator.post(f"{LIST}new/", {**sent, "title": ""}).status_code == 422
    assert coordinator.post(f"{LIST}new/", sent)["Location"] == LIST
    assert Suggestion.objects.open().count() == 2


def test_home_page_costs_one_more_query_with_a_suggestion(cast: Cast) -> None:
    client = signed_in(cast.shadow)
    before = queries_of(client, "/")
    suggested(cast)
    assert queries_of(client, "/") == before + 1
