"""Who joins or leaves after the agreement: a step of its own; words only with the visitor's yes."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied

from accounts.models import AuditEntry, HistoryEntry, Person
from accounts.workflow import TransitionError, perform
from schedule.due import run_due
from shadowing.enums import Consent, Part
from shadowing.mail.emails import SENT_WITHOUT_WORDS
from shadowing.models import Placement
from shadowing.placements.encryption import needs_for
from shadowing.placements.workflow.adjustments import keep_needs
from shadowing.reflections.sharing import readable
from shadowing.rules.participants import hosts_of_visit
from tests.cast import Cast, member
from tests.factories import PersonFactory
from tests.shadowing.clock import mails
from tests.shadowing.joining import CANARY, everything_for, join, later, save_with, visit_full_of_words
from tests.shadowing.reflecting import both_sent
from tests.shadowing.requesting import get, page_of, post
from tests.shadowing.visits import after, fresh, hours, several_dates
from tools.paths import ROOT

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def placement(cast: Cast) -> Placement:
    return visit_full_of_words(cast)


@pytest.fixture
def joiner(cast: Cast) -> Person:
    return member(cast.it, first_name="Jo", last_name="Joiner")


# --- who gets in --------------------------------------------------------------------------------------------


def test_office_that_changes_an_offer_changes_no_visit(cast: Cast, placement: Placement) -> None:
    offer = placement.request.offer
    cast.scheme.coordinators.add(cast.stranger)
    save_with(offer, cast.coordinator, cast.coordinator, cast.stranger)
    assert set(offer.co_hosts.all()) == {cast.coordinator, cast.stranger}
    assert hosts_of_visit(placement) == [cast.host]
    for person in (cast.coordinator, cast.stranger):
        assert needs_for(person, fresh(placement)) is None
        assert f"{CANARY} needs" not in page_of(person, placement)
        assert not mails("hosts_changed_to_host", person)


def test_administrator_who_changes_an_offer_changes_no_visit(cast: Cast, placement: Placement) -> None:
    admin = PersonFactory.create(is_staff=True, is_superuser=True)
    placement.request.offer.co_hosts.add(admin)
    assert get(admin, placement.get_absolute_url()).status_code == 404
    assert needs_for(admin, placement) is None


@pytest.mark.parametrize("who", ["coordinator", "host"])
def test_nobody_adds_themselves(cast: Cast, placement: Placement, who: str) -> None:
    person = cast.people()[who]
    with pytest.raises(TransitionError):
        perform(placement, "join", actor=person, person=person)
    if who == "coordinator":
        answer = post(person, f"{placement.get_absolute_url()}act/join/", who=person.email)
        assert answer.status_code in (404, 409)
    assert hosts_of_visit(placement) == [cast.host]


@pytest.mark.parametrize(
    "who", ["shadow", "manager", "deputy", "dept_coordinator", "host_manager", "stranger"]
)
def test_only_hosts_and_their_coordinators_add(
    cast: Cast, placement: Placement, joiner: Person, who: str
) -> None:
    with pytest.raises(PermissionDenied):
        perform(placement, "join", actor=cast.people()[who], person=joiner)


def test_joiner_who_may_not_read_adds_nobody(cast: Cast, placement: Placement, joiner: Person) -> None:
    join(placement, joiner, cast.host)
    with pytest.raises(PermissionDenied):
        perform(placement, "join", actor=joiner, person=cast.stranger)


@pytest.mark.parametrize("name", ["shadow", "host"])
def test_who_takes_part_joins_no_second_time(cast: Cast, placement: Placement, name: str) -> None:
    with pytest.raises(TransitionError, match="takes part in this visit already|add yourself"):
        perform(placement, "join", actor=cast.coordinator, person=cast.people()[name])


def test_who_is_elsewhere_then_does_not_join(cast: Cast, placement: Placement, joiner: Person) -> None:
    other = several_dates(cast, 40)
    first, last = hours(20)
    other.visits.update(shadow=cast.stranger, host=joiner, starts_at=first, ends_at=last)
    Placement.objects.filter(pk=other.pk).update(host=joiner)
    with pytest.raises(TransitionError, match="already has an agreed visit"):
        perform(placement, "join", actor=cast.host, person=joiner)


def test_host_who_changes_the_offer_takes_colleagues_on_and_off(
    cast: Cast, placement: Placement, joiner: Person
) -> None:
    offer = placement.request.offer
    save_with(offer, cast.host, joiner)
    assert hosts_of_visit(placement) == [cast.host, joiner]
    assert placement.participations.get(person=joiner).consent == Consent.ASKED
    save_with(offer, cast.host)
    assert hosts_of_visit(placement) == [cast.host]
    assert mails("hosting_ended_to_host", joiner)


# --- what is told -------------------------------------------------------------------------------------------


def test_visitor_hears_of_it_and_history_and_audit_know(
    cast: Cast, placement: Placement, joiner: Person
) -> None:
    row = join(placement, joiner, cast.coordinator)
    (told,) = mails("hosts_changed_to_shadow", cast.shadow)
    assert "Cora Coordinator has added Jo Joiner" in told.text
    assert "They read nothing that you write unless you agree." in told.text
    assert (row.joined_by, row.part, row.consent) == (cast.coordinator, Part.CO_HOST, Consent.ASKED)
    entry = HistoryEntry.objects.about(placement).filter(action="join").get()
    assert (entry.actor, entry.reason) == (cast.coordinator, "Jo Joiner joins as co-host.")
    assert AuditEntry.objects.filter(what="Added a co-host to a visit.").exists()
    page = page_of(cast.shadow, placement)
    assert "Jo Joiner joined your visit. Say whether they may read what you write." in page
    assert "May Jo read what you and your hosts write from now on" in page


def test_joiner_sees_times_place_and_who_and_no_words(
    cast: Cast, placement: Placement, joiner: Person, clock: time_machine.Traveller
) -> None:
    join(placement, joiner, cast.host)
    later(clock)
    perform(placement, "comment", actor=cast.shadow, words=f"{CANARY} another comment")
    moved: dict[str, Any] = {"visits": [hours(22), hours(31)], "reason": "other"}
    perform(placement, "propose_move", actor=cast.shadow, words=f"{CANARY} move", **moved)
    seen = everything_for(joiner, placement)
    assert CANARY not in seen
    page = page_of(joiner, placement)
    assert all(
        words in page for words in ("Sam Shadow", "Hana Host", "Tue 23 March", "Take yourself off this visit")
    )
    assert get(joiner, placement.request.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("template", sorted(SENT_WITHOUT_WORDS))
def test_every_mail_they_get_is_rendered_without_words(template: str) -> None:
    """None of the templates knows of words in another way than through what is left out."""
    text = (ROOT / f"templates/emails/{template}.html").read_text()
    for path in ("objectives", "want_to_see", "follow_up", "thanks", "comment", "briefing"):
        assert path not in text
    if "aims" in text or "cancel_words" in text:
        assert "{% if reads %}" in text


def test_cancellation_comes_without_its_words(cast: Cast, placement: Placement, joiner: Person) -> None:
    join(placement, joiner, cast.host)
    perform(placement, "cancel", actor=cast.shadow, reason="other", words=f"{CANARY} cancelled")
    assert len(mails("placement_cancelled_to_host", joiner)) == 1
    assert CANARY not in everything_for(joiner, placement)
    assert f"{CANARY} cancelled" in mails("placement_cancelled_to_host", cast.host)[0].text


def test_with_consent_they_read_what_is_written_from_then_on(
    cast: Cast, placement: Placement, joiner: Person, clock: time_machine.Traveller
) -> None:
    row = join(placement, joiner, cast.host)
    later(clock)
    perform(placement, "let_read", actor=cast.shadow, part=row.pk)
    assert f"{CANARY} comment" not in page_of(joiner, placement)
    assert needs_for(joiner, fresh(placement)) is None
    later(clock)
    perform(placement, "comment", actor=cast.shadow, words="Written afterwards")
    keep_needs(placement, cast.shadow, "Needed afterwards")
    page = page_of(joiner, placement)
    assert "Written afterwards" in page
    assert "Needed afterwards" in page
    assert f"{CANARY} objective" in page  # what the visit is for: the visitor was asked for that too
    assert mails("comment_written_to_host", joiner)
    assert f"{CANARY} comment" not in everything_for(joiner, placement)


def test_refusal_and_a_change_of_mind_close_it(
    cast: Cast, placement: Placement, joiner: Person, clock: time_machine.Traveller
) -> None:
    row = join(placement, joiner, cast.host)
    perform(placement, "let_read", actor=cast.shadow, part=row.pk)
    later(clock)
    perform(placement, "comment", actor=cast.shadow, words="Said in between")
    perform(placement, "keep_from", actor=cast.shadow, part=row.pk)
    assert "Said in between" not in page_of(joiner, placement)
    with pytest.raises(PermissionDenied):
        perform(placement, "comment", actor=joiner, words="May I?")
    with pytest.raises(PermissionDenied):
        perform(placement, "let_read", actor=cast.host, part=row.pk)


def test_reflections_sent_before_the_consent_stay_closed(
    cast: Cast, placement: Placement, joiner: Person, clock: time_machine.Traveller
) -> None:
    row = join(placement, joiner, cast.host)
    after(clock, placement)
    run_due()
    both_sent(cast, fresh(placement))
    assert readable(fresh(placement), cast.host)
    assert not [one for one in readable(fresh(placement), joiner) if one.reflection.author != joiner]
    later(clock)
    perform(fresh(placement), "let_read", actor=cast.shadow, part=row.pk)
    assert not [one for one in readable(fresh(placement), joiner) if one.reflection.author != joiner]


def test_nobody_joins_a_visit_that_is_over(
    cast: Cast, placement: Placement, joiner: Person, clock: time_machine.Traveller
) -> None:
    after(clock, placement)
    run_due()
    with pytest.raises(TransitionError):
        perform(fresh(placement), "join", actor=cast.host, person=joiner)
    save_with(placement.request.offer, cast.host, joiner)
    assert get(joiner, placement.get_absolute_url()).status_code == 404
