"""Every action in every state, and every action by every person: what is not in the table is refused."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.utils import timezone

from accounts.enums import How
from accounts.models import HistoryEntry
from accounts.workflow import TransitionError, available_actions, perform
from messaging.models import Message
from shadowing.enums import DecisionRole, RequestStatus
from shadowing.models import Decision, Request
from shadowing.requests.workflow.requests import REQUESTS, TOO_LATE
from tests.cast import Cast
from tests.factories import SessionFactory, at, take_on

S = RequestStatus

# Expected, written out by hand: which actions are possible from which state.
POSSIBLE = {
    S.DRAFT: {"submit", "place", "withdraw"},
    S.SENT_BACK: {"submit", "withdraw", "undo_decision", "lapse", "call_off"},
    S.WITH_MANAGER: {
        "approve",
        "send_back",
        "decline",
        "ask_other",
        "withdraw",
        "hand_over",
        "lapse",
        "call_off",
    },
    S.WITH_HOST: {
        "agree",
        "propose_dates",
        "put_on_waiting_list",
        "decline_hosting",
        "undo_decision",
        "withdraw",
        "hand_over",
        "lapse",
        "call_off",
    },
    S.WITH_HOST_MANAGER: {
        "agree_hosting",
        "refuse_hosting",
        "ask_other",
        "withdraw",
        "hand_over",
        "lapse",
        "call_off",
    },
    S.DATES_PROPOSED: {"confirm_dates", "reject_dates", "undo_decision", "withdraw", "lapse", "call_off"},
    S.WAITING_LIST: {"decline_hosting", "undo_decision", "withdraw", "offer_place", "call_off", "lapse"},
    S.AGREED: {"close"},
    S.CLOSED: set(),
    S.DECLINED: {"undo_decision"},
    S.WITHDRAWN: set(),
    S.LAPSED: set(),
}
# Expected, written out by hand: who may do what, whatever the state.
MAY = {
    "submit": {"shadow"},
    "place": {"coordinator"},  # who entered it
    "withdraw": {"shadow"},
    "confirm_dates": {"shadow"},
    "reject_dates": {"shadow"},
    "approve": {"manager", "deputy"},
    "send_back": {"manager", "deputy"},
    "decline": {"manager", "deputy"},
    "undo_decision": {"manager", "deputy"},
    "agree": {"host"},
    "propose_dates": {"host"},
    "put_on_waiting_list": {"host"},
    "decline_hosting": {"host"},
    "agree_hosting": {"host_manager"},
    "refuse_hosting": {"host_manager"},
    "ask_other": {"coordinator", "dept_coordinator"},
    "offer_place": set(),
    "hand_over": set(),
    "lapse": set(),
    "call_off": set(),
    "close": set(),
}
INPUTS: dict[str, Any] = {"reason": "other", "words": "Because of the exam board."}


@pytest.fixture
def decided(cast: Cast) -> Request:
    """A request for which everybody has been asked, so that only the state speaks against an action."""
    request = cast.submitted()
    Request.objects.filter(pk=request.pk).update(placed_by=cast.coordinator)
    Decision.objects.create(request=request, role=DecisionRole.HOST, asked=cast.host)
    Decision.objects.create(request=request, role=DecisionRole.HOST_MANAGER, asked=cast.host_manager)
    return request


def in_state(request: Request, state: RequestStatus) -> Request:
    Request.objects.filter(pk=request.pk).update(status=state)
    return Request.objects.get(pk=request.pk)


def test_tables_name_the_same_actions_and_states() -> None:
    assert set(MAY) == set(REQUESTS.transitions)
    assert set(POSSIBLE) == set(RequestStatus)


def step(cast: Cast, request: Request, action: str) -> None:
    """Take a step as somebody who may, or as the schedule where it is the schedule's."""
    actor = next((getattr(cast, name) for name in sorted(MAY[action])), None)
    perform(request, action, actor=actor, how=How.PAGE if actor else How.SYSTEM, **INPUTS)


def sentence_against(cast: Cast, request: Request, action: str) -> str:
    """Why the step is refused, or nothing. In a state set by hand an effect may break a constraint."""
    try:
        step(cast, request, action)
    except TransitionError as refusal:
        return refusal.sentence
    except IntegrityError as error:
        return str(error)
    return ""


