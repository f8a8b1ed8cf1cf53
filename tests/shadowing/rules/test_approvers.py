"""Who is asked to decide, and why; nobody decides on their own request, or after they have left."""

from __future__ import annotations

import pytest

from accounts.models import WaitingItem
from accounts.workflow import TransitionError, perform
from shadowing.enums import DecisionRole
from shadowing.models import Decision
from shadowing.rules.approvers import host_manager_for, line_manager_for
from tests.cast import Cast, member
from tests.factories import RequestFactory


def test_active_line_manager_is_asked(cast: Cast) -> None:
    asked = line_manager_for(cast.draft())
    assert asked is not None
    assert (asked.person, asked.why) == (cast.manager, "You are the line manager of Sam Shadow.")


def test_head_of_the_branch_decides_when_the_manager_has_left(cast: Cast) -> None:
    cast.manager.is_active = False
    cast.manager.save()
    cast.library.head = cast.dept_coordinator
    cast.library.save()
    asked = line_manager_for(cast.draft())
    assert asked is not None
    assert asked.person == cast.dept_coordinator
    assert "you head Library Services" in asked.why


def test_head_above_decides_on_a_heads_own_request(cast: Cast) -> None:
    division = cast.library.parent
    assert division is not None
    division.head, cast.library.head = cast.stranger, cast.shadow
    division.save()
    cast.library.save()
    cast.shadow.line_manager = None
    cast.shadow.save()
    asked = line_manager_for(cast.draft())
    assert asked is not None
    assert asked.person == cast.stranger


def test_scheme_coordinator_decides_when_no_head_is_named(cast: Cast) -> None:
    cast.shadow.line_manager = None
    cast.shadow.save()
    asked = line_manager_for(cast.draft())
    assert asked is not None
    assert asked.person == cast.coordinator
    assert "you run the scheme" in asked.why


def test_scheme_coordinator_does_not_decide_for_themselves(cast: Cast) -> None:
    request = RequestFactory.create(shadow=cast.coordinator, session=cast.session)
    assert line_manager_for(request) is None
    with pytest.raises(TransitionError, match="Nobody can decide on this request"):
        perform(request, "submit", actor=cast.coordinator)


def test_manager_who_hosts_answers_once_per_role(cast: Cast) -> None:
    cast.offer.host = cast.manager
    cast.offer.save()
    request = perform(cast.submitted(), "approve", actor=cast.manager)
    request = perform(request, "agree", actor=cast.manager)
    roles = set(Decision.objects.filter(request=request).values_list("role", "answered_by"))
    assert roles == {(DecisionRole.LINE_MANAGER, cast.manager.pk), (DecisionRole.HOST, cast.manager.pk)}


def test_shadow_who_manages_the_host_is_not_asked_for_the_hosts_side(cast: Cast) -> None:
    cast.host.line_manager = cast.shadow
    cast.host.save()
    asked = host_manager_for(cast.draft())
    assert asked is not None
    assert asked.person == cast.coordinator


def test_why_asked_is_stored_with_the_decision(cast: Cast) -> None:
    request = cast.submitted()
    decision = Decision.objects.get(request=request)
    assert decision.why_asked == "You are the line manager of Sam Shadow."
    assert WaitingItem.objects.open().get().owner == decision.asked


def test_new_manager_is_asked_when_it_is_sent_again(cast: Cast) -> None:
    request = perform(cast.submitted(), "send_back", actor=cast.manager, words="Which week?")
    newcomer = member(cast.library)
    cast.shadow.line_manager = newcomer
    cast.shadow.save()
    request = perform(request, "submit", actor=cast.shadow)
    latest = Decision.objects.latest_for(request, DecisionRole.LINE_MANAGER)
    assert latest is not None
    assert latest.asked == newcomer
