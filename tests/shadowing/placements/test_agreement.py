"""The agreement: its versions, the tick of the request, the yes of both sides on the visit's page."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction
from django.db.models import Model, ProtectedError

from accounts.models import HistoryEntry
from accounts.workflow import TransitionError, perform
from shadowing.models import Acceptance, Agreement, Placement, Request
from tests.cast import Cast, member
from tests.factories import SchemeFactory, take_on
from tests.shadowing.requesting import act_url, ask_url, edit_url, filled, get, page_of, post, text

NEW = "Be kind to each other."


def rewrite(cast: Cast, words: str = NEW) -> Agreement:
    """The scheme writes a newer version."""
    cast.scheme.agreement = words
    cast.scheme.save()
    return Agreement.objects.latest("number")


def sides(placement: Placement) -> list[tuple[str, int]]:
    """Which side has accepted which version."""
    return [(row.side, row.agreement.number) for row in placement.acceptances.all()]


# --- the request ------------------------------------------------------------------------------------------


def test_request_keeps_the_version_that_was_ticked(cast: Cast) -> None:
    page = text(get(cast.shadow, ask_url(cast.offer)))
    assert "Health and safety." in page
    assert 'value="1"' in page[page.index('name="agreement"') - 200 : page.index('name="agreement"') + 200]
    post(cast.shadow, ask_url(cast.offer), **filled(cast.session, agreement="1"))
    request = Request.objects.get()
    assert (request.agreement, request.status) == (Agreement.objects.get(), "with_manager")


def test_tick_for_an_older_version_is_no_tick(cast: Cast) -> None:
    rewrite(cast)
    response = post(cast.shadow, ask_url(cast.offer), **filled(cast.session, agreement="1"))
    page = text(response)
    assert response.status_code == 422
    assert "The agreement was rewritten while you wrote." in page
    assert NEW in page
    tick = page[page.index('name="agreement"') - 200 : page.index('name="agreement"') + 300]
    assert "checked" not in tick
    assert not Request.objects.exists()


def test_tick_of_a_draft_does_not_outlive_its_version(cast: Cast) -> None:
    post(cast.shadow, ask_url(cast.offer), **filled(cast.session, agreement="1", draft="1"))
    request = Request.objects.get()
    assert (request.status, request.agreement_id) == ("draft", Agreement.objects.get().pk)
    rewrite(cast)
    page = text(get(cast.shadow, edit_url(request)))
    assert "checked" not in page[page.index('name="agreement"') - 200 : page.index('name="agreement"') + 300]
    with pytest.raises(TransitionError, match="The agreement was rewritten on"):
        perform(request, "submit", actor=cast.shadow)


def test_draft_whose_tick_was_taken_away_is_not_accepted(cast: Cast) -> None:
    given = filled(cast.session, agreement="1", draft="1")
    post(cast.shadow, ask_url(cast.offer), **given)
    del given["agreement"]
    post(cast.shadow, edit_url(Request.objects.get()), **given)
    request = Request.objects.get()
    assert (request.agreement, request.agreement_accepted_at) == (None, None)
    with pytest.raises(TransitionError, match="Please accept the agreement"):
        perform(request, "submit", actor=cast.shadow)


def test_request_sent_back_is_sent_again_under_the_newer_version(cast: Cast) -> None:
    request = perform(cast.submitted(), "send_back", actor=cast.manager, words="Which week?")
    newer = rewrite(cast)
    post(cast.shadow, edit_url(request), **filled(cast.session, agreement="2"))
    request.refresh_from_db()
    assert (request.status, request.agreement) == ("with_manager", newer)


# --- the visit --------------------------------------------------------------------------------------------


def test_what_was_accepted_with_the_request_holds_for_the_visit(cast: Cast) -> None:
    request = cast.agreed()
    placement = request.placement
    assert placement.agreement == Agreement.objects.get()
    row = Acceptance.objects.get()
    assert (row.side, row.person, row.at) == ("shadow", cast.shadow, request.agreement_accepted_at)
    page = page_of(cast.shadow, placement)
    assert "Sam Shadow, the visitor, accepted version 1 on" in page
    assert act_url(placement, "accept_agreement") not in page


def test_request_of_an_older_version_is_not_carried_over(cast: Cast) -> None:
    request = cast.approved()
    newer = rewrite(cast)
    placement = perform(request, "agree", actor=cast.host).placement
    assert (placement.agreement, sides(placement)) == (newer, [])
    assert "Read the agreement and accept it." in page_of(cast.shadow, placement)
    post(cast.shadow, act_url(placement, "accept_agreement"), number="2")
    assert sides(placement) == [("shadow", 2)]


@pytest.mark.parametrize("who", ["host", "co_host"])
def test_host_accepts_with_one_press(cast: Cast, who: str) -> None:
    co_host = member(cast.it, first_name="Kim", last_name="Co")
    take_on(cast.offer, co_host)
    placement, person = cast.agreed().placement, {"host": cast.host, "co_host": co_host}[who]
    assert "the host still to accept" in page_of(cast.shadow, placement)
    assert post(person, act_url(placement, "accept_agreement"), number="1").status_code == 303
    assert sides(placement) == [("shadow", 1), ("host", 1)]
    page = page_of(cast.manager, placement)
    assert f"{person.full_name}, the host, accepted version 1 on" in page
    assert "accepted by both sides" in page
    assert act_url(placement, "accept_agreement") not in page_of(cast.host, placement)
    assert HistoryEntry.objects.filter(action="accept_agreement", actor=person).count() == 1


def test_second_yes_of_a_side_gets_a_friendly_page(cast: Cast) -> None:
    placement = perform(cast.agreed().placement, "accept_agreement", actor=cast.host)
    response = post(cast.host, act_url(placement, "accept_agreement"), number="1")
    assert response.status_code == 409
    assert "Your side has accepted this version already." in text(response)
    assert sides(placement) == [("shadow", 1), ("host", 1)]


def test_newer_agreement_is_announced_and_can_be_accepted(cast: Cast) -> None:
    placement = perform(cast.agreed().placement, "accept_agreement", actor=cast.host)
    rewrite(cast)
    for person in (cast.shadow, cast.host):
        page = page_of(person, placement)
        assert "What you accepted stays as it is; you can accept the newer one too." in page
        assert NEW in page
        assert "Health and safety." in page
        assert "Read the agreement and accept it." not in page
        post(person, act_url(placement, "accept_agreement"), number="2")
    assert sides(placement) == [("shadow", 1), ("host", 1), ("shadow", 2), ("host", 2)]
    placement.refresh_from_db()
    assert placement.agreement is not None
    assert placement.agreement.number == 1


def test_who_has_accepted_none_is_asked_for_the_newer_one(cast: Cast) -> None:
    placement = cast.agreed().placement
    rewrite(cast)
    assert "This visit was agreed under version 1" in page_of(cast.host, placement)
    post(cast.host, act_url(placement, "accept_agreement"), number="2")
    assert sides(placement) == [("shadow", 1), ("host", 2)]


def test_page_that_shows_an_older_version_accepts_nothing(cast: Cast) -> None:
    placement = cast.agreed().placement
    rewrite(cast)
    response = post(cast.host, act_url(placement, "accept_agreement"), number="1")
    assert response.status_code == 409
    assert "has been rewritten meanwhile" in text(response)
    assert sides(placement) == [("shadow", 1)]


@pytest.mark.parametrize("who", ["manager", "deputy", "coordinator", "dept_coordinator"])
def test_nobody_else_accepts(cast: Cast, who: str) -> None:
    placement, person = cast.agreed().placement, cast.people()[who]
    assert post(person, act_url(placement, "accept_agreement"), number="1").status_code == 403
    assert "accepted version 1 on" in page_of(person, placement)


def test_other_schemes_have_versions_of_their_own(cast: Cast) -> None:
    other = SchemeFactory.create(name="Elsewhere", branch=cast.estates)
    rewrite(cast)
    numbers = [Agreement.objects.current(scheme) for scheme in (cast.scheme, other)]
    assert [each and each.number for each in numbers] == [2, 1]


@pytest.mark.parametrize("model", [Acceptance, Agreement])
def test_database_keeps_what_was_written_and_accepted(cast: Cast, model: type[Model]) -> None:
    perform(cast.agreed().placement, "accept_agreement", actor=cast.host)
    rows = model._default_manager.all()
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(id=99)
    with pytest.raises((DatabaseError, ProtectedError)), transaction.atomic():
        rows.delete()