@pytest.mark.parametrize("state", list(RequestStatus))
def test_action_from_a_wrong_state_is_refused_by_the_table_and_writes_nothing(
    cast: Cast, decided: Request, state: RequestStatus
) -> None:
    request = in_state(decided, state)
    history, mails = HistoryEntry.objects.count(), Message.objects.count()
    for action in set(MAY) - POSSIBLE[state]:
        with pytest.raises(TransitionError) as refusal:
            step(cast, request, action)
        assert refusal.value.sentence == TOO_LATE[state], action  # not that of an effect or a constraint
    assert Request.objects.get(pk=request.pk).status == state
    assert (HistoryEntry.objects.count(), Message.objects.count()) == (history, mails)


@pytest.mark.parametrize(
    ("state", "action"),
    [(state, action) for state, actions in POSSIBLE.items() for action in sorted(actions)],
)
def test_action_from_its_own_state_is_not_refused_by_the_table(
    cast: Cast, decided: Request, state: RequestStatus, action: str
) -> None:
    request = in_state(decided, state)
    assert sentence_against(cast, request, action) != TOO_LATE[state]  # an effect may find something else


@pytest.mark.parametrize("action", sorted(MAY))
def test_action_by_the_wrong_person_is_refused_in_its_own_state(
    cast: Cast, decided: Request, action: str
) -> None:
    state = next(state for state in RequestStatus if action in POSSIBLE[state])
    request = in_state(decided, state)
    for name, person in cast.people().items():
        if name not in MAY[action]:
            assert action not in available_actions(request, person), name
            with pytest.raises(PermissionDenied):
                perform(request, action, actor=person, **INPUTS)
    assert Request.objects.get(pk=request.pk).status == state


@pytest.mark.parametrize("action", sorted(action for action, people in MAY.items() if people))
def test_schedule_does_not_do_what_people_do(cast: Cast, decided: Request, action: str) -> None:
    state = next(state for state in RequestStatus if action in POSSIBLE[state])
    with pytest.raises(PermissionDenied):
        perform(in_state(decided, state), action, actor=None, **INPUTS)


@pytest.mark.parametrize("action", sorted(action for action, people in MAY.items() if people))
def test_person_who_has_left_does_nothing(cast: Cast, decided: Request, action: str) -> None:
    state = next(state for state in RequestStatus if action in POSSIBLE[state])
    person = getattr(cast, next(iter(sorted(MAY[action]))))
    person.is_active = False
    with pytest.raises(PermissionDenied):
        perform(in_state(decided, state), action, actor=person, **INPUTS)


def test_buttons_are_what_the_server_allows(cast: Cast) -> None:
    request = cast.submitted()
    assert available_actions(request, cast.manager) == ["approve", "send_back", "decline"]
    assert available_actions(request, cast.deputy) == ["approve", "send_back", "decline"]
    assert available_actions(request, cast.shadow) == ["withdraw"]
    assert available_actions(request, cast.host) == []
    request = perform(request, "approve", actor=cast.manager)
    assert available_actions(request, cast.host) == ["agree", "propose_dates", "decline_hosting"]
    assert available_actions(request, cast.manager) == []


def test_waiting_list_is_offered_only_when_no_place_is_left(cast: Cast) -> None:
    request = cast.approved()
    cast.session.places = cast.session.taken = 1
    cast.session.save()
    assert "put_on_waiting_list" in available_actions(request, cast.host)


def test_shadow_who_manages_themselves_as_host_cannot_decide(cast: Cast) -> None:
    """People do not decide on their own requests, also not as co-host."""
    request = cast.approved()
    take_on(cast.offer, cast.shadow)
    with pytest.raises(PermissionDenied):
        perform(request, "agree", actor=cast.shadow)


def test_deputy_who_is_the_shadow_cannot_decide(cast: Cast) -> None:
    """A deputy does not decide on their own request, even while the manager is away."""
    cast.manager.delegations.all().delete()
    request = cast.submitted()
    cast.manager.delegations.create(deputy=cast.shadow, starts_on=timezone.localdate())
    with pytest.raises(PermissionDenied):
        perform(request, "approve", actor=cast.shadow)


def test_deputy_whose_days_are_over_cannot_decide(cast: Cast) -> None:
    request = cast.submitted()
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    cast.manager.delegations.update(starts_on=yesterday, ends_on=yesterday)
    with pytest.raises(PermissionDenied):
        perform(request, "approve", actor=cast.deputy)


def test_refused_step_rolls_everything_back(cast: Cast) -> None:
    request = cast.approved()
    other = SessionFactory.create(offer=cast.window().offer, starts_at=at(50), ends_at=at(50, 13))
    history = HistoryEntry.objects.count()
    with pytest.raises(TransitionError, match="in the past"):
        perform(request, "agree", actor=cast.host, visits=[(at(-2), at(-2, 12))])
    assert HistoryEntry.objects.count() == history
    other.refresh_from_db()
    assert other.taken == 0
