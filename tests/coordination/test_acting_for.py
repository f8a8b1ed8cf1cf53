"""Acting for somebody: which coordinator may, for which actions, and that the person is told."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse

from accounts.enums import How
from accounts.models import AuditEntry, HistoryEntry, Person, WaitingItem
from accounts.workflow import TransitionError, never, perform
from departments.models import Coordinator
from messaging.models import Message
from shadowing.enums import Outcome
from shadowing.models import Placement, Request
from shadowing.placements.workflow.placements import PLACEMENTS
from shadowing.requests.workflow.requests import REQUESTS
from shadowing.rules.acting_for import STEPS, address
from shadowing.rules.timeline import timeline_of
from tests.cast import Cast, member
from tests.shadowing.links import page, signed_in, status_of
from tests.shadowing.visits import begin_now

TEMPLATE = "acted_on_behalf_to_person"
BY_PHONE = {"learned": "phone"}


def it_coordinator(cast: Cast) -> Person:
    person = member(cast.it, first_name="Ida", last_name="Itcoord")
    Coordinator.objects.create(department=cast.it, person=person)
    return person


def who_may(cast: Cast, record: Request | Placement, person: Person, action: str, **given: str) -> set[str]:
    """Who of everybody near it may take the step for ``person``, each of them first."""
    near = ("manager", "deputy", "host", "coordinator", "dept_coordinator", "stranger")
    everybody = {**{name: getattr(cast, name) for name in near}, "it_coordinator": it_coordinator(cast)}
    inputs: dict[str, Any] = {**BY_PHONE, **given}
    may = set()
    for name, each in everybody.items():
        with transaction.atomic(), suppress(PermissionDenied):
            perform(record, action, actor=each, on_behalf_of=person, **inputs)
            may.add(name)
            transaction.set_rollback(True)
    return may


def test_for_each_side_of_a_request_act_the_coordinators_of_that_side_alone(cast: Cast) -> None:
    request = cast.submitted()
    assert who_may(cast, request, cast.manager, "approve") == {"coordinator", "dept_coordinator"}
    url = address(request, "manager", "approve")
    assert {signed_in(each).post(url, BY_PHONE).status_code for each in (cast.host, cast.stranger)} == {404}
    perform(request, "approve", actor=cast.manager)
    assert who_may(cast, request, cast.host, "agree", place="Desk 4") == {"coordinator", "it_coordinator"}
    url = address(request, "host", "agree")
    assert signed_in(cast.dept_coordinator).post(url, BY_PHONE).status_code == 403


def test_in_a_visit_each_side_has_its_coordinators(cast: Cast) -> None:
    placement = cast.agreed().placement
    begin_now(placement)
    assert who_may(cast, placement, cast.shadow, "happened") == {"coordinator", "dept_coordinator"}
    assert who_may(cast, placement, cast.host, "happened") == {"coordinator", "it_coordinator"}
    url = address(placement, "host", "happened")
    assert signed_in(cast.dept_coordinator).post(url, BY_PHONE).status_code == 403


def test_nobody_acts_for_others_on_their_own_request(cast: Cast) -> None:
    Coordinator.objects.create(department=cast.library, person=cast.shadow)
    cast.scheme.coordinators.add(cast.shadow)
    request = cast.submitted()
    sent = signed_in(cast.shadow).post(address(request, "manager", "approve"), BY_PHONE)
    assert (sent.status_code, status_of(request)) == (403, "with_manager")


def test_answer_is_the_managers_and_everybody_can_see_who_noted_it(cast: Cast) -> None:
    request = cast.submitted()
    sent = signed_in(cast.coordinator).post(
        address(request, "manager", "approve"), {**BY_PHONE, "words": "Enjoy it."}
    )
    assert (sent.status_code, sent["Location"]) == (303, request.get_absolute_url())
    decision = request.decisions.get(role="line_manager")
    assert (decision.asked, decision.answered_by) == (cast.manager, cast.coordinator)
    assert (decision.outcome, decision.how) == (Outcome.AGREED, How.ON_BEHALF)
    entry = HistoryEntry.objects.about(request).get(action="approve")
    assert (entry.actor, entry.on_behalf_of, entry.how) == (cast.coordinator, cast.manager, How.ON_BEHALF)
    audit = AuditEntry.objects.get()
    assert (audit.actor, audit.person, audit.kind) == (cast.coordinator, cast.manager, "acted")
    assert audit.what == "“Agree” for somebody who could not, told by phone."
    mail = Message.objects.get(template=TEMPLATE)
    assert mail.recipient == cast.manager
    assert "has noted for you, as you said by phone: you agree." in mail.text
    assert "nothing left" not in mail.text  # after a visit that took place there is, for one
    assert not Message.objects.filter(template="decided_for_to_manager").exists()
    told = [moment.sentence for moment in timeline_of(Request.objects.get())]
    assert "Cora Coordinator, for Mary Manager, agreed." in told
    _, text = page(signed_in(cast.shadow), request.get_absolute_url())
    assert "as they had told the coordinator" in text


def test_without_saying_how_it_is_known_nothing_is_done(cast: Cast) -> None:
    request, client = cast.submitted(), signed_in(cast.coordinator)
    url = address(request, "manager", "decline")
    for given in ({"reason": "cover"}, {"reason": "cover", "learned": "guess"}):
        assert client.post(url, given).status_code == 422
    with pytest.raises(TransitionError, match="how you know"):
        perform(request, "decline", actor=cast.coordinator, on_behalf_of=cast.manager, reason="cover")
    assert status_of(request) == "with_manager"


def test_opening_the_pages_changes_nothing(cast: Cast) -> None:
    request, client = cast.submitted(), signed_in(cast.dept_coordinator)
    code, text = page(client, address(request, "manager"))
    assert code == 200
    assert all(address(request, "manager", action) in text for action in STEPS["manager"])
    assert page(client, address(request, "manager", "decline"))[0] == 200
    assert status_of(request) == "with_manager"
    assert page(client, address(request, "host-manager"))[0] == 404
    assert page(client, address(request, "manager", "withdraw"))[0] == 404


def test_action_that_came_too_late_shows_a_sentence(cast: Cast) -> None:
    request = cast.approved()
    sent = signed_in(cast.coordinator).post(address(request, "manager", "approve"), BY_PHONE)
    assert sent.status_code == 409
    assert "it is with the host now" in sent.content.decode()


def test_only_actions_agreed_by_phone_are_done_for_others() -> None:
    for workflow in (REQUESTS, PLACEMENTS):
        done = {name for name, step in workflow.transitions.items() if step.on_behalf is not never}
        assert done == set(workflow.transitions) & set().union(*STEPS.values())


def test_agreement_reflection_and_dates_stay_with_their_people(cast: Cast) -> None:
    placement = cast.agreed().placement
    for action in ("accept_agreement", "keep_reflection", "propose_move", "comment"):
        with pytest.raises(PermissionDenied):
            perform(placement, action, actor=cast.coordinator, on_behalf_of=cast.shadow, learned="phone")


def test_acting_for_is_refused_for_third_or_uninvolved_person(cast: Cast) -> None:
    request = cast.submitted()
    for person in (cast.stranger, cast.host, cast.coordinator):
        with pytest.raises(PermissionDenied):
            perform(request, "approve", actor=cast.coordinator, on_behalf_of=person, learned="phone")
    with pytest.raises(PermissionDenied):
        perform(request, "approve", actor=cast.deputy, on_behalf_of=cast.manager, learned="phone")


def test_visit_called_off_for_the_shadow_counts_as_theirs(cast: Cast) -> None:
    placement = cast.agreed().placement
    given = {**BY_PHONE, "reason": "workload"}
    sent = signed_in(cast.dept_coordinator).post(address(placement, "shadow", "cancel"), given)
    assert sent.status_code == 303
    placement.refresh_from_db()
    assert placement.cancelled_by == cast.shadow
    assert Message.objects.get(template=TEMPLATE).recipient == cast.shadow


def test_links_are_shown_only_where_they_are_allowed(cast: Cast) -> None:
    request = cast.submitted()
    url = address(request, "manager")
    people = (cast.dept_coordinator, it_coordinator(cast), cast.manager)
    shown = [url in page(signed_in(each), f"/requests/{request.pk}/")[1] for each in people]
    assert shown == [True, False, False]
    (item,) = WaitingItem.objects.about(request).open()
    assert url in page(signed_in(cast.coordinator), reverse("coordination:desk-item", args=[item.pk]))[1]


def test_nobody_acts_for_somebody_who_has_left(cast: Cast) -> None:
    request = cast.approved()
    cast.shadow.is_active = cast.host.is_active = False
    cast.shadow.save()
    cast.host.save()
    for person, action in ((cast.host, "agree"), (cast.shadow, "withdraw")):
        with pytest.raises(PermissionDenied):
            perform(request, action, actor=cast.coordinator, on_behalf_of=person, learned="phone")
